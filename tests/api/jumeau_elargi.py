"""The second engine, written slowly: sets of words, gone through one by one. The base only says what a word's radical is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.textes import plier
from bench.mots import mots

OUTILS = frozenset(mots("la le les l et a au aux en ou un une pour par dans sur avec"))  # not in an acronym
DE = frozenset({"de", "d", "du", "des"})
RADICAUX = text(
    "select mot, tsvector_to_array(mots_proches(mot)) as radicaux from unnest(cast(:mots as text[])) mot"
)


@dataclass
class Annonce:
    """What an action says: of its own, and by its labels."""

    intitule: str
    objectif: str = ""
    programme: str = ""
    certifications: Sequence[str] = ()
    formacodes: Sequence[str] = ()

    @property
    def textes(self) -> tuple[str, ...]:
        """What it says of its own."""
        return (self.intitule, self.objectif, self.programme)

    @property
    def libelles(self) -> tuple[str, ...]:
        """Its labels."""
        return (*self.certifications, *self.formacodes)

    @property
    def mots(self) -> list[str]:
        """Every word, folded."""
        return [mot for dit in (*self.textes, *self.libelles) for mot in plier(dit).split()]


@dataclass
class Jumeau:
    """The engine over an offer, all of it online."""

    offre: Sequence[Annonce]
    engine: AsyncEngine
    _radicaux: dict[str, list[str]] = field(default_factory=dict)

    async def chercher(self, mots: str) -> set[str]:
        """Out: the titles that answer."""
        await self._apprendre([mot for annonce in self.offre for mot in annonce.mots])
        await self._apprendre(mots_ for _, mots_ in self.sigles for mots_ in mots_.split())
        await self._apprendre(sigle for sigle, _ in self.sigles)
        dits = plier(mots).split()
        await self._apprendre(dits)
        return {a.intitule for a in self.offre if self._repond(self._racines(a.mots), dits)}

    # --- what is known of the offer --------------------------------------------------------------------------

    async def _apprendre(self, mots: Iterable[str]) -> None:
        nouveaux = sorted({*mots} - self._radicaux.keys())
        if nouveaux:
            async with self.engine.connect() as db:
                for row in await db.execute(RADICAUX, {"mots": nouveaux}):
                    self._radicaux[row.mot] = row.radicaux

    def _racines(self, mots: Iterable[str]) -> set[str]:
        return {racine for mot in mots for racine in self._radicaux[mot]}

    @cached_property
    def vocabulaire(self) -> Counter[str]:
        """Words of at least four letters, and in how many texts: of an action, of its labels."""
        textes = [" ".join(t) for a in self.offre for t in (a.textes, a.libelles)]
        return Counter(
            mot
            for dit in textes
            for mot in {*plier(dit).split()}
            if re.fullmatch("[a-z]{4,}", mot) and self._radicaux[mot]
        )

    @cached_property
    def sigles(self) -> Counter[tuple[str, str]]:
        """Acronyms and the words that they stand for, and for how many actions."""
        return Counter(paire for a in self.offre for dit in a.libelles for paire in {*sigles_de(dit)})

    # --- what is asked ---------------------------------------------------------------------------------------

    def _repond(self, la: set[str], dits: Sequence[str]) -> bool:
        larges: dict[str, list[set[str]]] = {}
        for mot in dits:
            if racine := next(iter(self._radicaux[mot]), None):
                larges.setdefault(racine, self._elargi(mot, racine))
        if not larges:
            return False
        if all(any(choix <= la for choix in choisis) for choisis in larges.values()):
            return True
        return any(
            self._radicaux[sigle][0] in la
            and all(r in radicaux or any(choix <= la for choix in larges[r]) for r in larges)
            for sigle, radicaux in self._epeles({*larges})
        )

    def _elargi(self, mot: str, racine: str) -> list[set[str]]:
        """Out: what a word may stand for: each choice is words that are all there."""
        siens = sorted(((-nb, mots) for (sigle, mots), nb in self.sigles.items() if sigle == mot))[:5]
        if siens:
            return [{racine}, *(self._racines(mots.split()) for _, mots in siens)]
        connue = any(racine in self._radicaux[connu] for connu in self.vocabulaire)
        if connue or not re.fullmatch("[a-z]{4,}", mot):
            return [{racine}]
        return [{racine}, *({self._radicaux[proche][0]} for proche in self._proches(mot))]

    def _proches(self, mot: str) -> list[str]:
        notes = []
        for connu, nb in self.vocabulaire.items():
            communs = len(trigrammes(connu) & trigrammes(mot))
            ressemble = communs / len(trigrammes(connu) | trigrammes(mot))
            if communs and abs(len(connu) - len(mot)) <= 2 and ressemble >= 0.4:
                notes.append((-ressemble, -nb, connu))
        return [connu for *_, connu in sorted(notes)[:2]]

    def _epeles(self, racines: set[str]) -> list[tuple[str, set[str]]]:
        """Out: the three acronyms that the words spell out, the longest first."""
        trouves = [
            (-len(radicaux), -nb, sigle, mots, radicaux)
            for (sigle, mots), nb in self.sigles.items()
            if (radicaux := self._racines(mots.split())) and radicaux <= racines
        ]
        return [(sigle, radicaux) for *_, sigle, _, radicaux in sorted(trouves, key=lambda t: t[:4])[:3]]


def trigrammes(mot: str) -> set[str]:
    """Out: three letters at a time, a blank at each end."""
    borde = f" {mot} "
    return {borde[i : i + 3] for i in range(len(mot))}


def sigles_de(libelle: str) -> Iterator[tuple[str, str]]:
    """Out: the acronyms that a label may be called by, and the words of each."""
    for segment in re.split(r"[,;:()/]|\s[-–—]\s", libelle):
        mots = [mot for mot in plier(segment).split() if re.match("[a-z]", mot) and mot not in OUTILS]
        for avec_de in (False, True):
            gardes = [mot for mot in mots if avec_de or mot not in DE]
            for debut, premier in enumerate(gardes):
                dits = [mot for mot in gardes[debut:] if mot not in DE]
                if premier not in DE and 3 <= len(dits) <= 6:
                    yield "".join(mot[0] for mot in gardes[debut:]), " ".join(dits)
