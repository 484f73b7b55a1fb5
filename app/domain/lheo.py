"""The words of LHEO for the words of the house: what an import reads, an export writes.

LHEO (langage harmonisé d'échange d'informations sur l'offre de formation, décret 2015-742) has codes for most of
what an action and its sessions say. What it has no element for stands in its `extras`, under `<extras
info="rafaelpro">`, one `<extra info="…">` a value: the names are here (`EXTRAS_ACTION`, `EXTRAS_SESSION`).
"""

from __future__ import annotations

from datetime import date

from app.models import (
    Dispositif,
    Financeur,
    Modalite,
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
INFORMATION_COLLECTIVE = "9"
TITRE_POEC = "[POEC]"

EXTRAS = "rafaelpro"
"""The `info` of the `extras` that holds ours."""

EXTRAS_ACTION = {
    "dispositif": Dispositif,  # its stored word
    "financeur": Financeur,  # its stored word, where the LHEO code is not enough
    "numero-marche": str,
    "mesure": str,
    "le-plus": str,
    "prerequis": str,  # LHEO has one element for conditions and prerequisites
    "conditions-acces": str,
    "validation": str,  # R-207, once for each
}
EXTRAS_SESSION = {
    "capacite-accueil": int,
    "coefficient": float,
    "ratio-suite-parcours": float,
    "date-entree-tardive": date,  # AAAAMMJJ
    "point-entree": date,  # AAAAMMJJ, once for each
    "positionneur": str,  # the SIRET of who places people
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
