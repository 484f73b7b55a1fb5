"""Which viewer a token stands for, asked of the real base under the reading role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from app import models as m
from app.http.tokens import lookup
from app.http.viewer import Doorkeeper
from app.kit.clock import fixed
from app.kit.crypto import fingerprint
from app.policies.viewer import PROFILS, Viewer
from tests.conftest import Base

from .edge import MOMENT, TOKEN

LATER, EARLIER = MOMENT + timedelta(hours=1), MOMENT - timedelta(hours=1)
TODAY = date(2026, 3, 3)


@dataclass
class Town:
    """A structure, two colleagues, and the token of the first."""

    base: Base
    structure: int = 0
    camille: int = 0
    dominique: int = 0
    affiliation: int = 0
    affiliation_de_dominique: int = 0
    droit: int = 0

    async def add(self, model: Any, **columns: Any) -> int:
        async with self.base.engine.begin() as connection:
            result = await connection.execute(insert(model).values(**columns).returning(model.id))
            return int(result.scalar_one())

    async def change(self, model: Any, id: int, **columns: Any) -> None:
        async with self.base.engine.begin() as connection:
            await connection.execute(update(model).where(model.id == id).values(**columns))

    async def account(self, name: str, **columns: Any) -> int:
        values = {
            "courriel": f"{name}@demo.invalid",
            "nom": name,
            "prenom": name,
            "cree_le": EARLIER,
            **columns,
        }
        return await self.add(m.Compte, **values)

    async def affiliate(self, compte: int, **columns: Any) -> int:
        values = {"etat": m.EtatAffiliation.ACCEPTEE, "demandee_le": EARLIER, **columns}
        return await self.add(m.Affiliation, compte_id=compte, structure_id=self.structure, **values)

    async def grant(self, affiliation: int, compte: int, droit: m.Droit) -> int:
        return await self.add(
            m.DroitAccorde,
            affiliation_id=affiliation,
            compte_id=compte,
            structure_id=self.structure,
            droit=droit,
            accorde_le=EARLIER,
        )

    async def token(self, **columns: Any) -> int:
        known = {
            "compte_id": self.camille,
            "affiliation_id": self.affiliation,
            "droit_accorde_id": self.droit,
        }
        life = {"empreinte": fingerprint(TOKEN), "cree_le": EARLIER, "expire_le": LATER}
        return await self.add(m.Jeton, **{**known, **life, **columns})

    async def viewer(self) -> Viewer | None:
        return await lookup(self.base.lecture, fixed(MOMENT))(fingerprint(TOKEN))

    async def profil(self) -> str | None:
        viewer = await self.viewer()
        return viewer.profil if viewer else None


@pytest.fixture
async def town(base: Base) -> Town:
    town = Town(base)
    town.structure = await town.add(m.Structure, raison_sociale="Mission locale", cree_le=EARLIER)
    town.camille, town.dominique = await town.account("camille"), await town.account("dominique")
    town.affiliation = await town.affiliate(town.camille)
    town.affiliation_de_dominique = await town.affiliate(town.dominique, est_referent=True)
    town.droit = await town.grant(town.affiliation, town.camille, m.Droit.PRESCRIPTEUR_N1)
    await town.grant(town.affiliation_de_dominique, town.dominique, m.Droit.PRESCRIPTEUR_N3)
    return town


async def test_a_token_stands_for_one_account_under_one_profile(town: Town) -> None:
    jeton = await town.token()

    assert await town.viewer() == Viewer(
        compte_id=town.camille,
        profil="prescripteur_n1",
        structure_id=town.structure,
        affiliation_id=town.affiliation,
        jeton_id=jeton,
        droit_accorde_id=town.droit,
    )


async def test_an_unknown_token_stands_for_nobody(town: Town) -> None:
    assert await town.viewer() is None


async def test_a_referent_has_the_profile_of_one(town: Town) -> None:
    await town.token()
    await town.change(m.Affiliation, town.affiliation, est_referent=True)

    assert await town.profil() == "prescripteur_n1+referent"


async def test_a_person_without_a_structure_is_a_beneficiary(town: Town) -> None:
    await town.token(affiliation_id=None, droit_accorde_id=None)

    viewer = await town.viewer()
    assert viewer
    assert (viewer.profil, viewer.structure_id) == ("beneficiaire", None)


class TestEndings:
    async def test_a_token_ends_when_it_expires(self, town: Town) -> None:
        await town.token(expire_le=MOMENT)
        assert await town.viewer() is None

    async def test_a_token_ends_when_it_is_revoked(self, town: Town) -> None:
        await town.token(revoque_le=EARLIER)
        assert await town.viewer() is None

    async def test_a_token_sleeps_while_its_account_is_not_confirmed(self, town: Town) -> None:
        await town.token()
        await town.change(m.Compte, town.camille, etat=m.EtatCompte.A_CONFIRMER)
        assert await town.viewer() is None

    @pytest.mark.parametrize("etat", [e for e in m.EtatAffiliation if e is not m.EtatAffiliation.ACCEPTEE])
    async def test_a_token_ends_with_the_affiliation(self, town: Town, etat: m.EtatAffiliation) -> None:
        await town.token()
        await town.change(m.Affiliation, town.affiliation, etat=etat)
        assert await town.viewer() is None

    async def test_a_token_of_another_person_s_affiliation_stands_for_nobody(self, town: Town) -> None:
        await town.token(affiliation_id=town.affiliation_de_dominique)
        assert await town.viewer() is None

    async def test_a_token_of_an_affiliation_without_its_droit_stands_for_nobody(self, town: Town) -> None:
        await town.token(droit_accorde_id=None)
        assert await town.viewer() is None

    async def test_a_revoked_token_is_refused_within_a_second_by_a_door_that_knew_it(
        self, town: Town
    ) -> None:
        seconds = [0.0]
        door = Doorkeeper(lookup(town.base.lecture, fixed(MOMENT)), lambda: seconds[0])
        jeton = await town.token()
        assert (await door.viewer(f"Bearer {TOKEN}")).profil == "prescripteur_n1"

        await town.change(m.Jeton, jeton, revoque_le=MOMENT)
        seconds[0] = 0.99
        with pytest.raises(Exception, match="révoqué"):
            await door.viewer(f"Bearer {TOKEN}")


class TestPrograms:
    @pytest.fixture
    async def machine(self, town: Town) -> int:
        town.camille = await town.account("programme", nature=m.NatureCompte.MACHINE)
        await town.token(affiliation_id=None, droit_accorde_id=None, portee="offre_lire")
        return await town.add(
            m.CompteMachine,
            compte_id=town.camille,
            libelle="Partenaire",
            portees=["offre_lire", "candidatures_libre"],
            cree_par_id=town.dominique,
            cree_le=EARLIER,
        )

    async def test_a_program_has_the_scope_of_its_token(self, town: Town, machine: int) -> None:
        assert await town.profil() == "offre_lire"

    async def test_a_scope_that_was_taken_back_ends_its_tokens(self, town: Town, machine: int) -> None:
        await town.change(m.CompteMachine, machine, portees=["candidatures_libre"])
        assert await town.viewer() is None

    async def test_a_program_that_was_revoked_is_nobody(self, town: Town, machine: int) -> None:
        await town.change(m.CompteMachine, machine, revoque_le=EARLIER)
        assert await town.viewer() is None


async def test_every_profile_that_a_token_gives_is_one_of_the_policy(town: Town) -> None:
    await town.token()
    for est_referent in (False, True):
        await town.change(m.Affiliation, town.affiliation, est_referent=est_referent)
        for droit in m.Droit:
            await town.change(m.DroitAccorde, town.droit, droit=droit)
            assert await town.profil() in PROFILS


async def test_a_viewer_is_found_by_the_index_of_fingerprints(town: Town) -> None:
    seen: list[str] = []

    class Explained:
        async def fetchrow(self, query: str, *args: Any) -> None:
            rows = await town.base.lecture.fetch(f"explain {query}", *args)
            seen.extend(row[0] for row in rows)

    await town.token()
    async with town.base.engine.begin() as connection:
        await connection.exec_driver_sql(
            "insert into jeton (empreinte, compte_id, cree_le, expire_le)"
            " select sha256(n::text::bytea), (select min(id) from compte), now(), now()"
            " from generate_series(1, 5000) n"
        )
    async with town.base.engine.connect() as connection:
        await (await connection.execution_options(isolation_level="AUTOCOMMIT")).exec_driver_sql(
            "analyze jeton"
        )
    await lookup(Explained(), fixed(MOMENT))(fingerprint(TOKEN))

    assert "Index Scan using uq_jeton_empreinte" in "\n".join(seen)
