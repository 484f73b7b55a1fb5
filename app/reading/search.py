"""The words of searches: criteria made of others, criteria about related rows, facets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, get_type_hints

import strawberry

from app.kit.conditions import Condition
from app.reading import facets
from app.reading import filters as f
from app.reading.fields import criterion, field_of

T = TypeVar("T")


def facettes(description: str, *, par: Any = None) -> Any:
    """In a connection: an object of facets over the whole list; `par`: a to-many relation that its filter speaks of."""
    return field_of(facets.Facettes(par), description)


def facettes_larges(description: str, *, par: Any = None) -> Any:
    """In a connection: the same, each facet without the criterion that it refines."""
    return field_of(facets.FacettesLarges(par), description)


def facette(
    valeur: Any,
    description: str,
    *,
    par: Sequence[Any] = (),
    repliee: facets.Fold | None = None,
    suivie: bool = False,
    criteres: Sequence[str] = (),
) -> Any:
    """The list counted by an attribute (or a `Cle`), the most frequent value first, or in the order of values (`suivie`).

    `par`: the relations that lead to it; `repliee`: what makes several values one, in SQL; `criteres`: what it refines.
    """
    source = facets.Facette(valeur, tuple(par), repliee, suivie, _names(criteres))
    return field_of(source, description)


def facette_si(
    condition: Condition,
    description: str,
    *,
    par: Sequence[Any] = (),
    public: str = "",
    criteres: Sequence[str] = (),
) -> int:
    """How many rows of the list satisfy a condition, or have one at the end of `par` that does."""
    source = facets.FacetteSi(condition, tuple(par), public, _names(criteres))
    made: int = field_of(source, description)
    return made


def _names(criteres: Sequence[str]) -> tuple[str, ...]:
    """Out: criteria as requests name them."""
    return tuple(f.camel(nom) for nom in criteres)


def critere_fait(critere: f.Filtre, description: str) -> Any:
    """A criterion made elsewhere (`app.reading.criteria`)."""
    return criterion(critere, description, strawberry.UNSET)


def criteres_lies(relation: Any, filtre: Any) -> Callable[[type[T]], type[T]]:
    """Decorate an input type, under `strawberry.input`: it takes the criteria of another, about rows of a relation.

    Those that a request gives must hold together, on one and the same row.
    """

    def decorate(cls: type[T]) -> type[T]:
        hints = get_type_hints(filtre)
        for one in filtre.__strawberry_definition__.fields:
            linked = f.CritereLie(relation, one.metadata["critere"])
            setattr(cls, one.python_name, criterion(linked, one.description or "", one.default))
            cls.__annotations__[one.python_name] = hints[one.python_name]
        return cls

    return decorate
