"""The structures that a formation names: found by their SIRET, created, or followed where this source brought them."""

from __future__ import annotations

from collections.abc import Iterator

from app import models as m
from app.domain import imports as d
from app.domain import imports_faits as f
from app.domain.lheo import MAISON
from app.kit.conditions import Compare, Ref, all_of, any_of

from . import colonnes
from .bilan import CREE, INCHANGE, MODIFIE, Endroit, Refus
from .lus import OrganismeLu, PositionneurLu
from .prise import Prise, Vue

NOMMEES = any_of(
    [
        Compare(("siret",), "=", Ref("sirets", many=True)),
        all_of(
            [
                Compare(("source",), "=", Ref("source")),
                Compare(("numero_source",), "=", Ref("numeros", many=True)),
            ]
        ),
    ]
)


async def apporter_structures(prise: Prise) -> None:
    """Find or create every structure of the formation. Raises Refus: one of them was refused (R-005)."""
    nommes, positionneurs = {lu.siret: lu for lu in _organismes(prise)}, _positionneurs(prise)
    connues = await prise.tx.know(
        m.Structure,
        NOMMEES,
        sirets=[*nommes, *positionneurs],
        source=prise.choix.source,
        numeros=[lu.numero_source for lu in nommes.values() if lu.numero_source],
    )
    prise.structures = {s.siret: s for s in connues if s.siret}
    pris = {s.numero_source for s in connues if s.source == prise.choix.source}
    for siret, lu in nommes.items():
        prise.ou = Endroit(lu.ligne, "SIRET", siret)
        connue = prise.structures.get(siret)
        if connue is None:
            numero = None if lu.numero_source in pris else lu.numero_source
            prise.structures[siret] = await _creer(prise, lu, numero)
            pris.add(numero)
        else:
            await _suivre(prise, lu, connue)
    await _apporter_positionneurs(prise, positionneurs)


def _organismes(prise: Prise) -> Iterator[OrganismeLu]:
    """Out: the structures that are described, the responsable last: what it says of itself is said better."""
    for action in prise.lue.actions:
        for session in action.sessions:
            if session.formateur is not None:
                yield session.formateur
    yield prise.lue.responsable


def _positionneurs(prise: Prise) -> dict[str, PositionneurLu]:
    """Out: who places people, by SIRET; said with its name rather than without."""
    sessions = (session for action in prise.lue.actions for session in action.sessions)
    dits = [session.positionneur for session in sessions if session.positionneur]
    return {lu.siret: lu for lu in sorted(dits, key=lambda lu: lu.nom is not None)}


def _est_responsable(prise: Prise, lu: OrganismeLu) -> bool:
    return lu is prise.lue.responsable


async def _creer(prise: Prise, lu: OrganismeLu, numero: str | None) -> m.Structure:
    contenu, tx, source = colonnes.de_la_structure(lu), prise.tx, prise.choix.source
    dites = d.empreintes(contenu)
    structure = await tx.creer(
        m.Structure,
        pour="creer",
        **contenu,
        siret=lu.siret,
        est_organisme_formation=True,
        est_qualiopi_apprentissage=lu.est_qualiopi and source == MAISON,
        source=source,
        numero_source=numero,
        empreintes=dites,
        cree_le=tx.maintenant,
    )
    tx.record(f.StructureImportee(structure_concernee_id=structure.id, source=source))
    _compter(prise, lu, _deja_comptee(prise, lu, dites))
    _noter(prise, lu, dites)
    return structure


async def _suivre(prise: Prise, lu: OrganismeLu, connue: m.Structure) -> None:
    """Follow the source on a structure that it brought; it is the first to speak of it in the file who is heard."""
    if connue.etat is m.EtatStructure.REFUSEE:
        raise Refus(prise.ou.erreur("STRUCTURE_REFUSEE", "cette structure a été refusée", "R-005"))
    contenu = colonnes.de_la_structure(lu)
    dites = d.empreintes(contenu)
    noms = d.nouveautes(connue, dites) if _est_entendue(prise, lu, connue) else frozenset[str]()
    _noter(prise, lu, dites)
    if not noms and connue.est_organisme_formation:
        _compter(prise, lu, INCHANGE)
        return
    structure = await prise.tx.take(m.Structure, connue.id, pour="modifier")
    prise.structures[lu.siret] = structure
    changees = d.suivre_structure(structure, contenu, noms)
    structure.empreintes = {**structure.empreintes, **(dites if noms else {})}
    prise.bilan.est_ecrit = True
    _compter(prise, lu, MODIFIE if changees else INCHANGE)
    if changees:
        prise.tx.record(
            f.StructureMiseAJour(
                structure_concernee_id=structure.id, source=prise.choix.source, colonnes=tuple(changees)
            )
        )


def _est_entendue(prise: Prise, lu: OrganismeLu, connue: m.Structure) -> bool:
    """Out: True where what is said may change the structure: brought by this source, and said of its responsable."""
    deja = prise.vues.get(lu.siret)
    return (
        connue.source == prise.choix.source
        and _est_responsable(prise, lu)
        and not (deja is not None and deja.comme_responsable)
    )


def _deja_comptee(prise: Prise, lu: OrganismeLu, dites: dict[str, str]) -> str:
    """Out: how to count a creation: a trial, which keeps nothing, creates again what an earlier formation did."""
    deja = prise.vues.get(lu.siret) if prise.choix.est_essai else None
    if deja is None:
        return CREE
    entendue = _est_responsable(prise, lu) and not deja.comme_responsable
    return MODIFIE if entendue and deja.dites != _resume(dites) else INCHANGE


def _compter(prise: Prise, lu: OrganismeLu, quoi: str) -> None:
    """A structure that many formations name is counted once."""
    prise.bilan.est_ecrit |= quoi != INCHANGE
    if quoi != INCHANGE or lu.siret not in prise.vues:
        prise.bilan.compter("structure", quoi)


def _noter(prise: Prise, lu: OrganismeLu, dites: dict[str, str]) -> None:
    deja = prise.vues.get(lu.siret)
    responsable = _est_responsable(prise, lu)
    if deja is None or (responsable and not deja.comme_responsable):
        prise.nouvelles_vues[lu.siret] = Vue(responsable, _resume(dites))


def _resume(dites: dict[str, str]) -> int:
    return hash(tuple(sorted(dites.items())))


async def _apporter_positionneurs(prise: Prise, positionneurs: dict[str, PositionneurLu]) -> None:
    """Create those that are named and not known. Raises Refus: a SIRET alone does not make a structure (R-146)."""
    inconnus = [lu for lu in positionneurs.values() if lu.siret not in prise.structures]
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
        prise.structures[lu.siret] = await _creer(prise, organisme, None)
