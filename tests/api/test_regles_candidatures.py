"""The rules of the main job as a client meets them: the allowed side and the refused one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app import models as m
from app.kit.clock import PARIS
from tests.cast import JOUR, Monde

from . import actes
from .actes import codes
from .conftest import Api
from .identifiants import gid
from .test_concurrence import COMPLET

MARDI = datetime(2026, 6, 2, 10, 0, tzinfo=PARIS)


async def valider(api: Api, qui: Any, candidature: m.Candidature) -> list[str]:
    return codes((await api(qui, actes.VALIDER, id=gid("Candidature", candidature)))["validerCandidature"])


async def annuler(api: Api, qui: Any, candidature: m.Candidature) -> list[str]:
    return codes((await api(qui, actes.ANNULER, id=gid("Candidature", candidature)))["annulerCandidature"])


@pytest.mark.regle("R-077")
@pytest.mark.parametrize(
    ("heure", "attendu"),
    [
        (MARDI.replace(hour=7, minute=59), ["HORS_HORAIRES"]),
        (MARDI.replace(hour=8, minute=0), []),
        (MARDI.replace(hour=19, minute=59), []),
        (MARDI.replace(hour=20, minute=0), ["HORS_HORAIRES"]),
        (MARDI + timedelta(days=4), ["HORS_HORAIRES"]),
        (MARDI + timedelta(days=5), ["HORS_HORAIRES"]),
    ],
    ids=["07:59", "08:00", "19:59", "20:00", "samedi", "dimanche"],
)
async def test_candidatures_are_validated_from_8_to_20_on_working_days(
    api: Api, monde: Monde, heure: datetime, attendu: list[str]
) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul, **COMPLET)
    await monde.changer(await jeton(monde), expire_le=MARDI + 30 * JOUR)
    api.montre.heure = heure

    assert await valider(api, monde.paul, candidature) == attendu


async def jeton(monde: Monde) -> m.Jeton:
    return await monde.relire(type("Cle", (), {"id": monde.paul.viewer.jeton_id}), m.Jeton)


@pytest.mark.regle("R-077")
async def test_the_session_says_before_any_form_that_it_is_too_late(api: Api, monde: Monde) -> None:
    asked = "query($n: String!) { session(numeroCarif: $n) { peutCandidater { oui motifs { code regle } } } }"
    api.montre.heure = MARDI.replace(hour=20, minute=1)

    answer = await api(monde.paul, asked, n=monde.session_maconnerie.numero_carif)

    assert answer["session"]["peutCandidater"] == {
        "oui": False,
        "motifs": [{"code": "HORS_HORAIRES", "regle": "R-077"}],
    }


@pytest.mark.regle("R-098")
async def test_a_session_takes_candidatures_until_its_date_limite_included(api: Api, monde: Monde) -> None:
    for limite, attendu in ((monde.jour(0), []), (monde.jour(-1), ["INSCRIPTIONS_CLOSES"])):
        session = await monde.une_session(date_limite_inscription=limite, date_entree_tardive=monde.jour(40))
        candidature = await monde.une_candidature(session=session, auteur=monde.paul, **COMPLET)
        assert await valider(api, monde.paul, candidature) == attendu
        await monde.changer(candidature, etat=m.EtatCandidature.CORBEILLE)


@pytest.mark.regle("R-099")
async def test_candidatures_concern_the_conventionnee_offer_alone(api: Api, monde: Monde) -> None:
    await api(monde.paul, actes.RECHERCHER, entree=identite(monde.mathis))
    entree = {"candidat": gid("Candidat", monde.mathis)}

    refused = await api(
        monde.paul, actes.CREER, entree=entree | {"session": gid("Session", monde.session_anglais)}
    )
    assert codes(refused["creerCandidature"]) == ["INTERDIT"]

    allowed = await api(
        monde.paul, actes.CREER, entree=entree | {"session": gid("Session", monde.session_maconnerie)}
    )
    assert codes(allowed["creerCandidature"]) == []


@pytest.mark.regle("R-089")
async def test_the_fourth_candidature_en_cours_is_refused_and_drafts_do_not_count(
    api: Api, monde: Monde
) -> None:
    for etat in ("en_attente_avis", "en_attente_avis", "brouillon", "en_attente_validation", "non_retenue"):
        await monde.une_candidature(session=await monde.une_session(), auteur=monde.paul, etat=etat)
    troisieme = await monde.une_candidature(session=await monde.une_session(), auteur=monde.paul, **COMPLET)
    quatrieme = await monde.une_candidature(session=await monde.une_session(), auteur=monde.paul, **COMPLET)

    assert await valider(api, monde.paul, troisieme) == []
    assert await valider(api, monde.paul, quatrieme) == ["QUOTA_ATTEINT"]


@pytest.mark.regle("R-075", "R-096")
@pytest.mark.parametrize(
    ("etat", "attendu"),
    [
        ("en_attente_validation", ["CANDIDATURE_EXISTANTE"]),
        ("en_attente_avis", ["CANDIDATURE_EXISTANTE"]),
        ("retenue", ["CANDIDATURE_EXISTANTE"]),
        ("non_retenue", ["DEJA_NON_RETENUE"]),
        ("brouillon", []),
        ("corbeille", []),
        ("expiree", []),
        ("annulee", []),
        ("rejetee", []),
        ("refus_session_complete", []),
        ("avis_non_transmis", []),
    ],
)
async def test_what_somebody_already_has_on_the_session_may_forbid_another(
    api: Api, monde: Monde, etat: str, attendu: list[str]
) -> None:
    await monde.une_candidature(auteur=monde.yann, etat=etat)
    autre = await monde.une_candidature(auteur=monde.paul, **COMPLET)

    assert await valider(api, monde.paul, autre) == attendu


@pytest.mark.regle("R-107", "R-108", "R-109", "R-111")
async def test_its_author_cancels_until_the_date_d_entree_tardive_and_for_good(
    api: Api, monde: Monde
) -> None:
    for tardive, attendu in ((monde.jour(0), []), (monde.jour(-1), ["DATE_ANNULATION_DEPASSEE"])):
        session = await monde.une_session(date_debut=monde.jour(-10), date_entree_tardive=tardive)
        candidature = await monde.une_candidature(session=session, auteur=monde.paul, etat="en_attente_avis")

        for autre in (monde.nadia, monde.camille, monde.ines):
            assert await annuler(api, autre, candidature) in (["NON_TROUVE"], ["INTERDIT"])
        assert await annuler(api, monde.paul, candidature) == attendu

    annulee = await monde.une_candidature(auteur=monde.paul, etat="annulee")
    assert await valider(api, monde.paul, annulee) == ["ETAT_INCOMPATIBLE"]
    assert await annuler(api, monde.paul, annulee) == ["ETAT_INCOMPATIBLE"]


@pytest.mark.regle("R-108", "R-040")
async def test_a_n3_cancels_those_of_n1_and_n2_but_not_those_of_another_n3(api: Api, monde: Monde) -> None:
    de_paul = await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    de_hugo = await monde.une_candidature(auteur=monde.hugo, candidat=monde.lea, etat="en_attente_avis")

    assert await annuler(api, monde.rosa, de_hugo) == ["NON_TROUVE"]
    assert await annuler(api, monde.rosa, de_paul) == []


@pytest.mark.regle("R-081", "R-088")
async def test_a_candidat_is_created_only_after_a_search_that_found_nobody(api: Api, monde: Monde) -> None:
    fiche = {"nom": "Étcheverry-Dubois", "prenom": "Maïté", "dateNaissance": "1994-05-17"}

    sans = (await api(monde.paul, actes.CREER_CANDIDAT, entree=fiche))["creerCandidat"]
    assert codes(sans) == ["RECHERCHE_PREALABLE"]

    found = (await api(monde.paul, actes.RECHERCHER, entree=fiche))["rechercherCandidat"]
    assert (found["candidats"], found["empechements"]) == ([], [])
    made = (await api(monde.paul, actes.CREER_CANDIDAT, entree=fiche))["creerCandidat"]
    assert made["empechements"] == []
    assert made["candidat"]["reference"].startswith("2026")

    incomplete = (await api(monde.paul, actes.CREER_CANDIDAT, entree={"nom": ""}))["creerCandidat"]
    assert {tuple(e["chemin"]) for e in incomplete["empechements"]} >= {
        ("entree", "nom"),
        ("entree", "prenom"),
        ("entree", "dateNaissance"),
    }


@pytest.mark.regle("R-082", "R-083", "R-086")
async def test_an_exact_search_opens_the_candidat_to_the_structure_for_a_day(api: Api, monde: Monde) -> None:
    inconnu = await monde.un_candidat(
        nom="Larroque", prenom="Anne-Sophie", date_naissance=date(1988, 3, 9), createur_structure_id=None
    )
    asked = "query($r: String!) { candidat(reference: $r) { nom } }"
    assert (await api(monde.yann, asked, r=inconnu.reference))["candidat"] is None

    vague = (await api(monde.yann, actes.RECHERCHER, entree={"nom": "Larroque"}))["rechercherCandidat"]
    assert codes(vague) == ["CRITERES_INSUFFISANTS"]
    exact = {"nom": "larroque", "prenom": "Anne sophie", "dateNaissance": "1988-03-09"}
    found = (await api(monde.yann, actes.RECHERCHER, entree=exact))["rechercherCandidat"]
    assert [c["nom"] for c in found["candidats"]] == ["Larroque"]

    assert (await api(monde.yann, asked, r=inconnu.reference))["candidat"] == {"nom": "Larroque"}
    assert (await api(monde.camille, asked, r=inconnu.reference))["candidat"] == {"nom": "Larroque"}
    assert (await api(monde.paul, asked, r=inconnu.reference))["candidat"] is None
    await monde.changer(
        await monde.relire(type("Cle", (), {"id": monde.yann.viewer.jeton_id}), m.Jeton),
        expire_le=MARDI + 30 * JOUR,
    )
    api.montre.heure = MARDI + timedelta(hours=24, minutes=1)
    assert (await api(monde.yann, asked, r=inconnu.reference))["candidat"] is None


@pytest.mark.regle("R-156", "R-157", "R-158")
async def test_a_third_absence_even_justified_ends_the_candidature(api: Api, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    qui = {"candidature": gid("Candidature", candidature)}
    for numero in (1, 2, 3):
        jour = monde.jour(numero).isoformat()
        convened = (await api(monde.marc, actes.CONVOQUER, entree=qui | {"dateRendezVous": jour}))[
            "convoquer"
        ]
        assert codes(convened) == []
        noted = (
            await api(
                monde.marc, actes.NOTER, entree=qui | {"numero": numero, "resultat": "ABSENCE_JUSTIFIEE"}
            )
        )["noterConvocation"]
        assert codes(noted) == []
        assert noted["candidature"]["etat"] == ("NON_RETENUE" if numero == 3 else "EN_ATTENTE_AVIS")

    again = (await api(monde.marc, actes.CONVOQUER, entree=qui | {"dateRendezVous": "2026-06-30"}))[
        "convoquer"
    ]
    assert codes(again) == ["ETAT_INCOMPATIBLE"]
    assert noted["candidature"]["avis"]["motif"] == "ABSENCE"
    assert noted["candidature"]["avis"]["automatique"] is True


@pytest.mark.regle("R-159")
async def test_an_absence_without_notice_ends_the_candidature_at_once(api: Api, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    qui = {"candidature": gid("Candidature", candidature)}
    await api(monde.marc, actes.CONVOQUER, entree=qui | {"dateRendezVous": monde.jour(0).isoformat()})

    noted = await api(
        monde.marc, actes.NOTER, entree=qui | {"numero": 1, "resultat": "ABSENCE_NON_JUSTIFIEE"}
    )

    assert noted["noterConvocation"]["candidature"]["etat"] == "NON_RETENUE"


@pytest.mark.regle("R-160", "R-161", "R-163")
async def test_every_problem_of_an_avis_is_said_at_once(api: Api, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    qui = {"candidature": gid("Candidature", candidature)}
    await api(monde.marc, actes.CONVOQUER, entree=qui | {"dateRendezVous": monde.jour(0).isoformat()})
    await api(monde.marc, actes.NOTER, entree=qui | {"numero": 1, "resultat": "PRESENCE"})

    oui = (await api(monde.marc, actes.AVIS, entree=qui | {"retenu": True, "commentaire": "x" * 251}))[
        "rendreAvis"
    ]
    assert {(e["code"], e["chemin"][-1]) for e in oui["empechements"]} == {
        ("CHAMP_OBLIGATOIRE", "dateEntreePrevue"),
        ("CHAMP_OBLIGATOIRE", "dateSortiePrevue"),
        ("CHAMP_OBLIGATOIRE", "intensiteHebdomadaire"),
        ("TEXTE_TROP_LONG", "commentaire"),
    }
    non = (await api(monde.marc, actes.AVIS, entree=qui | {"retenu": False}))["rendreAvis"]
    assert {e["chemin"][-1] for e in non["empechements"]} == {"motif", "raison"}
    done = await api(
        monde.marc,
        actes.AVIS,
        entree=qui
        | {"retenu": False, "motif": "PREREQUIS", "raison": "Le niveau A2.", "commentaire": "x" * 250},
    )
    assert done["rendreAvis"]["candidature"]["etat"] == "NON_RETENUE"


@pytest.mark.regle("R-146")
async def test_whoever_wrote_or_validated_it_never_gives_the_avis(api: Api, monde: Monde) -> None:
    session = await monde.une_session(formateur_id=monde.tremplin.id)
    candidature = await monde.une_candidature(
        session=session,
        auteur=monde.sophie,
        structure_prescriptrice_id=monde.tremplin.id,
        etat="en_attente_avis",
    )
    entree = {"candidature": gid("Candidature", candidature), "dateRendezVous": monde.jour(1).isoformat()}

    sophie = (await api(monde.sophie.sous("of_general"), actes.CONVOQUER, entree=entree))["convoquer"]
    assert codes(sophie) == ["INTERDIT"]
    assert codes((await api(monde.ines, actes.CONVOQUER, entree=entree))["convoquer"]) == []


def identite(qui: Any) -> dict[str, str]:
    return {"nom": qui.nom, "prenom": qui.prenom, "dateNaissance": qui.date_naissance.isoformat()}
