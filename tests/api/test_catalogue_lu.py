"""What the catalogue shows: its tables, its history; and that two statements of one rule agree."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app import models as m
from app.domain.actions_contenu import CERTIFICATIONS, ENRICHIS, FORMULAIRE
from app.kit.conditions import decide
from app.policies.policy import Policy
from app.resolvers import published_schema
from tests.cast import JOUR, Monde

from . import actes
from . import actes_actions as a
from . import actes_sessions as s
from .actes import codes
from .actes_actions import confirmer, essayer, modifier, une_action_complete
from .conftest import Api
from .identifiants import gid

COLONNES = """query($f: FiltreCatalogue) { catalogue(filtre: $f, tri: INTITULE) { nodes { reference type intitule financeur numeroMarche
  dispositif mesure responsable { raisonSociale } sessions(first: 1) { totalCount nodes { dateDebut dateFin } } } } }"""
HISTOIRE = """query($r: String!) { action(reference: $r) { historique(tri: PLUS_ANCIENS) {
  nodes { nom avant apres champs differences { champ avant apres } compte { nom } structure { raisonSociale } } } } }"""
HISTOIRE_SESSION = """query($n: String!) { session(numeroCarif: $n) { historique(tri: PLUS_ANCIENS) {
  nodes { nom avant apres champs differences { champ avant apres } } } } }"""


DEPLACER = """mutation($entree: ModifierDatesSessionInput!) {
  modifierDatesSession(entree: $entree) { empechements { code } } }"""


@pytest.mark.regle("R-127", "R-172", "R-123")
async def test_the_tables_of_the_catalogue_have_what_their_columns_show(api: Api, monde: Monde) -> None:
    conventionnees = {"monCatalogue": True, "conventionnee": True}
    (poec,) = (await api(monde.louise, COLONNES, f=conventionnees))["catalogue"]["nodes"]

    assert (poec["type"], poec["financeur"], poec["dispositif"], poec["numeroMarche"]) == (
        *("SIMPLE", "FRANCE_TRAVAIL", "POEC", "POECLOGIS40-0726"),
    )
    assert poec["mesure"] == "Préparation opérationnelle à l'emploi"
    assert poec["responsable"]["raisonSociale"] == "Ateliers des Landes"
    assert poec["sessions"]["totalCount"] >= 1
    assert poec["sessions"]["nodes"][0]["dateDebut"] < poec["sessions"]["nodes"][0]["dateFin"]
    autres = {"monCatalogue": True, "conventionnee": False}
    for action in (await api(monde.karim, COLONNES, f=autres))["catalogue"]["nodes"]:
        assert (action["financeur"], action["dispositif"], action["numeroMarche"]) == (None, None, None)


@pytest.mark.regle("R-173", "R-176")
async def test_what_happened_to_an_action_is_read_by_who_keeps_it_and_by_nobody_else(
    api: Api, monde: Monde
) -> None:
    action = await une_action_complete(monde, validations=["rncp"])
    await monde.une_session(action)
    titre = await monde.inserer(m.Certification, code_rncp="RNCP7401", intitule="Titre")
    await modifier(api, monde.karim, action, certifications=[gid("Certification", titre)])
    await confirmer(api, monde.karim, action)
    await essayer(api, monde.gaelle, a.SIGNALER, action, demande="Quel niveau ?")

    async def lue(qui: Any) -> list[Any]:
        return (await api(qui, HISTOIRE, r=action.reference))["action"]["historique"]["nodes"]  # type: ignore[no-any-return]

    assert [(f["nom"], f["avant"], f["apres"], f["champs"]) for f in await lue(monde.karim)] == [
        ("ActionModifiee", "publiee", "publiee", ["certifications"]),
        ("ActionConfirmee", "publiee", "modifiee", None),
        ("ComplementDemande", "modifiee", "alerte", None),
    ]
    assert (await lue(monde.karim))[0]["compte"]["nom"] == "Haddad"
    assert len(await lue(monde.gaelle)) == 3
    for qui in (monde.paul, monde.louise, None):
        assert await lue(qui) == []


@pytest.mark.regle("R-188", "R-250")
async def test_what_happened_to_a_session_names_the_fields_never_the_free_text_that_they_hold(
    api: Api, monde: Monde
) -> None:
    session = monde.session_anglais
    await s.modifier(api, monde.karim, session, commentaire="Groupe du soir")
    await s.essayer(api, monde.karim, s.DEMANDER, session, motif="Trop peu d'inscrits.")
    histoire = (await api(monde.karim, HISTOIRE_SESSION, n=session.numero_carif))["session"]["historique"]

    assert [(f["nom"], f["avant"], f["apres"], f["champs"]) for f in histoire["nodes"]] == [
        ("SessionModifiee", "publiee", "publiee", ["commentaire"]),
        ("SuppressionDemandee", "publiee", "suppression_demandee", None),
    ]
    assert "soir" not in str(histoire)


@pytest.mark.regle("R-188", "R-134", "C-01")
async def test_what_changed_of_a_session_is_told_old_then_new(api: Api, monde: Monde) -> None:
    session, fin = monde.session_maconnerie, monde.session_maconnerie.date_fin + JOUR
    await s.modifier(api, monde.gaelle, session, modalite="DISTANCE", contactNom="Léa")
    await api(monde.karim, actes.REGLER, entree={"session": gid("Session", session), "capaciteAccueil": 99})
    entree = {"session": gid("Session", session), "dateFin": fin.isoformat()}
    await api(monde.gaelle, DEPLACER, entree=entree)

    histoire = (await api(monde.karim, HISTOIRE_SESSION, n=session.numero_carif))["session"]["historique"]

    dites = {f["nom"]: [tuple(d.values()) for d in f["differences"]] for f in histoire["nodes"]}
    assert dites == {
        "SessionModifiee": [("modalite", "presentiel", "distance")],
        "OuvertureReglee": [("capacite_accueil", str(session.capacite_accueil), "99")],
        "DatesDeplacees": [("date_fin", str(session.date_fin), str(fin))],
    }
    assert {f["nom"]: f["champs"] for f in histoire["nodes"]}["SessionModifiee"] == [
        "contact_nom",
        "modalite",
    ]
    assert [(f["avant"], f["apres"]) for f in histoire["nodes"]][1:] == [(None, None)] * 2


@pytest.mark.regle("R-187", "R-191")
async def test_what_a_gestionnaire_corrected_of_an_action_is_told_to_its_organisme(
    api: Api, monde: Monde
) -> None:
    action = await une_action_complete(monde)
    avant = action.intitule
    await modifier(api, monde.gaelle, action, intitule="Tailleur de pierre, bâti ancien", objectif="Tailler.")
    await api(monde.gaelle, a.FORMACODES, action=gid("Action", action), formacodes=["22354"])
    await modifier(api, monde.karim, action, lienWeb="https://exemple.fr/pierre", intitule="Pierre")
    lus = (await api(monde.karim, HISTOIRE, r=action.reference))["action"]["historique"]["nodes"]

    assert [[tuple(d.values()) for d in f["differences"]] for f in lus] == [
        [("intitule", avant, "Tailleur de pierre, bâti ancien")],
        [("formacodes", None, "22354")],
        [
            ("intitule", "Tailleur de pierre, bâti ancien", "Pierre"),
            ("lien_web", None, "https://exemple.fr/pierre"),
        ],
    ]
    assert lus[0]["champs"] == ["intitule", "objectif"]


@pytest.mark.regle("R-141")
async def test_setting_the_opening_can_be_checked_before_it_is_confirmed(api: Api, monde: Monde) -> None:
    regler = """mutation($e: ReglerOuvertureInput!) { reglerOuverture(entree: $e) {
      session { dateLimiteInscription } empechements { code chemin message regle } } }"""
    session, jour = monde.session_maconnerie, monde.jour(5).isoformat()
    entree = {"session": gid("Session", session), "dateLimiteInscription": jour}

    async def tenter(**champs: Any) -> list[str]:
        return codes((await api(monde.ines, regler, e={**entree, **champs}))["reglerOuverture"])

    trop = {"dateLimiteInscription": monde.jour(400).isoformat()}
    assert await tenter(confirme=False, **trop) == ["DATES_INCOHERENTES"]
    assert await tenter(confirme=False) == ["CONFIRMATION_DEMANDEE"]
    assert (await monde.relire(session, m.SessionFormation)).date_limite_inscription == monde.jour(21)
    assert await tenter(confirme=True) == []
    assert (await monde.relire(session, m.SessionFormation)).date_limite_inscription == monde.jour(5)


@pytest.mark.regle("R-204")
async def test_the_general_objective_is_one_of_the_six_of_lheo(api: Api, monde: Monde) -> None:
    for objectif in m.ObjectifGeneral:
        assert (
            codes(await modifier(api, monde.karim, monde.action_tableur, objectifGeneral=objectif.name)) == []
        )
    entree = {"action": gid("Action", monde.action_tableur), "objectifGeneral": "CREATION_ENTREPRISE"}
    assert "errors" in await api.brut(monde.karim, a.MODIFIER, entree=entree)
    assert len(m.ObjectifGeneral) == 6


@pytest.mark.regle("R-129", "R-132")
def test_the_fields_that_an_organisme_answers_for_are_those_that_it_may_write() -> None:
    policy = Policy.load()
    poec = m.Action(responsable_id=7, est_conventionnee=True, etat=m.EtatAction.PUBLIEE)
    ouverts = {
        nom
        for nom in FORMULAIRE
        if decide(policy.field("of_general", "modifier", m.Action, nom))(poec, {"ma_structure": 7, "moi": 2})
    }
    assert ouverts | {CERTIFICATIONS} == ENRICHIS


@pytest.mark.regle("R-196")
def test_the_form_says_in_the_schema_what_is_compulsory() -> None:
    from app.domain.actions_formulaire import OBLIGATOIRES

    formulaire = (
        published_schema().partition("input FormulaireAction")[2]
        or published_schema().partition("input ModifierActionInput")[2]
    )
    dits = dict(re.findall(r'"""([^"]*)"""\s+(\w+):', formulaire.partition("\n}")[0]))
    obligatoires = {champ for dit, champ in dits.items() if re.search(r"; obligatoire(,|\.)", dit)}
    camel = {re.sub(r"_(\w)", lambda x: x[1].upper(), nom) for nom in OBLIGATOIRES}
    assert obligatoires == camel | {"contactTelephone", "contactCourriel"}


@pytest.mark.parametrize("jour", ["9999-12-31", "0001-01-01"])
async def test_dates_beyond_reason_are_refused_and_nothing_breaks(api: Api, monde: Monde, jour: str) -> None:
    for champs in ({"dateDebut": jour, "dateFin": jour}, {"reunions": [{"debutLe": f"{jour}T23:59:59Z"}]}):
        refus = await s.ajouter(api, monde.karim, monde, monde.action_anglais, **champs)
        assert set(codes(refus)) & {"DATE_INVRAISEMBLABLE", "REUNIONS_INVALIDES"}
    dates = {"dateDebut": jour, "dateFin": jour}
    assert "DATE_INVRAISEMBLABLE" in await s.essayer(
        api, monde.karim, s.DUPLIQUER, monde.session_anglais, **dates
    )
