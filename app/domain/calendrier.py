"""The calendar of the trade: opening hours, days of Paris, and when a delay is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from app.kit.clock import CLOSES as HEURE_FERMETURE
from app.kit.clock import OPENS as HEURE_OUVERTURE
from app.kit.clock import PARIS, SATURDAY, paris_day

SANS_FERIES: Collection[date] = frozenset()  # C-13: holidays are open, unless a deployment says otherwise

jour_de_paris = paris_day


def est_ouvert(moment: datetime, feries: Collection[date] = SANS_FERIES) -> bool:
    """R-077, C-13: candidatures are possible from 8 h (included) to 20 h (excluded), Monday to Friday, in Paris.

    In: an aware moment; the days of Paris that are closed all day.
    """
    local = moment.astimezone(PARIS)
    jour = local.date()
    return (
        HEURE_OUVERTURE <= local.time() < HEURE_FERMETURE and jour.weekday() < SATURDAY and jour not in feries
    )


def fin_de_delai(debut: datetime | date, jours: int) -> datetime:
    """Out: the first moment that is too late, where `jours` whole days of Paris are given after the first one.

    Fifteen days given on the 1st: the 16th is in time until midnight, the 17th is not.
    """
    jour = jour_de_paris(debut) if isinstance(debut, datetime) else debut
    lendemain = jour + timedelta(days=jours + 1)
    return datetime.combine(lendemain, time(0), PARIS).astimezone(UTC)


def feries_nationaux(annee: int) -> frozenset[date]:
    """Out: the eleven public holidays of that year in France, for a deployment that closes on them (C-13)."""
    paques = _paques(annee)
    mobiles = (paques + timedelta(days=ecart) for ecart in (1, 39, 50))
    return frozenset({*(date(annee, mois, jour) for mois, jour in FERIES_FIXES), *mobiles})


FERIES_FIXES = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))


def _paques(annee: int) -> date:
    """Easter Sunday of the Gregorian calendar (Oudin's computation)."""
    siecle, nombre_or = annee // 100, annee % 19
    epacte = (siecle - siecle // 4 - (siecle - (siecle - 17) // 25) // 3 + 19 * nombre_or + 15) % 30
    epacte -= (epacte // 28) * (1 - (epacte // 28) * (29 // (epacte + 1)) * ((21 - nombre_or) // 11))
    jour = (annee + annee // 4 + epacte + 2 - siecle + siecle // 4) % 7
    ecart = epacte - jour
    mois = 3 + (ecart + 40) // 44
    return date(annee, mois, ecart + 28 - 31 * (mois // 4))
