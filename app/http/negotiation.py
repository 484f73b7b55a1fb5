"""Media types: what a client sends, what it can read (GraphQL over HTTP, sections 4 to 6)."""

from __future__ import annotations

from functools import lru_cache

from .errors import malformed

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
KEPT = 256  # headers already read: clients send the same ones again and again
OFFERED = (RESPONSE, JSON)  # in the order of our preference, at equal weight


@lru_cache(KEPT)
def accepted(header: str | None) -> str:
    """In: the Accept header, if any. Out: the media type of the answer; raises `Refusal` 406.

    A client that says nothing, or that takes anything, gets application/json, as before the specification.
    """
    weights = _weights(header) if header and header.strip() else {"*/*": 1.0}
    offers = [(_weight(weights, offer), offer) for offer in OFFERED]
    if weights.keys().isdisjoint(OFFERED):
        offers.reverse()
    best, offer = max(offers, key=lambda each: each[0])
    if best <= 0:
        raise malformed(f"Types de réponse possibles : {RESPONSE}, {JSON}.", 406)
    return offer


def _weights(header: str) -> dict[str, float]:
    """In: an Accept header. Out: the weight of each media range in it."""
    weights: dict[str, float] = {}
    for part in header.split(","):
        media, *parameters = (word.strip().lower() for word in part.split(";"))
        if _readable(parameters):
            weights[media] = max(weights.get(media, 0.0), _quality(parameters))
    return weights


def _weight(weights: dict[str, float], offer: str) -> float:
    """Out: the weight of a media type: its own, else that of the closest range."""
    return weights.get(offer, weights.get("application/*", weights.get("*/*", 0.0)))


def _readable(parameters: list[str]) -> bool:
    """Whether a range asks for no other charset than ours."""
    charsets = [p.removeprefix("charset=").strip('"') for p in parameters if p.startswith("charset=")]
    return all(charset in {"utf-8", "utf8"} for charset in charsets)


def _quality(parameters: list[str]) -> float:
    """Out: the `q` of a media range, 1 when it is not said, 0 when it is not a number."""
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(KEPT)
def check_content(content_type: str | None, encoding: str | None) -> None:
    """In: the headers Content-Type and Content-Encoding. Raises `Refusal` 415 unless the body is plain JSON in UTF-8.

    Only JSON may be posted: a form of a foreign page cannot send it, so no request can be forged from a browser.
    """
    media, *parameters = (word.strip().lower() for word in (content_type or "").split(";"))
    if media != JSON or not _readable(parameters):
        raise malformed(f"Le corps doit être du JSON en UTF-8 : Content-Type: {JSON}.", 415)
    if encoding and encoding.strip().lower() != "identity":
        raise malformed("Le corps ne peut pas être compressé.", 415)
