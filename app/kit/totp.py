"""Second factors: the six digits of an application (TOTP, RFC 6238), and the codes of a day without it.

Telephones live in the time of the world: these codes are made and read by the clock of the machine, whatever time it
is in a demonstration.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp

STEP = 30  # seconds
DRIFT = 1  # steps that a telephone may be early or late
ISSUER = "RafaelPro"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that two people would read differently
CODES, GROUPS, GROUP = 10, 4, 4  # 10 codes of 16 characters: 79 bits each


def new_secret() -> str:
    """Out: 160 random bits, in base32."""
    return pyotp.random_base32()


def uri(secret: str, account: str) -> str:
    """Out: what an application reads in a QR code."""
    return pyotp.TOTP(secret, name=account, issuer=ISSUER).provisioning_uri()


def code_at(secret: str, moment: datetime) -> str:
    """Out: the six digits of that moment."""
    return pyotp.TOTP(secret).at(moment)


def step_of(secret: str, code: str, moment: datetime, *, after: int | None) -> int | None:
    """Out: the step of which these are the six digits; None if they are wrong, or not younger than `after`."""
    now = int(moment.timestamp()) // STEP
    digits = code.replace(" ", "")
    steps = range(max(now - DRIFT, (after if after is not None else -1) + 1), now + DRIFT + 1)
    found = [
        s
        for s in steps
        if secrets.compare_digest(pyotp.TOTP(secret).generate_otp(s).encode(), digits.encode())
    ]
    return found[0] if found else None


def new_codes() -> list[str]:
    """Out: codes to print and keep; each serves once."""
    return ["-".join(_group() for _ in range(GROUPS)) for _ in range(CODES)]


def normal(code: str) -> str:
    """Out: such a code however it was typed."""
    letters = "".join(c for c in code.lower() if c in ALPHABET)
    return "-".join(letters[i : i + GROUP] for i in range(0, len(letters), GROUP))


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(GROUP))
