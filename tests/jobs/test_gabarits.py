"""Whatever the application announces by mail, the house knows how to write."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from app.jobs.composition import gabarits
from tests.house.sources import files, place, tree

ANNOUNCERS = {"annoncer", "annoncer_a", "prevenir", "prevenir_declarant", "ecrire_aux_prescripteurs"}


def announced() -> Iterator[tuple[str, str]]:
    """Out: where a template is named, and its name."""
    for path in files("app"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                said = [k.value for k in node.keywords if k.arg == "gabarit"]
                said += node.args if name in ANNOUNCERS else []
                for value in said:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        yield place(path, node), value.value


def test_every_mail_that_is_announced_has_its_template() -> None:
    found = list(announced())
    assert len(found) > 10
    assert [(where, name) for where, name in found if name not in gabarits()] == []
