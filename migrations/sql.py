"""How a revision sends its SQL: as it is written, several statements at once."""

from __future__ import annotations

from typing import Any

from alembic import op


def executer(sql: str) -> None:
    """In: plain SQL. psycopg alone takes several statements and leaves `%` alone when no parameter is given."""
    connection: Any = op.get_bind().connection.driver_connection
    connection.execute(sql)
