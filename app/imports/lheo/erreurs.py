"""What is wrong in a formation: everything found, each with its line and its element."""

from __future__ import annotations

from dataclasses import dataclass, field

from .noeuds import Noeud

MONTRE = 60  # characters of a value that a report shows


@dataclass(frozen=True, slots=True)
class Erreur:
    """A value that cannot be taken.

    ligne    where its element begins in the file, from 1
    element  the name of the element
    chemin   the elements from the formation down to it
    valeur   what was read, shortened
    code     a word for programs;  motif  a French sentence for people;  regle  the rule, if it is one of ours
    """

    ligne: int
    element: str
    chemin: str
    valeur: str
    code: str
    motif: str
    regle: str | None = None

    def __str__(self) -> str:
        """Out: one line, in French."""
        valeur = f" « {self.valeur} »" if self.valeur else ""
        return f"ligne {self.ligne}, {self.element}{valeur} : {self.motif}{f' ({self.regle})' if self.regle else ''}"


@dataclass(slots=True)
class Releveur:
    """Gathers what is wrong while a formation is read; nothing stops at the first."""

    erreurs: list[Erreur] = field(default_factory=list)
    avertissements: list[Erreur] = field(default_factory=list)

    def refuser(self, noeud: Noeud, code: str, motif: str, regle: str | None = None) -> None:
        """Note a reason to refuse the formation, unless the element is already known to be wrong."""
        if not noeud.fautif:
            self.erreurs.append(_erreur(noeud, code, motif, regle))

    def avertir(self, noeud: Noeud, code: str, motif: str, regle: str | None = None) -> None:
        """Note what a person should look at; the formation is taken."""
        self.avertissements.append(_erreur(noeud, code, motif, regle))


def _erreur(noeud: Noeud, code: str, motif: str, regle: str | None) -> Erreur:
    return Erreur(noeud.ligne, noeud.nom, noeud.chemin, extrait(noeud.texte), code, motif, regle)


def extrait(texte: str) -> str:
    """Out: the beginning of a value, on one line."""
    plat = " ".join(texte.split())
    return plat if len(plat) <= MONTRE else plat[: MONTRE - 1] + "…"
