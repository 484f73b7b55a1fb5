"""Gestionnaires control the catalogue: the queue, publication, what they ask, what they correct."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from app import models as m
from app.domain.actions_controle import jours_ouvres
from app.kit.clock import paris_day
from tests.cast import Monde

from . import actes_actions as a
from .actes import codes
from .actes_actions import acte, confirmer, essayer, modifier
from .conftest import Api
from .identifiants import gid

FILE = """{ actionsAControler { totalCount nodes { reference etat joursOuvresAttente enRetard attendDepuis } } }"""
ONGLETS = """query($filtre: FiltreCatalogue) {
  catalogue(filtre: $filtre) { totalCount parEtat { etat nombre } nodes { reference intitule } } }"""


async def creee(monde: Monde, **colonnes: Any) -> m.Action:
    """An action that waits to be published for the first time, with its session."""
    action = await a.une_action_complete(monde, etat=m.EtatAction.CREEE, **colonnes)
    await a.une_session_complete(monde, action)
    return action


# --- asked, corrected ----------------------------------------------------------------------------------------------


@pytest.mark.regle("R-173", "R-175")
async def test_what_a_gestionnaire_asks_stands_with_the_action_until_its_organisme_confirms_again(
    api: Api, monde: Monde
) -> None:
    action = await creee(monde)
    assert await essayer(api, monde.karim, a.SIGNALER, action, demande="x") == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, a.SIGNALER, action, demande=" ") == ["CHAMP_OBLIGATOIRE"]
    signalee = await acte(
        api, monde.gaelle, a.SIGNALER, action=gid("Action", action), demande="Précisez les prérequis."
    )
    assert (signalee["action"]["etat"], signalee["action"]["demandeComplement"]) == (
        "ALERTE",
        "Précisez les prérequis.",
    )

    change = await modifier(api, monde.karim, action, prerequis="Savoir lire un plan")
    assert change["action"]["demandeComplement"] == "Précisez les prérequis."
    assert change["action"]["modification"] is None  # it was never published: nothing to keep apart
    assert (await confirmer(api, monde.karim, action))["action"]["etat"] == "CREEE"
    publiee = await acte(api, monde.gaelle, a.PUBLIER, action=gid("Action", action))
    assert publiee["action"]["demandeComplement"] is None


@pytest.mark.regle("R-173", "R-176", "C-33")
async def test_an_alert_about_a_published_action_leads_back_to_modified_and_readers_see_nothing_of_it(
    api: Api, monde: Monde
) -> None:
    action = await a.une_action_complete(monde, validations=["rncp"])
    await monde.une_session(action)
    nouveau = await monde.inserer(m.Certification, code_rncp="RNCP7101", intitule="Titre")
    await modifier(api, monde.karim, action, certifications=[gid("Certification", nouveau)])
    await confirmer(api, monde.karim, action)

    await essayer(api, monde.gaelle, a.SIGNALER, action, demande="Quel niveau ?")
    change = await modifier(api, monde.karim, action, lePlus="Un atelier")
    assert change["action"]["modification"]["champs"] == ["certifications", "lePlus"]
    assert change["action"]["modification"]["certifications"] == ["RNCP7101"]
    assert (await confirmer(api, monde.karim, action))["action"]["etat"] == "MODIFIEE"
    publique = await api(
        None, "query($r: String!) { action(reference: $r) { lePlus demandeComplement } }", r=action.reference
    )
    assert publique["action"] == {"lePlus": None, "demandeComplement": None}


@pytest.mark.regle("R-173")
async def test_an_alert_is_taken_back_to_where_it_came_from(api: Api, monde: Monde) -> None:
    action = await creee(monde)
    await essayer(api, monde.gaelle, a.SIGNALER, action, demande="Précisez.")
    assert await essayer(api, monde.karim, a.LEVER, action) == ["INTERDIT"]

    levee = await acte(api, monde.gaelle, a.LEVER, action=gid("Action", action))

    assert (levee["action"]["etat"], levee["action"]["demandeComplement"]) == ("CREEE", None)
    assert await essayer(api, monde.gaelle, a.LEVER, action) == ["ETAT_INCOMPATIBLE"]


@pytest.mark.regle("R-187", "R-191")
async def test_what_a_gestionnaire_corrects_of_a_published_action_is_published_at_once(
    api: Api, monde: Monde
) -> None:
    action = await a.une_action_complete(monde)
    change = await modifier(api, monde.gaelle, action, intitule="Tailleuse, tailleur de pierre")

    assert (change["action"]["etat"], change["action"]["modification"]) == ("PUBLIEE", None)
    assert change["action"]["intitule"] == "Tailleuse, tailleur de pierre"


@pytest.mark.regle("R-191", "C-33")
async def test_what_a_gestionnaire_corrects_of_what_waits_waits_with_it(api: Api, monde: Monde) -> None:
    action = await a.une_action_complete(monde, validations=["rncp"])
    await monde.une_session(action)
    faux, juste = [
        await monde.inserer(m.Certification, code_rncp=f"RNCP720{n}", intitule="Titre") for n in (1, 2)
    ]
    await modifier(api, monde.karim, action, certifications=[gid("Certification", faux)])
    await confirmer(api, monde.karim, action)

    change = await modifier(
        api, monde.gaelle, action, certifications=[gid("Certification", juste)], lePlus="Un atelier"
    )
    assert change["action"]["certifications"] == []
    assert change["action"]["modification"]["certifications"] == ["RNCP7202"]
    assert change["action"]["lePlus"] == "Un atelier"
    publiee = await acte(api, monde.gaelle, a.PUBLIER, action=gid("Action", action))
    assert [c["certification"]["codeRncp"] for c in publiee["action"]["certifications"]] == ["RNCP7202"]


@pytest.mark.regle("R-191")
async def test_formacodes_are_given_by_gestionnaires_only(api: Api, monde: Monde) -> None:
    action = await creee(monde)
    assert await essayer(api, monde.karim, a.FORMACODES, monde.action_anglais, formacodes=["22334"]) == [
        "INTERDIT"
    ]
    for mauvais in (["2233"], ["22334", "22334"], [f"1000{n}" for n in range(6)]):
        refus = await essayer(api, monde.gaelle, a.FORMACODES, action, formacodes=mauvais)
        assert refus == ["FORMACODE_INVALIDE"]
    faite = await acte(
        api, monde.gaelle, a.FORMACODES, action=gid("Action", action), formacodes=["22334", "44041"]
    )
    assert faite["action"]["formacodes"] == ["22334", "44041"]


@pytest.mark.regle("R-123")
async def test_a_conventionnee_action_keeps_its_convention_and_another_has_none(
    api: Api, monde: Monde
) -> None:
    sans = await modifier(api, monde.gaelle, monde.action_poec, financeur=None, responsable=None)
    assert {(e["code"], e["chemin"][-1]) for e in sans["empechements"]} == {
        ("CHAMP_OBLIGATOIRE", "financeur"),
        ("CHAMP_OBLIGATOIRE", "responsable"),
    }
    assert codes(await modifier(api, monde.gaelle, monde.action_anglais, dispositif="HSP")) == [
        "HORS_CONVENTION"
    ]
    inconnu = gid("Structure", type("Cle", (), {"id": 2_000_000}))
    assert codes(await modifier(api, monde.gaelle, monde.action_poec, responsable=inconnu)) == ["NON_TROUVE"]


# --- published -----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-182", "R-191", "R-200")
async def test_a_gestionnaire_publishes_nothing_that_lacks_what_publication_asks(
    api: Api, monde: Monde
) -> None:
    action = await monde.une_action(etat=m.EtatAction.CREEE)

    assert set(await essayer(api, monde.gaelle, a.PUBLIER, action)) == {
        "ACTION_SANS_SESSION",
        "CONTACT_ACTION_MANQUANT",
    }
    assert (await monde.relire(action)).etat is m.EtatAction.CREEE


@pytest.mark.regle("R-191")
async def test_many_are_published_at_once_each_with_its_result(api: Api, monde: Monde) -> None:
    bonnes = [await creee(monde, intitule=f"Action {n}") for n in range(2)]
    vide = await monde.une_action(etat=m.EtatAction.CREEE)
    ids = [gid("Action", x) for x in (bonnes[0], vide, bonnes[1], monde.action_anglais)]

    faite = await acte(api, monde.gaelle, a.PUBLIER_PLUSIEURS, actions=ids)

    assert [(r["id"], r["publiee"]) for r in faite["resultats"]] == list(
        zip(ids, (True, False, True, False), strict=True)
    )
    assert {x["etat"] for x in faite["actions"]} == {"PUBLIEE"}
    assert len(faite["actions"]) == 2
    assert faite["resultats"][3]["empechements"] == [{"code": "ETAT_INCOMPATIBLE"}]
    refusees = await acte(api, monde.karim, a.PUBLIER_PLUSIEURS, actions=ids[1:2])
    assert refusees["resultats"][0]["empechements"] == [{"code": "NON_TROUVE"}] or codes(refusees) == []
    assert refusees["resultats"][0]["publiee"] is False
    assert codes(await acte(api, monde.gaelle, a.PUBLIER_PLUSIEURS, actions=ids * 26)) == ["TROP_D_ACTIONS"]


@pytest.mark.regle("R-191")
async def test_an_identifier_that_cannot_be_read_keeps_no_other_action_from_being_published(
    api: Api, monde: Monde
) -> None:
    bonnes = [gid("Action", await creee(monde, intitule=f"Action {n}")) for n in range(2)]

    dites = json.dumps([bonnes[0], "illisible", bonnes[1]])
    champs = "resultats { publiee empechements { code } } actions { etat }"
    document = f"mutation {{ publierActions(actions: {dites}) {{ {champs} }} }}"
    faite = (await api(monde.gaelle, document))["publierActions"]

    assert [r["publiee"] for r in faite["resultats"]] == [True, False, True]
    assert faite["resultats"][1]["empechements"] == [{"code": "VALEUR_ILLISIBLE"}]
    assert len(faite["actions"]) == 2


# --- the queue and the tabs ------------------------------------------------------------------------------------------


@pytest.mark.regle("C-03", "R-191", "R-192")
async def test_the_queue_is_oldest_first_and_says_how_many_working_days_each_has_waited(
    api: Api, monde: Monde
) -> None:
    moments = [monde.le - timedelta(days=n) for n in (1, 4, 6, 7)]
    for moment in moments:
        await a.une_action_complete(monde, etat=m.EtatAction.CREEE, modifiee_le=moment)

    dits = (await api(monde.gaelle, FILE))["actionsAControler"]["nodes"]
    ages = {d["attendDepuis"]: (d["joursOuvresAttente"], d["enRetard"]) for d in dits}
    assert [d["attendDepuis"] for d in dits] == sorted(ages)
    for moment in moments:
        attendu = jours_ouvres(paris_day(moment), monde.aujourd_hui)
        assert ages[_en_utc(moment)] == (attendu, attendu > 4)
    assert {retard for _, retard in ages.values()} == {True, False}


def _en_utc(moment: datetime) -> str:
    from app.reading.formats import write_instant

    return write_instant(moment)


@pytest.mark.regle("C-03")
async def test_the_correction_of_a_gestionnaire_does_not_make_what_waits_younger(
    api: Api, monde: Monde
) -> None:
    action = await creee(monde)
    avant = action.modifiee_le
    await modifier(api, monde.gaelle, action, intitule="Tailleur, tailleuse de pierre")

    assert (await monde.relire(action)).modifiee_le == avant


@pytest.mark.regle("R-191", "R-170")
async def test_the_queue_of_an_organisme_is_its_own_and_a_stranger_has_none_of_what_was_never_published(
    api: Api, monde: Monde
) -> None:
    action = await creee(monde)
    for qui, attendu in ((monde.karim, True), (monde.louise, False), (monde.paul, False), (None, False)):
        dits = (await api(qui, FILE))["actionsAControler"]["nodes"]
        assert (action.reference in [d["reference"] for d in dits]) is attendu


@pytest.mark.regle("R-126", "R-170", "R-171", "R-186")
async def test_the_tabs_are_counted_and_filtered_by_words_of_the_title(api: Api, monde: Monde) -> None:
    mien = {"monCatalogue": True, "conventionnee": False}
    onglets = (await api(monde.karim, ONGLETS, filtre=mien))["catalogue"]
    assert {(o["etat"], o["nombre"]) for o in onglets["parEtat"]} == {("BROUILLON", 1), ("PUBLIEE", 1)}
    assert onglets["totalCount"] == 2
    publiees = (await api(monde.karim, ONGLETS, filtre={**mien, "etats": ["PUBLIEE"]}))["catalogue"]
    assert [x["intitule"] for x in publiees["nodes"]] == ["Anglais professionnel"]
    trouvees = (await api(monde.karim, ONGLETS, filtre={"monCatalogue": True, "intitule": "MACON"}))[
        "catalogue"
    ]
    assert [x["intitule"] for x in trouvees["nodes"]] == ["Maçon du bâti ancien"]
    poec = (await api(monde.louise, ONGLETS, filtre={"monCatalogue": True, "conventionnee": True}))[
        "catalogue"
    ]
    assert [(o["etat"], o["nombre"]) for o in poec["parEtat"]] == [("PUBLIEE", 1)]
