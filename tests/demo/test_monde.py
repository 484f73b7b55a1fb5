"""The demonstration: a base is filled once, everybody may sign in, nothing real is in it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from app import models as m
from app.demo.commands import demo
from app.demo.distribution import MOT_DE_PASSE, PERSONNES, STRUCTURES
from app.demo.marque import est_demonstration
from app.demo.monde import peupler_si_vide
from app.demo.offre import GESTIONNAIRE
from app.kit.clock import fixed
from app.kit.crypto import password_matches
from app.main import build_schema
from app.policies.policy import Policy
from app.policies.viewer import Anonymous
from app.reading.reader import Reader
from tests.cast import CIPHER, JOUR, MAINTENANT, planter

A_CONTROLER = "209900000013"  # an apprenticeship, of an organisation that has no Qualiopi for it
RESERVED = re.compile(r"[a-z.-]+@[a-z.-]+\.example")


@pytest_asyncio.fixture(loop_scope="session")
async def db(base: Any) -> AsyncIterator[AsyncSession]:
    """A session on a base that holds the demonstration."""
    assert await peupler_si_vide(base.url, CIPHER, fixed(MAINTENANT))
    async with AsyncSession(base.engine) as opened:
        yield opened


async def test_it_fills_an_empty_base_and_leaves_any_other_alone(base: Any, db: AsyncSession) -> None:
    counted = select(func.count()).select_from(m.Compte)
    before = await db.scalar(counted)

    assert not await peupler_si_vide(base.url, CIPHER, fixed(MAINTENANT))

    assert await db.scalar(counted) == before
    assert await est_demonstration(base.ecriture)


async def test_a_base_that_holds_anybody_else_is_no_demonstration(base: Any) -> None:
    await planter(base)

    assert not await peupler_si_vide(base.url, CIPHER, fixed(MAINTENANT))

    assert not await est_demonstration(base.ecriture)


async def test_everybody_may_sign_in_with_the_one_password(db: AsyncSession) -> None:
    statement = select(m.SecretCompte.mot_de_passe).join(m.Compte, m.Compte.id == m.SecretCompte.compte_id)
    for personne in PERSONNES:
        kept = await db.scalar(statement.where(m.Compte.courriel == personne.courriel))
        assert await password_matches(kept, MOT_DE_PASSE), personne.cle


async def test_every_etat_of_a_candidature_is_shown(db: AsyncSession) -> None:
    assert set(await db.scalars(select(m.Candidature.etat))) == set(m.EtatCandidature)


async def test_whatever_the_day_nothing_is_stale(base: Any) -> None:
    for later in (MAINTENANT, MAINTENANT + 400 * JOUR):
        monde = await planter(base, later)
        assert (await monde.relire(monde.session_maconnerie, m.SessionFormation)).date_debut > later.date()
        async with base.engine.begin() as connection:
            await connection.exec_driver_sql("select vider()")


async def test_the_journal_of_moments_is_in_order(db: AsyncSession) -> None:
    for c in await db.scalars(select(m.Candidature)):
        moments = [c.cree_le, c.soumise_le or c.validee_le, c.close_le]
        known = [moment for moment in moments if moment]
        assert known == sorted(known), c.reference
        assert known[-1] <= MAINTENANT, c.reference


async def test_the_offer_that_is_not_in_the_cast_came_by_the_import_under_gaelle(db: AsyncSession) -> None:
    gaelle = await db.scalar(select(m.Compte.id).where(m.Compte.courriel == GESTIONNAIRE))
    actions = list(await db.scalars(select(m.Action).where(m.Action.source.is_not(None))))
    assert len(actions) == 14
    assert [a.numero_source for a in actions if a.etat is not m.EtatAction.PUBLIEE] == [A_CONTROLER]

    faits = list(await db.scalars(select(m.Fait).where(m.Fait.nom == "ActionImportee")))
    assert {(fait.compte_id, fait.profil) for fait in faits} == {(gaelle, "gestionnaire")}
    assert {fait.action_id for fait in faits} == {action.id for action in actions}


@pytest.mark.regle("R-048", "R-191", "R-212")
async def test_its_communes_certifications_and_formacodes_answer_anybody(base: Any, db: AsyncSession) -> None:
    reader = Reader(build_schema(), Policy.load(), base.lecture)
    for liste, champ, texte, attendu in (
        ("communes", "nom", "perigueux", "Périgueux"),
        ("certifications", "codeRncp", "macon", "RNCP99901"),
        ("formacodes", "libelle", "maconnerie", "Maçonnerie"),
    ):
        question = f'{{ {liste}(recherche: {{ texte: "{texte}" }}) {{ nodes {{ {champ} }} }} }}'
        said = json.loads(bytes(await reader.execute(Anonymous(), question, {}, None, MAINTENANT)))
        assert {champ: attendu} in said["data"][liste]["nodes"], said


async def test_it_has_open_conventionnees_sessions_to_come(db: AsyncSession) -> None:
    sessions = await db.scalars(
        select(m.SessionFormation).where(
            m.SessionFormation.source.is_not(None),
            m.SessionFormation.etat == m.EtatSession.PUBLIEE,
            m.SessionFormation.est_conventionnee,
            m.SessionFormation.action_en_ligne,
            m.SessionFormation.mode_candidature != m.ModeCandidature.FERMEE,
            m.SessionFormation.date_debut > MAINTENANT.date(),
            m.SessionFormation.inscriptions_jusqu_au >= MAINTENANT.date(),
        )
    )
    assert len({session.lieu_departement for session in sessions}) >= 8


@pytest.mark.parametrize("organisation", STRUCTURES, ids=lambda o: o.cle)
def test_every_siret_is_right_by_luhn(organisation: Any) -> None:
    assert luhn(organisation.siret)
    assert luhn(organisation.siret[:9])


def luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


async def test_every_address_stands_on_a_reserved_domain(db: AsyncSession) -> None:
    for column in (m.Compte.courriel, m.Structure.courriel, m.Candidat.courriel):
        for courriel in await db.scalars(select(column).where(column.is_not(None))):
            assert courriel is not None
            assert RESERVED.fullmatch(courriel), courriel


def test_the_command_lists_accounts_passwords_and_profiles() -> None:
    answer = CliRunner().invoke(demo, ["comptes", "--json"])

    comptes = {compte["email"]: compte for compte in json.loads(answer.stdout)}
    assert set(comptes) == {personne.courriel for personne in PERSONNES}
    sophie = comptes["sophie.tremblay@tremplin.example"]
    assert sophie["mot_de_passe"] == MOT_DE_PASSE
    assert [p["droit"] for p in sophie["profils"]] == ["of_general", "prescripteur_n2", "beneficiaire"]
    assert comptes["jeanne.petit@courriel.example"]["profils"] == []


def test_a_narrow_terminal_still_shows_each_address_whole() -> None:
    answer = CliRunner().invoke(demo, ["comptes"], env={"COLUMNS": "80"})

    assert [one.courriel for one in PERSONNES if one.courriel not in answer.stdout] == []
