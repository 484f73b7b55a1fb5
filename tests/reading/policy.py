"""A policy of the tests' own, written in the boolean language: small, and every form of condition in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.kit.conditions import (
    FALSE,
    TRUE,
    Compare,
    Condition,
    Exists,
    Given,
    Ref,
    all_of,
    any_of,
    negated,
)
from tests.reading import models as m

N1, N2, N3, CATALOGUE, PREINSCRIPTION, REFERENT, STAFF, ANONYME = PROFILS = (
    "prescripteur_n1",
    "prescripteur_n2",
    "prescripteur_n3",
    "of_catalogue",
    "of_preinscription",
    "referent",
    "gestionnaire",
    "anonyme",
)
PRESCRIPTEURS = (N1, N2, N3)
MOI, MA_STRUCTURE, AUJOURD_HUI = Ref("moi"), Ref("ma_structure"), Ref("aujourd_hui")


@dataclass(frozen=True)
class Viewer:
    """Somebody who asks."""

    profil: str
    moi: int | None = None
    ma_structure: int | None = None

    def values(self, moment: datetime) -> dict[str, Any]:
        """Out: what conditions may name."""
        day = moment.astimezone(ZoneInfo("Europe/Paris")).date()
        return {"moi": self.moi, "ma_structure": self.ma_structure, "maintenant": moment, "aujourd_hui": day}


def _is(path: str, value: Any, op: str = "=") -> Condition:
    return Compare(tuple(path.split(".")), op, value)


INTERVIENT = any_of(
    [
        _is("formateur_id", MA_STRUCTURE),
        _is("positionneur_id", MA_STRUCTURE),
        _is("action.structure_id", MA_STRUCTURE),
    ]
)
INTERVIENT_LA = any_of(
    [
        _is("session.formateur_id", MA_STRUCTURE),
        _is("session.positionneur_id", MA_STRUCTURE),
        _is("session.action.structure_id", MA_STRUCTURE),
    ]
)
PUBLIEE = all_of([_is("action.etat", "publiee"), _is("etat", "brouillon", "!=")])
TRANSMISE = _is("etat", ("en_attente_avis", "retenue", "refusee"), "in")
SIENNE = _is("prescripteur_id", MOI)
DE_SA_STRUCTURE = _is("structure_prescriptrice_id", MA_STRUCTURE)
SUIVIE = Exists(("suivis",), all_of([_is("referent_id", MOI), _is("clos", False)]))
A_VALIDER = all_of(
    [
        _is("etat", "en_attente_validation"),
        DE_SA_STRUCTURE,
        _is("prescripteur_id", MOI, "!="),
        _is("prescripteur.profil", (N1, N2), "in"),
    ]
)

ROWS: dict[tuple[Any, str], dict[str, Condition]] = {
    (m.Structure, "lire"): dict.fromkeys(PROFILS, TRUE),
    (m.Utilisateur, "lire"): {
        **dict.fromkeys(PROFILS, any_of([_is("id", MOI), _is("structure_id", MA_STRUCTURE)])),
        STAFF: TRUE,
        ANONYME: FALSE,
    },
    (m.Action, "lire"): {
        **dict.fromkeys(PROFILS, _is("etat", "publiee")),
        CATALOGUE: any_of([_is("etat", "publiee"), _is("structure_id", MA_STRUCTURE)]),
        STAFF: TRUE,
    },
    (m.Action, "modifier"): {
        CATALOGUE: all_of([_is("structure_id", MA_STRUCTURE), _is("etat", "archivee", "!=")]),
        STAFF: negated(_is("etat", "archivee")),
    },
    (m.SessionFormation, "lire"): {
        **dict.fromkeys(PROFILS, PUBLIEE),
        CATALOGUE: any_of([PUBLIEE, INTERVIENT]),
        PREINSCRIPTION: any_of([PUBLIEE, INTERVIENT]),
        STAFF: TRUE,
    },
    (m.SessionFormation, "candidater"): dict.fromkeys(PRESCRIPTEURS, PUBLIEE),
    (m.Candidature, "lire"): {
        N1: SIENNE,
        N2: DE_SA_STRUCTURE,
        N3: any_of([DE_SA_STRUCTURE, SIENNE]),
        PREINSCRIPTION: all_of([TRANSMISE, INTERVIENT_LA]),
        REFERENT: SUIVIE,
        STAFF: _is("etat", "brouillon", "!="),
    },
    (m.Candidature, "modifier"): {
        **dict.fromkeys(PRESCRIPTEURS, all_of([SIENNE, _is("etat", "brouillon")])),
        STAFF: Given("hors_horaires"),
    },
    (m.Candidature, "valider"): {N3: A_VALIDER},
    (m.Suivi, "lire"): {**dict.fromkeys(PROFILS, _is("referent_id", MOI)), STAFF: TRUE, ANONYME: FALSE},
    (m.Avis, "lire"): {
        **dict.fromkeys((STAFF, PREINSCRIPTION), TRUE),
        N1: _is("candidature.prescripteur_id", MOI),
        N2: _is("candidature.structure_prescriptrice_id", MA_STRUCTURE),
    },
}
OPEN = ("id", "reference", "etat", "session_id", "cree_le", "structure_prescriptrice_id")
FIELDS: dict[tuple[Any, str], dict[str, dict[str, Condition]]] = {
    (m.Candidature, "lire"): {
        **{column: dict.fromkeys(PROFILS, TRUE) for column in OPEN},
        "motif": {
            **dict.fromkeys(PRESCRIPTEURS, TRUE),
            PREINSCRIPTION: _is("session.formateur_id", MA_STRUCTURE),
        },
        "prescripteur_id": dict.fromkeys(PRESCRIPTEURS, TRUE),
    },
    (m.Action, "lire"): {
        **{
            c.key: dict.fromkeys(PROFILS, TRUE)
            for c in m.Action.__table__.c
            if c.key not in ("contact", "lieu")
        },
        "lieu": {**dict.fromkeys(PROFILS, TRUE), CATALOGUE: _is("structure_id", MA_STRUCTURE), N1: FALSE},
        "contact": {STAFF: TRUE, CATALOGUE: _is("structure_id", MA_STRUCTURE)},
    },
    (m.SessionFormation, "lire"): {
        **{c.key: dict.fromkeys(PROFILS, TRUE) for c in m.SessionFormation.__table__.c if c.key != "prix"},
        "prix": {STAFF: TRUE, PREINSCRIPTION: INTERVIENT, CATALOGUE: _is("responsable_id", MA_STRUCTURE)},
    },
    (m.Action, "modifier"): {
        "intitule": {CATALOGUE: _is("est_conventionnee", False), STAFF: TRUE},
        "contact": {CATALOGUE: TRUE, STAFF: TRUE},
        "formacodes": {STAFF: TRUE},
    },
}


class Rights:
    """The policy of the tests; it answers as `app.policies.policy.Policy` does."""

    def __init__(self, rows: Any = None, fields: Any = None) -> None:
        self.rows, self.fields = rows or ROWS, fields or FIELDS
        self.permissions: dict[Any, tuple[str, ...]] = {}
        for model, permission in self.rows:
            self.permissions[model] = (*self.permissions.get(model, ()), permission)

    def condition(self, profil: str, permission: str, model: Any) -> Condition:
        found = self.rows[model, permission]
        assert profil in PROFILS
        return found.get(profil, FALSE)

    def field(self, profil: str, verb: str, model: Any, column: str) -> Condition:
        rules = self.fields.get((model, verb))
        return TRUE if rules is None else rules.get(column, {}).get(profil, FALSE)
