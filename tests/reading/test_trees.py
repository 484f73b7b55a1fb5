"""What is kept of a document: its tree, where things stand in it, and not its tokens."""

from __future__ import annotations

import gc
from collections import deque

from graphql import GraphQLError, Node, Token, parse, print_ast

from app.reading.trees import lightened

TEXTE = """query Trois($n: Int = 3) {
  # a word on what follows
  actions(first: $n, recherche: { mots: ["maçon", "toit"] }) { ...Dites @include(if: true) }
}
fragment Dites on ActionConnection { totalCount nodes { intitule } }"""


def nodes_of(document: Node) -> list[Node]:
    """Out: every node of a tree, found by what Python itself says that each one holds."""
    found, waiting = [], deque([document])
    while waiting:
        each = waiting.popleft()
        found.append(each)
        for key in each.keys:
            value = getattr(each, key)
            waiting.extend(
                v for v in (value if isinstance(value, tuple | list) else [value]) if isinstance(v, Node)
            )
    return found


def test_no_token_is_reached_from_a_tree_that_is_kept() -> None:
    kept = lightened(parse(TEXTE))
    reached, waiting = set(), [*nodes_of(kept)]
    while waiting:
        each = waiting.pop()
        if id(each) not in reached and not isinstance(each, type):
            reached.add(id(each))
            assert not isinstance(each, Token)
            waiting += [r for r in gc.get_referents(each) if type(r).__module__.startswith("graphql")]
    assert len(reached) > len(nodes_of(kept))  # their locations were walked too


def test_what_is_kept_says_the_same_and_stands_at_the_same_places() -> None:
    kept, whole = lightened(parse(TEXTE)), parse(TEXTE)
    assert print_ast(kept) == print_ast(whole)
    assert len(nodes_of(kept)) == len(nodes_of(whole))
    for mine, theirs in zip(nodes_of(kept), nodes_of(whole), strict=True):
        assert GraphQLError("", mine).locations == GraphQLError("", theirs).locations


def test_a_tree_without_places_is_left_as_it_is() -> None:
    bare = parse(TEXTE, no_location=True)
    assert lightened(bare) is bare
