"""Finding, creating and reading candidats."""

from __future__ import annotations
