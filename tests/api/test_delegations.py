"""A référent or a N3 lends its role to a colleague, from a day to a day (R-019, R-040): a profile, and nothing more."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app import models as m
from app.demo.distribution import MOT_DE_PASSE
from app.http.tokens import lookup
from app.http.viewer import Doorkeeper
from app.kit.clock import PARIS
from app.kit.crypto import fingerprint
from tests.cast import MAINTENANT, Acteur, Monde

from . import actes
from . import actes_comptes as c
from .actes_comptes import acte, affiliation_de, courriels, essayer, lignes, porteur
from .conftest import Api
from .identifiants import gid
from .test_comptes import se_connecter

AUJOURD_HUI = MAINTENANT.date()
PRETER = c._acte(
    "preterRole", {"entree": "PreterRoleInput!"}, "delegation { id role du au enCours peut { revoquer } }"
)
REPRENDRE = c._acte("reprendreRole", {"delegation": "ID!"}, "delegation { id revoqueeLe enCours }")
MES_PRETS = """{ moi { profilActif { droit } rolePreteActif { id role preteur { prenom } }
  rolesPretes { id role enCours preteur { prenom } peut { choisir } } } }"""
VALIDER = c._acte("validerCandidature", {"candidature": "ID!"}, "candidature { etat }")


async def preter(
    api: Api,
    monde: Monde,
    qui: Any,
    a: Acteur,
    role: str = "PRESCRIPTEUR_N3",
    *,
    du: int = 0,
    au: int = 0,
    ou: Any = None,
) -> tuple[list[str], str | None]:
    """Out: the codes that stopped the loan, and its identifier."""
    ici = await affiliation_de(monde, a, ou or monde.trois_vallees)
    jours = {"du": str(monde.jour(du)), "au": str(monde.jour(au))}
    codes, payload = await acte(
        api, qui, PRETER, entree={"affiliation": gid("Affiliation", ici), "role": role, **jours}
    )
    return codes, payload["delegation"] and payload["delegation"]["id"]


async def prendre(api: Api, qui: Any, pret: str | None) -> Any:
    """Out: somebody under the role that it was lent."""
    codes, payload = await acte(api, qui, c.CHOISIR, profil=pret)
    assert codes == []
    return porteur(payload["jeton"])


@pytest.mark.regle("R-019", "R-038", "R-040")
async def test_a_n3_lends_its_role_and_the_colleague_validates_on_its_behalf(api: Api, monde: Monde) -> None:
    rempli = {
        "niveau_formation": "CAP",
        "situation": "Sans emploi",
        "parcours_anterieur": "Deux ans de chantier.",
    }
    candidature = await monde.une_candidature(
        auteur=monde.nadia, etat="en_attente_validation", suites_parcours="Un contrat.", **rempli
    )
    key = gid("Candidature", candidature)
    assert await essayer(api, monde.paul, VALIDER, candidature=key) == ["NON_TROUVE"]

    codes, pret = await preter(api, monde, monde.rosa, monde.paul, au=3)
    assert codes == []
    assert [args["gabarit"] for args in await courriels(monde)] == ["role_prete"]
    [vu] = (await api(monde.paul, MES_PRETS))["moi"]["rolesPretes"]
    assert (vu["id"], vu["role"], vu["preteur"]["prenom"], vu["peut"]["choisir"]) == (
        pret, "PRESCRIPTEUR_N3", monde.rosa.prenom, True,
    )  # fmt: skip
    assert await essayer(api, monde.paul, VALIDER, candidature=key) == [
        "NON_TROUVE"
    ]  # its own profile is what it was
    prete = await prendre(api, monde.paul, pret)
    moi = (await api(prete, MES_PRETS))["moi"]
    assert (moi["profilActif"], moi["rolePreteActif"]["id"]) == (None, pret)
    assert await essayer(api, prete, VALIDER, candidature=key) == []

    [fait] = await lignes(monde, m.Fait, nom="CandidatureValidee")
    assert (fait["compte_id"], fait["pour_compte_id"]) == (monde.paul.id, monde.rosa.id)
    assert (fait["profil"], fait["structure_id"]) == ("prescripteur_n3", monde.trois_vallees.id)


@pytest.mark.regle("R-019")
async def test_the_lent_role_of_referent_manages_accounts_and_gives_nothing_else(
    api: Api, monde: Monde
) -> None:
    await monde.une_candidature(auteur=monde.rosa, etat="en_attente_avis")
    codes, pret = await preter(api, monde, monde.rosa, monde.nadia, "REFERENT")
    assert codes == []
    prete = await prendre(api, monde.nadia, pret)
    lucas = gid("Affiliation", await affiliation_de(monde, monde.lucas, monde.trois_vallees))

    assert await essayer(api, monde.nadia, c.ACCEPTER, affiliation=lucas) == ["NON_TROUVE"]
    assert await essayer(api, prete, c.ACCEPTER, affiliation=lucas) == []
    assert (await api(prete, actes.LISTE))["candidatures"]["totalCount"] == 0
    [fait] = await lignes(monde, m.Fait, nom="AffiliationAcceptee")
    assert (fait["compte_id"], fait["pour_compte_id"]) == (monde.nadia.id, monde.rosa.id)


@pytest.mark.regle("R-020", "R-021")
async def test_who_is_referent_by_a_loan_gives_itself_no_droit_that_would_outlive_it(
    api: Api, monde: Monde
) -> None:
    _, pret = await preter(api, monde, monde.rosa, monde.nadia, "REFERENT")
    prete = await prendre(api, monde.nadia, pret)
    nadia = gid("Affiliation", await affiliation_de(monde, monde.nadia, monde.trois_vallees))
    hugo = gid("Affiliation", await affiliation_de(monde, monde.hugo, monde.trois_vallees))

    assert await essayer(api, prete, actes.AJOUTER_DROIT, id=nadia, droit="EMPLOYEUR") == ["INTERDIT"]
    assert await essayer(api, prete, actes.AJOUTER_DROIT, id=hugo, droit="EMPLOYEUR") == []
    assert await essayer(api, prete, c.DETACHER, affiliation=nadia) == ["INTERDIT"]
    assert await essayer(api, prete, c.NOMMER, affiliation=nadia) == ["INTERDIT"]


@pytest.mark.regle("C-17", "C-29")
async def test_a_lent_role_is_no_droit_of_who_borrows(api: Api, monde: Monde) -> None:
    """It takes no family (C-29), and the author of a candidature is no N3 by it: its N3 still sees it (C-17)."""
    _, pret = await preter(api, monde, monde.rosa, monde.nadia)
    prete = await prendre(api, monde.nadia, pret)
    candidature = await monde.une_candidature(auteur=monde.nadia, etat="brouillon")
    assert not candidature.auteur_est_n3
    droits = {d["droit"] for d in await lignes(monde, m.DroitAccorde, compte_id=monde.nadia.id)}
    assert "prescripteur_n3" not in droits
    assert (await api(prete, actes.LISTE))["candidatures"]["totalCount"] == 1


@pytest.mark.regle("C-31", "R-038")
async def test_who_submitted_does_not_validate_under_a_lent_n3(api: Api, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.nadia, etat="en_attente_validation")
    _, pret = await preter(api, monde, monde.rosa, monde.nadia)
    prete = await prendre(api, monde.nadia, pret)
    assert await essayer(api, prete, VALIDER, candidature=gid("Candidature", candidature)) == ["INTERDIT"]


async def test_a_role_is_lent_by_who_holds_it_only_to_a_colleague_and_not_to_oneself(
    api: Api, monde: Monde
) -> None:
    assert (await preter(api, monde, monde.paul, monde.nadia))[0] == ["INTERDIT"]  # a N2 has no N3 to lend
    assert (await preter(api, monde, monde.paul, monde.nadia, "REFERENT"))[0] == ["INTERDIT"]
    assert (await preter(api, monde, None, monde.nadia))[0] == ["NON_TROUVE"]
    assert (await preter(api, monde, monde.rosa, monde.rosa))[0] == ["PRET_A_SOI_MEME"]
    ailleurs = await preter(api, monde, monde.rosa, monde.ines, ou=monde.estuaire)
    assert ailleurs[0] == ["NON_TROUVE"]
    assert (await preter(api, monde, monde.karim, monde.nadia, "REFERENT"))[0] == ["NON_TROUVE"]
    assert (await preter(api, monde, monde.gaelle, monde.nadia))[0] == [
        "INTERDIT"
    ]  # reads it, holds no such role
    assert await lignes(monde, m.Delegation) == []


async def test_a_lent_role_is_not_lent_on(api: Api, monde: Monde) -> None:
    for role in ("PRESCRIPTEUR_N3", "REFERENT"):
        _, pret = await preter(api, monde, monde.rosa, monde.paul, role)
        prete = await prendre(api, monde.paul, pret)
        assert (await preter(api, monde, prete, monde.nadia, role))[0] == ["INTERDIT"]


async def test_the_days_of_a_loan_are_within_reason_and_it_is_made_once(api: Api, monde: Monde) -> None:
    for du, au in ((-1, 2), (2, 1), (0, 366)):
        assert (await preter(api, monde, monde.rosa, monde.paul, du=du, au=au))[0] == ["DATES_DE_PRET"]
    assert (await preter(api, monde, monde.rosa, monde.paul, du=1, au=3))[0] == []
    assert (await preter(api, monde, monde.rosa, monde.paul, du=3, au=5))[0] == ["PRET_EXISTANT"]
    found = await asyncio.gather(*[preter(api, monde, monde.rosa, monde.hugo) for _ in range(4)])
    assert sorted(codes for codes, _ in found) == [[], *[["PRET_EXISTANT"]] * 3]


async def test_it_is_taken_in_its_days_only_and_dies_at_the_end_of_the_last_in_paris(
    api: Api, monde: Monde
) -> None:
    _, pret = await preter(api, monde, monde.rosa, monde.paul, du=1, au=2)
    assert (await acte(api, monde.paul, c.CHOISIR, profil=pret))[0] == ["PRET_PAS_EN_COURS"]
    api.montre.heure = datetime(2026, 6, 4, 23, 59, 50, tzinfo=PARIS)
    api.oublier()
    paul = await se_connecter(api, monde.paul.courriel, MOT_DE_PASSE)
    prete = await prendre(api, paul, pret)
    assert (await api(prete, MES_PRETS))["moi"]["rolePreteActif"]["id"] == pret
    [jeton] = await lignes(monde, m.Jeton, delegation_id=(await lignes(monde, m.Delegation))[0]["id"])
    assert jeton["expire_le"] == datetime(2026, 6, 5, tzinfo=PARIS)

    api.montre.heure = datetime(2026, 6, 5, 0, 0, 0, tzinfo=PARIS)
    api.oublier()
    assert (await api.brut(prete, MES_PRETS))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert (await acte(api, paul, c.CHOISIR, profil=pret))[0] == ["PRET_PAS_EN_COURS"]


@pytest.mark.parametrize("comment", ["repris", "n3_retire", "preteur_detache", "emprunteur_detache"])
async def test_it_dies_at_once_with_what_it_rests_on(api: Api, monde: Monde, comment: str) -> None:
    _, pret = await preter(api, monde, monde.rosa, monde.paul, au=9)
    prete = await prendre(api, monde.paul, pret)
    rosa = await affiliation_de(monde, monde.rosa, monde.trois_vallees)
    paul = await affiliation_de(monde, monde.paul, monde.trois_vallees)
    actes_possibles: dict[str, Any] = {
        "repris": lambda: essayer(api, monde.rosa, REPRENDRE, delegation=pret),
        "n3_retire": lambda: essayer(
            api, monde.gaelle, actes.RETIRER_DROIT, id=gid("Affiliation", rosa), droit="PRESCRIPTEUR_N3"
        ),
        "preteur_detache": lambda: essayer(
            api, monde.gaelle, c.DETACHER, affiliation=gid("Affiliation", rosa)
        ),
        "emprunteur_detache": lambda: essayer(
            api, monde.gaelle, c.DETACHER, affiliation=gid("Affiliation", paul)
        ),
    }
    assert await actes_possibles[comment]() == []
    api.oublier()

    assert (await api.brut(prete, MES_PRETS))["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    paul_seul = await se_connecter(api, monde.paul.courriel, MOT_DE_PASSE)
    assert (await acte(api, paul_seul, c.CHOISIR, profil=pret))[0] == ["INTERDIT"]
    if comment == "n3_retire":  # a role lost and given again lends nothing by itself
        again = {"id": gid("Affiliation", rosa), "droit": "PRESCRIPTEUR_N3"}
        assert await essayer(api, monde.gaelle, actes.AJOUTER_DROIT, **again) == []
        assert (await acte(api, paul_seul, c.CHOISIR, profil=pret))[0] == ["INTERDIT"]


async def test_a_referent_who_is_dismissed_lends_nothing_any_more(api: Api, monde: Monde) -> None:
    _, pret = await preter(api, monde, monde.rosa, monde.paul, "REFERENT", au=9)
    _, n3 = await preter(api, monde, monde.rosa, monde.paul, au=9)
    prete, autre = await prendre(api, monde.paul, pret), await prendre(api, monde.paul, n3)
    rosa = gid("Affiliation", await affiliation_de(monde, monde.rosa, monde.trois_vallees))
    assert await essayer(api, monde.gaelle, c.RETIRER, affiliation=rosa) == []
    api.oublier()
    assert "errors" in await api.brut(prete, MES_PRETS)
    assert (await api(autre, MES_PRETS))["moi"]["rolePreteActif"]["id"] == n3  # that one it still holds


async def test_who_borrows_neither_ends_a_loan_nor_takes_one_of_another(api: Api, monde: Monde) -> None:
    _, pret = await preter(api, monde, monde.rosa, monde.paul)
    assert await essayer(api, monde.paul, REPRENDRE, delegation=pret) == ["INTERDIT"]
    assert await essayer(api, monde.nadia, REPRENDRE, delegation=pret) == ["NON_TROUVE"]
    assert (await acte(api, monde.nadia, c.CHOISIR, profil=pret))[0] == ["NON_TROUVE"]
    assert (await acte(api, monde.rosa, c.CHOISIR, profil=pret))[0] == ["INTERDIT"]
    liste = "{ delegations(filtre: { enCours: true }) { nodes { id } } }"
    assert (await api(monde.rosa, liste))["delegations"]["nodes"] == [{"id": pret}]
    assert (await api(monde.nadia, liste))["delegations"]["nodes"] == []


async def test_every_worker_knows_within_a_second(api: Api, monde: Monde, base: Any) -> None:
    """Two workers remember viewers apart; each asks again after half a second, and says no."""
    _, pret = await preter(api, monde, monde.rosa, monde.paul)
    prete = await prendre(api, monde.paul, pret)
    mot = prete.entetes["authorization"].removeprefix("Bearer ")
    heure = 0.0
    find = lookup(base.lecture, lambda: api.montre.heure)
    workers = [Doorkeeper(find, lambda: heure) for _ in range(2)]
    for worker in workers:
        viewer = await worker.known(fingerprint(mot))
        assert viewer is not None
        assert (viewer.profil, viewer.pour_compte_id) == ("prescripteur_n3", monde.rosa.id)
    assert await essayer(api, monde.rosa, REPRENDRE, delegation=pret) == []
    heure = 0.99
    assert [await worker.known(fingerprint(mot)) for worker in workers] == [None, None]


def test_the_world_is_on_the_day_that_these_tests_suppose() -> None:
    assert date(2026, 6, 2) == AUJOURD_HUI
    assert MAINTENANT + timedelta(days=3) < datetime(2026, 6, 6, tzinfo=PARIS)
