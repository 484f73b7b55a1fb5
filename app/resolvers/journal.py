"""The journal, its seals, the versions of the policy: for those who watch over the house (C-28)."""

from __future__ import annotations

import strawberry

from app import models as m
from app.reading.fields import page
from app.schema.faits import FaitConnection, FiltreJournal, TriFaits
from app.schema.politique import (
    FiltreVersionsPolitique,
    TriVersionsPolitique,
    VersionPolitiqueConnection,
)
from app.schema.sceaux import FiltreSceaux, SceauConnection, TriSceaux


@strawberry.type
class JournalQuery:
    """The root fields about what happened, and what decided."""

    journal: FaitConnection = page(
        m.Fait,
        "Ce qui est arrivé, parmi ce que vous pouvez lire : pour l'auditeur, tout ; pour un référent, ce qui touche les"
        " comptes de sa structure. Des identifiants et des mots, jamais un nom ni un texte.",
        ordre=TriFaits,
        filtre=FiltreJournal,
    )
    sceaux_du_journal: SceauConnection = page(
        m.Sceau,
        "Les sceaux du journal, posés chaque heure. `rafael journal verifier` les recalcule tous.",
        ordre=TriSceaux,
        filtre=FiltreSceaux,
    )
    versions_politique: VersionPolitiqueConnection = page(
        m.VersionPolitique,
        "Les politiques d'accès qui ont servi, entières ; la plus récente est celle qui décide.",
        ordre=TriVersionsPolitique,
        filtre=FiltreVersionsPolitique,
    )
