"""The formations of a LHEO file, one after the other: each one read whole, or refused with every reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from . import organismes
from .actions import lire_actions
from .erreurs import Erreur, Releveur, extrait
from .forme import Analyse, Progres, morceaux
from .lus import FormationLue, FormationRefusee
from .noeuds import Arbre, Batisseur, Noeud
from .textes import une_ligne


def lire(
    flux: BinaryIO,
    departements: tuple[str, ...],
    progres: Progres | None = None,
    encodage: str | None = None,
) -> Iterator[FormationLue | FormationRefusee]:
    """In: a stream at its beginning, whose form was checked; the départements of the catalogue (R-244); how its
    bytes are written, None: as the file says.

    Out: each formation, in the order of the file. Memory holds one at a time. Raises FormeRefusee where the form is
    wrong, which only happens when the file has changed since it was checked.
    """
    batisseur = Batisseur()
    analyse = Analyse(batisseur, encodage)
    for morceau in morceaux(flux, progres):
        analyse.nourrir(morceau)
        while batisseur.finis:
            yield lire_formation(batisseur.finis.popleft(), departements)


def lire_formation(arbre: Arbre, departements: tuple[str, ...]) -> FormationLue | FormationRefusee:
    """In: a formation as it stands in the file. Out: what it means, or every reason why nothing of it is taken."""
    formation = arbre.racine
    titre = formation.un("intitule-formation")
    intitule = une_ligne(titre.texte) if titre is not None else None
    fautes = tuple(
        _erreur(defaillance.noeud, defaillance.valeur, defaillance.defaut)
        for defaillance in arbre.defaillances
    )
    if titre is None:  # larger than the bounds: nothing was kept
        return FormationRefusee(formation.ligne, formation.numero, "", fautes)
    releveur = Releveur()
    if intitule is None:
        releveur.refuser(titre, "INTITULE", "l'intitulé est vide", "R-201")
    elif _crie(intitule):
        releveur.avertir(titre, "INTITULE", "l'intitulé est tout en majuscules", "R-201")
    noeud = formation.un("organisme-formation-responsable")
    assert noeud is not None
    responsable = organismes.responsable(noeud, releveur)
    numero = formation.numero or _empreinte(responsable.siret, intitule or "")
    actions = lire_actions(formation, numero, responsable, departements, releveur)
    erreurs = tuple(dict.fromkeys((*fautes, *releveur.erreurs)))
    if erreurs:
        erreurs = tuple(sorted(erreurs, key=lambda erreur: erreur.ligne))
        return FormationRefusee(formation.ligne, numero, intitule or "", erreurs)
    avertissements = tuple(dict.fromkeys(releveur.avertissements))
    return FormationLue(formation.ligne, numero, intitule or "", responsable, actions, avertissements)


def _erreur(noeud: Noeud, valeur: str, defaut: tuple[str, str]) -> Erreur:
    return Erreur(noeud.ligne, noeud.nom, noeud.chemin, extrait(valeur), *defaut)


def _crie(intitule: str) -> bool:
    lettres = [lettre for lettre in intitule.removeprefix("[POEC]") if lettre.isalpha()]
    return len(lettres) > 12 and all(lettre.isupper() for lettre in lettres)


def _empreinte(*mots: str) -> str:
    """Out: a number for a formation whose source gives none: the same as long as its structure and title are."""
    return "~" + hashlib.sha256("\n".join(mots).encode()).hexdigest()[:16]
