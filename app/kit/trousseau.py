"""What is encrypted in the base under keys that never enter it (AES-256-GCM), and found again without being read (HMAC).

Fernet, which seals second factors (`cipher.py`), binds a text to nothing and names no key: here a text opens only in the
row it was written for, and each row says which key it is under, so that keys can be changed while the house is open.
"""

from __future__ import annotations

import base64
import hmac
import os
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from .settings import Settings

INDEX = "index"
KEY, NONCE = 32, 12  # bytes


class CleInconnue(Exception):
    """La clé sous laquelle cette ligne est chiffrée n'est pas dans NIR_CLES."""


@dataclass(frozen=True, repr=False)
class Trousseau:
    """Keys by name; the first one encrypts, the others still open. `index` finds again."""

    cles: Mapping[str, bytes]
    index: bytes

    @property
    def active(self) -> str:
        """The name of the key that encrypts."""
        return next(iter(self.cles))

    def chiffrer(self, texte: str, pour: int) -> tuple[str, bytes]:
        """In: a text, and the key of the row it is for. Out: the name of the key it is under, and what to keep."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # who never encrypts does not load it

        nonce = os.urandom(NONCE)
        return self.active, nonce + AESGCM(self.cles[self.active]).encrypt(nonce, texte.encode(), _row(pour))

    def dechiffrer(self, cle: str, chiffre: bytes, pour: int) -> str:
        """Out: the text. Raises CleInconnue, or InvalidTag for what was not written under that key for that row."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if cle not in self.cles:
            raise CleInconnue(cle)
        nonce, scelle = chiffre[:NONCE], chiffre[NONCE:]
        return AESGCM(self.cles[cle]).decrypt(nonce, scelle, _row(pour)).decode()

    def empreinte(self, texte: str) -> bytes:
        """Out: the same for the same text, and worth nothing without the key."""
        return hmac.digest(self.index, texte.encode(), sha256)


def _row(key: int) -> bytes:
    return b"candidat\0" + str(key).encode()


def trousseau_de(settings: Settings) -> Trousseau | None:
    """In: the settings. Out: the keys of NIR_CLES; None where NIR is off.

    Raises ValueError for keys that are missing or are none; it never repeats them.
    """
    if not settings.nir:
        return None
    noms = [ligne.partition(":") for ligne in (settings.nir_cles or "").replace(",", "\n").split()]
    cles = {nom: _cle(nom, dite) for nom, _, dite in noms}
    index = cles.pop(INDEX, None)
    if index is None or not cles or len(noms) != len(cles) + 1 or index in cles.values():
        raise ValueError(
            f"NIR_CLES doit nommer une clé ou plusieurs, et une autre, « {INDEX} », toutes différentes : "
            "« rafael nir cle 2026 » en fait une"
        )
    return Trousseau(cles, index)


def _cle(nom: str, dite: str) -> bytes:
    try:
        found = base64.b64decode(dite, validate=True)
    except NotBase64:
        found = b""
    if len(found) != KEY:
        raise ValueError(f"NIR_CLES : la clé « {nom[:20]} » doit être {KEY} octets en base64")
    return found


def nouvelle_cle(nom: str) -> str:
    """Out: a new key, as NIR_CLES says it."""
    return f"{nom}:{base64.b64encode(os.urandom(KEY)).decode()}"
