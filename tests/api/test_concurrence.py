"""Two people at the same moment: exactly one succeeds, however often they try."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

from app import models as m
from tests.cast import Monde

from . import actes
from .actes import codes
from .conftest import Api
from .identifiants import gid

TOURS = int(os.environ.get("TOURS", "200"))
COMPLET = {
    "niveau_formation": "CAP",
    "situation": "Demandeur d'emploi",
    "parcours_anterieur": "Deux ans sur des chantiers.",
    "raisons": "Un métier choisi.",
    "suites_parcours": "Un contrat.",
}


async def ensemble(api: Api, *demandes: tuple[Any, m.Candidature]) -> list[list[str]]:
    """Out: what each validation met, all sent at once."""

    async def valider(qui: Any, candidature: m.Candidature) -> list[str]:
        answer = await api(qui, actes.VALIDER, id=gid("Candidature", candidature))
        return codes(answer["validerCandidature"])

    return await asyncio.gather(*[valider(qui, candidature) for qui, candidature in demandes])


@pytest.mark.regle("R-097")
async def test_the_last_place_goes_to_exactly_one(api: Api, monde: Monde) -> None:
    session = await monde.une_session(capacite_accueil=1, coefficient=1)
    lea = await monde.une_candidature(session=session, candidat=monde.lea, auteur=monde.paul, **COMPLET)
    mathis = await monde.une_candidature(session=session, candidat=monde.mathis, auteur=monde.yann, **COMPLET)

    for _ in range(TOURS):
        answers = await ensemble(api, (monde.paul, lea), (monde.yann, mathis))

        assert sorted(answers) == [[], ["SESSION_COMPLETE"]]
        assert (await monde.relire(session)).places_prises == 1
        for candidature in (lea, mathis):
            await monde.changer(
                candidature, etat=m.EtatCandidature.BROUILLON, validee_le=None, validee_par_id=None
            )
        assert (await monde.relire(session)).places_prises == 0


@pytest.mark.regle("R-089")
async def test_of_a_third_and_a_fourth_candidature_exactly_one_passes(api: Api, monde: Monde) -> None:
    for _ in range(2):
        await monde.une_candidature(
            session=await monde.une_session(), candidat=monde.mathis, etat="en_attente_avis"
        )
    troisieme = await monde.une_candidature(
        session=await monde.une_session(), candidat=monde.mathis, auteur=monde.paul, **COMPLET
    )
    quatrieme = await monde.une_candidature(
        session=await monde.une_session(), candidat=monde.mathis, auteur=monde.yann, **COMPLET
    )

    for _ in range(TOURS):
        answers = await ensemble(api, (monde.paul, troisieme), (monde.yann, quatrieme))

        assert sorted(answers) == [[], ["QUOTA_ATTEINT"]]
        for candidature in (troisieme, quatrieme):
            await monde.changer(
                candidature, etat=m.EtatCandidature.BROUILLON, validee_le=None, validee_par_id=None
            )
