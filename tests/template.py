"""The base that every other is copied from: the real migrations, run once for each state of their files."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from app.kit.database import plain, with_base
from app.kit.migrations import FOLDER, migrer
from app.kit.processes import exists

# What a test leaves is deleted, table by table, only where there is something. `replica`: no foreign key, no trigger,
# so no order. A table of reference data says so by its comment, and stays.
VIDER = """
create function vider() returns void language plpgsql as $$
declare nom text;
begin
  set local session_replication_role = replica;
  for nom in select c.oid::regclass::text from pg_class c
             where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(c.oid) > 0
               and relname <> 'alembic_version' and obj_description(c.oid, 'pg_class') is distinct from 'reference' loop
    execute 'delete from ' || nom;
  end loop;
end $$
"""


def home_of_tests() -> Path:
    """Out: a folder of ours in the temporary one; the server in it is shared by the runs that overlap."""
    home = Path(
        os.environ.get("RAFAEL_TESTS") or Path(tempfile.gettempdir()) / f"rafael-tests-{os.geteuid()}"
    )
    home.mkdir(exist_ok=True)
    if home.stat().st_uid != os.geteuid():
        raise PermissionError(f"{home} belongs to somebody else")
    if os.geteuid() == 0:
        home.chmod(0o755)  # PostgreSQL runs under another account
    return home


def fingerprint() -> str:
    """Out: what changes with the migrations, and with this file."""
    files = sorted([*FOLDER.rglob("*.py"), Path(__file__)])
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()[:12]


@contextmanager
def base_of_the_process(server: str) -> Iterator[str]:
    """In: the address of a server. The address of a new base, copied from the template; dropped at the end."""
    name = f"essai_{os.getpid()}_{os.urandom(3).hex()}"
    with psycopg.connect(plain(server), autocommit=True) as admin:
        with (home_of_tests() / "modele.verrou").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            model = template(admin, server)
            admin.execute(f"create database {name} template {model} strategy file_copy")
        try:
            yield with_base(plain(server), name)
        finally:
            admin.execute(f"drop database {name} with (force)")


def template(admin: psycopg.Connection, server: str) -> str:
    """Out: the name of the template, made now if this state of the migrations never was. One run at a time."""
    name = f"modele_{fingerprint()}"
    if not admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        forget_older(admin)
        make(admin, server, name)
    return name


def make(admin: psycopg.Connection, server: str, name: str) -> None:
    """Migrate a new base, and give it its name only once it is whole. Nobody stays connected to it."""
    unfinished = f"{name}_neuf"
    admin.execute(f"drop database if exists {unfinished} with (force)")
    admin.execute(f"create database {unfinished} template template0 encoding 'UTF8'")
    address = with_base(plain(server), unfinished)
    migrer(address)
    with psycopg.connect(address) as connection:
        connection.execute(VIDER)
    admin.execute(sql.SQL("alter database {} rename to {}").format(*map(sql.Identifier, (unfinished, name))))


def forget_older(admin: psycopg.Connection) -> None:
    """Drop the templates of other states, and the bases of runs that were killed, when nobody is in them."""
    idle = """
      select datname from pg_database d where datname ~ '^(modele|essai)_'
      and not exists (select from pg_stat_activity where datid = d.oid)"""
    for (name,) in admin.execute(idle).fetchall():
        if name.startswith("modele_") or not exists(int(name.split("_")[1])):
            admin.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
