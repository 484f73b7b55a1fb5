"""What the tests of the edge stand on: a small schema, an executor that is graphql-core, and doors to both."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
from graphql import GraphQLError, build_schema, execute
from starlette.applications import Starlette

from app.http.app import assembled
from app.http.desk import Desk
from app.http.documents import Documents
from app.http.health import Readiness
from app.http.metrics import Counters
from app.http.viewer import Doorkeeper
from app.kit.clock import fixed
from app.kit.crypto import fingerprint
from app.policies.viewer import Viewer
from app.reading.errors import Refused
from app.reading.reader import Answer, answer

MOMENT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
TOKEN = "jeton-de-la-prescriptrice-qui-est-assez-long"
RESPONSE = "application/graphql-response+json"
SCHEMA = build_schema(
    """
    type Query {
      bonjour(a: String, ou: Lieu): String
      secretPartage: String
      panne: String
      casse: String!
      moi: String!
      fils: Query
      amis: [Query!]!
      candidatures(first: Int, after: String, last: Int): CandidatureConnection!
    }
    input Lieu { ville: String, dans: Lieu }
    type CandidatureConnection { edges: [CandidatureEdge!]! pageInfo: PageInfo! totalCount: Int! }
    type CandidatureEdge { cursor: String! node: Candidature! }
    type PageInfo { hasNextPage: Boolean! }
    type Candidature { id: ID! freres(first: Int): CandidatureConnection! }
    type Mutation { saluer(a: String!): String }
    """
)


class Core:
    """An executor that asks graphql-core, and remembers what it was asked."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.asked: list[tuple[Any, str, Mapping[str, Any] | None, str | None, datetime]] = []

    async def execute(
        self,
        viewer: Any,
        text: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        moment: datetime,
        *,
        prouve: Any = None,
        instruction: bool = False,
    ) -> Answer:
        self.asked.append((viewer, text, variables, operation_name, moment))
        if "panne" in text:
            raise RuntimeError("la table secrete n'existe pas")
        root = {
            "moi": viewer.profil,
            "bonjour": lambda info, a="toi", ou=None: f"bonjour {a}",
            "casse": broken,
        }
        try:
            document = self.documents.document(text)
            self.documents.request(viewer, document, variables or {}, operation_name, moment, dict)
        except Refused as refused:
            return answer(refused.errors)
        result = execute(SCHEMA, document.node, root, None, dict(variables or {}), operation_name)
        return answer(result.errors or (), result.data)


def broken(info: Any) -> str:
    raise GraphQLError("cassé", extensions={"code": "BAD_USER_INPUT"})


class Tokens:
    """The tokens that live, by fingerprint; counts how often it is asked."""

    def __init__(self) -> None:
        viewer = Viewer(compte_id=1, profil="prescripteur_n2", structure_id=2, affiliation_id=3, jeton_id=4)
        self.living = {fingerprint(TOKEN): viewer}
        self.asked = 0

    async def __call__(self, empreinte: bytes) -> Viewer | None:
        self.asked += 1
        return self.living.get(empreinte)


class NoBrakes:
    """Nobody is slowed down."""

    def lire(self, adresse: str, combien: int) -> None:
        pass

    async def passer(self, adresse: str, demandees: Mapping[str, int]) -> None:
        pass

    def hacher(self, demandees: Mapping[str, int]) -> contextlib.nullcontext[None]:
        return contextlib.nullcontext()

    async def prouve(self, adresse: str, juste: bool) -> None:
        pass


class Edge:
    """The application over the small schema, and a client of it."""

    def __init__(self, *, introspection: bool = True, **options: Any) -> None:
        self.tokens, self.counters, self.freins = Tokens(), Counters(), NoBrakes()
        self.ready = {"base": True, "migrations": True, "politique": True}
        self.documents = Documents(SCHEMA, introspection=introspection)
        self.core = Core(self.documents)
        self.app: Starlette = assembled(self.opening, self.counters, **options)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://rafael.test")

    @contextlib.asynccontextmanager
    async def opening(self) -> AsyncIterator[Desk]:
        def check(name: str) -> Any:
            async def held() -> bool:
                return self.ready[name]

            return held

        readiness = Readiness({name: check(name) for name in self.ready})
        yield Desk(self.documents, Doorkeeper(self.tokens), self.core, fixed(MOMENT), readiness, self.freins)

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Edge]:
        async with self.app.router.lifespan_context(self.app), self.client:
            yield self

    async def post(self, content: bytes | str, **headers: str) -> httpx.Response:
        sent = {"content-type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        return await self.client.post("/graphql", content=content, headers=sent)

    async def ask(self, query: str, *, token: str | None = None, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return await self.post(json.dumps({"query": query, **more}), accept=RESPONSE, **headers)


def codes(response: httpx.Response) -> list[str]:
    """Out: the code of each error of an answer; fails if one has none."""
    return [error["extensions"]["code"] for error in response.json()["errors"]]
