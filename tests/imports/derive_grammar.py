"""Derives the grammar that the import reads from the official schema: names, order, cardinalities, lengths, codes.

python -m tests.imports.derive_grammar lheo.xsd > app/imports/lheo/grammaire.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
SHORT = {"xs:string": "texte", "xs:ID": "id", "xs:IDREF": "id", "xs:dateTime": "moment", "xs:anyURI": "texte"}
DATE = "[0-9][0-9][0-9][0-9][019][0-9][01239][0-9]"


def derive(schema: Path) -> dict[str, Any]:
    """In: the path of the XSD. Out: the grammar, ready for JSON."""
    root = etree.parse(str(schema)).getroot()
    named = {(node.tag, node.get("name")): node for node in root}
    elements = {
        node.get("name"): _element(named, node.get("name")) for node in root if node.tag == f"{XS}element"
    }
    attributes = [_attributes(named, name) for name in elements]
    common = {key: kind for key, kind in attributes[0].items() if all(key in own for own in attributes)}
    for (name, element), own in zip(elements.items(), attributes, strict=True):
        if extra := {key: kind for key, kind in own.items() if key not in common}:
            elements[name] = {**element, "attributs": extra}
    return {"attributs": common, "elements": elements}


def _attributes(named: Any, name: str) -> dict[str, str]:
    group = named[f"{XS}attributeGroup", f"{name}-attributes"]
    return {attribute.get("name"): SHORT[attribute.get("type")] for attribute in group}


def _element(named: Any, name: str) -> dict[str, Any]:
    if (simple := named.get((f"{XS}simpleType", f"{name}-subtype"))) is not None:
        return _simple(simple[0])
    if (complex_ := named.get((f"{XS}complexType", f"{name}-subtype"))) is None:
        return {"libre": True}
    group = complex_[0]
    names = [child.get("ref").removeprefix("lheo:") for child in group]
    if group.tag == f"{XS}choice":
        return {"choix": names}
    assert group.tag == f"{XS}sequence"
    assert len(set(names)) == len(names)
    return {
        "suite": [
            [n, int(c.get("minOccurs")), _most(c.get("maxOccurs"))] for n, c in zip(names, group, strict=True)
        ]
    }


def _most(said: str) -> int | None:
    return None if said == "unbounded" else int(said)


def _simple(restriction: Any) -> dict[str, Any]:
    facets = {facet.tag.removeprefix(XS): facet.get("value") for facet in restriction}
    match restriction.get("base"):
        case "xs:long":
            return {"entier": True}
        case "xs:token" if "pattern" in facets:
            assert facets == {"length": "8", "pattern": DATE}
            return {"date": True}
        case "xs:token":
            return {"codes": [facet.get("value") for facet in restriction]}
        case "xs:string":
            return {"texte": [int(facets.get("minLength", 0)), int(facets["maxLength"])]}
    raise ValueError(etree.tostring(restriction))


def written(grammar: dict[str, Any]) -> str:
    """Out: the grammar as its file holds it: one element a line."""
    lines = [
        f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}"
        for k, v in sorted(grammar["elements"].items())
    ]
    head = json.dumps(grammar["attributs"])
    return f'{{\n "attributs": {head},\n "elements": {{\n' + ",\n".join(lines) + "\n }\n}\n"


if __name__ == "__main__":
    sys.stdout.write(written(derive(Path(sys.argv[1]))))
