"""Profiles: three uses of the API, each behind its droit; one profile a token, several tokens at once (R-003, R-018)."""

from __future__ import annotations

import asyncio

import pytest

from app import models as m
from app.demo.distribution import MOT_DE_PASSE
from tests.cast import Monde

from . import actes
from . import actes_comptes as c
from .actes_comptes import acte, affiliation_de, essayer, porteur
from .conftest import Api
from .identifiants import gid
from .test_comptes import se_connecter

NODE = "query($id: ID!) { node(id: $id) { id } }"
CANDIDATER = "query($n: String!) { session(numeroCarif: $n) { peutCandidater { oui } } }"


@pytest.mark.regle("R-003", "R-016", "R-254")
async def test_each_use_is_behind_its_droit(api: Api, monde: Monde) -> None:
    """To keep an offer, to recruit on it, to propose people: nobody of one use is given another."""
    brouillon = await monde.une_action(etat=m.EtatAction.BROUILLON)
    await monde.une_candidature(etat="en_attente_avis")
    usages = {}
    for qui in (monde.karim, monde.ines, monde.paul, monde.louise, monde.theo, monde.jeanne):
        catalogue = (await api(qui, NODE, id=gid("Action", brouillon)))["node"] is not None
        candidatures = (await api(qui, actes.LISTE))["candidatures"]["totalCount"] == 1
        session = (await api(qui, CANDIDATER, n=monde.session_maconnerie.numero_carif))["session"]
        usages[qui.prenom] = (catalogue, candidatures, session["peutCandidater"]["oui"])
    assert usages == {
        "Karim": (True, False, False),
        "Inès": (False, True, False),
        "Paul": (False, True, True),
        "Louise": (False, True, False),  # her organisation teaches that session; the catalogue is another's
        "Théo": (False, False, False),
        "Jeanne": (False, False, False),
    }


@pytest.mark.regle("R-017", "R-018", "C-29")
async def test_two_tabs_under_two_profiles_of_one_account_work_side_by_side(api: Api, monde: Monde) -> None:
    sophie = await se_connecter(api, monde.sophie.courriel, MOT_DE_PASSE)
    profils = {p["droit"]: p["id"] for p in (await api(sophie, actes.MOI))["moi"]["profils"]}
    assert set(profils) == {"OF_GENERAL", "PRESCRIPTEUR_N2", "BENEFICIAIRE"}  # one of each family

    onglets = {}
    for droit, profil in profils.items():
        codes, payload = await acte(api, sophie, c.CHOISIR, profil=profil)
        assert codes == []
        onglets[droit] = porteur(payload["jeton"])
    vus = await asyncio.gather(*[api(onglet, actes.MOI) for onglet in onglets.values()])

    assert [vu["moi"]["profilActif"]["droit"] for vu in vus] == list(onglets)
    proposer = {"n": monde.session_maconnerie.numero_carif}
    ouvert = {
        droit: (await api(onglet, CANDIDATER, **proposer))["session"]["peutCandidater"]["oui"]
        for droit, onglet in onglets.items()
    }
    assert ouvert == {"OF_GENERAL": False, "PRESCRIPTEUR_N2": True, "BENEFICIAIRE": False}


@pytest.mark.regle("R-018")
async def test_nobody_takes_the_profile_of_another_nor_one_of_a_structure_it_left(
    api: Api, monde: Monde
) -> None:
    profils = (await api(monde.rosa, actes.MOI))["moi"]["profils"]
    for profil in profils:
        assert await essayer(api, monde.paul, c.CHOISIR, profil=profil["id"]) == ["INTERDIT"]
        assert await essayer(api, monde.karim, c.CHOISIR, profil=profil["id"]) == ["NON_TROUVE"]
        assert await essayer(api, None, c.CHOISIR, profil=profil["id"]) == ["NON_TROUVE"]
        assert await essayer(api, monde.hub_agora, c.CHOISIR, profil=profil["id"]) == ["NON_TROUVE"]
    sophie = await se_connecter(api, monde.sophie.courriel, MOT_DE_PASSE)
    les_siens = (await api(sophie, actes.MOI))["moi"]["profils"]
    ici = await affiliation_de(monde, monde.sophie, monde.tremplin)
    assert await essayer(api, monde.gaelle, c.DETACHER, affiliation=gid("Affiliation", ici)) == []
    sophie = await se_connecter(api, monde.sophie.courriel, MOT_DE_PASSE)
    assert (await api(sophie, actes.MOI))["moi"]["profilActif"] is None
    for profil in les_siens:
        assert await essayer(api, sophie, c.CHOISIR, profil=profil["id"]) == ["INTERDIT"]
