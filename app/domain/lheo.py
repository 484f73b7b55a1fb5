"""The words of LHEO for the words of the house: what an import reads, an export writes.

LHEO (langage harmonisé d'échange d'informations sur l'offre de formation, décret 2015-742) has codes for most of
what an action and its sessions say. What it has no element for stands in its `extras`, under `<extras
info="rafaelpro">`, one `<extra info="…">` a value: the names are here (`EXTRAS_ACTION`, `EXTRAS_SESSION`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.models import (
    Dispositif,
    Financeur,
    Modalite,
    ModaliteRecrutement,
    ModeCandidature,
    ObjectifGeneral,
    TypeEntree,
    ValidationBlocs,
    VoieAcces,
)

ESPACE_2_3 = "http://lheo.gouv.fr/2.3"
ESPACE_2_2 = "http://www.lheo.org/2.2"
ESPACES = {ESPACE_2_3: "2.3", ESPACE_2_2: "2.2"}  # 2.2 has the same elements: read as 2.3, never written

DATE_INCONNUE = "00000000"
FIN_INCONNUE = "99999999"
SANS_FIN = date(2099, 12, 31)
"""The end of a session with permanent entries whose source gives none (`99999999`)."""

OBJECTIFS = {  # dict-AIS, the six of the form; 1 is obsolete, 4 (création d'entreprise) has no word here
    "6": ObjectifGeneral.CERTIFICATION,
    "7": ObjectifGeneral.PROFESSIONNALISATION,
    "8": ObjectifGeneral.PREPARATION_QUALIFICATION,
    "5": ObjectifGeneral.REMISE_A_NIVEAU,
    "9": ObjectifGeneral.MOBILISATION,
    "2": ObjectifGeneral.PERFECTIONNEMENT,
}
MODALITES = {"0": Modalite.PRESENTIEL, "1": Modalite.MIXTE, "2": Modalite.DISTANCE}
TYPES_ENTREE = {"0": TypeEntree.DATE_FIXE, "1": TypeEntree.PERMANENTES}  # R-238; SEQUENCEES: 1 and an extra
VALIDATIONS_BLOCS = {
    "0": ValidationBlocs.PARTIELLE,
    "1": ValidationBlocs.TOTALE,
    "2": ValidationBlocs.MIXTE,
}
ALTERNANCES = {"1": VoieAcces.APPRENTISSAGE, "2": VoieAcces.PROFESSIONNALISATION}
CYCLES = {"1": VoieAcces.APPRENTISSAGE}
FINANCEURS = {
    "2": Financeur.REGION,
    "4": Financeur.FRANCE_TRAVAIL,
    "11": Financeur.ETAT,
    "12": Financeur.ETAT,
    "13": Financeur.ETAT,
    "19": Financeur.ETAT,
    "16": Financeur.OPCO,
}
RECRUTEMENT_OUVERT = "1"
CONTACT_HANDICAP = "1"
MODALITES_RECRUTEMENT = {  # R-242; 0 is not known
    "1": ModaliteRecrutement.SIMULATION,
    "2": ModaliteRecrutement.CONCOURS,
    "3": ModaliteRecrutement.DOSSIER,
    "4": ModaliteRecrutement.TESTS_PRATIQUES,
    "5": ModaliteRecrutement.ECRIT,
    "6": ModaliteRecrutement.ORAL,
    "7": ModaliteRecrutement.CANDIDATURE,
    "8": ModaliteRecrutement.ENTRETIEN,
    "9": ModaliteRecrutement.INFORMATION_COLLECTIVE,
}
INFORMATION_COLLECTIVE = "9"
LONG_CODE = 5  # characters of a postal code, of a code of the INSEE
TITRE_POEC = "[POEC]"

EXTRAS = "rafaelpro"
"""The `info` of the `extras` that holds ours."""

MAISON = "rafaelpro"
"""The `uri` of a file that we wrote: its numbers are our own references (R-180)."""

RIEN, RAS = "-", "RAS"
"""What fills a compulsory element that nothing is said of; the conditions have a word of their own (R-217)."""

NEUTRES = frozenset({"", "-", "–", "—", ".", "/", "_"})
"""What a source writes where an element is compulsory and it has nothing to say."""

SANS_ACTIVITE, SANS_CODE_POSTAL = "0" * 11, "-" * 5

EXTRAS_ADRESSE = {"nom": str, "voie": str, "ville": str}
"""In the `extras` of an `adresse`: what its lines are too short for, exactly."""

EXTRAS_CONTACT = {"nom": str, "telephone": str, "courriel": str}
"""In the `extras` of a `coordonnees`."""

EXTRAS_REUNION = {"lieu": str}
"""In the `extras` of a `recrutement` (R-242)."""

EXTRAS_ORGANISME = {"qualiopi-apprentissage": bool}
"""In the `extras` of an `organisme-formation-responsable`: 1 (R-199)."""

EXTRAS_RETRAITS = {"action-retiree": str, "session-retiree": str}
"""In the `extras` of a `lheo` that says what changed since a moment: numbers that are no longer in the offer (R-193)."""

EXTRAS_ACTION = {
    "dispositif": Dispositif,  # its stored word
    "financeur": Financeur,  # its stored word, where the LHEO code is not enough
    "numero-marche": str,
    "mesure": str,
    "le-plus": str,
    "prerequis": str,  # LHEO has one element for conditions and prerequisites
    "conditions-acces": str,
    "validation": str,  # R-207, once for each
    "formacode": str,  # beyond the five that LHEO has room for
}
EXTRAS_SESSION = {
    "capacite-accueil": int,
    "coefficient": float,
    "ratio-suite-parcours": float,
    "date-entree-tardive": date,  # AAAAMMJJ
    "point-entree": date,  # AAAAMMJJ, once for each
    "positionneur": str,  # the SIRET of who places people, then its name
    "formateur": str,  # the SIRET of the formateur, among those of the action; « - »: none
    "sans-certification": bool,  # 1: it validates none of those of its action
    "mode-candidature": ModeCandidature,  # its stored word
    "type-entree": TypeEntree,  # "sequencees"
    "voie-acces": VoieAcces,  # its stored word
    "annees-apprentissage": str,
    "commentaire": str,
    "lieu": str,  # the `numero` of a `lieu-de-formation` of the action
    "modalite": Modalite,  # where it is not the action's
    "heures-centre": float,  # where they are not the action's
    "heures-entreprise": float,
}


def validations_deduites(inscrites_au_rncp: Sequence[bool]) -> tuple[str, ...]:
    """In: for each certification, whether the RNCP has it. Out: what ends the training when nobody says it (R-207)."""
    rncp, autre = any(inscrites_au_rncp), not all(inscrites_au_rncp)
    mots = (("rncp", rncp), ("autre_certification", autre), ("attestation", not inscrites_au_rncp))
    return tuple(mot for mot, dit in mots if dit)


def code_de_cinq(dit: str | None) -> str | None:
    """Out: a postal code or a code of the INSEE as LHEO wants it; None for any other, which blanks may have made so long."""
    return dit if dit is not None and len(dit) == LONG_CODE else None
