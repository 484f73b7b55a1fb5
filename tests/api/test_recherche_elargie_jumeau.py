"""The second engine finds what its slow twin finds, whatever is typed."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import text

from tests.cast import Monde

from .conftest import Api
from .jumeau_elargi import Annonce, Jumeau
from .test_recherche import ACTIONS, actions
from .test_recherche_elargie import JUGEES, OFFRE, cles

__all__ = ["cles"]
TIRAGES = 150
MECHANTS = (
    "'; drop table action; --",
    "a & b | !c <-> d:*",
    "cuisinier:* & !plombier",
    "%_\\ .* [a-z]+ (?i)(((",
    '"petite enfance" -crèche OR 1=1',
    "ŒUVRE cœur ÆRO Straße İstanbul ǅ ﬁ",
    "crèche \u0301 \u200b \u202e enfants",
    "les de la dans pour",
    "1e5 -12 3.14 0x1f 489 r489 r 489",
    "e" * 200,
    "soudeuse" * 24,
    "🧑‍🍳 cuisinier",
)


async def offre_en_ligne(monde: Monde) -> list[Annonce]:
    """Out: what is online, as the tables say it."""
    asked = text("""select a.intitule, coalesce(a.objectif, '') as objectif, coalesce(a.programme, '') as programme,
      (select coalesce(array_agg(c.intitule), '{}') from action_certification k
         join certification c on c.id = k.certification_id where k.action_id = a.id) as certifications,
      (select coalesce(array_agg(f.libelle), '{}') from formacode f where f.code = any (a.formacodes)) as formacodes
      from action a where est_en_ligne and exists (select from session s where s.action_id = a.id
        and s.etat in ('publiee', 'suppression_demandee', 'annulee'))""")
    async with monde.engine.connect() as db:
        return [Annonce(**row._mapping) for row in await db.execute(asked)]


def taper(alea: Random, offre: list[Annonce]) -> str:
    """Out: what somebody may type: words of one action more often than of several, with their faults."""
    mots = alea.choice(
        [alea.choice(offre).mots, alea.choice(offre).mots, [*JUGEES, *alea.choice(offre).mots]]
    )
    return " ".join(fauter(alea, alea.choice(mots)) for _ in range(alea.choice((1, 1, 2, 2, 3, 6))))


def fauter(alea: Random, mot: str) -> str:
    """Out: a word, as it is or with a fault."""
    rang = alea.randrange(len(mot))
    return alea.choice(
        (
            mot,
            mot.upper(),
            mot + "s",
            mot[:rang] + mot[rang + 1 :] or mot,
            mot[:rang] + alea.choice("aeinrst") + mot[rang + 1 :],
            mot[: rang + 1] + mot[rang:],
            mot[:rang] + mot[rang : rang + 2][::-1] + mot[rang + 2 :],
        )
    )


@pytest.mark.parametrize("graine", range(3))
async def test_the_engine_and_its_twin_find_the_same(
    api: Api, monde: Monde, cles: dict[str, str], graine: int
) -> None:
    alea, jumeau = Random(graine), Jumeau(await offre_en_ligne(monde), monde.engine)
    essais = [taper(alea, [*jumeau.offre]) for _ in range(TIRAGES)] + (list(MECHANTS) if graine == 0 else [])
    trouvees = 0
    for mots in essais:
        rendues = await actions(api, None, mots=mots[:200], elargie=True, inclureTerminees=True)
        attendues = await jumeau.chercher(mots[:200])
        assert {a["intitule"] for a in rendues["nodes"]} == attendues, mots
        trouvees += bool(attendues)
    assert trouvees > TIRAGES / 3


async def test_two_hundred_words_are_refused_and_two_hundred_characters_of_them_are_not(
    api: Api, monde: Monde, cles: dict[str, str]
) -> None:
    trop = await api.brut(None, ACTIONS, r={"mots": " ".join([*OFFRE] * 13), "elargie": True})
    assert trop["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    lettres = " ".join("abcdefghijklmnopqrstuvwxyz" * 4)[:200]
    assert (await actions(api, None, mots=lettres, elargie=True))["nodes"] == []
