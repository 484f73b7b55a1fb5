"""Where mails leave: a server, or a folder where there is none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.kit.settings import Settings

from .echecs import EchecTravail

FOLDER = "courriels"
PATIENCE = 30  # seconds for each exchange with the server
PERMANENT = 500


class CourrielRefuse(EchecTravail):
    """The server will not have it, now or later. Its own words may quote the address: they are not repeated."""

    def __init__(self, code: int) -> None:
        """In: the code of the answer."""
        super().__init__(f"Le serveur de courriel refuse ce message ({code}).", est_definitif=True)


class CourrielRetarde(EchecTravail):
    """The server is not there, or not willing for now."""

    def __init__(self, code: int | None) -> None:
        """In: the code of the answer, if there was one."""
        said = f"le remet à plus tard ({code})" if code else "ne répond pas"
        super().__init__(f"Le serveur de courriel {said}.")


class Poste(Protocol):
    """Takes a mail, or raises one of the two above."""

    async def envoyer(self, message: EmailMessage) -> None:
        """Send it."""


@dataclass(frozen=True)
class Serveur:
    """A mail server."""

    url: str

    async def envoyer(self, message: EmailMessage) -> None:
        """Send it. Raises CourrielRefuse where the server refuses for good, CourrielRetarde for anything else."""
        import aiosmtplib  # nobody who answers sends a mail

        at = urlsplit(self.url)
        user, password = (unquote(said) if said else None for said in (at.username, at.password))
        try:
            await aiosmtplib.send(
                message,
                hostname=at.hostname,
                port=at.port,
                username=user,
                password=password,
                use_tls=at.scheme == "smtps",
                start_tls=True if user and at.scheme == "smtp" else None,  # never a password in clear
                # where clear would do, a certificate that nobody vouches for does better
                validate_certs=bool(user) or at.scheme == "smtps",
                timeout=PATIENCE,
            )
        except (aiosmtplib.SMTPException, OSError) as refusal:
            raise meaning(refusal) from None  # its own text quotes addresses


def meaning(refusal: Exception) -> EchecTravail:
    """In: what the client raised. Out: the same, as a job understands it."""
    import aiosmtplib

    one = refusal.recipients[0] if isinstance(refusal, aiosmtplib.SMTPRecipientsRefused) else refusal
    code = getattr(one, "code", None)
    code = code if code is not None and code > 0 else None  # -1: what came was no answer
    about_the_mail = isinstance(one, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    if about_the_mail and code is not None and code >= PERMANENT:
        return CourrielRefuse(code)
    return CourrielRetarde(code)  # a server, a password or a sender is put right, and the mail leaves


@dataclass(frozen=True)
class Dossier:
    """A folder that keeps each mail as a file: what an installation without a server does, and the demonstration."""

    chemin: Path

    async def envoyer(self, message: EmailMessage) -> None:
        """Write it, whole or not at all, under its own identifier: sent twice, it is there once."""
        from email.policy import SMTP  # nobody who answers writes a mail

        self.chemin.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        written = self.chemin / f".{name}.{os.getpid()}"
        written.write_bytes(message.as_bytes(policy=SMTP))
        written.replace(self.chemin / f"{name}.eml")

    def oublier(self, avant: datetime) -> None:
        """Delete the mails that were dated before: a folder is no archive of people."""
        for path in self.chemin.glob("*.eml"):
            with path.open("rb") as opened:
                dit = BytesHeaderParser().parse(opened)["Date"]
            if dit and parsedate_to_datetime(dit) < avant:
                path.unlink()


def dossier_de(settings: Settings) -> Path | None:
    """In: the settings. Out: the folder where mails are kept; None where a server takes them."""
    return None if settings.smtp_url else settings.donnees / FOLDER


def poste_de(settings: Settings) -> Poste:
    """In: the settings. Out: the server they name, or the folder `courriels` of the data."""
    return Serveur(settings.smtp_url) if settings.smtp_url else Dossier(settings.donnees / FOLDER)
