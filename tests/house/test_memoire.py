"""A process holds what it needs, and no more: what answers brings in nothing of what a command, a job or a file asks for."""

from __future__ import annotations

import subprocess
import sys

from .sources import ROOT

ELSEWHERE = {  # and who needs it
    *("typer", "rich", "pydantic", "pydantic_core"),  # a command line
    *("alembic", "mako", "psycopg"),  # a revision, once, in a process that ends
    *("procrastinate", "aiosmtplib", "httpx", "httpcore"),  # jobs
    *(
        "lxml",
        "icalendar",
        "authlib",
        "cryptography",
        "jinja2",
    ),  # an import, an export, a sign-in, a page: when asked for
    *(
        "argon2",
        "greenlet",
    ),  # a password; SQLAlchemy's engine, which the seed of the demonstration alone opens
    *("app.imports", "email.policy"),  # who brings a file in; who writes a mail, or shows one
    "oso",  # the compiler of the policy
}


def brought_in_by(code: str) -> set[str]:
    """Out: the modules that a new process holds once it has run this."""
    said = f"{code}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_answers_holds_nothing_of_what_others_need() -> None:
    brought = brought_in_by("import app.serving, app.main; app.main.prepared()")

    assert brought & ELSEWHERE == set()
    assert {"strawberry", "asyncpg", "uvicorn"} <= brought


def test_a_command_line_is_read_before_anything_else_is_brought_in() -> None:
    brought = brought_in_by("import app.cli")

    assert "typer" in brought
    assert brought & {"sqlalchemy", "strawberry", "starlette", "uvicorn"} == set()
