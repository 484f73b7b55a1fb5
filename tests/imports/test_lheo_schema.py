"""Our grammar and the official schema refuse the same files, for a form or for a value.

The schema is not ours to ship: these tests run where LHEO_XSD says where it is.
"""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from app.imports.lheo import FormationRefusee, FormeRefusee, examiner, lire
from app.imports.lheo.grammaire import grammaire
from tests.imports import derive_grammar
from tests.imports.samples import DEPARTEMENTS, action, extras, fichier, formation, session

SCHEMA = os.environ.get("LHEO_XSD", "")
pytestmark = pytest.mark.skipif(not SCHEMA, reason="LHEO_XSD does not say where the official schema is")

FORM = {  # kinds of error of libxml2 that speak of elements and attributes, not of values
    "SCHEMAV_ELEMENT_CONTENT",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_2",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1",
    "SCHEMAV_CVC_TYPE_3_1_1",
    "SCHEMAV_CVC_TYPE_3_1_2",
    "SCHEMAV_CVC_ELT_1",
}
OURS = {"LONGUEUR", "CODE", "DATE", "NOMBRE", "MOMENT", "IDENTIFIANT"}  # codes of the simple types


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def theirs(schema: etree.XMLSchema, data: bytes) -> tuple[bool, set[int]]:
    """Out: is the form refused; on which lines are values refused."""
    if schema.validate(etree.fromstring(data)):
        return False, set()
    errors = list(schema.error_log)
    form = any(error.type_name in FORM for error in errors)
    return form, {error.line for error in errors if error.type_name not in FORM}


def ours(data: bytes) -> tuple[bool, set[int]]:
    """The same, by our own grammar; values by the simple types only."""
    try:
        examiner(io.BytesIO(data))
    except FormeRefusee:
        return True, set()
    lines = set()
    for lue in lire(io.BytesIO(data), DEPARTEMENTS):
        if isinstance(lue, FormationRefusee):
            lines |= {
                e.ligne for e in lue.erreurs if e.code in OURS and "calendrier" not in e.motif and not e.regle
            }
    return False, lines


def test_the_committed_grammar_is_the_schema() -> None:
    derived = derive_grammar.written(derive_grammar.derive(Path(SCHEMA)))
    committed = Path(grammaire.__wrapped__.__code__.co_filename).with_name("grammaire.json")
    assert committed.read_text(encoding="utf-8") == derived


RICH = fichier(
    formation(
        certifications="<certification><code-RNCP>1</code-RNCP></certification>" * 2,
        actions=action(
            sessions=session(
                inscription="20260301",
                etat="1",
                suite="<recrutement><modalite-recrutement>9</modalite-recrutement><nb-places>15</nb-places>"
                "<periode><debut>20260201</debut><fin>20260201</fin></periode><heure-debut>09:00</heure-debut>"
                "</recrutement>"
                "<blocs-competences><validation-blocs>0</validation-blocs><reference-certification>"
                "<reference-code-RNCP>1</reference-code-RNCP></reference-certification><bloc-competences>"
                "<libelle-bloc>a</libelle-bloc><code-bloc>RNCP1BC01</code-bloc></bloc-competences></blocs-competences>"
                "<cycle><type-cycle>1</type-cycle><annee-cycle>1</annee-cycle><annee-cycle>2</annee-cycle></cycle>"
                + extras(capacite_accueil=12, point_entree=["20260401"]),
            )
            + session(numero="00500002"),
            suite="<nombre-heures-centre>280</nombre-heures-centre><conventionnement>0</conventionnement>"
            "<organisme-formateur><SIRET-formateur><SIRET>31490172900033</SIRET></SIRET-formateur>"
            "<raison-sociale-formateur>Autre</raison-sociale-formateur></organisme-formateur>",
        ),
    ),
    formation(numero="20_0000002"),
).replace(b"><", b">\n<")


def swap(root: etree._Element, chance: random.Random) -> None:
    parent = chance.choice([e for e in root.iter() if len(e) > 1])
    i, j = sorted(chance.sample(range(len(parent)), 2))
    parent[i], parent[j] = parent[j].__copy__(), parent[i].__copy__()


def drop(root: etree._Element, chance: random.Random) -> None:
    child = chance.choice(list(root.iter())[1:])
    child.getparent().remove(child)


def double(root: etree._Element, chance: random.Random) -> None:
    child = chance.choice(list(root.iter())[1:])
    child.addnext(child.__copy__())


def misspell(root: etree._Element, chance: random.Random) -> None:
    child = chance.choice(list(root.iter())[1:])
    child.tag += "x"


def move(root: etree._Element, chance: random.Random) -> None:
    everyone = list(root.iter())
    child, place = chance.choice(everyone[1:]), chance.choice(everyone)
    if place not in child.iter():
        place.insert(chance.randint(0, len(place)), child)


def rename(root: etree._Element, chance: random.Random) -> None:
    child = chance.choice(list(root.iter())[1:])
    child.tag = chance.choice(list(root.iter())).tag


def attribute(root: etree._Element, chance: random.Random) -> None:
    name = chance.choice(
        ["numero", "datemaj", "href", "couleur", "tag", "uri", "{http://www.w3.org/XML/1998/namespace}lang"]
    )
    chance.choice(list(root.iter())).set(name, "x")


def write(root: etree._Element, chance: random.Random) -> None:
    chance.choice(list(root.iter())).text = "quelque chose"


def foreign(root: etree._Element, chance: random.Random) -> None:
    etree.SubElement(chance.choice(list(root.iter())), "{http://exemple.invalid/}ailleurs")


@pytest.mark.parametrize("change", [swap, drop, double, misspell, move, rename, attribute, write, foreign])
def test_both_refuse_the_same_forms(
    schema: etree.XMLSchema, change: Callable[[etree._Element, random.Random], None]
) -> None:
    refused = 0
    for seed in range(250):
        root = etree.fromstring(RICH)
        change(root, random.Random(seed))
        data = etree.tostring(root)
        form, _ = theirs(schema, data)
        assert ours(data)[0] == form, (seed, schema.error_log)
        refused += form
    assert refused > 20  # the changes do break something


VALUES = ["", " ", "0", "1", "7", "99", "-3", "+4", "x", "20260301", "20261301", "2026", " 20260301 ", "x" * 51, "é" * 255,
          "x" * 256, "x" * 3001, "99999999999999999999", "1.5", "7328293200007", "732829320000745", "<b>", "3 3", "RNCP1"]  # fmt: skip


def test_both_refuse_the_same_values(schema: etree.XMLSchema) -> None:
    chance, refused = random.Random(1), 0
    for _ in range(1500):
        root = etree.fromstring(RICH)
        leaves = [e for e in root.iter() if len(e) == 0 and not e.tag.endswith(("coordonnees", "extra"))]
        chance.choice(leaves).text = chance.choice(VALUES)
        data = etree.tostring(root)
        form, values = theirs(schema, data)
        ours_form, ours_values = ours(data)
        assert ours_form == form
        assert values == ours_values, (values, ours_values, schema.error_log)
        refused += bool(values)
    assert refused > 300


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("horodatage-creation", "2026-01-05T08:00:00Z", False),
        ("horodatage-creation", "2026-01-05T08:00:00.123+01:00", False),
        ("horodatage-creation", "2026-02-30T08:00:00Z", True),
        ("horodatage-creation", "hier", True),
        ("id", "a-1", False),
        ("id", "1a", True),
    ],
)
def test_both_refuse_the_same_attributes(schema: etree.XMLSchema, name: str, value: str, wrong: bool) -> None:
    root = etree.fromstring(RICH)
    root.find(".//{*}session").set(name, value)
    data = etree.tostring(root)
    assert (bool(theirs(schema, data)[1]), bool(ours(data)[1])) == (wrong, wrong)
