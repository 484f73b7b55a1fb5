"""What the acts on sessions take and give."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import ecrit
from app.schema.candidatures_actes import champ
from app.schema.empechements import Empechement
from app.schema.sessions import Session


@strawberry.input(description="L'ouverture d'une session conventionnée ; ce qui est absent ne change pas.")
class ReglerOuvertureInput:
    """How a session is opened to candidatures (R-134 to R-140)."""

    session: strawberry.ID = strawberry.field(description="La session.")
    date_limite_inscription: dt.date | None = champ("Dernier jour pour candidater ; nul : jusqu'à la fin.")
    date_entree_tardive: dt.date | None = champ("Dernier jour pour entrer en formation ou annuler.")
    date_debut: dt.date | None = champ("Premier jour, repoussé de 14 jours au plus.")
    capacite_accueil: int | None = champ("Capacité d'accueil.")
    coefficient: float | None = champ("Candidatures possibles par place.")
    ratio_suite_parcours: float | None = champ("Ratio suite de parcours.")
    commentaire: str | None = champ("Commentaire bref, 600 caractères au plus.")
    confirme: bool = strawberry.field(
        default=True, description="Faux : tout est vérifié, rien n'est modifié ; confirmez ensuite."
    )


@strawberry.type(description="La session telle que vous la lisez après l'acte, ou ce qui l'empêche.")
class SessionPayload:
    """The answer of every act on a session."""

    session: Session | None = ecrit(m.SessionFormation, "La session ; nulle si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
