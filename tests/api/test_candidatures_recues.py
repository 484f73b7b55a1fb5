"""Candidatures made elsewhere: brought by a partner's program, under the same rules (C-32)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app import models as m
from tests.cast import Acteur, Monde

from .actes import LISTE, codes
from .actes_partenaires import PERSONNE, RECEVOIR, REJETER
from .conftest import Api


async def transmettre(api: Api, qui: Acteur | None, session: Any, **dit: Any) -> dict[str, Any]:
    """Out: the payload of the act."""
    entree = {"session": session.numero_carif, **PERSONNE, **dit}
    payload: dict[str, Any] = (await api(qui, RECEVOIR, entree=entree))["recevoirCandidature"]
    return payload


@pytest.mark.regle("C-32", "R-122")
async def test_france_travail_brings_a_candidature_that_the_training_organisation_sees(
    api: Api, monde: Monde
) -> None:
    recue = await transmettre(api, monde.france_travail, monde.session_maconnerie)
    assert recue["empechements"] == []
    assert recue["candidature"] == {
        "reference": recue["reference"],
        "etat": "EN_ATTENTE_AVIS",
        "origine": "FRANCE_TRAVAIL",
        "referencePartenaire": None,
        "inscritFranceTravail": True,
        "candidat": {"nom": "Durand"},
    }
    lues = (await api(monde.ines, LISTE))["candidatures"]["nodes"]
    assert [c["reference"] for c in lues] == [recue["reference"]]


@pytest.mark.regle("R-125")
async def test_self_positioning_is_for_sessions_that_are_open_to_it(api: Api, monde: Monde) -> None:
    await monde.changer(
        monde.session_maconnerie, m.SessionFormation, mode_candidature=m.ModeCandidature.PRESCRIPTION
    )
    fermee = await transmettre(api, monde.cmaformation, monde.session_maconnerie)
    assert codes(fermee) == ["CANDIDATURE_LIBRE_FERMEE"]
    assert fermee["reference"] is None
    await monde.changer(
        monde.session_maconnerie, m.SessionFormation, mode_candidature=m.ModeCandidature.PRESCRIPTION_LIBRE
    )
    recue = await transmettre(api, monde.cmaformation, monde.session_maconnerie)
    assert recue["empechements"] == []
    assert recue["reference"] is not None
    assert recue["candidature"] is None  # this scope brings, and reads nothing


async def test_nobody_but_the_two_programs_may_bring_one_and_nothing_is_learnt_by_trying(
    api: Api, monde: Monde
) -> None:
    for qui in (monde.paul, monde.gaelle, monde.hub_agora, monde.reseau_carif, None):
        refus = await transmettre(api, qui, monde.session_maconnerie, nom="", dateNaissance="2030-01-01")
        assert codes(refus) == ["INTERDIT"], qui
    absente = await api(monde.france_travail, RECEVOIR, entree={**PERSONNE, "session": "00999999"})
    assert codes(absente["recevoirCandidature"]) == ["NON_TROUVE"]


async def test_a_message_that_comes_twice_makes_one_candidature(api: Api, monde: Monde) -> None:
    dit = {"referencePartenaire": "FT-2026-001"}
    une, deux = await asyncio.gather(
        *(transmettre(api, monde.france_travail, monde.session_maconnerie, **dit) for _ in range(2))
    )
    assert une["reference"] == deux["reference"] is not None
    assert une["empechements"] == deux["empechements"] == []
    assert (await api(monde.ines, LISTE))["candidatures"]["totalCount"] == 1


@pytest.mark.regle("R-096")
async def test_the_same_person_on_the_same_session_is_refused_as_data(api: Api, monde: Monde) -> None:
    await transmettre(api, monde.france_travail, monde.session_maconnerie, referencePartenaire="un")
    encore = await transmettre(
        api, monde.france_travail, monde.session_maconnerie, referencePartenaire="deux"
    )
    assert codes(encore) == ["CANDIDATURE_EXISTANTE"]
    assert encore["reference"] is None


@pytest.mark.regle("R-114", "R-095")
async def test_a_known_person_is_found_again_and_a_number_of_somebody_else_is_refused(
    api: Api, monde: Monde
) -> None:
    connue = await monde.un_candidat(nom="Durand", prenom="Zoé", date_naissance=monde.jour(-12000))
    fiche = {"dateNaissance": connue.date_naissance.isoformat(), "numeroFranceTravail": None}
    recue = await transmettre(api, monde.france_travail, monde.session_maconnerie, **fiche)
    assert recue["empechements"] == []
    await monde.changer(connue, numero_france_travail="12345678901")
    autre = await transmettre(api, monde.france_travail, monde.session_poec, nom="Petit")
    assert codes(autre) == ["IDENTITE_DISCORDANTE"]
    assert "Durand" not in autre["empechements"][0]["message"]


@pytest.mark.regle("R-094", "R-116")
async def test_every_problem_of_the_message_is_said_at_once(api: Api, monde: Monde) -> None:
    refus = await transmettre(
        api, monde.france_travail, monde.session_maconnerie, nom=None, numeroFranceTravail="12"
    )
    assert codes(refus) == ["CHAMP_OBLIGATOIRE", "FORMAT_INVALIDE"]
    long = await transmettre(
        api, monde.france_travail, monde.session_maconnerie, raisons="2 69 05 49 588 157 80"
    )
    assert codes(long) == ["NIR_INTERDIT"]


@pytest.mark.regle("R-112", "R-113", "R-114")
async def test_a_partner_rejects_what_it_reads_and_a_prescripteur_rejects_nothing(
    api: Api, monde: Monde
) -> None:
    candidature = await monde.une_candidature(etat="en_attente_avis", auteur=monde.nadia)
    await monde.changer(candidature, est_inscrit_france_travail=True)
    id = (await api(monde.france_travail, "{ candidatures { nodes { id } } }"))["candidatures"]["nodes"][0][
        "id"
    ]
    entree = {"candidature": id, "motif": "DONNEES_CANDIDAT", "champs": ["NOM", "DATE_NAISSANCE"]}

    assert codes((await api(monde.paul, REJETER, **entree))["rejeterCandidature"])
    vain = {**entree, "motif": "DATE_SESSION"}
    assert codes((await api(monde.france_travail, REJETER, **vain))["rejeterCandidature"]) == [
        "CHAMPS_SANS_OBJET"
    ]
    rejet = (await api(monde.france_travail, REJETER, **entree))["rejeterCandidature"]
    assert rejet["candidature"]["etat"] == "REJETEE"
    again = (await api(monde.france_travail, REJETER, **entree))["rejeterCandidature"]
    assert codes(again) == ["ETAT_INCOMPATIBLE"]
