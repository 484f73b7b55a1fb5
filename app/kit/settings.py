"""What may be chosen from outside: environment variables, read once, checked, with defaults that just work."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from . import said
from .embedded import default_home

CHECKOUT = Path(__file__).resolve().parents[2]
EXPEDITEUR = "RafaelPro <ne-pas-repondre@rafaelpro.example>"
NOUVELLE_AQUITAINE = ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87")
LECTURES_ANONYMES = 600
PORTEES_OIDC = "openid given_name usual_name email siret uid"  # of ProConnect
CONSERVATION_MOIS = 24
MEMOIRE_DOCUMENTS = 100
SECRET_LENGTH = 32  # characters: what HMAC-SHA-256 asks for


@dataclass(frozen=True)
class Settings:
    """The choices of one process.

    database_url         DATABASE_URL          a PostgreSQL (15 or newer) of yours; none: the embedded one, in `donnees`
    database_url_lecture DATABASE_URL_LECTURE  a replica for readings; none: the same server
    donnees              DONNEES               the data folder
    hote, port           HOTE, PORT            where the API listens
    workers              WORKERS               processes that answer; none: one a processor, four at most
    horloge              HORLOGE               "systeme", "ouvree" (within the opening hours of R-077) or an ISO moment
    demo                 DEMO                  fill an empty base with the demonstration; none: only the embedded one
    departements         DEPARTEMENTS          the départements of the catalogue, separated by commas
    introspection        INTROSPECTION         may a client read the schema?
    origines             ORIGINES              other sites whose pages may call the API, separated by commas
    lectures_anonymes    LECTURES_ANONYMES     readings of a stranger each minute, in each worker; 0: no limit
    memoire_documents    MEMOIRE_DOCUMENTS     MiB that a worker may keep of the documents it has met, and of what it made of them
    cle_chiffrement      CLE_CHIFFREMENT       seals second factors, signs links; none: a key kept in `donnees`
    travaux              TRAVAUX               are the jobs done here, in a process beside those that answer? (else: `rafael travaux`)
    smtp_url             SMTP_URL              smtp://user:password@host:587 or smtps://…; none: mails go to a folder
    expediteur           EXPEDITEUR            who mails come from
    conservation_mois    CONSERVATION_MOIS     how long a person is known after the last activity, in months (24)
    nir                  NIR                   may NIR be asked for and kept? Off: check the right of the deploying body first
    nir_cles             NIR_CLES              name:key,…,index:key (`rafael nir cle`); the first encrypts, the others still open
                         NIR_CLES_FICHIER      or a file that says the same, one a line
    refus_session_complete REFUS_SESSION_COMPLETE  refuse what waits on a session once it has retained all it welcomes (C-10)? Off
    contact_assistance   CONTACT_ASSISTANCE    who answers questions about candidatures (R-117); none: the guides' address
    site                 SITE                  where the links of the mails lead; none: here
    agora_url            AGORA_URL             where HUB Agora takes its messages (docs/echanges.md); none: it is told nothing
    agora_secret         AGORA_SECRET          the key that signs them, and its answers
    france_travail_url   FRANCE_TRAVAIL_URL    the same, of France Travail
    france_travail_secret FRANCE_TRAVAIL_SECRET
    adresse_publique     ADRESSE_PUBLIQUE      where this API is, seen from a browser; none: http://HOTE:PORT
    oidc_emetteur        OIDC_EMETTEUR         an OpenID Connect issuer (docs/connexion-externe.md); none: passwords only
    oidc_client          OIDC_CLIENT           what it calls this API
    oidc_secret          OIDC_SECRET           what proves to it that this is the API
    oidc_nom             OIDC_NOM              what people call it
    oidc_portees         OIDC_PORTEES          the scopes asked for
    oidc_acr             OIDC_ACR              the level of authentication asked for; empty: none is
    oidc_pkce            OIDC_PKCE             non: for a provider that refuses parameters it does not know
    """

    database_url: str | None
    database_url_lecture: str | None
    donnees: Path
    hote: str
    port: int
    workers: int
    horloge: str
    demo: bool
    departements: tuple[str, ...]
    introspection: bool
    origines: tuple[str, ...] = ()
    lectures_anonymes: int = LECTURES_ANONYMES
    memoire_documents: int = MEMOIRE_DOCUMENTS
    cle_chiffrement: str | None = field(default=None, repr=False)
    travaux: bool = False
    smtp_url: str | None = field(default=None, repr=False)
    expediteur: str = EXPEDITEUR
    site: str = ""
    agora_url: str | None = field(default=None, repr=False)
    agora_secret: str | None = field(default=None, repr=False)
    france_travail_url: str | None = field(default=None, repr=False)
    france_travail_secret: str | None = field(default=None, repr=False)
    contact_assistance: str | None = None
    adresse_publique: str = ""
    oidc_emetteur: str | None = None
    oidc_client: str | None = None
    oidc_secret: str | None = field(default=None, repr=False)
    oidc_nom: str = "ProConnect"
    oidc_portees: str = PORTEES_OIDC
    oidc_acr: str = "eidas1"
    oidc_pkce: bool = True
    conservation_mois: int = CONSERVATION_MOIS
    nir: bool = False
    nir_cles: str | None = field(default=None, repr=False)
    refus_session_complete: bool = False

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """In: the environment. Out: the settings. Raises ValueError, naming the variable, for a value that means nothing."""
        url = said.database(environ, "DATABASE_URL")
        donnees, demo = environ.get("DONNEES"), said.yes_or_no(environ, "DEMO", url is None)
        return cls(
            database_url=url,
            database_url_lecture=said.database(environ, "DATABASE_URL_LECTURE"),
            donnees=Path(donnees).resolve() if donnees else default_home(CHECKOUT),
            hote=environ.get("HOTE") or "127.0.0.1",
            port=said.number(environ, "PORT", 8000, said.LAST_PORT),
            workers=said.number(environ, "WORKERS", 0, said.MOST_WORKERS) or min(4, os.cpu_count() or 1),
            horloge=said.clock(environ.get("HORLOGE") or ("ouvree" if demo else "systeme")),
            demo=demo,
            departements=said.departements(environ, "DEPARTEMENTS", NOUVELLE_AQUITAINE),
            introspection=said.yes_or_no(environ, "INTROSPECTION", True),
            origines=said.sites(environ, "ORIGINES"),
            lectures_anonymes=said.number(environ, "LECTURES_ANONYMES", LECTURES_ANONYMES),
            memoire_documents=said.mebibytes(environ, "MEMOIRE_DOCUMENTS", MEMOIRE_DOCUMENTS),
            cle_chiffrement=environ.get("CLE_CHIFFREMENT") or None,
            travaux=said.yes_or_no(environ, "TRAVAUX", True),
            smtp_url=said.mail_server(environ, "SMTP_URL"),
            expediteur=said.sender(environ, "EXPEDITEUR", EXPEDITEUR),
            contact_assistance=environ.get("CONTACT_ASSISTANCE") or None,
            conservation_mois=said.months(environ, "CONSERVATION_MOIS", CONSERVATION_MOIS),
            nir=said.yes_or_no(environ, "NIR", False),
            nir_cles=said.or_filed(environ, "NIR_CLES"),
            refus_session_complete=said.yes_or_no(environ, "REFUS_SESSION_COMPLETE", False),
            site=said.site(environ, "SITE"),
            **partner(environ, "AGORA"),
            **partner(environ, "FRANCE_TRAVAIL"),
            **identity_provider(environ),
        )

    def environ(self) -> dict[str, str]:
        """Out: the environment that reads as these settings: what a child process is given."""
        return {
            field.name.upper(): as_text(value)
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }


def as_text(value: object) -> str:
    """In: a setting. Out: how the environment says it."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def partner(environ: Mapping[str, str], name: str) -> dict[str, Any]:
    """Out: where a partner takes its messages and the key that signs them: both, or neither.

    Raises ValueError, without repeating what was said: a key, or a password in the address, is a secret.
    """
    url, secret = environ.get(f"{name}_URL") or None, environ.get(f"{name}_SECRET") or None
    if (url is None) != (secret is None):
        raise ValueError(f"{name}_URL et {name}_SECRET vont ensemble : l'une manque")
    if url and not said.is_web(url):
        raise ValueError(f"{name}_URL doit être une adresse http:// ou https://")
    if secret and len(secret) < SECRET_LENGTH:
        raise ValueError(f"{name}_SECRET doit avoir {SECRET_LENGTH} caractères au moins")
    return {f"{name.lower()}_url": url, f"{name.lower()}_secret": secret}


def identity_provider(environ: Mapping[str, str]) -> dict[str, Any]:
    """Out: the OpenID Connect provider: its issuer, and what it calls this API: all three, or none.

    Raises ValueError, without repeating a secret, and for an issuer that anybody on the way could imitate.
    """
    names = ("OIDC_EMETTEUR", "OIDC_CLIENT", "OIDC_SECRET")
    given = {name.lower(): environ.get(name) or None for name in names}
    if len({value is None for value in given.values()}) > 1:
        raise ValueError(f"{', '.join(names)} vont ensemble : il en manque")
    home = (environ.get("ADRESSE_PUBLIQUE") or "").rstrip("/")
    for name, address in (("OIDC_EMETTEUR", given["oidc_emetteur"]), ("ADRESSE_PUBLIQUE", home)):
        if address and not said.is_protected(address):
            raise ValueError(f"{name} doit être une adresse https:// (ou http:// sur cette machine)")
    return {
        **given,
        "adresse_publique": home,
        "oidc_nom": environ.get("OIDC_NOM") or "ProConnect",
        "oidc_portees": environ.get("OIDC_PORTEES") or PORTEES_OIDC,
        "oidc_acr": environ.get("OIDC_ACR", "eidas1"),
        "oidc_pkce": said.yes_or_no(environ, "OIDC_PKCE", True),
    }
