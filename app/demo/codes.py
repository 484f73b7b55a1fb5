"""The six digits of the one second factor of the demonstration."""

from __future__ import annotations

from app.kit.clock import system
from app.kit.totp import code_at

from .distribution import TOTP


def code_du_moment() -> str:
    """Out: the six digits that the second factor of the cast shows now; each serves once."""
    return code_at(TOTP, system()())
