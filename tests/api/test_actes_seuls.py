"""An act alone in its request: answered by one statement, key for key as graphql-core would, and never run twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.applications import Starlette

from app import models as m
from app.reading.acts import Act
from app.reading.limits import Cache
from app.reading.plans import Completed
from app.reading.reader import Reader
from tests.cast import Acteur, Monde

from . import actes
from .conftest import Api
from .identifiants import gid

BROUILLON = {"etat": m.EtatCandidature.BROUILLON, "raisons": "Un métier choisi."}
SUPPRIMER = "mutation($id: ID!) { supprimerCandidature(candidature: $id) { %s } }"
TOUT = f"""mutation Effacer($id: ID!, $oui: Boolean!, $non: Boolean!) {{
  efface: supprimerCandidature(candidature: $id) {{
    __typename ...Elle motifs: empechements {{ code }} encore: candidature {{ clef: id etat }}
    candidature @include(if: $oui) {{ reference }} sans: candidature @skip(if: $oui) {{ id }}
    jamais: candidature @include(if: $non) {{ id }}
  }}
}}
fragment Elle on CandidaturePayload {{ {actes.CANDIDATURE} ... on CandidaturePayload {{ candidature {{ candidat {{ nom }} }} }} }}"""


@dataclass
class Lectures:
    """How many statements the reading door sent for answers, and what graphql-core had to complete."""

    instructions: int = 0
    completees: Counter[str] = field(default_factory=Counter)


@pytest.fixture
def reader(application: Starlette) -> Reader:
    found: Reader = application.state.desk.executor.reader
    return found


@contextmanager
def compter(reader: Reader) -> Iterator[Lectures]:
    """Count what happens meanwhile; who asks is looked up elsewhere, and is not counted."""
    lectures, avant, envoyees = Lectures(), Counter(reader.completed), reader.spent.statements
    yield lectures
    lectures.completees, lectures.instructions = (
        reader.completed - avant,
        reader.spent.statements - envoyees,
    )


@contextmanager
def sans_raccourci(reader: Reader) -> Iterator[None]:
    """Meanwhile graphql-core completes every act."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "plans", Cache(10, 1_000_000))
        patch.setattr(reader, "_act", lambda request: Completed("essai"))
        yield


async def paires(api: Api, qui: Acteur, document: str, **variables: Any) -> Any:
    """Out: an answer, the order of its keys kept."""
    body = json.dumps({"query": document, "variables": variables})
    headers = {"content-type": "application/json", **qui.entetes}
    answer = await api.client.post("/graphql", content=body, headers=headers)
    return json.loads(answer.content, object_pairs_hook=list)


async def faits_de(monde: Monde, candidature: m.Candidature) -> int:
    async with monde.engine.connect() as db:
        combien = select(func.count()).where(m.Fait.candidature_id == candidature.id)
        return int((await db.execute(combien)).scalar_one())


async def test_an_act_that_takes_place_is_answered_by_one_statement(
    api: Api, monde: Monde, reader: Reader
) -> None:
    candidature = await monde.une_candidature(**BROUILLON)
    with compter(reader) as lectures:
        answer = await api(monde.paul, actes.SUPPRIMER, id=gid("Candidature", candidature))

    assert answer["supprimerCandidature"]["candidature"]["etat"] == "CORBEILLE"
    assert answer["supprimerCandidature"]["empechements"] == []
    assert lectures.instructions == 1
    assert not lectures.completees


@pytest.mark.parametrize("document", [actes.SUPPRIMER, TOUT], ids=["simple", "tout"])
async def test_its_answer_is_that_of_graphql_core_keys_in_order(
    api: Api, monde: Monde, reader: Reader, document: str
) -> None:
    candidature = await monde.une_candidature(**BROUILLON)
    variables = {"id": gid("Candidature", candidature)} | (
        {"oui": True, "non": False} if "$oui" in document else {}
    )
    droit = await paires(api, monde.paul, document, **variables)
    await monde.changer(candidature, etat=m.EtatCandidature.BROUILLON, close_le=None)
    with sans_raccourci(reader), compter(reader) as lectures:
        complete = await paires(api, monde.paul, document, **variables)

    assert lectures.completees
    assert [key for key, _ in droit] == ["data"]
    assert droit == complete


async def test_what_stops_an_act_is_told_by_graphql_core_over_what_its_resolver_gave(
    api: Api, monde: Monde, reader: Reader
) -> None:
    candidature = await monde.une_candidature(etat="en_attente_avis")
    with compter(reader) as lectures:
        answer = await api(monde.paul, actes.SUPPRIMER, id=gid("Candidature", candidature))

    assert actes.codes(answer["supprimerCandidature"]) == ["ETAT_INCOMPATIBLE"]
    assert answer["supprimerCandidature"]["candidature"] is None
    assert list(lectures.completees) == ["Mutation.supprimerCandidature"]


async def test_an_act_that_graphql_core_completes_is_run_once(api: Api, monde: Monde, reader: Reader) -> None:
    une, autre = [await monde.une_candidature(**BROUILLON), await monde.une_candidature(**BROUILLON)]
    deux = """mutation($une: ID!, $autre: ID!) { a: supprimerCandidature(candidature: $une) { candidature { etat } }
      b: supprimerCandidature(candidature: $autre) { candidature { etat } } }"""
    with compter(reader) as lectures:
        answer = await api(monde.paul, deux, une=gid("Candidature", une), autre=gid("Candidature", autre))

    assert answer == {
        "a": {"candidature": {"etat": "CORBEILLE"}},
        "b": {"candidature": {"etat": "CORBEILLE"}},
    }
    assert lectures.completees
    assert [await faits_de(monde, une), await faits_de(monde, autre)] == [1, 1]


async def test_a_resolver_that_fails_is_not_called_again(
    api: Api, monde: Monde, reader: Reader, application: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    candidature, appels = await monde.une_candidature(**BROUILLON), []

    def en_panne(*args: Any, **options: Any) -> Any:
        appels.append(args)
        raise RuntimeError("panne d'essai")

    monkeypatch.setattr(application.state.desk.executor.writer, "writing", en_panne)
    answer = await api.brut(monde.paul, SUPPRIMER % "candidature { id }", id=gid("Candidature", candidature))

    [error] = answer["errors"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["path"] == ["supprimerCandidature"]
    assert "panne" not in error["message"]
    assert len(appels) == 1
    assert await faits_de(monde, candidature) == 0


@pytest.mark.parametrize(
    ("document", "attendu"),
    [
        (SUPPRIMER % "candidature { id }", Act),
        (SUPPRIMER % "__typename empechements { code }", Act),
        (
            "mutation($id: ID!) { __typename supprimerCandidature(candidature: $id) { candidature { id } } }",
            Completed,
        ),
        ('mutation { connexion(email: "a@b.fr", motDePasse: "x") { jeton } }', Completed),
    ],
    ids=["tables", "listes", "deux champs", "fait"],
)
def test_which_acts_have_a_plan(monde: Monde, reader: Reader, document: str, attendu: type) -> None:
    variables = {"id": gid("Candidature", monde.lea)} if "$id" in document else {}
    request = reader.request(monde.paul.viewer, document, variables, None, monde.le)

    assert isinstance(reader._act(request), attendu)


@pytest.mark.parametrize("rien", ["@skip(if: true)", "@include(if: false)"])
async def test_a_mutation_whose_acts_are_all_skipped_does_nothing_and_says_so(
    api: Api, monde: Monde, rien: str
) -> None:
    candidature = await monde.une_candidature(**BROUILLON)
    cle, avant = gid("Candidature", candidature), await faits_de(monde, candidature)
    document = f'mutation {{ supprimerCandidature(candidature: "{cle}") {rien} {{ __typename }} }}'

    assert await paires(api, monde.paul, document) == [("data", [])]
    assert await faits_de(monde, candidature) == avant
