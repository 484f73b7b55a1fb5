"""Each policy that comes to service is written down, whole, once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.policies.lock import FOLDER, digest
from app.policies.policy import Policy
from app.writing import Writer
from app.writing.versions import noter, noter_politique
from tests.cast import MAINTENANT
from tests.conftest import Base

PLUS_TARD = MAINTENANT + timedelta(days=1)


def another() -> Policy:
    """Out: the policy of the house, whose sources would be others."""
    ours = Policy.load()
    ours.compiled = replace(ours.compiled, sources={**ours.compiled.sources, "roles.polar": "0" * 64})
    return ours


async def note(base: Base, policy: Policy, le: datetime = MAINTENANT) -> bool:
    return await noter_politique(Writer(base.ecriture, policy), le)


async def versions(base: Base) -> list[Any]:
    async with base.engine.connect() as db:
        return list(await db.execute(text("select * from version_politique order by id")))


async def test_a_policy_is_noted_with_its_files_and_its_matrix_and_not_again(base: Base) -> None:
    assert await note(base, Policy.load()) is True
    assert await note(base, Policy.load(), PLUS_TARD) is False
    [version] = await versions(base)
    assert (version.sha256, version.mise_en_service_le) == (Policy.load().sha256, MAINTENANT)
    fichiers = version.contenu["fichiers"]
    assert [f["nom"] for f in fichiers] == sorted(path.name for path in FOLDER.glob("*.polar"))
    for fichier in fichiers:
        assert fichier["source"] == (FOLDER / fichier["nom"]).read_text(encoding="utf-8")
        assert (
            fichier["sha256"] == digest(fichier["source"]) == Policy.load().compiled.sources[fichier["nom"]]
        )
    assert f"`sha256:{version.sha256}`" in version.matrice


async def test_a_policy_that_comes_back_to_service_is_noted_again(base: Base) -> None:
    for policy in (Policy.load(), another(), Policy.load()):
        assert await note(base, policy) is True
    premiere, autre, derniere = await versions(base)
    assert premiere.sha256 == derniere.sha256 != autre.sha256
    assert [autre.precedente_id, derniere.precedente_id] == [premiere.id, autre.id]


async def test_machines_that_start_together_note_it_once(base: Base) -> None:
    for policy in (Policy.load(), another()):
        noted = await asyncio.gather(*(note(base, policy) for _ in range(4)))
        assert noted.count(True) == 1
    assert len(await versions(base)) == 2


async def test_what_served_is_never_changed(base: Base) -> None:
    await noter(base.url, MAINTENANT)
    for sql in ("update version_politique set sha256 = 'x'", "delete from version_politique"):
        with pytest.raises(IntegrityError, match="le journal ne se modifie pas"):
            async with base.engine.begin() as db:
                await db.execute(text(sql))
    assert len(await versions(base)) == 1
