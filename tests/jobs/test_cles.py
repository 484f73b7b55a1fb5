"""The end of a partner's key is told to the gestionnaires: a month before, a week before, once each (C-32)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app import models as m
from app.domain import partenaires as d
from tests.cast import JOUR, MAINTENANT, Monde

from .conftest import Atelier

pytestmark = pytest.mark.regle("C-32")
AN = 365 * JOUR
SECONDE = timedelta(seconds=1)


async def une_cle(monde: Monde, n: int, fin: datetime, *, vie: timedelta = AN, **colonnes: object) -> m.Jeton:
    given = {"compte_id": monde.hub_agora.id, "portee": "candidatures_region", "prefixe": f"rafael_{n}"}
    return await monde.inserer(
        m.Jeton, empreinte=bytes([n]) * 32, cree_le=fin - vie, expire_le=fin, **given | colonnes
    )


async def sans_autre_cle(monde: Monde) -> None:
    """The keys of the cast are out of the way."""
    async with monde.engine.begin() as db:
        await db.execute(text("delete from jeton where portee is not null"))


async def objets(atelier: Atelier) -> list[tuple[str, str]]:
    """Out: what was mailed, once everything due was done."""
    atelier.boite.recus.clear()
    await atelier.confier("annoncer_cles", timestamp=0)
    await atelier.vider()
    return atelier.boite.objets


async def test_a_month_then_a_week_before_and_once_each(atelier: Atelier, monde: Monde) -> None:
    await sans_autre_cle(monde)
    await une_cle(monde, 1, MAINTENANT + 30 * JOUR)
    a_gaelle = [(monde.gaelle.courriel, "La clé d'un partenaire finit le 2 juillet 2026")]
    atelier.heure = MAINTENANT - SECONDE
    assert await objets(atelier) == []
    atelier.heure = MAINTENANT
    assert await objets(atelier) == a_gaelle
    assert [await objets(atelier), await objets(atelier)] == [[], []]
    atelier.heure = MAINTENANT + 23 * JOUR - SECONDE
    assert await objets(atelier) == []
    atelier.heure = MAINTENANT + 23 * JOUR
    assert await objets(atelier) == a_gaelle
    atelier.heure = MAINTENANT + 29 * JOUR
    assert await objets(atelier) == []
    atelier.heure = MAINTENANT + 31 * JOUR
    assert await objets(atelier) == []


async def test_the_mail_names_the_partner_and_proves_nothing(atelier: Atelier, monde: Monde) -> None:
    await sans_autre_cle(monde)
    await une_cle(monde, 1, MAINTENANT + 5 * JOUR)
    await objets(atelier)
    [message] = atelier.boite.recus
    body = message.get_body(("plain",))
    assert body is not None
    texte = " ".join(body.get_content().split())
    assert "rafael_1…" in texte
    assert "Candidatures que la Région finance" in texte


async def test_keys_that_are_over_renewed_or_short_are_not_announced(atelier: Atelier, monde: Monde) -> None:
    await sans_autre_cle(monde)
    fin = MAINTENANT + 5 * JOUR
    await une_cle(monde, 1, fin, revoque_le=MAINTENANT - JOUR)
    await une_cle(monde, 2, fin, vie=7 * JOUR, portee="offre_lire")  # given for a week: that is known
    await une_cle(monde, 3, fin, portee="candidatures_libre")
    await une_cle(monde, 4, fin + AN, portee="candidatures_libre")  # takes its place
    assert await objets(atelier) == []


async def test_a_key_revoked_before_the_mail_leaves_is_not_announced(atelier: Atelier, monde: Monde) -> None:
    await sans_autre_cle(monde)
    cle = await une_cle(monde, 1, MAINTENANT + 5 * JOUR)
    await atelier.confier(
        "courriel", gabarit="cle_expire", compte_id=monde.gaelle.id, sujet="cle-x", cle=cle.id
    )
    await monde.changer(cle, revoque_le=MAINTENANT)
    await atelier.vider()
    assert atelier.boite.recus == []


@pytest.mark.parametrize(
    ("reste", "attendu"),
    [
        (31 * JOUR, None),
        (30 * JOUR, 30),
        (7 * JOUR + SECONDE, 30),
        (7 * JOUR, 7),
        (SECONDE, 7),
        (-SECONDE, None),
    ],
)
def test_the_notice_that_is_due(reste: timedelta, attendu: int | None) -> None:
    cle = m.Jeton(cree_le=MAINTENANT - AN, expire_le=MAINTENANT + reste, revoque_le=None)
    assert d.annonce(cle, [], le=MAINTENANT) == attendu
