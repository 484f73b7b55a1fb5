"""Which rows an answer has shown, and by which rule of the policy: what a reading leaves behind.

A type of the schema may say that showing one of its rows leaves a trace. PostgreSQL then writes, in that object, the key of the
row and the rule that let it through; the mark is lifted out of the answer before it leaves. The rule is that of the policy
itself: where the way that was followed proves one of them nothing is asked, elsewhere the first that holds.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import ColumnElement, Text, case, cast

from app.reading.formats import constant
from app.reading.rendering import Json

if TYPE_CHECKING:
    from app.policies.viewer import Asker
    from app.reading.asked import Asked
    from app.reading.compiler import Compiler
    from app.reading.places import Place

MARK_KEY = "@lue"  # no response key can be that, and no text can hold it: its quotes would be escaped
NOBODY = "aucune"  # the rule of rows that this profile never reads: it is never written
BEGINS, ENDS, NEXT = b'"@lue" : "', b'"', b", "  # as json_build_object writes a first pair
FOLLOWED = ENDS + NEXT


class Witness(Protocol):
    """Keeps what readings have shown."""

    @property
    def pending(self) -> int:
        """How much of it is not written yet."""

    async def note(self, viewer: Asker, marks: AbstractSet[bytes], le: datetime) -> None:
        """In: who was shown which rows, by which rule (`key:rule`), when. Raises if it cannot be kept: nothing is then answered."""


def leaves(type_: Any, asked: Asked, fields: Collection[Asked]) -> bool:
    """In: an object type, the field that returns it, what is asked of it. Out: whether that leaves a trace.

    A row that was asked for by itself does; one met on the way does as soon as more is asked than what names it.
    """
    names = names_of(type_)
    if names is None:
        return False
    return getattr(asked.source, "nommee", False) or any(field.name not in names for field in fields)


def names_of(type_: Any) -> frozenset[str] | None:
    """Out: the fields that a type may show without a trace; None if nothing of it leaves any."""
    definition = type_.extensions.get("strawberry-definition")
    return getattr(getattr(definition, "origin", None), "__sans_trace__", None)


def mark(c: Compiler, place: Place) -> tuple[str, Json]:
    """Out: the mark of a row, to be its first pair."""
    return MARK_KEY, cast(place["id"], Text).concat(constant(":")).concat(ground(c, place))


def ground(c: Compiler, place: Place) -> ColumnElement[Any]:
    """Out: the rule that lets this row through."""
    rules = c.policy.rules(c.profil, "lire", place.model)
    for name, condition in rules:
        if place.knows(condition):
            return constant(name)
    if not rules:
        return constant(NOBODY)
    *before, (last, _) = rules
    tests = [(c.where(condition, place), constant(name)) for name, condition in before]
    return case(*tests, else_=constant(last)) if tests else constant(last)


def lifted(found: bytes) -> tuple[bytes, set[bytes]]:
    """In: an answer as PostgreSQL wrote it. Out: the answer that leaves, and the marks of the rows that it shows."""
    kept, *rest = found.split(BEGINS)
    marked = [piece.partition(FOLLOWED) for piece in rest]  # a mark, and what follows it
    if any(ENDS in mark for mark, _, _ in marked):  # one is alone in its object, whose fields are all skipped
        alone = [piece.partition(ENDS) for piece in rest]
        marked = [(mark, ends, after.removeprefix(NEXT)) for mark, ends, after in alone]
    return b"".join([kept, *[after for _, _, after in marked]]), {mark for mark, _, _ in marked}
