"""What is kept of an operation changes nothing: variables and arguments are graphql-core's, errors included."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import OperationDefinitionNode, build_schema, get_variable_values, parse
from graphql.execution.values import VariableValues, get_argument_values

from app.reading.asked import Arguments
from app.reading.operations import Operation

SCHEMA = build_schema(
    """
    enum Couleur { ROUGE VERT }
    input Ou { ville: String = "Niort", codes: [Int!], dans: Ou, couleur: Couleur! = VERT }
    input Fiche { nom: String!, ville: String = "Niort", cle: ID, couleur: Couleur = VERT, mots: [String!], sur: Boolean }
    input Choix @oneOf { nom: String, cle: ID }
    type Query {
      f(a: Int, b: [String!]! = ["x"], c: Ou, d: Couleur, e: Boolean! = true, g: Ou = {}, h: Fiche, j: Choix): Int
    }
    """
)
F = SCHEMA.query_type.fields["f"]  # type: ignore[union-attr]
DOCUMENTS = (
    "query ($a: Int) { f(a: $a) }",
    "query ($a: Int = 3, $b: [String!]!) { f(a: $a, b: $b) }",
    'query ($a: Int!, $b: [String!] = ["z"]) { f(a: $a, b: $b, c: {ville: "Pau", codes: [1, $a]}) }',
    "query ($c: Ou) { f(c: $c, g: $c) }",
    "query ($c: Ou! = {couleur: ROUGE}, $d: Couleur) { f(c: {dans: $c, couleur: $d}, d: $d) }",
    'query ($e: Boolean! = false, $d: Couleur = VERT) { f(e: $e, d: $d, b: "seul") }',
    "query ($h: Fiche!, $j: Choix) { f(h: $h, j: $j) }",
    "query ($v: String, $i: Int!) { f(c: {ville: $v, codes: [$i]}, g: {dans: {ville: $v}}) }",
)
GIVEN: tuple[dict[str, Any], ...] = (
    {},
    {"a": 1, "b": ["u"], "c": {"ville": None}, "d": "ROUGE", "e": True, "v": "Agen", "i": 4},
    {"a": None, "b": None, "c": None, "d": None, "e": None, "v": None, "i": None},
    {"a": "un", "b": ["u", None], "c": {"villes": "x"}, "d": "BLEU", "e": 1, "v": 3, "i": 2**40},
    {"a": 1.0, "b": "u", "c": {"dans": {"codes": 7, "dans": {"couleur": "ROUGE"}}}, "i": 0},
    {"a": 2, "c": {"couleur": None}, "b": [], "i": -1, "inconnue": 1},
    {"h": {"nom": "Vert"}, "j": {"nom": "Vert"}},
    {
        "h": {"sur": False, "mots": ["a"], "couleur": "ROUGE", "cle": "7", "ville": "Pau", "nom": ""},
        "j": {"cle": 7},
    },
    {"h": {"nom": "Vert", "ville": None, "cle": 7, "mots": "a", "sur": None}, "j": {"nom": None}},
    *({"h": fiche} for fiche in ({}, {"nom": None}, {"nom": "Vert", "age": 3}, {"nom": 3}, [], "Vert")),
    *({"h": {"nom": "Vert", **faux}} for faux in ({"couleur": "BLEU"}, {"mots": [None]}, {"sur": 1})),
    {"h": {"nom": "Vert"}, "j": {"nom": "Vert", "cle": "7"}, "c": {}},
    {"h": {"nom": "Vert"}, "j": {}},
)


def deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"dans": value}
    return value


def said(found: Any) -> Any:
    if isinstance(found, VariableValues):
        return found.coerced, {name: source.value for name, source in found.sources.items()}
    return [error.message for error in found]


@pytest.mark.parametrize("text", DOCUMENTS)
@pytest.mark.parametrize("given", [*GIVEN, {"c": deep(5_000)}], ids=range(len(GIVEN) + 1))
def test_variables_and_arguments_are_what_graphql_core_makes_of_them(
    text: str, given: dict[str, Any]
) -> None:
    node = parse(text).definitions[0]
    assert isinstance(node, OperationDefinitionNode)
    operation = Operation(SCHEMA, node)
    wanted = get_variable_values(SCHEMA, node.variable_definitions or (), given, 20)
    for _ in range(2):  # what was kept the first time is still true the second
        found = operation.coerced(given, 20, suggest=True)
        assert said(found) == said(wanted)
    if not isinstance(found, VariableValues) or not isinstance(wanted, VariableValues):
        return

    field: Any = node.selection_set.selections[0]
    try:
        expected = get_argument_values(F, field, wanted)
    except Exception as error:
        with pytest.raises(type(error), match=r".*"):
            Arguments(F, field, {}).read(found)
    else:
        assert Arguments(F, field, expected).read(found) == expected


def test_what_no_variable_can_change_is_read_once() -> None:
    node: Any = parse(DOCUMENTS[2]).definitions[0]
    kept = Arguments(F, node.selection_set.selections[0], {"a": 0, "b": [], "c": {}, "e": True, "g": {}})

    assert [name for name, *_ in kept.moving] == ["a", "b", "c"]
    assert kept.fixed == {"e": True, "g": {}}
