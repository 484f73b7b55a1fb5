"""A person of the cast asks the real application, over HTTP, at a moment that the test chooses."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from itertools import count
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from app.kit.cipher import Cipher
from app.kit.settings import Settings
from app.main import create_app
from tests.cast import CIPHER, MAINTENANT, Acteur, Connexion, Monde, planter
from tests.conftest import Base


class Montre:
    """A clock that only moves when a test says so."""

    def __init__(self) -> None:
        self.heure: datetime = MAINTENANT

    def __call__(self) -> datetime:
        return self.heure


@dataclass
class Api:
    """The application, asked as a client would."""

    client: httpx.AsyncClient
    montre: Montre
    cipher: Cipher  # what signs the links of the mails
    oublier: Callable[[], None]  # what the doorkeeper remembers of tokens, for half a second
    transport: httpx.ASGITransport
    adresses: Iterator[int] = field(default_factory=lambda: count(1))

    def d_ailleurs(self) -> None:
        """From now on, ask from an address that never asked."""
        self.transport.client = (str(ip_address("203.0.113.0") + next(self.adresses)), 1)

    async def brut(self, qui: Acteur | Connexion | None, document: str, **variables: Any) -> dict[str, Any]:
        """Out: the whole answer, errors included."""
        headers = {"content-type": "application/json"} | ({} if qui is None else qui.entetes)
        body = json.dumps({"query": document, "variables": variables})  # ASCII: half a pair travels too
        answer = await self.client.post("/graphql", content=body, headers=headers)
        found: dict[str, Any] = answer.json()
        return found

    async def __call__(self, qui: Acteur | Connexion | None, document: str, **variables: Any) -> Any:
        """Out: the data of an answer that holds no error."""
        answer = await self.brut(qui, document, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]


@pytest.fixture(scope="session")
def montre() -> Montre:
    return Montre()


@pytest.fixture(scope="session")
async def application(
    url_du_processus: str, montre: Montre, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Starlette]:
    given = {
        "DATABASE_URL": url_du_processus,
        "CLE_CHIFFREMENT": CIPHER.key.decode(),
        "DONNEES": str(tmp_path_factory.mktemp("donnees")),  # not those of who develops
    }
    settings = dataclasses.replace(Settings.read(given), demo=False, lectures_anonymes=0)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        room = dataclasses.replace(app.state.desk.executor, machine=montre)
        app.state.desk = dataclasses.replace(app.state.desk, clock=montre, executor=room)
        app.state.desk.doorkeeper.lookup = _looked_up(app, montre)
        room.reader.witness.pause = 3600.0  # a test says when traces are written
        yield app


def _looked_up(app: Starlette, montre: Montre) -> Any:
    """Tokens live by the clock of the test too."""
    from app.http.tokens import lookup
    from app.resolvers.partenaires import usage_note

    room = app.state.desk.executor
    return lookup(room.reader.pool, montre, usage_note(room.writer))


@pytest.fixture
async def api(application: Starlette, montre: Montre) -> AsyncIterator[Api]:
    montre.heure = MAINTENANT
    application.state.desk.doorkeeper.kept.clear()
    application.state.desk.freins.oublier()  # one address asks all that the tests ask
    temoin = application.state.desk.executor.reader.witness
    temoin.waiting.clear()
    temoin.connues.clear()
    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rafael.test") as client:
        desk = application.state.desk
        yield Api(client, montre, desk.executor.cipher, desk.doorkeeper.kept.clear, transport)


@pytest.fixture
async def monde(base: Base) -> Monde:
    """The cast, planted."""
    return await planter(base)
