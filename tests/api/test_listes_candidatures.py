"""« Gestion des candidatures » as prescripteurs and organismes see it: tabs, columns, filters, counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.domain.onglets import ETATS, OngletCandidatures
from tests.cast import JOUR, MAINTENANT, Monde

from .conftest import Api
from .identifiants import gid

ONGLETS = """{ onglets { brouillons mesBrouillons enAttenteValidation aValider enAttenteAvis annulees corbeille
  retenues nonRetenues avisNonTransmis refusSessionComplete refusSessionAnnulee } }"""
COMPTES = """enAttente bientotNonTransmis retenues nonRetenues avisNonTransmis refusSessionComplete
  refusSessionAnnulee"""
TABLEAU = f"""{{ tableauDeBord {{ responsable {{ {COMPTES} }} positionneur {{ {COMPTES} }}
  formateur {{ {COMPTES} }} }} }}"""
LISTE = """query($filtre: FiltreCandidatures) { candidatures(filtre: $filtre) { totalCount nodes { reference } } }"""
MES_SESSIONS = """query($filtre: FiltreMesSessions) { mesSessions(filtre: $filtre) { totalCount nodes {
  numeroCarif situation dateDebut dateFin lieu { ville } nombrePlaces { faites possibles }
  action { intitule financeur numeroMarche } responsable { raisonSociale } positionneur { raisonSociale }
  formateur { raisonSociale } } } }"""
TOUS = tuple(m.EtatCandidature)


async def listees(api: Api, qui: Any, **filtre: Any) -> set[str]:
    """Out: the references that somebody finds."""
    answer = await api(qui, LISTE, filtre=filtre)
    found = {node["reference"] for node in answer["candidatures"]["nodes"]}
    assert len(found) == answer["candidatures"]["totalCount"]
    return found


async def une_de_chaque(monde: Monde, auteur: Any, **colonnes: Any) -> dict[str, m.Candidature]:
    """Out: a candidature in every état, each on a session of its own, all that may wait for an avis of somebody else."""
    gens = [monde.mathis, monde.lea, monde.aicha, monde.noemie]
    return {
        str(etat): await monde.une_candidature(
            session=await monde.une_session(),
            candidat=gens[rang % 4],
            auteur=auteur,
            etat=str(etat),
            **colonnes,
        )
        for rang, etat in enumerate(TOUS)
    }


@pytest.mark.regle("R-100", "R-101", "R-102", "C-11", "C-16")
async def test_each_tab_has_its_count_and_its_list_and_no_etat_is_lost(api: Api, monde: Monde) -> None:
    toutes = await une_de_chaque(monde, monde.paul)
    comptes = (await api(monde.paul, ONGLETS))["onglets"]

    for onglet in OngletCandidatures:
        attendues = {toutes[etat].reference for etat in ETATS[onglet]}
        assert await listees(api, monde.paul, onglet=onglet.name) == attendues
        assert comptes[camel(onglet.value)] == len(attendues)
    assert sorted(etat for etats in ETATS.values() for etat in etats) == sorted(map(str, TOUS))
    assert (comptes["annulees"], comptes["corbeille"]) == (2, 2)


def camel(mot: str) -> str:
    first, *rest = mot.split("_")
    return first + "".join(word.capitalize() for word in rest)


@pytest.mark.regle("R-101", "C-17", "C-26")
async def test_tabs_count_what_one_may_read_and_nothing_else(api: Api, monde: Monde) -> None:
    for auteur, candidat in ((monde.nadia, monde.mathis), (monde.paul, monde.lea), (monde.hugo, monde.aicha)):
        await monde.une_candidature(auteur=auteur, candidat=candidat)
    vus = {
        qui: (comptes["brouillons"], comptes["mesBrouillons"])
        for qui in ("nadia", "paul", "hugo", "rosa", "camille", "marc", "karim")
        for comptes in [(await api(getattr(monde, qui), ONGLETS))["onglets"]]
    }

    assert vus == {
        "nadia": (1, 1),
        "paul": (1, 1),
        "hugo": (3, 1),  # a N3 sees those of N1 and N2, and its own
        "rosa": (2, 0),  # never those of another N3
        "camille": (0, 0),
        "marc": (0, 0),
        "karim": (0, 0),
    }


@pytest.mark.regle("R-105")
async def test_the_list_has_its_columns_its_size_and_a_text_filter(api: Api, monde: Monde) -> None:
    session = await monde.une_session(positionneur_id=monde.tremplin.id, formateur_id=monde.tremplin.id)
    voulue = await monde.une_candidature(
        session=session, candidat=monde.lea, auteur=monde.paul, etat="en_attente_avis"
    )
    for _ in range(11):
        await monde.une_candidature(
            session=await monde.une_session(), candidat=monde.mathis, auteur=monde.paul
        )
    page = """query($filtre: FiltreCandidatures) { candidatures(first: 10, filtre: $filtre) {
      totalCount pageInfo { hasNextPage } nodes { reference intitule sessionDateDebut sessionDateFin
        organismeFormation organismePrescripteur datePreinscription prescripteur { nom }
        session { numeroCarif dateEntreeTardive formateur { raisonSociale } positionneur { raisonSociale } }
        candidat { reference nom prenom } } } }"""

    dix = (await api(monde.paul, page))["candidatures"]
    assert (len(dix["nodes"]), dix["totalCount"], dix["pageInfo"]["hasNextPage"]) == (10, 12, True)
    for texte in (
        voulue.reference,
        session.numero_carif,
        monde.lea.reference,
        f"{monde.lea.prenom.upper()} ",
    ):
        found = (await api(monde.paul, page, filtre={"texte": texte}))["candidatures"]["nodes"]
        assert [node["reference"] for node in found] == [voulue.reference], texte
    [ligne] = found
    assert ligne["session"]["positionneur"]["raisonSociale"] == monde.tremplin.raison_sociale
    assert ligne["candidat"]["nom"] == monde.lea.nom
    assert await listees(api, monde.paul, texte="introuvable") == set()


@pytest.mark.regle("R-105", "R-154")
async def test_a_name_that_one_may_not_read_is_not_found_by_it(api: Api, monde: Monde) -> None:
    candidature = await monde.une_candidature(candidat=monde.lea, auteur=monde.paul, etat="en_attente_avis")

    assert await listees(api, monde.marc, texte=monde.lea.nom) == {candidature.reference}
    assert await listees(api, monde.karim, texte=monde.lea.nom) == set()


@pytest.mark.regle("R-038", "R-104")
async def test_the_queue_of_a_n3_begins_with_what_ends_first(api: Api, monde: Monde) -> None:
    attendues = []
    for jours, candidat in ((9, monde.lea), (2, monde.mathis), (5, monde.aicha)):
        attendues.append(
            await monde.une_candidature(
                auteur=monde.nadia,
                candidat=candidat,
                etat="en_attente_validation",
                valider_avant_le=MAINTENANT + jours * JOUR,
            )
        )
    await monde.une_candidature(
        auteur=monde.nadia,
        candidat=monde.noemie,
        etat="en_attente_validation",
        valider_avant_le=MAINTENANT - timedelta(seconds=1),
    )
    asked = (
        "{ aValider { totalCount nodes { reference validerAvantLe peut { valider } } } onglets { aValider } }"
    )

    answer = await api(monde.rosa, asked)
    file = answer["aValider"]["nodes"]
    assert [c["reference"] for c in file] == [attendues[i].reference for i in (1, 2, 0)]
    assert all(c["peut"]["valider"] for c in file)
    assert answer["onglets"]["aValider"] == 3
    assert (await api(monde.camille, asked))["aValider"]["totalCount"] == 0
    assert (await api(monde.nadia, asked))["aValider"]["totalCount"] == 0, "who submits does not validate"


# --- the organismes' side ---------------------------------------------------------------------------------------------


@pytest.mark.regle("R-142", "R-143", "R-146")
async def test_the_dashboard_counts_each_etat_once_for_each_role(api: Api, monde: Monde) -> None:
    toutes = await une_de_chaque(monde, monde.paul)
    for candidature in toutes.values():
        await monde.changer(
            monde_session(candidature),
            m.SessionFormation,
            positionneur_id=monde.tremplin.id,
            formateur_id=monde.tremplin.id,
        )
    sept = dict.fromkeys(COMPTES.split(), 1) | {"bientotNonTransmis": 0}
    rien = dict.fromkeys(COMPTES.split(), 0)

    sophie = await api(monde.sophie.sous("of_general"), TABLEAU)
    assert sophie["tableauDeBord"] == {"responsable": rien, "positionneur": sept, "formateur": sept}
    ines = await api(monde.ines, TABLEAU)
    assert ines["tableauDeBord"] == {"responsable": sept, "positionneur": rien, "formateur": rien}
    for aveugle in (monde.karim, monde.paul, None):
        vu = (await api(aveugle, TABLEAU))["tableauDeBord"]
        assert vu == {"responsable": rien, "positionneur": rien, "formateur": rien}


def monde_session(candidature: m.Candidature) -> Any:
    return type("Cle", (), {"id": candidature.session_id})


@pytest.mark.regle("R-144")
async def test_the_dashboard_leaves_out_what_is_archived_or_older_than_2013(api: Api, monde: Monde) -> None:
    archivee = await monde.une_action(dispositif="prf", etat="archivee")
    annulee = await monde.une_session(etat="annulee")
    for session, colonnes in (
        (await monde.une_session(), {}),
        (annulee, {"etat": "refus_session_annulee"}),
        (await monde.une_session(archivee), {}),
        (await monde.une_session(etat="supprimee"), {}),
        (await monde.une_session(), {"validee_le": MAINTENANT.replace(year=2012, month=12, day=31)}),
    ):
        await monde.une_candidature(
            session=session, auteur=monde.paul, **{"etat": "en_attente_avis"} | colonnes
        )

    responsable = (await api(of_responsable(monde), TABLEAU))["tableauDeBord"]["responsable"]
    assert (responsable["enAttente"], responsable["refusSessionAnnulee"]) == (1, 1)


def of_responsable(monde: Monde) -> Any:
    """Who recruits for the organisme that carries the actions made by these tests."""
    return monde.ines


@pytest.mark.regle("R-145", "R-167")
async def test_what_would_be_closed_within_fifteen_days_is_said_to_the_day(api: Api, monde: Monde) -> None:
    attendu = {-22: 0, -21: 1, -7: 1, -6: 1, -5: 0, 0: 0}
    for rang, (fin, compte) in enumerate(attendu.items()):
        session = await monde.une_session(date_debut=monde.jour(-60), date_fin=monde.jour(fin))
        candidature = await monde.une_candidature(session=session, auteur=monde.paul, etat="en_attente_avis")
        responsable = (await api(of_responsable(monde), TABLEAU))["tableauDeBord"]["responsable"]
        assert (responsable["bientotNonTransmis"], responsable["enAttente"]) == (compte, 1), (rang, fin)
        await monde.changer(candidature, etat="annulee")


@pytest.mark.regle("R-142", "R-147", "R-149")
async def test_sessions_are_managed_by_tabs_roles_and_situations(api: Api, monde: Monde) -> None:
    finie = await monde.une_session(date_debut=monde.jour(-60), date_fin=monde.jour(-1))
    dernier_jour = await monde.une_session(date_debut=monde.jour(-60), date_fin=monde.jour(0))
    pleine = await monde.une_session(capacite_accueil=15, coefficient=2, positionneur_id=monde.estuaire.id)
    for candidat in (monde.lea, monde.mathis):
        await monde.une_candidature(
            session=pleine, candidat=candidat, auteur=monde.paul, etat="en_attente_avis"
        )
    d_un_autre = await monde.une_session(
        await monde.une_action(dispositif="prf", responsable_id=monde.landes.id)
    )
    qui = of_responsable(monde)

    async def vues(**filtre: Any) -> dict[str, Any]:
        nodes = (await api(qui, MES_SESSIONS, filtre=filtre))["mesSessions"]["nodes"]
        return {node["numeroCarif"]: node for node in nodes}

    terminees, en_cours = await vues(terminee=True), await vues(terminee=False)
    assert finie.numero_carif in terminees
    assert {dernier_jour.numero_carif, pleine.numero_carif} <= en_cours.keys()
    assert not terminees.keys() & en_cours.keys()
    assert d_un_autre.numero_carif not in terminees.keys() | en_cours.keys()
    onglets = await api(qui, "{ ongletsMesSessions { enCoursEtAVenir terminees } }")
    assert onglets["ongletsMesSessions"] == {
        "enCoursEtAVenir": len(en_cours),
        "terminees": len(terminees),
    }
    assert en_cours[pleine.numero_carif]["nombrePlaces"] == {"faites": 2, "possibles": 30}

    assert (await vues(role="POSITIONNEUR")).keys() == {pleine.numero_carif}
    possibles = await vues(situations=["CANDIDATURE_POSSIBLE"])
    assert pleine.numero_carif in possibles
    assert {node["situation"] for node in possibles.values()} == {"CANDIDATURE_POSSIBLE"}
    assert (await vues(texte=pleine.numero_carif)).keys() == {pleine.numero_carif}
    assert (await vues(finAvant=monde.jour(-1).isoformat())).keys() == terminees.keys()


@pytest.mark.regle("R-147", "R-148")
async def test_candidatures_are_filtered_by_dates_role_etat_type_and_text(api: Api, monde: Monde) -> None:
    finie = await monde.une_session(date_debut=monde.jour(-60), date_fin=monde.jour(-1))
    permanente = await monde.une_session(type_entree="permanentes", positionneur_id=monde.estuaire.id)
    de_finie = await monde.une_candidature(session=finie, auteur=monde.paul, etat="en_attente_avis")
    retenue = await monde.une_candidature(
        session=permanente, candidat=monde.lea, auteur=monde.paul, etat="retenue"
    )
    qui, toutes = of_responsable(monde), {de_finie.reference, retenue.reference}

    assert await listees(api, qui) == toutes
    assert await listees(api, qui, sessionTerminee=True) == {de_finie.reference}
    assert await listees(api, qui, sessionTerminee=False) == {retenue.reference}
    assert await listees(api, qui, sessionDebutApres=monde.jour(0).isoformat()) == {retenue.reference}
    assert await listees(api, qui, sessionFinAvant=monde.jour(-1).isoformat()) == {de_finie.reference}
    assert await listees(api, qui, role="RESPONSABLE") == toutes
    assert await listees(api, qui, role="POSITIONNEUR") == {retenue.reference}
    assert await listees(api, qui, role="FORMATEUR") == set()
    assert await listees(api, qui, etats=["RETENUE"]) == {retenue.reference}
    assert await listees(api, qui, typeSession="PERMANENTES") == {retenue.reference}
    assert await listees(api, qui, texte=monde.lea.nom, role="POSITIONNEUR") == {retenue.reference}
    assert await listees(api, qui, texte=monde.lea.nom, sessionTerminee=True) == set()


@pytest.mark.regle("R-150", "R-151")
async def test_the_candidatures_of_a_session_are_classed_with_what_recruiting_needs(
    api: Api, monde: Monde
) -> None:
    session = await monde.une_session()
    attend = await monde.une_candidature(session=session, auteur=monde.paul, etat="en_attente_avis")
    for numero, resultat in ((1, "absence_justifiee"), (2, "prevue")):
        await monde.inserer(
            m.Convocation,
            candidature_id=attend.id,
            numero=numero,
            date_rendez_vous=monde.jour(numero),
            resultat=resultat,
            cree_le=MAINTENANT,
        )
    await monde.une_candidature(session=session, candidat=monde.lea, auteur=monde.paul, etat="retenue")
    await monde.une_candidature(session=session, candidat=monde.aicha, auteur=monde.paul, etat="brouillon")
    asked = """query($n: String!) { session(numeroCarif: $n) { avisJusquAu
      candidatures(filtre: { onglet: EN_ATTENTE_AVIS }) { parEtat { etat nombre } nodes { reference
        candidat { nom prenom telephone courriel } organismePrescripteur datePreinscription
        derniereConvocation { numero resultat dateRendezVous } avis { retenu dateEntreePrevue } } }
      toutes: candidatures { parEtat { etat nombre } } } }"""

    vue = (await api(of_responsable(monde), asked, n=session.numero_carif))["session"]
    assert vue["toutes"]["parEtat"] == [
        {"etat": "EN_ATTENTE_AVIS", "nombre": 1},
        {"etat": "RETENUE", "nombre": 1},
    ]
    [ligne] = vue["candidatures"]["nodes"]
    assert ligne["derniereConvocation"] == {
        "numero": 2,
        "resultat": "PREVUE",
        "dateRendezVous": monde.jour(2).isoformat(),
    }
    assert ligne["organismePrescripteur"] == monde.trois_vallees.raison_sociale
    assert vue["avisJusquAu"] == (session.date_fin + 21 * JOUR).isoformat()
    assert gid("Session", session)
