"""A catalogue as large as one wants: formations that differ, carried by organisations that differ."""

from __future__ import annotations

from app.domain.identifiants import suit_luhn
from tests.imports.samples import RESPONSABLE, action, extras, fichier, formation, session

ORGANISMES = 40


def siret(rang: int) -> str:
    """Out: a SIRET that follows its key, assigned to nobody."""
    siren = next(s for cle in range(10) if suit_luhn(s := f"9996{rang:04d}{cle}"))
    return next(s for cle in range(10) if suit_luhn(s := f"{siren}0001{cle}"))


def catalogue(nb: int, sessions: int = 2, organismes: int = ORGANISMES) -> bytes:
    """Out: a LHEO file of so many conventionnée formations, of so many sessions each, carried by so many organisations."""
    return fichier(*(une(rang, sessions, rang % organismes) for rang in range(nb)))


def une(rang: int, sessions: int, organisme: int) -> str:
    """Out: a formation."""
    responsable = RESPONSABLE.replace("73282932000074", siret(organisme)).replace("OF-1", f"OF-{organisme}")
    dites = "".join(
        session(
            numero=f"S-{rang}-{n}",
            etat="1",
            suite=extras(capacite_accueil=12, coefficient=2),
        )
        for n in range(sessions)
    )
    convention = (
        "<conventionnement>1</conventionnement><organisme-financeur><code-financeur>2</code-financeur>"
        "</organisme-financeur>"
    )
    return formation(
        intitule=f"Maçon, parcours {rang}",
        numero=f"F-{rang}",
        actions=action(sessions=dites, numero=f"A-{rang}", suite=convention),
        certifications=f"<certification><code-RNCP>{90_000 + rang % 100}</code-RNCP></certification>",
        responsable=responsable,
        contenu="Apprendre à bâtir. " * 40,
    )
