"""How a message reaches a partner: one small, replaceable adapter. What an answer of HTTP means is one table."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app import models as m
from app.kit.clock import Clock
from app.kit.settings import Settings
from app.kit.signature import HEADER, signer

from .echecs import EchecTravail

PATIENCE = 15.0  # seconds, for each part of an exchange
DEJA_RECU = 409
PLUS_TARD = {408, 425, 429}
RECU = 202  # its answer comes later, by the signed endpoint


class PartenaireAbsent(EchecTravail):
    """It does not answer, or not for now."""

    def __init__(self, resultat: str) -> None:
        """In: the code of what happened."""
        super().__init__(f"Le partenaire ne répond pas ({resultat}).")
        self.resultat = resultat


class PartenaireRefuse(EchecTravail):
    """It will not have this message, now or later."""

    def __init__(self, resultat: str) -> None:
        """In: the code of its answer."""
        super().__init__(f"Le partenaire refuse ce message ({resultat}).", est_definitif=True)
        self.resultat = resultat


class Porteur(Protocol):
    """Brings messages to one partner, or raises one of the two above."""

    async def porter(self, cle: str, corps: bytes) -> tuple[m.EtatEchange, str]:
        """In: the key of the message and its body. Out: what becomes of it, and the code of the answer."""


@dataclass(frozen=True)
class ParHttp:
    """A partner that takes messages by POST, signed, each under its key."""

    url: str
    secret: str
    clock: Clock

    async def porter(self, cle: str, corps: bytes) -> tuple[m.EtatEchange, str]:
        """Send it. Redirects are not followed: a message goes where it was meant to, or nowhere."""
        import httpx  # only where a partner is reached: those who are not need not wait for it at each start

        headers = {
            "content-type": "application/json; charset=utf-8",
            "idempotency-key": cle,
            HEADER: signer(self.secret, corps, int(self.clock().timestamp())),
        }
        try:
            async with (
                asyncio.timeout(2 * PATIENCE),  # httpx's own begins again with each byte
                httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client,
                client.stream("POST", self.url, content=corps, headers=headers) as answer,
            ):
                statut = answer.status_code  # what it says besides is not read: it may never end
        except (httpx.HTTPError, TimeoutError) as fault:
            raise PartenaireAbsent(type(fault).__name__) from None  # its own text may quote the address
        return sens(statut)


def sens(statut: int) -> tuple[m.EtatEchange, str]:
    """In: a status of HTTP. Out: what it means for the message. Raises PartenaireAbsent or PartenaireRefuse."""
    resultat = f"HTTP_{statut}"
    if statut == RECU:
        return m.EtatEchange.ENVOYE, resultat
    if statut == DEJA_RECU or 200 <= statut < 300:
        return m.EtatEchange.ACCEPTE, resultat
    if statut in PLUS_TARD or statut >= 500:
        raise PartenaireAbsent(resultat)
    raise PartenaireRefuse(resultat)


def porteurs_de(settings: Settings, clock: Clock) -> Mapping[m.Correspondant, Porteur]:
    """Out: how each partner that the settings name is reached; the others are told nothing."""
    adresses = {
        m.Correspondant.AGORA: (settings.agora_url, settings.agora_secret),
        m.Correspondant.FRANCE_TRAVAIL: (settings.france_travail_url, settings.france_travail_secret),
    }
    return {p: ParHttp(url, secret, clock) for p, (url, secret) in adresses.items() if url and secret}
