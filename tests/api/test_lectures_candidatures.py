"""The readings taken of the guides about candidatures, each on both sides, through the API."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from tests.cast import JOUR, MAINTENANT, Monde

from . import actes
from .actes import codes
from .conftest import Api
from .identifiants import gid
from .test_concurrence import COMPLET
from .test_lots import allonger_les_jetons, hsp

DUPLIQUER = f"mutation($id: ID!) {{ dupliquerCandidature(candidature: $id) {{ {actes.CANDIDATURE} }} }}"


async def agir(api: Api, qui: Any, document: str, candidature: m.Candidature) -> Any:
    """Out: the payload of an act that needs nothing but its candidature."""
    return next(iter((await api(qui, document, id=gid("Candidature", candidature))).values()))


@pytest.mark.regle("C-07", "R-038")
async def test_what_expired_is_begun_again_in_one_act_by_its_author_alone(api: Api, monde: Monde) -> None:
    expiree = await monde.une_candidature(auteur=monde.nadia, etat="expiree", **COMPLET)

    for autre in (monde.paul, monde.rosa):
        assert codes(await agir(api, autre, DUPLIQUER, expiree)) in (["INTERDIT"], ["NON_TROUVE"])
    copie = await agir(api, monde.nadia, DUPLIQUER, expiree)
    assert codes(copie) == []
    assert copie["candidature"]["etat"] == "BROUILLON"
    assert copie["candidature"]["reference"] != expiree.reference
    soumise = await api(monde.nadia, actes.SOUMETTRE, id=copie["candidature"]["id"])
    assert codes(soumise["soumettreCandidature"]) == [], "what was written is taken up again"
    brouillon = await monde.une_candidature(auteur=monde.nadia, candidat=monde.lea)
    assert codes(await agir(api, monde.nadia, DUPLIQUER, brouillon)) == ["ETAT_INCOMPATIBLE"]


@pytest.mark.regle("C-07", "R-038")
@pytest.mark.parametrize(("jours", "attendu"), [(15, []), (16, ["DELAI_VALIDATION_DEPASSE"])])
async def test_the_fifteen_days_of_a_n3_run_from_the_submission(
    api: Api, monde: Monde, jours: int, attendu: list[str]
) -> None:
    session = await monde.une_session(date_debut=monde.jour(60))
    brouillon = await monde.une_candidature(
        session=session, auteur=monde.nadia, cree_le=MAINTENANT - 10 * JOUR, **COMPLET
    )
    await allonger_les_jetons(monde)
    assert codes(await agir(api, monde.nadia, actes.SOUMETTRE, brouillon)) == []

    # the 15th day is a Wednesday, the 16th a Thursday
    api.montre.heure = MAINTENANT + jours * JOUR
    assert codes(await agir(api, monde.rosa, actes.VALIDER, brouillon)) == attendu


@pytest.mark.regle("C-11", "R-101")
@pytest.mark.parametrize(("jours", "attendu"), [(15, []), (16, ["DELAI_CORBEILLE_DEPASSE"])])
async def test_the_corbeille_gives_back_for_fifteen_days(
    api: Api, monde: Monde, jours: int, attendu: list[str]
) -> None:
    brouillon = await monde.une_candidature(auteur=monde.nadia, **COMPLET)
    await allonger_les_jetons(monde)
    assert codes(await agir(api, monde.nadia, actes.SUPPRIMER, brouillon)) == []
    for autre in (monde.paul, monde.camille, monde.ines):
        assert codes(await agir(api, autre, actes.RESTAURER, brouillon)) == ["NON_TROUVE"]

    api.montre.heure = MAINTENANT + jours * JOUR
    rendue = await agir(api, monde.rosa, actes.RESTAURER, brouillon)
    assert codes(rendue) == attendu
    assert str((await monde.relire(brouillon)).etat) == ("corbeille" if attendu else "brouillon")


@pytest.mark.regle("C-15", "R-106", "R-111")
async def test_once_validated_it_is_cancelled_and_nothing_else(api: Api, monde: Monde) -> None:
    champs = {"raisons": "Une autre raison."}
    for etat, permis in (("brouillon", True), ("en_attente_validation", True), ("en_attente_avis", False)):
        une = await monde.une_candidature(
            session=await monde.une_session(), auteur=monde.nadia, etat=etat, **COMPLET
        )
        entree = {"candidature": gid("Candidature", une)} | champs
        changed = (await api(monde.nadia, actes.MODIFIER, entree=entree))["modifierCandidature"]
        deleted = await agir(api, monde.nadia, actes.SUPPRIMER, une)
        attendu = [] if permis else ["ETAT_INCOMPATIBLE"]
        assert (codes(changed), codes(deleted)) == (attendu, attendu), etat
    assert codes(await agir(api, monde.nadia, actes.ANNULER, une)) == []


@pytest.mark.regle("C-26", "R-078")
async def test_a_prescripteur_sees_its_own_candidatures_of_a_session_and_how_many_there_are(
    api: Api, monde: Monde
) -> None:
    session = await monde.une_session(capacite_accueil=10, coefficient=1)
    for auteur, candidat in ((monde.paul, monde.mathis), (monde.nadia, monde.lea), (monde.yann, monde.aicha)):
        await monde.une_candidature(session=session, candidat=candidat, auteur=auteur, etat="en_attente_avis")
    asked = """query($n: String!) { session(numeroCarif: $n) { nombrePlaces { faites possibles }
      candidatures { totalCount } } }"""

    vues = {}
    for qui in (monde.paul, monde.rosa, monde.yann, monde.ines, monde.karim):
        seen = (await api(qui, asked, n=session.numero_carif))["session"]
        vues[qui.cle] = (seen["candidatures"]["totalCount"], seen["nombrePlaces"]["faites"])

    assert vues == {"paul": (1, 3), "rosa": (2, 3), "yann": (1, 3), "ines": (3, 3), "karim": (0, 3)}


@pytest.mark.regle("R-084", "R-120")
async def test_a_person_found_is_the_one_of_the_form_and_brings_what_is_known_of_her(
    api: Api, monde: Monde
) -> None:
    inscrite = await monde.un_candidat(est_inscrit_france_travail=True, numero_france_travail="12345678901")
    found = await api(monde.paul, actes.RECHERCHER, entree={"numeroFranceTravail": "12345678901"})
    [trouvee] = found["rechercherCandidat"]["candidats"]
    entree = {"session": gid("Session", await monde.une_session()), "candidat": trouvee["id"]}

    made = (await api(monde.paul, actes.CREER, entree=entree))["creerCandidature"]

    asked = """query($id: ID!) { node(id: $id) { ... on Candidature {
      inscritFranceTravail candidat { reference nom prenom dateNaissance } } } }"""
    form = (await api(monde.paul, asked, id=made["candidature"]["id"]))["node"]
    assert form["inscritFranceTravail"] is True
    assert form["candidat"]["reference"] == inscrite.reference
    assert form["candidat"]["dateNaissance"] == "1990-01-01"


@pytest.mark.regle("R-090", "R-094", "R-116")
async def test_every_problem_of_the_form_is_said_at_once_each_on_its_field(api: Api, monde: Monde) -> None:
    await monde.changer(monde.mathis, m.Candidat, courriel=None)
    brouillon = await monde.une_candidature(
        auteur=monde.nadia,
        raisons="Son numéro est le 1 84 12 76 451 089 46.",
        parcours_anterieur="x" * 2001,
        envoyer_recapitulatif=True,
    )

    refused = await agir(api, monde.nadia, actes.SOUMETTRE, brouillon)

    assert {(e["code"], e["chemin"][-1]) for e in refused["empechements"]} == {
        ("CHAMP_OBLIGATOIRE", "niveauFormation"),
        ("CHAMP_OBLIGATOIRE", "situation"),
        ("CHAMP_OBLIGATOIRE", "suitesParcours"),
        ("NIR_INTERDIT", "raisons"),
        ("TEXTE_TROP_LONG", "parcoursAnterieur"),
        ("RECAPITULATIF_SANS_COURRIEL", "envoyerRecapitulatif"),
    }


# --- under concurrency ------------------------------------------------------------------------------------------------


async def ensemble(api: Api, qui: list[Any], candidatures: list[m.Candidature]) -> list[list[str]]:
    """Out: what each validation met, all asked at once, in order of codes."""
    payloads = [agir(api, q, actes.VALIDER, c) for q, c in zip(qui, candidatures, strict=True)]
    return sorted(codes(payload) for payload in await asyncio.gather(*payloads))


@pytest.mark.regle("C-09", "R-076")
async def test_of_two_hsp_at_once_exactly_one_passes(api: Api, monde: Monde) -> None:
    lot = [
        await monde.une_candidature(session=(await hsp(monde))[0], auteur=qui, **COMPLET)
        for qui in (monde.paul, monde.yann)
    ]
    assert await ensemble(api, [monde.paul, monde.yann], lot) == [[], ["QUOTA_HSP_ATTEINT"]]


@pytest.mark.regle("C-18", "R-096")
async def test_of_two_on_one_session_at_once_exactly_one_passes(api: Api, monde: Monde) -> None:
    session = await monde.une_session()
    lot = [
        await monde.une_candidature(session=session, auteur=qui, **COMPLET)
        for qui in (monde.paul, monde.yann)
    ]
    assert await ensemble(api, [monde.paul, monde.yann], lot) == [[], ["CANDIDATURE_EXISTANTE"]]


@pytest.mark.regle("C-08", "R-089")
async def test_of_six_at_once_for_one_person_exactly_three_pass(api: Api, monde: Monde) -> None:
    lot = [
        await monde.une_candidature(session=await monde.une_session(), auteur=monde.paul, **COMPLET)
        for _ in range(6)
    ]
    assert await ensemble(api, [monde.paul] * 6, lot) == [[]] * 3 + [["QUOTA_ATTEINT"]] * 3


# --- what is told -----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-117")
async def test_everybody_is_told_where_to_ask_about_a_candidature(api: Api, monde: Monde) -> None:
    for qui in (monde.paul, monde.ines, None):
        assert (await api(qui, "{ contactAssistance }"))["contactAssistance"] == "offre@cap-metiers.pro"


@pytest.mark.regle("R-091")
async def test_the_recap_is_handed_over_with_the_validation_where_it_was_asked_for(
    api: Api, monde: Monde
) -> None:
    await monde.changer(monde.lea, m.Candidat, courriel="lea@courriel.example")
    demande = await monde.une_candidature(
        candidat=monde.lea, auteur=monde.paul, envoyer_recapitulatif=True, **COMPLET
    )
    autre = await monde.une_candidature(auteur=monde.paul, **COMPLET)
    for candidature in (demande, autre):
        assert codes(await agir(api, monde.paul, actes.VALIDER, candidature)) == []

    async with monde.engine.connect() as db:
        found = await db.execute(
            text("select task_name, args from procrastinate_jobs where task_name = 'recapituler'")
        )
        assert [tuple(row) for row in found] == [("recapituler", {"candidature_id": demande.id})]


@pytest.mark.regle("R-166")
async def test_a_prescripteur_chooses_how_it_is_told_and_nobody_else_sees_it(api: Api, monde: Monde) -> None:
    chosen = """mutation($e: EnvoiAvis) { modifierMonCompte(entree: { envoiAvis: $e }) { empechements { code } } }"""
    assert (await api(monde.paul, chosen, e="QUOTIDIEN"))["modifierMonCompte"]["empechements"] == []
    assert (await api(monde.paul, chosen, e=None))["modifierMonCompte"]["empechements"] == []

    assert (await api(monde.paul, "{ moi { envoiAvis } }"))["moi"] == {"envoiAvis": "QUOTIDIEN"}
    assert (await api(monde.rosa, "{ moi { envoiAvis } }"))["moi"] == {"envoiAvis": "IMMEDIAT"}
