"""Who is asking: from the header Authorization to a viewer.

A token is opaque; only its SHA-256 is stored, in `jeton`. A viewer is remembered for half a second in each worker,
so a token, an account, an affiliation or a delegation that ends is refused within a second everywhere.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from app.kit.crypto import fingerprint
from app.policies.viewer import Anonymous, Viewer

from .errors import FORBIDDEN, UNAUTHENTICATED, Refusal, said

Asking: TypeAlias = "Anonymous | Viewer"
Lookup: TypeAlias = Callable[[bytes], Awaitable["Viewer | None"]]

ANONYMOUS = Anonymous()
KEPT_SECONDS = 0.5
KEPT = 10_000
BEARER = re.compile(r"[Bb]earer +([0-9A-Za-z._~+/-]{16,512}=*) *")


class Doorkeeper:
    """Turns tokens into viewers: one for the process."""

    def __init__(self, lookup: Lookup, monotonic: Callable[[], float] = time.monotonic) -> None:
        """In: what finds the viewer of a fingerprint, None if it is dead or unknown; and a clock that only goes on."""
        self.lookup, self.monotonic = lookup, monotonic
        self.kept: OrderedDict[bytes, tuple[float, Viewer]] = OrderedDict()

    async def viewer(self, authorization: str | None, *, from_a_page: bool = False) -> Asking:
        """In: the header, if any, and whether a browser sends it for a page. Out: who is asking.

        Raises `Refusal`: 401 for anything that is not a live token, 403 for the key of a program in a page (C-32):
        whoever opens the page could read it.
        """
        if authorization is None:
            return ANONYMOUS
        said_ = BEARER.fullmatch(authorization)
        if said_ is None:
            raise _refused("L'en-tête Authorization attendu est « Bearer » suivi du jeton.")
        viewer = await self.known(fingerprint(said_[1]))
        if viewer is None:
            raise _refused("Jeton inconnu, expiré ou révoqué : connectez-vous de nouveau.")
        if from_a_page and viewer.is_program:
            raise Refusal([said("La clé d'un partenaire ne s'emploie pas dans une page.", FORBIDDEN)], 403)
        return viewer

    async def known(self, key: bytes) -> Viewer | None:
        """Out: the viewer of a fingerprint. Only living tokens are kept: unknown ones cannot push them out."""
        now = self.monotonic()  # before the lookup: what it says may already be old when it comes back
        if (found := self.kept.get(key)) and now < found[0]:
            self.kept.move_to_end(key)
            return found[1]
        self.kept.pop(key, None)
        viewer = await self.lookup(key)
        if viewer is not None:
            self.kept[key] = now + KEPT_SECONDS, viewer
            self.kept.move_to_end(key)
            if len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return viewer


def _refused(message: str) -> Refusal:
    """Out: the refusal of a token: 401 with both media types, so that no client takes it for an answer."""
    headers = {"www-authenticate": 'Bearer realm="rafael", error="invalid_token"'}
    return Refusal([said(message, UNAUTHENTICATED)], 401, headers)
