"""An organisme fills, duplicates and changes its sessions; what is published says everything."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from tests.cast import Monde

from . import actes_actions as a
from . import actes_sessions as s
from .actes import codes
from .actes_actions import confirmer, une_action_complete, une_session_complete
from .actes_sessions import COMPLETE, ajouter, modifier, refus, voir
from .conftest import Api
from .identifiants import gid


async def certifiee(monde: Monde, *codes_rncp: str) -> tuple[m.Action, list[m.Certification]]:
    """Out: a published action that prepares for these certifications."""
    action = await une_action_complete(monde, validations=["rncp"])
    titres = [await monde.inserer(m.Certification, code_rncp=c, intitule=c) for c in codes_rncp]
    for rang, titre in enumerate(titres, 1):
        await monde.inserer(m.ActionCertification, action_id=action.id, certification_id=titre.id, rang=rang)
    return action, titres


# --- begun ---------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-180", "R-181", "R-219", "R-246")
async def test_a_session_added_by_its_organisme_waits_until_the_action_is_confirmed(
    api: Api, monde: Monde
) -> None:
    action = await une_action_complete(monde)
    faite = await ajouter(api, monde.karim, monde, action)

    session = faite["session"]
    assert (session["etat"], session["voieAcces"], session["modalite"]) == (
        *("BROUILLON", "FORMATION_CONTINUE"),
        "PRESENTIEL",
    )
    assert len(session["numeroCarif"]) == 8
    assert session["numeroCarif"].startswith("00")
    assert {r["code"] for r in faite["remarques"]} == {"CONTACT_SESSION_MANQUANT", "LIEU_INCOMPLET"}
    ligne = type("Ligne", (), {"numero_carif": session["numeroCarif"]})
    assert await voir(api, monde.paul, ligne) is None
    await acte_modifier(api, monde, session["id"], **COMPLETE)
    await confirmer(api, monde.karim, action)
    assert (await voir(api, monde.paul, ligne))["etat"] == "PUBLIEE"


@pytest.mark.regle("R-238")
async def test_dates_in_the_past_are_told_while_they_are_typed_and_stop_nothing(
    api: Api, monde: Monde
) -> None:
    action = await une_action_complete(monde)
    for fin, dit in ((-1, [["entree", "dateFin"]]), (0, [])):
        dates = {"dateDebut": monde.jour(-10).isoformat(), "dateFin": monde.jour(fin).isoformat()}
        faite = await ajouter(api, monde.karim, monde, action, **COMPLETE, **dates)
        assert codes(faite) == []
        assert [r["chemin"] for r in faite["remarques"] if r["code"] == "DATES_PASSEES"] == dit
    avertis = [
        (x["code"], x["chemin"][-1]) for x in (await a.verifier(api, monde.karim, action))["avertissements"]
    ]
    assert avertis.count(("DATES_PASSEES", "dateFin")) == 1


async def acte_modifier(api: Api, monde: Monde, id: str, **champs: Any) -> None:
    payload = await a.acte(api, monde.karim, s.MODIFIER, entree={"session": id, **champs})
    assert codes(payload) == []


@pytest.mark.regle("R-016", "R-128", "R-219", "R-246", "R-130")
async def test_who_adds_a_session_to_which_action(api: Api, monde: Monde) -> None:
    action = await une_action_complete(monde)
    creee = await une_action_complete(monde, etat=m.EtatAction.CREEE)
    for qui in (monde.louise, monde.ines, monde.paul, None):
        assert codes(await ajouter(api, qui, monde, action)) == ["INTERDIT"]
    assert codes(await ajouter(api, monde.karim, monde, creee)) == ["ETAT_INCOMPATIBLE"]
    assert codes(await ajouter(api, monde.karim, monde, monde.action_maconnerie)) == ["INTERDIT"]
    assert codes(await ajouter(api, monde.gaelle, monde, creee)) == []


@pytest.mark.regle("R-191", "R-246")
async def test_a_session_that_a_gestionnaire_adds_to_a_published_action_is_published_if_it_lacks_nothing(
    api: Api, monde: Monde
) -> None:
    incomplete = await ajouter(api, monde.gaelle, monde, monde.action_maconnerie)
    assert refus(incomplete) == {
        ("CONTACT_SESSION_MANQUANT", "contactTelephone"),
        *(("LIEU_INCOMPLET", champ) for champ in ("lieuVoie", "lieuCodePostal", "lieuVille")),
    }
    complete = await ajouter(
        api,
        monde.gaelle,
        monde,
        monde.action_maconnerie,
        **COMPLETE,
        modeCandidature="PRESCRIPTION",
        capaciteAccueil=12,
        coefficient=2.0,
        positionneur=gid("Structure", monde.passerelles),
    )
    assert (codes(complete), complete["session"]["etat"]) == ([], "PUBLIEE")


@pytest.mark.regle("R-129", "R-197")
async def test_an_organisme_fills_the_form_not_what_the_financeur_decides(api: Api, monde: Monde) -> None:
    action = await une_action_complete(monde)
    reserves = {
        "modeCandidature": "PRESCRIPTION",
        "capaciteAccueil": 3,
        "coefficient": 1.5,
        "positionneur": gid("Structure", monde.landes),
        "ratioSuiteParcours": 1.0,
    }
    faite = await ajouter(api, monde.karim, monde, action, **reserves)
    assert refus(faite) == {("INTERDIT", nom) for nom in reserves}


@pytest.mark.regle("R-197", "R-229", "R-242")
async def test_a_front_end_greys_the_fields_of_a_session_its_parts_included(api: Api, monde: Monde) -> None:
    champs = "query($id: ID!) { node(id: $id) { ... on Session { champsModifiables } } }"
    parties = {"CERTIFICATIONS", "REUNIONS"}
    for qui, session, dits in (
        (monde.karim, monde.session_anglais, parties),
        (monde.gaelle, monde.session_anglais, parties),
        (monde.gaelle, monde.session_maconnerie, parties),
        (monde.louise, monde.session_anglais, set()),
        (monde.ines, monde.session_maconnerie, set()),
        (monde.paul, monde.session_anglais, set()),
        (None, monde.session_anglais, set()),
    ):
        lus = await api(qui, champs, id=gid("Session", session))
        assert parties & set(lus["node"]["champsModifiables"]) == dits


@pytest.mark.regle("R-245", "R-222")
async def test_a_copy_takes_the_form_of_its_model_at_other_dates_and_none_of_its_candidatures(
    api: Api, monde: Monde
) -> None:
    action, (titre,) = await certifiee(monde, "RNCP7301")
    modele = await monde.une_session(
        action, commentaire="Rentrée", heures_centre=70, contact_telephone="05 00 00 00 00"
    )
    await monde.inserer(m.SessionCertification, session_id=modele.id, certification_id=titre.id)
    await monde.inserer(m.Reunion, session_id=modele.id, debut_le=monde.le)
    dates = {"dateDebut": monde.jour(200).isoformat(), "dateFin": monde.jour(210).isoformat()}

    faite = await a.acte(api, monde.karim, s.DUPLIQUER, session=gid("Session", modele), **dates)

    copie = faite["session"]
    assert (copie["etat"], copie["commentaire"], copie["lieu"]["ville"]) == ("BROUILLON", "Rentrée", "Royan")
    assert copie["numeroCarif"] != modele.numero_carif
    assert (copie["dateDebut"], copie["dateFin"]) == (dates["dateDebut"], dates["dateFin"])
    assert [c["certification"]["codeRncp"] for c in copie["certifications"]] == ["RNCP7301"]
    assert copie["reunions"] == []
    envers = {"dateDebut": dates["dateFin"], "dateFin": dates["dateDebut"]}
    assert await s.essayer(api, monde.karim, s.DUPLIQUER, modele, **envers) == ["FIN_AVANT_DEBUT"]
    assert await s.essayer(api, monde.louise, s.DUPLIQUER, modele, **dates) == ["INTERDIT"]
    assert await s.essayer(api, monde.karim, s.DUPLIQUER, monde.session_maconnerie, **dates) == ["INTERDIT"]


# --- changed -------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-188", "R-064", "R-241")
async def test_what_changes_of_a_published_session_is_published_at_once_and_must_say_everything(
    api: Api, monde: Monde
) -> None:
    session = monde.session_anglais
    assert codes(await modifier(api, monde.karim, session, commentaire="Groupe du soir")) == []
    vue = await voir(api, None, session)
    assert (vue["etat"], vue["commentaire"]) == ("PUBLIEE", "Groupe du soir")

    sans = await modifier(api, monde.karim, session, lieuVoie="", contactTelephone="", contactCourriel=None)
    assert refus(sans) == {("LIEU_INCOMPLET", "lieuVoie"), ("CONTACT_SESSION_MANQUANT", "contactTelephone")}
    assert (await voir(api, None, session))["lieu"]["voie"] == "1 rue de l'Atelier"
    trop = await modifier(api, monde.karim, session, commentaire="x" * 601)
    assert refus(trop) == {("TEXTE_TROP_LONG", "commentaire")}


@pytest.mark.regle("R-240", "R-238", "C-01")
async def test_dates_are_free_in_a_draft_and_locked_once_published(api: Api, monde: Monde) -> None:
    action = await une_action_complete(monde)
    brouillon = await une_session_complete(monde, action)
    debut = monde.jour(50).isoformat()
    assert codes(await modifier(api, monde.karim, brouillon, dateDebut=debut)) == []
    assert (await monde.relire(brouillon)).date_debut_initiale == monde.jour(50)
    inverse = await modifier(api, monde.karim, brouillon, dateFin=monde.jour(49).isoformat())
    assert refus(inverse) == {("FIN_AVANT_DEBUT", "dateFin")}

    publiee = await modifier(api, monde.karim, monde.session_anglais, dateDebut=debut, dateFin=debut)
    assert refus(publiee) == {("INTERDIT", "dateDebut"), ("INTERDIT", "dateFin")}
    par_cap = await modifier(api, monde.gaelle, monde.session_anglais, dateDebut=debut)
    assert refus(par_cap) == {("DATES_VERROUILLEES", "dateDebut")}


@pytest.mark.regle("R-130", "R-188", "R-018")
async def test_who_changes_a_session(api: Api, monde: Monde) -> None:
    for qui in (monde.karim, monde.louise, monde.ines, monde.paul, None):
        assert codes(await modifier(api, qui, monde.session_maconnerie, commentaire="x")) == ["INTERDIT"]
    assert codes(await modifier(api, monde.gaelle, monde.session_maconnerie, commentaire="x")) == []
    supprimee = await monde.une_session(monde.action_anglais, etat=m.EtatSession.SUPPRIMEE)
    assert codes(await modifier(api, monde.karim, supprimee, commentaire="x")) == ["ETAT_INCOMPATIBLE"]


# --- the form ------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-223", "C-06", "R-080")
async def test_the_formateur_is_any_training_organisation_its_own_establishments_first(
    api: Api, monde: Monde
) -> None:
    session = monde.session_anglais
    for structure, attendu in (
        (monde.estuaire_saintes, []),
        (monde.landes, []),
        (monde.menuiserie, ["FORMATEUR_INCONNU"]),
        (
            await monde.une_structure(est_organisme_formation=True, etat=m.EtatStructure.A_VALIDER),
            ["FORMATEUR_INCONNU"],
        ),
    ):
        assert (
            codes(await modifier(api, monde.karim, session, formateur=gid("Structure", structure))) == attendu
        )
    proposes = "query($f: FiltreFormateurs) { formateursProposes(filtre: $f) { nodes { raisonSociale } } }"
    trouves = await api(monde.karim, proposes, f={"siren": monde.estuaire.siret[:9]})
    assert {x["raisonSociale"] for x in trouves["formateursProposes"]["nodes"]} == {
        "Institut de l'Estuaire",
        "Institut de l'Estuaire, antenne de Saintes",
    }
    tous = await api(monde.karim, proposes, f={"texte": "landes"})
    assert [x["raisonSociale"] for x in tous["formateursProposes"]["nodes"]] == ["Ateliers des Landes"]
    assert (await api(monde.karim, proposes, f={"texte": "menuiserie"}))["formateursProposes"]["nodes"] == []


@pytest.mark.regle("R-225", "R-227", "R-199")
async def test_an_apprenticeship_says_its_years_and_wants_qualiopi(api: Api, monde: Monde) -> None:
    session = monde.session_anglais
    sans = await modifier(api, monde.karim, session, voieAcces="APPRENTISSAGE")
    assert refus(sans) == {("ANNEES_APPRENTISSAGE_ATTENDUES", "anneesApprentissage")}
    faux = await modifier(api, monde.karim, session, voieAcces="APPRENTISSAGE", anneesApprentissage="tout")
    assert refus(faux) == {("FORMAT_INVALIDE", "anneesApprentissage")}
    avec = await modifier(api, monde.karim, session, voieAcces="APPRENTISSAGE", anneesApprentissage="1, 2")
    assert (codes(avec), avec["session"]["anneesApprentissage"]) == ([], "1, 2")

    await monde.changer(monde.estuaire, m.Structure, est_qualiopi_apprentissage=False)
    assert refus(await modifier(api, monde.karim, session, commentaire="x")) == {
        ("QUALIOPI_APPRENTISSAGE_MANQUANT", "voieAcces")
    }


@pytest.mark.regle("R-229", "R-230", "R-231", "R-232", "R-233")
async def test_what_a_session_validates_is_chosen_among_the_certifications_of_its_action(
    api: Api, monde: Monde
) -> None:
    action, (macon, coffreur) = await certifiee(monde, "RNCP35819", "RNCP40000")
    session = await une_session_complete(monde, action)
    ailleurs = await monde.inserer(m.Certification, code_rncp="RNCP1", intitule="Ailleurs")

    async def viser(*visees: tuple[Any, str, list[str]]) -> dict[str, Any]:
        entrees = [
            {"certification": gid("Certification", c), "validation": v, "blocs": b} for c, v, b in visees
        ]
        return await modifier(api, monde.karim, session, certifications=entrees)

    bloc = "RNCP35819BC01"
    justes = await viser((macon, "PARTIELLE", [bloc]), (coffreur, "TOTALE", []))
    assert codes(justes) == []
    assert [(c["validation"], c["blocs"]) for c in justes["session"]["certifications"]] == [
        ("PARTIELLE", [bloc]),
        ("TOTALE", []),
    ]
    for visees, attendu in (
        ([(ailleurs, "TOTALE", [])], "CERTIFICATION_HORS_ACTION"),
        ([(macon, "TOTALE", [bloc])], "BLOCS_INUTILES"),
        ([(macon, "PARTIELLE", [])], "BLOCS_ATTENDUS"),
        ([(macon, "MIXTE", ["RNCP40000BC01"])], "BLOCS_ATTENDUS"),
        ([(macon, "MIXTE", ["35819BC01"])], "BLOCS_ATTENDUS"),
        ([(macon, "TOTALE", []), (macon, "TOTALE", [])], "CERTIFICATION_EN_DOUBLE"),
    ):
        assert codes(await viser(*visees)) == [attendu]
    sans = await une_session_complete(monde, await une_action_complete(monde))
    visee = {"certification": gid("Certification", macon)}
    assert codes(await modifier(api, monde.karim, sans, certifications=[visee])) == [
        "CERTIFICATION_HORS_ACTION"
    ]
    assert codes(await modifier(api, monde.karim, sans, certifications=[])) == []


@pytest.mark.regle("R-234", "R-235")
async def test_an_apprenticeship_prepares_for_one_certification_in_full(api: Api, monde: Monde) -> None:
    action, titres = await certifiee(monde, "RNCP35819", "RNCP40000")
    session = await monde.une_session(action, contact_telephone="05 00 00 00 00")
    apprenti = {"voieAcces": "APPRENTISSAGE", "anneesApprentissage": "1"}
    toutes = [{"certification": gid("Certification", c)} for c in titres]
    partielle = {**toutes[0], "validation": "PARTIELLE", "blocs": ["RNCP35819BC01"]}

    deux = await modifier(api, monde.karim, session, **apprenti, certifications=toutes)
    assert refus(deux) == {("UNE_SEULE_CERTIFICATION", "certifications")}
    part = await modifier(api, monde.karim, session, **apprenti, certifications=[partielle])
    assert refus(part) == {("VALIDATION_TOTALE_ATTENDUE", "certifications")}
    une = await modifier(api, monde.karim, session, **apprenti, certifications=toutes[:1])
    assert codes(une) == []


@pytest.mark.regle("R-227")
@pytest.mark.parametrize(
    ("annees", "jours", "remarque"),
    [("1", 300, False), ("1, 2", 300, True), ("1, 2", 650, False), ("3", 650, True), ("1, 1", 650, True)],
)
async def test_the_years_open_to_apprentices_are_among_those_of_the_session(
    api: Api, monde: Monde, annees: str, jours: int, remarque: bool
) -> None:
    action = await une_action_complete(monde)
    dates = {"dateDebut": monde.jour(30).isoformat(), "dateFin": monde.jour(30 + jours).isoformat()}
    faite = await ajouter(
        api, monde.karim, monde, action, voieAcces="APPRENTISSAGE", anneesApprentissage=annees, **dates
    )
    dites = {(r["code"], r["chemin"][-1]) for r in faite["remarques"]}
    assert (("ANNEES_HORS_PERIODE", "anneesApprentissage") in dites) is remarque
    assert codes(faite) == []


@pytest.mark.regle("R-216", "R-236", "R-237", "C-05")
async def test_hours_add_up_and_give_an_indicative_duration(api: Api, monde: Monde) -> None:
    heures = {"heuresCentre": 70.5, "heuresEntreprise": 35.0, "modalite": "MIXTE"}
    faite = await modifier(api, monde.karim, monde.session_anglais, **heures)

    assert (float(faite["session"]["heuresTotal"]), faite["session"]["dureeIndicative"]) == (105.5, 16)
    rien = await modifier(api, monde.karim, monde.session_anglais, heuresCentre=None, heuresEntreprise=None)
    assert (rien["session"]["heuresTotal"], rien["session"]["dureeIndicative"]) == (None, None)
    nulle = await modifier(api, monde.karim, monde.session_anglais, heuresCentre=0.0)
    assert (float(nulle["session"]["heuresTotal"]), nulle["session"]["dureeIndicative"]) == (0.0, 0)
    for faux in ({"heuresCentre": -1.0}, {"heuresEntreprise": 10_000.0}, {"heuresCentre": 1e300}):
        assert refus(await modifier(api, monde.karim, monde.session_anglais, **faux)) == {
            ("HEURES_INVALIDES", *faux)
        }


@pytest.mark.regle("R-238")
@pytest.mark.parametrize("type_entree", ["DATE_FIXE", "PERMANENTES", "SEQUENCEES"])
async def test_a_session_says_how_people_enter(api: Api, monde: Monde, type_entree: str) -> None:
    assert codes(await modifier(api, monde.karim, monde.session_anglais, typeEntree=type_entree)) == []
    vide = await modifier(api, monde.karim, monde.session_anglais, typeEntree=None)
    assert refus(vide) == {("CHAMP_OBLIGATOIRE", "typeEntree")}


@pytest.mark.regle("R-239", "C-04")
async def test_short_frequent_sessions_are_only_remarked(api: Api, monde: Monde) -> None:
    action = await une_action_complete(monde)
    for n in range(4):
        avertis = a.problemes(await a.verifier(api, monde.karim, action), "avertissements")
        assert ("SESSIONS_COURTES_FREQUENTES", "sessions") not in avertis
        await une_session_complete(monde, action, heures_centre=14, date_debut=monde.jour(30 + n))
    verification = await a.verifier(api, monde.karim, action)
    assert ("SESSIONS_COURTES_FREQUENTES", "sessions") in a.problemes(verification, "avertissements")
    assert verification["preuve"]


@pytest.mark.regle("R-242")
async def test_information_meetings_are_given_with_their_place(api: Api, monde: Monde) -> None:
    debut = "2026-06-10T09:00:00Z"
    faite = await modifier(
        api, monde.karim, monde.session_anglais, reunions=[{"debutLe": debut, "lieu": "Salle 2"}]
    )
    assert [(r["debutLe"][:16], r["lieu"]) for r in faite["session"]["reunions"]] == [
        ("2026-06-10T09:00", "Salle 2")
    ]
    tardive = await modifier(
        api, monde.karim, monde.session_anglais, reunions=[{"debutLe": "2031-01-01T09:00:00Z"}]
    )
    assert refus(tardive) == {("REUNIONS_INVALIDES", "reunions")}
    assert codes(await modifier(api, monde.karim, monde.session_anglais, reunions=[])) == []


@pytest.mark.regle("R-242")
async def test_a_session_says_how_one_is_admitted_and_meetings_tick_the_information_collective(
    api: Api, monde: Monde
) -> None:
    ici, reunion = monde.session_anglais, {"debutLe": "2026-06-10T09:00:00Z"}

    async def change(**champs: Any) -> Any:
        return await modifier(api, monde.karim, ici, **champs)

    dite = await change(modalitesRecrutement=["ENTRETIEN", "DOSSIER", "ENTRETIEN"])
    assert dite["session"]["modalitesRecrutement"] == ["DOSSIER", "ENTRETIEN"]
    datee = await change(reunions=[reunion])
    assert datee["session"]["modalitesRecrutement"] == ["DOSSIER", "ENTRETIEN", "INFORMATION_COLLECTIVE"]
    for champs in (
        {"modalitesRecrutement": ["ORAL"]},
        {"modalitesRecrutement": ["ORAL"], "reunions": [reunion]},
    ):
        assert refus(await change(**champs)) == {
            ("REUNIONS_SANS_INFORMATION_COLLECTIVE", "modalitesRecrutement")
        }
    ensemble = await change(modalitesRecrutement=["ORAL"], reunions=[])
    assert (ensemble["session"]["modalitesRecrutement"], ensemble["session"]["reunions"]) == (["ORAL"], [])
    sans_date = await change(modalitesRecrutement=["INFORMATION_COLLECTIVE"])
    assert sans_date["session"]["modalitesRecrutement"] == ["INFORMATION_COLLECTIVE"]
    assert (await change(modalitesRecrutement=None))["session"]["modalitesRecrutement"] == []


@pytest.mark.regle("R-242", "R-245")
async def test_a_new_session_with_meetings_ticks_it_and_its_copy_keeps_the_tick_not_the_meetings(
    api: Api, monde: Monde
) -> None:
    action = await une_action_complete(monde)
    reunion = {"debutLe": "2026-06-10T09:00:00Z"}
    une = (await ajouter(api, monde.karim, monde, action, reunions=[reunion]))["session"]
    dates = {"dateDebut": monde.jour(300).isoformat(), "dateFin": monde.jour(330).isoformat()}
    copie = await a.acte(api, monde.karim, s.DUPLIQUER, session=une["id"], **dates)
    for session, combien in ((une, 1), (copie["session"], 0)):
        assert session["modalitesRecrutement"] == ["INFORMATION_COLLECTIVE"]
        assert len(session["reunions"]) == combien


@pytest.mark.regle("R-243", "R-244")
@pytest.mark.parametrize(
    ("code_postal", "attendu"),
    [
        ("87000", set()),
        ("75011", {("HORS_REGION", "lieuCodePostal")}),
        ("31000", {("HORS_REGION", "lieuCodePostal")}),
    ],
)
async def test_a_training_takes_place_in_the_region(
    api: Api, monde: Monde, code_postal: str, attendu: set[tuple[str, str]]
) -> None:
    ailleurs = {"lieuCodePostal": code_postal, "lieuCodeInsee": None}
    assert refus(await modifier(api, monde.karim, monde.session_anglais, **ailleurs)) == attendu


@pytest.mark.regle("R-243", "R-189")
@pytest.mark.parametrize("champ", ["lieuVoie", "lieuCodePostal", "lieuVille"])
async def test_the_street_the_postal_code_and_the_town_are_compulsory(
    api: Api, monde: Monde, champ: str
) -> None:
    assert refus(await modifier(api, monde.karim, monde.session_anglais, **{champ: " "})) == {
        ("LIEU_INCOMPLET", champ)
    }


@pytest.mark.regle("R-248")
async def test_the_sessions_of_an_action_are_listed_with_what_their_table_shows(
    api: Api, monde: Monde
) -> None:
    document = """query($r: String!) { action(reference: $r) { sessions(first: 25) { totalCount
      nodes { numeroCarif voieAcces dateDebut dateFin lieu { ville } formateur { raisonSociale } etat } } } }"""
    brouillon = await une_session_complete(monde, monde.action_anglais)
    mienne = (await api(monde.karim, document, r=monde.action_anglais.reference))["action"]["sessions"]
    assert brouillon.numero_carif in {x["numeroCarif"] for x in mienne["nodes"]}
    autre = (await api(monde.paul, document, r=monde.action_anglais.reference))["action"]["sessions"]
    assert brouillon.numero_carif not in {x["numeroCarif"] for x in autre["nodes"]}
