"""From what was read to columns: what a source says of a row, by name; and of its parts."""

from __future__ import annotations

from typing import Any

from .lus import ActionLue, CertificationLue, OrganismeLu, SessionLue

PORTES_PAR_L_ACTION = (
    "est_conventionnee",
    "dispositif",
    "financeur",
    "numero_marche",
    "mesure",
    "intitule",
    "objectif",
    "programme",
    "le_plus",
    "objectif_general",
    "resultats_attendus",
    "conditions_acces",
    "prerequis",
    "lien_web",
)
PORTES_PAR_LA_SESSION = (
    "date_debut",
    "date_fin",
    "type_entree",
    "voie_acces",
    "annees_apprentissage",
    "modalite",
    "heures_centre",
    "heures_entreprise",
    "referent_handicap",
    "commentaire",
    "mode_candidature",
    "date_limite_inscription",
    "date_entree_tardive",
    "capacite_accueil",
    "coefficient",
    "ratio_suite_parcours",
)
CONTACT = ("nom", "telephone", "courriel")
LIEU = ("nom", "voie", "code_postal", "ville", "code_insee", "departement")


def de_la_structure(lu: OrganismeLu) -> dict[str, Any]:
    """Out: the columns of a structure."""
    return {
        "raison_sociale": lu.raison_sociale,
        "numero_activite": lu.numero_activite,
        "voie": lu.adresse.voie,
        "code_postal": lu.adresse.code_postal,
        "ville": lu.adresse.ville,
        "departement": lu.adresse.departement,
        "telephone": lu.contact.telephone,
        "courriel": lu.contact.courriel,
    }


def de_l_action(lue: ActionLue, responsable_id: int) -> dict[str, Any]:
    """Out: the columns of an action."""
    return {
        **{nom: getattr(lue, nom) for nom in PORTES_PAR_L_ACTION},
        **{f"contact_{nom}": getattr(lue.contact, nom) for nom in CONTACT},
        "validations": list(lue.validations),
        "formacodes": list(lue.formacodes),
        "responsable_id": responsable_id,
    }


def parties_de_l_action(lue: ActionLue) -> dict[str, Any]:
    """Out: what stands in other tables, for its digest only."""
    return {"certifications": [_codes(certification) for certification in lue.certifications]}


def de_la_session(lue: SessionLue, formateur_id: int | None, positionneur_id: int | None) -> dict[str, Any]:
    """Out: the columns of a session."""
    return {
        **{nom: getattr(lue, nom) for nom in PORTES_PAR_LA_SESSION},
        **{f"contact_{nom}": getattr(lue.contact, nom) for nom in CONTACT},
        **{f"lieu_{nom}": getattr(lue.lieu, nom) for nom in LIEU},
        "modalites_recrutement": list(lue.modalites_recrutement),
        "formateur_id": formateur_id,
        "positionneur_id": positionneur_id,
    }


def parties_de_la_session(lue: SessionLue) -> dict[str, Any]:
    """Out: what stands in other tables, for its digest only."""
    return {
        "points_entree": list(lue.points_entree),
        "reunions": [(reunion.debut_le, reunion.lieu) for reunion in lue.reunions],
        "certifications": [
            (_codes(validee.certification), validee.validation, validee.blocs)
            for validee in lue.certifications
        ],
    }


def _codes(certification: CertificationLue) -> list[str | None]:
    return [certification.code_rncp, certification.code_rs, certification.code_certifinfo]
