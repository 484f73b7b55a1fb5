"""The tree of a document, once it is valid and before it is kept."""

from __future__ import annotations

from graphql import DocumentNode, Node, Token


def lightened(document: DocumentNode) -> DocumentNode:
    """In: a tree that graphql-core has parsed and validated. Out: the same, its places known, its tokens let go.

    Each node says where it stands by its first and last tokens, and each token holds its neighbours: a kept tree would
    keep them all, half of its weight, in circles that the collector walks. An error needs an offset and the text alone.
    """
    if document.loc:
        _untied(document.loc.start_token)
    nodes: list[Node] = [document]
    while nodes:
        node = nodes.pop()
        if node.loc:
            node.loc.start_token = node.loc.end_token = None  # type: ignore[assignment]  # nobody asks for them again
        for key in node.keys:
            value = getattr(node, key)
            if isinstance(value, Node):
                nodes.append(value)
            elif isinstance(value, tuple | list):
                nodes.extend(value)
    return document


def _untied(token: Token | None) -> None:
    """Let go of a token and of those that follow."""
    while token is not None:
        token.prev, token.next, token = None, None, token.next
