"""The two machines of an action, line by line."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.actions_transitions import A_CONTROLER, TRANSITIONS, transition
from app.domain.empechements import Empeche
from app.models import EtatAction as E

VERBES = ("confirmer", "publier", "signaler", "archiver", "supprimer", "republier")
# (verb, état, is conventionnée, was ever published, changes a certification) → where it leads
NON_CONVENTIONNEE = {
    ("confirmer", E.BROUILLON, False, False): E.CREEE,
    ("confirmer", E.BROUILLON, False, True): E.CREEE,
    ("confirmer", E.ALERTE, False, False): E.CREEE,
    ("confirmer", E.ALERTE, False, True): E.CREEE,
    ("confirmer", E.ALERTE, True, False): E.MODIFIEE,
    ("confirmer", E.ALERTE, True, True): E.MODIFIEE,
    ("confirmer", E.PUBLIEE, True, False): E.PUBLIEE,
    ("confirmer", E.PUBLIEE, True, True): E.MODIFIEE,
}
CONVENTIONNEE = {
    ("confirmer", E.ALERTE, False, False): E.EN_ATTENTE_PUBLICATION,
    ("confirmer", E.ALERTE, False, True): E.EN_ATTENTE_PUBLICATION,
    ("confirmer", E.ALERTE, True, False): E.EN_ATTENTE_VALIDATION,
    ("confirmer", E.ALERTE, True, True): E.EN_ATTENTE_VALIDATION,
    ("confirmer", E.PUBLIEE, True, False): E.PUBLIEE,
    ("confirmer", E.PUBLIEE, True, True): E.EN_ATTENTE_VALIDATION,
}
ATTENDENT = {False: (E.CREEE, E.MODIFIEE), True: (E.EN_ATTENTE_PUBLICATION, E.EN_ATTENTE_VALIDATION)}


def une(etat: E, *, conventionnee: bool, publiee: bool) -> Any:
    return SimpleNamespace(
        etat=etat, est_conventionnee=conventionnee, premiere_publication_le=1 if publiee else None
    )


def arrivee(verbe: str, action: Any, certification: bool) -> E | str | None:
    """Out: where the act leads; « non » where it is refused."""
    try:
        return transition(action, verbe, certification_changee=certification).vers
    except Empeche:
        return "non"


@pytest.mark.regle("R-126", "R-133", "R-170", "R-175", "R-176", "R-187", "R-190")
@pytest.mark.parametrize("conventionnee", [False, True])
def test_confirming_leads_where_the_machine_says_and_nowhere_else(conventionnee: bool) -> None:
    attendus = CONVENTIONNEE if conventionnee else NON_CONVENTIONNEE
    for etat, publiee, certification in product(E, (False, True), (False, True)):
        if (etat is E.BROUILLON and publiee) or (etat is E.PUBLIEE and not publiee):
            continue  # no such action
        action = une(etat, conventionnee=conventionnee, publiee=publiee)
        attendu = attendus.get(("confirmer", etat, publiee, certification), "non")
        assert arrivee("confirmer", action, certification) == attendu, (etat, publiee, certification)


@pytest.mark.regle("R-173", "R-175", "R-176", "R-191")
@pytest.mark.parametrize("conventionnee", [False, True])
def test_a_gestionnaire_publishes_and_asks_only_about_what_waits(conventionnee: bool) -> None:
    for etat in E:
        action, attend = (
            une(etat, conventionnee=conventionnee, publiee=True),
            etat in ATTENDENT[conventionnee],
        )
        assert arrivee("publier", action, False) == (E.PUBLIEE if attend else "non")
        assert arrivee("signaler", action, False) == (E.ALERTE if attend else "non")


@pytest.mark.regle("R-178", "R-179", "R-183")
@pytest.mark.parametrize("conventionnee", [False, True])
def test_only_what_is_published_is_withdrawn_and_only_what_is_withdrawn_comes_back(
    conventionnee: bool,
) -> None:
    for etat in E:
        action = une(etat, conventionnee=conventionnee, publiee=True)
        publiee, retiree = etat is E.PUBLIEE, etat in (E.ARCHIVEE, E.SUPPRIMEE)
        assert arrivee("archiver", action, False) == (E.ARCHIVEE if publiee else "non")
        assert arrivee("republier", action, False) == (E.PUBLIEE if retiree else "non")
        jetee = etat is E.BROUILLON and not conventionnee
        attendu = E.SUPPRIMEE if publiee else None if jetee else "non"
        assert arrivee("supprimer", action, False) == attendu


def test_what_waits_for_a_control_is_what_may_be_published() -> None:
    assert {*ATTENDENT[False], *ATTENDENT[True]} == A_CONTROLER


def test_no_action_finds_two_lines_for_one_act() -> None:
    for verbe, etat, conventionnee, publiee, certification in product(
        VERBES, E, (False, True), (False, True), (False, True)
    ):
        action = une(etat, conventionnee=conventionnee, publiee=publiee)
        assert sum(t.verbe == verbe and t.vaut(action, certification) for t in TRANSITIONS) <= 1
