"""The mails of a demonstration without a mail server: the folder where they are kept, and how pages show them.

What a mail holds is not trusted: its text is escaped, its page stays in a frame that runs and sends nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

COURRIELS = "/demonstration/courriels"
MONTRES = 100
NOM = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,200}")
MOT = re.compile(r"/liens/[a-z_]+#(\S+)")
CSP_COURRIEL = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)
CADRE = {
    "content-security-policy": CSP_COURRIEL,
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "no-cache",
}


@dataclass(frozen=True)
class Courriel:
    """A mail, as a page shows it."""

    nom: str
    objet: str
    a: str
    le: str
    texte: str = ""
    page: str = ""
    mot: str | None = None  # what its link bears: the argument `jeton` of an act


class Courriels:
    """The pages about the mails of a folder."""

    def __init__(self, dossier: Callable[[], Path | None], page: Callable[..., Response]) -> None:
        """In: the folder of the moment, None where mails may not be shown; what renders a template."""
        self.dossier, self.page = dossier, page

    def routes(self) -> list[Route]:
        """Out: the paths of these pages."""
        return [
            Route(COURRIELS, self.liste),
            Route(COURRIELS + "/{nom}", self.un),
            Route(COURRIELS + "/{nom}/page", self.cadre),
        ]

    async def liste(self, request: Request) -> Response:
        """The last mails."""
        found = await asyncio.to_thread(derniers, self.ouvert())
        return self.page("courriels.html", courriels=found, montres=MONTRES)

    async def un(self, request: Request) -> Response:
        """A mail, its text, and its page in a frame."""
        return self.page("courriel.html", courriel=await self.trouve(request))

    async def cadre(self, request: Request) -> Response:
        """The page of a mail, alone: for the frame."""
        return HTMLResponse((await self.trouve(request)).page, headers=CADRE)

    async def trouve(self, request: Request) -> Courriel:
        """Out: the mail of a request. Raises HTTPException 404."""
        nom = str(request.path_params["nom"])
        path = self.ouvert() / f"{nom}.eml"
        if not NOM.fullmatch(nom) or not path.is_file():
            raise HTTPException(404)
        return await asyncio.to_thread(lu, path)

    def ouvert(self) -> Path:
        """Out: the folder. Raises HTTPException 404 where mails are not shown: real ones are nobody else's."""
        if (found := self.dossier()) is None:
            raise HTTPException(404)
        return found


def derniers(dossier: Path) -> list[Courriel]:
    """Out: the last mails of a folder, the latest first; their heads only."""
    paths = sorted(dossier.glob("[!.]*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [_courriel(path, _message(path, headersonly=True)) for path in paths[:MONTRES]]


def lu(path: Path) -> Courriel:
    """Out: the mail of a file."""
    message = _message(path)
    texte, page = _corps(message, "plain"), _corps(message, "html")
    mot = MOT.search(texte)
    return _courriel(path, message, texte=texte, page=page, mot=mot and mot[1])


def _message(path: Path, *, headersonly: bool = False) -> EmailMessage:
    from email.policy import default  # only a demonstration shows mails

    return BytesParser(policy=default).parsebytes(path.read_bytes(), headersonly=headersonly)


def _corps(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _courriel(path: Path, message: EmailMessage, **more: Any) -> Courriel:
    date = message["Date"].datetime if message["Date"] else None
    said = f"{date:%d/%m/%Y %H:%M}" if date else ""
    return Courriel(path.stem, str(message["Subject"] or ""), str(message["To"] or ""), said, **more)
