"""What the rules of a candidature read of other rows is what the writing door brings of them: no column less, none for nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import inspect

from app import models as m
from app.domain.candidatures_conditions import LUES_DE_LA_SESSION, LUES_DES_AUTRES, LUES_DU_CANDIDAT
from app.domain.ouverture import MOTIFS
from app.kit.conditions import AllOf, AnyOf, Compare, Condition, Exists, Not
from tests.house.sources import ROOT, tree

REGLES = ("candidatures", "candidatures_conditions", "ouverture")
AILLEURS = {("conservation", "obstacles_d_identite"), ("formulaires", "problemes_candidature")}
"""The functions of other modules that these rules hand a row to."""
PAR_CONDITION = {"decision", "_EST_LE_PROCHAIN"}  # and those that look at it through a condition


def noeuds() -> Iterator[ast.AST]:
    """Out: all that these rules are made of."""
    for module in REGLES:
        yield from ast.walk(tree(ROOT / "app/domain" / f"{module}.py"))
    for module, nom in AILLEURS:
        for node in tree(ROOT / "app/domain" / f"{module}.py").body:
            if isinstance(node, ast.FunctionDef) and node.name == nom:
                yield from ast.walk(node)


def est(node: ast.AST, nom: str) -> bool:
    """Whether an expression is what bears this name, alone or as an attribute of something."""
    return nom in (getattr(node, "id", None), getattr(node, "attr", None))


def attributs(nom: str) -> set[str]:
    """Out: the attributes that these rules read of what bears this name."""
    return {node.attr for node in noeuds() if isinstance(node, ast.Attribute) and est(node.value, nom)}


def confies(nom: str) -> set[str]:
    """Out: the functions to which they hand what bears this name."""
    appels = [node for node in noeuds() if isinstance(node, ast.Call)]
    return {
        str(getattr(appel.func, "id", None) or getattr(appel.func, "attr", None))
        for appel in appels
        if any(est(each, nom) for each in (*appel.args, *(k.value for k in appel.keywords)))
    }


def nommes(condition: Condition) -> Iterator[str]:
    """Out: the attributes that a condition begins by looking at."""
    match condition:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from nommes(part)
        case Not(body=body):
            yield from nommes(body)
        case Compare(path=path) | Exists(path=path):
            yield path[0]


def colonnes(model: Any, attributs: set[str]) -> set[str]:
    """Out: the columns that must be there to read these attributes, the key aside; a relation needs the one that leads to it."""
    mapper = inspect(model)
    relations = [mapper.relationships[nom] for nom in attributs & {*mapper.relationships.keys()}]
    menent = {
        mapper.get_property_by_column(ici).key
        for relation in relations
        for ici, _ in relation.local_remote_pairs
    }
    return (attributs & {*mapper.column_attrs.keys()} | menent) - {"id"}


def test_of_a_session_its_rules_read_what_is_brought() -> None:
    lus = attributs("session") | {nom for motif in MOTIFS for nom in nommes(motif.condition)}
    assert colonnes(m.SessionFormation, lus) == LUES_DE_LA_SESSION


def test_of_the_person_s_other_candidatures_its_rules_read_what_is_brought() -> None:
    assert colonnes(m.Candidature, attributs("a")) == LUES_DES_AUTRES


def test_of_the_person_its_rules_read_what_is_brought() -> None:
    assert colonnes(m.Candidat, attributs("candidat")) == LUES_DU_CANDIDAT


@pytest.mark.parametrize("nom", ["session", "candidat", "a"])
def test_no_other_function_is_handed_a_row_that_is_read_in_part(nom: str) -> None:
    connues = {node.name for node in noeuds() if isinstance(node, ast.FunctionDef)}
    assert confies(nom) - connues - PAR_CONDITION == set()
