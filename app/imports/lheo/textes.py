"""Texts of a feed, made plain (R-205); what only fills a compulsory element is nothing."""

from __future__ import annotations

from app.domain.lheo import NEUTRES
from app.domain.textes_simples import simple as simple


def ou_rien(texte: str) -> str | None:
    """Out: the text made plain, or None when a source only fills a compulsory element (« - »)."""
    propre = simple(texte)
    return None if propre in NEUTRES else propre


def une_ligne(texte: str) -> str | None:
    """Out: the text made plain, on one line, or None."""
    propre = ou_rien(texte)
    return " ".join(propre.split()) if propre else None
