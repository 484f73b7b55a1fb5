"""A file of reference data against the base: created, completed, left as it is. Under the permission `charger`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from app import models as m
from app.domain.referentiels import ReferentielCharge
from app.domain.textes import plier
from app.imports.tableurs import lire_tableau
from app.kit.clock import Clock
from app.kit.conditions import Compare, Ref, any_of
from app.policies.viewer import Viewer
from app.writing import Writer, Writing

from .formats import Colonnes, Format, lues, reconnaitre

LOT, FAUTES = 500, 20  # rows of a transaction; faults that are told, the others being counted


class _Essai(Exception):
    """Nothing of this transaction is to be kept."""


@dataclass
class Charge:
    """What became of a file.

    ailleurs   communes of other départements;  fautes   lines that say nothing usable, and why
    """

    format: str = ""
    crees: int = 0
    modifies: int = 0
    inchanges: int = 0
    ailleurs: int = 0
    nb_fautes: int = 0
    fautes: list[str] = field(default_factory=list)

    def faute(self, ligne: int, motif: str) -> None:
        """A line is left aside."""
        self.nb_fautes += 1
        if len(self.fautes) < FAUTES:
            self.fautes.append(f"ligne {ligne} : {motif}")


async def charger(
    writer: Writer,
    viewer: Viewer,
    horloge: Clock,
    flux: BinaryIO,
    departements: Collection[str],
    *,
    est_essai: bool = False,
) -> Charge:
    """In: the door, a gestionnaire, a file. Out: what became of it. Raises TableauRefuse, Empeche: nothing more is kept."""
    tableau = lire_tableau(flux)
    sorte, charge = reconnaitre(tableau), Charge()
    charge.format = sorte.nom
    bonnes = iter(_bonnes(sorte, lues(sorte, tableau), departements, charge))
    while lot := list(islice(bonnes, LOT)):
        try:
            async with writer.writing(viewer, horloge()) as tx:
                if not await _prendre(tx, sorte, lot, charge) or est_essai:
                    raise _Essai
        except _Essai:
            continue
    return charge


def _bonnes(
    sorte: Format, dites: Iterable[tuple[int, Colonnes | str]], departements: Collection[str], charge: Charge
) -> Iterable[Colonnes]:
    for ligne, dite in dites:
        if isinstance(dite, str):
            charge.faute(ligne, dite)
        elif dite.get("departement", None) not in (None, *departements):
            charge.ailleurs += 1
        else:
            yield dite


async def _prendre(tx: Writing, sorte: Format, lot: Sequence[Colonnes], charge: Charge) -> bool:
    """Out: whether anything was written."""
    lot = _reunies(sorte, lot)
    connues = await _connues(tx, sorte, lot)
    nouvelles: list[m.Base] = []
    changees: dict[int, tuple[Any, Colonnes]] = {}
    for dite in lot:
        row = next((r for cle in sorte.cles if (r := connues.get((cle, dite.get(cle)))) is not None), None)
        if row is None and sorte.cree:
            _creer(sorte, dite, connues, nouvelles)
        elif row is not None and row.id is not None and (noms := _differe(sorte, row, dite, connues)):
            changees[row.id] = row, {**changees.get(row.id, (row, {}))[1], **noms}
        else:
            charge.inchanges += 1
    await tx.ajouter_tous(nouvelles, pour="charger")
    await tx.take_tous(sorte.modele, list(changees), pour="charger")
    for row, colonnes in changees.values():
        for nom, valeur in colonnes.items():
            setattr(row, nom, valeur)
    charge.crees += len(nouvelles)
    charge.modifies += len(changees)
    if nouvelles or changees:
        tx.record(ReferentielCharge(fichier=sorte.nom, crees=len(nouvelles), modifies=len(changees)))
    return bool(nouvelles or changees)


async def _connues(tx: Writing, sorte: Format, lot: Sequence[Colonnes]) -> dict[tuple[str, Any], Any]:
    valeurs = {cle: [dite[cle] for dite in lot if dite.get(cle)] for cle in sorte.cles}
    rows = await tx.know(
        sorte.modele, any_of(Compare((cle,), "=", Ref(cle, many=True)) for cle in sorte.cles), **valeurs
    )
    return {(cle, dit): row for row in rows for cle in sorte.cles if (dit := getattr(row, cle))}


def _reunies(sorte: Format, lot: Sequence[Colonnes]) -> Sequence[Colonnes]:
    """Out: the rows of a file; those that add to one row of the base as one."""
    if not sorte.ajoute:
        return lot
    reunies: dict[tuple[Any, ...], Colonnes] = {}
    for dite in lot:
        une = reunies.setdefault(tuple(dite.get(cle) for cle in sorte.cles), dict(dite))
        une |= {nom: sorted({*une[nom], *dite[nom]}) for nom in sorte.ajoute}
    return list(reunies.values())


def _creer(
    sorte: Format, dite: Colonnes, connues: dict[tuple[str, Any], Any], nouvelles: list[m.Base]
) -> None:
    """One more row; the next lines of the same file find it."""
    row = sorte.modele(**dite)
    nouvelles.append(row)
    connues |= {(cle, dite[cle]): row for cle in sorte.cles if dite.get(cle)}


def _differe(sorte: Format, row: Any, dite: Colonnes, connues: dict[tuple[str, Any], Any]) -> Colonnes:
    """Out: the columns that the file says otherwise. A code of another row, the case and accents of a name, stay."""
    dite = dite | {n: sorted({*getattr(row, n), *dite[n]}) for n in sorte.ajoute}
    autres = {n: v for n, v in dite.items() if getattr(row, n) != v}
    prises = {n for n in autres if n in sorte.cles and connues.get((n, autres[n]), row) is not row}
    if "nom" in autres and sorte.cree and plier(autres["nom"]) == plier(row.nom):
        prises.add("nom")
    if "code_postal" in autres and sorte.modele is m.Commune:
        prises.add("code_postal")  # the first of several
    return {n: v for n, v in autres.items() if n not in prises}
