"""The main job, from the sign-in of a prescripteur to an avis that nobody changes."""

from __future__ import annotations

from typing import Any

import pytest

from app.demo.distribution import MOT_DE_PASSE
from tests.cast import Acteur, Monde

from . import actes
from .actes import codes
from .conftest import Api
from .identifiants import gid


async def brouillon(api: Api, qui: Acteur, monde: Monde, **formulaire: Any) -> dict[str, Any]:
    """A draft, made by somebody who found the person first."""
    await api(qui, actes.RECHERCHER, entree=identite(monde))
    entree = {"session": gid("Session", monde.session_maconnerie), "candidat": gid("Candidat", monde.mathis)}
    made = await api(qui, actes.CREER, entree=entree | formulaire)
    assert codes(made["creerCandidature"]) == []
    return made["creerCandidature"]["candidature"]  # type: ignore[no-any-return]


def identite(monde: Monde) -> dict[str, Any]:
    qui = monde.mathis
    return {"nom": qui.nom, "prenom": qui.prenom, "dateNaissance": qui.date_naissance.isoformat()}


@pytest.mark.regle("R-017", "R-046", "R-049")
async def test_a_n2_signs_in_finds_a_session_and_may_add_a_candidature(api: Api, monde: Monde) -> None:
    signed = await api(None, actes.CONNEXION, email=monde.paul.courriel, motDePasse=MOT_DE_PASSE)
    paul = type("Jeton", (), {"entetes": {"authorization": f"Bearer {signed['connexion']['jeton']}"}})

    moi = (await api(paul, actes.MOI))["moi"]
    assert moi["compte"]["prenom"] == "Paul"
    assert moi["profilActif"]["droit"] == "PRESCRIPTEUR_N2"

    found = await api(
        paul,
        """{ sessions(filtre: { mots: "MACON bati", departements: ["40"] }) {
          nodes { numeroCarif action { intitule } peutCandidater { oui motifs { code } } nombrePlaces { possibles } } } }""",
    )
    [session] = [
        s for s in found["sessions"]["nodes"] if s["numeroCarif"] == monde.session_maconnerie.numero_carif
    ]
    assert session["peutCandidater"] == {"oui": True, "motifs": []}


@pytest.mark.regle("R-092", "R-094", "R-103")
async def test_a_draft_says_every_problem_at_once_then_is_corrected_and_validated(
    api: Api, monde: Monde
) -> None:
    draft = await brouillon(api, monde.paul, monde)
    assert draft["etat"] == "BROUILLON"

    refused = (await api(monde.paul, actes.VALIDER, id=draft["id"]))["validerCandidature"]
    assert refused["candidature"] is None
    assert {tuple(e["chemin"]) for e in refused["empechements"]} == {
        ("entree", champ) for champ in actes.FORMULAIRE
    }

    await api(monde.paul, actes.MODIFIER, entree={"candidature": draft["id"], **actes.FORMULAIRE})
    done = (await api(monde.paul, actes.VALIDER, id=draft["id"]))["validerCandidature"]
    assert (done["empechements"], done["candidature"]["etat"]) == ([], "EN_ATTENTE_AVIS")


@pytest.mark.regle("R-037", "R-040", "R-104")
async def test_a_n1_submits_a_n3_of_the_same_structure_validates_another_sees_nothing(
    api: Api, monde: Monde
) -> None:
    draft = await brouillon(api, monde.nadia, monde, **actes.FORMULAIRE)
    assert not draft["peut"]["valider"]
    assert codes((await api(monde.nadia, actes.VALIDER, id=draft["id"]))["validerCandidature"]) == [
        "INTERDIT"
    ]

    submitted = (await api(monde.nadia, actes.SOUMETTRE, id=draft["id"]))["soumettreCandidature"]
    assert submitted["candidature"]["etat"] == "EN_ATTENTE_VALIDATION"
    assert submitted["candidature"]["validerAvantLe"] is not None

    camille = await api(monde.camille, "query($id: ID!) { node(id: $id) { id } }", id=draft["id"])
    assert camille["node"] is None
    assert codes((await api(monde.camille, actes.VALIDER, id=draft["id"]))["validerCandidature"]) == [
        "NON_TROUVE"
    ]

    rosa = (await api(monde.rosa, actes.VALIDER, id=draft["id"]))["validerCandidature"]
    assert rosa["candidature"]["etat"] == "EN_ATTENTE_AVIS"


@pytest.mark.regle("R-146", "R-155", "R-161", "R-164", "R-165", "R-166")
async def test_an_of_of_the_session_convenes_gives_its_avis_and_the_author_reads_it(
    api: Api, monde: Monde
) -> None:
    draft = await brouillon(api, monde.paul, monde, **actes.FORMULAIRE)
    await api(monde.paul, actes.VALIDER, id=draft["id"])

    for of in (monde.ines, monde.louise, monde.marc):
        seen = await api(of, actes.LISTE)
        assert draft["reference"] in [c["reference"] for c in seen["candidatures"]["nodes"]]
    karim = await api(monde.karim, actes.LISTE)
    assert karim["candidatures"] == {"totalCount": 0, "nodes": []}

    trop_tot = (await api(monde.marc, actes.AVIS, entree={"candidature": draft["id"], "retenu": True}))[
        "rendreAvis"
    ]
    assert set(codes(trop_tot)) == {"PRESENCE_REQUISE", "CHAMP_OBLIGATOIRE"}

    await api(
        monde.marc, actes.CONVOQUER, entree={"candidature": draft["id"], "dateRendezVous": "2026-06-02"}
    )
    await api(
        monde.marc, actes.NOTER, entree={"candidature": draft["id"], "numero": 1, "resultat": "PRESENCE"}
    )
    oui = {
        "candidature": draft["id"],
        "retenu": True,
        "dateEntreePrevue": "2026-07-06",
        "dateSortiePrevue": "2026-12-18",
        "intensiteHebdomadaire": 35.0,
        "commentaire": "Parcours à préciser au positionnement.",
    }
    given = (await api(monde.marc, actes.AVIS, entree=oui))["rendreAvis"]
    assert (given["empechements"], given["candidature"]["etat"]) == ([], "RETENUE")

    read = await api(
        monde.paul,
        "query($r: String!) { candidature(reference: $r) { avis { retenu commentaire } peut { annuler } } }",
        r=draft["reference"],
    )
    assert read["candidature"]["avis"] == {
        "retenu": True,
        "commentaire": "Parcours à préciser au positionnement.",
    }
    assert read["candidature"]["peut"]["annuler"] is False

    again = (await api(monde.marc, actes.AVIS, entree=oui))["rendreAvis"]
    assert codes(again) == ["ETAT_INCOMPATIBLE"]
    undone = (await api(monde.paul, actes.ANNULER, id=draft["id"]))["annulerCandidature"]
    assert codes(undone) == ["ETAT_INCOMPATIBLE"]


@pytest.mark.regle("R-036", "R-047")
async def test_without_a_prescripteur_right_nobody_creates_a_candidature(api: Api, monde: Monde) -> None:
    entree = {"session": gid("Session", monde.session_maconnerie), "candidat": gid("Candidat", monde.mathis)}

    for qui in (None, monde.ines, monde.karim, monde.theo, monde.jeanne, monde.adrien):
        assert codes((await api(qui, actes.CREER, entree=entree))["creerCandidature"]) == ["NON_TROUVE"]


@pytest.mark.regle("R-018")
async def test_everything_is_evaluated_on_the_active_profile_only(api: Api, monde: Monde) -> None:
    draft = await brouillon(api, monde.paul, monde, **actes.FORMULAIRE)
    await api(monde.paul, actes.VALIDER, id=draft["id"])
    profils = (await api(monde.sophie, actes.MOI))["moi"]["profils"]
    assert {p["droit"] for p in profils} >= {"OF_GENERAL", "PRESCRIPTEUR_N2"}

    [n2] = [p["id"] for p in profils if p["droit"] == "PRESCRIPTEUR_N2"]
    chosen = (await api(monde.sophie, actes.CHOISIR, profil=n2))["choisirProfil"]
    assert chosen["empechements"] == []
    sophie = type("Jeton", (), {"entetes": {"authorization": f"Bearer {chosen['jeton']}"}})
    assert (await api(sophie, actes.MOI))["moi"]["profilActif"]["droit"] == "PRESCRIPTEUR_N2"

    ailleurs = (await api(monde.paul, actes.MOI))["moi"]["profils"][0]["id"]
    assert codes((await api(monde.sophie, actes.CHOISIR, profil=ailleurs))["choisirProfil"]) == ["NON_TROUVE"]


@pytest.mark.regle("R-001")
async def test_without_an_account_the_details_of_a_session_stay_hidden(api: Api, monde: Monde) -> None:
    asked = """query($n: String!) { session(numeroCarif: $n) { dateDebut lieu { ville } contactNom capaciteAccueil
      nombrePlaces { faites possibles } pointsEntree { dateEntree } peutCandidater { oui motifs { code } } } }"""

    anonyme = (await api(None, asked, n=monde.session_hsp.numero_carif))["session"]
    paul = (await api(monde.paul, asked, n=monde.session_hsp.numero_carif))["session"]

    assert anonyme["dateDebut"] == paul["dateDebut"]
    assert anonyme["lieu"] == paul["lieu"]
    assert (anonyme["contactNom"], anonyme["capaciteAccueil"], anonyme["pointsEntree"]) == (None, None, [])
    assert anonyme["nombrePlaces"] == {"faites": None, "possibles": None}
    assert anonyme["peutCandidater"] == {"oui": False, "motifs": [{"code": "INTERDIT"}]}
    assert paul["capaciteAccueil"] is not None
    assert len(paul["pointsEntree"]) > 1
    assert paul["peutCandidater"] == {"oui": True, "motifs": []}


@pytest.mark.regle("R-039", "R-106")
async def test_a_n2_acts_on_its_own_candidatures_and_on_no_other(api: Api, monde: Monde) -> None:
    mienne = await brouillon(api, monde.paul, monde, **actes.FORMULAIRE)
    de_nadia = gid("Candidature", await monde.une_candidature(auteur=monde.nadia, candidat=monde.lea))

    for acte, champ in ((actes.VALIDER, "validerCandidature"), (actes.SUPPRIMER, "supprimerCandidature")):
        assert codes((await api(monde.paul, acte, id=de_nadia))[champ]) == ["NON_TROUVE"]
    changed = await api(monde.paul, actes.MODIFIER, entree={"candidature": de_nadia, "raisons": "Autre."})
    assert codes(changed["modifierCandidature"]) == ["NON_TROUVE"]

    assert mienne["peut"]["modifier"]
    assert codes((await api(monde.paul, actes.VALIDER, id=mienne["id"]))["validerCandidature"]) == []


@pytest.mark.regle("R-037", "R-101")
async def test_what_is_not_validated_goes_to_the_corbeille_and_comes_back(api: Api, monde: Monde) -> None:
    draft = await brouillon(api, monde.nadia, monde)

    gone = (await api(monde.nadia, actes.SUPPRIMER, id=draft["id"]))["supprimerCandidature"]
    assert gone["candidature"]["etat"] == "CORBEILLE"
    assert codes((await api(monde.paul, actes.RESTAURER, id=draft["id"]))["restaurerCandidature"]) == [
        "NON_TROUVE"
    ]
    back = (await api(monde.nadia, actes.RESTAURER, id=draft["id"]))["restaurerCandidature"]
    assert back["candidature"]["etat"] == "BROUILLON"


async def test_every_act_leaves_a_fact_that_whoever_reads_the_candidature_can_read(
    api: Api, monde: Monde
) -> None:
    draft = await brouillon(api, monde.paul, monde, **actes.FORMULAIRE)
    await api(monde.paul, actes.VALIDER, id=draft["id"])
    asked = """query($id: ID!) { node(id: $id) { ... on Candidature {
      historique(tri: PLUS_ANCIENS) { nodes { nom structure { sigle } compte { prenom } } } } } }"""

    faits = (await api(monde.paul, asked, id=draft["id"]))["node"]["historique"]["nodes"]

    assert [f["nom"] for f in faits] == ["CandidatureCreee", "CandidatureValidee"]
    assert faits[0]["compte"] == {"prenom": "Paul"}
