"""Why a file is not LHEO, in the words of people."""

from __future__ import annotations

ANOMALIES = {
    "no element found": "le fichier est vide ou coupé avant la fin",
    "unclosed token": "le fichier est coupé au milieu d'une balise",
    "partial character": "le fichier est coupé au milieu d'un caractère",
    "unclosed CDATA section": "le fichier est coupé au milieu d'un texte",
    "mismatched tag": "cette balise ne ferme pas celle qui est ouverte",
    "duplicate attribute": "un attribut est écrit deux fois",
    "junk after document element": "il y a quelque chose après la fin du document",
    "undefined entity": "une entité n'est pas définie",
    "encoding specified in XML declaration is incorrect": "l'encodage annoncé n'est pas celui du fichier",
    "unbound prefix": "un préfixe d'espace de noms n'est pas déclaré",
    "not well-formed (invalid token)": "le fichier n'est pas du XML bien formé",
    "syntax error": "le fichier n'est pas du XML",
    "XML declaration not well-formed": "la déclaration XML est mal écrite",
    "XML or text declaration not at start of entity": "la déclaration XML (<?xml …) ouvre le fichier : rien ne la précède",
    "reference to invalid character number": "un caractère interdit est écrit par son numéro",
}


class FormeRefusee(Exception):
    """The file is not LHEO: nothing of it may be written. `str()` says why, in French, with the line."""

    def __init__(self, ligne: int, code: str, motif: str, element: str = "") -> None:
        """In: the line (from 1), a code, a French sentence, and the element it speaks of, if any."""
        super().__init__(f"ligne {ligne}{f', élément {element}' if element else ''} : {motif}")
        self.ligne, self.code, self.motif, self.element = ligne, code, motif, element


def conseil(avant: bytes, ici: bytes) -> str:
    """In: the byte before what no XML has, and some bytes from there. Out: what to mend, after « : »; or nothing."""
    if b"&" in (avant, ici[:1]):
        return " : « & » s'y écrit « &amp; »"
    if ici[:1] >= b"\x80" and not _commence_en_utf_8(ici):
        return (
            " : ce caractère n'est pas écrit dans l'encodage annoncé (peut-être ISO-8859-1 ou Windows-1252 ?)"
        )
    return ""


def _commence_en_utf_8(octets: bytes) -> bool:
    """Out: True when a whole character of UTF-8 comes first."""
    return any(_se_lit(octets[:longueur]) for longueur in range(1, len(octets) + 1))


def _se_lit(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
