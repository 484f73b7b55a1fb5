"""How long an action has waited for a control, in working days (R-192, C-03): an indicator, nothing is refused for it."""

from __future__ import annotations

from datetime import date

LUNDI = date(2001, 1, 1)
DELAI = 4  # working days, the target of C-03
SEMAINE, OUVRES = 7, 5


def rang_ouvre(jour: date) -> int:
    """Out: how many working days, Monday to Friday, from a fixed Monday to this day, both included."""
    semaines, reste = divmod((jour - LUNDI).days, SEMAINE)
    return OUVRES * semaines + min(reste + 1, OUVRES)


def jours_ouvres(depuis: date, jusqu_a: date) -> int:
    """Out: the working days after the first day, the last one included: from a Friday to the next Monday, one."""
    return rang_ouvre(jusqu_a) - rang_ouvre(depuis)
