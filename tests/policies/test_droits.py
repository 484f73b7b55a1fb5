"""Every permission that docs/droits.md names is a permission of the policy; and the policy has no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from app.kit.conditions import FALSE
from app.policies.policy import Policy
from app.policies.viewer import PROFILS

RESSOURCES = {
    "structure": "Structure",
    "demande_modification": "DemandeModification",
    "affiliation": "Affiliation",
    "droit": "DroitAccorde",
    "delegation": "Delegation",
    "compte": "Compte",
    "jeton": "Jeton",
    "compte_machine": "CompteMachine",
    "action": "Action",
    "session": "SessionFormation",
    "candidat": "Candidat",
    "rapprochement": "Rapprochement",
    "consultation": "Consultation",
    "sceau": "Sceau",
    "candidature": "Candidature",
    "candidature_resumee": "CandidatureResumee",
    "echange": "Echange",
    "candidature_comptee": "CandidatureComptee",
    "statistique_publiee": "StatistiquePubliee",
}
AILLEURS = {  # what is decided on another resource than the one that the word names
    "session.ajouter": ("Action", "ajouter_session"),
    "candidat.rechercher": ("RechercheCandidat", "creer"),
    "statistiques.lire": ("Structure", "lire_statistiques"),
    "politique.lire": ("VersionPolitique", "lire"),
    "politique.lire_instruction": ("VersionPolitique", "lire_instruction"),
    "journal.lire": ("Fait", "lire"),
}
SANS_LIGNE = {  # permissions that the page says in words, outside its tables or between two of its words
    ("Structure", "demander_modification"): "demande_modification.creer, as a flag on the structure",
    ("Structure", "demander_affiliation"): "affiliation.demander, as a flag on the structure",
    ("Structure", "creer"): "an import brings the training organisation that an offer names",
    ("DroitAccorde", "lire"): "who sees the marks of the members (R-022, R-026)",
    ("Candidat", "recevoir"): "candidature.recevoir finds or creates the candidat",
    ("RechercheCandidat", "lire"): "a creation needs the search that found nobody (R-081)",
    ("AccesCandidat", "lire"): "the recorded row that candidat.lire reads",
    ("AccesCandidat", "creer"): "the search opens it",
}
PARTIES = {
    "ActionCertification",
    "ActionModification",
    "MessageAction",
    "PointEntree",
    "Reunion",
    "SessionCertification",
    "Convocation",
    "Avis",
    "Certification",
    "Formacode",
    "Commune",
    "RechercheEnregistree",
    "IncidentTravail",
}


def named(page: str) -> set[tuple[str, str]]:
    """Out: the (resource, permission) pairs that the first column of the tables names."""
    found = set()
    for line in re.findall(r"^\| ([a-z_]+\.[^|]*)\|", page, re.MULTILINE):
        for said in re.sub(r"\([^)]*\)", "", line).split("·"):
            resource, names = said.strip().split(".", 1)
            for name in re.findall(r"[a-z_]+", names):
                word = f"{resource}.{name}"
                found.add(AILLEURS.get(word) or (RESSOURCES[resource], name))
    return found


def somebodys(policy: Policy, permission: str, model: Any) -> bool:
    """True if some profile holds it: what only the jobs of the house do is said in travaux.polar."""
    return any(policy.condition(profil, permission, model) != FALSE for profil in PROFILS)


def test_the_page_and_the_policy_name_the_same_permissions(racine: Path) -> None:
    page = named((racine / "docs" / "droits.md").read_text(encoding="utf-8"))
    policy = Policy.load()
    held = {
        (model.__name__, permission)
        for model, permissions in policy.permissions.items()
        for permission in permissions
        if model.__name__ not in PARTIES and somebodys(policy, permission, model)
    }
    assert page - held == set()
    assert held - page == SANS_LIGNE.keys()
