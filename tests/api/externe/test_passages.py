"""The passage: what waits between the return and the sign-in."""

from __future__ import annotations

import asyncio
import base64
import secrets
from datetime import timedelta

from sqlalchemy import update

from app import models as m
from app.kit.cipher import Cipher
from tests.api import actes_comptes as c
from tests.api.conftest import Montre
from tests.cast import Monde

from .navigateur import Navigateur, agent, verifie

# --- the passage ---------------------------------------------------------------------------------------------------


async def test_a_passage_serves_once_even_sent_together(navigateur: Navigateur, monde: Monde) -> None:
    await navigateur.connecter(verifie(monde.paul))
    passage = await navigateur.passage(agent(monde.paul))
    rendus = await asyncio.gather(*[navigateur.echanger(passage) for _ in range(5)])
    assert sorted(refus for refus, _ in rendus) == [[], *[["PASSAGE_INVALIDE"]] * 4]


async def test_a_passage_serves_who_began_and_nobody_else(navigateur: Navigateur, monde: Monde) -> None:
    """Stolen on its way, or handed to a victim who would sign in as somebody else."""
    passage = await navigateur.passage(verifie(monde.paul))
    for autre in (secrets.token_urlsafe(32), "", navigateur.defi):
        assert (await navigateur.echanger(passage, verificateur=autre))[0] == ["PASSAGE_INVALIDE"]
    assert (await navigateur.echanger(passage))[0] == []


async def test_a_passage_sealed_under_a_key_that_was_changed_since_is_none(
    navigateur: Navigateur, monde: Monde
) -> None:
    passage = await navigateur.passage(verifie(monde.paul))
    ancienne = Cipher(base64.urlsafe_b64encode(secrets.token_bytes(32)))
    async with monde.engine.begin() as db:
        await db.execute(update(m.PassageExterne).values(contenu=ancienne.seal("{}")))
    assert (await navigateur.echanger(passage))[0] == ["PASSAGE_INVALIDE"]


async def test_a_passage_waits_ten_minutes(navigateur: Navigateur, montre: Montre, monde: Monde) -> None:
    passage = await navigateur.passage(verifie(monde.paul))
    montre.heure += timedelta(minutes=10)
    assert (await navigateur.echanger(passage))[0] == ["PASSAGE_INVALIDE"]
    passage = await navigateur.passage(verifie(monde.paul))
    montre.heure += timedelta(minutes=9, seconds=59)
    assert (await navigateur.echanger(passage))[0] == []


async def test_what_waits_is_sealed(navigateur: Navigateur, monde: Monde) -> None:
    passage = await navigateur.passage(verifie(monde.paul))
    [row] = await c.lignes(monde, m.PassageExterne)
    assert monde.paul.courriel not in str(row)
    assert passage not in str(row)
    assert navigateur.defi not in str(row)
