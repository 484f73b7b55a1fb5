"""What an import holds does not depend on the size of the file."""

from __future__ import annotations

import tracemalloc

from sqlalchemy import text

from app.imports.lheo.bilan import Bilan, Endroit
from app.imports.lheo.importer import FORMATIONS_PAR_LOT, PREMIER_COMPTE, DejaLus
from app.imports.lheo.lus import FormationRefusee
from app.imports.lheo.rapport import GARDES, Rapport
from tests.imports.catalogue import catalogue
from tests.imports.importeur import Importeur


async def pic(importeur: Importeur, data: bytes) -> int:
    """Out: the bytes held at most while a file is read again."""
    tracemalloc.start()
    try:
        rapport = await importeur.tente(fichier_entier=data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        assert rapport.prises == rapport.formations


async def test_four_times_the_formations_hold_no_more(importeur: Importeur) -> None:
    petit, grand = catalogue(60), catalogue(240)  # a lot is fifty
    await importeur.tente(fichier_entier=grand)
    await pic(importeur, petit)  # what is kept once and for all

    peu, beaucoup = await pic(importeur, petit), await pic(importeur, grand)

    assert beaucoup - peu < (len(grand) - len(petit)) / 2  # their text alone would be twice that


async def test_tables_are_counted_while_they_grow_and_a_trial_counts_nothing(importeur: Importeur) -> None:
    async def comptees() -> float:
        async with importeur.engine.connect() as db:
            nombre: float = await db.scalar(text("select reltuples from pg_class where relname = 'session'"))
            return nombre

    async with importeur.engine.begin() as db:
        await db.execute(text("analyze session"))
    avant, donnees = await comptees(), catalogue(PREMIER_COMPTE * FORMATIONS_PAR_LOT)
    await importeur.tente(fichier_entier=donnees, est_essai=True)
    assert await comptees() == avant
    rapport = await importeur.tente(fichier_entier=donnees)
    assert await comptees() == avant + rapport.comptes["session", "cree"]


def test_a_number_costs_eight_bytes() -> None:
    lus = DejaLus()
    tracemalloc.start()
    try:
        assert all(lus.noter("action", f"2026{rang:08d}") for rang in range(20_000))
        tenus = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert tenus < 20_000 * 10
    assert not lus.noter("action", "202600000007")
    assert lus.noter("session", "202600000007")


def test_a_report_tells_a_thousand_refusals_and_counts_the_others() -> None:
    rapport = Rapport(version="2.3", source="essai")
    faute = Endroit(1, "action", "A").erreur("DOUBLON", "déjà là", "R-180")
    for rang in range(GARDES + 5):
        rapport.refuser(FormationRefusee(rang, f"F-{rang}", "", (faute,)))
    rapport.prendre(Bilan(attentes=[faute] * (GARDES + 5)))

    assert (len(rapport.refusees), rapport.nb_refusees, len(rapport.attentes)) == (GARDES, GARDES + 5, GARDES)
    assert "… et 5 autres formations" in str(rapport)
