"""The journal is sealed each hour: whoever rewrites it, were it the administrator of the base, is seen."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.jobs.journal import Bilan, verifies
from app.jobs.sceaux import PAR_LOT, sceller
from tests.cast import MAINTENANT, Monde
from tests.conftest import Base

from .conftest import Atelier

HEURE = timedelta(hours=1)


async def arrive(monde: Monde, combien: int = 1) -> None:
    """Something happens."""
    async with monde.engine.begin() as db:
        await db.execute(
            text(
                "insert into fait (survenu_le, nom, profil, compte_id, donnees)"
                " select :le, 'CompteModifie', 'referent', :qui, jsonb_build_object('champs', jsonb_build_array('é', n))"
                " from generate_series(1, :combien) n"
            ),
            {"le": MAINTENANT, "qui": monde.paul.id, "combien": combien},
        )


async def force(base: Base, sql: str) -> None:
    """What an administrator of the base may do."""
    async with base.engine.begin() as db:
        await db.execute(text("set local session_replication_role = replica"))  # no trigger
        await db.execute(text(sql))


async def scelle(atelier: Atelier) -> int:
    """An hour passes, and the job runs."""
    atelier.heure += HEURE
    return await sceller(atelier.writer, atelier.heure)


async def ecarts(atelier: Atelier) -> list[tuple[int, str]]:
    """Out: the rank of each seal that does not hold, and why."""
    vus = [vu async for vu in verifies(atelier.writer, atelier.heure)]
    return [(vu.sceau.id, vu.ecart) for vu in vus if vu.ecart]


async def sceaux(base: Base) -> list[Any]:
    async with base.engine.connect() as db:
        return list(await db.execute(text("select * from sceau order by id")))


@pytest.fixture
async def scelles(atelier: Atelier, monde: Monde) -> list[Any]:
    """Three seals: of nothing yet, of two facts, of three."""
    await arrive(monde, 2)
    await scelle(atelier)
    await arrive(monde, 3)
    await scelle(atelier)
    await scelle(atelier)
    return await sceaux(atelier.base)


async def test_a_seal_takes_what_was_there_an_hour_before_and_follows_the_one_before(
    atelier: Atelier, scelles: list[Any]
) -> None:
    assert [(s.id, s.nb_faits) for s in scelles] == [(1, 0), (2, 2), (3, 3)]
    assert [s.dernier_fait_id for s in scelles[1:]] == [s.vu_fait_id for s in scelles[:-1]]
    assert await ecarts(atelier) == []


async def test_nothing_new_puts_no_seal(atelier: Atelier, scelles: list[Any]) -> None:
    assert await scelle(atelier) == 0
    assert await sceaux(atelier.base) == scelles


async def test_anybody_can_compute_a_seal_again_from_the_rows(base: Base, scelles: list[Any]) -> None:
    avant, sceau = scelles[1:]
    async with base.engine.connect() as db:
        rows = await db.execute(
            text("select * from fait where id > :a and id <= :b order by id"),
            {"a": avant.dernier_fait_id, "b": sceau.dernier_fait_id},
        )
        faits = [{k: v for k, v in row._mapping.items() if v is not None} for row in rows]
    dite = hashlib.sha256(f"{avant.sha256}\n".encode())
    for fait in faits:
        fait["survenu_le"] = fait["survenu_le"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        dite.update((json.dumps(fait, sort_keys=True, separators=(",", ":")) + "\n").encode())
    dite.update(sceau.pose_le.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ\n").encode())
    assert dite.hexdigest() == sceau.sha256


@pytest.mark.parametrize(
    ("sql", "attendu"),
    [
        (
            "delete from fait where id = (select vu_fait_id from sceau where id = 1)",
            [(2, "2 faits scellés, 1 au journal")],
        ),
        (
            "update fait set compte_id = 999 where id = (select vu_fait_id from sceau where id = 2)",
            [(3, "les faits ne sont plus ceux qui ont été scellés, ou un sceau a été changé")],
        ),
        (
            "update fait set id = id + 1000 where id = (select dernier_fait_id from sceau where id = 3)",
            [(3, "3 faits scellés, 2 au journal")],
        ),
        (
            "insert into fait (id, survenu_le, nom, profil) values (0, now(), 'Faux', 'referent'), (-1, now(), 'Faux', 'referent')",
            [(1, "0 fait scellé, 2 au journal")],
        ),
        ("delete from sceau where id = 2", [(3, "il devrait suivre le sceau 2, qui manque")]),
        (
            "update sceau set sha256 = repeat('0', 64) where id = 2",
            [
                (2, "les faits ne sont plus ceux qui ont été scellés, ou un sceau a été changé"),
                (3, "les faits ne sont plus ceux qui ont été scellés, ou un sceau a été changé"),
            ],
        ),
        (
            "update sceau set pose_le = pose_le + interval '1 day' where id = 3",
            [(3, "les faits ne sont plus ceux qui ont été scellés, ou un sceau a été changé")],
        ),
        (
            "update sceau set vu_fait_id = vu_fait_id + 1 where id = 2",
            [(3, "il ne va pas jusqu'où le sceau d'avant le dit")],
        ),
    ],
)
async def test_whoever_rewrites_the_journal_is_seen(
    base: Base, atelier: Atelier, scelles: list[Any], sql: str, attendu: list[tuple[int, str]]
) -> None:
    await force(base, sql)
    assert await ecarts(atelier) == attendu


async def test_a_fact_that_ends_late_is_of_the_next_seal(atelier: Atelier, monde: Monde, base: Base) -> None:
    async with base.engine.connect() as lente, lente.begin() as transaction:
        await lente.execute(
            text("insert into fait (survenu_le, nom, profil) values (now(), 'Lent', 'referent')")
        )
        await arrive(monde)  # a greater key, committed before
        await scelle(atelier)
        await transaction.commit()
    await scelle(atelier)
    assert [s.nb_faits for s in await sceaux(base)] == [0, 2]
    assert await ecarts(atelier) == []


async def test_many_facts_are_sealed_a_batch_at_a_time(atelier: Atelier, monde: Monde, base: Base) -> None:
    await arrive(monde, 2 * PAR_LOT)
    await scelle(atelier)
    assert await scelle(atelier) == 2 * PAR_LOT
    assert await ecarts(atelier) == []


async def test_the_job_runs_by_itself_and_the_base_changes_no_seal(
    atelier: Atelier, monde: Monde, base: Base
) -> None:
    await arrive(monde)
    atelier.heure += HEURE
    await atelier.tic()
    [sceau] = await sceaux(base)
    assert sceau.vu_fait_id > 0
    with pytest.raises(Exception, match="le journal ne se modifie pas"):
        async with base.engine.begin() as db:
            await db.execute(text("delete from sceau"))


async def test_a_hash_that_was_noted_elsewhere_is_found_again_or_not(
    atelier: Atelier, scelles: list[Any]
) -> None:
    for notee, retrouvee in ((scelles[1].sha256, True), ("f" * 64, False), ("", True)):
        bilan = Bilan(notee)
        async for vu in verifies(atelier.writer, atelier.heure):
            bilan.compter(vu)
        assert bilan.est_retrouvee is retrouvee
        assert bilan.phrases()[0] == "3 sceaux, 5 faits : rien n'a changé."
        assert ("L'empreinte notée n'est celle d'aucun sceau." in bilan.phrases()) is not retrouvee


async def test_without_a_seal_the_command_says_when_the_first_comes(atelier: Atelier, monde: Monde) -> None:
    assert await ecarts(atelier) == []
    assert Bilan("").phrases() == ["Le journal n'a encore aucun sceau : le premier est posé dans l'heure."]


def test_the_columns_of_the_journal_are_all_sealed() -> None:
    from app.domain.sceaux import COLONNES

    assert set(COLONNES) == set(m.Fait.__table__.columns.keys())
