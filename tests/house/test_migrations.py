"""The migrations say what the models say, and can be taken back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from alembic.script import ScriptDirectory

from app.kit.database import Database
from app.kit.embedded import TESTS, Embedded
from app.kit.migrations import FOLDER, NotMigrated, configuration, defaire, head, migrer, verifier
from tests.conftest import Base, Serveur
from tests.template import base_of_the_process, home_of_tests

TABLES = "select count(*) from pg_class where relnamespace = 'public'::regnamespace and relname <> 'alembic_version' and relkind = 'r'"


def test_the_models_ask_for_nothing_that_the_migrations_did_not_make(url_du_processus: str) -> None:
    verifier(url_du_processus)


def test_every_revision_can_be_undone_and_done_again(serveur: Serveur) -> None:
    with base_of_the_process(serveur.adresse) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop function vider()")
        before = connection.execute(TABLES).fetchone()
        defaire(url)
        assert connection.execute(TABLES).fetchone() == (0,)
        migrer(url)
        assert connection.execute(TABLES).fetchone() == before


def test_no_two_revisions_bear_one_number() -> None:
    names = sorted(path.name for path in FOLDER.glob("versions/[0-9]*.py"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]


def test_the_last_revision_is_the_one_that_alembic_finds() -> None:
    assert head() == ScriptDirectory.from_config(configuration()).get_current_head()


def test_a_start_on_a_base_that_is_up_to_date_does_without_alembic(base: Base) -> None:
    known = f"import sys; from app.kit.migrations import migrer; migrer({base.url!r}); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", known], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_base_that_is_up_to_date_stays_as_it_is(base: Base) -> None:
    migrer(base.url)
    verifier(base.url)


async def test_an_account_that_is_not_superuser_may_own_the_base() -> None:
    home = home_of_tests() / f"proprietaire-{os.getpid()}"
    try:
        with Embedded(home, TESTS) as fresh:  # where the reading role is still to be made
            with psycopg.connect(fresh.url(driver=""), autocommit=True) as admin:
                admin.execute("create role proprietaire login createrole")
                admin.execute("create database la_sienne owner proprietaire")
            url = fresh.url("la_sienne", "proprietaire", driver="")
            migrer(url)
            migrer(url)
            async with Database(url) as database:
                assert await database.reading.fetchval("select current_user") == "rafael_lecture"
                assert await database.reading.fetchval("select count(*) from compte") == 0
    finally:
        shutil.rmtree(home)


@contextmanager
def base_of_an_ordinary_account(serveur: Serveur) -> Iterator[tuple[str, str]]:
    """An empty base whose owner may create no role: its address, and the name of that account."""
    name = f"simple_{os.getpid()}_{os.urandom(3).hex()}"
    with psycopg.connect(serveur.url(), autocommit=True) as admin:
        admin.execute(f"create role {name} login")  # type: ignore[call-overload]
        admin.execute(f"create database {name} owner {name}")  # type: ignore[call-overload]
        try:
            yield with_account(serveur.url(name), name), name
        finally:
            admin.execute(f"drop database {name} with (force)")  # type: ignore[call-overload]
            admin.execute(f"drop role {name}")  # type: ignore[call-overload]


def with_account(url: str, name: str) -> str:
    """Out: the same address, for another account."""
    return re.sub(r"//[^@/]*@", f"//{name}@", url)


def test_an_account_that_may_create_no_role_needs_only_be_given_the_reading_one(
    serveur: Serveur, base: Base
) -> None:
    """As docs/exploitation.md says; the reading role is there, since another base of this server is migrated."""
    with base_of_an_ordinary_account(serveur) as (url, name):
        with pytest.raises(NotMigrated, match="rafael_lecture"):
            migrer(url)
        with psycopg.connect(serveur.url(), autocommit=True) as admin:
            admin.execute(f"grant rafael_lecture to {name}")  # type: ignore[call-overload]
        migrer(url)
        verifier(url)


def test_a_base_that_is_not_ours_to_migrate_is_told_in_plain_words(serveur: Serveur) -> None:
    with base_of_the_process(serveur.adresse) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
        with pytest.raises(NotMigrated, match="version"):
            migrer(url)
        connection.execute("drop table alembic_version")
        with pytest.raises(NotMigrated, match="already exists"):
            migrer(url)
