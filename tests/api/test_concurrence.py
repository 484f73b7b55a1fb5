"""Two people at the same moment: exactly one succeeds, however often they try."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from sqlalchemy import select

from app import models as m
from tests.cast import Monde

from . import actes
from .actes import codes
from .conftest import Api
from .identifiants import gid
from .test_candidatures_recues import transmettre

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


# --- people who are not there yet ----------------------------------------------------------------------------------

INCONNUE = {"nom": "Zubiri", "prenom": "Maialen", "dateNaissance": "1990-02-03"}


@pytest.mark.regle("R-095")
async def test_a_person_created_twice_at_once_has_one_fiche(api: Api, monde: Monde) -> None:
    for qui in (monde.paul, monde.yann):
        await api(qui, actes.RECHERCHER, entree=INCONNUE)
    entree = INCONNUE | {"civilite": "MADAME", "inscritFranceTravail": False}

    async def creer(qui: Any) -> list[str]:
        return codes((await api(qui, actes.CREER_CANDIDAT, entree=entree))["creerCandidat"])

    answers = await asyncio.gather(*[creer(qui) for qui in (monde.paul, monde.yann) * 3])

    assert sorted(answers) == [[], *[["DOUBLON_CANDIDAT"]] * 5]


@pytest.mark.regle("R-095", "C-32")
async def test_a_person_that_a_program_brings_twice_at_once_has_one_fiche(api: Api, monde: Monde) -> None:
    autre = await monde.une_session(capacite_accueil=5, coefficient=1)

    async def transmise(qui: Any, session: Any) -> list[str]:
        return codes(await transmettre(api, qui, session, **INCONNUE | {"numeroFranceTravail": None}))

    programmes = ((monde.cmaformation, monde.session_maconnerie), (monde.cmaformation, autre))
    answers = await asyncio.gather(*[transmise(*each) for each in programmes])

    assert answers == [[], []]
    async with monde.engine.connect() as db:
        fiches = await db.execute(select(m.Candidat.id).where(m.Candidat.nom == INCONNUE["nom"]))
    assert len(fiches.all()) == 1
