"""Candidats: how one is searched, found again, enrolled (R-081 to R-088, R-095, C-28)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from app.kit.conditions import Compare, Condition, Ref, all_of, any_of
from app.models import AccesCandidat, Candidat, RechercheCandidat

from .calendrier import jour_de_paris
from .candidats_faits import CandidatModifie, CandidatsRecherches
from .conservation import identifiee
from .empechements import Empeche, Empechement, refuser
from .formulaires import RACINE, SaisieCandidat, nettoyee, problemes_candidat, problemes_recherche
from .textes import plier

DUREE_ACCES = timedelta(hours=24)  # C-28: what an exact search opens to the structure
VALIDITE_RECHERCHE = timedelta(hours=1)  # a search made before is none
SILENCE_RECHERCHE = timedelta(days=1)  # what was searched is forgotten; who searched, and when, is kept


class CriteresInsuffisants(Empechement):
    """Indiquez un identifiant France Travail, ou bien le nom, le prénom et la date de naissance ensemble."""

    regle = "R-082"


class RecherchePrealable(Empechement):
    """Recherchez d'abord cette personne dans l'annuaire : elle ne s'inscrit que si la recherche n'a trouvé personne."""

    regle = "R-081"


class DoublonCandidat(Empechement):
    """Cette personne est déjà dans l'annuaire : refaites la recherche pour retrouver sa fiche."""

    regle = "R-095"


# --- searching ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Criteres:
    """What somebody is searched by: an identifier, or a whole identity, folded (C-28). None: not asked."""

    numero_france_travail: str | None = None
    identifiant_regional: str | None = None
    nom_plie: str | None = None
    prenom_plie: str | None = None
    date_naissance: date | None = None

    def valeurs(self) -> dict[str, Any]:
        """Out: the values that `CORRESPOND` compares; what is not asked matches nobody."""
        return asdict(self)

    def identite(self) -> tuple[str, str, date] | None:
        """Out: the identity, only when it is whole."""
        if self.nom_plie and self.prenom_plie and self.date_naissance:
            return self.nom_plie, self.prenom_plie, self.date_naissance
        return None


def _egal(colonne: str) -> Condition:
    return Compare((colonne,), "=", Ref(colonne))


CORRESPOND: Condition = any_of(
    [
        _egal("numero_france_travail"),
        _egal("identifiant_regional"),
        all_of(
            [
                _egal("nom_plie"),
                _egal("prenom_plie"),
                _egal("date_naissance"),
                Compare(("anonymise_le",), "=", None),
            ]
        ),
    ]
)
"""On a Candidat, with `Criteres.valeurs()`: who is found by a search, and who a new candidat would double."""


def criteres(saisie: Mapping[str, Any]) -> Criteres:
    """R-082, R-083: the criteria of what was typed: accents, hyphens, case and blanks do not count.

    In: nom, prenom, date_naissance, numero_france_travail, identifiant_regional, all optional. An identity that is
    not whole is left out. Raises Empeche(FORMAT_INVALIDE, CRITERES_INSUFFISANTS).
    """
    propre = nettoyee(saisie)
    refuser(*problemes_recherche(propre))
    trouves = _criteres(propre)
    if not (trouves.numero_france_travail or trouves.identifiant_regional or trouves.identite()):
        raise Empeche([CriteresInsuffisants(RACINE)])
    return trouves


def _criteres(propre: Mapping[str, Any]) -> Criteres:
    nom, prenom = plier(propre.get("nom") or ""), plier(propre.get("prenom") or "")
    naissance = propre.get("date_naissance")
    entiere = nom and prenom and naissance
    return Criteres(
        propre.get("numero_france_travail"),
        propre.get("identifiant_regional"),
        *((nom, prenom, naissance) if entiere else ()),
    )


def empreinte(criteres: Criteres, compte_id: int) -> bytes:
    """Out: what the log keeps of a search: enough to know it again for the same account, no name."""
    texte = "|".join(str(valeur or "") for valeur in (compte_id, *criteres.valeurs().values()))
    return hashlib.sha256(texte.encode()).digest()


def noter_recherche(
    criteres: Criteres, *, nb_trouves: int, compte_id: int, structure_id: int | None, le: datetime
) -> tuple[RechercheCandidat, CandidatsRecherches]:
    """C-28: the trace of a search, to be added, and its fact."""
    recherche = RechercheCandidat(
        compte_id=compte_id,
        structure_id=structure_id,
        empreinte=empreinte(criteres, compte_id),
        nb_trouves=nb_trouves,
        faite_le=le,
    )
    return recherche, CandidatsRecherches(nb_trouves)


def ouvrir_acces(candidat: Candidat, *, compte_id: int, structure_id: int, le: datetime) -> AccesCandidat:
    """C-28: what an exact search opens: the candidat, to the structure, for 24 hours."""
    return AccesCandidat(
        candidat_id=candidat.id,
        structure_id=structure_id,
        compte_id=compte_id,
        ouvert_le=le,
        jusqu_au=le + DUREE_ACCES,
    )


TAIRE: Condition = all_of(
    [Compare(("faite_le",), "<", Ref("tue_avant")), Compare(("empreinte",), "!=", Ref("rien"))]
)
"""On a RechercheCandidat: it serves no creation any more, and its fingerprint could still be guessed from a name."""
OUBLIER: Condition = Compare(("faite_le",), "<", Ref("oubliee_avant"))
"""On a RechercheCandidat: the log of accesses is kept a year."""


def taire(recherche: RechercheCandidat) -> None:
    """Forget what was searched."""
    recherche.empreinte = b""


# --- enrolling ---------------------------------------------------------------------------------------------------


def creer(
    saisie: Mapping[str, Any],
    *,
    reference: str,
    recherches: Iterable[RechercheCandidat],
    existants: Sequence[Candidat],
    compte_id: int,
    structure_id: int | None,
    le: datetime,
) -> dict[str, Any]:
    """R-088: the columns of a new candidat.

    In: a `SaisieCandidat`; the searches of this account; who matches `criteres_de(saisie)`. Raises Empeche: every
    problem of the form, RECHERCHE_PREALABLE (R-081), DOUBLON_CANDIDAT (R-095).
    """
    propre = nettoyee(saisie)
    refuser(
        *problemes_candidat(propre, jour_de_paris(le)),
        *([] if a_ete_cherche(propre, recherches, compte_id, le) else [RecherchePrealable()]),
        *([DoublonCandidat()] if existants else []),
    )
    return {
        "reference": reference,
        "createur_id": compte_id,
        "createur_structure_id": structure_id,
        "cree_le": le,
        "modifie_le": le,
        **propre,
    }


def modifier(
    candidat: Candidat, saisie: Mapping[str, Any], *, existants: Sequence[Candidat], le: datetime
) -> CandidatModifie:
    """R-085: change what is given of the fiche. In: who matches `criteres_de` of the fiche once changed."""
    identifiee(candidat)
    propre = nettoyee(saisie)
    apres = fiche(candidat) | propre
    autres = [e for e in existants if e.id != candidat.id]
    refuser(
        *problemes_candidat(apres, jour_de_paris(le)),
        *([DoublonCandidat()] if autres else []),
    )
    changes = tuple(nom for nom, valeur in propre.items() if getattr(candidat, nom) != valeur)
    for nom in changes:
        setattr(candidat, nom, propre[nom])
    candidat.modifie_le = le
    return CandidatModifie(candidat.id, changes)


def fiche(candidat: Candidat) -> dict[str, Any]:
    """Out: the values of the form of a candidat."""
    return {nom: getattr(candidat, nom) for nom in SaisieCandidat.__annotations__}


def criteres_de(saisie: Mapping[str, Any]) -> Criteres:
    """Out: everything by which a candidat with these values would be found (R-095)."""
    return _criteres(nettoyee(saisie))


def a_ete_cherche(
    saisie: Mapping[str, Any], recherches: Iterable[RechercheCandidat], compte_id: int, le: datetime
) -> bool:
    """R-081: True if this account searched this very person within the hour, and found nobody.

    A search by one identifier is enough, as is one by identity: any set of criteria that this person answers.
    """
    possibles = {empreinte(c, compte_id) for c in _partiels(criteres_de(saisie))}
    return any(
        r.nb_trouves == 0
        and timedelta(0) <= le - r.faite_le <= VALIDITE_RECHERCHE
        and r.empreinte in possibles  # an empreinte is of one account
        for r in recherches
    )


def _partiels(complets: Criteres) -> Iterable[Criteres]:
    """The criteria of every search that would look for this person: each part asked, or not."""
    identite = complets.identite()
    for numero, regional, avec_identite in product((True, False), repeat=3):
        partiels = Criteres(
            complets.numero_france_travail if numero else None,
            complets.identifiant_regional if regional else None,
            *(identite if avec_identite and identite else ()),
        )
        if partiels != Criteres():
            yield partiels
