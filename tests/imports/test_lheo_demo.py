"""The offer of the demonstration is LHEO, is whole, and never grows old."""

from __future__ import annotations

import io
import os
from datetime import date, timedelta

import pytest
from lxml import etree

from app.demo.offre import ecrire_offre
from app.imports.lheo import FormationLue, examiner, lire
from app.models import Dispositif, ModeCandidature, TypeEntree, VoieAcces
from tests.imports.samples import DEPARTEMENTS

JOURS = [date(2026, 1, 5) + timedelta(n) for n in range(7)] + [date(2027, 12, 31), date(2028, 2, 29)]


def formations(jour: date) -> list[FormationLue]:
    lues = list(lire(io.BytesIO(ecrire_offre(jour)), DEPARTEMENTS))
    refusees = [str(erreur) for lue in lues if not isinstance(lue, FormationLue) for erreur in lue.erreurs]
    assert refusees == []
    return [lue for lue in lues if isinstance(lue, FormationLue)]


@pytest.mark.parametrize("jour", JOURS, ids=str)
def test_every_formation_is_taken_whatever_the_day(jour: date) -> None:
    lues = formations(jour)
    assert examiner(io.BytesIO(ecrire_offre(jour))).nb_formations == len(lues) == 14
    assert [lue.avertissements for lue in lues] == [()] * 14


@pytest.mark.parametrize("jour", JOURS[:2], ids=str)
@pytest.mark.skipif("LHEO_XSD" not in os.environ, reason="LHEO_XSD does not say where the official schema is")
def test_it_is_valid_by_the_official_schema(jour: date) -> None:
    schema = etree.XMLSchema(etree.parse(os.environ["LHEO_XSD"]))
    schema.assertValid(etree.fromstring(ecrire_offre(jour)))


def test_it_covers_the_region_and_the_trade() -> None:
    jour = date(2026, 1, 5)
    actions = [action for lue in formations(jour) for action in lue.actions]
    sessions = [session for action in actions for session in action.sessions]
    assert {session.lieu.departement for session in sessions} == set(DEPARTEMENTS)
    assert {action.dispositif for action in actions} == {*Dispositif, None}
    assert {session.type_entree for session in sessions} == set(TypeEntree)
    assert {VoieAcces.FORMATION_CONTINUE, VoieAcces.APPRENTISSAGE} == {
        session.voie_acces for session in sessions
    }
    hsp = [
        session for action in actions if action.dispositif is Dispositif.HSP for session in action.sessions
    ]
    assert all(any(point > jour for point in session.points_entree) for session in hsp)
    a_venir = [
        s for s in sessions if s.mode_candidature is not ModeCandidature.FERMEE and s.date_debut > jour
    ]
    assert len(a_venir) > 15
    assert all(s.date_limite_inscription is None or s.date_limite_inscription > jour for s in a_venir)
