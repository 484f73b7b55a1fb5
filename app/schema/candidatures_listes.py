"""How candidatures are filtered and ordered."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import Ordre, Tri, critere


@strawberry.enum(description="L'ordre d'une liste de candidatures.")
class TriCandidatures(Ordre):
    """The orders offered on lists of candidatures."""

    PLUS_RECENTES = Tri(m.Candidature.modifiee_le, descendant=True)
    PLUS_ANCIENNES = Tri(m.Candidature.modifiee_le)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreCandidatures:
    """The criteria offered on lists of candidatures."""

    etats: list[m.EtatCandidature] | None = critere(m.Candidature.etat, "parmi", "Dans un de ces états.")
    session: strawberry.ID | None = critere(
        m.Candidature.session_id, "=", "Sur cette session.", type_name="Session"
    )
    candidat: strawberry.ID | None = critere(
        m.Candidature.candidat_id, "=", "De ce candidat.", type_name="Candidat"
    )
    session_fin_apres: dt.date | None = critere(
        m.Candidature.session_date_fin, ">=", "Sur une session qui finit ce jour-là ou après."
    )
    session_fin_avant: dt.date | None = critere(
        m.Candidature.session_date_fin, "<=", "Sur une session qui finit ce jour-là ou avant."
    )
