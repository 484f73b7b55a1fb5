"""The rest of the demonstration's offer: a LHEO 2.3 file written afresh, its days counted from today."""

from __future__ import annotations

import io
import tomllib
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from app.domain.lheo import EXTRAS
from app.imports.lheo.importer import Demande
from app.imports.lheo.importer import importer as importer_lheo
from app.imports.lheo.rapport import Rapport
from app.kit.clock import fixed, paris_day
from app.kit.settings import NOUVELLE_AQUITAINE

from .distribution import PERSONNES

if TYPE_CHECKING:
    from app.kit.database import Pool
    from app.policies.policy import Policy

GESTIONNAIRE = next(personne.courriel for personne in PERSONNES if personne.cle == "gaelle")
LUNDI, MARDI, VENDREDI = 0, 1, 4


async def importer(pool: Pool, le: datetime, policy: Policy | None = None) -> Rapport:
    """In: the writing pool of a base that holds the cast, the moment. Bring the rest in as a feed would, and publish it."""
    flux = io.BytesIO(ecrire_offre(paris_day(le)))
    demande = Demande(GESTIONNAIRE, NOUVELLE_AQUITAINE, publier=True)
    return await importer_lheo(pool, flux, demande, horloge=fixed(le), policy=policy)


def ecrire_offre(aujourd_hui: date) -> bytes:
    """In: the day that the days of the offer are counted from. Out: the LHEO file."""
    dossier = files(__package__)
    donnees = tomllib.loads(dossier.joinpath("offre.toml").read_text(encoding="utf-8"))
    modele = Environment(autoescape=True).from_string(
        dossier.joinpath("offre.lheo.xml.j2").read_text(encoding="utf-8")
    )
    return modele.render(**donnees, **_jours(aujourd_hui), info=EXTRAS, places=_places).encode()


def _jours(aujourd_hui: date) -> dict[str, Any]:
    """Out: what writes a day counted from today, or the next Monday, Tuesday, Friday."""

    def le_prochain(jour_semaine: int, decalage: int) -> str:
        jour = aujourd_hui + timedelta(decalage)
        return f"{jour + timedelta((jour_semaine - jour.weekday()) % 7):%Y%m%d}"

    return {
        "jour": lambda decalage: f"{aujourd_hui + timedelta(decalage):%Y%m%d}",
        "lundi": lambda decalage: le_prochain(LUNDI, decalage),
        "mardi": lambda decalage: le_prochain(MARDI, decalage),
        "vendredi": lambda decalage: le_prochain(VENDREDI, decalage),
    }


def _places(formation: dict[str, Any], organisme: dict[str, Any]) -> list[str]:
    """Out: the places of an action, the main one first."""
    return list(
        dict.fromkeys([organisme["lieu"], *(s["lieu"] for s in formation["sessions"] if "lieu" in s)])
    )
