"""The form of a file: well-formed, a known namespace, no DTD, elements and attributes as the grammar wants them.

The reading is a stream: what is kept in memory is the path of the open elements. Nothing outside the file is ever
opened: a `<!DOCTYPE` stops the reading where it stands, before any entity could be declared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol
from xml.parsers import expat

from app.domain.lheo import ESPACES

from .fautes import ANOMALIES, FormeRefusee, conseil
from .grammaire import LIBRE, Modele, grammaire, ressemble
from .valeurs import BLANCS

MORCEAU = 1 << 16
PLUS_LONG_JETON = 1 << 20  # a tag, an attribute, a comment; the text of an element comes in pieces
PLUS_PROFOND = 64  # LHEO needs 12, and what an `extra` holds
ENCODAGES = re.compile(
    r"utf-8|utf-16|us-ascii|iso-8859-([1-9]|1[013-6])|windows-125[0-8]|cp125[0-8]|latin1", re.IGNORECASE
)
COMPRIMES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf")  # zip, gzip, bzip2, 7z
JETON_INVALIDE = expat.errors.codes["not well-formed (invalid token)"]
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSI_PERMIS = frozenset({f"{XSI} schemaLocation", f"{XSI} noNamespaceSchemaLocation"})

Progres = Callable[[int], None]
"""Told how many bytes have just been read."""


class Receveur(Protocol):
    """Who is told the elements, once their form is known to be right."""

    def ouvrir(self, modele: Modele, attributs: list[str], ligne: int) -> None:
        """An element begins; attributes are name, value, name, value…"""

    def texte(self, morceau: str) -> None:
        """A piece of the text of the open element; only those that have a text are told."""

    def fermer(self) -> None:
        """The open element ends."""


class _Rien:
    def ouvrir(self, modele: Modele, attributs: list[str], ligne: int) -> None:
        pass

    def texte(self, morceau: str) -> None:
        pass

    def fermer(self) -> None:
        pass


class _Ouvert:
    __slots__ = ("combien", "modele", "place")

    def __init__(self, modele: Modele) -> None:
        self.modele, self.place, self.combien = modele, -1, 0


RACINE = Modele("", places={"lheo": 0}, noms=("lheo",), maxima=(1,), attendu=(0, 1 << 62))


class Analyse:
    """One reading of one stream: checks the form, and tells the receiver."""

    def __init__(self, receveur: Receveur | None = None, encodage: str | None = None) -> None:
        """In: who is told, none: the form only; how the bytes are written, whatever the file says of it."""
        self.version = self.uri = ""
        self.nb_formations = 0
        self._receveur: Receveur = receveur or _Rien()
        self._pile = [_Ouvert(RACINE)]
        self._modeles: dict[str, Modele] = {}
        self._lus = 0
        self._encodage = encodage
        self._analyseur = parser = expat.ParserCreate(encodage, namespace_separator=" ")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self._ouvrir
        parser.EndElementHandler = self._fermer
        parser.CharacterDataHandler = self._texte
        parser.StartDoctypeDeclHandler = self._dtd
        parser.XmlDeclHandler = self._declaration

    def nourrir(self, morceau: bytes) -> None:
        """In: the next bytes; none at all: the end. Raises FormeRefusee."""
        if not self._lus and morceau.startswith(COMPRIMES):
            raise self._faute("MAL_FORME", "ce fichier est une archive : décompressez-le d'abord")
        try:
            self._analyseur.Parse(morceau, not morceau)
        except expat.ExpatError as erreur:
            dit = expat.ErrorString(erreur.code)
            motif = ANOMALIES.get(dit, f"XML mal formé ({dit})")
            if erreur.code == JETON_INVALIDE:
                motif += self._conseil(morceau)
            raise FormeRefusee(erreur.lineno, "MAL_FORME", motif) from None
        except (ValueError, LookupError) as erreur:  # an encoding of the list that this Python lacks
            raise self._faute("ENCODAGE", f"l'encodage annoncé ne peut pas être lu ({erreur})") from None
        self._lus += len(morceau)
        if self._lus - self._analyseur.CurrentByteIndex > PLUS_LONG_JETON:
            raise self._faute("TROP_LONG", "une balise ou un commentaire dépasse un million de caractères")

    def _conseil(self, morceau: bytes) -> str:
        """In: the bytes where the reading stopped. Out: what its producer most often got wrong there, or nothing."""
        la = self._analyseur.ErrorByteIndex - self._lus
        return conseil(morceau[max(la - 1, 0) : la], morceau[la : la + 4]) if la >= 0 else ""

    def _faute(self, code: str, motif: str, element: str = "") -> FormeRefusee:
        return FormeRefusee(self._analyseur.CurrentLineNumber, code, motif, element)

    def _dtd(self, *_: object) -> None:
        raise self._faute("DTD_INTERDITE", "une DTD (<!DOCTYPE) est interdite")

    def _declaration(self, version: str, encodage: str | None, autonome: int) -> None:
        if self._encodage is None and encodage is not None and not ENCODAGES.fullmatch(encodage):
            raise self._faute(
                "ENCODAGE", f"encodage {encodage!r}, attendu : UTF-8, UTF-16, ISO-8859 ou Windows"
            )

    def _racine(self, nom: str) -> None:
        espace, _, local = nom.rpartition(" ")
        if espace not in ESPACES:
            connus = " ou ".join(ESPACES)
            dit = f"espace de noms {espace!r}" if espace else "aucun espace de noms"
            raise self._faute("ESPACE_INCONNU", f"{dit}, attendu : {connus}", local)
        self.version = ESPACES[espace]
        self._modeles = {f"{espace} {nom}": modele for nom, modele in grammaire().items()}

    def _ouvrir(self, nom: str, attributs: list[str]) -> None:
        pile = self._pile
        if not self._modeles:
            self._racine(nom)
        modele = self._modeles.get(nom)
        parent = pile[-1]
        if modele is None or not self._avancer(parent, modele.nom):
            modele = self._ailleurs(parent, nom, modele)
        if len(pile) > PLUS_PROFOND:
            raise self._faute("TROP_PROFOND", f"plus de {PLUS_PROFOND} éléments emboîtés", modele.nom)
        if attributs:
            self._attributs(modele, attributs)
        if len(pile) == 1:
            self.uri = dict(zip(attributs[::2], attributs[1::2], strict=True)).get("uri", "").strip()
        pile.append(_Ouvert(modele))
        self.nb_formations += modele.nom == "formation" and parent.modele.nom == "offres"
        self._receveur.ouvrir(modele, attributs, self._analyseur.CurrentLineNumber)

    def _avancer(self, parent: _Ouvert, nom: str) -> bool:
        """Out: True when the child is in its place; it is then counted."""
        modele = parent.modele
        place = modele.places.get(nom, -2)
        if place == parent.place:
            parent.combien += 1
            return parent.combien <= modele.maxima[place]
        if parent.place < place <= modele.attendu[parent.place + 1]:
            parent.place, parent.combien = place, 1
            return True
        return nom in modele.choix

    def _ailleurs(self, parent: _Ouvert, nom: str, modele: Modele | None) -> Modele:
        """Out: the model of an element that an `extra` holds. Raises FormeRefusee anywhere else."""
        if parent.modele.libre:
            return modele or LIBRE
        espace, _, local = nom.rpartition(" ")
        if modele is None and local in grammaire():
            raise self._faute(
                "ESPACE_INCONNU", f"espace de noms {espace!r}, autre que celui de la racine", local
            )
        raise self._inattendu(parent, local)

    def _inattendu(self, parent: _Ouvert, nom: str) -> FormeRefusee:
        dans = parent.modele
        if dans.controle is not None:
            return self._faute(
                "ELEMENT_INATTENDU", f"<{nom}> dans <{dans.nom}>, qui ne contient que du texte", nom
            )
        place, attendu = dans.places.get(nom, -1), dans.attendu[min(parent.place + 1, len(dans.attendu) - 1)]
        ou = f"dans <{dans.nom}>" if dans.nom else "à la racine"
        if place == parent.place and place >= 0:
            return self._faute("ELEMENT_EN_TROP", f"<{nom}> {ou} : {dans.maxima[place]} au plus", nom)
        if place > attendu:
            return self._faute(
                "ELEMENT_MANQUANT", f"<{dans.noms[attendu]}> manque {ou}, avant <{nom}>", dans.noms[attendu]
            )
        if place >= 0:
            apres = dans.noms[parent.place]
            return self._faute("ELEMENT_DEPLACE", f"<{nom}> {ou} vient après <{apres}>, attendu avant", nom)
        proche = ressemble(nom, dans.fils())
        conseil = f" (peut-être <{proche}> ?)" if proche else ""
        return self._faute("ELEMENT_INCONNU", f"<{nom}> n'est pas un élément attendu {ou}{conseil}", nom)

    def _attributs(self, modele: Modele, attributs: list[str]) -> None:
        if modele.libre:
            return
        for nom in attributs[::2]:
            if nom not in modele.attributs and nom not in XSI_PERMIS:
                motif = f"l'attribut « {nom.rpartition(' ')[2]} » n'existe pas"
                raise self._faute("ATTRIBUT_INCONNU", motif, modele.nom)

    def _texte(self, morceau: str) -> None:
        modele = self._pile[-1].modele
        if modele.controle is not None or modele.libre:
            self._receveur.texte(morceau)
        elif morceau.strip(BLANCS):
            raise self._faute(
                "TEXTE_INATTENDU", "du texte là où seuls des éléments sont attendus", modele.nom
            )

    def _fermer(self, nom: str) -> None:
        ouvert = self._pile.pop()
        modele = ouvert.modele
        attendu = modele.attendu[ouvert.place + 1]
        if attendu < len(modele.noms):
            manque = modele.noms[attendu]
            raise self._faute("ELEMENT_MANQUANT", f"<{manque}> manque dans <{modele.nom}>", manque)
        self._receveur.fermer()


@dataclass(frozen=True, slots=True)
class Releve:
    """What the check of a form learns: the version of LHEO, who sends it, and how many formations there are."""

    version: str
    nb_formations: int
    uri: str = ""


def morceaux(flux: BinaryIO, progres: Progres | None = None) -> Iterator[bytes]:
    """Out: the bytes of a stream piece by piece, the last one empty."""
    while morceau := flux.read(MORCEAU):
        if progres is not None:
            progres(len(morceau))
        yield morceau
    yield b""


def examiner(flux: BinaryIO, progres: Progres | None = None, encodage: str | None = None) -> Releve:
    """In: a stream of bytes, at its beginning; how they are written, None: as the file says.

    Out: what was learnt. Raises FormeRefusee; keeps nothing of the file.
    """
    analyse = Analyse(encodage=encodage)
    for morceau in morceaux(flux, progres):
        analyse.nourrir(morceau)
    return Releve(analyse.version, analyse.nb_formations, analyse.uri)
