"""Texts that come with formatting, made plain: only paragraphs and simple bullets are kept (R-205)."""

from __future__ import annotations

import re
from html.entities import html5
from html.parser import HTMLParser

BLOCS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
MARQUES = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "big",
        "body",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "del",
        "em",
        "figure",
        "font",
        "footer",
        "header",
        "html",
        "i",
        "img",
        "ins",
        "label",
        "main",
        "mark",
        "meta",
        "nav",
        "s",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tt",
        "u",
    ]
)
ESPERLUETTE = re.compile("&(#[0-9]+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)?")
GARDEE = "\0"  # which no text has
MUETS = frozenset(["script", "style", "head", "title", "iframe", "object", "template"])


class _Simple(HTMLParser):
    """Keeps the text; a tag that HTML does not know stays as it is written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.morceaux: list[str] = []
        self._muet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in MUETS:
            self._muet += 1
        elif tag in BLOCS:
            self.morceaux.append("\n")
        elif tag == "li":
            self.morceaux.append("\n- ")
        elif tag not in MARQUES:
            self.morceaux.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in MUETS:
            self._muet = max(0, self._muet - 1)
        elif tag in BLOCS:
            self.morceaux.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._muet:
            self.morceaux.append(data)


def _gardee(trouvee: re.Match[str]) -> str:
    """Out: a whole entity as it is; any other « & » put aside: HTML would read `?id=1&region=75` as `?id=1®ion=75`."""
    nom = trouvee[1]
    if nom and (nom.startswith("#") or nom in html5):
        return trouvee[0]
    return GARDEE + (nom or "")


def simple(texte: str) -> str:
    """In: a text, perhaps HTML. Out: the same words, on lines; never more than one empty line in a row."""
    if texte.isprintable() and not ("<" in texte or "&" in texte or "  " in texte):
        return texte.strip()  # most texts: one line, nothing to undo
    if "<" in texte or "&" in texte:
        lecteur = _Simple()
        lecteur.feed(ESPERLUETTE.sub(_gardee, texte))
        lecteur.close()
        texte = "".join(lecteur.morceaux).replace(GARDEE, "&")
    lignes = (re.sub(r"[^\S\n]+", " ", ligne).strip() for ligne in texte.splitlines())
    propre = re.sub(r"\n{3,}", "\n\n", "\n".join(lignes)).strip()
    return re.sub(r"\n\n(?=- )", "\n", re.sub(r"^- *\n+(?=\S)", "- ", propre, flags=re.MULTILINE))
