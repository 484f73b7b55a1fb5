"""What the rules of a candidature read of other rows is what the writing door brings of them: no column less, none for nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from sqlalchemy import inspect

from app import models as m
from app.domain.candidatures_conditions import LUES_DE_LA_SESSION, LUES_DES_AUTRES
from app.domain.ouverture import MOTIFS
from app.kit.conditions import AllOf, AnyOf, Compare, Condition, Exists, Not
from tests.house.sources import ROOT, tree

REGLES = [
    ROOT / "app/domain" / f"{nom}.py" for nom in ("candidatures", "candidatures_conditions", "ouverture")
]


def attributs(nom: str) -> set[str]:
    """Out: the attributes that these rules read of what bears this name, alone or as an attribute of something."""
    return {
        node.attr
        for path in REGLES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and nom in (getattr(node.value, "id", None), getattr(node.value, "attr", None))
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
