"""From the text of a request to a document that may run: read, measured, validated, once for each text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    IntValueNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
)

from app.reading import requests as reading
from app.reading.errors import PARSE_FAILED, VALIDATION_FAILED, Refused, coded
from app.reading.limits import Cache
from app.reading.limits import Limits as Kept
from app.reading.operations import Operation
from app.reading.trees import lightened
from app.reading.validation import errors_of

from .connus import Connu, Connus, cle_de
from .errors import PERSISTED_QUERY_NOT_FOUND, Refusal, malformed, said
from .limits import Limits, excess, measure, too_much
from .portes import demandees
from .sizes import Sizes

ERRORS_MAX = 5  # validation errors told in one answer


@dataclass(frozen=True)
class Admitted:
    """A document that may run."""

    document: reading.Document
    dear: bool  # too dear with the largest pages: the variables must be looked at on each request
    roots: dict[str | None, Counter[str]] = field(
        default_factory=dict
    )  # those of operations that were asked for

    def demandees(self, operation: Operation) -> Counter[str]:
        """Out: the root fields of an operation, each as often as it stands there."""
        if operation.name not in self.roots:
            self.roots[operation.name] = demandees(self.document.node, operation.node)
        return self.roots[operation.name]


class Documents(reading.Documents):
    """Admits documents: one for the process, shared by the edge and the reader, so that nothing is read twice."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits | None = None,
        *,
        introspection: bool = True,
        kept: Kept | None = None,
        connus: Connus | None = None,
    ) -> None:
        """In: the schema, the limits, whether the schema may be asked about itself, how much is kept, what is known.

        Nobody is told of close names in variables; in documents, people who are signed in are.
        """
        rules = () if introspection else (NoSchemaIntrospectionCustomRule,)
        super().__init__(schema, kept := kept or Kept(), rules, suggest=False)
        self.bounds, self.introspection = limits or Limits(), introspection
        self.admitted: Cache[str, Admitted] = Cache(kept.documents, kept.kept_characters)
        self.connus = connus or Connus()
        self.named: Cache[bytes, str] = Cache(kept.documents, kept.kept_characters)

    def cle(self, schema: str) -> bytes:
        """In: the text of the schema. Out: what a document that is admitted here was found valid under."""
        return cle_de(schema, [rule.__name__ for rule in self.rules], self.bounds)

    def text(self, said: str | None, digest: bytes | None) -> str:
        """In: the text of a document, its fingerprint: one of them, or both. Out: its text.

        Raises `Refusal`: they do not go together, or nobody gave the text yet, and the client sends both.
        """
        if digest is None:
            assert said is not None
            return said
        if said is None:
            known = self.connus.get(digest)
            return known.texte if known else self.named.get_or(digest, _not_found, len)
        if sha256(said.encode()).digest() != digest:
            raise malformed("« persistedQuery.sha256Hash » n'est pas l'empreinte de ce document.")
        return said

    def name(self, text: str, digest: bytes | None) -> None:
        """Keep under its fingerprint a document that was admitted, if its client names it so."""
        if digest is not None and digest not in self.connus.documents:
            self.named.get_or(digest, lambda: text, len)

    def admit(self, text: str, *, stranger: bool) -> Admitted:
        """In: the text of a document, and whether nobody is signed in. Out: the document; raises `Refusal`."""
        return self.admitted.get_or(text, lambda: self.examined(text, stranger), lambda _: len(text))

    def document(self, text: str) -> reading.Document:
        """Out: the document, for the reader: it was admitted a moment ago."""
        return self.admit(text, stranger=True).document

    def examined(self, text: str, stranger: bool) -> Admitted:
        """Out: the document, read, measured and validated; raises `Refusal`. One that is known was all that already."""
        digest = sha256(text.encode()).digest()
        if known := self.connus.get(digest):
            return Admitted(reading.Document(digest, known.node(), len(text)), known.dear)
        node = self.read(text)
        dear = self.measured(node)
        try:
            suggest = self.introspection and not stranger
            errors = errors_of(self.schema, node, self.rules, ERRORS_MAX, suggest=suggest)
        except RecursionError:
            raise Refusal([said("Document trop imbriqué.", VALIDATION_FAILED)]) from None
        if errors:
            raise Refusal(self.told(errors, stranger))
        return Admitted(reading.Document(digest, lightened(node), len(text)), dear)

    def a_connaitre(self, text: str) -> dict[bytes, Connu]:
        """Out: a document to be known in advance, by its fingerprint; raises `Refusal`.

        A file ends with a newline where a client may send none: both texts are the document.
        """
        found = {}
        for each in {text, text.removesuffix("\n")}:
            admitted = self.admit(each, stranger=False)
            known = Connu.of(each, admitted.document.node, dear=admitted.dear)
            found[admitted.document.digest] = known
        return found

    def read(self, text: str) -> DocumentNode:
        """Out: the document, as graphql-core reads it; raises `Refusal`."""
        if len(text) > self.bounds.taille:
            raise Refusal([too_much("taille", len(text), self.bounds.taille)])
        try:
            return parse(text, max_tokens=self.bounds.jetons, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            if f"more than {self.bounds.jetons} tokens" in error.message:
                raise Refusal([too_much("jetons", None, self.bounds.jetons)]) from None
            raise Refusal([coded(error, PARSE_FAILED)]) from None

    def measured(self, document: DocumentNode) -> bool:
        """Whether it depends on its variables that a document is too dear; raises `Refusal` if it always is."""
        if not excess(measure(document, self.schema, Sizes()), self.bounds):
            return False
        self.bounded(document, Sizes(unknown=1))
        return True

    def bounded(self, document: DocumentNode, sizes: Sizes) -> None:
        """Raises `Refusal` if a document passes a limit when its variables ask for these sizes."""
        if errors := excess(measure(document, self.schema, sizes), self.bounds):
            raise Refusal(errors)

    def told(self, errors: list[GraphQLError], stranger: bool) -> list[GraphQLError]:
        """Out: what is told of a document that is not valid: nothing of a schema that is not published."""
        if stranger and not self.introspection:
            return [said("Ce document ne convient pas au schéma de l'API.", VALIDATION_FAILED)]
        return [coded(error, VALIDATION_FAILED) for error in errors]

    def chosen(self, admitted: Admitted, name: str | None, variables: Mapping[str, Any]) -> Operation:
        """Out: the operation that will run; raises `Refusal` if there are none or several, or if it is too dear."""
        try:
            found = self.operation(admitted.document, name)
        except Refused as refused:
            raise Refusal(refused.errors) from None
        if admitted.dear:
            self.bounded(admitted.document.node, Sizes({**_defaults(found.node), **variables}))
        return found


def _not_found() -> str:
    """Nobody gave this document yet: Apollo's clients then send its text with its fingerprint."""
    raise Refusal([said("PersistedQueryNotFound", PERSISTED_QUERY_NOT_FOUND)], 200)


def _defaults(operation: OperationDefinitionNode) -> dict[str, int]:
    """Out: the numbers that stand for the variables that are left out."""
    return {
        each.variable.name.value: int(each.default_value.value)
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }
