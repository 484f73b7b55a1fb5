"""Passwords and tokens: the only place that knows how they are kept."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import sys
import threading
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")
THREADS = 2
# OWASP's floor for Argon2id: 19 MiB, two passes, one lane; some 20 ms of one core
MEMORY, PASSES, LANES = 19 * 1024, 2, 1


@cache
def _hasher() -> PasswordHasher:
    """Out: what hashes. Its library is brought in by the first password: most processes never see one."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY, parallelism=LANES)


def _of_nothing() -> str:
    """Out: what is verified when there is no account: the same work, the same time, for a hash that nothing gives."""
    salt, digest = (b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    return f"$argon2id$v=19$m={MEMORY},t={PASSES},p={LANES}${salt}${digest}"


_NOBODY = _of_nothing()


def _after_the_rest() -> None:
    """Let the system give these threads what the others leave: a flood of passwords does not slow down readings."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


@cache
def _threads(process: int) -> ThreadPoolExecutor:
    """Out: the threads of this process (those of its parent do not follow a fork): few, whatever the number of requests.

    Each holds 19 MiB and a processor while it works.
    """
    return ThreadPoolExecutor(THREADS, "argon2", initializer=_after_the_rest)


async def _apart(work: Callable[..., T], *given: Any) -> T:
    """Out: what the work gives, done by the threads of passwords."""
    return await asyncio.get_running_loop().run_in_executor(_threads(os.getpid()), work, *given)


async def hash_password(password: str) -> str:
    """Out: what to keep of a password (Argon2id, salted)."""
    return await _apart(_hasher().hash, password)


async def password_matches(kept: str | None, password: str) -> bool:
    """In: what is kept, None without an account, and what was typed. One hash is verified in every case."""
    return await _apart(_matches, kept, password)


def _matches(kept: str | None, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    try:
        return _hasher().verify(kept or _NOBODY, password) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def new_token() -> str:
    """Out: a bearer token of 256 bits, opaque."""
    return secrets.token_urlsafe(32)


def new_key() -> tuple[str, str]:
    """Out: the key of a program, as much as a token, and its beginning, which tells it from another and proves nothing."""
    prefix = f"rafael_{secrets.token_hex(4)}"
    return f"{prefix}_{secrets.token_urlsafe(32)}", prefix


def fingerprint(text: str) -> bytes:
    """Out: what is kept of a token. It is random: a plain hash is enough, and can be looked up."""
    return hashlib.sha256(text.encode()).digest()
