"""What proves nothing any more is forgotten a month later: no name, no address, no trace of a connexion is kept for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import text

from app import models as m
from tests.cast import JOUR, MAINTENANT, Monde

from .conftest import Atelier

MOIS = timedelta(days=30)


async def restent(monde: Monde, table: str) -> set[int]:
    async with monde.engine.connect() as db:
        return set(await db.scalars(text(f"select id from {table}")))


async def un_jeton(monde: Monde, qui: Any, n: int, **colonnes: Any) -> int:
    vie = {"cree_le": MAINTENANT - 60 * JOUR, "expire_le": MAINTENANT + JOUR} | colonnes
    row = await monde.inserer(m.Jeton, compte_id=qui.id, empreinte=bytes([n]) * 32, **vie)
    return row.id


async def un_lien(monde: Monde, qui: Any, expire_le: Any) -> int:
    row = await monde.inserer(
        m.LienCourriel,
        compte_id=qui.id,
        usage=m.UsageLien.CONFIRMER_COMPTE,
        sel=b"sel",
        contenu={"nom": "Roche"},
        cree_le=expire_le - 2 * JOUR,
        expire_le=expire_le,
    )
    return row.id


async def test_tokens_and_links_are_forgotten_a_month_after_their_end(atelier: Atelier, monde: Monde) -> None:
    avant = await restent(monde, "jeton")
    trop_vieux, second = MAINTENANT - MOIS - timedelta(seconds=1), timedelta(seconds=1)
    oublies = {
        await un_jeton(monde, monde.paul, 1, expire_le=trop_vieux),
        await un_jeton(monde, monde.paul, 2, revoque_le=trop_vieux),
    }
    gardes = {
        await un_jeton(monde, monde.paul, 3, expire_le=trop_vieux + second),
        await un_jeton(monde, monde.paul, 4),
        await un_jeton(monde, monde.hub_agora, 5, expire_le=trop_vieux, portee="candidatures_region"),
    }
    vieux, recent = await un_lien(monde, monde.paul, trop_vieux), await un_lien(monde, monde.paul, MAINTENANT)

    await atelier.confier("oublier_jetons", timestamp=0)
    await atelier.vider()

    assert await atelier.etats("oublier_jetons") == [("succeeded", 1)]
    assert await restent(monde, "jeton") == avant | gardes
    assert not oublies & await restent(monde, "jeton")
    assert await restent(monde, "lien_courriel") == {recent}
    assert vieux != recent


async def test_nothing_to_forget_is_no_failure(atelier: Atelier, monde: Monde) -> None:
    await atelier.confier("oublier_jetons", timestamp=0)
    await atelier.vider()
    assert await atelier.etats("oublier_jetons") == [("succeeded", 1)]
