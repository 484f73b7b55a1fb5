"""What everybody may know of a quarter is published by night, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.jobs.outils import Outils
from app.jobs.statistiques import publier_les_trimestres
from app.kit.clock import PARIS
from tests.cast import CIPHER, Monde
from tests.conftest import Base

from .conftest import EXPEDITEUR, SITE, Atelier, Boite, lecteur

FEVRIER = datetime(2026, 2, 10, 10, tzinfo=PARIS)
JUILLET = datetime(2026, 7, 10, 3, tzinfo=PARIS)


def outils(base: Base, atelier: Atelier, le: datetime) -> Outils:
    return Outils(atelier.writer, lambda: le, Boite(), CIPHER, EXPEDITEUR, lecteur(base), SITE)


async def publiees(monde: Monde) -> list[Any]:
    async with monde.engine.connect() as db:
        return list(await db.execute(text("select * from statistique_publiee order by id")))


async def en_fevrier(monde: Monde, combien: int) -> None:
    for rang in range(combien):
        candidat = await monde.un_candidat(nom=f"Fevrier{rang}")
        await monde.une_candidature(candidat=candidat, etat="en_attente_avis", validee_le=FEVRIER)


@pytest.mark.regle("R-252")
async def test_a_quarter_is_published_once_and_never_changes(
    base: Base, atelier: Atelier, monde: Monde
) -> None:
    await en_fevrier(monde, 10)
    assert await publier_les_trimestres(outils(base, atelier, datetime(2026, 6, 1, 3, tzinfo=PARIS))) == 0
    assert await publier_les_trimestres(outils(base, atelier, JUILLET)) == 1
    [cellule] = avant = await publiees(monde)
    assert (str(cellule.date_trimestre), cellule.nb_candidatures) == ("2026-01-01", 10)

    await en_fevrier(monde, 7)
    assert await publier_les_trimestres(outils(base, atelier, JUILLET + timedelta(days=1))) == 0
    assert await publiees(monde) == avant


@pytest.mark.regle("R-252")
async def test_nine_people_of_a_quarter_are_published_nowhere(
    base: Base, atelier: Atelier, monde: Monde
) -> None:
    await en_fevrier(monde, 9)
    assert await publier_les_trimestres(outils(base, atelier, JUILLET)) == 0
    assert await publiees(monde) == []
