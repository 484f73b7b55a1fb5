"""A formation as it stands in the file: elements with their line, held only while it is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from .grammaire import Modele
from .valeurs import Defaut, attribut

PLUS_LONG_TEXTE = 20_000  # kept of one element; LHEO wants 3 000 at most, and the true length is counted
PLUS_D_ELEMENTS = 400_000  # of one formation: some ten thousand sessions
PLUS_DE_TEXTE = 32_000_000
PROFONDEUR = 3  # lheo, offres, formation: an `extra` may hold the same name elsewhere


class Noeud:
    """An element: its name, line, attributes, text and children."""

    __slots__ = ("attributs", "chemin", "fautif", "fils", "ligne", "longueur", "nom", "texte")

    def __init__(self, nom: str, chemin: str, ligne: int, attributs: dict[str, str]) -> None:
        """In: what its opening tag says."""
        self.nom, self.chemin, self.ligne, self.attributs = nom, chemin, ligne, attributs
        self.texte = ""
        self.longueur = 0
        self.fils: list[Noeud] = []
        self.fautif = False

    def un(self, *noms: str) -> Noeud | None:
        """In: names, one a step down. Out: the first element there, or None."""
        ici = self
        for nom in noms:
            trouve = next((fils for fils in ici.fils if fils.nom == nom), None)
            if trouve is None:
                return None
            ici = trouve
        return ici

    def tous(self, nom: str) -> Iterator[Noeud]:
        """Out: the children of that name, in order."""
        return (fils for fils in self.fils if fils.nom == nom)

    def dit(self, *noms: str) -> str:
        """Out: the text found there, without blanks around; empty when there is none."""
        noeud = self.un(*noms)
        return noeud.texte.strip() if noeud is not None else ""

    @property
    def numero(self) -> str:
        """The number its source gives it; empty when it gives none."""
        return self.attributs.get("numero", "").strip()


class Defaillance:
    """A value that a simple type refuses."""

    __slots__ = ("defaut", "noeud", "valeur")

    def __init__(self, noeud: Noeud, valeur: str, defaut: Defaut) -> None:
        """In: the element, what was read, what is wrong."""
        self.noeud, self.valeur, self.defaut = noeud, valeur, defaut


class Arbre:
    """What a finished formation is handed over as."""

    __slots__ = ("defaillances", "racine")

    def __init__(self, racine: Noeud) -> None:
        """In: the element `formation`."""
        self.racine = racine
        self.defaillances: list[Defaillance] = []


class Batisseur:
    """Receives the elements of a file, and hands over one formation after the other.

    Outside a formation nothing is kept; inside an `extra`, only its own text. A formation larger than the bounds
    is handed over without its content, and says so: memory does not depend on the file.
    """

    def __init__(self) -> None:
        """Nothing read yet."""
        self.finis: deque[Arbre] = deque()
        self._arbre: Arbre | None = None
        self._pile: list[tuple[Modele, Noeud, list[str]]] = []
        self._saute = self._profondeur = 0
        self._elements = self._textes = 0
        self._chemins: dict[tuple[str, str], str] = {}

    def ouvrir(self, modele: Modele, attributs: list[str], ligne: int) -> None:
        """An element begins."""
        self._profondeur += 1
        if self._saute:
            self._saute += 1
            return
        if self._arbre is None and (self._profondeur != PROFONDEUR or modele.nom != "formation"):
            return
        if self._pile and self._pile[-1][0].libre:
            self._saute = 1
            return
        noeud = Noeud(
            modele.nom,
            self._chemin(modele.nom),
            ligne,
            dict(zip(attributs[::2], attributs[1::2], strict=True)),
        )
        if self._arbre is None:
            self._arbre, self._elements, self._textes = Arbre(noeud), 0, 0
        elif self._elements < PLUS_D_ELEMENTS:
            self._pile[-1][1].fils.append(noeud)
        self._elements += 1
        self._pile.append((modele, noeud, []))
        self._attributs(modele, noeud)

    def _chemin(self, nom: str) -> str:
        parent = self._pile[-1][1].chemin if self._pile else ""
        chemin = self._chemins.get((parent, nom))
        if chemin is None:
            chemin = self._chemins[parent, nom] = f"{parent}/{nom}" if parent else nom
            if len(self._chemins) > 5_000:  # `extras` may nest in many ways
                self._chemins.clear()
        return chemin

    def _attributs(self, modele: Modele, noeud: Noeud) -> None:
        for nom, valeur in noeud.attributs.items():
            nature = modele.attributs.get(nom, "texte")
            if nature != "texte" and (defaut := attribut(nature, valeur)):
                self._defaillir(noeud, valeur, (defaut[0], f"attribut {nom} : {defaut[1]}"))

    def _defaillir(self, noeud: Noeud, valeur: str, defaut: Defaut) -> None:
        if self._arbre is not None and len(self._arbre.defaillances) < 100:
            self._arbre.defaillances.append(Defaillance(noeud, valeur, defaut))

    def texte(self, morceau: str) -> None:
        """A piece of text of the open element."""
        if self._saute or not self._pile:
            return
        _, noeud, morceaux = self._pile[-1]
        if noeud.longueur < PLUS_LONG_TEXTE:
            morceaux.append(morceau)
        noeud.longueur += len(morceau)

    def fermer(self) -> None:
        """The open element ends."""
        self._profondeur -= 1
        if self._saute:
            self._saute -= 1
            return
        if not self._pile:
            return
        modele, noeud, morceaux = self._pile.pop()
        noeud.texte = "".join(morceaux)[:PLUS_LONG_TEXTE]
        self._textes += len(noeud.texte)
        if self._textes > PLUS_DE_TEXTE:
            self._elements = PLUS_D_ELEMENTS + 1
        if modele.controle is not None and (defaut := modele.controle(noeud.texte, noeud.longueur)):
            noeud.fautif = True
            self._defaillir(noeud, noeud.texte, defaut)
        if not self._pile:
            self._finir()

    def _finir(self) -> None:
        arbre = self._arbre
        assert arbre is not None
        self._arbre = None
        if self._elements > PLUS_D_ELEMENTS:
            arbre.racine.fils.clear()
            defaut = (
                "TROP_GRANDE",
                f"la formation dépasse {PLUS_D_ELEMENTS} éléments ou {PLUS_DE_TEXTE} caractères",
            )
            arbre.defaillances.insert(0, Defaillance(arbre.racine, "", defaut))
        self.finis.append(arbre)
