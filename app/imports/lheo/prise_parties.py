"""What stands beside a session in tables of its own: entry points, meetings, what it validates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from app import models as m
from app.kit.conditions import Compare, Ref

from .lus import ReunionLue, SessionLue
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
        """Follow the source on the parts named in `noms`. Out: those that were not already so."""
        suivre = {
            "certifications": self._revalider,
            "points_entree": self._repointer,
            "reunions": self._se_reunir_de_nouveau,
        }
        return [nom for nom, suit in suivre.items() if nom in noms and await suit(lue, session)]

    async def prises(self, session: m.SessionFormation) -> int:
        """Out: the places taken: on the fullest entry point of a HSP, on the session otherwise (C-30)."""
        if not session.est_hsp:
            return session.places_prises
        points = await self.tx.know(m.PointEntree, DE_LA_SESSION, session=session.id)
        return max((point.places_prises for point in points), default=0)

    async def _revalider(self, lue: SessionLue, session: m.SessionFormation) -> bool:
        """Out: True when what it validates was something else."""
        anciennes = await self.tx.know(m.SessionCertification, DE_LA_SESSION, session=session.id)
        nouvelles = self._validations(lue, session)
        if _validees(anciennes) == _validees(nouvelles):
            return False
        await self._vider(session, anciennes)
        for row in nouvelles:
            self.tx.part(session, row)
        return True

    async def _se_reunir_de_nouveau(self, lue: SessionLue, session: m.SessionFormation) -> bool:
        """Out: True when its meetings were others."""
        anciennes = await self.tx.know(m.Reunion, DE_LA_SESSION, session=session.id)
        if sorted(_reunions(anciennes)) == sorted(_reunions(lue.reunions)):
            return False
        await self._vider(session, anciennes)
        self._reunir(lue, session)
        return True

    async def _repointer(self, lue: SessionLue, session: m.SessionFormation) -> bool:
        """A day that the source no longer gives goes away, unless somebody was placed on it (C-25).

        Out: True when the days were others.
        """
        points = await self.tx.know(m.PointEntree, DE_LA_SESSION, session=session.id)
        if {point.date_entree for point in points} == set(lue.points_entree):
            return False
        partis = [point for point in points if point.date_entree not in lue.points_entree]
        placees = await self.tx.know(m.Candidature, SUR_LES_POINTS, points=[p.id for p in partis])
        occupes = {candidature.point_entree_id for candidature in placees}
        for point in partis:
            if point.id not in occupes:
                await self.tx.retirer(self.tx.part(session, point))
        la = {point.date_entree for point in points}
        self._pointer(session, (jour for jour in lue.points_entree if jour not in la))
        return True

    def _pointer(self, session: m.SessionFormation, jours: Iterable[date]) -> None:
        for jour in jours:
            self.tx.part(session, m.PointEntree(session_id=session.id, date_entree=jour))

    def _reunir(self, lue: SessionLue, session: m.SessionFormation) -> None:
        for reunion in lue.reunions:
            row = m.Reunion(session_id=session.id, debut_le=reunion.debut_le, lieu=reunion.lieu)
            self.tx.part(session, row)

    def _valider(self, lue: SessionLue, session: m.SessionFormation) -> None:
        for row in self._validations(lue, session):
            self.tx.part(session, row)

    def _validations(self, lue: SessionLue, session: m.SessionFormation) -> list[m.SessionCertification]:
        """Out: what it validates, each certification once."""
        par_certification = {self.prise.certifications[v.certification]: v for v in lue.certifications}
        return [
            m.SessionCertification(
                session_id=session.id,
                certification_id=id,
                validation=validee.validation,
                blocs=list(validee.blocs),
            )
            for id, validee in par_certification.items()
        ]

    async def _vider(
        self, session: m.SessionFormation, anciennes: Iterable[m.Reunion | m.SessionCertification]
    ) -> None:
        for row in anciennes:
            await self.tx.retirer(self.tx.part(session, row))
        await self.tx.ecrire()  # what leaves goes first: a certification stands once in a session


def _validees(rows: Iterable[m.SessionCertification]) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Out: how each certification is validated, by its key."""
    return {row.certification_id: (str(row.validation), tuple(row.blocs)) for row in rows}


def _reunions(dites: Iterable[m.Reunion | ReunionLue]) -> list[tuple[datetime, str]]:
    """Out: when and where, of each meeting."""
    return [(reunion.debut_le, reunion.lieu or "") for reunion in dites]
