"""What is written: INSERT, UPDATE and DELETE, built once for each model and set of columns."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    String,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.sql.dml import Insert
from sqlalchemy.types import TypeEngine, UserDefinedType

from app import models as m
from app.kit.conditions import Condition
from app.policies.predicate import Row

from .questions import CLE, CLES, flag
from .shapes import shape_of
from .statements import Statement, compiled

FAIT, TRAVAUX = "fait.", "travail."  # what begins the names of the binds of a line of the journal, of a job
TRAVAIL: dict[str, TypeEngine[Any]] = {  # what is said of a job
    "file": String(),
    "tache": String(),
    "verrou": Text(),
    "unique": Text(),
    "args": JSONB(),
    "le": DateTime(timezone=True),
}


@lru_cache(maxsize=1024)
def inserting(model: type[m.Base], given: tuple[str, ...]) -> Statement:
    """Out: a new row with these columns; it comes back as the base has it."""
    shape = shape_of(model)
    return compiled(_insert(model, given).returning(*shape.of(shape.table)))


@lru_cache(maxsize=1024)
def creating(
    model: type[m.Base],
    given: tuple[str, ...],
    condition: Condition,
    told: tuple[str, ...] = (),
    job: bool = False,
    *,
    back: bool = True,
) -> Statement:
    """Out: the same, then whether a condition holds of the row as it is written; then what `ending` says.

    `back`: false where nobody looks at the row any more: it does not come back.
    """
    shape = shape_of(model)
    written = _insert(model, given).returning(*shape.of(shape.table)).cte("ecrite")
    decided = flag(condition, Row(model, written, alone=True))
    columns = shape.of(written) if back else []
    return compiled(select(*columns, decided, *ending(told, job)).select_from(written))


@lru_cache(maxsize=2048)
def updating(
    model: type[m.Base], changed: tuple[str, ...], told: tuple[str, ...] = (), job: bool = False
) -> Statement:
    """Out: a change of these columns of the row of a key, which comes back if it was there; then what `ending` says."""
    shape = shape_of(model)
    (key,) = shape.table.primary_key
    changing = update(shape.table).where(key == bindparam(CLE, type_=key.type)).returning(key)
    changing = changing.values(_values(model, changed))
    if not told and not job:
        return compiled(changing)
    found = changing.cte("changee")
    return compiled(select(found.c[key.key], *ending(told, job)).select_from(found))


def ending(told: tuple[str, ...], job: bool) -> list[Any]:
    """Out: what costs no round trip beside a write: a line of the journal, which gives its key, and a job, likewise."""
    line = _insert(m.Fait, told, FAIT).returning(shape_of(m.Fait).table.c.id).cte("dite") if told else None
    return [
        *([select(line.c.id).scalar_subquery()] if line is not None else []),
        *([select(deferring()).scalar_subquery()] if job else []),
    ]


class Travail(UserDefinedType[Any]):
    """A job, as the queue takes it."""

    def get_col_spec(self, **_: Any) -> str:
        """Out: the name of the type."""
        return "procrastinate_job_to_defer_v1"


def deferring() -> Any:
    """Out: what hands a job over, and gives its key; its values are those of `TRAVAIL`."""
    values = [bindparam(f"{TRAVAUX}{name}.", type_=type_) for name, type_ in TRAVAIL.items()]
    queue, task, lock, unique, *rest = values
    row = cast(func.row(queue, task, literal_column("0"), lock, unique, *rest), Travail())
    return func.procrastinate_defer_jobs_v1(array([row]), type_=ARRAY(BigInteger()))[1]


@lru_cache(maxsize=1)
def handing() -> Statement:
    """Out: a job handed over, alone."""
    return compiled(select(deferring()))


@lru_cache(maxsize=256)
def deleting(model: type[m.Base]) -> Statement:
    """Out: the end of the rows of these keys."""
    (key,) = shape_of(model).table.primary_key
    return compiled(
        delete(shape_of(model).table).where(key == func.any(bindparam(CLES, type_=ARRAY(key.type))))
    )


def _insert(model: type[m.Base], given: tuple[str, ...], prefix: str = "") -> Insert:
    return insert(shape_of(model).table).values(_values(model, given, prefix))


def _values(model: type[m.Base], names: tuple[str, ...], prefix: str = "") -> dict[Any, Any]:
    columns = shape_of(model).columns
    return {
        columns[name].key: bindparam(f"{prefix}{name}.", type_=columns[name].type, required=True)
        for name in names
    }


def bound(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """In: columns of a row. Out: the values of the binds that stand for them."""
    return {f"{prefix}{name}.": value for name, value in values.items()}
