"""What stands beside a session in tables of its own: entry points, meetings, what it validates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from app import models as m
from app.kit.conditions import Compare, Ref

from .lus import SessionLue
from .prise import Prise

DE_LA_SESSION = Compare(("session_id",), "=", Ref("session"))
SUR_LES_POINTS = Compare(("point_entree_id",), "=", Ref("points", many=True))


class Parties:
    """The parts of sessions while their formation is taken."""

    def __init__(self, prise: Prise) -> None:
        """In: the formation being taken."""
        self.prise, self.tx = prise, prise.tx

    def faire(self, lue: SessionLue, session: m.SessionFormation) -> None:
        """Give a new session its parts."""
        self._pointer(session, lue.points_entree)
        self._reunir(lue, session)
        self._valider(lue, session)

    async def refaire(self, lue: SessionLue, session: m.SessionFormation, noms: Collection[str]) -> list[str]:
        """Follow the source on the parts named in `noms`. Out: their names."""
        if "points_entree" in noms:
            await self._repointer(lue, session)
        if "reunions" in noms:
            await self._vider(m.Reunion, session)
            self._reunir(lue, session)
        if "certifications" in noms:
            await self._vider(m.SessionCertification, session)
            self._valider(lue, session)
        return sorted(set(noms) & {"points_entree", "reunions", "certifications"})

    async def prises(self, session: m.SessionFormation) -> int:
        """Out: the places taken: on the fullest entry point of a HSP, on the session otherwise (C-30)."""
        if not session.est_hsp:
            return session.places_prises
        points = await self.tx.know(m.PointEntree, DE_LA_SESSION, session=session.id)
        return max((point.places_prises for point in points), default=0)

    async def _repointer(self, lue: SessionLue, session: m.SessionFormation) -> None:
        """A day that the source no longer gives goes away, unless somebody was placed on it (C-25)."""
        points = await self.tx.know(m.PointEntree, DE_LA_SESSION, session=session.id)
        partis = [point for point in points if point.date_entree not in lue.points_entree]
        placees = await self.tx.know(m.Candidature, SUR_LES_POINTS, points=[p.id for p in partis])
        occupes = {candidature.point_entree_id for candidature in placees}
        for point in partis:
            if point.id not in occupes:
                await self.tx.retirer(self.tx.part(session, point))
        la = {point.date_entree for point in points}
        self._pointer(session, (jour for jour in lue.points_entree if jour not in la))

    def _pointer(self, session: m.SessionFormation, jours: Iterable[date]) -> None:
        for jour in jours:
            self.tx.part(session, m.PointEntree(session_id=session.id, date_entree=jour))

    def _reunir(self, lue: SessionLue, session: m.SessionFormation) -> None:
        for reunion in lue.reunions:
            row = m.Reunion(session_id=session.id, debut_le=reunion.debut_le, lieu=reunion.lieu)
            self.tx.part(session, row)

    def _valider(self, lue: SessionLue, session: m.SessionFormation) -> None:
        par_certification = {self.prise.certifications[v.certification]: v for v in lue.certifications}
        for id, validee in par_certification.items():
            row = m.SessionCertification(
                session_id=session.id,
                certification_id=id,
                validation=validee.validation,
                blocs=list(validee.blocs),
            )
            self.tx.part(session, row)

    async def _vider(
        self, modele: type[m.Reunion | m.SessionCertification], session: m.SessionFormation
    ) -> None:
        for row in await self.tx.know(modele, DE_LA_SESSION, session=session.id):
            await self.tx.retirer(self.tx.part(session, row))
        await self.tx.ecrire()  # what leaves goes first: a certification stands once in a session
