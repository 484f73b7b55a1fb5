"""Who wrote a message, and when: HMAC-SHA-256 over its moment and its body, with a key that both sides hold."""

from __future__ import annotations

import hashlib
import hmac
import re

HEADER = "x-rafael-signature"
TOLERANCE = 300  # seconds: an old message, heard by somebody on the way, is of no use to him
SHAPE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def signer(secret: str, corps: bytes, moment: int) -> str:
    """In: the shared key, the body, the moment in seconds of 1970. Out: the header."""
    return f"t={moment},v1={_mac(secret, corps, moment)}"


def est_signe(secret: str, corps: bytes, entete: str | None, maintenant: int) -> bool:
    """In: the shared key, the body and header as they came, now. Out: whether it is of that key, and of these minutes."""
    said = SHAPE.fullmatch(entete or "")
    if said is None or abs(maintenant - int(said[1])) > TOLERANCE:
        return False
    return hmac.compare_digest(said[2], _mac(secret, corps, int(said[1])))


def _mac(secret: str, corps: bytes, moment: int) -> str:
    return hmac.new(secret.encode(), b"%d." % moment + corps, hashlib.sha256).hexdigest()
