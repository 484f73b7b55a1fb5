"""`python -m app`, which `rafael servir` becomes: it holds the port and the base, brings the base up to date, then answers.

What is done once and takes memory (revisions, the demonstration) is done in a process that ends before anybody is answered.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import socket
import sys
from contextlib import suppress
from importlib import import_module

import asyncpg

from app.kit import processes
from app.kit.cipher import cipher_of
from app.kit.clock import clock_of
from app.kit.database import PANNES, patiently, watched
from app.kit.embedded import EmbeddedError
from app.kit.settings import Settings
from app.kit.trousseau import trousseau_de
from app.policies.errors import PolicyError
from app.workers import Guard, answer, born_ready

DEMO = "app.demo.monde"
PATIENCE = 60.0  # seconds that a base may take to be there: machines start in any order


class PortTakenError(Exception):
    """Somebody else listens there; the message says what to do."""


def main() -> None:
    """Serve, with the settings of the environment. What is wrong is said without a trace."""
    try:
        code = servir(Settings.read())
    except (EmbeddedError, PortTakenError, ValueError) as error:
        code = complain(error)
    sys.exit(code)


def complain(error: Exception) -> int:
    """Say what is wrong: it is for the person at the keyboard. Out: the code of the process."""
    sys.stderr.write(f"rafael : {error}\n")
    return 1


def servir(settings: Settings) -> int:
    """In: the settings. Serve until Ctrl-C or SIGTERM. Out: the code of the process."""
    processes.leave_on_signals()
    check_keys(settings)
    gc.disable()  # a start only makes things that stay; `application` puts it back
    with suppress(KeyboardInterrupt), listening(settings) as listener, watched(settings) as (url, revive):
        with processes.beside(make_ready, url, settings) as making:
            born_ready()  # meanwhile
            making.join()
        if making.exitcode:
            return 1
        os.environ.update(settings.environ())
        os.environ.update({"DATABASE_URL": url, processes.PARENT: str(os.getpid())})
        sys.stdout.write(announcement(settings, listener.getsockname()[1]) + "\n")
        sys.stdout.flush()
        return answer(settings, listener, Guard(revive))
    return 0


def check_keys(settings: Settings) -> None:
    """Raise ValueError for keys that are none: said now, and once, not by each worker."""
    trousseau_de(settings)
    if settings.cle_chiffrement:
        cipher_of(settings)


def make_ready(url: str, settings: Settings) -> None:
    """Wait for the base, bring it to the last revision, put the demonstration in it if it is empty, note the policy."""
    try:
        asyncio.run(patiently(lambda: reached(url), PATIENCE))
        import_module("app.kit.migrations").migrer(url)
        if settings.demo and asyncio.run(is_empty(url)):  # asked first: its imports take a second of a core
            asyncio.run(import_module(DEMO).peupler_si_vide(url, cipher_of(settings), clock_of(settings)))
        asyncio.run(import_module("app.writing.versions").noter(url, clock_of(settings)()))
    except (*PANNES, ValueError, PolicyError) as error:
        sys.exit(complain(error))


async def reached(url: str) -> None:
    """Connect, once. Raises ValueError for an address that means nothing."""
    try:
        await (await asyncpg.connect(url)).close()
    except asyncpg.ClientConfigurationError as error:
        raise ValueError(f"DATABASE_URL ne se lit pas : {error}") from error


async def is_empty(url: str) -> bool:
    """In: the address of a migrated base. Out: whether nobody has an account there."""
    connection = await asyncpg.connect(url)
    try:
        return not await connection.fetchval("select exists (select from compte)")
    finally:
        await connection.close()


def listening(settings: Settings) -> socket.socket:
    """Out: the open port: before the rest, so that nothing is started for nothing, and early clients wait."""
    family = socket.AF_INET6 if ":" in settings.hote else socket.AF_INET
    try:
        return socket.create_server((settings.hote, settings.port), family=family, backlog=2048)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise ValueError(f"HOTE : {settings.hote!r} n'est pas une adresse de cette machine") from error
        raise PortTakenError(
            f"le port {settings.port} est pris ou réservé : arrêtez ce qui l'occupe, "
            "ou choisissez-en un autre (make run PORT=8001)"
        ) from error


def announcement(settings: Settings, port: int) -> str:
    """In: the settings and the port that was given. Out: where it is, and where the data are."""
    there = f"[{settings.hote}]" if ":" in settings.hote else settings.hote
    data = "DATABASE_URL" if settings.database_url else str(settings.donnees)
    return f"RafaelPro : http://{there}:{port}/  (données : {data} ; Ctrl-C pour arrêter)"
