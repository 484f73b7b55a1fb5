"""The six digits of a demonstration are shown there, and nowhere else."""

from __future__ import annotations

import dataclasses
from typing import Any

import httpx
from starlette.applications import Starlette

from app.console.pages import CODE, Facts, Pages
from app.demo.codes import code_du_moment
from app.demo.comptes import COMPTES
from app.main import build_schema

FACTS = Facts(build_schema()._schema)


def pages(facts: Facts) -> httpx.AsyncClient:
    """Out: a client of these pages."""
    transport = httpx.ASGITransport(Starlette(routes=Pages(facts).routes()))
    return httpx.AsyncClient(transport=transport, base_url="http://rafael.test")


async def test_a_demonstration_shows_the_digits_of_its_gestionnaire() -> None:
    facts = dataclasses.replace(FACTS, comptes=lambda: COMPTES, code=lambda: "123456")
    async with pages(facts) as client:
        assert (await client.get(CODE)).text == "123456"
        assert (await client.get("/")).text.count(CODE) == 1
        assert f'"code":"{CODE}"' in (await client.get("/graphiql")).text
    assert len(code_du_moment()) == 6


async def test_a_real_base_shows_none() -> None:
    async with pages(FACTS) as client:
        assert (await client.get(CODE)).status_code == 404
        assert '"code":null' in (await client.get("/graphiql")).text


def test_the_only_accounts_with_a_second_factor_are_gestionnaires() -> None:
    profils: dict[str, Any] = {c.nom: {p["droit"] for p in c.profils} for c in COMPTES if c.second_facteur}
    assert list(profils) == ["Gaëlle Roux"]
    assert all("gestionnaire" in droits for droits in profils.values())
