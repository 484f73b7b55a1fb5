"""An organisme keeps its catalogue: drafts, what waits, what is checked, what is confirmed."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from tests.cast import Monde

from . import actes_actions as a
from .actes import codes
from .actes_actions import FORMULAIRE, acte, confirmer, essayer, modifier, problemes, verifier
from .conftest import Api
from .identifiants import gid

LIRE = "query($r: String!) { action(reference: $r) { intitule lePlus enLigne etat modification { champs } } }"


async def lue(api: Api, qui: Any, action: Any) -> Any:
    """Out: the action as somebody reads it."""
    return (await api(qui, LIRE, r=action.reference))["action"]


async def creer(api: Api, qui: Any, **champs: Any) -> dict[str, Any]:
    return await acte(api, qui, a.CREER, entree={**FORMULAIRE, **champs})


async def titre(monde: Monde, code: str) -> m.Certification:
    """Out: a new certification with this RNCP code."""
    return await monde.inserer(m.Certification, code_rncp=code, intitule=f"Titre {code}")


# --- drafts ------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-177", "R-180", "R-198")
async def test_an_organisme_begins_a_draft_in_its_own_name_that_nobody_else_sees(
    api: Api, monde: Monde
) -> None:
    action = (await acte(api, monde.karim, a.CREER, entree={"intitule": "Tailleur"}))["action"]

    assert (action["etat"], action["responsable"]["raisonSociale"]) == (
        "BROUILLON",
        "Institut de l'Estuaire",
    )
    assert len(action["reference"]) == 12
    assert action["reference"].startswith("20")
    for qui in (monde.louise, monde.paul, None):
        assert (await api(qui, LIRE, r=action["reference"]))["action"] is None


@pytest.mark.regle("R-016", "R-018", "R-124", "R-198")
async def test_nobody_creates_in_the_name_of_another_nor_without_the_catalogue(
    api: Api, monde: Monde
) -> None:
    ailleurs = {"responsable": gid("Structure", monde.landes)}
    assert codes(await creer(api, monde.karim, **ailleurs)) == ["INTERDIT"]
    for qui in (monde.ines, monde.marc, monde.paul, monde.jeanne):
        assert codes(await creer(api, qui, responsable=gid("Structure", monde.estuaire))) == ["INTERDIT"]
    assert codes(await creer(api, monde.gaelle, **ailleurs)) == []


@pytest.mark.regle("R-170", "R-191")
async def test_what_a_gestionnaire_enters_waits_to_be_published_for_nobody_will_confirm_it(
    api: Api, monde: Monde
) -> None:
    faite = await creer(api, monde.gaelle, responsable=gid("Structure", monde.landes))

    assert faite["action"]["etat"] == "CREEE"


@pytest.mark.regle("R-123", "R-124", "R-128", "R-131")
async def test_only_a_gestionnaire_creates_a_conventionnee_action_and_a_poec_says_so(
    api: Api, monde: Monde
) -> None:
    entree = {
        "intitule": "[POEC] Cariste",
        "responsable": gid("Structure", monde.landes),
        "dispositif": "POEC",
        "financeur": "FRANCE_TRAVAIL",
        "numeroMarche": "POEC40",
        "mesure": "POEC",
    }
    for qui in (monde.louise, monde.karim, monde.paul):
        assert codes(await acte(api, qui, a.CREER_CONVENTIONNEE, entree=entree)) == ["INTERDIT"]
    faite = await acte(api, monde.gaelle, a.CREER_CONVENTIONNEE, entree=entree)
    assert faite["action"]["etat"] == "EN_ATTENTE_PUBLICATION"
    sans = await acte(api, monde.gaelle, a.CREER_CONVENTIONNEE, entree={**entree, "intitule": "Cariste"})
    assert [(e["code"], e["chemin"]) for e in sans["empechements"]] == [
        ("TITRE_POEC_ATTENDU", ["entree", "intitule"])
    ]
    vide = await acte(api, monde.gaelle, a.CREER_CONVENTIONNEE, entree={**entree, "numeroMarche": " "})
    assert [(e["code"], e["chemin"][-1]) for e in vide["empechements"]] == [
        ("CHAMP_OBLIGATOIRE", "numeroMarche")
    ]


@pytest.mark.regle("R-177", "R-196", "R-205", "R-209", "R-212")
async def test_a_draft_is_kept_incomplete_says_what_is_missing_and_refuses_what_cannot_be(
    api: Api, monde: Monde
) -> None:
    faite = await acte(
        api, monde.karim, a.CREER, entree={"intitule": "Tailleur", "objectif": "<b>Tailler</b>"}
    )
    assert faite["action"]["objectif"] == "Tailler"
    assert ("CHAMP_OBLIGATOIRE", "programme") in problemes(faite, "remarques")

    trop = await creer(api, monde.karim, programme="x" * 3001, lienWeb="x")
    assert {(e["code"], e["chemin"][-1]) for e in trop["empechements"]} == {
        ("TEXTE_TROP_LONG", "programme"),
        ("FORMAT_INVALIDE", "lienWeb"),
    }
    titres = [await titre(monde, f"RNCP7{n}") for n in range(6)]
    six = await creer(api, monde.karim, certifications=[gid("Certification", t) for t in titres])
    assert codes(six) == ["TROP_DE_CERTIFICATIONS"]
    cinq = await creer(api, monde.karim, certifications=[gid("Certification", t) for t in titres[:5]])
    rangs = [(c["rang"], c["certification"]["codeRncp"]) for c in cinq["action"]["certifications"]]
    assert rangs == [(n + 1, f"RNCP7{n}") for n in range(5)]


@pytest.mark.regle("R-183")
async def test_a_draft_is_deleted_for_good_with_its_sessions(api: Api, monde: Monde) -> None:
    action = await a.une_action_complete(monde, etat=m.EtatAction.BROUILLON)
    session = await a.une_session_complete(monde, action)
    await monde.inserer(m.Reunion, session_id=session.id, debut_le=monde.le)

    assert await essayer(api, monde.louise, a.SUPPRIMER, action) == ["NON_TROUVE"]
    assert await essayer(api, monde.karim, a.SUPPRIMER, action) == []
    assert await lue(api, monde.karim, action) is None
    trouvee = await api(
        monde.gaelle, "query($n: String!) { session(numeroCarif: $n) { id } }", n=session.numero_carif
    )
    assert trouvee["session"] is None


# --- checked, confirmed --------------------------------------------------------------------------------------------


@pytest.mark.regle("R-182", "R-189", "R-190", "R-175", "R-188")
async def test_a_complete_draft_is_checked_then_confirmed_and_its_organisme_no_longer_has_the_hand(
    api: Api, monde: Monde
) -> None:
    action = await a.une_action_complete(monde, etat=m.EtatAction.BROUILLON)
    assert problemes(await verifier(api, monde.karim, action)) == {("ACTION_SANS_SESSION", "")}
    session = await a.une_session_complete(monde, action)

    faite = await confirmer(api, monde.karim, action)

    assert faite["action"]["etat"] == "CREEE"
    assert (await modifier(api, monde.karim, action, lePlus="Trop tard"))["empechements"][0]["code"] == (
        "ETAT_INCOMPATIBLE"
    )
    assert faite["action"]["champsModifiables"] == []
    assert await lue(api, None, action) is None
    assert await essayer(api, monde.karim, a.PUBLIER, action) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, a.PUBLIER, action) == []
    assert (await lue(api, None, action))["enLigne"] is True
    assert (await monde.relire(session)).etat is m.EtatSession.PUBLIEE


@pytest.mark.regle("R-189")
async def test_checking_writes_nothing_and_confirming_wants_the_proof_of_a_fresh_check(
    api: Api, monde: Monde
) -> None:
    action = await a.une_action_complete(monde, etat=m.EtatAction.BROUILLON)
    session = await a.une_session_complete(monde, action)
    avant = await monde.relire(action)
    preuve = (await verifier(api, monde.karim, action))["preuve"]
    assert vars_of(await monde.relire(action)) == vars_of(avant)

    async def tenter(preuve: str) -> list[str]:
        return await essayer(api, monde.karim, a.CONFIRMER, action, preuve=preuve)

    assert await tenter("devinée") == ["PREUVE_PERIMEE"]
    await modifier(api, monde.karim, action, lePlus="Un atelier")
    assert await tenter(preuve) == ["PREUVE_PERIMEE"]
    fraiche = (await verifier(api, monde.karim, action))["preuve"]
    await monde.changer(session, modifiee_le=monde.le)
    assert await tenter(fraiche) == ["PREUVE_PERIMEE"]
    assert await tenter((await verifier(api, monde.karim, action))["preuve"]) == []


def vars_of(row: Any) -> dict[str, Any]:
    return {c.key: getattr(row, c.key) for c in row.__table__.columns}


@pytest.mark.regle("R-189", "R-220", "R-224", "R-243", "R-244")
async def test_a_check_says_every_problem_of_the_action_and_of_its_sessions_each_with_its_path(
    api: Api, monde: Monde
) -> None:
    action = await monde.une_action(etat=m.EtatAction.BROUILLON, intitule="MAÇONNERIE ANCIENNE")
    session = await monde.une_session(
        action,
        etat=m.EtatSession.BROUILLON,
        publiee_le=None,
        lieu_voie=None,
        lieu_departement="75",
        lieu_code_postal="75011",
    )
    verification = await verifier(api, monde.karim, action)

    assert verification["preuve"] is None
    chemins = {(p["code"], tuple(p["chemin"])) for p in verification["problemes"]}
    la = ("entree", "sessions", session.numero_carif)
    assert chemins >= {
        ("INTITULE_EN_MAJUSCULES", ("entree", "intitule")),
        ("CHAMP_OBLIGATOIRE", ("entree", "objectif")),
        ("CHAMP_OBLIGATOIRE", ("entree", "conditionsAcces")),
        ("CONTACT_SESSION_MANQUANT", (*la, "contactTelephone")),
        ("LIEU_INCOMPLET", (*la, "lieuVoie")),
        ("HORS_REGION", (*la, "lieuCodePostal")),
    }
    refus = await acte(api, monde.karim, a.CONFIRMER, action=gid("Action", action), preuve="x")
    assert {e["code"] for e in refus["empechements"]} == {code for code, _ in chemins}


@pytest.mark.regle("R-184")
async def test_an_action_that_looks_like_another_of_the_same_organisme_is_remarked(
    api: Api, monde: Monde
) -> None:
    await monde.une_action(intitule="TAILLEUR DE PIERRE")
    ailleurs = await monde.une_action(intitule="Graveur", responsable_id=monde.landes.id)
    retiree = await monde.une_action(intitule="Graveur", etat=m.EtatAction.SUPPRIMEE)
    action = await a.une_action_complete(monde, etat=m.EtatAction.BROUILLON)
    dits = (await verifier(api, monde.karim, action))["avertissements"]
    assert [d["code"] for d in dits] == ["ACTION_VOISINE"]

    await modifier(api, monde.karim, action, intitule="Graveur")
    assert (await verifier(api, monde.karim, action))["avertissements"] == []
    assert ailleurs.intitule == retiree.intitule


@pytest.mark.regle("R-213")
async def test_an_organisme_that_is_not_known_to_deliver_a_certification_is_told_and_staff_see_who_does(
    api: Api, monde: Monde
) -> None:
    action = await a.une_action_complete(monde, etat=m.EtatAction.BROUILLON)
    siren = (await monde.relire(monde.estuaire, m.Structure)).siren
    ailleurs = await monde.inserer(
        m.Certification, intitule="Graveur", code_rncp="RNCP77", sirens_habilites=["999999999"]
    )
    await monde.inserer(m.ActionCertification, action_id=action.id, certification_id=ailleurs.id, rang=1)
    dits = (await verifier(api, monde.karim, action))["avertissements"]
    assert "ORGANISME_NON_HABILITE" in [d["code"] for d in dits]
    document = "query($t: String) { certifications(recherche: { texte: $t }) { nodes { sirensHabilites } } }"
    [vue] = (await api(monde.gaelle, document, t="RNCP77"))["certifications"]["nodes"]
    assert vue["sirensHabilites"] == ["999999999"]

    await monde.changer(ailleurs, sirens_habilites=["999999999", siren])
    dits = (await verifier(api, monde.karim, action))["avertissements"]
    assert "ORGANISME_NON_HABILITE" not in [d["code"] for d in dits]


# --- published, changed ------------------------------------------------------------------------------------------


@pytest.mark.regle("R-187", "C-33")
async def test_what_changes_of_a_published_action_stands_apart_then_is_published_once_confirmed(
    api: Api, monde: Monde
) -> None:
    action = await a.une_action_complete(monde)
    await monde.une_session(action)
    change = await modifier(api, monde.karim, action, lePlus="Un atelier", intitule="Tailleur")

    assert change["action"]["modification"]["champs"] == ["intitule", "lePlus"]
    assert change["action"]["modification"]["contenu"]["lePlus"] == "Un atelier"
    for qui in (monde.paul, monde.louise, None):
        vue = await lue(api, qui, action)
        assert (vue["intitule"], vue["lePlus"], vue["modification"]) == ("Tailleur de pierre", None, None)

    faite = await confirmer(api, monde.karim, action)
    assert (faite["action"]["etat"], faite["action"]["modification"]) == ("PUBLIEE", None)
    assert (await lue(api, None, action))["intitule"] == "Tailleur"
    assert (await monde.relire(action)).publiee_le == monde.le


@pytest.mark.regle("R-187", "C-33")
async def test_what_comes_back_to_what_is_published_waits_no_more(api: Api, monde: Monde) -> None:
    action = await a.une_action_complete(monde)
    await modifier(api, monde.karim, action, lePlus="Un atelier", intitule="Tailleur")
    retour = await modifier(api, monde.karim, action, intitule="Tailleur de pierre")

    assert retour["action"]["modification"]["champs"] == ["lePlus"]


@pytest.mark.regle("R-176", "R-187", "R-190", "C-33")
async def test_a_change_of_certification_waits_for_a_gestionnaire_while_readers_see_what_was_published(
    api: Api, monde: Monde
) -> None:
    action = await a.une_action_complete(monde, validations=["rncp"])
    await monde.une_session(action)
    nouveau = await titre(monde, "RNCP7001")
    brouillon = await a.une_session_complete(monde, action)
    change = await modifier(
        api, monde.karim, action, lePlus="Un atelier", certifications=[gid("Certification", nouveau)]
    )
    assert change["action"]["modification"]["certifications"] == ["RNCP7001"]

    faite = await confirmer(api, monde.karim, action)

    assert (faite["action"]["etat"], faite["action"]["enLigne"]) == ("MODIFIEE", True)
    assert faite["action"]["certifications"] == []
    assert (await lue(api, None, action))["lePlus"] is None
    assert codes(await modifier(api, monde.karim, action, lePlus="x")) == ["ETAT_INCOMPATIBLE"]
    assert (await monde.relire(brouillon)).etat is m.EtatSession.BROUILLON

    publiee = await acte(api, monde.gaelle, a.PUBLIER, action=gid("Action", action))
    assert publiee["action"]["etat"] == "PUBLIEE"
    assert [c["certification"]["codeRncp"] for c in publiee["action"]["certifications"]] == ["RNCP7001"]
    assert (await lue(api, None, action))["lePlus"] == "Un atelier"
    assert (await monde.relire(brouillon)).etat is m.EtatSession.PUBLIEE


@pytest.mark.regle("R-129", "R-132", "R-197")
async def test_of_a_conventionnee_action_an_organisme_writes_seven_fields_and_no_other(
    api: Api, monde: Monde
) -> None:
    action = monde.action_poec
    enrichis = {
        "contactNom": "Louise",
        "contactTelephone": "05 11 11 11 11",
        "contactCourriel": None,
        "lePlus": "Un entrepôt-école",
        "objectif": "Préparer",
        "programme": "Réception",
        "conditionsAcces": "RAS",
        "prerequis": "Savoir lire",
    }
    caces = await titre(monde, "RNCP7002")
    assert codes(await modifier(api, monde.louise, action, **enrichis)) == []
    assert (
        codes(await modifier(api, monde.louise, action, certifications=[gid("Certification", caces)])) == []
    )
    for champ, valeur in {
        "intitule": "[POEC] Autre",
        "lienWeb": "https://exemple.fr",
        "objectifGeneral": "CERTIFICATION",
        "resultatsAttendus": "x",
        "validations": ["RNCP"],
        "mesure": "x",
        "dispositif": "PRF",
        "responsable": gid("Structure", monde.estuaire),
    }.items():
        refus = await modifier(api, monde.louise, action, **{champ: valeur})
        assert [(e["code"], e["chemin"][-1]) for e in refus["empechements"]] == [("INTERDIT", champ)]


@pytest.mark.regle("R-129", "R-132", "R-197")
async def test_a_front_end_greys_a_field_without_knowing_the_rule(api: Api, monde: Monde) -> None:
    champs = "query($r: String!) { action(reference: $r) { champsModifiables } }"

    async def de(qui: Any, action: Any) -> set[str]:
        return set((await api(qui, champs, r=action.reference))["action"]["champsModifiables"])

    enrichis = {"LE_PLUS", "OBJECTIF", "PROGRAMME", "CONDITIONS_ACCES", "PREREQUIS", "CERTIFICATIONS"}
    enrichis |= {"CONTACT_NOM", "CONTACT_TELEPHONE", "CONTACT_COURRIEL"}
    assert await de(monde.louise, monde.action_poec) == enrichis
    assert await de(monde.karim, monde.action_anglais) > enrichis | {"INTITULE"}
    assert "FORMACODES" in await de(monde.gaelle, monde.action_anglais)
    for qui in (monde.karim, monde.paul, monde.ines, None):
        assert await de(qui, monde.action_poec) == set()


@pytest.mark.regle("R-133", "R-126", "C-33")
async def test_a_certification_of_a_poec_waits_for_a_validation_its_other_fields_do_not(
    api: Api, monde: Monde
) -> None:
    action, nouveau = monde.action_poec, await titre(monde, "RNCP7003")
    await modifier(api, monde.louise, action, lePlus="Un entrepôt-école")
    assert (await confirmer(api, monde.louise, action))["action"]["etat"] == "PUBLIEE"

    await modifier(api, monde.louise, action, certifications=[gid("Certification", nouveau)])
    assert (await confirmer(api, monde.louise, action))["action"]["etat"] == "EN_ATTENTE_VALIDATION"
    assert (await lue(api, None, action))["enLigne"] is True
    assert await essayer(api, monde.gaelle, a.PUBLIER, action) == []


@pytest.mark.regle("R-229")
async def test_a_certification_that_a_published_session_validates_is_not_taken_from_its_action(
    api: Api, monde: Monde
) -> None:
    action, ancien = await a.une_action_complete(monde, validations=["rncp"]), await titre(monde, "RNCP7004")
    await monde.inserer(m.ActionCertification, action_id=action.id, certification_id=ancien.id, rang=1)
    session, _autre = await monde.une_session(action), await monde.une_session(action)
    await monde.inserer(m.SessionCertification, session_id=session.id, certification_id=ancien.id)
    await modifier(api, monde.karim, action, certifications=[])

    assert problemes(await verifier(api, monde.karim, action)) == {
        ("CERTIFICATION_ENCORE_VISEE", "certifications")
    }
    assert codes(await modifier(api, monde.gaelle, action, certifications=[])) == [
        "CERTIFICATION_ENCORE_VISEE"
    ]
    await monde.changer(session, etat=m.EtatSession.SUPPRIMEE)
    assert problemes(await verifier(api, monde.karim, action)) == set()


# --- withdrawn -----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-178", "R-179", "R-183")
@pytest.mark.parametrize(("retirer", "etat"), [(a.ARCHIVER, "archivee"), (a.SUPPRIMER, "supprimee")])
async def test_a_withdrawn_action_leaves_with_its_sessions_and_only_a_gestionnaire_brings_it_back(
    api: Api, monde: Monde, retirer: str, etat: str
) -> None:
    action, session = monde.action_anglais, monde.session_anglais
    voir = "query($n: String!) { session(numeroCarif: $n) { id } }"
    assert await essayer(api, monde.karim, retirer, action) == []

    assert (await monde.relire(action, m.Action)).etat == etat
    assert (await api(None, voir, n=session.numero_carif))["session"] is None
    assert (await monde.relire(session, m.SessionFormation)).etat is m.EtatSession.PUBLIEE
    assert codes(await modifier(api, monde.karim, action, lePlus="x")) == ["ETAT_INCOMPATIBLE"]
    assert await essayer(api, monde.karim, a.REPUBLIER, action) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, a.REPUBLIER, action) == []
    assert (await api(None, voir, n=session.numero_carif))["session"] is not None


@pytest.mark.regle("R-126", "R-178")
async def test_an_organisme_withdraws_no_conventionnee_action_a_gestionnaire_does(
    api: Api, monde: Monde
) -> None:
    for retirer in (a.ARCHIVER, a.SUPPRIMER):
        assert await essayer(api, monde.louise, retirer, monde.action_poec) == ["INTERDIT"]
        assert await essayer(api, monde.gaelle, retirer, monde.action_anglais) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, a.ARCHIVER, monde.action_poec) == []
