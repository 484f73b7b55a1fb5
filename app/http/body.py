"""The body of a request: a bounded number of bytes, then one JSON object with known words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from .errors import Refusal, malformed
from .patience import Patience
from .trace import header

BYTES_MAX = 1_000_000
DISCARDED_MAX = 4_000_000  # read on and thrown away: a client that is still sending would lose our answer
SECONDS_MAX = 10.0
NESTING_MAX = 64
INSTRUCTION = "instruction"  # of `extensions`
EMPREINTE = 32  # bytes
CLOSE = {"connection": "close"}  # what is left of the body will not be read


@dataclass(frozen=True)
class Params:
    """A GraphQL request as it was sent."""

    query: str | None  # none: the document is only named, by its fingerprint
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    empreinte: bytes | None = None  # SHA-256 of the document, where the client says it
    instruction: bool = False  # whether its statement is asked for, beside its answer (docs/requetes.md)


async def body_of(scope: Scope, receive: Receive, patience: Patience) -> bytes:
    """In: a request of ASGI. Out: its body; raises `Refusal` 413 past `BYTES_MAX`, 408 past `SECONDS_MAX`."""
    announced = header(scope, b"content-length") or ""
    if announced.isdecimal() and int(announced) > DISCARDED_MAX:
        raise _too_long()
    try:
        return await patience.of(_received(receive), SECONDS_MAX)
    except TimeoutError:
        raise malformed("Le corps de la requête n'arrive pas.", 408, CLOSE) from None


async def _received(receive: Receive) -> bytes:
    """Out: the chunks of a body, as one."""
    body, received, more = bytearray(), 0, True
    while more and received <= DISCARDED_MAX:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        received += len(chunk)
        if received <= BYTES_MAX:
            body += chunk
        more = message.get("more_body", False)
    if received > BYTES_MAX:
        raise _too_long()
    return bytes(body)


def _too_long() -> Refusal:
    """Out: the refusal of a body past the limit."""
    return malformed(f"Le corps de la requête dépasse {BYTES_MAX} octets.", 413, CLOSE)


def params_of(body: bytes) -> Params:
    """In: the bytes of a body. Out: the request in it; raises `Refusal` 400."""
    given = object_of(body)
    query, extensions = given.get("query"), _dict(given, "extensions")
    empreinte = _empreinte(extensions)
    if not isinstance(query, str) and (query is not None or empreinte is None):
        raise malformed("Il manque le document GraphQL : un texte sous « query ».")
    name = given.get("operationName")
    if not isinstance(name, str | None):
        raise malformed("« operationName » doit être un texte.")
    asked = extensions.get(INSTRUCTION) is True
    return Params(query, _dict(given, "variables"), name or None, empreinte, asked)


def _empreinte(extensions: dict[str, Any]) -> bytes | None:
    """Out: the fingerprint under which a client names its document (Apollo's persisted queries), if it does."""
    if extensions.get("persistedQuery") is None:
        return None
    said = _dict(extensions, "persistedQuery").get("sha256Hash")
    try:
        found = bytes.fromhex(said) if isinstance(said, str) else b""
    except ValueError:
        found = b""
    if len(found) != EMPREINTE:
        raise malformed("« persistedQuery.sha256Hash » doit être un SHA-256, en 64 chiffres hexadécimaux.")
    return found


def object_of(body: bytes) -> dict[str, Any]:
    """Out: the JSON object of a body; raises `Refusal` 400."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "infinity" in error.msg:
            raise malformed(f"Un nombre du corps est trop grand (caractère {error.pos + 1}).") from None
        raise malformed("Le corps n'est pas du JSON en UTF-8.") from None
    if isinstance(given, list):
        raise malformed("Une requête à la fois : un objet JSON, pas une liste.")
    if not isinstance(given, dict):
        raise malformed("Le corps doit être un objet JSON.")
    openings = body.count(b"{") + body.count(b"[")  # without so many of them, nothing is to be walked
    if openings > NESTING_MAX and _deeper(given, NESTING_MAX):
        raise malformed(f"Le corps est trop imbriqué : {NESTING_MAX} niveaux au plus.")
    return given


def _dict(given: dict[str, Any], key: str) -> dict[str, Any]:
    """Out: the object under a key, empty when it is absent or null."""
    value = given.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise malformed(f"« {key} » doit être un objet.")
    return value


def _deeper(value: Any, levels: int) -> bool:
    """Whether a JSON value has more than so many levels; level by level, without recursion."""
    level = [value]
    for _ in range(levels):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    """Out: the objects and lists directly inside a JSON value."""
    values = value.values() if isinstance(value, dict) else value
    return [each for each in values if isinstance(each, dict | list)]
