"""Who may sign in to a demonstration, and what to try with each account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from app.models import Droit

from .distribution import MOT_DE_PASSE, PERSONNES, STRUCTURES, Personne

RAISON_SOCIALE = {s.cle: s.raison_sociale for s in STRUCTURES}
SANS_STRUCTURE: dict[str, Any] = {"libelle": Droit.BENEFICIAIRE.libelle, "structure": "", "referent": False}
ESSAIS = {
    "nadia": "préparer une candidature et la soumettre ; la valider est refusé",
    "paul": "valider ses candidatures, en annuler une",
    "rosa": "valider celles de Nadia ; celles de Hugo restent hors de sa portée ; gérer les droits de sa structure",
    "hugo": "voir les siennes et celles des niveaux 1 et 2, pas celles de Rosa",
    "camille": "une autre structure : aucune candidature de Limoges",
    "yann": "chercher une formation, positionner quelqu'un",
    "ines": "convoquer, donner un avis de recrutement",
    "karim": "tenir le catalogue ; aucune candidature, aucun candidat",
    "louise": "catalogue et recrutement",
    "marc": "donner un avis comme organisme positionneur",
    "sophie": "changer de profil : prescriptrice, puis organisme de formation",
    "gaelle": "publier, signaler, corriger un avis, relire la politique",
    "adrien": "relire la politique et le journal, sans aucune donnée personnelle",
    "theo": "un profil de ParcoursPro, sans pouvoir ici",
    "lucas": "un rattachement qui attend d'être validé par Rosa",
    "jeanne": "un compte sans structure",
}


@dataclass(frozen=True)
class CompteDeDemonstration:
    """What is shown of an account: its password too, since the base holds nobody real."""

    nom: str
    profil: str
    structure: str
    email: str
    mot_de_passe: str
    profils: tuple[dict[str, Any], ...]
    essai: str = ""
    second_facteur: bool = False


def compte(personne: Personne) -> CompteDeDemonstration:
    """In: somebody of the cast. Out: what to show of them."""
    profils = tuple(profils_de(personne))
    premier = profils[0] if profils else SANS_STRUCTURE
    return CompteDeDemonstration(
        nom=f"{personne.prenom} {personne.nom}",
        profil=premier["libelle"] + (", référent" if premier["referent"] else ""),
        structure=premier["structure"],
        email=personne.courriel,
        mot_de_passe=MOT_DE_PASSE,
        profils=profils,
        essai=ESSAIS.get(personne.cle, ""),
        second_facteur=personne.a_un_second_facteur,
    )


def profils_de(personne: Personne) -> Iterator[dict[str, Any]]:
    """Out: the profiles that somebody may choose, the main one first; none while an affiliation waits."""
    for rattachement in personne.rattachements:
        acceptee = rattachement.etat == "acceptee"
        for droit in (*rattachement.droits, Droit.BENEFICIAIRE) if acceptee else ():
            yield {
                "droit": droit.value,
                "libelle": droit.libelle,
                "structure": RAISON_SOCIALE[rattachement.structure],
                "referent": rattachement.est_referent,
            }


COMPTES = tuple(compte(personne) for personne in PERSONNES)


def as_json() -> list[dict[str, Any]]:
    """Out: every account, ready for JSON."""
    return [asdict(c) for c in COMPTES]
