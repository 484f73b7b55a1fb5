"""How long it is known who read the fiche of a person."""

from __future__ import annotations

from datetime import timedelta

from app.kit.conditions import Compare, Condition, Ref

GARDE = timedelta(days=365)  # CNIL, logging: six months to a year

OUBLIER: Condition = Compare(("lue_le",), "<", Ref("oubliee_avant"))
"""On a Consultation: it has been kept long enough."""
