"""The life of a session, line by line; when it may leave the catalogue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain import sessions_transitions as t
from app.domain import sessions_vie as v
from app.domain.empechements import Empeche
from app.kit.clock import PARIS
from app.models import EtatSession as E

LE = datetime(2026, 6, 2, 10, tzinfo=PARIS)
DEPUIS = {
    "modifier": {E.BROUILLON, E.PUBLIEE, E.SUPPRESSION_DEMANDEE},
    "dupliquer": {E.BROUILLON, E.PUBLIEE, E.SUPPRESSION_DEMANDEE, E.ANNULEE},
    "annuler": {E.PUBLIEE, E.SUPPRESSION_DEMANDEE},
    "jeter": {E.BROUILLON},
    "supprimer": {E.PUBLIEE, E.ANNULEE},
    "demander_suppression": {E.PUBLIEE},
    "accepter_suppression": {E.SUPPRESSION_DEMANDEE},
    "refuser_suppression": {E.SUPPRESSION_DEMANDEE},
}
VERS = {
    "annuler": E.ANNULEE,
    "supprimer": E.SUPPRIMEE,
    "demander_suppression": E.SUPPRESSION_DEMANDEE,
    "accepter_suppression": E.SUPPRIMEE,
    "refuser_suppression": E.PUBLIEE,
}


def session(etat: E, **colonnes: Any) -> Any:
    return SimpleNamespace(**{"id": 7, "action_id": 3, "etat": etat, "date_fin": date(2026, 5, 1)} | colonnes)


@pytest.mark.regle("R-169", "R-188", "R-245", "R-249", "R-250")
def test_each_act_starts_where_the_machine_says_and_leads_where_it_says() -> None:
    assert {verbe: set(ligne.depuis) for verbe, ligne in t.TRANSITIONS.items()} == DEPUIS
    assert {verbe: ligne.vers for verbe, ligne in t.TRANSITIONS.items() if ligne.vers} == VERS


def test_an_act_from_another_etat_is_refused_and_changes_nothing() -> None:
    row = session(E.SUPPRIMEE, modifiee_le=None)
    with pytest.raises(Empeche) as refus:
        t.passer(row, t.ANNULER, LE)
    assert [e.code for e in refus.value.empechements] == ["ETAT_INCOMPATIBLE"]
    assert (row.etat, row.modifiee_le) == (E.SUPPRIMEE, None)


@pytest.mark.regle("R-249", "C-02")
def test_the_thirty_days_after_the_end_are_whole_days_of_paris() -> None:
    premier_instant = datetime(2026, 6, 1, tzinfo=PARIS)  # thirty whole days after the 1st of May
    with pytest.raises(Empeche):
        v.supprimer(session(E.PUBLIEE), le=premier_instant - timedelta(seconds=1))

    fait = v.supprimer(session(E.PUBLIEE), le=premier_instant)

    assert (fait.avant, fait.apres) == ("publiee", "supprimee")


@pytest.mark.regle("R-249")
def test_a_draft_that_is_thrown_away_reaches_no_etat() -> None:
    assert v.supprimer(session(E.BROUILLON, date_fin=date(2027, 1, 1)), le=LE).apres is None
