"""What the results of a search show: details, sessions, HSP, the CPF mention, where a session is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from tests.cast import MAINTENANT, Acteur, Monde

from .conftest import Api

SESSION = """query($n: String!) { session(numeroCarif: $n) { numeroCarif situation dateDebut dateFin typeEntree
  lieu { ville departement codePostal } responsable { raisonSociale } eligibleCpf commentaire publieeLe
  dateLimiteInscription prochainPointEntree prochainPoint { dateEntree placesPrises placesPossibles }
  nombrePlaces { faites possibles } pointsEntree { dateEntree } referentHandicap
  contactNom contactTelephone contactCourriel peutCandidater { oui }
  positionneur { raisonSociale telephone courriel } candidatures { totalCount } } }"""
HIER = timedelta(days=1)


async def lire(api: Api, qui: Acteur | None, session: Any) -> Any:
    """Out: a session, as somebody reads it."""
    return (await api(qui, SESSION, n=session.numero_carif))["session"]


@pytest.mark.regle("R-060")
async def test_a_result_shows_description_objectives_validation_and_link(api: Api, monde: Monde) -> None:
    await monde.changer(
        monde.action_maconnerie,
        m.Action,
        lien_web="https://estuaire.example/macon",
        resultats_attendus="Titre professionnel",
    )
    asked = """{ actions(recherche: { mots: "maçon" }) { nodes { intitule objectif programme resultatsAttendus lienWeb
      aSessionOuverte dispositif certifications { certification { intitule codeRncp } } } } }"""

    for qui in (None, monde.paul):
        [found] = (await api(qui, asked))["actions"]["nodes"]
        assert found["lienWeb"] == "https://estuaire.example/macon"
        assert found["resultatsAttendus"] == "Titre professionnel"
        assert found["objectif"]
        assert found["programme"]
        assert (found["aSessionOuverte"], found["dispositif"]) == (True, "PRF")


@pytest.mark.regle("R-062", "R-064")
async def test_the_line_of_a_session_has_what_its_columns_show(api: Api, monde: Monde) -> None:
    info = "Prévoir des chaussures de sécurité."
    await monde.changer(monde.session_maconnerie, m.SessionFormation, commentaire=info)
    found = await lire(api, monde.paul, monde.session_maconnerie)

    assert found["numeroCarif"] == monde.session_maconnerie.numero_carif
    assert (found["dateDebut"], found["typeEntree"]) == (monde.jour(30).isoformat(), "DATE_FIXE")
    assert (found["lieu"]["ville"], found["lieu"]["departement"]) == ("Mont-de-Marsan", "40")
    assert found["responsable"]["raisonSociale"] == monde.raisons_sociales[monde.estuaire.id]
    assert (found["eligibleCpf"], found["commentaire"]) == (True, info)
    assert found["publieeLe"] is not None
    assert found["peutCandidater"] == {"oui": True}


@pytest.mark.regle("R-065")
async def test_the_cpf_mention_waits_for_a_day_after_publication(api: Api, monde: Monde) -> None:
    for depuis, mention in ((timedelta(hours=23), False), (timedelta(hours=24), True)):
        session = await monde.une_session(publiee_le=MAINTENANT - depuis)
        assert (await lire(api, None, session))["eligibleCpf"] is mention

    sans_certification = await monde.une_session(await monde.une_action())
    assert (await lire(api, None, sans_certification))["eligibleCpf"] is False


@pytest.mark.regle("R-065")
async def test_a_certification_of_no_national_register_is_not_eligible(api: Api, monde: Monde) -> None:
    action = await monde.une_action()
    maison = await monde.inserer(m.Certification, code_certifinfo="999955", intitule="Attestation maison")
    await monde.inserer(m.ActionCertification, action_id=action.id, certification_id=maison.id, rang=1)
    session = await monde.une_session(action)

    assert (await lire(api, monde.paul, session))["eligibleCpf"] is False


# --- where a session is -----------------------------------------------------------------------------------------


@pytest.mark.regle("R-149", "R-057")
async def test_the_situation_of_a_session_follows_its_dates_and_its_places(api: Api, monde: Monde) -> None:
    pleine = await monde.une_session(capacite_accueil=1, coefficient=1)
    await monde.une_candidature(session=pleine, etat=m.EtatCandidature.EN_ATTENTE_AVIS)
    close = await monde.une_session(
        date_limite_inscription=monde.jour(-1), date_entree_tardive=monde.jour(40)
    )
    fermee = await monde.une_session(mode_candidature=m.ModeCandidature.FERMEE)

    attendues = [
        (monde.session_maconnerie, "CANDIDATURE_POSSIBLE"),
        (monde.session_maconnerie_close, "EN_COURS"),
        (monde.session_maconnerie_finie, "TERMINEE"),
        (monde.session_hsp, "CANDIDATURE_POSSIBLE"),
        (monde.session_poec_annulee, "ANNULEE"),
        (monde.session_anglais, "EN_COURS"),
        (monde.session_secretariat, "A_VENIR"),
        (pleine, "COMPLETE"),
        (close, "INSCRIPTIONS_CLOSES"),
        (fermee, "A_VENIR"),
    ]
    for session, attendue in attendues:
        for qui in (monde.paul, None):
            cachee = {"COMPLETE": "INSCRIPTIONS_CLOSES"} if qui is None else {}
            found = (await lire(api, qui, session))["situation"]
            assert found == cachee.get(attendue, attendue), (session.numero_carif, qui)


# --- HSP --------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-067", "R-069", "R-070")
async def test_a_hsp_shows_its_next_entry_point_as_its_date_and_its_limit(api: Api, monde: Monde) -> None:
    found = await lire(api, monde.paul, monde.session_hsp)
    prochain = monde.jour(16).isoformat()

    assert found["prochainPointEntree"] == found["dateLimiteInscription"] == prochain
    points = [p["dateEntree"] for p in found["pointsEntree"]]
    assert points == [monde.jour(j).isoformat() for j in (-12, 16, 44, 72)]
    assert found["lieu"]["codePostal"] == "17100"
    assert {"referentHandicap", "contactNom"} <= found.keys()


@pytest.mark.regle("R-068", "R-070")
async def test_without_a_point_to_come_the_dates_of_the_market_are_left(api: Api, monde: Monde) -> None:
    api.montre.heure = MAINTENANT + timedelta(days=16)
    assert (await lire(api, None, monde.session_hsp))["dateLimiteInscription"] is None
    paul = await reconnu(monde, api, timedelta(days=73))
    found = await lire(api, paul, monde.session_hsp)

    assert (found["prochainPointEntree"], found["dateLimiteInscription"]) == (None, None)
    assert found["dateDebut"] == monde.jour(-90).isoformat()
    assert found["dateFin"] == monde.jour(270).isoformat()
    assert found["situation"] == "EN_COURS"


async def reconnu(monde: Monde, api: Api, plus_tard: timedelta) -> Acteur:
    """Out: Paul, whose token still lives when so much time has gone by."""
    jeton = monde.paul.viewer.jeton_id
    row = await monde.relire(type("Cle", (), {"id": jeton})(), m.Jeton)
    await monde.changer(row, expire_le=MAINTENANT + plus_tard + HIER)
    api.montre.heure = MAINTENANT + plus_tard
    return monde.paul


@pytest.mark.regle("R-071")
async def test_the_places_of_a_hsp_are_counted_at_its_next_point(api: Api, monde: Monde) -> None:
    premier, suivant = (p for p in monde.points_hsp if p.date_entree in (monde.jour(16), monde.jour(44)))
    for candidat, point in ((monde.lea, premier), (monde.mathis, premier), (monde.aicha, suivant)):
        await monde.une_candidature(
            candidat=candidat,
            session=monde.session_hsp,
            point_entree_id=point.id,
            etat=m.EtatCandidature.EN_ATTENTE_AVIS,
        )

    found = await lire(api, monde.paul, monde.session_hsp)
    assert found["nombrePlaces"] == {"faites": 2, "possibles": 14}
    assert found["prochainPoint"] == {
        "dateEntree": monde.jour(16).isoformat(),
        "placesPrises": 2,
        "placesPossibles": 14,
    }
    anonyme = await lire(api, None, monde.session_hsp)
    assert anonyme["nombrePlaces"] == {"faites": None, "possibles": None}
    assert anonyme["prochainPoint"] is None


# --- what one does from there -----------------------------------------------------------------------------------


@pytest.mark.regle("R-078")
async def test_voir_lists_the_candidatures_of_the_session_that_are_mine_to_read(
    api: Api, monde: Monde
) -> None:
    for auteur, candidat in ((monde.paul, monde.mathis), (monde.camille, monde.lea)):
        await monde.une_candidature(auteur=auteur, candidat=candidat, etat=m.EtatCandidature.EN_ATTENTE_AVIS)

    for qui, combien in ((monde.paul, 1), (monde.camille, 1), (monde.marc, 2), (None, 0)):
        found = await lire(api, qui, monde.session_maconnerie)
        assert found["candidatures"]["totalCount"] == combien


@pytest.mark.regle("R-079", "R-080")
async def test_a_prescripteur_reads_whom_to_ask_about_the_session_and_about_recruitment(
    api: Api, monde: Monde
) -> None:
    await monde.changer(
        monde.session_maconnerie, m.SessionFormation, contact_nom="Mme Accueil", contact_telephone="05 00"
    )
    found = await lire(api, monde.paul, monde.session_maconnerie)
    assert (found["contactNom"], found["contactTelephone"]) == ("Mme Accueil", "05 00")
    assert found["positionneur"]["raisonSociale"] == monde.raisons_sociales[monde.passerelles.id]
    assert found["positionneur"]["courriel"]

    anonyme = await lire(api, None, monde.session_maconnerie)
    assert (anonyme["contactNom"], anonyme["positionneur"]["courriel"]) == (None, None)


@pytest.mark.regle("R-047")
async def test_the_public_searches_and_prescribes_nothing(api: Api, monde: Monde) -> None:
    found = await lire(api, None, monde.session_maconnerie)
    assert found["peutCandidater"] == {"oui": False}
    asked = """{ actions(recherche: { ouverte: true }) { nodes { sessions { nodes { peutCandidater { oui } } } } } }"""
    sessions = [s for a in (await api(None, asked))["actions"]["nodes"] for s in a["sessions"]["nodes"]]
    assert sessions
    assert not any(s["peutCandidater"]["oui"] for s in sessions)
