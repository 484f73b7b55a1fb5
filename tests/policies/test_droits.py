"""Every permission that docs/droits.md names is a permission of the policy; and the policy has no other."""

from __future__ import annotations

import re
from pathlib import Path

from app.policies.policy import Policy

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
    "candidature": "Candidature",
    "candidature_resumee": "CandidatureResumee",
    "echange": "Echange",
}
AILLEURS = {  # what is decided on another resource than the one that the word names
    "session.ajouter": ("Action", "ajouter_session"),
    "candidat.rechercher": ("RechercheCandidat", "creer"),
    "statistiques.lire": ("Structure", "lire_statistiques"),
    "politique.lire": ("VersionPolitique", "lire"),
    "journal.lire": ("Fait", "lire"),
}
SANS_LIGNE = {  # permissions that the page says in words, outside its tables or between two of its words
    ("Structure", "demander_modification"): "demande_modification.creer, as a flag on the structure",
    ("Structure", "demander_affiliation"): "affiliation.demander, as a flag on the structure",
    ("Structure", "creer"): "an import brings the training organisation that an offer names",
    ("DroitAccorde", "lire"): "who sees the marks of the members (R-022, R-026)",
    ("DroitAccorde", "choisir"): "the active profile, chosen among the account's affiliations",
    ("Jeton", "creer"): "the same: choosing a profile gives a token",
    ("Candidat", "recevoir"): "candidature.recevoir finds or creates the candidat",
    ("RechercheCandidat", "lire"): "a creation needs the search that found nobody (R-081)",
    ("AccesCandidat", "lire"): "the recorded row that candidat.lire reads",
    ("AccesCandidat", "creer"): "the search opens it",
    ("Candidature", "expirer"): "a job of C-07",
    ("Candidature", "constater"): "a job of R-167",
    ("Candidature", "purger"): "a job of R-093 and C-11",
    ("Compte", "prevenir"): "a job that writes to people",
}
PARTIES = {
    "ActionCertification",
    "ActionModification",
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


def test_the_page_and_the_policy_name_the_same_permissions(racine: Path) -> None:
    page = named((racine / "docs" / "droits.md").read_text(encoding="utf-8"))
    held = {
        (name, permission)
        for name, permissions in Policy.load().compiled.permissions.items()
        for permission in permissions
        if name not in PARTIES
    }
    assert page - held == set()
    assert held - page == SANS_LIGNE.keys()
