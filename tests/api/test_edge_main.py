"""The house put together over a real base: what starts, what is ready, what a token opens."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import strawberry
from sqlalchemy import insert, text
from starlette.applications import Starlette

from app import models as m
from app.demo.comptes import COMPTES
from app.kit.crypto import fingerprint
from app.kit.settings import Settings
from app.main import create_app
from app.resolvers.verbs import Context
from tests.conftest import Base

from .edge import TOKEN, codes


@strawberry.type
class Query:
    @strawberry.field
    def profil(self, info: strawberry.Info[Context, None]) -> str:
        return info.context.viewer.profil

    @strawberry.field
    def heure(self, info: strawberry.Info[Context, None]) -> str:
        return info.context.moment.isoformat()

    @strawberry.field
    def panne(self) -> str:
        raise RuntimeError("la table secrete n'existe pas")


@pytest.fixture
def app(base: Base) -> Starlette:
    settings = dataclasses.replace(Settings.read({"DATABASE_URL": base.url}), demo=False)
    return create_app(settings, strawberry.Schema(Query))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://rafael.test") as client:
            yield client


async def test_it_is_ready_when_base_migrations_and_policy_are(client: httpx.AsyncClient) -> None:
    response = await client.get("/readyz")

    assert response.json() == {
        "pret": True,
        "controles": {"base": True, "migrations": True, "politique": True},
    }


async def test_it_is_not_ready_on_an_older_base(client: httpx.AsyncClient, base: Base) -> None:
    async with base.engine.begin() as connection:
        head = await connection.scalar(text("select version_num from alembic_version"))
        await connection.execute(text("update alembic_version set version_num = '0001'"))
    try:
        response = await client.get("/readyz")
    finally:
        async with base.engine.begin() as connection:
            await connection.execute(text("update alembic_version set version_num = :head"), {"head": head})

    assert (response.status_code, response.json()["controles"]["migrations"]) == (503, False)


async def test_it_is_not_ready_when_the_sources_of_the_policy_have_changed(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.policies.policy.sources_of", lambda lock: {"roles.polar": "0" * 64})
    response = await client.get("/readyz")

    assert (response.status_code, response.json()["controles"]["politique"]) == (503, False)


async def test_a_resolver_knows_who_asks(client: httpx.AsyncClient, base: Base) -> None:
    now = datetime.now(UTC)
    async with base.engine.begin() as connection:
        account = {"courriel": "camille@demo.invalid", "nom": "C", "prenom": "C", "cree_le": now}
        compte = (
            await connection.execute(insert(m.Compte).values(**account).returning(m.Compte.id))
        ).scalar_one()
        life = {"empreinte": fingerprint(TOKEN), "cree_le": now, "expire_le": now + timedelta(hours=1)}
        await connection.execute(insert(m.Jeton).values(compte_id=compte, **life))

    asked = {"json": {"query": "{ profil }"}}
    stranger = await client.post("/graphql", **asked)
    known = await client.post("/graphql", headers={"authorization": f"Bearer {TOKEN}"}, **asked)

    assert stranger.json() == {"data": {"profil": "anonyme"}}
    assert known.json() == {"data": {"profil": "beneficiaire"}}


async def test_a_fault_of_a_resolver_is_masked(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{ panne }"})

    assert codes(response) == ["INTERNAL_SERVER_ERROR"]
    assert "secrete" not in response.text


async def test_a_base_that_is_gone_is_worth_another_try(client: httpx.AsyncClient, app: Starlette) -> None:
    await app.state.desk.executor.reader.pool.close()

    response = await client.post(
        "/graphql", json={"query": "{ profil }"}, headers={"authorization": f"Bearer {TOKEN}"}
    )

    assert (response.status_code, codes(response)) == (503, ["SERVICE_UNAVAILABLE"])
    assert response.headers["retry-after"] == "2"
    assert (await client.get("/readyz")).json()["controles"]["base"] is False


async def test_the_counters_tell_the_size_of_the_caches(client: httpx.AsyncClient) -> None:
    await client.post("/graphql", json={"query": "{ profil }"})

    text = (await client.get("/metrics")).text

    assert 'rafael_etat{mesure="documents"' in text
    assert 'rafael_etat{mesure="lectures_completees"' in text


@pytest.mark.parametrize("demo", [True, False])
async def test_the_accounts_and_the_clock_of_the_demonstration_stay_in_it(base: Base, demo: bool) -> None:
    if demo:
        async with base.engine.begin() as connection:
            await connection.execute(insert(m.Reglage).values(cle=m.DEMONSTRATION, valeur="oui"))
    settings = dataclasses.replace(Settings.read({"DATABASE_URL": base.url}), horloge="2020-01-01T10:00:00")
    app = create_app(settings, strawberry.Schema(Query))

    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://rafael.test") as client:
            page = (await client.get("/")).text
        year = app.state.desk.clock().year

    assert (COMPTES[0].email in page) is demo
    assert (year == 2020) is demo


def test_it_does_not_start_without_a_base() -> None:
    settings = Settings.read({})
    app = create_app(settings, strawberry.Schema(Query))

    async def start() -> None:
        async with app.router.lifespan_context(app):
            pass

    import asyncio

    with pytest.raises(ValueError, match="DATABASE_URL"):
        asyncio.run(start())


@pytest.mark.parametrize("demo", [True, False])
async def test_a_request_chooses_its_moment_on_a_demonstration_only(base: Base, demo: bool) -> None:
    if demo:
        async with base.engine.begin() as connection:
            await connection.execute(insert(m.Reglage).values(cle=m.DEMONSTRATION, valeur="oui"))
    app = create_app(Settings.read({"DATABASE_URL": base.url}), strawberry.Schema(Query))

    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://rafael.test") as client:
            asked = {"json": {"query": "{ heure }"}}
            moved = await client.post("/graphql", headers={"x-horloge": "2026-03-02T20:01"}, **asked)
            wrong = await client.post("/graphql", headers={"x-horloge": "hier"}, **asked)

    assert codes(wrong) == ["BAD_REQUEST"]
    if demo:
        assert moved.json() == {"data": {"heure": "2026-03-02T20:01:00+01:00"}}
    else:
        assert codes(moved) == ["BAD_REQUEST"]
