"""Where a wrong literal stands: graphql-core says it of its own faults, not of what the type of a scalar refuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphql import (
    SKIP,
    GraphQLError,
    ListValueNode,
    ObjectValueNode,
    ValueNode,
    ValuesOfCorrectTypeRule,
    VisitorAction,
)
from graphql.utilities.validate_input_value import validate_input_literal


class PlacedValuesRule(ValuesOfCorrectTypeRule):
    """The rule of the specification, each of its errors with its place: a copy without variables has lost it."""

    def is_valid_value_node(self, node: ValueNode, input_type: Any) -> VisitorAction:
        """Look at a literal, and tell where it is wrong."""

        def on_error(error: GraphQLError, path: list[str | int]) -> None:
            self.report_error(error if error.locations else GraphQLError(error.message, inside(node, path)))

        if input_type:
            validate_input_literal(node, input_type, on_error, None, None, self.context.hide_suggestions)
        return SKIP


def inside(node: ValueNode, path: Iterable[str | int]) -> ValueNode:
    """Out: the part of a literal that a path leads to; a value alone is the list that it is taken for."""
    for step in path:
        if isinstance(step, int):
            node = node.values[step] if isinstance(node, ListValueNode) else node
        elif isinstance(node, ObjectValueNode):
            node = next(field.value for field in node.fields if field.name.value == step)
    return node
