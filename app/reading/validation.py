"""Is a document valid? graphql-core's rules decide, walked faster than it does; of one that is not, it says why itself.

Its own walk looks at each name, looks up what every rule does with each node, and keeps what it learns by the contents of
nodes, which are read again each time. The rules are half of its time. What they are given here is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from graphql import (
    BREAK,
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    TypeInfo,
    ValidationContext,
    ValuesOfCorrectTypeRule,
    Visitor,
    validate,
    visit,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.language.visitor import EnterLeaveVisitor
from graphql.validation.validation_context import VariableUsageVisitor

from app.reading.placed import PlacedValuesRule

Rules = Sequence[type[ASTValidationRule]]
# a rule reads the name of a node from the node; the specification reads no description
SILENT = ("alias", "name", "description")
KEYS = {kind: tuple(k for k in keys if k not in SILENT) for kind, keys in QUERY_DOCUMENT_KEYS.items()}

ENDED = (BREAK, True)


class Invalid(Exception):
    """A rule has something to say."""


def errors_of(
    schema: GraphQLSchema, document: DocumentNode, rules: Rules, at_most: int, *, suggest: bool
) -> list[GraphQLError]:
    """Out: what graphql-core says against a document; `suggest`: may it name fields that look alike."""
    if is_valid(schema, document, rules):
        return []
    placed = [PlacedValuesRule if rule is ValuesOfCorrectTypeRule else rule for rule in rules]
    return validate(schema, document, placed, at_most, hide_suggestions=not suggest)


def is_valid(schema: GraphQLSchema, document: DocumentNode, rules: Rules) -> bool:
    """Out: whether no rule says anything. A doubt says no: graphql-core is then asked."""
    types = TypeInfo(schema)
    context = Context(schema, document, types, _refuse)
    try:
        walk(document, types, [rule(context) for rule in rules])
    except (Invalid, RecursionError, GraphQLError):
        return False
    return True


def _refuse(error: GraphQLError) -> None:
    raise Invalid


def walk(node: Node, types: TypeInfo, visitors: Sequence[Visitor]) -> None:
    """Show a node, and all that is in it, to visitors that change nothing."""
    way = Walk(types, visitors)
    try:
        visit(node, way, KEYS)
    finally:
        way.enter_leave_map.clear()  # it holds methods that hold it: only the collector would free them


class Walk(Visitor):
    """All rules at once, of each kind of node those that look at it; the types known on the way."""

    def __init__(self, types: TypeInfo, visitors: Sequence[Visitor]) -> None:
        """In: what follows the types, the rules."""
        super().__init__()
        self.types, self.visitors = types, visitors
        self.asleep: dict[int, Node | None] = {}  # rules that skip the inside of a node; or all the rest

    def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
        """Out: what is done with a node of a kind, before and after its inside."""
        found = self.enter_leave_map.get(kind)
        if found is None:
            found = self.enter_leave_map[kind] = EnterLeaveVisitor(self._entering(kind), self._leaving(kind))
        return found

    def _asked(self, kind: str, way: str) -> list[tuple[int, Callable[..., Any]]]:
        of: Any = type  # a class is hashable, whatever mypy makes of one that has instances that are not
        named = [(i, v, method(of(v), way, kind)) for i, v in enumerate(self.visitors)]
        return [(i, getattr(v, name)) for i, v, name in named if name]

    def _entering(self, kind: str) -> Callable[..., None]:
        known = getattr(self.types, f"enter_{kind}", None)
        asked, asleep = self._asked(kind, "enter"), self.asleep

        def enter(node: Node, *where: Any) -> None:
            if known:
                known(node)
            for i, ask in asked:
                if i not in asleep and (said := ask(node, *where)) is not None:
                    asleep[i] = None if said in ENDED else node

        return enter

    def _leaving(self, kind: str) -> Callable[..., None]:
        forget = getattr(self.types, f"leave_{kind}", None)
        asked, asleep = self._asked(kind, "leave"), self.asleep

        def leave(node: Node, *where: Any) -> None:
            for i, ask in asked:
                if i not in asleep and ask(node, *where) in ENDED:
                    asleep[i] = None
            if asleep:
                for i in [i for i, until in asleep.items() if until is node]:
                    del asleep[i]
            if forget:
                forget()

        return leave


@lru_cache(maxsize=4096)
def method(visitor: Any, way: str, kind: str) -> str:
    """In: `enter` or `leave`. Out: the name of what a class of visitors does with nodes of a kind; empty if nothing."""
    return next((name for name in (f"{way}_{kind}", way) if hasattr(visitor, name)), "")


class ByPlace(dict[int, Any]):
    """What is known of nodes, by which node it is and not by its contents, which would be read again each time."""

    def get(self, node: Any, default: Any = None) -> Any:
        """Out: what is known of this very node."""
        return super().get(id(node), default)

    def __setitem__(self, node: Any, known: Any) -> None:
        super().__setitem__(id(node), known)


class Context(ValidationContext):
    """What rules ask of a document, found by the same walk."""

    def __init__(self, *given: Any) -> None:
        """In: what graphql-core's own takes."""
        super().__init__(*given)
        self._variable_usages: Any = ByPlace()
        self._recursive_variable_usages: Any = ByPlace()
        self._fragment_spreads: Any = ByPlace()

    def get_variable_usages(self, node: Any) -> Any:
        """Out: where variables are used in an operation or a fragment."""
        found = self._variable_usages.get(node)
        if found is None:
            used = VariableUsageVisitor(
                self._type_info, node if isinstance(node, FragmentDefinitionNode) else None
            )
            walk(node, self._type_info, [used])
            found = self._variable_usages[node] = used.usages
        return found
