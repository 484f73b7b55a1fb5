"""What jobs look for four times an hour is found by its own index, however many rows lie around it."""

from __future__ import annotations

import re

import psycopg
import pytest

from app import models as m
from app.domain import recherches
from app.jobs.echeances import ANNONCER, BROUILLONS, CONSTATER, EXPIRER, PURGER, RAPPELER
from app.jobs.regroupements import RAPPELER_AVIS, RESUMER
from app.kit.conditions import Condition
from app.policies.policy import Policy
from app.policies.viewer import SYSTEME
from app.writing import questions as q
from tests.cast import MAINTENANT, planter
from tests.conftest import Base
from tests.reading.maison.statements import LARGE
from tests.writing.test_plans import generic_plan

POLICY = Policy.load()
ANNONCES = {"ix_candidature_est_a_annoncer"}
RAPPELS = {"ix_fait_rappels"}
CHERCHEES = [
    (RAPPELER, {"ix_candidature_a_valider"} | RAPPELS),
    (EXPIRER, {"ix_candidature_a_valider"}),
    (CONSTATER, {"ix_candidature_sans_avis"}),
    (BROUILLONS, {"ix_candidature_brouillons"} | RAPPELS),
    (PURGER, {"ix_candidature_brouillons", "ix_candidature_corbeille"}),
    (ANNONCER, ANNONCES),
    (RAPPELER_AVIS, {"ix_candidature_sans_avis"} | RAPPELS),
    (RESUMER, ANNONCES),
]


async def plan(base: Base, model: type[m.Base], pour: str, quand: Condition) -> str:
    """Out: how the rows on which jobs may do something, and that a condition finds, are looked for among a million."""
    monde = await planter(base)
    await monde.une_candidature()
    await monde.inserer(
        m.RechercheEnregistree, compte_id=monde.paul.id, nom="Une", criteres={}, cree_le=MAINTENANT
    )
    sql = q.keys(model, POLICY.condition(SYSTEME, pour, model), quand).statement.sql
    with psycopg.connect(base.url) as db:
        db.execute("ANALYZE candidature; ANALYZE recherche_enregistree")
        db.execute(LARGE)
        db.execute("SET LOCAL enable_seqscan = off")
        db.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        told = generic_plan(db, sql)
        db.rollback()
    return told


@pytest.mark.parametrize(("due", "index"), CHERCHEES, ids=[due.tache for due, _ in CHERCHEES])
async def test_a_deadline_is_looked_for_by_its_index(base: Base, due: type, index: set[str]) -> None:
    told = await plan(base, m.Candidature, due.pour, due.quand)

    assert "Seq Scan" not in told
    used = set(re.findall(r"Scan (?:using|on) ((?:ix|uq)_(?:candidature|fait)\w*)", told))
    assert index <= used, told  # one row is found again by any index: the cheapest of equals


async def test_saved_searches_whose_owner_waits_are_looked_for_by_theirs(base: Base) -> None:
    told = await plan(base, m.RechercheEnregistree, "alerter", recherches.DUES)

    assert "Seq Scan" not in told
    assert "ix_recherche_enregistree_alertee_le" in told
