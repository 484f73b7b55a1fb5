"""`python -m tests.house.contrat`: write the published contract, schema.graphql, from the schema as it is."""

from __future__ import annotations

from app.main import build_schema
from tests.house.sources import ROOT

FILE = ROOT / "schema.graphql"


def contrat() -> str:
    """Out: the contract, as the schema says it now."""
    return build_schema().as_str() + "\n"


if __name__ == "__main__":
    FILE.write_text(contrat(), encoding="utf-8")
