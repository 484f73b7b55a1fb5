"""How large a document may be: one linear walk, before validation.

Every fragment is measured once, whatever the number of its spreads: n nested fragments spread twice each cost n
steps here, not 2^n. No recursion: a chain of fragments cannot exhaust the stack. A cycle of fragments is left to
the validation, which refuses it; it counts once here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
)

from app.reading.errors import VALIDATION_FAILED

from .errors import said
from .sizes import Sizes

MANY = 10**9  # where counting stops: twice as much is not worse
INTROSPECTION = {"__schema", "__type"}
LIBELLES = {
    "taille": "le nombre de caractères",
    "jetons": "le nombre de mots et de signes",
    "profondeur": "la profondeur",
    "champs": "le nombre de champs",
    "alias": "le nombre d'alias",
    "directives": "le nombre de directives",
    "racines": "le nombre de champs à la racine",
    "cout": "le coût",
}


@dataclass(frozen=True)
class Limits:
    """What a document may hold. The first two are checked while it is read, the others by the walk."""

    taille: int = 100_000  # characters
    jetons: int = 2_000  # words and signs
    profondeur: int = 15  # fields inside fields; introspection has its own limit in graphql-core
    champs: int = 400  # fields, fragments unfolded
    alias: int = 50
    directives: int = 30
    racines: int = 20  # root fields
    cout: int = 20_000  # rows that may be read, see `Sizes`


@dataclass
class Measure:
    """What was found in a definition, fragments unfolded, each figure at most `MANY`."""

    profondeur: int = 0
    champs: int = 0
    alias: int = 0
    directives: int = 0
    racines: int = 0
    cout: int = 0


@dataclass(frozen=True)
class Spread:
    """Where a fragment is spread in a definition."""

    name: str
    depth: int | None  # None below an introspection field: its depth does not count
    rows: int  # how many times the rows of the fragment may be read there
    at_root: bool


@dataclass
class Definition:
    """A definition measured alone, and the fragments that it spreads."""

    own: Measure = field(default_factory=Measure)
    spreads: list[Spread] = field(default_factory=list)

    def total(self, fragments: Mapping[str, Measure]) -> Measure:
        """In: the measures of the fragments. Out: the measure with every spread unfolded."""
        total = Measure(**vars(self.own))
        for spread in self.spreads:
            if found := fragments.get(spread.name):
                _unfold(total, spread, found)
        return total


def _unfold(total: Measure, spread: Spread, found: Measure) -> None:
    """Add to a measure what a fragment holds where it is spread."""
    if spread.depth is not None:
        total.profondeur = min(MANY, max(total.profondeur, spread.depth + found.profondeur))
    total.champs = min(MANY, total.champs + found.champs)
    total.alias = min(MANY, total.alias + found.alias)
    total.directives = min(MANY, total.directives + found.directives)
    total.racines = min(MANY, total.racines + found.racines * spread.at_root)
    total.cout = min(MANY, total.cout + found.cout * spread.rows)


@dataclass(frozen=True)
class Place:
    """Where a selection stands: its type if it is known, its depth, and how often its rows may be read."""

    type: GraphQLNamedType | None
    depth: int | None
    rows: int
    at_root: bool


def measure(document: DocumentNode, schema: GraphQLSchema, sizes: Sizes) -> Measure:
    """In: a document that parses, and what sizes its variables ask for. Out: the largest of each figure."""
    fragments = {
        d.name.value: _definition(d, schema, sizes)
        for d in document.definitions
        if isinstance(d, FragmentDefinitionNode)
    }
    known: dict[str, Measure] = {}
    for name in _leaves_first(fragments):
        known[name] = fragments[name].total(known)
    operations = (
        _definition(d, schema, sizes).total(known)
        for d in document.definitions
        if isinstance(d, OperationDefinitionNode)
    )
    return _dearest(operations)


def _dearest(measures: Iterator[Measure]) -> Measure:
    """Out: the largest of each figure: which operation will run is not asked here."""
    largest = Measure()
    for each in measures:
        for figure in fields(Measure):
            name = figure.name
            setattr(largest, name, max(getattr(largest, name), getattr(each, name)))
    return largest


def _leaves_first(fragments: Mapping[str, Definition]) -> list[str]:
    """Out: the names of the fragments, each after those that it spreads; a cycle is cut where it closes."""
    order: list[str] = []
    seen: set[str] = set()
    for start in fragments:
        stack = [(start, False)]
        while stack:
            name, done = stack.pop()
            if done:
                order.append(name)
            elif name not in seen and name in fragments:
                seen.add(name)
                stack.append((name, True))
                stack.extend((spread.name, False) for spread in fragments[name].spreads)
    return order


def _definition(node: ExecutableDefinitionNode, schema: GraphQLSchema, sizes: Sizes) -> Definition:
    """Measure one definition; fragments are noted, not entered."""
    found = Definition()
    found.own.directives = len(node.directives or ())
    start = Place(_type_of(node, schema), 0, 1, at_root=True)
    stack: list[tuple[SelectionNode, Place]] = [(each, start) for each in node.selection_set.selections]
    while stack:
        selection, place = stack.pop()
        found.own.directives += len(selection.directives or ())
        inside = _step(selection, place, found, schema, sizes)
        if inside is not None:
            selection_set = selection.selection_set  # type: ignore[attr-defined]  # only spreads have none
            stack.extend((each, inside) for each in selection_set.selections)
    found.own.cout = min(MANY, found.own.cout)
    return found


def _type_of(node: ExecutableDefinitionNode, schema: GraphQLSchema) -> GraphQLNamedType | None:
    """Out: the type on which a definition selects, None if there is no such type."""
    if isinstance(node, OperationDefinitionNode):
        return schema.get_root_type(node.operation)
    assert isinstance(node, FragmentDefinitionNode)
    return schema.get_type(node.type_condition.name.value)


def _step(
    selection: SelectionNode, place: Place, found: Definition, schema: GraphQLSchema, sizes: Sizes
) -> Place | None:
    """Count one selection. Out: the place of what is selected inside it, None if nothing is."""
    if isinstance(selection, FragmentSpreadNode):
        found.spreads.append(Spread(selection.name.value, place.depth, place.rows, place.at_root))
        return None
    if isinstance(selection, InlineFragmentNode):
        if selection.type_condition is None:
            return place
        narrowed = schema.get_type(selection.type_condition.name.value)
        return Place(narrowed, place.depth, place.rows, place.at_root)
    assert isinstance(selection, FieldNode)
    return _field(selection, place, found.own, sizes)


def _field(node: FieldNode, place: Place, own: Measure, sizes: Sizes) -> Place | None:
    """Count one field. Out: the place of its selection, None for a leaf."""
    own.champs += 1
    own.alias += node.alias is not None
    own.racines += place.at_root
    depth = None if place.depth is None or node.name.value in INTROSPECTION else place.depth + 1
    own.profondeur = max(own.profondeur, depth or 0)
    read, type_ = sizes.of(node, place.type)
    own.cout += place.rows * read.cost
    if node.selection_set is None:
        return None
    return Place(type_, depth, min(MANY, place.rows * read.rows), at_root=False)


def excess(found: Measure, limits: Limits) -> list[GraphQLError]:
    """Out: one error for each limit that is passed: its name, the value found, the largest allowed."""
    return [
        too_much(figure.name, getattr(found, figure.name), getattr(limits, figure.name))
        for figure in fields(Measure)
        if getattr(found, figure.name) > getattr(limits, figure.name)
    ]


def too_much(limit: str, value: int | None, maximum: int) -> GraphQLError:
    """In: a limit of `Limits`, the value found if it was counted. Out: the error that says so."""
    seen = "" if value is None else f" ({value})"
    message = f"Document trop grand : {LIBELLES[limit]}{seen} dépasse le maximum, {maximum}."
    more = {} if value is None else {"valeur": value}
    return said(message, VALIDATION_FAILED, limite=limit, **more, maximum=maximum)
