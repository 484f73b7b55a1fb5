"""The floor: bare ASGI, asyncpg, one hand-written statement a query, the same token check, the same journal.

No GraphQL: the operation's name chooses the statement. Two forms of the pages: JSON made by PostgreSQL (/graphql), or
flat rows and orjson (/plat); the bench takes the better. What a server owes people besides (limits, logs, headers,
request ids, error messages) is left out on purpose: it is what ours pays beyond this floor.
"""

from __future__ import annotations

import os
import time
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

import asyncpg
import orjson
import uvicorn

from app.kit.clock import ouvree, paris_day
from bench.serveurs import plancher_ecritures as ecritures
from bench.serveurs import plancher_sql as sql

KEPT_SECONDS = 0.5
JSON = (b"content-type", b"application/json; charset=utf-8")
OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


class Sans(asyncpg.Connection):  # type: ignore[type-arg]
    """A connection given back as it is."""

    def get_reset_query(self) -> str:
        """Out: nothing to run."""
        return ""


class Plancher:
    """The ASGI application."""

    pool: Any

    def __init__(self) -> None:
        """Remember viewers as ours does."""
        self.kept: dict[bytes, tuple[float, Any]] = {}
        self.clock = ouvree()
        self.json: dict[str, Callable[..., Awaitable[bytes]]] = {
            "Q1": self.q1,
            "Q2": self.page(sql.Q2),
            "Q3": self.q3,
            "Q4": self.q4,
            "Q5": self.page(sql.Q5, moi=True),
            "Creer": self.creer,
            "Valider": self.valider,
        }
        self.plat: dict[str, Callable[..., Awaitable[bytes]]] = {
            "Q2": self.page_plate(sql.Q2_PLAT),
            "Q5": self.page_plate(sql.Q5_PLAT, moi=True),
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self.vivre(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        status, out = await self.answer(scope, body)
        headers = [JSON, (b"content-length", str(len(out)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": out})

    async def vivre(self, receive: Any, send: Any) -> None:
        """Open the pool, and wait for the end."""
        await receive()
        self.pool = await asyncpg.create_pool(
            os.environ["DATABASE_URL"],
            min_size=10,
            max_size=10,
            connection_class=Sans,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings={"application_name": "plancher", "jit": "off"},
        )
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.pool.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def answer(self, scope: Any, body: bytes) -> tuple[int, bytes]:
        """Out: the status and the body of an answer."""
        given = orjson.loads(body)
        known = self.plat if scope["path"] == "/plat" else self.json
        do = known.get(given.get("operationName", ""))
        if do is None:
            return 400, b"{}"
        viewer = await self.viewer(dict(scope["headers"]).get(b"authorization", b""))
        if viewer is None:
            return 401, b"{}"
        return 200, await do(viewer, given["variables"])

    async def viewer(self, authorization: bytes) -> Any:
        """Out: who asks: the account, the profile, the structure; None for a token that is not alive."""
        key = sha256(authorization.removeprefix(b"Bearer ")).digest()
        now = time.monotonic()
        if (found := self.kept.get(key)) and now < found[0]:
            return found[1]
        row = await self.pool.fetchrow(sql.JETON, key, self.clock())
        viewer = tuple(row) if row else None
        self.kept[key] = now + KEPT_SECONDS, viewer
        return viewer

    # -- readings: written for of_preinscription, whom no other profile may be taken for ---------------------------
    async def q1(self, viewer: Any, variables: Any) -> bytes:
        moi, _, structure = recruteur(viewer)
        return await self.value(sql.Q1, structure, moi, variables["reference"])

    def page(self, statement: str, *, moi: bool = False) -> Callable[..., Awaitable[bytes]]:
        async def answer(viewer: Any, variables: Any) -> bytes:
            compte, _, structure = recruteur(viewer)
            return await self.value(
                statement, structure, variables["etat"].lower(), *([compte] if moi else [])
            )

        return answer

    def page_plate(self, statement: str, *, moi: bool = False) -> Callable[..., Awaitable[bytes]]:
        async def answer(viewer: Any, variables: Any) -> bytes:
            compte, _, structure = recruteur(viewer)
            values = (structure, variables["etat"].lower(), *([compte] if moi else []))
            async with self.pool.acquire() as connection:
                rows = await connection.fetch(statement, *values)
            nodes = [ligne(row, peut=moi) for row in rows]
            return orjson.dumps({"data": {"candidatures": {"nodes": nodes}}}, option=OPTIONS)

        return answer

    async def q3(self, viewer: Any, variables: Any) -> bytes:
        moi, _, structure = recruteur(viewer)
        today = paris_day(self.clock())
        return await self.value(sql.Q3, structure, variables["mots"], variables["departements"], today, moi)

    async def q4(self, viewer: Any, variables: Any) -> bytes:
        _, _, structure = recruteur(viewer)
        organisme = int(b64decode(variables["organisme"]).partition(b":")[2])
        return await self.value(sql.Q4, structure, organisme, paris_day(self.clock()))

    async def value(self, statement: str, *values: Any) -> bytes:
        """Out: the one value of a statement."""
        async with self.pool.acquire() as connection:
            found: bytes = await connection.fetchval(statement, *values)
        return found

    # -- writings --------------------------------------------------------------------------------------------------
    async def creer(self, viewer: Any, variables: Any) -> bytes:
        return await ecritures.creer(self.pool, viewer, variables["entree"], self.clock())

    async def valider(self, viewer: Any, variables: Any) -> bytes:
        return await ecritures.valider(self.pool, viewer, variables["candidature"], self.clock())


def recruteur(viewer: Any) -> Any:
    """Out: the viewer, who must be of the one profile that these statements are written for."""
    if viewer[1] != "of_preinscription":
        raise PermissionError(viewer[1])
    return viewer


def cle(type_: bytes, key: int) -> str:
    """Out: a global identifier."""
    return b64encode(b"%s:%d" % (type_, key)).decode()


def ligne(r: Any, *, peut: bool) -> dict[str, Any]:
    """Out: a candidature of a page, from a flat row."""
    session = r["session_id"]
    made = {
        "id": cle(b"Candidature", r["id"]),
        "reference": r["reference"],
        "etat": r["etat"].upper(),
        "origine": r["origine"].upper(),
        "datePreinscription": r["validee_le"],
        "modifieeLe": r["modifiee_le"],
        "inscritFranceTravail": r["est_inscrit_france_travail"],
        "session": session
        and {
            "id": cle(b"Session", session),
            "numeroCarif": r["numero_carif"],
            "dateDebut": r["date_debut"],
            "dateFin": r["date_fin"],
            "lieu": {"ville": r["lieu_ville"], "departement": r["lieu_departement"]},
            "action": {"reference": r["action_reference"], "intitule": r["intitule"]},
        },
        "candidat": {
            "reference": r["candidat_reference"],
            "nom": r["nom"],
            "prenom": r["prenom"],
            "dateNaissance": r["date_naissance"],
            "courriel": r["courriel"],
            "telephone": r["telephone"],
        },
    }
    if peut:
        juge = r["juge"]
        made["peut"] = {
            "convoquer": juge,
            "rendreAvis": juge,
            "annuler": False,
            "modifier": False,
            "valider": False,
        }
    return made


application = Plancher()

if __name__ == "__main__":
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        server_header=False,
    )
