"""A request that graphql-core accepts: parsed, valid, its variables coerced; and who asks, when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    specified_rules,
)

from app.reading.answers import Measured
from app.reading.asked import VariableValues
from app.reading.errors import BAD_USER_INPUT, PARSE_FAILED, VALIDATION_FAILED, WHICH_OPERATION, Refused
from app.reading.limits import Cache, Limits
from app.reading.operations import Operation
from app.reading.shapes import frozen
from app.reading.texts import MESSAGE, StorableTextsRule, unstorable
from app.reading.trees import lightened
from app.reading.validation import errors_of


@dataclass(frozen=True)
class Document:
    """A valid document, and the hash of its text."""

    digest: bytes
    node: DocumentNode
    length: int
    operations: dict[str | None, Operation] = field(
        default_factory=dict, repr=False
    )  # those asked for, by name

    @cached_property
    def fragments(self) -> dict[str, FragmentDefinitionNode]:
        """Its named fragments."""
        return {d.name.value: d for d in self.node.definitions if isinstance(d, FragmentDefinitionNode)}


@dataclass(eq=False)
class Request:
    """A valid operation, its coerced variables, who asks, and when."""

    viewer: Any
    moment: datetime
    document: Document
    operation: Operation
    variables: VariableValues
    given: Mapping[str, Any]  # the variables as sent
    shape: Mapping[str, Any]
    extra: Callable[[], Mapping[str, Any]]  # what conditions may name besides the viewer's values
    measured: Measured = field(default_factory=Measured)

    @property
    def name(self) -> str | None:
        """The name of the operation."""
        return self.operation.name

    def key(self, part: str) -> tuple[Any, ...]:
        """Out: what makes a plan: the document, the operation, the profile, the shape of the variables, the part read."""
        return self.document.digest, self.name, self.viewer.profil, frozen(self.shape), part

    @property
    def own(self) -> dict[str, Any]:
        """The viewer's values, and the moment's."""
        return {"profil": self.viewer.profil, **self.viewer.values(self.moment)}

    @property
    def values(self) -> dict[str, Any]:
        """What conditions may name besides arguments: the viewer's values, the moment's, and the house's own."""
        return {**self.own, **self.extra()}

    def told(self, names: frozenset[str]) -> dict[str, Any]:
        """Out: the values of these names at least: the house's own take a calendar, and few readings name one."""
        own = self.own
        return own if names <= own.keys() else self.values


class Documents:
    """Documents parsed and valid, the most used kept."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        rules: Sequence[type[ASTValidationRule]],
        *,
        suggest: bool,
    ) -> None:
        """In: the schema, the sizes, rules beyond the specification's; `suggest`: may errors name close fields."""
        self.schema, self.limits, self.suggest = schema, limits, suggest
        self.rules = [*specified_rules, StorableTextsRule, *rules]
        self.cache: Cache[bytes, Document] = Cache(limits.documents, limits.kept_characters)

    def document(self, text: str) -> Document:
        """Out: the document. Its errors are raised (Refused), and not kept."""
        digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
        if len(text) > self.limits.document_characters:
            return self._valid(text, digest)
        return self.cache.get_or(digest, lambda: self._valid(text, digest), lambda d: d.length)

    def _valid(self, text: str, digest: bytes) -> Document:
        try:
            node = parse(text, max_tokens=self.limits.tokens)
        except GraphQLSyntaxError as error:
            raise Refused([error], PARSE_FAILED) from None
        errors = errors_of(self.schema, node, self.rules, self.limits.errors, suggest=self.suggest)
        if errors:
            raise Refused(errors, VALIDATION_FAILED)
        return Document(digest, lightened(node), len(text))

    def operation(self, document: Document, name: str | None) -> Operation:
        """Out: the operation of that name, or the only one. Raises Refused."""
        found = document.operations.get(name)
        if found is None:
            found = document.operations[name] = Operation(self.schema, self._chosen(document, name))
        return found

    def _chosen(self, document: Document, name: str | None) -> OperationDefinitionNode:
        found = get_operation_ast(document.node, name)
        if found is None:
            message = (
                f"Aucune opération ne s'appelle {name}."
                if name
                else "Ce document a plusieurs opérations : laquelle ?"
            )
            raise Refused([GraphQLError(message)], WHICH_OPERATION)
        return found

    def request(
        self,
        viewer: Any,
        document: Document,
        given: Mapping[str, Any],
        name: str | None,
        moment: datetime,
        extra: Callable[[], Mapping[str, Any]],
    ) -> Request:
        """Out: the request, its variables coerced. Raises Refused."""
        operation = self.operation(document, name)
        if unstorable(given):
            raise Refused([GraphQLError(MESSAGE)], BAD_USER_INPUT)
        variables = operation.coerced(given, self.limits.errors, suggest=self.suggest)
        if isinstance(variables, list):
            raise Refused(variables, BAD_USER_INPUT)
        shape = operation.shapes(variables.coerced)
        return Request(viewer, moment, document, operation, variables, given, shape, extra)
