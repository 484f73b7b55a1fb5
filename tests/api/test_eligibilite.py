"""`eligibilite(session, candidat)`: every blocking reason before the form, the same that the act would give."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from app.kit.clock import PARIS
from tests.cast import MAINTENANT, Monde

from . import actes, actes_lots
from .actes import codes
from .conftest import Api
from .identifiants import gid
from .test_concurrence import COMPLET
from .test_lots import allonger_les_jetons, hsp


async def opposes(api: Api, qui: Any, session: Any, candidat: Any) -> list[str]:
    """Out: the codes of what is against, before any form."""
    found = await api(qui, actes_lots.ELIGIBILITE, s=gid("Session", session), c=gid("Candidat", candidat))
    eligibilite = found["eligibilite"]
    assert eligibilite["oui"] == (not eligibilite["motifs"])
    return [motif["code"] for motif in eligibilite["motifs"]]


async def validation(api: Api, monde: Monde, session: Any, candidat: Any) -> list[str]:
    """Out: the codes that a complete draft meets when it is validated."""
    brouillon = await monde.une_candidature(session=session, candidat=candidat, auteur=monde.paul, **COMPLET)
    answer = await api(monde.paul, actes.VALIDER, id=gid("Candidature", brouillon))
    return codes(answer["validerCandidature"])


async def sans_motif(monde: Monde) -> tuple[Any, Any]:
    return await monde.une_session(), monde.mathis


async def close(monde: Monde) -> tuple[Any, Any]:
    return await monde.une_session(
        date_limite_inscription=monde.jour(-1), date_entree_tardive=monde.jour(40)
    ), monde.mathis


async def pleine(monde: Monde) -> tuple[Any, Any]:
    session = await monde.une_session(capacite_accueil=1, coefficient=1)
    await monde.une_candidature(
        session=session, candidat=monde.lea, auteur=monde.yann, etat="en_attente_avis"
    )
    return session, monde.mathis


async def au_quota(monde: Monde) -> tuple[Any, Any]:
    for _ in range(3):
        await monde.une_candidature(
            session=await monde.une_session(), auteur=monde.yann, etat="en_attente_avis"
        )
    return await monde.une_session(), monde.mathis


async def deja_la(monde: Monde) -> tuple[Any, Any]:
    session = await monde.une_session()
    await monde.une_candidature(session=session, auteur=monde.yann, etat="retenue")
    return session, monde.mathis


async def non_retenue(monde: Monde) -> tuple[Any, Any]:
    session = await monde.une_session()
    await monde.une_candidature(session=session, auteur=monde.yann, etat="non_retenue")
    return session, monde.mathis


async def hsp_deux_fois(monde: Monde) -> tuple[Any, Any]:
    (premiere, points), (seconde, _) = await hsp(monde), await hsp(monde)
    await monde.une_candidature(
        session=premiere, auteur=monde.yann, etat="en_attente_avis", point_entree_id=points[0].id
    )
    return seconde, monde.mathis


async def hsp_sans_point(monde: Monde) -> tuple[Any, Any]:
    action = await monde.une_action(dispositif="hsp")
    session = await monde.une_session(action, date_debut=monde.jour(-30))
    await monde.un_point(session, -2)
    return session, monde.mathis


async def close_et_au_quota(monde: Monde) -> tuple[Any, Any]:
    await au_quota(monde)
    return await close(monde)


CAS = {
    sans_motif: [],
    close: ["INSCRIPTIONS_CLOSES"],
    pleine: ["SESSION_COMPLETE"],
    au_quota: ["QUOTA_ATTEINT"],
    deja_la: ["CANDIDATURE_EXISTANTE"],
    non_retenue: ["DEJA_NON_RETENUE"],
    hsp_deux_fois: ["QUOTA_HSP_ATTEINT"],
    hsp_sans_point: ["SANS_POINT_ENTREE"],
    close_et_au_quota: ["INSCRIPTIONS_CLOSES", "QUOTA_ATTEINT"],
}


@pytest.mark.regle("R-072", "R-075", "R-076", "R-089", "R-096", "R-097", "R-098", "C-08", "C-09", "C-18")
@pytest.mark.parametrize(("situation", "attendu"), CAS.items(), ids=[s.__name__ for s in CAS])
async def test_what_is_said_before_the_form_is_what_the_act_meets(
    api: Api, monde: Monde, situation: Any, attendu: list[str]
) -> None:
    session, candidat = await situation(monde)

    assert await opposes(api, monde.paul, session, candidat) == attendu
    assert await validation(api, monde, session, candidat) == attendu


@pytest.mark.regle("C-13", "R-077")
async def test_it_says_that_the_hours_are_over(api: Api, monde: Monde) -> None:
    api.montre.heure = MAINTENANT.replace(hour=20)
    assert await opposes(api, monde.paul, await monde.une_session(), monde.mathis) == ["HORS_HORAIRES"]


@pytest.mark.regle("R-099", "R-036")
async def test_it_says_who_may_not_and_what_takes_no_candidature(api: Api, monde: Monde) -> None:
    opposes_a_tous = await opposes(api, monde.paul, monde.session_anglais, monde.mathis)
    assert opposes_a_tous[:2] == ["INTERDIT", "NON_CONVENTIONNEE"]
    assert await opposes(api, monde.gaelle, await monde.une_session(), monde.mathis) == ["INTERDIT"]


@pytest.mark.regle("C-28")
async def test_it_tells_nothing_of_a_person_whom_one_may_not_read(api: Api, monde: Monde) -> None:
    inconnu = await monde.un_candidat(createur_structure_id=None)
    session = await monde.une_session()

    for qui in (monde.paul, monde.karim, None):
        assert await opposes(api, qui, session, inconnu) == ["NON_TROUVE"]
    assert await opposes(api, monde.paul, type("Cle", (), {"id": 0}), monde.mathis) == ["NON_TROUVE"]


# --- hours, across daylight saving ----------------------------------------------------------------------------------


@pytest.mark.regle("C-13", "R-077")
@pytest.mark.parametrize(
    ("heure", "ouvert"),
    [
        (datetime(2026, 3, 27, 19, 59), True),  # a Friday of winter time: 18:59 in Greenwich
        (datetime(2026, 3, 27, 20, 0), False),
        (datetime(2026, 3, 30, 7, 59), False),  # the Monday after: summer time, 5:59 in Greenwich
        (datetime(2026, 3, 30, 8, 0), True),
        (datetime(2026, 10, 23, 19, 59), True),  # a Friday of summer time
        (datetime(2026, 10, 26, 7, 59), False),  # the Monday after: winter time, 6:59 in Greenwich
        (datetime(2026, 10, 26, 8, 0), True),
        (datetime(2026, 5, 1, 10, 0), True),  # a bank holiday is open, unless a deployment says otherwise
    ],
)
async def test_the_hours_are_those_of_the_clock_of_paris_all_year(
    api: Api, monde: Monde, heure: datetime, ouvert: bool
) -> None:
    session = await monde.une_session(date_debut=monde.jour(-200), date_fin=monde.jour(300))
    await allonger_les_jetons(monde)
    async with monde.engine.begin() as db:
        await db.execute(text("update jeton set cree_le = cree_le - interval '400 days'"))
    brouillon = await monde.une_candidature(session=session, auteur=monde.paul, **COMPLET)
    api.montre.heure = heure.replace(tzinfo=PARIS)

    answer = await api(monde.paul, actes.VALIDER, id=gid("Candidature", brouillon))

    assert codes(answer["validerCandidature"]) == ([] if ouvert else ["HORS_HORAIRES"])
