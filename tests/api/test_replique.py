"""Readings are sent to a replica that is late: whoever has just written, or signed in, is not told of before."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from app.kit.settings import Settings
from app.main import create_app
from tests.cast import CIPHER, Monde
from tests.conftest import Base, Serveur
from tests.template import base_of_the_process

from .conftest import Api
from .test_recherches_enregistrees import LISTE, enregistrer


@pytest.fixture
async def api_en_retard(
    api: Api, monde: Monde, base: Base, serveur: Serveur, url_du_processus: str
) -> AsyncIterator[Api]:
    """The application as it starts, by the machine's clock; its replica has received nothing yet."""
    async with base.engine.begin() as db:
        await db.execute(text("update jeton set expire_le = now() + interval '1 day'"))
    with base_of_the_process(serveur.adresse) as replique:
        given = {
            "DATABASE_URL": url_du_processus,
            "DATABASE_URL_LECTURE": replique,
            "CLE_CHIFFREMENT": CIPHER.key.decode(),
        }
        app = create_app(dataclasses.replace(Settings.read(given), demo=False))
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://rafael.test") as client:
                yield dataclasses.replace(api, client=client, transport=transport)


async def test_paul_is_known_and_shown_what_he_has_just_written(api_en_retard: Api, monde: Monde) -> None:
    saved = (await enregistrer(api_en_retard, monde.paul))["recherche"]

    assert saved["nom"] == "Près de chez moi"
    assert (await api_en_retard(monde.paul, LISTE))["recherchesEnregistrees"] == []  # the replica will tell
