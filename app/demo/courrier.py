"""What was mailed to somebody, as the pages of a demonstration show it: a parcours follows the links as a person would."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from html import unescape
from typing import TypeAlias

Page: TypeAlias = Callable[[str], Awaitable[str | None]]  # a path → the page, None where there is none
COURRIELS = "/demonstration/courriels"
LIGNE = re.compile(rf'href="({COURRIELS}/[^"]+)">[^<]*</a></th>\s*<td[^>]*><code>([^<]*)</code>')
MOT = re.compile(r'aria-label="Le mot que porte le lien">([^<]+)</pre>')
PAUSE, ESSAIS = 0.2, 75  # seconds; a mail leaves after the act, when a worker is free


async def mot_recu(page: Page | None, adresse: str) -> str | None:
    """Out: the word of the last link that this address was sent; None where mails are not shown, or none came in time."""
    for _ in range(ESSAIS if page else 0):
        assert page is not None
        liste = await page(COURRIELS)
        if liste is None:
            return None
        for chemin, a in LIGNE.findall(liste):
            if unescape(a) == adresse and (found := MOT.search(await page(chemin) or "")):
                return unescape(found[1])
        await asyncio.sleep(PAUSE)
    return None
