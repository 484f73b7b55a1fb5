"""The reference data of the demonstration: samples of the official files, loaded as those are."""

from __future__ import annotations

import io
from datetime import datetime
from importlib.resources import files

from app.imports.gestionnaire import gestionnaire
from app.imports.referentiels.charge import Charge, charger
from app.kit.clock import fixed
from app.kit.settings import NOUVELLE_AQUITAINE
from app.writing import Writer

from .offre import GESTIONNAIRE


async def charger_references(writer: Writer, le: datetime) -> list[Charge]:
    """In: the door of a base that holds the cast, the moment. Out: what became of each sample."""
    viewer = await gestionnaire(writer, GESTIONNAIRE, le)
    charges = []
    for sample in files(__package__).joinpath("referentiels").iterdir():
        flux = io.BytesIO(sample.read_bytes())
        charges.append(await charger(writer, viewer, fixed(le), flux, NOUVELLE_AQUITAINE))
    return charges
