"""Structures, addresses and contacts, written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.lheo import CONTACT_HANDICAP, RIEN, SANS_ACTIVITE, SANS_CODE_POSTAL, code_de_cinq

from .balises import balise, extras, ligne, peut_etre

Ligne = Mapping[str, Any]
COURT, NOM, LARGE, COURRIEL, NUMERO, LIGNES = 50, 250, 255, 160, 25, 4  # what LHEO has room for


def adresse(
    voie: str | None,
    code_postal: str | None,
    ville: str | None,
    departement: str | None = None,
    code_insee: str | None = None,
    nom: str | None = None,
) -> str:
    """Out: the element `adresse`; what its lines have no room for is in its extras."""
    nom, voie, ville = ligne(nom, LARGE), ligne(voie), ligne(ville)
    lignes, tient = _lignes(voie)
    return (
        "<adresse>"
        + peut_etre("denomination", nom)
        + "".join(balise("ligne", une) for une in lignes)
        + balise("codepostal", code_de_cinq(code_postal) or SANS_CODE_POSTAL)
        + balise("ville", (ville or RIEN)[:COURT])
        + peut_etre("departement", departement)
        + peut_etre("code-INSEE-commune", code_de_cinq(code_insee))
        + extras((("voie", None if tient else voie), ("ville", _trop_long(ville, COURT))))
        + "</adresse>"
    )


def _lignes(voie: str | None) -> tuple[list[str], bool]:
    """Out: the lines of an address, and whether they say it all: a reading joins them by commas."""
    if voie is None:
        return [RIEN], True
    if len(voie) <= COURT:
        return [voie], True
    morceaux = [voie[i : i + COURT].strip() or RIEN for i in range(0, len(voie), COURT)]
    return morceaux[:LIGNES], False


def _trop_long(dit: str | None, plus: int) -> str | None:
    return dit if dit is not None and len(dit) > plus else None


def coordonnees(nom: str | None, telephone: str | None, courriel: str | None, ou: str = "") -> str:
    """In: who, and where as an `adresse`. Out: the element `coordonnees`."""
    nom, telephone, courriel = ligne(nom), ligne(telephone), ligne(courriel)
    numero = telephone and telephone[:NUMERO]
    joignable = courriel and courriel if courriel and 3 <= len(courriel) <= COURRIEL else None
    dit = (
        peut_etre("nom", nom and nom[:COURT])
        + ou
        + (f"<telfixe>{balise('numtel', numero)}</telfixe>" if numero else "")
        + peut_etre("courriel", joignable)
        + extras(
            (
                ("nom", _trop_long(nom, COURT)),
                ("telephone", _trop_long(telephone, NUMERO)),
                ("courriel", courriel if courriel and not joignable else None),
            )
        )
    )
    return f"<coordonnees>{dit}</coordonnees>" if dit else "<coordonnees/>"


def contact(element: str, ligne_: Ligne) -> str:
    """In: the name of the element, a row with `contact_…`. Out: the element, empty of everything if nobody is said."""
    dit = coordonnees(ligne_["contact_nom"], ligne_["contact_telephone"], ligne_["contact_courriel"])
    return f"<{element}>{dit}</{element}>"


def contacts_de_la_session(session: Ligne) -> str:
    """Out: who to call, then the disability referent (R-224)."""
    dits = contact("contact-session", session)
    dit = "" if "<coordonnees/>" in dits else dits
    handicap = session["referent_handicap"]
    if ligne(handicap):
        qui = coordonnees(handicap, None, None)
        dit += f"<contact-session>{balise('type-contact', CONTACT_HANDICAP)}{qui}</contact-session>"
    return dit


def responsable(structure: Ligne) -> str:
    """Out: `organisme-formation-responsable` (R-198)."""
    nom = balise("nom-organisme", _nom(structure)), balise("raison-sociale", _nom(structure))
    qualiopi = "1" if structure["est_qualiopi_apprentissage"] else None
    joint = coordonnees(None, structure["telephone"], structure["courriel"])
    return (
        "<organisme-formation-responsable>"
        + balise("numero-activite", structure["numero_activite"] or SANS_ACTIVITE)
        + f"<SIRET-organisme-formation>{balise('SIRET', structure['siret'])}</SIRET-organisme-formation>"
        + "".join(nom)
        + f"<coordonnees-organisme>{_de_la_structure(structure)}</coordonnees-organisme>"
        + f"<contact-organisme>{joint}</contact-organisme>"
        + extras((("qualiopi-apprentissage", qualiopi),))
        + "</organisme-formation-responsable>"
    )


def formateur(structure: Ligne, *, principal: bool) -> str:
    """Out: `organisme-formateur` (R-223)."""
    return (
        f"<organisme-formateur{' tag=' + chr(34) + 'principal' + chr(34) if principal else ''}>"
        f"<SIRET-formateur>{balise('SIRET', structure['siret'])}</SIRET-formateur>"
        + balise("raison-sociale-formateur", _nom(structure))
        + f"<contact-formateur>{_de_la_structure(structure)}</contact-formateur>"
        + "</organisme-formateur>"
    )


def positionneur(structure: Ligne | None) -> str | None:
    """Out: the SIRET of who places people, and its name."""
    return f"{structure['siret']} {_nom(structure)}" if structure and structure["siret"] else None


def _nom(structure: Ligne) -> str:
    return (ligne(structure["raison_sociale"], NOM) or structure["siret"])[:NOM]


def _de_la_structure(s: Ligne) -> str:
    connue = any(s[nom] for nom in ("voie", "code_postal", "ville", "departement"))
    ou = adresse(s["voie"], s["code_postal"], s["ville"], s["departement"]) if connue else ""
    return coordonnees(None, s["telephone"], s["courriel"], ou)
