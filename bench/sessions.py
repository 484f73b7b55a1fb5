"""R-251: saving takes the same time whether the action has 10 sessions or 5,000.

`python -m bench.sessions` plays the same acts, in turn, on two actions of one base, through the application itself (no
network), and prints the ratio of the medians: 1.2 at most.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from statistics import median
from typing import Any

import httpx

from app import models as m
from app.kit.clock import fixed
from app.kit.database import Database
from app.kit.embedded import Embedded
from app.kit.settings import Settings
from app.main import create_app
from tests.api import actes_actions as a
from tests.api import actes_sessions as s
from tests.api.conftest import Api, Montre, _looked_up
from tests.api.test_actions_nombreuses import BEAUCOUP, COPIES, PEU
from tests.cast import CIPHER, MAINTENANT, Monde, planter
from tests.conftest import Base
from tests.template import base_of_the_process, home_of_tests

TOURS = 60
BUT = 1.2
RENDU = "id etat"
ACTION = a.rediger("modifierAction", f"action {{ {RENDU} }}", entree="ModifierActionInput!")
SESSION = a.rediger("modifierSession", f"session {{ {RENDU} }}", entree="ModifierSessionInput!")
AJOUT = a.rediger("ajouterSession", f"session {{ {RENDU} }}", entree="AjouterSessionInput!")
Jouer = Callable[["Cas", int], Awaitable[Any]]


@dataclasses.dataclass(frozen=True)
class Cas:
    """An action, one of its sessions, and how many it has."""

    action: Any
    session: Any
    combien: int


@asynccontextmanager
async def servie(url: str) -> AsyncIterator[Api]:
    """The application on a base, at the moment of the cast."""
    settings = Settings.read({"DATABASE_URL": url, "CLE_CHIFFREMENT": CIPHER.key.decode()})
    app = create_app(dataclasses.replace(settings, demo=False, lectures_anonymes=0))
    async with app.router.lifespan_context(app):
        horloge = Montre()
        room = dataclasses.replace(app.state.desk.executor, machine=fixed(MAINTENANT))
        app.state.desk = dataclasses.replace(app.state.desk, clock=horloge, executor=room)
        app.state.desk.doorkeeper.lookup = _looked_up(app, horloge)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://rafael.test") as client:
            yield Api(client, horloge, room.cipher, app.state.desk.freins.oublier, transport)


async def preparer(monde: Monde, combien: int) -> Cas:
    """Out: an action of so many published sessions."""
    action = await a.une_action_complete(monde)
    modele = await a.une_session_complete(monde, action, etat=m.EtatSession.PUBLIEE, publiee_le=monde.le)
    async with monde.engine.begin() as db:
        copies = str(COPIES.text).replace("400000", str(400_000 + combien))
        await db.exec_driver_sql(
            copies.replace(":combien", str(combien - 1)).replace(":modele", str(modele.id))
        )
    return Cas(action, modele, combien)


def actes(api: Api, monde: Monde) -> dict[str, Jouer]:
    """Out: what is saved, each time another word."""
    dates = {"dateDebut": monde.jour(30).isoformat(), "dateFin": monde.jour(40).isoformat()}
    return {
        "modifier l'action": lambda cas, n: a.acte(
            api,
            monde.karim,
            ACTION,
            entree={"action": s.gid("Action", cas.action), "lePlus": f"Un atelier {n}"},
        ),
        "modifier une session": lambda cas, n: a.acte(
            api,
            monde.karim,
            SESSION,
            entree={"session": s.gid("Session", cas.session), "commentaire": f"Le soir {n}"},
        ),
        "ajouter une session": lambda cas, n: a.acte(
            api, monde.karim, AJOUT, entree={"action": s.gid("Action", cas.action), **dates, **s.COMPLETE}
        ),
        "corriger l'action": lambda cas, n: a.acte(
            api,
            monde.gaelle,
            ACTION,
            entree={"action": s.gid("Action", cas.action), "intitule": f"Tailleur {n}"},
        ),
    }


async def mesurer(api: Api, jouer: Jouer, cas: tuple[Cas, Cas]) -> tuple[float, float]:
    """Out: the median time of an act on each action, in milliseconds; they are played in turn."""
    temps: tuple[list[float], list[float]] = ([], [])
    for tour in range(TOURS):
        for rang in (0, 1) if tour % 2 else (1, 0):
            api.oublier()
            debut = time.perf_counter()
            payload = await jouer(cas[rang], tour)
            temps[rang].append((time.perf_counter() - debut) * 1000)
            assert payload["empechements"] == [], payload
    return median(temps[0][5:]), median(temps[1][5:])


async def tout(url: str) -> bool:
    """Every act. Out: whether the goal is met."""
    async with Database(url) as database:
        monde = await planter(Base(url, database))
        cas = await preparer(monde, PEU), await preparer(monde, BEAUCOUP)
        async with monde.engine.begin() as db:
            await db.exec_driver_sql("analyze")
        tenu = True
        async with servie(url) as api:
            for nom, jouer in actes(api, monde).items():
                peu, beaucoup = await mesurer(api, jouer, cas)
                tenu &= beaucoup / peu <= BUT
                print(
                    f"{nom:22} {peu:6.2f} ms pour {PEU} sessions, {beaucoup:6.2f} pour {BEAUCOUP} : "
                    f"rapport {beaucoup / peu:.2f} {'✓' if beaucoup / peu <= BUT else '✗'}",
                    flush=True,
                )
    return tenu


def main() -> int:
    """Entry point. Out: 1 where the goal is missed."""
    with (
        Embedded(home_of_tests() / f"sessions-{os.getpid()}") as server,
        base_of_the_process(server.url(driver="")) as url,
    ):
        return 0 if asyncio.run(tout(url)) else 1


if __name__ == "__main__":
    sys.exit(main())
