"""Ask a running server, with what Python brings."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

PATIENCE = 30  # seconds


class ParHttp:
    """`await ParHttp(url)(jeton, document, variables)`."""

    def __init__(self, url: str) -> None:
        """In: where the server listens."""
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"une adresse commence par http:// ou https:// : {url}")
        self.racine = url.rstrip("/")
        self.url = self.racine + "/graphql"

    async def __call__(
        self, jeton: str | None, document: str, variables: dict[str, Any], horloge: str | None = None
    ) -> dict[str, Any]:
        """Out: the answer, errors included. Raises OSError where nobody answers."""
        return await asyncio.to_thread(self.send, jeton, document, variables, horloge)

    async def page(self, chemin: str) -> str | None:
        """Out: a page of the server, None where there is none."""
        return await asyncio.to_thread(self.lire, chemin)

    def lire(self, chemin: str) -> str | None:
        """Out: the same, waiting."""
        try:
            with urlopen(self.racine + chemin, timeout=PATIENCE) as answer:  # noqa: S310  the scheme was checked
                found: bytes = answer.read()
        except HTTPError:
            return None
        return found.decode()

    def send(
        self, jeton: str | None, document: str, variables: dict[str, Any], horloge: str | None
    ) -> dict[str, Any]:
        """Out: the same, waiting."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {"content-type": "application/json"}
        if horloge:
            headers["x-horloge"] = horloge
        if jeton:
            headers["authorization"] = f"Bearer {jeton}"
        asked = Request(self.url, body, headers)  # noqa: S310  the scheme was checked
        try:
            with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
                found: dict[str, Any] = json.load(answer)
        except HTTPError as refused:  # a dead token, an address that asks too often: the answer says it
            if "json" not in refused.headers.get("content-type", ""):
                raise
            found = json.load(refused)
        return found
