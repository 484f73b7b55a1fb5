"""Sessions, written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.lheo import (
    DATE_INCONNUE,
    FIN_INCONNUE,
    INFORMATION_COLLECTIVE,
    MODALITES,
    MODALITES_RECRUTEMENT,
    RECRUTEMENT_OUVERT,
    RIEN,
    SANS_FIN,
    VALIDATIONS_BLOCS,
)
from app.kit.clock import PARIS
from app.models import ModeCandidature, TypeEntree, ValidationBlocs, VoieAcces

from .balises import balise, extras, jour, ligne, nombre, peut_etre, propre
from .organismes import Ligne, adresse, contacts_de_la_session, positionneur

RECRUTEMENTS = {str(mot): code for code, mot in MODALITES_RECRUTEMENT.items()}
MODALITE_DE = {str(mot): code for code, mot in MODALITES.items()}
BLOCS_DE = {str(mot): code for code, mot in VALIDATIONS_BLOCS.items()}
ANNEES = re.compile(r"[1-9](, [1-9])*")
RECRUTEMENT_SUSPENDU = "3"
LIEU = ("lieu_voie", "lieu_code_postal", "lieu_ville", "lieu_departement", "lieu_code_insee", "lieu_nom")
CYCLES = {
    VoieAcces.PROFESSIONNALISATION: "<cycle><type-cycle>0</type-cycle>"
    "<alternance><type-alternance>2</type-alternance></alternance></cycle>",
}
CODES = (("RNCP", "code_rncp"), ("CERTIFINFO", "code_certifinfo"), ("RS", "code_rs"))  # in the order of LHEO


@dataclass(frozen=True)
class Commun:
    """What all the sessions of an action share, and which the action says for them; None where they differ.

    lieux            the number of each place;  certifications  those of the action, by their key, in order
    formateur        « commun » where there is nothing to say session by session
    """

    modalite: str | None
    type_entree: str | None
    heures: Mapping[str, str | None]
    formateur: bool
    lieux: Mapping[tuple[Any, ...], str]
    certifications: Mapping[int, Ligne]
    est_conventionnee: bool


def lieu_de(session: Ligne) -> tuple[Any, ...]:
    """Out: what a place is told apart by."""
    return tuple(session[nom] for nom in LIEU)


def session(s: Ligne, commun: Commun) -> str:
    """Out: the element `session` (R-220)."""
    return (
        f'<session numero="{s["numero_carif"]}">'
        f"<periode>{balise('debut', jour(s['date_debut']) or DATE_INCONNUE)}{balise('fin', _fin(s))}</periode>"
        f"<adresse-inscription>{adresse(*lieu_de(s))}</adresse-inscription>"
        + _limite(s["date_limite_inscription"])
        + _recrutement(s, commun)
        + _recrutements(s)
        + contacts_de_la_session(s)
        + _certifications(s["certifications"], commun.certifications)
        + _cycle(s)
        + extras(_extras(s, commun))
        + "</session>"
    )


def _fin(s: Ligne) -> str:
    sans_fin = s["date_fin"] == SANS_FIN.isoformat() and s["type_entree"] != TypeEntree.DATE_FIXE
    return FIN_INCONNUE if sans_fin else jour(s["date_fin"]) or FIN_INCONNUE


def _limite(limite: str | None) -> str:
    if limite is None:
        return ""
    periode = f"{balise('debut', DATE_INCONNUE)}{balise('fin', jour(limite) or FIN_INCONNUE)}"
    return f"<periode-inscription><periode>{periode}</periode></periode-inscription>"


def _recrutement(s: Ligne, commun: Commun) -> str:
    """Out: whether it recruits, where candidatures come through here at all (R-099, R-125)."""
    if not commun.est_conventionnee:
        return ""
    ferme = s["mode_candidature"] == ModeCandidature.FERMEE
    return balise("etat-recrutement", RECRUTEMENT_SUSPENDU if ferme else RECRUTEMENT_OUVERT)


def _recrutements(s: Ligne) -> str:
    """Out: how one is admitted, and the information meetings (R-242)."""
    dites = {RECRUTEMENTS[mot] for mot in s["modalites_recrutement"]}
    reunions = "".join(map(_reunion, s["reunions"]))
    autres = sorted(dites - {INFORMATION_COLLECTIVE} if reunions else dites)
    return (
        "".join(f"<recrutement>{balise('modalite-recrutement', code)}</recrutement>" for code in autres)
        + reunions
    )


def _reunion(reunion: Ligne) -> str:
    """Out: an information meeting (R-242)."""
    le, lieu = datetime.fromisoformat(reunion["debut_le"]).astimezone(PARIS), ligne(reunion["lieu"])
    heure, jour_dit = f"{le:%H:%M}", f"{le.year:04}{le:%m%d}"  # %Y does not always write four digits
    return (
        "<recrutement>"
        + balise("modalite-recrutement", INFORMATION_COLLECTIVE)
        + f"<periode><debut>{jour_dit}</debut><fin>{jour_dit}</fin></periode>"
        + ("" if heure == "00:00" else balise("heure-debut", heure))
        + peut_etre("commentaire", lieu and lieu[:500])
        + extras((("lieu", lieu),))
        + "</recrutement>"
    )


def _certifications(validees: Sequence[Ligne], de_l_action: Mapping[int, Ligne]) -> str:
    """Out: what the session validates, in the order of its action (R-229 to R-233)."""
    par_cle = {validee["certification_id"]: validee for validee in validees}
    en_entier, par_blocs = "", ""
    for cle, certification in de_l_action.items():
        if cle not in par_cle:
            continue
        dite = f"<reference-certification>{codes(certification, 'reference-code-')}</reference-certification>"
        blocs = par_cle[cle]["blocs"]
        if par_cle[cle]["validation"] == ValidationBlocs.TOTALE or not blocs:
            en_entier += dite
        else:
            dits = "".join(
                f"<bloc-competences>{balise('libelle-bloc', code)}{balise('code-bloc', code)}</bloc-competences>"
                for code in blocs
            )
            validation = balise("validation-blocs", BLOCS_DE[par_cle[cle]["validation"]])
            par_blocs += f"<blocs-competences>{validation}{dite}{dits}</blocs-competences>"
    return en_entier + par_blocs


def codes(certification: Ligne, prefixe: str = "code-") -> str:
    """Out: the codes of a certification; the number alone for the RNCP, which every reader of LHEO takes."""
    return "".join(
        balise(prefixe + nom, certification[colonne].removeprefix("RNCP"))
        for nom, colonne in CODES
        if certification[colonne]
    )


def _annees(s: Ligne) -> str | None:
    return ligne(s["annees_apprentissage"]) if s["voie_acces"] == VoieAcces.APPRENTISSAGE else None


def _se_comptent(annees: str | None) -> bool:
    """Out: True where the years are plain numbers, each once, in order: a cycle says them all."""
    return bool(annees and ANNEES.fullmatch(annees) and annees == ", ".join(sorted(set(annees.split(", ")))))


def _cycle(s: Ligne) -> str:
    """Out: the access route (R-225 to R-227)."""
    if s["voie_acces"] != VoieAcces.APPRENTISSAGE:
        return CYCLES.get(s["voie_acces"], "")
    annees = _annees(s)
    dites = annees.split(", ") if annees and _se_comptent(annees) else []
    return (
        "<cycle><type-cycle>1</type-cycle>"
        + "".join(balise("annee-cycle", annee) for annee in dites)
        + "<alternance><type-alternance>1</type-alternance></alternance></cycle>"
    )


def _extras(s: Ligne, commun: Commun) -> list[tuple[str, str | None]]:
    """Out: what LHEO has no element for, or what differs from what the action says."""
    ferme = s["mode_candidature"] == ModeCandidature.FERMEE
    dit_par_etat = not ferme and s["mode_candidature"] == ModeCandidature.PRESCRIPTION
    annees, capacite = _annees(s), s["capacite_accueil"]
    formateur = (s["formateur"] or {}).get("siret") or RIEN
    return [
        ("capacite-accueil", None if capacite is None else str(capacite)),
        ("coefficient", nombre(s["coefficient"])),
        ("ratio-suite-parcours", nombre(s["ratio_suite_parcours"])),
        ("date-entree-tardive", jour(s["date_entree_tardive"])),
        *(("point-entree", jour(point["date_entree"])) for point in s["points_entree"]),
        ("positionneur", positionneur(s["positionneur"])),
        ("formateur", None if commun.formateur else formateur),
        ("mode-candidature", _mode(s, commun, ferme=ferme, dit=dit_par_etat)),
        ("type-entree", None if _tel_quel(s, commun) else s["type_entree"]),
        ("annees-apprentissage", None if _se_comptent(annees) else annees),
        ("commentaire", propre(s["commentaire"])),
        ("lieu", commun.lieux[lieu_de(s)] if len(commun.lieux) > 1 else None),
        ("modalite", None if commun.modalite else s["modalite"]),
        ("heures-centre", _heures(s, commun, "heures_centre")),
        ("heures-entreprise", _heures(s, commun, "heures_entreprise")),
        ("sans-certification", "1" if commun.certifications and not _visees(s, commun) else None),
    ]


def _mode(s: Ligne, commun: Commun, *, ferme: bool, dit: bool) -> str | None:
    """Out: the mode, unless the state of the recruitment says it (R-125)."""
    return None if ferme or (dit and commun.est_conventionnee) else str(s["mode_candidature"])


def _tel_quel(s: Ligne, commun: Commun) -> bool:
    """Out: True where LHEO has the word for how people enter, and the action says it (R-238)."""
    return commun.type_entree is not None and s["type_entree"] != TypeEntree.SEQUENCEES


def _heures(s: Ligne, commun: Commun, nom: str) -> str | None:
    return None if commun.heures[nom] is not None else nombre(s[nom])


def _visees(s: Ligne, commun: Commun) -> bool:
    return any(validee["certification_id"] in commun.certifications for validee in s["certifications"])
