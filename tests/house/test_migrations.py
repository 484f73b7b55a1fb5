"""The migrations say what the models say, and can be taken back."""

from __future__ import annotations

import psycopg

from app.kit.migrations import defaire, migrer, verifier
from tests.conftest import Base, Serveur
from tests.template import base_of_the_process

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


def test_a_base_that_is_up_to_date_stays_as_it_is(base: Base) -> None:
    migrer(base.url)
    verifier(base.url)
