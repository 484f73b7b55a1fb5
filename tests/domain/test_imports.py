"""What becomes of an offer that comes in: each état, what its source changed, what is published."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain import imports as d
from app.domain.empechements import Empeche
from app.models import Action, EtatAction, EtatSession, ModeCandidature, SessionFormation

LE = datetime(2026, 6, 2, 10, tzinfo=UTC)
PLUS_TARD = LE + timedelta(days=1)


def une_action(**colonnes: Any) -> Action:
    contenu = {"intitule": "Maçon", "est_conventionnee": True}
    return d.action_importee({**contenu, **colonnes}, le=LE, empreintes=d.empreintes({**contenu, **colonnes}))


def une_session(**colonnes: Any) -> SessionFormation:
    contenu: dict[str, Any] = {"date_debut": date(2026, 9, 1), "date_fin": date(2026, 12, 1)}
    contenu |= {"capacite_accueil": None}
    contenu |= {"coefficient": None, "date_limite_inscription": None, "date_entree_tardive": None}
    return d.session_importee({**contenu, **colonnes}, le=LE, id=1, action_id=2)


@pytest.mark.parametrize(
    ("conventionnee", "etat"), [(True, EtatAction.EN_ATTENTE_PUBLICATION), (False, EtatAction.CREEE)]
)
def test_a_new_action_waits_for_a_control(conventionnee: bool, etat: EtatAction) -> None:
    assert une_action(est_conventionnee=conventionnee).etat is etat


@pytest.mark.parametrize("etat", list(EtatAction))
@pytest.mark.regle("R-178")
def test_only_what_was_withdrawn_refuses_its_source(etat: EtatAction) -> None:
    action = une_action()
    action.etat = etat
    if etat in (EtatAction.ARCHIVEE, EtatAction.SUPPRIMEE):
        with pytest.raises(Empeche, match="ACTION_RETIREE"):
            d.exiger_au_catalogue(action)
    else:
        d.exiger_au_catalogue(action)
        assert d.modifier_action(action, {"intitule": "Autre"}, {"intitule"}, le=PLUS_TARD) == ["intitule"]
        assert action.etat is etat


@pytest.mark.parametrize("etat", list(EtatAction))
def test_only_what_waits_for_its_first_control_is_published_by_an_import(etat: EtatAction) -> None:
    action = une_action()
    action.etat = etat
    attendues = (EtatAction.CREEE, EtatAction.EN_ATTENTE_PUBLICATION)
    assert d.attend_sa_publication(action) is (etat in attendues)
    action.demande_complement = "Quel public ?"
    assert not d.attend_sa_publication(action)


def test_a_published_action_is_published_anew_when_its_content_changes() -> None:
    action = une_action()
    action.etat, action.publiee_le = EtatAction.PUBLIEE, LE
    d.modifier_action(action, {"intitule": "Maçon"}, {"intitule"}, le=PLUS_TARD)
    assert (action.publiee_le, action.modifiee_le) == (LE, LE)
    d.modifier_action(action, {"intitule": "Autre"}, {"intitule"}, le=PLUS_TARD)
    assert (action.publiee_le, action.modifiee_le) == (PLUS_TARD, PLUS_TARD)


def nouveautes(action: Action, dit: dict[str, object]) -> frozenset[str]:
    """Out: what the source of an action changed, it who says this today."""
    action.source = "essai"
    return d.nouveautes(action, d.empreintes(dit), dit, "essai")


def test_what_a_source_changed_is_known_by_what_it_said() -> None:
    dit = {"intitule": "Maçon", "est_conventionnee": True}
    action = une_action()
    action.intitule = "Corrigé ici"
    assert nouveautes(action, dit) == frozenset()
    assert nouveautes(action, {**dit, "le_plus": None}) == {"le_plus"}
    assert nouveautes(action, {**dit, "intitule": "Maçon "}) == {"intitule"}
    assert (
        nouveautes(action, {**dit, "formacodes": []}) == frozenset()
    )  # a column that came since, of which it is silent
    assert nouveautes(action, {**dit, "formacodes": ["22354"]}) == {"formacodes"}


@pytest.mark.parametrize(
    ("une", "autre"),
    [
        (date(2026, 9, 1), date(2026, 9, 2)),
        (Decimal("1.5"), Decimal("1.6")),
        (ModeCandidature.FERMEE, ModeCandidature.PRESCRIPTION),
        (["a", "b"], ["b", "a"]),
        (None, ""),
        (None, "null"),
        (1, "1"),
    ],
)
def test_two_things_said_have_two_digests(une: Any, autre: Any) -> None:
    dites = d.empreintes({"une": une, "la_meme": une, "autre": autre})
    assert dites["une"] == dites["la_meme"] != dites["autre"]


@pytest.mark.regle("C-14")
def test_a_new_start_is_where_a_postponement_is_counted_from_and_an_echo_is_not() -> None:
    session = une_session()
    session.date_debut = date(2026, 9, 10)  # postponed by its organisme
    noms = {"date_debut"}
    assert d.modifier_session(session, {"date_debut": date(2026, 9, 10)}, noms, prises=0, le=LE) == []
    assert session.date_debut_initiale == date(2026, 9, 1)

    d.modifier_session(session, {"date_debut": date(2026, 9, 20)}, noms, prises=0, le=LE)
    assert session.date_debut_initiale == date(2026, 9, 20)


def test_dates_that_hold_together_are_kept_apart() -> None:
    session = une_session()
    session.date_limite_inscription = date(2026, 8, 1)  # closed by its organisme
    contenu: dict[str, Any] = {"date_debut": date(2026, 9, 1), "date_fin": date(2026, 11, 1)}
    contenu |= {"date_limite_inscription": None, "date_entree_tardive": None}
    assert d.modifier_session(session, contenu, {"date_fin"}, prises=0, le=LE) == ["date_fin"]
    assert session.date_limite_inscription == date(2026, 8, 1)

    contenu["date_fin"] = date(2026, 7, 1)
    contenu["date_debut"] = date(2026, 6, 1)
    d.modifier_session(session, contenu, {"date_fin"}, prises=0, le=LE)
    assert (session.date_debut, session.date_fin) == (date(2026, 6, 1), date(2026, 7, 1))
    assert session.date_limite_inscription is None


@pytest.mark.parametrize(("capacite", "prises", "passe"), [(5, 5, True), (4, 5, False), (None, 5, True)])
@pytest.mark.regle("C-30")
def test_places_that_are_taken_are_kept(capacite: int | None, prises: int, passe: bool) -> None:
    session = une_session(capacite_accueil=10, coefficient=Decimal(1))
    noms = {"capacite_accueil"}
    if passe:
        d.modifier_session(session, {"capacite_accueil": capacite}, noms, prises=prises, le=LE)
    else:
        with pytest.raises(Empeche, match="CAPACITE_SOUS_PRISES"):
            d.modifier_session(session, {"capacite_accueil": capacite}, noms, prises=prises, le=LE)


@pytest.mark.parametrize("etat", list(EtatSession))
def test_a_session_is_published_when_it_waits_and_its_action_is_online(etat: EtatSession) -> None:
    action, session = une_action(), une_session()
    session.etat = etat
    assert not d.session_a_publier(session, action)
    action.premiere_publication_le = LE
    assert d.session_a_publier(session, action) is (etat is EtatSession.BROUILLON)
    action.etat = EtatAction.ARCHIVEE
    assert not d.session_a_publier(session, action)


def test_moved_dates_are_told_and_others_are_not() -> None:
    session = une_session()
    assert list(d.deplacees(session, (session.date_debut, session.date_fin))) == []
    (fait,) = d.deplacees(session, (date(2026, 8, 1), session.date_fin))
    assert (fait.session_id, fait.action_id, fait.debut_avant, fait.debut_apres) == (
        1,
        2,
        date(2026, 8, 1),
        date(2026, 9, 1),
    )
