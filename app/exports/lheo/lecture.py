"""What is read of the offer, as the profile may: one action with all that goes out with it."""

from __future__ import annotations

from enum import Enum

from app import models as m
from app.domain.sessions_vie import DATES, DESCRIPTION, PLACES
from app.kit.conditions import TRUE, Compare, Condition, Exists, Ref, all_of, any_of
from app.models import VoieAcces
from app.reading.streams import Part


class Flux(Enum):
    """Which part of the offer is asked for."""

    TOUT = "tout"
    KAIROS = "kairos"
    APPRENTISSAGE = "apprentissage"


VOIES = {Flux.KAIROS: VoieAcces.FORMATION_CONTINUE, Flux.APPRENTISSAGE: VoieAcces.APPRENTISSAGE}

ORGANISME = Part(
    m.Structure,
    (
        "siret",
        "raison_sociale",
        "numero_activite",
        "voie",
        "code_postal",
        "ville",
        "departement",
        "telephone",
        "courriel",
        "est_qualiopi_apprentissage",
    ),
)
POSITIONNEUR = Part(m.Structure, ("siret", "raison_sociale"))
CERTIFICATION = Part(m.Certification, ("id", "code_rncp", "code_rs", "code_certifinfo"))
COLONNES_SESSION = (
    "numero_carif",
    "etat",
    *DATES,
    *DESCRIPTION,
    "mode_candidature",
    "date_limite_inscription",
    "date_entree_tardive",
    *PLACES,
)
COLONNES_ACTION = (
    "reference",
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
    "validations",
    "resultats_attendus",
    "conditions_acces",
    "prerequis",
    "lien_web",
    "contact_nom",
    "contact_telephone",
    "contact_courriel",
    "formacodes",
)


def offre(flux: Flux, *, delta: bool = False) -> Part:
    """In: which flux, and whether only what changed since the value `depuis` of the request. Out: what is read."""
    voie = VOIES.get(flux)
    sessions = Part(
        m.SessionFormation,
        COLONNES_SESSION,
        {
            "formateur": ORGANISME,
            "positionneur": POSITIONNEUR,
            "points_entree": Part(m.PointEntree, ("date_entree",), ordre=("date_entree",)),
            "reunions": Part(m.Reunion, ("debut_le", "lieu"), ordre=("debut_le", "id")),
            "certifications": Part(m.SessionCertification, ("certification_id", "validation", "blocs")),
        },
        pour="exporter",
        ou=TRUE if voie is None else Compare(("voie_acces",), "=", str(voie)),
        ordre=("numero_carif",),
    )
    preparees = Part(m.ActionCertification, (), {"certification": CERTIFICATION}, ordre=("rang",))
    return Part(
        m.Action,
        COLONNES_ACTION,
        {"responsable": ORGANISME, "certifications": preparees, "sessions": sessions},
        pour="exporter",
        ou=CHANGEE if delta else TRUE,
        ordre=("reference",),
    )


def _depuis(*chemin: str) -> Condition:
    return Compare(chemin, ">=", Ref("depuis"))


CHANGEE = any_of(
    [
        _depuis("modifiee_le"),
        _depuis("publiee_le"),
        _depuis("responsable", "modifiee_le"),
        Exists(
            ("sessions",),
            any_of(
                [
                    _depuis("modifiee_le"),
                    _depuis("publiee_le"),
                    _depuis("formateur", "modifiee_le"),
                    _depuis("positionneur", "modifiee_le"),
                ]
            ),
        ),
        Exists(("certifications",), _depuis("certification", "modifiee_le")),
    ]
)
"""What makes an action part of a delta: itself, its organisations, one of its sessions, a code of a certification."""

ACTIONS_RETIREES = Part(
    m.Action,
    ("reference",),
    pour="lire_retrait",
    visible=False,
    ou=all_of([Compare(("premiere_publication_le",), "!=", None), _depuis("modifiee_le")]),
)
SESSIONS_RETIREES = Part(
    m.SessionFormation,
    ("numero_carif",),
    pour="lire_retrait",
    visible=False,
    ou=all_of([Compare(("publiee_le",), "!=", None), _depuis("modifiee_le")]),
)

TAMPONS: tuple[tuple[Part, tuple[str, ...]], ...] = (
    (Part(m.Action, (), pour="exporter"), ("modifiee_le", "publiee_le")),
    (Part(m.SessionFormation, (), pour="exporter"), ("modifiee_le", "publiee_le")),
    (
        Part(m.Structure, (), ou=Compare(("est_organisme_formation",), "=", True)),
        ("cree_le", "modifiee_le"),
    ),
    (Part(m.Certification, ()), ("modifiee_le",)),
    (Part(m.Action, (), pour="lire_retrait", visible=False), ("modifiee_le",)),
    (Part(m.SessionFormation, (), pour="lire_retrait", visible=False), ("modifiee_le",)),
)
"""What a file depends on, and the columns that date it: equal stamps, equal files."""
