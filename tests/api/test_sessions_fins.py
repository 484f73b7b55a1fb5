"""How sessions are moved for their financeur, cancelled with what waits on them, and leave the catalogue."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from tests.cast import Monde

from . import actes_sessions as s
from .actes import codes
from .actes_actions import acte, une_action_complete, une_session_complete
from .actes_sessions import essayer, refus, voir
from .conftest import Api
from .identifiants import gid

E = m.EtatCandidature


async def courriels(monde: Monde) -> list[tuple[str, int]]:
    """Out: the mails that wait to leave: their template, and to whom."""
    async with monde.engine.connect() as db:
        rows = await db.execute(
            text("select args from procrastinate_jobs where task_name = 'courriel' order by id")
        )
        return [(args["gabarit"], args["compte_id"]) for (args,) in rows]


async def deplacer(api: Api, qui: Any, session: Any, **champs: Any) -> dict[str, Any]:
    return await acte(api, qui, s.DATES, entree={"session": gid("Session", session), **champs})


# --- moved ---------------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-130", "R-240", "C-01")
async def test_only_a_gestionnaire_moves_a_published_session_and_prescripteurs_are_told(
    api: Api, monde: Monde
) -> None:
    session, dates = (
        monde.session_maconnerie,
        {
            "dateDebut": monde.jour(90).isoformat(),
            "dateFin": monde.jour(240).isoformat(),
        },
    )
    await monde.une_candidature(session=session, etat=E.EN_ATTENTE_AVIS, auteur=monde.nadia)
    for qui in (monde.karim, monde.louise, monde.ines, monde.paul, None):
        assert codes(await deplacer(api, qui, session, **dates)) == ["INTERDIT"]

    faite = await deplacer(api, monde.gaelle, session, **dates)

    assert (faite["session"]["dateDebut"], faite["session"]["dateFin"]) == tuple(dates.values())
    assert (await monde.relire(session, m.SessionFormation)).date_debut_initiale == monde.jour(90)
    assert await courriels(monde) == [("dates_session", monde.nadia.id)]


@pytest.mark.regle("C-01", "R-135")
async def test_dates_that_do_not_hold_together_are_refused(api: Api, monde: Monde) -> None:
    session = monde.session_maconnerie
    inverse = await deplacer(api, monde.gaelle, session, dateFin=monde.jour(2).isoformat())
    assert refus(inverse) == {("FIN_AVANT_DEBUT", "dateFin")}
    courte = await deplacer(api, monde.gaelle, session, dateFin=monde.jour(40).isoformat())
    assert refus(courte) == {("DATES_INCOHERENTES", "dateEntreeTardive")}
    assert refus(await deplacer(api, monde.gaelle, session, dateFin=None)) == {
        ("CHAMP_OBLIGATOIRE", "dateFin")
    }


@pytest.mark.regle("R-069", "R-067", "C-01", "C-25")
async def test_entry_points_are_given_by_a_gestionnaire_and_one_where_somebody_is_expected_stays(
    api: Api, monde: Monde
) -> None:
    session, attendu = monde.session_hsp, monde.points_hsp[-1]
    await monde.une_candidature(session=session, etat=E.EN_ATTENTE_AVIS, point_entree_id=attendu.id)
    jours = [monde.jour(n).isoformat() for n in (40, 80)]
    for qui in (monde.karim, monde.ines, monde.paul):
        assert codes(await deplacer(api, qui, session, pointsEntree=jours)) == ["INTERDIT"]
    assert codes(await deplacer(api, monde.gaelle, session, pointsEntree=jours)) == []

    points = "query($n: String!) { session(numeroCarif: $n) { pointsEntree { dateEntree } } }"
    lus = (await api(monde.gaelle, points, n=session.numero_carif))["session"]["pointsEntree"]
    assert [p["dateEntree"] for p in lus] == sorted({*jours, attendu.date_entree.isoformat()})
    for cible, faux in ((session, [monde.jour(400)]), (monde.session_maconnerie, [monde.jour(60)])):
        refuse = await deplacer(api, monde.gaelle, cible, pointsEntree=[j.isoformat() for j in faux])
        assert refus(refuse) == {("POINTS_INVALIDES", "pointsEntree")}


# --- cancelled -----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-169")
async def test_cancelling_a_session_refuses_what_waits_for_an_avis_and_nothing_else(
    api: Api, monde: Monde
) -> None:
    session = monde.session_maconnerie
    attend = [
        await monde.une_candidature(session=session, candidat=c, etat=E.EN_ATTENTE_AVIS, auteur=q)
        for c, q in ((monde.lea, monde.nadia), (monde.mathis, monde.camille))
    ]
    autres = {
        etat: await monde.une_candidature(session=session, candidat=c, etat=etat)
        for etat, c in ((E.BROUILLON, monde.aicha), (E.RETENUE, monde.samir), (E.ANNULEE, monde.noemie))
    }
    ailleurs = await monde.une_candidature(session=monde.session_poec, etat=E.EN_ATTENTE_AVIS)
    motif = "Le financeur renonce."
    for qui in (monde.karim, monde.louise, monde.paul, None):
        assert await essayer(api, qui, s.ANNULER, session, motif=motif) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, s.ANNULER, session, motif=" ") == ["CHAMP_OBLIGATOIRE"]

    faite = await acte(api, monde.gaelle, s.ANNULER, session=gid("Session", session), motif=motif)

    assert (faite["session"]["etat"], faite["nbCandidatures"]) == ("ANNULEE", 2)
    for row in attend:
        assert (await monde.relire(row)).etat is E.REFUS_SESSION_ANNULEE
    for etat, row in autres.items():
        assert (await monde.relire(row)).etat is etat
    assert (await monde.relire(ailleurs)).etat is E.EN_ATTENTE_AVIS
    assert (await monde.relire(session, m.SessionFormation)).places_prises == 1
    assert await courriels(monde) == [
        ("session_annulee", monde.nadia.id),
        ("session_annulee", monde.camille.id),
    ]
    assert await essayer(api, monde.gaelle, s.ANNULER, session, motif=motif) == ["ETAT_INCOMPATIBLE"]


# --- withdrawn -----------------------------------------------------------------------------------------------------


@pytest.mark.regle("R-249", "C-02", "C-23")
@pytest.mark.parametrize(
    ("jours", "attendu"), [(31, []), (30, ["SUPPRESSION_A_DEMANDER"]), (-5, ["SUPPRESSION_A_DEMANDER"])]
)
async def test_a_session_leaves_at_once_when_it_ended_more_than_thirty_days_ago(
    api: Api, monde: Monde, jours: int, attendu: list[str]
) -> None:
    session = await monde.une_session(
        monde.action_anglais, date_debut=monde.jour(-90), date_fin=monde.jour(-jours)
    )
    assert await essayer(api, monde.karim, s.SUPPRIMER, session) == attendu
    assert (await voir(api, None, session) is None) is (attendu == [])


@pytest.mark.regle("R-249", "C-23")
async def test_the_candidatures_of_a_deleted_session_keep_what_they_knew(api: Api, monde: Monde) -> None:
    session = await monde.une_session(
        monde.action_maconnerie, date_debut=monde.jour(-90), date_fin=monde.jour(-31)
    )
    candidature = await monde.une_candidature(session=session, etat=E.RETENUE)
    assert await essayer(api, monde.karim, s.SUPPRIMER, session) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, s.SUPPRIMER, session) == []

    lire = "query($r: String!) { candidature(reference: $r) { etat } }"
    assert (await api(monde.paul, lire, r=candidature.reference))["candidature"] == {"etat": "RETENUE"}
    assert (await monde.relire(candidature)).session_date_fin == session.date_fin


@pytest.mark.regle("R-249")
async def test_a_draft_of_a_session_goes_away_for_good(api: Api, monde: Monde) -> None:
    action = await une_action_complete(monde)
    brouillon = await une_session_complete(monde, action)
    await monde.inserer(m.Reunion, session_id=brouillon.id, debut_le=monde.le)

    assert await essayer(api, monde.karim, s.SUPPRIMER, brouillon) == []
    assert await voir(api, monde.gaelle, brouillon) is None


@pytest.mark.regle("R-250", "C-02")
async def test_a_deletion_is_asked_with_a_reason_and_decided_by_a_gestionnaire(
    api: Api, monde: Monde
) -> None:
    session, motif = monde.session_anglais, "Le groupe n'ouvrira pas."
    assert await essayer(api, monde.karim, s.DEMANDER, session, motif="") == ["CHAMP_OBLIGATOIRE"]
    assert await essayer(api, monde.louise, s.DEMANDER, session, motif=motif) == ["INTERDIT"]
    assert await essayer(api, monde.karim, s.DEMANDER, session, motif=motif) == []
    assert (await voir(api, monde.karim, session))["motifSuppression"] == motif
    vue = await voir(api, monde.paul, session)
    assert (vue["etat"], vue["motifSuppression"]) == ("SUPPRESSION_DEMANDEE", None)

    assert await essayer(api, monde.karim, s.DECIDER, session, accepter=True) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, s.DECIDER, session, accepter=False) == []
    assert (await voir(api, monde.paul, session))["etat"] == "PUBLIEE"
    assert await essayer(api, monde.gaelle, s.DECIDER, session, accepter=True) == ["ETAT_INCOMPATIBLE"]
    await essayer(api, monde.karim, s.DEMANDER, session, motif=motif)
    assert await essayer(api, monde.gaelle, s.DECIDER, session, accepter=True) == []
    assert await voir(api, monde.paul, session) is None
    assert (await voir(api, monde.karim, session))["etat"] == "SUPPRIMEE"


@pytest.mark.regle("R-250", "R-130")
async def test_no_deletion_of_a_conventionnee_session_is_asked_here(api: Api, monde: Monde) -> None:
    assert await essayer(api, monde.louise, s.DEMANDER, monde.session_poec, motif="x") == ["INTERDIT"]


# --- what the buttons say ------------------------------------------------------------------------------------------

BOUTONS = "query($id: ID!) { node(id: $id) { ... on Session { peut { modifier dupliquer modifierDates } } } }"


@pytest.mark.parametrize("qui", ["gaelle", "karim"])
@pytest.mark.parametrize("etat", list(m.EtatSession))
async def test_a_button_says_what_the_act_answers_in_any_etat(
    api: Api, monde: Monde, qui: str, etat: m.EtatSession
) -> None:
    personne = getattr(monde, qui)
    session = await monde.une_session(await une_action_complete(monde), etat=etat)
    cle = gid("Session", session)
    jours = {"dateDebut": monde.jour(40).isoformat(), "dateFin": monde.jour(90).isoformat()}
    dits = (await api(personne, BOUTONS, id=cle))["node"]["peut"]
    actes = {
        "modifier": await acte(api, personne, s.MODIFIER, entree={"session": cle, "commentaire": "Mot"}),
        "modifierDates": await deplacer(api, personne, session, dateFin=jours["dateFin"]),
        "dupliquer": await acte(api, personne, s.DUPLIQUER, session=cle, **jours),
    }
    refuses = {nom: {"ETAT_INCOMPATIBLE", "INTERDIT"} & {*codes(rendu)} for nom, rendu in actes.items()}
    assert dits == {nom: not codes_ for nom, codes_ in refuses.items()}, refuses
