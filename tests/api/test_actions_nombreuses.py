"""Saving costs the same whether the action has 10 sessions or 5,000 (R-251): in statements, and in rows brought back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from app import models as m
from app.writing.shapes import shape_of
from tests.cast import Monde

from . import actes_actions as a
from . import actes_sessions as s
from .actes import codes
from .conftest import Api

PEU, BEAUCOUP = 10, 5_000
COPIES = text("""
  insert into session (numero_carif, action_id, etat, responsable_id, est_conventionnee, est_hsp, est_financee_region,
    action_en_ligne, date_debut, date_fin, date_debut_initiale, type_entree, voie_acces, modalite, mode_candidature,
    lieu_voie, lieu_code_postal, lieu_ville, lieu_departement, contact_telephone, cree_le, modifiee_le, publiee_le)
  select '00' || lpad((400000 + n)::text, 6, '0'), action_id, etat, responsable_id, est_conventionnee, est_hsp,
    est_financee_region, action_en_ligne, date_debut, date_fin, date_debut_initiale, type_entree, voie_acces, modalite,
    mode_candidature, lieu_voie, lieu_code_postal, lieu_ville, lieu_departement, contact_telephone, cree_le, modifiee_le,
    publiee_le
  from session, generate_series(1, :combien) n where id = :modele""")


@dataclass
class Compte:
    """What the writing door sent, and the sessions that came back."""

    instructions: list[str] = field(default_factory=list)
    sessions: int = 0


@dataclass
class PoolCompte:
    """A pool whose connections tell what they send."""

    pool: Any
    compte: Compte

    def noter(self, sent: Any) -> None:
        if "typeinfo" not in sent.query and "jit" not in sent.query:
            # the driver asks, once a connection, what an array of rows is
            self.compte.instructions.append(sent.query)

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        async with self.pool.acquire() as connection:
            with connection.query_logger(self.noter):
                yield connection


@contextmanager
def compter(application: Starlette) -> Iterator[Compte]:
    """Count while this is open."""
    writer, shape, compte = application.state.desk.executor.writer, shape_of(m.SessionFormation), Compte()
    lire = shape.values

    def lue(record: Any) -> Any:
        compte.sessions += 1
        return lire(record)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "pool", PoolCompte(writer.pool, compte))
        patch.setattr(shape, "values", lue)
        yield compte


async def une_journee(api: Api, monde: Monde, application: Starlette, combien: int) -> dict[str, Compte]:
    """Play every act that saves, on an action that has so many published sessions. Out: what each cost."""
    action = await a.une_action_complete(monde)
    modele = await a.une_session_complete(monde, action, etat=m.EtatSession.PUBLIEE, publiee_le=monde.le)
    async with monde.engine.begin() as db:
        await db.execute(COPIES, {"combien": combien - 1, "modele": modele.id})
    couts: dict[str, Compte] = {}

    async def jouer(nom: str, acte: Any) -> Any:
        with compter(application) as couts[nom]:
            payload = await acte
        assert codes(payload) == []
        return payload

    await jouer("modifier l'action", a.modifier(api, monde.karim, action, lePlus="Un atelier"))
    await jouer("ajouter", s.ajouter(api, monde.karim, monde, action, **s.COMPLETE))
    await jouer("modifier une session", s.modifier(api, monde.karim, modele, commentaire="Le soir"))
    verification = await jouer("vérifier", a.verifier(api, monde.karim, action))
    preuve = {"action": verification["action"]["id"], "preuve": verification["preuve"]}
    await jouer("confirmer", a.acte(api, monde.karim, a.CONFIRMER, **preuve))
    await jouer("corriger", a.modifier(api, monde.gaelle, action, intitule="Tailleuse de pierre"))
    async with monde.engine.begin() as db:
        await db.execute(text("delete from session where numero_carif like '004%'"))
    return couts


@pytest.mark.regle("R-251")
async def test_saving_costs_the_same_with_ten_sessions_and_with_five_thousand(
    api: Api, monde: Monde, application: Starlette
) -> None:
    peu = await une_journee(api, monde, application, PEU)
    beaucoup = await une_journee(api, monde, application, BEAUCOUP)

    for acte, cout in peu.items():
        assert len(cout.instructions) == len(beaucoup[acte].instructions), acte
        assert cout.sessions == beaucoup[acte].sessions < PEU, acte
    assert all(cout.instructions for cout in peu.values())
