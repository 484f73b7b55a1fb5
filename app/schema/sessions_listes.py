"""How sessions are filtered and ordered."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.domain.ouverture import OUVERTE
from app.kit.conditions import Compare, Ref
from app.reading.fields import Ordre, Tri, critere, critere_si, critere_texte


@strawberry.enum(description="L'ordre d'une liste de sessions.")
class TriSessions(Ordre):
    """The orders offered on lists of sessions."""

    PROCHAINES = Tri(m.SessionFormation.date_debut)
    DERNIERES = Tri(m.SessionFormation.date_debut, descendant=True)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreSessions:
    """The criteria of a search of sessions (R-048 to R-057)."""

    mots: str | None = critere_texte(
        m.Action.mots_cherches,
        "Des mots, tous présents, tels qu'ils sont écrits, dans l'intitulé, l'objectif ou le programme de l'action.",
        cherche="cherche_litteral",
        lit=(m.Action.intitule, m.Action.objectif, m.Action.programme),
        par=(m.SessionFormation.action,),
    )
    dispositif: m.Dispositif | None = critere(
        m.Action.dispositif, "=", "D'une action de ce dispositif.", par=(m.SessionFormation.action,)
    )
    departements: list[str] | None = critere(
        m.SessionFormation.lieu_departement, "parmi", "Dans un de ces départements."
    )
    debut_apres: dt.date | None = critere(
        m.SessionFormation.date_debut, ">=", "Commençant ce jour-là ou après."
    )
    debut_avant: dt.date | None = critere(
        m.SessionFormation.date_debut, "<=", "Commençant ce jour-là ou avant."
    )
    conventionnee: bool | None = critere_si(
        Compare(("est_conventionnee",), "=", True), "De l'offre conventionnée, ou hors de celle-ci."
    )
    ouverte: bool | None = critere_si(OUVERTE, "Ouverte à la candidature, ou non.")
    commencees: bool | None = critere_si(
        Compare(("date_debut",), "<=", Ref("aujourd_hui")),
        "Déjà commencées ; faux les exclut.",
    )
    terminees: bool | None = critere_si(
        Compare(("date_fin",), "<", Ref("aujourd_hui")),
        "Terminées : vrai ne retient qu'elles, faux (par défaut) les exclut, nul retient tout.",
        defaut=False,
    )
