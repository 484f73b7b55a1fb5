"""Reference data: looked up. `rafael referentiels charger` loads it."""

from __future__ import annotations

import strawberry

from app import models as m
from app.reading.fields import page
from app.schema.referentiels import (
    CertificationConnection,
    CommuneConnection,
    FormacodeConnection,
    RechercheCertifications,
    RechercheCommunes,
    RechercheFormacodes,
    TriCertifications,
    TriCommunes,
    TriFormacodes,
)


@strawberry.type
class ReferentielQuery:
    """The root fields about reference data."""

    certifications: CertificationConnection = page(
        m.Certification,
        "Les certifications du RNCP et du répertoire spécifique.",
        ordre=TriCertifications,
        filtre=RechercheCertifications,
        argument="recherche",
    )
    communes: CommuneConnection = page(
        m.Commune,
        "Les communes de la région.",
        ordre=TriCommunes,
        filtre=RechercheCommunes,
        argument="recherche",
    )
    formacodes: FormacodeConnection = page(
        m.Formacode,
        "Les mots du Formacode.",
        ordre=TriFormacodes,
        filtre=RechercheFormacodes,
        argument="recherche",
    )
