"""A hand for the tests of the import: bring formations in, look at what they became."""

from __future__ import annotations

import dataclasses
import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app import models as m
from app.imports.lheo.importer import Demande, importer
from app.imports.lheo.rapport import Rapport
from app.kit.clock import fixed
from app.policies.policy import Policy
from tests.cast import JOUR, MAINTENANT, Monde
from tests.imports.samples import DEPARTEMENTS, fichier

if TYPE_CHECKING:
    from app.kit.database import Pool

M = TypeVar("M", bound=m.Base)
SOURCE = "essai"
TABLES = (
    "structure",
    "certification",
    "action",
    "action_certification",
    "session",
    "session_certification",
    "point_entree",
    "reunion",
    "fait",
)


@cache
def politique() -> Policy:
    """The policy, read once: it takes longer than an import of the tests."""
    return Policy.load()


@dataclass
class Importeur:
    """Imports under Gaëlle's account, an hour after the other at each call."""

    engine: AsyncEngine
    ecriture: Pool
    monde: Monde
    le: datetime = MAINTENANT
    courriel: str = ""

    async def __call__(self, *formations: str, **options: Any) -> Rapport:
        """In: formations. Out: the report, none of them being refused."""
        rapport = await self.tente(*formations, **options)
        assert rapport.nb_refusees == 0, str(rapport)
        return rapport

    async def tente(self, *formations: str, fichier_entier: bytes | None = None, **options: Any) -> Rapport:
        """In: formations, or a whole file; options of the import. Out: the report, whatever became of them."""
        self.le += JOUR / 24
        demande = Demande(self.courriel or self.monde.gaelle.courriel, DEPARTEMENTS, source=SOURCE)
        demande = dataclasses.replace(demande, **options)
        flux = io.BytesIO(fichier(*formations) if fichier_entier is None else fichier_entier)
        return await importer(self.ecriture, flux, demande, horloge=fixed(self.le), policy=politique())

    async def refus(self, *formations: str, **options: Any) -> list[tuple[str, str | None]]:
        """Out: code and rule of everything that is refused."""
        rapport = await self.tente(*formations, **options)
        return [(e.code, e.regle) for refusee in rapport.refusees for e in refusee.erreurs]

    async def toutes(self, modele: type[M], **colonnes: Any) -> list[M]:
        """Out: the rows of this source (of everything, for what has no source), as the base holds them."""
        siennes = {"source": SOURCE} if hasattr(modele, "source") else {}
        async with AsyncSession(self.engine, expire_on_commit=False) as db:
            statement = select(modele).filter_by(**{**siennes, **colonnes}).order_by(modele.id)  # type: ignore[attr-defined]  # all of them have one
            return list(await db.scalars(statement))

    async def une(self, modele: type[M], **colonnes: Any) -> M:
        """Out: the only such row."""
        (row,) = await self.toutes(modele, **colonnes)
        return row

    async def faits(self) -> list[str]:
        """Out: the names of what the journal tells, in order."""
        return [fait.nom for fait in await self.toutes(m.Fait)]

    async def traces(self) -> dict[str, list[Any]]:
        """Out: for each table, which transaction wrote each of its rows: equal when nothing was written between."""
        async with self.engine.connect() as db:
            return {
                nom: list(await db.scalars(text(f"select xmin::text || ' ' || id from {nom} order by id")))
                for nom in TABLES
            }
