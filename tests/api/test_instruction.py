"""The statement of a reading, beside its answer: for an auditeur who asks, and for nobody else."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from app.http.logs import ACCESS
from tests.cast import Acteur, Monde

from .conftest import Api
from .identifiants import gid
from .test_edge_around import lines
from .test_edge_around import log as log

DOCUMENT = "query ($mots: String) { a: actions(first: 2, recherche: { mots: $mots }) { nodes { intitule } } }"
SECRET = "chaudronnerie-de-precision"


async def ask(api: Api, qui: Acteur | None, document: str, extensions: Any, **variables: Any) -> Any:
    """Out: the whole answer to a request that has extensions."""
    body = json.dumps({"query": document, "variables": variables, "extensions": extensions})
    headers = {"content-type": "application/json"} | ({} if qui is None else qui.entetes)
    return (await api.client.post("/graphql", content=body, headers=headers)).json()


@pytest.mark.regle("R-032")
async def test_an_auditeur_sees_the_statement_and_the_plan_of_his_reading(api: Api, monde: Monde) -> None:
    await monde.une_session()
    plain = await ask(api, monde.adrien, DOCUMENT, {}, mots=SECRET)

    told = await ask(api, monde.adrien, DOCUMENT, {"instruction": True}, mots=SECRET)

    lecture = told["extensions"].pop("lecture")
    assert {"data": told["data"]} == plain
    assert lecture["instruction"].startswith("SELECT ")
    assert "FROM action" in lecture["instruction"]
    assert "cost=" in lecture["plan"]
    assert (lecture["profil"], lecture["completee"], lecture["plan_trouve"]) == ("auditeur", None, True)
    assert lecture["octets"] > lecture["objets"] > 0
    assert SECRET not in json.dumps(lecture), "a value was told"


@pytest.mark.regle("R-032")
@pytest.mark.parametrize("qui", ["gaelle", "camille", "paul", "nadia", None])
async def test_for_anybody_else_the_demand_is_as_if_it_had_not_been_made(
    api: Api, monde: Monde, qui: str | None
) -> None:
    acteur = getattr(monde, qui) if qui else None

    assert await ask(api, acteur, DOCUMENT, {"instruction": True}) == await ask(api, acteur, DOCUMENT, {})


@pytest.mark.parametrize("said", [False, None, "oui", 1, {"plan": True}])
async def test_only_true_asks(api: Api, monde: Monde, said: Any) -> None:
    assert "extensions" not in await ask(api, monde.adrien, DOCUMENT, {"instruction": said})


async def test_a_reading_that_graphql_core_completes_names_its_field(api: Api, monde: Monde) -> None:
    told = await ask(api, monde.adrien, "{ __schema { queryType { name } } }", {"instruction": True})

    lecture = told["extensions"]["lecture"]
    assert (lecture["completee"], "instruction" in lecture) == ("Query.__schema", False)


async def test_neither_an_act_nor_a_refusal_has_one(api: Api, monde: Monde) -> None:
    candidature = await monde.une_candidature(auteur=monde.paul)
    act = "mutation($id: ID!) { validerCandidature(candidature: $id) { empechements { code } } }"

    acted = await ask(api, monde.adrien, act, {"instruction": True}, id=gid("Candidature", candidature))
    refused = await ask(api, monde.adrien, "{ licorne }", {"instruction": True})

    assert "extensions" not in acted
    assert "data" not in refused
    assert "extensions" not in refused


async def test_the_line_of_the_log_says_what_a_reading_cost_and_nothing_of_what_was_read(
    api: Api, monde: Monde, log: io.StringIO
) -> None:
    session = await monde.une_session()
    document = "query Mesuree($n: Int) { actions(first: $n) { nodes { intitule } } }"

    answer, _ = [await api.brut(monde.adrien, document, n=n) for n in (2, 3)]
    await api(monde.adrien, "{ __schema { queryType { name } } }")

    first, second, completed = [line["lecture"] for line in lines(log) if line["source"] == ACCESS.name]
    assert (first["plan_trouve"], second["plan_trouve"], second["compilation_ms"]) == (False, True, 0)
    assert first["compilation_ms"] > 0
    assert first["base_ms"] > 0
    rows = answer["data"]["actions"]["nodes"]
    assert first["objets"] == 3 + len(rows), "the answer, its data, the page, and the rows"
    assert completed["completee"] == "Query.__schema"
    assert rows[0]["intitule"] not in log.getvalue()
    assert session.numero_carif not in log.getvalue()


async def test_what_a_session_prepares_to_explain_is_not_left_there(api: Api, monde: Monde) -> None:
    for _ in range(3):  # the connection that is lent is the same: a name left there would be taken
        told = await ask(api, monde.adrien, DOCUMENT, {"instruction": True})
        assert "plan" in told["extensions"]["lecture"]
