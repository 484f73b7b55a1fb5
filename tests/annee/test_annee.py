"""The simulated year: 300 candidatures here, as many as wanted by `make annee N=10000`."""

from __future__ import annotations

import dataclasses
import os
import random
import time
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.contraintes import CONTRAINTES
from app.jobs.echeances import ECHEANCES, tenir
from app.jobs.outils import Outils
from app.jobs.regroupements import REGROUPEMENTS, tenir_ensemble
from app.kit.clock import PARIS
from app.kit.settings import Settings
from app.main import create_app
from app.policies.policy import Policy
from app.writing import Writer
from tests.cast import CIPHER, planter
from tests.conftest import Base
from tests.jobs.conftest import EXPEDITEUR, SANS_CONTEXTE, SITE, Boite, lecteur

from .machine import MACHINE, Suivie
from .simulation import Annee

COMBIEN = int(os.environ.get("ANNEE", "300"))
GRAINE = int(os.environ.get("GRAINE", "7"))


@pytest.fixture
async def executer(url_du_processus: str) -> AsyncIterator[Any]:
    """The application, asked behind its edge: who asks and the moment are said."""
    given = {"DATABASE_URL": url_du_processus, "CLE_CHIFFREMENT": CIPHER.key.decode()}
    app = create_app(dataclasses.replace(Settings.read(given), demo=False))
    async with app.router.lifespan_context(app):
        yield app.state.desk.executor.execute


@pytest.mark.regle("R-038", "R-093", "R-101", "R-111", "R-165", "R-167", "C-07", "C-11", "C-15", "C-16")
async def test_a_year_leaves_no_candidature_lost_late_or_where_it_may_not_be(
    base: Base, executer: Any
) -> None:
    monde = await planter(base, datetime(2026, 1, 1, 8, tzinfo=PARIS))
    writer, lit = Writer(base.ecriture, Policy.load(), CONTRAINTES), lecteur(base)

    async def travaux(le: datetime) -> None:
        outils = Outils(writer, lambda: le, Boite(), CIPHER, EXPEDITEUR, lit, SITE)
        for echeance in ECHEANCES:
            await tenir(echeance, outils, SANS_CONTEXTE)
        for regroupement in REGROUPEMENTS:
            await tenir_ensemble(regroupement, outils, SANS_CONTEXTE)

    annee = Annee(monde, executer, travaux, random.Random(GRAINE), COMBIEN)
    await annee.preparer()
    debut = time.perf_counter()
    await annee.courir()

    secondes = time.perf_counter() - debut
    print(f"\n{COMBIEN} candidatures, 365 jours, {secondes:.0f} s : {dict(annee.comptes.most_common())}")
    faits = {*MACHINE, "purgees", "expiree", "avis_non_transmis", "dupliquer"} - {"annuler_session"}
    assert not {acte for acte in faits if not annee.comptes[acte]}, "the year did not show them"
    assert await chaines_rompues(base) == []


async def chaines_rompues(base: Base) -> list[Any]:
    """Out: the facts that do not start from the état where the one before left the candidature."""
    asked = """select candidature_id, nom, avant, precedent from (
      select candidature_id, nom, donnees ->> 'avant' as avant,
             lag(donnees ->> 'apres') over (partition by candidature_id order by id) as precedent
      from fait where candidature_id is not null and donnees ? 'avant') f
      where avant is distinct from precedent and precedent is not null"""
    async with base.engine.connect() as db:
        return [tuple(row) for row in await db.execute(text(asked))]


def test_the_observer_is_not_easily_pleased() -> None:
    """What the year is held against refuses what the rules do not allow."""
    suivie = Suivie("x", "C2026000001", "s", date(2026, 3, 1), "c", "annulee", date(2026, 2, 1))
    with pytest.raises(AssertionError):
        suivie.passer("valider", "en_attente_avis", date(2026, 2, 2))
    brouillon = dataclasses.replace(suivie, etat="brouillon")
    assert brouillon.echoit(date(2026, 2, 16)) is None
    assert brouillon.echoit(date(2026, 2, 17)) == ""
    attend = dataclasses.replace(suivie, etat="en_attente_avis")
    assert (attend.echoit(date(2026, 3, 22)), attend.echoit(date(2026, 3, 23))) == (None, "avis_non_transmis")
