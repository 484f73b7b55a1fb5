"""Who asks too often waits, whatever the number of workers; and what is said tells nothing of who has an account."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import threading
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from app.demo.distribution import MOT_DE_PASSE
from app.http.errors import Refusal
from app.http.freins import Freins
from app.http.portes import PORTES, adresse
from app.kit import crypto
from app.resolvers import build_schema
from tests.cast import Monde
from tests.conftest import Base

from . import actes
from .conftest import Api

ADRESSES = int(os.environ.get("ADRESSES", "20"))
ICI, AILLEURS = "203.0.113.7", "203.0.113.8"
DEPART = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)


class Heure:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.le = DEPART

    def __call__(self) -> datetime:
        return self.le


@pytest.fixture
def heure() -> Heure:
    return Heure()


def worker(base: Base, heure: Heure, lectures: int = 60) -> Freins:
    return Freins(base.ecriture, heure, lectures, b"cle de la maison")


async def passe(
    freins: Freins, ou: str = ICI, combien: int = 1, porte: str = "motDePasseOublie"
) -> int | None:
    """Out: None if it may go on, else the seconds to wait."""
    try:
        await freins.passer(ou, {porte: combien})
    except Refusal as refus:
        return int(refus.headers["retry-after"])
    return None


# --- doors ---------------------------------------------------------------------------------------------------------


async def test_so_many_pass_at_once_then_one_now_and_then(base: Base, heure: Heure) -> None:
    freins, porte = worker(base, heure), PORTES["motDePasseOublie"]
    assert [await passe(freins) for _ in range(porte.a_la_fois + 2)] == [None] * porte.a_la_fois + [60, 60]
    assert await passe(freins, AILLEURS) is None
    assert await passe(freins, porte="demanderCompte") is None

    heure.le += porte.intervalle - timedelta(seconds=1)
    assert await passe(freins) == 1
    heure.le += timedelta(seconds=1)
    assert [await passe(freins), await passe(freins)] == [None, 60]


async def test_several_workers_count_as_one(base: Base, heure: Heure) -> None:
    workers = [worker(base, heure) for _ in range(4)]
    passes = await asyncio.gather(*[passe(workers[n % 4]) for n in range(100)])
    assert passes.count(None) == PORTES["motDePasseOublie"].a_la_fois


async def test_an_act_under_many_aliases_counts_as_many(base: Base, heure: Heure) -> None:
    freins, porte = worker(base, heure), PORTES["motDePasseOublie"]
    assert await passe(freins, combien=porte.a_la_fois - 1) is None
    assert await passe(freins, combien=2) is not None  # and none of both is counted
    assert [await passe(freins), await passe(freins)] == [None, 60]
    assert await passe(freins, AILLEURS, combien=porte.a_la_fois + 1) is not None


async def test_what_was_counted_is_forgotten(base: Base, heure: Heure) -> None:
    freins = worker(base, heure)
    for n in range(20):
        await passe(freins, f"198.51.100.{n}")
    heure.le += timedelta(days=2)
    for _ in range(12):
        await passe(freins)
    async with base.engine.connect() as db:
        kept = (await db.execute(text("select cle from frein"))).all()
    assert len(kept) == 1
    assert ICI.encode() not in kept[0].cle


# --- failures ------------------------------------------------------------------------------------------------------


async def test_an_address_that_fails_waits_twice_as_long_each_time(base: Base, heure: Heure) -> None:
    freins = worker(base, heure)
    for _ in range(9):
        await freins.prouve(ICI, False)
    assert await passe(freins, porte="connexion") is None
    attentes = []
    for _ in range(8):
        await freins.prouve(ICI, False)
        attentes.append(await passe(worker(base, heure), porte="connexion"))
        heure.le += timedelta(seconds=attentes[-1] or 0)
        assert await passe(worker(base, heure), porte="connexion") is None
    assert attentes == [30, 60, 120, 240, 480, 900, 900, 900]
    assert await passe(freins, AILLEURS, porte="connexion") is None
    assert await passe(freins, porte="demanderCompte") is None  # only proofs wait


async def test_failures_are_forgotten_after_an_hour_without_any(base: Base, heure: Heure) -> None:
    freins = worker(base, heure)
    for _ in range(11):
        await freins.prouve(ICI, False)
    heure.le += timedelta(hours=1, minutes=2)
    await freins.prouve(ICI, False)
    assert await passe(freins, porte="connexion") is None


async def test_an_office_pays_its_failures_by_its_successes(base: Base, heure: Heure) -> None:
    """One address, many colleagues: who mistypes now and then locks nobody out."""
    freins = worker(base, heure)
    for _ in range(50):
        await freins.prouve(ICI, False)
        await freins.prouve(ICI, True)
    assert await passe(freins, porte="connexion") is None


async def test_an_address_that_guesses_is_told_to_wait_and_how_long(api: Api, monde: Monde) -> None:
    given = {"email": "personne@nulle-part.example", "motDePasse": "pas le bon"}
    body = {"query": actes.CONNEXION, "variables": given}
    answers = [await api.client.post("/graphql", json=body) for _ in range(11)]

    assert [a.status_code for a in answers] == [200] * 10 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 30
    [error] = answers[-1].json()["errors"]
    assert error["extensions"]["code"] == "TOO_MANY_REQUESTS"
    assert "data" not in answers[-1].json()


async def test_ten_attempts_by_aliases_are_ten_attempts(api: Api, monde: Monde) -> None:
    un = 'connexion(email: "paul@x.example", motDePasse: "x") { jeton }'
    lot = "mutation { " + " ".join(f"a{n}: {un}" for n in range(10)) + " }"
    fragment = "mutation { ...f } fragment f on Mutation { ... { a: " + un + " } }"

    first, second = [await api.client.post("/graphql", json={"query": q}) for q in (lot, fragment)]

    assert (first.status_code, second.status_code) == (200, 429)


async def test_the_lock_of_an_address_tells_nothing_of_accounts(api: Api, monde: Monde) -> None:
    """Known or not, the same answers in the same order, whatever the account has known before."""
    vus = []
    for courriel in (monde.paul.courriel, "personne@nulle-part.example"):
        api.d_ailleurs()
        said = []
        for _ in range(12):
            answer = await api.client.post(
                "/graphql",
                json={"query": actes.CONNEXION, "variables": {"email": courriel, "motDePasse": "non"}},
            )
            said.append((answer.status_code, answer.json().get("data")))
        vus.append(said)
    assert vus[0] == vus[1]


# --- readings of strangers -----------------------------------------------------------------------------------------


def test_a_stranger_reads_so_much_a_minute(heure: Heure) -> None:
    freins = Freins(None, heure, 60)  # type: ignore[arg-type]  # readings are counted in memory
    for _ in range(60):
        freins.lire(ICI, 1)
    with pytest.raises(Refusal) as refus:
        freins.lire(ICI, 1)
    assert refus.value.headers["retry-after"] == "1"
    freins.lire(AILLEURS, 60)
    heure.le += timedelta(seconds=1)
    freins.lire(ICI, 1)
    with pytest.raises(Refusal):
        freins.lire(ICI, 1)
    for n in range(20_000):
        freins.lire(str(n), 1)
    assert len(freins.lues) == 10_000


async def test_only_strangers_are_slowed_down_when_they_read(
    api: Api, application: Starlette, monde: Monde
) -> None:
    desk = application.state.desk
    few = dataclasses.replace(desk.freins, lectures=2)
    application.state.desk = dataclasses.replace(desk, freins=few)
    try:
        ask = [
            await api.client.post("/graphql", json={"query": "{ structures { totalCount } }"}) for _ in "123"
        ]
        assert [a.status_code for a in ask] == [200, 200, 429]
        assert ask[-1].headers["retry-after"]
        assert (await api(monde.paul, "{ structures { totalCount } }"))["structures"]["totalCount"] > 0
    finally:
        application.state.desk = desk


@pytest.mark.parametrize(
    ("client", "attendu"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("::ffff:203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::"),
        (("2001:db8:1:2::", 1), "2001:db8:1:2::"),
        (("/tmp/prise", 0), "?"),
        (None, "?"),
    ],
)
def test_an_ipv6_client_is_its_network(client: Any, attendu: str) -> None:
    assert adresse({"client": client}) == attendu


def test_every_door_is_an_act_of_the_api() -> None:
    mutations = build_schema()._schema.mutation_type
    assert mutations
    assert PORTES.keys() <= mutations.fields.keys()


def test_every_act_that_takes_a_password_is_a_door() -> None:
    """A new act that verifies one must say how often it may be asked."""
    mutations = build_schema()._schema.mutation_type
    assert mutations
    with_password = {
        name
        for name, field in mutations.fields.items()
        if field.args.keys() & {"motDePasse", "ancien"} and name != "evaluerMotDePasse"
    }
    hashing = {name for name, porte in PORTES.items() if porte.hache}
    assert with_password <= hashing
    assert hashing - with_password == {"demanderCompte"}  # in its input


# --- hashes --------------------------------------------------------------------------------------------------------


def test_a_worker_has_so_many_hashes_in_hand(heure: Heure) -> None:
    freins = Freins(None, heure, 0, hachages=3)  # type: ignore[arg-type]
    with freins.hacher({"connexion": 2, "structures": 50}), freins.hacher({"demanderCompte": 1}):
        with pytest.raises(Refusal) as refus, freins.hacher({"connexion": 1}):
            pass
        assert (refus.value.status, refus.value.headers["retry-after"]) == (503, "2")
        with freins.hacher({"structures": 1}):
            pass
    assert freins.en_main == 0
    with freins.hacher({"connexion": 20}):  # alone, a document may hold as many as its roots
        pass


async def test_passwords_never_take_more_than_two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, most, lock = 0, 0, threading.Lock()
    real = crypto._matches

    def watched(kept: str | None, password: str) -> bool:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        try:
            return real(kept, password)
        finally:
            with lock:
                at_once -= 1

    monkeypatch.setattr(crypto, "_matches", watched)
    await asyncio.gather(*[crypto.password_matches(None, "x") for _ in range(12)])
    assert most == crypto.THREADS


async def test_attempts_on_one_account_do_not_wait_for_each_other_s_hash(
    api: Api, application: Starlette, monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No connexion to the base, and no lock, is held while a password is verified: nobody else waits for them."""
    pool = application.state.desk.executor.writer.pool
    held: list[int] = []
    real = crypto.password_matches

    async def watched(kept: str | None, password: str) -> bool:
        found = await real(kept, password)
        held.append(pool.open - len(pool.at_hand))
        return found

    monkeypatch.setattr(crypto, "password_matches", watched)
    given = {"email": monde.paul.courriel, "motDePasse": MOT_DE_PASSE}
    assert (await api(None, actes.CONNEXION, **given))["connexion"]["jeton"]
    assert held == [0]


@pytest.fixture
async def assaut(api: Api, application: Starlette) -> AsyncIterator[Any]:
    """Many strangers at once, each from its own address."""
    clients: list[httpx.AsyncClient] = []

    def de(n: int) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(application, client=(f"198.51.{n // 256}.{n % 256}", 1))
        clients.append(httpx.AsyncClient(transport=transport, base_url="http://rafael.test"))
        return clients[-1]

    yield de
    for client in clients:
        await client.aclose()


async def test_thousands_of_attempts_leave_the_server_to_the_others(
    api: Api, monde: Monde, assaut: Any
) -> None:
    """50 attempts for each address: few are verified, the others are told to come back. ADRESSES=200: 10,000."""
    victime = {"email": monde.paul.courriel, "motDePasse": "pas le bon"}
    body = {"query": actes.CONNEXION, "variables": victime}
    tally: dict[int, int] = {}

    async def attaquer(n: int) -> None:
        client = assaut(n)
        for _ in range(50):
            answer = await client.post("/graphql", json=body)
            tally[answer.status_code] = tally.get(answer.status_code, 0) + 1
            assert answer.status_code == 200 or answer.headers["retry-after"]

    slowest = 0.0
    attack = asyncio.gather(*[attaquer(n) for n in range(ADRESSES)])
    while not attack.done():
        before = time.perf_counter()
        assert (await api(monde.rosa, actes.MOI))["moi"]["compte"]["prenom"] == "Rosa"
        slowest = max(slowest, time.perf_counter() - before)
        await asyncio.sleep(0.01)  # somebody who reads, now and then
    await attack

    assert sum(tally.values()) == 50 * ADRESSES
    assert set(tally) <= {200, 429, 503}
    assert tally[200] < ADRESSES * 12
    assert slowest < 5
    assert await essayer_de(api, monde) == [[], ["IDENTIFIANTS_REFUSES"]]


async def essayer_de(api: Api, monde: Monde) -> list[Any]:
    """Out: what somebody whom nobody attacked hears, then the victim, whose account waits."""
    said = []
    for qui in (monde.rosa, monde.paul):
        api.d_ailleurs()
        given = {"email": qui.courriel, "motDePasse": MOT_DE_PASSE}
        payload = (await api(None, actes.CONNEXION, **given))["connexion"]
        said.append(actes.codes(payload))
    return said
