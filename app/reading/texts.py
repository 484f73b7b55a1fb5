"""Texts that no column can hold: PostgreSQL stores no NUL, UTF-8 no lone surrogate. Refused wherever they stand."""

from __future__ import annotations

from typing import Any

from graphql import ASTValidationRule, GraphQLError, StringValueNode

MESSAGE = "Ce texte contient un caractère interdit."


def storable_text(text: str) -> bool:
    """Out: whether a column can hold this text."""
    return text.isprintable() or not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in text)


class StorableTextsRule(ASTValidationRule):
    """A document holds no text that cannot be stored."""

    def enter_string_value(self, node: StringValueNode, *_args: Any) -> None:
        """Look at one text."""
        if not storable_text(node.value):
            self.report_error(GraphQLError(MESSAGE, node))


def unstorable(variables: Any) -> bool:
    """Out: whether some text of the variables cannot be stored, names of keys included. No recursion: they may be deep."""
    waiting = [variables]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            if not storable_text(found):
                return True
        elif isinstance(found, dict):
            waiting += [*found, *found.values()]
        elif isinstance(found, list):
            waiting += found
    return False
