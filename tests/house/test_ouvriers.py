"""Two real workers behind one port: what ends in one ends in the other within a second, what is counted is counted once."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.demo import documents as d
from app.demo.distribution import MOT_DE_PASSE
from app.http.portes import PORTES
from tests.api import actes
from tests.api.actes_comptes import CHANGER_MOT_DE_PASSE, DETACHER, OUBLIE

from .test_serving import PATIENCE, Servir

UNE_SECONDE = 1.0
MEMBRES = "{ affiliations(first: 50) { nodes { id compte { prenom } } } }"


class Ouvriers:
    """The API of two workers; each answer says which of them gave it, by the beginning of its request id."""

    def __init__(self, address: str) -> None:
        self.url = address.rstrip("/") + "/graphql"

    def ask(self, jeton: str | None, query: str, **variables: Any) -> httpx.Response:
        """Out: the answer of whichever worker takes a new connexion."""
        headers = {"authorization": f"Bearer {jeton}"} if jeton else {}
        body = {"query": query, "variables": variables}
        return httpx.post(self.url, json=body, headers=headers, timeout=PATIENCE)

    def data(self, jeton: str | None, query: str, **variables: Any) -> dict[str, Any]:
        answer = self.ask(jeton, query, **variables).json()
        assert "errors" not in answer, answer
        found: dict[str, Any] = answer["data"]
        return found

    def connexion(self, email: str) -> str:
        jeton = self.data(None, d.CONNEXION, email=email, motDePasse=MOT_DE_PASSE)["connexion"]["jeton"]
        return str(jeton)

    def both(self, jeton: str, status: int) -> None:
        """Ask until each of both workers has answered so, several times."""
        seen: dict[str, int] = {}
        limit = time.monotonic() + PATIENCE
        while len(seen) < 2 or min(seen.values()) < 3:
            answer = self.ask(jeton, actes.MOI)
            assert answer.status_code == status
            worker = answer.headers["x-request-id"][:16]
            seen[worker] = seen.get(worker, 0) + 1
            assert time.monotonic() < limit, "one of the workers never answers"

    def dies(self, jeton: str, act: Callable[[], object]) -> None:
        """Both workers know a token; something ends it: a second later, neither does."""
        self.both(jeton, 200)
        act()
        done = time.monotonic()
        last = done
        while time.monotonic() < done + UNE_SECONDE:
            if self.ask(jeton, actes.MOI).status_code == 200:
                last = time.monotonic()
        assert last < done + UNE_SECONDE
        self.both(jeton, 401)


@pytest.fixture(scope="module")
def ouvriers() -> Iterator[Ouvriers]:
    folder = Path(tempfile.mkdtemp(prefix="rafael-"))
    folder.chmod(0o755)
    with ExitStack() as ended:
        ended.callback(shutil.rmtree, folder)
        served = Servir(folder / "donnees", DEMO="oui", WORKERS="2", TRAVAUX="non")
        ended.callback(served.end)
        yield Ouvriers(served.address())


def refused(payload: dict[str, Any]) -> list[str]:
    [answer] = payload.values()
    return actes.codes(answer)


@pytest.mark.regle("R-014")
def test_a_changed_password_closes_the_other_connexions_in_every_worker(ouvriers: Ouvriers) -> None:
    mien, autre = (ouvriers.connexion("yann.legoff@agence-garonne.example") for _ in range(2))
    nouveau = {"ancien": MOT_DE_PASSE, "nouveau": "Brouette-Violon-83"}

    ouvriers.dies(autre, lambda: refused(ouvriers.data(mien, CHANGER_MOT_DE_PASSE, **nouveau)) == [])

    ouvriers.both(mien, 200)


@pytest.mark.regle("R-025", "R-027")
def test_a_droit_taken_back_then_a_detachment_are_known_to_every_worker(ouvriers: Ouvriers) -> None:
    rosa = ouvriers.connexion("rosa.lagarde@trois-vallees.example")
    membres = ouvriers.data(rosa, MEMBRES)["affiliations"]["nodes"]
    ids = {a["compte"]["prenom"]: a["id"] for a in membres}

    def retirer() -> None:
        assert (
            refused(ouvriers.data(rosa, actes.RETIRER_DROIT, id=ids["Paul"], droit="PRESCRIPTEUR_N2")) == []
        )

    def detacher() -> None:
        assert refused(ouvriers.data(rosa, DETACHER, affiliation=ids["Nadia"])) == []

    ouvriers.dies(ouvriers.connexion("paul.etcheverry@trois-vallees.example"), retirer)
    ouvriers.dies(ouvriers.connexion("nadia.bensaid@trois-vallees.example"), detacher)


def test_two_workers_let_pass_what_one_would(ouvriers: Ouvriers) -> None:
    with ThreadPoolExecutor(8) as threads:
        asked = [
            threads.submit(ouvriers.ask, None, OUBLIE, courriel="x@nulle-part.example") for _ in range(60)
        ]
        answers = [one.result() for one in asked]

    statuses = [answer.status_code for answer in answers]
    assert len({answer.headers["x-request-id"][:16] for answer in answers}) == 2
    assert statuses.count(200) == PORTES["motDePasseOublie"].a_la_fois
    assert set(statuses) == {200, 429}
