"""Identifiers as the API writes them."""

from __future__ import annotations

import base64
from typing import Any


def gid(type_name: str, row: Any) -> str:
    """Out: the global identifier of a row of the tests."""
    return base64.b64encode(f"{type_name}:{row.id}".encode()).decode()
