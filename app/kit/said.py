"""What an environment variable may say: each function reads one, or raises ValueError with its name, in French."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
YES, NO = ("1", "oui", "true", "yes"), ("0", "non", "false", "no")
LAST_PORT, MOST_WORKERS, MOST_MONTHS, MOST_MEBIBYTES = 65_535, 256, 1_200, 1_000_000
DEPARTEMENT = re.compile(r"(?:[0-9]{2}|2[AB]|9[78][0-9])")
BASE = re.compile(r"postgres(?:ql)?(?:\+\w+)?")


def words(said: str) -> tuple[str, ...]:
    """Out: the words between the commas."""
    return tuple(word.strip() for word in said.split(",") if word.strip())


def number(environ: Mapping[str, str], name: str, default: int, most: int | None = None) -> int:
    """Out: the variable as a whole number, zero or more."""
    said = environ.get(name) or str(default)
    if not (said.isascii() and said.isdecimal()):
        raise ValueError(f"{name} doit être un nombre entier : {said!r}")
    if most is not None and (len(said) > len(str(most)) or int(said) > most):
        raise ValueError(f"{name} doit être un nombre de 0 à {most} : {said[:20]!r}")
    return int(said)


def at_least_one(environ: Mapping[str, str], name: str, default: int, unit: str, most: int) -> int:
    """Out: the variable as a number of these, one or more: nought would forget people as they are entered, or keep nothing."""
    if not (found := number(environ, name, default, most)):
        raise ValueError(f"{name} doit être un nombre de {unit}, un au moins")
    return found


def months(environ: Mapping[str, str], name: str, default: int) -> int:
    """Out: the variable as a number of months."""
    return at_least_one(environ, name, default, "mois", MOST_MONTHS)


def mebibytes(environ: Mapping[str, str], name: str, default: int) -> int:
    """Out: the variable as a number of MiB."""
    return at_least_one(environ, name, default, "Mio", MOST_MEBIBYTES)


def yes_or_no(environ: Mapping[str, str], name: str, default: bool) -> bool:
    """Out: the variable as a yes or a no."""
    said = environ.get(name, "").lower()
    if said and said not in YES + NO:
        raise ValueError(f"{name} doit être « oui » ou « non » : {said!r}")
    return said in YES if said else default


def or_filed(environ: Mapping[str, str], name: str) -> str | None:
    """Out: the variable, or what the file that `NAME_FICHIER` names holds."""
    if path := environ.get(f"{name}_FICHIER"):
        try:
            return Path(path).read_text("utf-8")
        except OSError as error:
            raise ValueError(f"{name}_FICHIER ne se lit pas : {error.strerror}") from None
        except UnicodeDecodeError:
            raise ValueError(f"{name}_FICHIER n'est pas un texte en UTF-8") from None
    return environ.get(name) or None


def split(said: str) -> SplitResult | None:
    """Out: the parts of an address, its port included; None for what is none."""
    try:
        parts = urlsplit(said)
        _ = parts.port  # which is read when asked for
    except ValueError:
        return None
    return parts


def database(environ: Mapping[str, str], name: str) -> str | None:
    """Out: the variable as the address of a PostgreSQL. A refusal does not repeat it: it may hold a password."""
    said = environ.get(name) or None
    parts = split(said) if said else None
    if said and (parts is None or not BASE.fullmatch(parts.scheme)):
        raise ValueError(f"{name} doit être postgresql://compte@hôte:port/base")
    return said


def mail_server(environ: Mapping[str, str], name: str) -> str | None:
    """Out: the variable as the address of a mail server. A refusal does not repeat it: it may hold a password."""
    said = environ.get(name) or None
    parts = split(said) if said else None
    if said and (parts is None or parts.scheme not in ("smtp", "smtps") or not parts.hostname):
        raise ValueError(f"{name} doit être smtp://hôte:port ou smtps://hôte:port")
    return said


def sender(environ: Mapping[str, str], name: str, default: str) -> str:
    """Out: the variable as who a mail comes from: an address, perhaps after a name."""
    said = environ.get(name) or default
    _, address = parseaddr(said)
    if not said.isprintable() or not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        raise ValueError(f"{name} doit être une adresse, comme « RafaelPro <ne-pas-repondre@exemple.fr> »")
    return said


def is_web(address: str) -> bool:
    """Whether this is the address of something on the web."""
    parts = split(address)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)


def is_protected(address: str) -> bool:
    """True for https, and for http where nobody is on the way."""
    parts = split(address)
    return is_web(address) and parts is not None and (parts.scheme == "https" or parts.hostname in LOOPBACK)


def site(environ: Mapping[str, str], name: str) -> str:
    """Out: the variable as the address of a site, without the last /; empty for none."""
    said = (environ.get(name) or "").rstrip("/")
    if said and not is_web(said):
        raise ValueError(f"{name} doit être une adresse http:// ou https:// : {said!r}")
    return said


def sites(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Out: the variable as origins, as a browser says them: a scheme, a host, a port."""
    said = words(environ.get(name, ""))
    for one in said:
        parts = split(one)
        if not is_web(one) or parts is None or parts.path not in ("", "/") or parts.query:
            raise ValueError(f"{name} : {one!r} n'est pas l'origine d'un site, comme https://exemple.fr")
    return tuple(one.rstrip("/") for one in said)


def departements(environ: Mapping[str, str], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Out: the variable as codes of départements."""
    said = tuple(word.upper() for word in words(environ.get(name, "")))
    for word in said:
        if not DEPARTEMENT.fullmatch(word):
            raise ValueError(f"{name} : {word!r} n'est pas le code d'un département, comme 33, 2A ou 974")
    return said or default


def clock(said: str) -> str:
    """Out: what was said, if it names a clock or a moment."""
    if said not in ("systeme", "ouvree"):
        try:
            datetime.fromisoformat(said)
        except ValueError:
            raise ValueError(
                f"HORLOGE doit être « systeme », « ouvree » ou un moment ISO : {said!r}"
            ) from None
    return said
