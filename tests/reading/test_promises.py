"""What the compiler promises besides equal answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.reading.formats import encode_id, encode_opaque
from app.reading.plans import Plan
from app.reading.reader import Reader
from tests.reading import models as m
from tests.reading.conftest import Run, extra_values
from tests.reading.policy import (
    ANONYME,
    CATALOGUE,
    N1,
    N2,
    N3,
    PREINSCRIPTION,
    PROFILS,
    STAFF,
    Viewer,
)
from tests.reading.world import MOMENT, World

OF = Viewer(PREINSCRIPTION, 1, 2)
GESTIONNAIRE = Viewer(STAFF, 1)
VALIDEUR = Viewer(N3, 1, 1)


def plan(reader: Reader, profil: str, text: str, **variables: Any) -> Plan:
    found = reader.plan(reader.request(Viewer(profil), text, variables, None, MOMENT))
    assert isinstance(found, Plan)
    return found


# --- conditions -----------------------------------------------------------------------------------------------


def session_where(sql: str) -> str:
    """What the statement asks of a session reached from a candidature, beyond the key."""
    match = re.search(r"WHERE session_\d+\.id = page_1\.session_id(.*?)\bORDER BY", sql, re.S)
    assert match
    return match[1].strip(" )\n")


def test_a_proven_condition_is_left_out_and_a_doubtful_one_kept(reader: Reader) -> None:
    text = "{ candidatures { nodes { session { dateDebut } } } }"
    assert (
        session_where(plan(reader, PREINSCRIPTION, text).sql) == ""
    )  # who reads it intervenes on its session
    assert session_where(plan(reader, STAFF, text).sql) == ""  # staff reads every session
    assert "etat IS DISTINCT FROM" in session_where(plan(reader, N1, text).sql)


def test_a_child_asks_its_parent_s_alias(reader: Reader) -> None:
    sql = plan(reader, PREINSCRIPTION, "{ sessions { nodes { candidatures { totalCount } } } }").sql
    counted = sql.split("count(candidature_1.id)")[1].split("row_number")[0]
    assert re.search(r"page_\d\.formateur_id = \$", counted)


def test_a_filter_on_a_masked_column_tells_nothing(reader: Reader) -> None:
    sql = plan(reader, STAFF, '{ candidatures(filtre: {motif: "Reconversion"}) { totalCount } }').sql
    assert "false" in sql.lower()


async def test_who_does_not_read_a_column_cannot_filter_on_it(run: Run) -> None:
    text = '{ candidatures(filtre: {motif: "Reconversion"}) { totalCount } }'
    assert (await run(VALIDEUR, text))["data"]["candidatures"]["totalCount"] > 0
    assert await run(GESTIONNAIRE, text) == {"data": {"candidatures": {"totalCount": 0}}}


async def test_nor_through_a_related_row(run: Run, world: World) -> None:
    text = '{ sessions(filtre: {contact: "Camille"}) { totalCount } }'
    known = [s for s in world[m.SessionFormation] if s.action.contact == "Camille"]
    assert (await run(GESTIONNAIRE, text))["data"]["sessions"]["totalCount"] == len(known) > 0
    assert (await run(Viewer(ANONYME), text))["data"]["sessions"]["totalCount"] == 0


async def test_nor_through_a_row_that_is_hidden(run: Run, world: World) -> None:
    candidatures = [c for c in world[m.Candidature] if c.structure_prescriptrice_id and c.session]
    behind = next(c for c in candidatures if c.session.etat == "brouillon")
    text = "query($t: String) { candidatures(first: 100, filtre: {intitule: $t}) { nodes { id session { id } } } }"
    who = Viewer(N2, 1, behind.structure_prescriptrice_id)
    answer = (await run(who, text, {"t": behind.session.action.intitule}))["data"]["candidatures"]["nodes"]
    assert all(found["session"] for found in answer)
    staff = (await run(GESTIONNAIRE, text, {"t": behind.session.action.intitule}))["data"]["candidatures"][
        "nodes"
    ]
    assert len(staff) > len(answer)


async def test_an_identifier_of_another_type_filters_everything_out(run: Run) -> None:
    text = "query($i: ID, $j: [ID!]) { one: candidatures(filtre: {session: $i}) { totalCount } many: candidatures(filtre: {sessions: $j}) { totalCount } }"
    mine, other = encode_id("Session", 1), encode_id("Structure", 1)
    right = (await run(GESTIONNAIRE, text, {"i": mine, "j": [mine, other]}))["data"]
    assert right["one"] == right["many"] != {"totalCount": 0}
    wrong = (await run(GESTIONNAIRE, text, {"i": other, "j": [other]}))["data"]
    assert wrong == {"one": {"totalCount": 0}, "many": {"totalCount": 0}}


async def test_a_forgotten_value_of_the_viewer_fails_closed(reader: Reader) -> None:
    found = plan(reader, PREINSCRIPTION, "{ candidatures { totalCount } }")
    with pytest.raises(KeyError):
        found.values({})


async def test_another_type_of_the_same_rows_is_not_found_by_identifier(run: Run) -> None:
    text = "query($i: ID!) { node(id: $i) { __typename id } }"
    me = Viewer(STAFF, 1)
    assert (await run(me, text, {"i": encode_id("Utilisateur", 1)}))["data"]["node"][
        "__typename"
    ] == "Utilisateur"
    assert await run(me, text, {"i": encode_id("Moi", 1)}) == {"data": {"node": None}}
    assert await run(me, text, {"i": encode_id("Query", 1)}) == {"data": {"node": None}}


async def test_several_identifiers_come_back_in_their_places(run: Run) -> None:
    ids = [
        encode_id("Structure", 2),
        encode_id("Licorne", 1),
        encode_id("Session", 1),
        encode_id("Structure", 1),
    ]
    text = "query($i: [ID!]!) { nodes(ids: $i) { id ... on Structure { nom } } }"
    answer = (await run(GESTIONNAIRE, text, {"i": ids}))["data"]["nodes"]
    assert [a and a["id"] for a in answer] == [ids[0], None, ids[2], ids[3]]
    assert answer[0]["nom"] == "Structure 2"


# --- plans ----------------------------------------------------------------------------------------------------


def test_a_plan_serves_all_values_of_a_shape(reader: Reader) -> None:
    text = "query($f: FiltreCandidatures, $n: Int) { candidatures(filtre: $f, first: $n) { totalCount nodes { id } } }"
    one = plan(reader, STAFF, text, f={"motif": "'; DROP TABLE candidature; --"}, n=3)
    two = plan(reader, STAFF, text, f={"motif": "x"}, n=50)
    assert one is two
    assert "DROP" not in one.sql
    assert plan(reader, STAFF, text, f={"etats": []}, n=50) is not one


def test_the_text_of_a_plan_is_the_same_in_another_process(reader: Reader) -> None:
    text = "{ candidatures(first: 3) { nodes { session { action { intitule } } peut { valider } } } }"
    again = Reader(reader.strawberry, reader.policy, None, extra_values=extra_values)
    assert all(plan(reader, p, text).sql == plan(again, p, text).sql for p in PROFILS)


async def test_hostile_text_travels_as_a_value(run: Run) -> None:
    text = "query($m: String!) { candidatures(filtre: {motif: $m}) { totalCount } }"
    answer = await run(VALIDEUR, text, {"m": "'; DROP TABLE candidature; --"})
    assert answer == {"data": {"candidatures": {"totalCount": 0}}}


async def test_a_response_key_is_only_a_name(run: Run) -> None:
    answer = await run(GESTIONNAIRE, "{ __type: corbeilles { data: toutes errors: __typename } }")
    assert list(answer["data"]["__type"]) == ["data", "errors"]


async def test_more_than_fifty_keys_keep_their_order(run: Run) -> None:
    keys = " ".join(f"k{i}: totalCount" for i in range(120))
    answer = (await run(GESTIONNAIRE, "{ candidatures { " + keys + " } }"))["data"]["candidatures"]
    assert list(answer) == [f"k{i}" for i in range(120)]


async def test_a_count_alone_reads_no_page(reader: Reader) -> None:
    sql = plan(reader, STAFF, "{ candidatures { totalCount __typename } }").sql
    assert "row_number" not in sql
    assert "LIMIT" not in sql


async def test_an_unasked_count_is_not_counted(reader: Reader) -> None:
    sql = plan(reader, STAFF, "{ candidatures { nodes { id } } }").sql
    assert "count(" not in sql


def test_invented_types_share_one_plan(reader: Reader) -> None:
    text = "query($i: ID!) { node(id: $i) { id } }"
    one, two = (plan(reader, STAFF, text, i=encode_id(name, 1)) for name in ("Licorne", "Dragon"))
    assert one is two
    assert plan(reader, STAFF, text, i=encode_id("Session", 1)) is not one


# --- rights and reasons ---------------------------------------------------------------------------------------


async def test_the_columns_one_may_write_are_told(run: Run, world: World) -> None:
    actions = {a.id: a for a in world[m.Action]}
    mine = next(a for a in actions.values() if a.etat != "archivee")
    text = "query($i: ID!) { action(id: $i) { champsModifiables } }"
    who = Viewer(CATALOGUE, 1, mine.structure_id)
    wanted = ["CONTACT"] if mine.est_conventionnee else ["INTITULE", "CONTACT"]
    assert (await run(who, text, {"i": encode_id("Action", mine.id)}))["data"]["action"] == {
        "champsModifiables": wanted
    }


async def test_no_column_is_told_to_who_may_not_modify(run: Run, world: World) -> None:
    other = next(a for a in world[m.Action] if a.etat == "publiee")
    text = "query($i: ID!) { action(id: $i) { champsModifiables } }"
    who = Viewer(CATALOGUE, 1, other.structure_id % 4 + 1)
    answer = await run(who, text, {"i": encode_id("Action", other.id)})
    assert answer == {"data": {"action": {"champsModifiables": []}}}


REASONS = (
    "query($n: String!) { session(numeroCarif: $n) { peutCandidater { oui motifs { code message regle } } } }"
)


def published(world: World, *, passed: bool) -> m.SessionFormation:
    """A published session, begun already, or to come and not full."""
    found = [s for s in world[m.SessionFormation] if s.etat != "brouillon" and s.action.etat == "publiee"]
    day = MOMENT.date()
    return next(
        s for s in found if (s.date_debut < day if passed else s.date_debut >= day and s.prises < s.places)
    )


async def test_why_one_may_not_apply_is_told_before_any_form(run: Run, world: World) -> None:
    number = {"n": published(world, passed=True).numero}
    closed = (await run(Viewer(N1, 1, 2), REASONS, number))["data"]["session"]["peutCandidater"]
    assert [motif["code"] for motif in closed["motifs"]] == ["HORS_HORAIRES", "SESSION_PASSEE"]
    assert closed["motifs"][1] == {
        "code": "SESSION_PASSEE",
        "message": "L'entrée est « passée ».",
        "regle": "R-066",
    }
    assert not closed["oui"]


async def test_who_lacks_the_permission_is_told_so_first(run: Run, world: World) -> None:
    number = {"n": published(world, passed=False).numero}
    stranger = (await run(Viewer(ANONYME), REASONS, number))["data"]["session"]["peutCandidater"]
    assert [motif["code"] for motif in stranger["motifs"]] == ["INTERDIT"]
    assert not stranger["oui"]


async def test_a_reason_that_rests_on_what_one_may_not_read_is_not_told(run: Run, world: World) -> None:
    free = next(
        s
        for s in world[m.SessionFormation]
        if s.prix == 0 and s.etat != "brouillon" and s.action.etat == "publiee"
    )
    answer = (await run(Viewer(N1, 1, 1), REASONS, {"n": free.numero}))["data"]["session"]["peutCandidater"]
    assert "GRATUITE" not in [motif["code"] for motif in answer["motifs"]]
    assert not answer["oui"]  # what one may do does not depend on what one may read


async def test_nothing_stands_against_an_act_that_is_possible(run: Run, world: World) -> None:
    number = {"n": published(world, passed=False).numero}
    answer = (await run(Viewer(N1, 1, 1), REASONS, number))["data"]["session"]["peutCandidater"]
    assert answer == {"oui": True, "motifs": []}


# --- mutations ------------------------------------------------------------------------------------------------

TOUCHER = """mutation($id: ID!, $e: Boolean! = true) { v: toucher(id: $id, existe: $e) {
    empechements { code } s: suivis { id } c: candidature { id creeLe etat session { dateDebut } ...F } } }
    fragment F on Candidature { peut { valider } __typename }"""


async def test_the_payload_of_a_mutation_is_read_by_the_compiler(run: Run, world: World) -> None:
    seen = next(row for row in world[m.Candidature] if row.etat != "brouillon")
    ident = encode_id("Candidature", seen.id)
    answer = await run(GESTIONNAIRE, TOUCHER, {"id": ident})
    assert "errors" not in answer
    payload = answer["data"]["v"]
    assert payload["c"]["id"] == ident
    assert payload["c"]["etat"] == seen.etat.name
    assert list(payload["c"]) == ["id", "creeLe", "etat", "session", "peut", "__typename"]
    assert [s["id"] for s in payload["s"]] == [encode_id("Suivi", i) for i in (1, 2, 3)]


async def test_a_payload_without_a_row_says_why(run: Run) -> None:
    answer = await run(GESTIONNAIRE, TOUCHER, {"id": encode_id("Candidature", 999), "e": False})
    assert answer == {"data": {"v": {"empechements": [{"code": "NON_TROUVE"}], "s": [], "c": None}}}


async def test_a_payload_shows_no_row_that_the_viewer_may_not_read(run: Run, world: World) -> None:
    other = next(
        c for c in world[m.Candidature] if c.prescripteur_id != 1 and c.structure_prescriptrice_id != 1
    )
    answer = await run(VALIDEUR, TOUCHER, {"id": encode_id("Candidature", other.id)})
    assert answer["data"]["v"]["c"] is None


# --- completion -----------------------------------------------------------------------------------------------


async def test_introspection_and_tables_in_one_document(run: Run, reader: Reader) -> None:
    before = reader.completed.copy()
    ident = encode_id("Session", 1)
    found = await run(
        GESTIONNAIRE,
        f'{{ n: node(id: "{ident}") {{ __typename id }} version __schema {{ queryType {{ name }} }} }}',
    )
    assert found["data"] == {
        "n": {"__typename": "Session", "id": ident},
        "version": "1.0",
        "__schema": {"queryType": {"name": "Query"}},
    }
    assert dict(reader.completed - before) == {"Query.version": 1}


async def test_what_completes_is_named(run: Run, reader: Reader) -> None:
    before = reader.completed.copy()
    await run(GESTIONNAIRE, "{ __schema { queryType { name } } }")
    await run(GESTIONNAIRE, TOUCHER, {"id": encode_id("Candidature", 1)})
    await run(GESTIONNAIRE, "{ corbeilles { toutes } }")
    assert dict(reader.completed - before) == {"Query.__schema": 1}  # an act alone is answered by a statement


async def test_an_alias_cannot_pose_as_a_type(run: Run) -> None:
    text = "query($i: ID!) { version node(id: $i) { __typename __type: id ... on Structure { nom } } }"
    answer = await run(GESTIONNAIRE, text, {"i": encode_id("Structure", 1)})
    assert answer["data"]["node"] == {
        "__typename": "Structure",
        "__type": encode_opaque("Structure:1"),
        "nom": "Structure 1",
    }


# --- filters --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filtre", "kept"),
    [
        ("{complete: true}", lambda s: s.prises >= s.places),
        ("{complete: false}", lambda s: s.prises == 1),  # what the criterion says of its contrary
        ("{passees: true}", lambda s: s.date_debut < MOMENT.date()),
        ("{passees: false}", lambda s: s.date_debut >= MOMENT.date()),
        ("{passees: null}", lambda s: True),
        ('{mots: "CUISINE"}', lambda s: "cuisine" in s.action.intitule),
        ('{departements: ["33", "87"]}', lambda s: s.formateur is not None and s.formateur.departement),
        ('{motif: "Reconversion"}', lambda s: False),  # the manager reads no motive
        ('{apresLe: "2026-01-03"}', lambda s: s.date_debut >= MOMENT.date()),
    ],
)
async def test_a_filter_keeps_what_it_says(run: Run, world: World, filtre: str, kept: Any) -> None:
    answer = await run(GESTIONNAIRE, f"{{ sessions(filtre: {filtre}) {{ totalCount }} }}")
    wanted = sum(bool(kept(s)) for s in world[m.SessionFormation])
    assert answer["data"]["sessions"]["totalCount"] == wanted


@pytest.mark.parametrize(
    ("argument", "archived"), [("", False), ("(filtre: {})", False), ("(filtre: null)", True)]
)
async def test_the_default_of_a_criterion_holds_until_it_is_said_otherwise(
    run: Run, world: World, argument: str, archived: bool
) -> None:
    answer = await run(GESTIONNAIRE, f"{{ actions{argument} {{ totalCount }} }}")
    wanted = sum(archived or a.etat != "archivee" for a in world[m.Action])
    assert answer["data"]["actions"]["totalCount"] == wanted
