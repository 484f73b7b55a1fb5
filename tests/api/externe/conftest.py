"""The provider, the application that knows it, a browser."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from app.kit.settings import Settings
from app.main import create_app
from tests.api.conftest import Api, Montre
from tests.api.fournisseur import CLIENT, SECRET, Op, servi
from tests.cast import CIPHER

from .navigateur import FRONT, Navigateur


@pytest.fixture
async def op() -> AsyncIterator[Op]:
    async with servi(Op()) as op:
        yield op


@pytest.fixture
async def app_externe(
    url_du_processus: str, montre: Montre, op: Op, tmp_path: Path
) -> AsyncIterator[Starlette]:
    """The application, whose settings name the provider."""
    given = {
        "DATABASE_URL": url_du_processus,
        "CLE_CHIFFREMENT": CIPHER.key.decode(),
        "DONNEES": str(tmp_path),
        "OIDC_EMETTEUR": op.url,
        "OIDC_CLIENT": CLIENT,
        "OIDC_SECRET": SECRET,
        "ORIGINES": FRONT,
    }
    settings = dataclasses.replace(Settings.read(given), demo=False, lectures_anonymes=0)
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        desk = app.state.desk
        room = dataclasses.replace(desk.executor, machine=montre)
        externe = dataclasses.replace(desk.externe, clock=montre)
        app.state.desk = dataclasses.replace(desk, clock=montre, executor=room, externe=externe)
        yield app


@pytest.fixture
async def navigateur(app_externe: Starlette, op: Op, api: Api) -> AsyncIterator[Navigateur]:
    made = Navigateur(app_externe, op, api)
    yield made
    await made.fermer()
