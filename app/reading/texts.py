"""Texts that no column can hold: PostgreSQL stores no NUL, UTF-8 no lone surrogate. Refused wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import ASTValidationRule, GraphQLError, StringValueNode

MESSAGE = "Ce texte contient un caractère interdit."


def storable_text(text: str) -> bool:
    """Out: whether a column can hold this text."""
    return "\0" not in text and (text.isprintable() or not any("\ud800" <= c <= "\udfff" for c in text))


class StorableTextsRule(ASTValidationRule):
    """A document holds no text that cannot be stored."""

    def enter_string_value(self, node: StringValueNode, *_args: Any) -> None:
        """Look at one text."""
        if not storable_text(node.value):
            self.report_error(GraphQLError(MESSAGE, node))


def texts(value: Any) -> Iterator[str]:
    """Out: every text inside a JSON value, names of keys included. No recursion: a value may be deep."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            yield found
        elif isinstance(found, dict):
            waiting += [*found, *found.values()]
        elif isinstance(found, list):
            waiting += found


def unstorable(variables: Any) -> bool:
    """Out: whether some text of the variables cannot be stored."""
    return not all(storable_text(text) for text in texts(variables))
