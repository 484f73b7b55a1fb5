"""Accounts: asked for, confirmed by e-mail, changed by their owner (R-002, R-008, R-009, R-014)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.kit.conditions import Compare, Ref, all_of
from app.models import Compte, EnvoiAvis, EtatCompte, LienCourriel, NatureCompte, UsageLien

from .empechements import Empeche, Empechement, refuser
from .faits import FaitMetier
from .formulaires import CHAMPS_CANDIDAT, RACINE, Champ, ChampObligatoire, FormatInvalide, verifier_champs
from .mots_de_passe import problemes
from .textes import nettoyer

DUREES = {
    UsageLien.CONFIRMER_COMPTE: timedelta(days=2),
    UsageLien.CHANGER_MOT_DE_PASSE: timedelta(hours=1),
    UsageLien.QUITTER_ADRESSE: timedelta(days=1),
    UsageLien.PRENDRE_ADRESSE: timedelta(days=1),
}
OUBLI_DEMANDE = timedelta(days=30)  # a request that nobody confirmed, once no link of it is alive
NON_CONFIRMES = all_of([Compare(("etat",), "=", "a_confirmer"), Compare(("cree_le",), "<", Ref("avant"))])
DUREE_OUBLI = 0.25  # seconds that asking for a link takes, known or not: well above what writing a link costs
LIENS_PAR_HEURE = 5  # for one account: nobody's letter box is flooded through us
CHANGEMENT_D_ADRESSE = (UsageLien.QUITTER_ADRESSE, UsageLien.PRENDRE_ADRESSE)


class LienInvalide(Empechement):
    """Ce lien n'est pas valable, a déjà servi ou a expiré : demandez-en un autre."""

    regle = "R-008"


class AdresseDejaPrise(Empechement):
    """Cette adresse e-mail est déjà celle d'un compte."""

    regle = "R-009"


@dataclass(frozen=True)
class CompteDemande(FaitMetier):
    """Somebody asked for an account (R-008)."""

    compte_concerne_id: int


@dataclass(frozen=True)
class CompteConfirme(CompteDemande):
    """The e-mail of an account is its owner's (R-008)."""


@dataclass(frozen=True)
class DemandeOubliee(CompteDemande):
    """A request for an account that nobody confirmed was deleted (R-008)."""


@dataclass(frozen=True)
class MotDePasseChange(CompteDemande):
    """A password was changed; every other token of the account is dead (R-014)."""


@dataclass(frozen=True)
class AdresseChangee(CompteDemande):
    """The e-mail of an account was changed (R-014)."""


@dataclass(frozen=True)
class CompteModifie(CompteDemande):
    """An account was changed by its owner: names of fields (R-014)."""

    champs: tuple[str, ...]


# --- what is typed ------------------------------------------------------------------------------------------------


def normaliser_courriel(texte: str | None) -> str:
    """Out: an e-mail as the house keeps it: one way of writing it, in lower case (R-002)."""
    return unicodedata.normalize("NFKC", texte or "").strip().lower()


def est_courriel(texte: str) -> bool:
    """Out: True for an address without anything but ASCII: what looks like another address cannot be kept."""
    forme = next(champ.forme for champ in CHAMPS_CANDIDAT if champ.nom == "courriel")
    return texte.isascii() and texte.isprintable() and forme is not None and forme(texte)


def est_nom(texte: str) -> bool:
    """Out: True for a name in Latin letters: no other alphabet imitates a colleague."""
    forme = next(champ.forme for champ in CHAMPS_CANDIDAT if champ.nom == "nom")
    latines = all(unicodedata.name(c, "").startswith("LATIN") for c in texte if c.isalpha())
    return latines and forme is not None and forme(texte)


CHAMPS_COMPTE = (
    Champ("courriel", 254, True, est_courriel, "une adresse comme nom@exemple.fr, sans accent"),
    Champ("nom", 100, True, est_nom, "des lettres latines, sans chiffre"),
    Champ("prenom", 100, True, est_nom, "des lettres latines, sans chiffre"),
    next(champ for champ in CHAMPS_CANDIDAT if champ.nom == "telephone"),
)


def proches_de(compte: Compte | Mapping[str, Any]) -> tuple[str, str, str]:
    """Out: what a password may not be made of."""
    lire = compte.get if isinstance(compte, Mapping) else lambda nom: getattr(compte, nom)
    return lire("nom") or "", lire("prenom") or "", lire("courriel") or ""


def demande(saisie: Mapping[str, Any], mot_de_passe: str) -> dict[str, Any]:
    """R-008: what is kept of a request for an account, cleaned. Raises Empeche, every problem at once."""
    propre = {champ.nom: nettoyer(saisie.get(champ.nom)) for champ in CHAMPS_COMPTE}
    propre["courriel"] = normaliser_courriel(saisie.get("courriel"))
    trouves = verifier_champs(CHAMPS_COMPTE, propre, complet=True)
    trouves += [_dans_l_entree(p) for p in problemes(mot_de_passe, proches_de(propre))]
    refuser(*trouves)
    return propre


def choisir_structure(structure: object, declaree: object) -> None:
    """R-004, R-005: a request names a structure of the list, or declares one. Raises Empeche."""
    if structure and declaree:
        raise Empeche([FormatInvalide(RACINE, "structure", attendu="une structure, de la liste ou déclarée")])
    if not structure and not declaree:
        raise Empeche([ChampObligatoire(RACINE, "structure")])


def verifier_mot_de_passe(compte: Compte, mot_de_passe: str, chemin: str) -> None:
    """Raise Empeche for a password that this person may not take."""
    refuser(*problemes(mot_de_passe, proches_de(compte), chemin))


def nouvelle_adresse(courriel: str) -> str:
    """R-014: the address that somebody wants, as it is kept. Raises Empeche."""
    propre = normaliser_courriel(courriel)
    refuser(*verifier_champs(CHAMPS_COMPTE[:1], {"courriel": propre}, complet=True))
    return propre


def nouveau_compte(propre: Mapping[str, Any], *, le: datetime) -> dict[str, Any]:
    """R-008: the columns of an account that waits for its e-mail to be confirmed."""
    colonnes = {nom: propre[nom] for nom in ("courriel", "nom", "prenom", "telephone")}
    return colonnes | {"etat": EtatCompte.A_CONFIRMER, "nature": NatureCompte.PERSONNE, "cree_le": le}


def _dans_l_entree(probleme: Empechement) -> Empechement:
    probleme.chemin = (RACINE, *probleme.chemin)
    return probleme


# --- what is done -------------------------------------------------------------------------------------------------


def confirmer(compte: Compte, contenu: Mapping[str, Any]) -> CompteConfirme:
    """R-008: what was asked by whoever reads the address becomes the account. Raises Empeche if it is one already."""
    if compte.etat is EtatCompte.ACTIF:
        raise Empeche([LienInvalide("jeton")])
    for nom in ("nom", "prenom", "telephone"):
        setattr(compte, nom, contenu[nom])
    compte.etat = EtatCompte.ACTIF
    return CompteConfirme(compte.id)


def modifier(compte: Compte, saisie: Mapping[str, Any]) -> CompteModifie:
    """R-014: the telephone of an account. Raises Empeche."""
    propre = {
        nom: valeur if isinstance(valeur, EnvoiAvis) else nettoyer(valeur)
        for nom, valeur in saisie.items()
        if nom != "envoi_avis" or valeur is not None  # a choice is changed, never emptied
    }
    refuser(*verifier_champs(CHAMPS_COMPTE[3:], propre, complet=False))
    change = tuple(nom for nom, valeur in propre.items() if getattr(compte, nom) != valeur)
    for nom in change:
        setattr(compte, nom, propre[nom])
    return CompteModifie(compte.id, change)


def changer_adresse(compte: Compte, lien: LienCourriel) -> AdresseChangee:
    """R-014: both addresses agreed."""
    compte.courriel = lien.contenu["courriel"]
    return AdresseChangee(compte.id)


# --- links --------------------------------------------------------------------------------------------------------


def utiliser(lien: LienCourriel, usages: Iterable[UsageLien], *, le: datetime) -> None:
    """A link serves once, in time, for what it is for. What it carried is forgotten by who needs it no more."""
    if lien.usage not in usages or lien.utilise_le is not None or lien.expire_le <= le:
        raise Empeche([LienInvalide("jeton")])
    lien.utilise_le = le


def est_oubliee(compte: Compte, liens: Iterable[LienCourriel], *, le: datetime) -> bool:
    """R-008: True for a request that nobody can, or will, confirm any more."""
    attend = any(lien.utilise_le is None and lien.expire_le > le for lien in liens)
    return compte.etat is EtatCompte.A_CONFIRMER and compte.cree_le < le - OUBLI_DEMANDE and not attend


def trop_de_liens(recents: Iterable[LienCourriel], *, le: datetime) -> bool:
    """True if this account was sent enough links within the hour: the next one waits, silently."""
    return sum(lien.cree_le > le - timedelta(hours=1) for lien in recents) >= LIENS_PAR_HEURE


def est_complete(lien: LienCourriel, tous: Iterable[LienCourriel]) -> bool:
    """R-014: True once both addresses followed the links of the same request."""
    couple = [autre for autre in tous if autre.cree_le == lien.cree_le]
    return {autre.usage for autre in couple if autre.utilise_le is not None} == set(CHANGEMENT_D_ADRESSE)
