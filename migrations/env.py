"""How alembic runs: on psycopg, on the connection it is given, or on the base that the settings name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alembic import context
from sqlalchemy import Connection

from app.kit.database import at_hand
from app.kit.migrations import connected
from app.kit.settings import Settings
from app.models import Base


def ours(name: str | None, kind: str, parents: Mapping[str, Any]) -> bool:
    """The tables of procrastinate are its own: a revision of ours makes them, no model describes them."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


def run(connection: Connection) -> None:
    """Run the revisions on the connection."""
    context.configure(
        connection=connection, target_metadata=Base.metadata, include_name=ours, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with at_hand(Settings.read()) as url, connected(url) as connection:
        run(connection)
