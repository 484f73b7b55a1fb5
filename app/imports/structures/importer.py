"""Taking the lines of a list: one transaction each, under the gestionnaire who imports; run again, it changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app import models as m
from app.domain import imports_faits as f
from app.domain import structures_importees as d
from app.domain.empechements import Empeche, Empechement
from app.domain.textes import compacter
from app.imports.lheo.bilan import CREE, INCHANGE, MODIFIE
from app.kit.clock import Clock
from app.kit.conditions import Compare, Ref
from app.policies.viewer import Viewer
from app.writing import DatabaseError, Writer, Writing

from .lecture import Ligne

CE_SIRET = Compare(("siret",), "=", Ref("siret"))
GARDES = 1_000  # refusals told one by one; beyond, they are counted only
ESSAIS = 5
A_REPRENDRE = {"40001", "40P01", "23505"}
REFUS_DE_LA_BASE = ("22", "23", "54")
MOTS = ((CREE, "créées"), (MODIFIE, "modifiées"), (INCHANGE, "inchangées"))


class DejaDansLaListe(Empechement):
    """Ce SIRET est déjà à la ligne {ligne} : une structure n'est dans la liste qu'une fois."""


@dataclass(slots=True)
class Rapport:
    """What became of the lines."""

    est_essai: bool = False
    comptes: Counter[str] = field(default_factory=Counter)
    nb_refusees: int = 0
    refusees: list[tuple[int, str, str]] = field(default_factory=list)  # line, SIRET, reason

    def refuser(self, ligne: Ligne, raisons: Iterable[str]) -> None:
        """A line was refused, for all these reasons."""
        self.nb_refusees += 1
        if len(self.refusees) < GARDES:
            siret = " ".join(ligne.cellules.get("siret", "").split())[:20]
            self.refusees.append((ligne.numero, siret, " ; ".join(raisons)))

    def lignes(self) -> Iterator[str]:
        """Out: the report in French."""
        total = sum(self.comptes.values()) + self.nb_refusees
        yield f"Liste de structures : {total} lignes lues."
        if self.est_essai:
            yield "Essai : rien n'est gardé."
        yield "  structures : " + ", ".join(f"{mot} {self.comptes[quoi]}" for quoi, mot in MOTS)
        yield f"  lignes refusées : {self.nb_refusees}"
        for numero, siret, raison in self.refusees:
            yield f"      ligne {numero}, « {siret} » : {raison}"
        if self.nb_refusees > len(self.refusees):
            yield f"      … et {self.nb_refusees - len(self.refusees)} autres"


class _SansSuite(Exception):
    """Nothing of this transaction is to be kept."""


@dataclass
class Import:
    """An import: who does it, from which source, and what came of it."""

    writer: Writer
    viewer: Viewer
    horloge: Clock
    source: str
    rapport: Rapport
    vues: dict[str, int] = field(default_factory=dict)  # the lines of the SIRETs already read

    async def tout_prendre(self, lignes: Iterable[Ligne]) -> None:
        """Take every line, one after the other."""
        for ligne in lignes:
            try:
                self.rapport.comptes[await self.prendre(ligne)] += 1
            except Empeche as refus:
                self.rapport.refuser(ligne, (_dit(e) for e in refus.empechements))

    async def prendre(self, ligne: Ligne) -> str:
        """Out: what became of a line. Raises Empeche: nothing of it was kept."""
        voulu = d.dite(ligne.colonnes, ligne.genres)
        siret = voulu.get("siret") or ""
        if siret and self.vues.setdefault(siret, ligne.numero) != ligne.numero:
            raise Empeche([DejaDansLaListe("siret", ligne=self.vues[siret])])
        for essai in range(1, ESSAIS + 1):
            try:
                return await self._une_fois(voulu)
            except DatabaseError as error:
                code = error.sqlstate or ""
                if code in A_REPRENDRE and essai < ESSAIS:
                    continue
                if not code.startswith(REFUS_DE_LA_BASE):
                    raise
                raise Empeche([ValeurRefusee()]) from error
        raise AssertionError("unreachable")

    async def _une_fois(self, voulu: dict[str, object]) -> str:
        quoi = INCHANGE
        try:
            async with self.writer.writing(self.viewer, self.horloge()) as tx:
                quoi = await self._apporter(tx, voulu)
                await tx.ecrire()
                if self.rapport.est_essai:
                    raise _SansSuite
        except _SansSuite:
            pass
        return quoi

    async def _apporter(self, tx: Writing, voulu: dict[str, object]) -> str:
        connues = await tx.know(m.Structure, CE_SIRET, siret=compacter(str(voulu.get("siret") or "")))
        if not connues:
            row = await tx.creer(
                m.Structure,
                pour="creer",
                **d.nouvelle(voulu),
                source=self.source,
                numero_source=voulu["siret"],
                cree_le=tx.maintenant,
            )
            tx.record(f.StructureImportee(structure_concernee_id=row.id, source=self.source))
            return CREE
        if connues[0].etat is m.EtatStructure.REFUSEE:
            raise Empeche([d.StructureRefuseeAvant("siret")])
        row = await tx.take(m.Structure, connues[0].id, pour="modifier")
        changees = d.suivre(row, voulu)
        if not changees:
            return INCHANGE
        fait = f.StructureMiseAJour(structure_concernee_id=row.id, source=self.source, colonnes=changees)
        tx.record(fait)
        return MODIFIE


class ValeurRefusee(Empechement):
    """La base refuse une valeur de cette ligne."""


def _dit(empechement: Empechement) -> str:
    nom = f" [{empechement.chemin[-1]}]" if empechement.chemin else ""
    return empechement.message + nom
