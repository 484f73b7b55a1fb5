"""The search of the offer, by night."""

from __future__ import annotations

from sqlalchemy import text

from tests.cast import Monde

from .conftest import Atelier


async def test_the_night_learns_the_words_of_what_is_published(atelier: Atelier, monde: Monde) -> None:
    async def connus() -> set[str]:
        async with monde.engine.connect() as db:
            rows = await db.execute(
                text("select mot from vocabulaire where mot in ('zingueur', 'zinguerie')")
            )
            return {row.mot for row in rows}

    await monde.une_action(intitule="Zingueur")
    await monde.une_action(intitule="Zinguerie", etat="creee")
    await atelier.tic()
    assert await connus() == {"zingueur"}
