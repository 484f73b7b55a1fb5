"""What the schema of the house says in SQL alone, said again in Python."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Any

from app.domain.actions_contenu import CHAMPS, CODES
from app.domain.actions_formulaire import Validation
from app.domain.actions_transitions import A_CONTROLER
from app.kit.clock import paris_day
from app.models import ModaliteRecrutement, Portee, TypeAction
from app.reading.formats import encode_id
from app.schema.consultations import MOTIFS
from tests.reading.passing import Test, Twins

LETTRES = str.maketrans("àáâãäåçèéêëìíîïñòóôõöùúûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy")


def plier(text: str) -> str:
    """The twin of `plier`, as the first migration writes it."""
    lower = unicodedata.normalize("NFC", text).lower().replace("œ", "oe").replace("æ", "ae")
    return re.sub("[^a-z0-9]+", " ", lower.translate(LETTRES)).strip(" ")


def contenu(action: Any) -> str:
    """Out: what the words of a search are looked for in (R-051)."""
    return f"{action.intitule} {action.objectif or ''} {action.programme or ''}"


def nommee(structure: Any, given: str) -> bool:
    """The twin of `app.schema.structures.nommee`."""
    named = f"{structure.raison_sociale} {structure.sigle or ''} {structure.siret or ''}"
    return plier(given) in plier(named) or structure.siret == re.sub(r"\s", "", given)


def contient(*columns: str) -> Any:
    """The twin of `app.schema.referentiels.contient`."""

    def found(row: Any, given: str) -> bool:
        return plier(given) in plier(" ".join(getattr(row, name) or "" for name in columns))

    return found


def dans_une_ville(session: Any, given: list[str]) -> bool:
    """The twin of `app.schema.sessions_listes.VILLES`."""
    ville = session.lieu_ville
    return session.lieu_code_postal in given or (ville is not None and plier(ville) in given)


def ce_mois(session: Any, premier: date) -> bool:
    """The twin of `app.schema.sessions_listes.MOIS`."""
    return bool(session.date_debut.replace(day=1) == premier)


def exactement(column: str) -> Test:
    """The twin of `app.reading.criteria.numero`."""
    return lambda row, given: (
        getattr(row, column) is not None and getattr(row, column) == given.replace(" ", "")
    )


def plie(column: str) -> Test:
    """A text that is the same, accents, case and punctuation aside."""
    return lambda row, given: getattr(row, column) is not None and plier(getattr(row, column)) == plier(given)


def nomme(row: Any, given: str) -> bool:
    """A piece of the name of a person, in one order or the other."""
    return any(
        plier(given) in plier(named) for named in (f"{row.prenom} {row.nom}", f"{row.nom} {row.prenom}")
    )


def attend(action: Any) -> bool:
    """True if an action waits for a control (C-03)."""
    return action.etat in A_CONTROLER


def age(action: Any, given: Mapping[str, Any]) -> int:
    """Out: the working days, Monday to Friday, after the day of its last change and until today (C-03)."""
    day, today = paris_day(action.modifiee_le), given["aujourd_hui"]
    first, last = min(day, today), max(day, today)
    passed = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    worked = sum(each.weekday() < 5 for each in passed)
    return worked if day <= today else -worked


def nombre(value: Decimal | None) -> float | None:
    """Out: an exact number of a column, as GraphQL's Float."""
    return None if value is None else float(value)


def mot(value: Any) -> str | None:
    """Out: a word; None for anything else that a fact holds."""
    return value if isinstance(value, str) else None


def cle_de(type_name: str, column: str) -> Any:
    """The identifier under a key, even of what is there no more."""

    def said(row: Any, _: Any) -> str | None:
        key = getattr(row, column)
        return None if key is None else encode_id(type_name, key)

    return said


def heures(session: Any) -> Any:
    """Out: the hours of a session, those of a part that is not said counting for nothing; None where nothing is said."""
    said = [part for part in (session.heures_centre, session.heures_entreprise) if part is not None]
    return sum(said) if said else None


TWINS = Twins(
    keys={
        ("date_debut",): lambda session: session.date_debut.replace(day=1),
        ("cree_le",): lambda row: row.valider_avant_le or row.cree_le,
        ("lieu_ville",): lambda session: None if session.lieu_ville is None else plier(session.lieu_ville),
    },
    fold=plier,
    texts={"mots_cherches": contenu},
    computed={
        "Session.coefficient": lambda row, _: nombre(row.coefficient),
        "Session.avisJusquAu": lambda row, _: row.date_fin + timedelta(days=21),
        "Session.heuresCentre": lambda row, _: nombre(row.heures_centre),
        "Session.heuresEntreprise": lambda row, _: nombre(row.heures_entreprise),
        "Session.ratioSuiteParcours": lambda row, _: nombre(row.ratio_suite_parcours),
        "Session.heuresTotal": lambda row, _: heures(row),
        "Session.dureeIndicative": lambda row, _: None if heures(row) is None else ceil(heures(row) / 7),
        "Session.modalitesRecrutement": lambda row, _: [
            ModaliteRecrutement(word) for word in row.modalites_recrutement
        ],
        "Consultation.motif": lambda row, _: MOTIFS.get(row.regle),
        "Consultation.compteId": cle_de("Compte", "compte_id"),
        "Consultation.candidatId": cle_de("Candidat", "candidat_id"),
        "Fait.compteId": cle_de("Compte", "compte_id"),
        "Fait.compteConcerneId": cle_de("Compte", "compte_concerne_id"),
        "Fait.structureConcerneeId": cle_de("Structure", "structure_concernee_id"),
        "Fait.actionId": cle_de("Action", "action_id"),
        "Fait.sessionId": cle_de("Session", "session_id"),
        "Fait.candidatId": cle_de("Candidat", "candidat_id"),
        "Fait.candidatureId": cle_de("Candidature", "candidature_id"),
        "Sceau.dernierFaitId": cle_de("Fait", "dernier_fait_id"),
        "Fait.avant": lambda row, _: mot(row.donnees.get("avant")),
        "Fait.apres": lambda row, _: mot(row.donnees.get("apres")),
        "Fait.champs": lambda row, _: row.donnees.get("champs", row.donnees.get("colonnes")),
        "Partenaire.portees": lambda row, _: [Portee(word) for word in row.portees],
        "ClePartenaire.portee": lambda row, _: None if row.portee is None else Portee(row.portee),
        "Action.validations": lambda row, _: [Validation(word) for word in row.validations],
        "Action.type": lambda row, _: TypeAction.SIMPLE,
        "Action.attendDepuis": lambda row, _: row.modifiee_le if attend(row) else None,
        "Action.joursOuvresAttente": lambda row, given: age(row, given) if attend(row) else None,
        "Action.enRetard": lambda row, given: attend(row) and age(row, given) > 4,
        "ModificationAction.champs": lambda row, _: row.contenu[CHAMPS],
        "ModificationAction.certifications": lambda row, _: row.contenu.get(CODES),
        "ModificationAction.validations": lambda row, _: row.contenu.get("validations"),
    },
    tested={
        ("raison_sociale", "sigle", "siret"): nommee,
        ("intitule", "code_rncp", "code_rs", "code_certifinfo"): contient(
            "intitule", "code_rncp", "code_rs", "code_certifinfo"
        ),
        ("nom", "code_postal", "code_insee"): contient("nom", "code_postal", "code_insee"),
        ("libelle", "code"): contient("libelle", "code"),
        ("siret",): lambda structure, given: structure.siret is not None and structure.siret[:9] == given,
        ("lieu_code_postal", "lieu_ville"): dans_une_ville,
        ("lieu_ville",): plie("lieu_ville"),
        ("intitule",): lambda action, given: plier(given) in plier(action.intitule),
        ("date_debut",): ce_mois,
        ("prenom", "nom"): nomme,
        ("numero_carif",): exactement("numero_carif"),
        ("reference",): exactement("reference"),
        ("numero_marche",): plie("numero_marche"),
    },
)
