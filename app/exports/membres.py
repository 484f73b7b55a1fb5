"""The members of a structure, as a table (R-030). It is made of what the reading door answers, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app import models as m
from app.kit.clock import paris_day

from .tableur import csv_bytes

NOTER = """mutation($structure: ID!) { exporterMembres(structure: $structure) {
  structure { siret } empechements { code message } } }"""
PAGE = """query($structure: ID!, $apres: String) {
  affiliations(filtre: { structure: $structure, etat: ACCEPTEE }, first: 100, after: $apres) {
    pageInfo { hasNextPage endCursor }
    nodes { demandeeLe referent employeur droits { droit } compte { nom prenom courriel telephone } } } }"""
ENTETES = (
    "Nom",
    "Prénom",
    "Adresse e-mail",
    "Téléphone",
    "Référent",
    "Employeur",
    "Droits",
    "Rattachement demandé le",
)


def tableau(membres: Iterable[Mapping[str, Any]]) -> bytes:
    """In: the nodes of `PAGE`. Out: the CSV, people in the order of their names."""
    return csv_bytes(ENTETES, sorted(map(ligne, membres)))


def ligne(membre: Mapping[str, Any]) -> tuple[Any, ...]:
    """Out: the cells of a member."""
    compte = membre["compte"] or {}
    droits = [m.Droit[accorde["droit"]].libelle for accorde in membre["droits"]]
    return (
        compte.get("nom") or "",
        compte.get("prenom") or "",
        compte.get("courriel") or "",
        compte.get("telephone") or "",
        membre["referent"],
        membre["employeur"],
        ", ".join(droits),
        f"{paris_day(datetime.fromisoformat(membre['demandeeLe'])):%d/%m/%Y}",
    )
