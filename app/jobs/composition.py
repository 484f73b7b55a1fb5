"""A mail, from its template: one source for the text and for the page, so that both always say the same."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    UndefinedError,
    select_autoescape,
)

from app.kit.clock import PARIS

from .echecs import EchecTravail

FOLDER = Path(__file__).parent / "gabarits"
REGLAGE = "reglage"  # where one says that such mails must come no more
BASES = frozenset({"base.html", "base.txt"})
MOIS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
)


def gabarits() -> frozenset[str]:
    """Out: the names of the mails that the house knows how to write."""
    return frozenset(path.name.removesuffix(".j2") for path in FOLDER.glob("*.j2")) - BASES


def composer(
    gabarit: str, *, a: str, de: str, sujet: str, le: datetime, contexte: dict[str, Any]
) -> EmailMessage:
    """In: the template, to whom, from whom, what it is about, the moment, and what the template names. Out: the mail.

    Raises EchecTravail for a template that does not exist, or that names something it was not given.
    """
    said = {"prenom": "", "site": "", **contexte}
    try:
        module = _environment().get_template(f"{gabarit}.j2").make_module(said)
        parts = {"objet": module.objet, "paragraphes": module.paragraphes, "action": module.action}  # type: ignore[attr-defined]  # what each template sets
        text, page = (
            _environment().get_template(f"base.{kind}.j2").render(**said, **parts) for kind in ("txt", "html")
        )
    except (TemplateNotFound, UndefinedError, AttributeError) as fault:
        raise EchecTravail(
            f"Le gabarit « {gabarit} » n'existe pas, ou il lui manque quelque chose.", est_definitif=True
        ) from fault
    message = _message(str(parts["objet"]), text, page, a=a, de=de, sujet=sujet, le=le)
    if REGLAGE in contexte:
        message["List-Unsubscribe"] = f"<{contexte[REGLAGE]}>"
    return message


def _message(objet: str, text: str, page: str, *, a: str, de: str, sujet: str, le: datetime) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = une_ligne(objet), de, a
    message["Date"] = format_datetime(le.astimezone(PARIS))
    message["Message-ID"] = f"<{identifiant(sujet)}@{parseaddr(de)[1].rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    message.set_content(text)
    message.add_alternative(page, subtype="html")
    return message


def une_ligne(texte: str) -> str:
    """Out: the text on one line, without what is not seen: a name that somebody typed must not break a header, nor turn it round."""
    return " ".join("".join(c if c.isprintable() else " " for c in texte).split())


def identifiant(sujet: str) -> str:
    """Out: what the mail is about, as an identifier: the same each time, so that a reader may see a repetition."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", sujet)


def en_lettres(jour: date) -> str:
    """Out: the day as it is written: « 1er juin 2026 »."""
    numero = "1er" if jour.day == 1 else str(jour.day)
    return f"{numero} {MOIS[jour.month - 1]} {jour.year}"


def moment_en_lettres(moment: datetime) -> str:
    """Out: the moment in Paris: « 2 juin 2026 à 10 h 05 »."""
    local = moment.astimezone(PARIS)
    return f"{en_lettres(local.date())} à {local.hour} h {local.minute:02d}"


@cache
def _environment() -> Environment:
    """Pages escape what they are given, the rest does not."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
