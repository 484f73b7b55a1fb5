"""How the world is sown: rows prepared in memory, their keys taken beforehand, one statement a table.

A seed is the one writer that goes beside the writing door: nobody asks, there is nothing to decide, and the base
holds nobody's data yet. Constraints and triggers hold here as everywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Column, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.models import Base

KEYS, NUMBERS = (
    200,
    40,
)  # taken at once in each table, in each sequence of references: more than the cast needs
SUITES = ("numero_action", "numero_session", "numero_candidat", "numero_candidature")


class Semis:
    """Rows waiting to be written: `semis.ajouter(m.Structure, …).id` is known before anything is."""

    def __init__(self, db: AsyncConnection, cles: dict[str, Any]) -> None:
        """In: the connection, and for each sequence a counter of numbers that are ours."""
        self.db, self.cles = db, cles
        self.lignes: dict[Table, list[dict[str, Any]]] = defaultdict(list)

    @classmethod
    async def ouvrir(cls, db: AsyncConnection) -> Semis:
        """In: a connection, in its transaction. Out: an empty sowing, with room for its keys in every sequence."""
        tables = [t.name for t in Base.metadata.sorted_tables if "id" in t.c]
        rooms = {f"{t}_id_seq": KEYS for t in tables} | dict.fromkeys(SUITES, NUMBERS)
        takes = [f"setval('{name}', nextval('{name}') + {room}) - {room}" for name, room in rooms.items()]
        firsts = (await db.execute(text(f"select {', '.join(takes)}"))).one()
        return cls(db, {key: count(first) for key, first in zip((*tables, *SUITES), firsts, strict=True)})

    def numero(self, suite: str) -> int:
        """Out: a number of a sequence that is ours."""
        return int(next(self.cles[suite]))

    def ajouter(self, model: type[Base], **colonnes: Any) -> Any:
        """In: a model and its columns. Out: the row as a bag of values, its key included."""
        table = model.__table__
        assert isinstance(table, Table)
        if "id" in table.c:
            colonnes = {"id": next(self.cles[table.name]), **colonnes}
        self.lignes[table].append(colonnes)
        return SimpleNamespace(**colonnes)

    async def ecrire(self) -> None:
        """Write everything, parents first."""
        for table in Base.metadata.sorted_tables:
            if rows := self.lignes.pop(table, None):
                await self.db.execute(table.insert(), even(table, rows))


def even(table: Table, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Out: the rows with the same columns each, as one statement needs them; what is missing takes its default."""
    named = [column for column in table.c if any(column.key in row for row in rows)]
    return [{column.key: row.get(column.key, default(column)) for column in named} for row in rows]


def default(column: Column[Any]) -> Any:
    """Out: the plain default of a column, None where it has none."""
    scalar = column.default is not None and column.default.is_scalar
    return column.default.arg if scalar else None  # type: ignore[union-attr]  # a scalar default has a value
