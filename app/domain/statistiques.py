"""Statistics of candidatures: what is counted, over which period, and what may be shown across structures.

Across structures nothing may be told of fewer than ten people, by one answer or by the difference of several. So what
is shown is a partition, written once for each quarter: a cell (dispositif, département) of ten people at least, its
counts rounded to tens. Nobody is in two numbers that could be subtracted, no total holds what is hidden, and a cell
never changes: asking again tells nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from app.kit.conditions import Compare, Condition, Ref, all_of
from app.models import CandidatureComptee, Dispositif, EtatCandidature, StatistiquePubliee

DIX = 10  # people, at least, in what is shown across structures; and what numbers are rounded to
PERIODE_MAXIMALE = timedelta(days=366)
RECUL = timedelta(days=90)  # after a quarter is over: by then most of its candidatures have had their avis
TRIMESTRES_RATTRAPES = 4  # a base that publishes for the first time begins a year back
MOIS = 3
MEDIANE, NEUF_SUR_DIX = 0.5, 0.9

PERIODE_INVERSEE = "« depuis » est après « jusquA » : inversez les deux jours."
PERIODE_TROP_LONGUE = "Une période compte 366 jours au plus : demandez-en plusieurs."

DANS_LA_PERIODE: Condition = all_of(
    [
        Compare(("date_validation",), ">=", Ref("premier_jour")),
        Compare(("date_validation",), "<", Ref("jour_d_apres")),
    ]
)
ENTREE: Condition = all_of(
    [
        Compare(("etat",), "=", str(EtatCandidature.RETENUE)),
        Compare(("date_entree_prevue",), "<=", Ref("aujourd_hui")),
    ]
)
"""Retained, and the planned day of entry has come: nothing says yet who really came."""


def probleme_de_periode(depuis: date, jusqu_a: date) -> str | None:
    """Out: what is wrong with a period, both days included; None if nothing is."""
    if depuis > jusqu_a:
        return PERIODE_INVERSEE
    return PERIODE_TROP_LONGUE if jusqu_a - depuis >= PERIODE_MAXIMALE else None


# --- across structures -------------------------------------------------------------------------------------------


def trimestre_de(jour: date) -> date:
    """Out: the first day of its quarter."""
    return date(jour.year, (jour.month - 1) // MOIS * MOIS + 1, 1)


def precedent(trimestre: date) -> date:
    """Out: the quarter before."""
    return trimestre_de(trimestre - timedelta(days=1))


def suivant(trimestre: date) -> date:
    """Out: the quarter after."""
    return trimestre_de(trimestre + timedelta(days=31 * MOIS))


def a_publier(aujourd_hui: date, deja: Iterable[date]) -> list[date]:
    """In: the quarters that are published. Out: those that should be by now, the oldest first."""
    dernier = precedent(trimestre_de(aujourd_hui - RECUL))
    voulus = [dernier]
    while len(voulus) < TRIMESTRES_RATTRAPES:
        voulus.append(precedent(voulus[-1]))
    connus = set(deja)
    return [trimestre for trimestre in reversed(voulus) if trimestre > max(connus, default=date.min)]


def publier(
    trimestre: date, candidatures: Iterable[CandidatureComptee], *, aujourd_hui: date, le: datetime
) -> list[StatistiquePubliee]:
    """Out: what may be shown of the candidatures of a quarter; a cell of fewer than ten people is left out."""
    cellules: dict[tuple[Dispositif, str], list[CandidatureComptee]] = defaultdict(list)
    for candidature in candidatures:
        if candidature.dispositif is not None and candidature.departement is not None:
            cellules[candidature.dispositif, candidature.departement].append(candidature)
    return [
        _cellule(trimestre, dispositif, departement, lot, aujourd_hui, le)
        for (dispositif, departement), lot in sorted(cellules.items())
        if len({candidature.candidat_id for candidature in lot}) >= DIX
    ]


def _cellule(
    trimestre: date,
    dispositif: Dispositif,
    departement: str,
    lot: Sequence[CandidatureComptee],
    aujourd_hui: date,
    le: datetime,
) -> StatistiquePubliee:
    retenues = [c for c in lot if c.etat is EtatCandidature.RETENUE]
    entrees = [
        c for c in retenues if c.date_entree_prevue is not None and c.date_entree_prevue <= aujourd_hui
    ]
    delais = [c.delai for c in lot if c.delai is not None]
    absences = sum(c.nb_absences_justifiees + c.nb_absences_non_justifiees for c in lot)
    return StatistiquePubliee(
        date_trimestre=trimestre,
        dispositif=dispositif,
        departement=departement,
        nb_candidatures=arrondi(len(lot)),
        nb_retenues=arrondi(len(retenues)),
        nb_entrees=arrondi(len(entrees)),
        nb_presences=arrondi(sum(c.nb_presences for c in lot)),
        nb_absences=arrondi(absences),
        delai_median=centile(delais, MEDIANE) if len(delais) >= DIX else None,
        delai_neuf_sur_dix=centile(delais, NEUF_SUR_DIX) if len(delais) >= DIX else None,
        publiee_le=le,
    )


def arrondi(nombre: int) -> int:
    """Out: the nearest ten, upwards from five: a number under ten says nothing, nor does a difference of two."""
    return (nombre + DIX // 2) // DIX * DIX


def centile(valeurs: Sequence[int], part: float) -> int:
    """Out: the smallest value that so great a part of them does not exceed, as `percentile_disc` of PostgreSQL."""
    rang = max(1, -(-round(part * 10) * len(valeurs) // 10))
    return sorted(valeurs)[rang - 1]
