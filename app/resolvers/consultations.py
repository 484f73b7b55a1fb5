"""Who read the fiches of people: for those who watch over it (C-28)."""

from __future__ import annotations

import strawberry

from app import models as m
from app.reading.fields import page
from app.schema.consultations import ConsultationConnection, FiltreConsultations, TriConsultations


@strawberry.type
class ConsultationQuery:
    """The root fields about the trace of readings."""

    consultations: ConsultationConnection = page(
        m.Consultation,
        "Qui a lu la fiche de qui, quand, et par quelle règle ; gardé un an. Une même lecture n'est notée qu'une fois"
        " par heure, dans la seconde.",
        ordre=TriConsultations,
        filtre=FiltreConsultations,
    )
