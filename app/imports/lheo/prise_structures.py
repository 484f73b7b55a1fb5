"""The structures that a formation names: found by their SIRET, created, or followed where this source brought them."""

from __future__ import annotations

from typing import Any

from app import models as m
from app.domain import imports as d
from app.domain import imports_faits as f

from . import colonnes
from .bilan import CREE, INCHANGE, MODIFIE, Endroit, Refus
from .connu import organismes, positionneurs
from .differences import avant_apres, valeurs
from .lus import OrganismeLu
from .prise import FORMATEUR, POSITIONNEUR, RESPONSABLE, Prise, Vue


async def apporter_structures(prise: Prise) -> None:
    """Find or create every structure of the formation. Raises Refus: one of them was refused (R-005)."""
    for siret, lu in organismes(prise.lue).items():
        prise.ou = Endroit(lu.ligne, "SIRET", siret)
        connue = prise.structures.get(siret)
        if connue is None:
            prise.structures[siret] = await _creer(prise, lu, _rang(prise, lu))
        else:
            await _suivre(prise, lu, connue)
    await _apporter_positionneurs(prise)


def _rang(prise: Prise, lu: OrganismeLu) -> int:
    return RESPONSABLE if lu is prise.lue.responsable else FORMATEUR


def _contenu(prise: Prise, lu: OrganismeLu) -> dict[str, Any]:
    """Out: the columns of a structure; a file of ours says besides who may have apprentices (R-199)."""
    qualiopi = {"est_qualiopi_apprentissage": lu.est_qualiopi} if prise.choix.est_maison else {}
    return colonnes.de_la_structure(lu) | qualiopi


async def _creer(prise: Prise, lu: OrganismeLu, rang: int) -> m.Structure:
    contenu, tx, source, pris = _contenu(prise, lu), prise.tx, prise.choix.source, prise.lot.connu.numeros
    dites, numero = d.empreintes(contenu), None if lu.numero_source in pris else lu.numero_source
    structure = await tx.creer(
        m.Structure,
        pour="creer",
        **contenu,
        siret=lu.siret,
        est_organisme_formation=True,
        source=source,
        numero_source=numero,
        empreintes=dites,
        cree_le=tx.maintenant,
    )
    pris.add(numero)
    tx.record(f.StructureImportee(structure_concernee_id=structure.id, source=source))
    deja = _deja_comptee(prise, lu, rang, dites)
    _compter(prise, lu, deja)
    if deja == CREE:
        prise.changer("structure", CREE, lu.siret)
    _noter(prise, lu, rang, dites)
    return structure


async def _suivre(prise: Prise, lu: OrganismeLu, connue: m.Structure) -> None:
    """Follow the source on a structure that it brought; who says most of it in the file is heard, the first of them."""
    if connue.etat is m.EtatStructure.REFUSEE:
        raise Refus(prise.ou.erreur("STRUCTURE_REFUSEE", "cette structure a été refusée", "R-005"))
    contenu, rang = _contenu(prise, lu), _rang(prise, lu)
    dites = d.empreintes(contenu)
    entendue, source = _est_entendue(prise, lu, rang, connue), prise.choix.source
    noms = d.nouveautes(connue, dites, contenu, source) if entendue else frozenset[str]()
    _noter(prise, lu, rang, dites)
    if not noms and connue.est_organisme_formation:
        _compter(prise, lu, INCHANGE)
        return
    structure = await prise.tx.take(m.Structure, connue.id, pour="modifier")
    prise.structures[lu.siret] = structure
    avant = valeurs(structure, contenu)
    changees = d.suivre_structure(structure, contenu, noms)
    if noms:
        d.retenir(structure, dites, source)
    prise.bilan.est_ecrit = True
    _compter(prise, lu, MODIFIE if changees else INCHANGE)
    if changees:
        prise.changer("structure", MODIFIE, lu.siret, avant_apres(changees, avant, contenu, {}))
        prise.tx.record(
            f.StructureMiseAJour(
                structure_concernee_id=structure.id, source=prise.choix.source, colonnes=tuple(changees)
            )
        )


def _est_entendue(prise: Prise, lu: OrganismeLu, rang: int, connue: m.Structure) -> bool:
    """Out: True where what is said may change the structure: brought by this source, and said of its responsable.

    A formateur is heard on a structure that the same file has only named as a positionneur.
    """
    deja = prise.lot.vues.get(lu.siret)
    if connue.source != prise.choix.source:
        return False
    return deja.rang < rang if deja is not None else rang == RESPONSABLE


def _deja_comptee(prise: Prise, lu: OrganismeLu, rang: int, dites: dict[str, str]) -> str:
    """Out: how to count a creation: a trial, which keeps nothing, creates again what an earlier lot did."""
    deja = prise.lot.vues.get(lu.siret) if prise.choix.est_essai else None
    if deja is None:
        return CREE
    return MODIFIE if deja.rang < rang and deja.dites != _resume(dites) else INCHANGE


def _compter(prise: Prise, lu: OrganismeLu, quoi: str) -> None:
    """A structure that many formations name is counted once."""
    prise.bilan.est_ecrit |= quoi != INCHANGE
    if quoi != INCHANGE or lu.siret not in prise.lot.vues:
        prise.bilan.compter("structure", quoi)


def _noter(prise: Prise, lu: OrganismeLu, rang: int, dites: dict[str, str]) -> None:
    deja = prise.lot.vues.get(lu.siret)
    if deja is None or deja.rang < rang:
        prise.nouvelles_vues[lu.siret] = Vue(rang, _resume(dites))


def _resume(dites: dict[str, str]) -> int:
    return hash(tuple(sorted(dites.items())))


async def _apporter_positionneurs(prise: Prise) -> None:
    """Create those that are named and not known. Raises Refus: a SIRET alone does not make a structure (R-146)."""
    inconnus = [lu for lu in positionneurs(prise.lue).values() if lu.siret not in prise.structures]
    if sans_nom := [
        Endroit(lu.ligne, "session", lu.siret).erreur(
            "POSITIONNEUR", "aucune structure n'a le SIRET de ce positionneur", "R-146"
        )
        for lu in inconnus
        if lu.nom is None
    ]:
        raise Refus(*sans_nom)
    for lu in inconnus:
        prise.ou = Endroit(lu.ligne, "SIRET", lu.siret)
        organisme = OrganismeLu(lu.ligne, lu.siret, lu.nom or lu.siret)
        prise.structures[lu.siret] = await _creer(prise, organisme, POSITIONNEUR)
