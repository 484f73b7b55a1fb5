"""« Gestion par lot »: each item answered on its own, nothing half-done; and how candidatures end without an avis."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from tests.cast import JOUR, MAINTENANT, Monde
from tests.jobs.conftest import Atelier, atelier

from . import actes, actes_lots
from .actes import codes
from .conftest import Api
from .identifiants import gid
from .test_concurrence import COMPLET

__all__ = ["atelier"]


async def plusieurs(monde: Monde, combien: int, **colonnes: Any) -> list[m.Candidature]:
    """Out: candidatures that wait for an avis, each of somebody else, on one session unless said."""
    colonnes.setdefault("session", await monde.une_session())
    return [
        await monde.une_candidature(
            candidat=await monde.un_candidat(nom=f"Lot{rang}"),
            **{"auteur": monde.paul, "etat": "en_attente_avis"} | colonnes,
        )
        for rang in range(combien)
    ]


async def recus(monde: Monde, combien: int, **colonnes: Any) -> list[m.Candidature]:
    """Out: candidatures of one session, each of somebody whom the training organisation has seen."""
    found = await plusieurs(monde, combien, **colonnes)
    for candidature in found:
        await monde.inserer(
            m.Convocation,
            candidature_id=candidature.id,
            numero=1,
            date_rendez_vous=monde.jour(-1),
            resultat="presence",
            cree_le=MAINTENANT,
        )
    return found


def ids(candidatures: list[m.Candidature]) -> list[str]:
    return [gid("Candidature", candidature) for candidature in candidatures]


def avis(id: str, **champs: Any) -> dict[str, Any]:
    oui = {"retenu": True, "dateEntreePrevue": "2026-07-01", "dateSortiePrevue": "2026-09-30"}
    return {"candidature": id, **oui, "intensiteHebdomadaire": 35.0} | champs


@pytest.mark.regle("R-152", "R-155")
async def test_a_lot_answers_each_item_on_its_own(api: Api, monde: Monde) -> None:
    lot = await plusieurs(monde, 4)
    convened = await api(
        monde.ines,
        actes_lots.CONVOQUER,
        x={"candidatures": ids(lot[:3]), "dateRendezVous": monde.jour(0).isoformat()},
    )
    assert [r["fait"] for r in convened["convoquerParLot"]["resultats"]] == [True] * 3
    venus = [{"candidature": id, "numero": 1, "resultat": "PRESENCE"} for id in ids(lot[:3])]
    await api(monde.ines, actes_lots.NOTER, x=venus)

    premier, deuxieme, troisieme, quatrieme = ids(lot)
    entrees = [
        avis(premier),
        avis(deuxieme, retenu=False),
        avis(troisieme, retenu=False, motif="PREREQUIS", raison="Le niveau A2."),
        avis(quatrieme),
        avis("Q2FuZGlkYXR1cmU6MA=="),
    ]
    answer = (await api(monde.ines, actes_lots.AVIS, x=entrees))["rendreAvisParLot"]

    assert [(r["id"], r["fait"], codes(r)) for r in answer["resultats"]] == [
        (premier, True, []),
        (deuxieme, False, ["CHAMP_OBLIGATOIRE", "CHAMP_OBLIGATOIRE"]),
        (troisieme, True, []),
        (quatrieme, False, ["PRESENCE_REQUISE"]),
        ("Q2FuZGlkYXR1cmU6MA==", False, ["NON_TROUVE"]),
    ]
    assert {c["id"]: c["etat"] for c in answer["candidatures"]} == {
        premier: "RETENUE",
        troisieme: "NON_RETENUE",
    }
    etats = [str((await monde.relire(c)).etat) for c in lot]
    assert etats == ["retenue", "en_attente_avis", "non_retenue", "en_attente_avis"]


@pytest.mark.regle("R-152", "R-166")
async def test_each_result_of_a_lot_is_told_to_its_author_as_soon_as_it_is_decided(
    api: Api, monde: Monde, atelier: Atelier
) -> None:
    lot = await recus(monde, 3)
    premier, deuxieme, troisieme = ids(lot)
    entrees = [
        avis(premier),
        avis(deuxieme, retenu=False),  # refused: it lacks its reason
        avis(troisieme, retenu=False, motif="PREREQUIS", raison="Le niveau A2."),
    ]
    rendu = (await api(monde.ines, actes_lots.AVIS, x=entrees))["rendreAvisParLot"]
    assert [r["fait"] for r in rendu["resultats"]] == [True, False, True]
    await atelier.vider()
    assert [a for a, _ in atelier.boite.objets] == [monde.paul.courriel] * 2
    assert len(await atelier.etats("dire_resultat")) == 2
    await atelier.tic()
    assert len(atelier.boite.objets) == 2  # the tick tells nothing twice


@pytest.mark.regle("R-166", "R-167")
async def test_an_avis_that_did_not_come_is_told_in_the_job_that_finds_it(
    monde: Monde, atelier: Atelier
) -> None:
    session = await monde.une_session(date_debut=monde.jour(-60), date_fin=monde.jour(-23))
    [candidature] = await plusieurs(monde, 1, session=session)
    await atelier.confier("constater_avis_non_transmis", timestamp=0)
    await atelier.vider()
    assert (await monde.relire(candidature)).etat == "avis_non_transmis"
    assert [state for state, _ in await atelier.etats("dire_resultat")] == ["succeeded"]
    [(a, objet)] = atelier.boite.objets
    assert a == monde.paul.courriel
    assert "Avis non transmis" in objet


@pytest.mark.regle("R-152")
async def test_what_fails_in_an_item_leaves_nothing_of_it_behind(api: Api, monde: Monde) -> None:
    """The base refuses the second avis once it is half written: a row of its own already stands in the way."""
    lot = await recus(monde, 3)
    await monde.inserer(
        m.Avis,
        candidature_id=lot[1].id,
        est_retenu=False,
        motif="autre",
        raison="Ancien.",
        rendu_le=MAINTENANT,
    )
    answer = (await api(monde.ines, actes_lots.AVIS, x=[avis(id) for id in ids(lot)]))["rendreAvisParLot"]

    assert [codes(r) for r in answer["resultats"]] == [[], ["INCIDENT_INTERNE"], []]
    assert [str((await monde.relire(c)).etat) for c in lot] == ["retenue", "en_attente_avis", "retenue"]
    async with monde.engine.connect() as db:
        rendus = await db.scalars(text("select candidature_id from fait where nom = 'AvisRendu' order by id"))
        assert list(rendus) == [lot[0].id, lot[2].id]


@pytest.mark.regle("R-152")
@pytest.mark.parametrize("by", ["the document", "a variable"])
async def test_an_item_that_cannot_be_read_is_said_so_and_the_others_are_done(
    api: Api, monde: Monde, by: str
) -> None:
    [bonne] = ids(await plusieurs(monde, 1))
    said = ["n'importe quoi", bonne]
    head, given = ("($x: [ID!]!)", "$x") if by == "a variable" else ("", json.dumps(said))
    ecrit = f"""mutation {head} {{ convoquerParLot(
        entree: {{ candidatures: {given}, dateRendezVous: "{monde.jour(2)}" }}
    ) {{ resultats {{ fait empechements {{ code message }} }} }} }}"""

    answer = (await api(monde.ines, ecrit, **({"x": said} if head else {})))["convoquerParLot"]

    illisible, faite = answer["resultats"]
    assert codes(illisible) == ["VALEUR_ILLISIBLE"]
    assert "illisible" in illisible["empechements"][0]["message"]
    assert codes(faite) == []


@pytest.mark.regle("R-152")
async def test_a_lot_counts_two_hundred_at_most_and_not_one_more(api: Api, monde: Monde) -> None:
    inconnues = [gid("Candidature", type("Cle", (), {"id": 10_000 + n})) for n in range(201)]

    trop = (await api(monde.ines, actes_lots.REPORTER, x=inconnues))["reporterAuPointSuivant"]
    assert (codes(trop), trop["resultats"], trop["candidatures"]) == (["TROP_DE_CANDIDATURES"], None, [])

    juste = (await api(monde.ines, actes_lots.REPORTER, x=inconnues[:200]))["reporterAuPointSuivant"]
    assert {tuple(codes(r)) for r in juste["resultats"]} == {("NON_TROUVE",)}
    assert len(juste["resultats"]) == 200


@pytest.mark.regle("R-152", "R-103", "C-08")
async def test_a_n3_validates_many_and_the_quota_stops_those_beyond(api: Api, monde: Monde) -> None:
    lot = [
        await monde.une_candidature(session=await monde.une_session(), auteur=monde.nadia, **COMPLET)
        for _ in range(4)
    ]

    answer = (await api(monde.rosa, actes_lots.VALIDER, x=ids(lot)))["validerCandidatures"]

    assert [codes(r) for r in answer["resultats"]] == [[], [], [], ["QUOTA_ATTEINT"]]


@pytest.mark.regle("C-31", "R-152")
async def test_who_wrote_or_validated_it_judges_it_by_no_lot(api: Api, monde: Monde) -> None:
    session = await monde.une_session(formateur_id=monde.tremplin.id)
    ecrite, d_un_autre = (
        await plusieurs(monde, 1, session=session, auteur=monde.sophie),
        await plusieurs(monde, 1, session=session),
    )
    sophie = monde.sophie.sous("of_general")
    lot = ids([*ecrite, *d_un_autre])

    answer = await api(
        sophie, actes_lots.CONVOQUER, x={"candidatures": lot, "dateRendezVous": monde.jour(1).isoformat()}
    )
    assert [codes(r) for r in answer["convoquerParLot"]["resultats"]] == [["INTERDIT"], []]
    closed = await api(sophie, actes_lots.COMPLETE, session=gid("Session", session), x=lot)
    assert [codes(r) for r in closed["declarerSessionComplete"]["resultats"]] == [["INTERDIT"], []]


# --- a full session, a cancelled one, a rejection -------------------------------------------------------------------


@pytest.mark.regle("C-10", "R-168")
async def test_a_full_session_refuses_what_is_named_or_all_that_waits(api: Api, monde: Monde) -> None:
    session, ailleurs = await monde.une_session(), await plusieurs(monde, 1)
    lot = await plusieurs(monde, 4, session=session)
    retenue = await monde.une_candidature(session=session, auteur=monde.paul, etat="retenue")
    qui = {"session": gid("Session", session)}

    named = await api(monde.ines, actes_lots.COMPLETE, **qui, x=ids([lot[0], *ailleurs]))
    assert [codes(r) for r in named["declarerSessionComplete"]["resultats"]] == [[], ["NON_TROUVE"]]
    for intrus in (monde.paul, monde.karim, monde.marc):
        vides = (await api(intrus, actes_lots.COMPLETE, **qui))["declarerSessionComplete"]
        assert vides["resultats"] == []
    toutes = (await api(monde.gaelle, actes_lots.COMPLETE, **qui))["declarerSessionComplete"]
    assert sorted(c["id"] for c in toutes["candidatures"]) == sorted(ids(lot[1:]))
    assert {c["etat"] for c in toutes["candidatures"]} == {"REFUS_SESSION_COMPLETE"}
    assert str((await monde.relire(retenue)).etat) == "retenue"
    assert str((await monde.relire(ailleurs[0])).etat) == "en_attente_avis"


@pytest.mark.regle("C-24", "R-165")
async def test_a_gestionnaire_corrects_an_avis_with_a_reason_and_leaves_a_trace(
    api: Api, monde: Monde
) -> None:
    (candidature,) = await plusieurs(monde, 1)
    qui = {"candidature": gid("Candidature", candidature)}
    await api(monde.ines, actes.CONVOQUER, entree=qui | {"dateRendezVous": monde.jour(0).isoformat()})
    noted = await api(
        monde.ines, actes.NOTER, entree=qui | {"numero": 1, "resultat": "ABSENCE_NON_JUSTIFIEE"}
    )
    assert noted["noterConvocation"]["candidature"]["etat"] == "NON_RETENUE"
    bon = avis(qui["candidature"])

    for autre in (monde.ines, monde.paul):
        assert codes((await api(autre, actes_lots.CORRIGER, entree=bon))["corrigerAvis"]) == ["INTERDIT"]
    muet = (await api(monde.gaelle, actes_lots.CORRIGER, entree=bon))["corrigerAvis"]
    assert [(e["code"], e["chemin"][-1]) for e in muet["empechements"]] == [
        ("CHAMP_OBLIGATOIRE", "motifCorrection")
    ]
    raison = {"motifCorrection": "Absence notée sur la mauvaise personne."}
    done = (await api(monde.gaelle, actes_lots.CORRIGER, entree=bon | raison))["corrigerAvis"]
    assert done["empechements"] == []
    assert done["candidature"]["etat"] == "RETENUE"
    assert (done["candidature"]["avis"]["retenu"], done["candidature"]["avis"]["automatique"]) == (
        True,
        False,
    )
    trace = """query($id: ID!) { node(id: $id) { ... on Candidature { motifFin historique(first: 1) {
      nodes { nom avant apres } } } } }"""
    seen = (await api(monde.gaelle, trace, id=qui["candidature"]))["node"]
    assert seen["motifFin"] == raison["motifCorrection"]
    assert seen["historique"]["nodes"] == [{"nom": "AvisCorrige", "avant": "non_retenue", "apres": "retenue"}]


@pytest.mark.regle("R-112", "R-113")
async def test_a_gestionnaire_rejects_what_bears_an_anomaly_and_its_author_is_written_to(
    api: Api, monde: Monde
) -> None:
    (candidature,) = await plusieurs(monde, 1)
    asked = {"id": gid("Candidature", candidature), "motif": "DATE_SESSION"}

    for autre in (monde.paul, monde.rosa, monde.ines):
        assert codes((await api(autre, actes_lots.REJETER, **asked))["rejeterCandidature"]) == ["INTERDIT"]
    done = (await api(monde.gaelle, actes_lots.REJETER, **asked))["rejeterCandidature"]
    assert done["candidature"]["etat"] == "REJETEE"
    async with monde.engine.connect() as db:
        args = await db.scalar(text("select args from procrastinate_jobs where task_name = 'courriel'"))
    assert args == {
        "gabarit": "candidature_rejetee",
        "compte_id": monde.paul.id,
        "candidature_id": candidature.id,
        "motif": "date_session",
    }


# --- HSP ------------------------------------------------------------------------------------------------------------


async def hsp(monde: Monde, **colonnes: Any) -> tuple[m.SessionFormation, list[m.PointEntree]]:
    """Out: a HSP session of two points, tomorrow and in a month."""
    action = await monde.une_action(dispositif="hsp")
    session = await monde.une_session(action, date_debut=monde.jour(-10), **colonnes)
    return session, [await monde.un_point(session, dans) for dans in (1, 30)]


@pytest.mark.regle("C-25", "R-074", "R-071")
async def test_a_hsp_candidature_moves_to_the_next_point_once_its_own_is_past(api: Api, monde: Monde) -> None:
    session, (demain, plus_tard) = await hsp(monde, capacite_accueil=1, coefficient=1)
    attend, autre = await plusieurs(monde, 1, session=session, point_entree_id=demain.id), monde.mathis
    await allonger_les_jetons(monde)

    trop_tot = (await api(monde.ines, actes_lots.REPORTER, x=ids(attend)))["reporterAuPointSuivant"]
    assert [codes(r) for r in trop_tot["resultats"]] == [["POINT_ENTREE_INCHANGE"]]

    api.montre.heure = MAINTENANT + 2 * JOUR
    done = (await api(monde.ines, actes_lots.REPORTER, x=ids(attend)))["reporterAuPointSuivant"]
    assert [codes(r) for r in done["resultats"]] == [[]]
    assert [(await monde.relire(p)).places_prises for p in (demain, plus_tard)] == [0, 1]
    en_trop = await monde.une_candidature(
        session=session, candidat=autre, auteur=monde.paul, etat="en_attente_avis", point_entree_id=demain.id
    )
    full = (await api(monde.ines, actes_lots.REPORTER, x=ids([en_trop])))["reporterAuPointSuivant"]
    assert [codes(r) for r in full["resultats"]] == [["POINT_ENTREE_COMPLET"]]


@pytest.mark.regle("C-25")
async def test_the_last_place_of_a_point_goes_to_one_of_those_that_move_at_once(
    api: Api, monde: Monde
) -> None:
    session, (demain, plus_tard) = await hsp(monde, capacite_accueil=1, coefficient=1)
    await monde.changer(session, capacite_accueil=3)
    lot = await plusieurs(monde, 3, session=session, point_entree_id=demain.id)
    await monde.changer(session, capacite_accueil=1)
    await allonger_les_jetons(monde)
    api.montre.heure = MAINTENANT + 2 * JOUR

    answers = await asyncio.gather(*[api(monde.ines, actes_lots.REPORTER, x=[id]) for id in ids(lot)])

    met = sorted(codes(a["reporterAuPointSuivant"]["resultats"][0]) for a in answers)
    assert met == [[], ["POINT_ENTREE_COMPLET"], ["POINT_ENTREE_COMPLET"]]
    assert (await monde.relire(plus_tard)).places_prises == 1


async def allonger_les_jetons(monde: Monde) -> None:
    """Tokens live twelve hours; the clock of a test may move by days."""
    async with monde.engine.begin() as db:
        await db.execute(text("update jeton set expire_le = expire_le + interval '400 days'"))
