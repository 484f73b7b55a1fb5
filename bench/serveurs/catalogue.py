"""The systems that are measured, and what each needs of the base."""

from __future__ import annotations

import sys

from bench.serveurs import Systeme, postgraphile

PYTHON = sys.executable
NOUS, NOUS_2, PLANCHER, PLAT, NAIF, POSTGRAPHILE = (
    "nous",
    "nous_2",
    "plancher",
    "plat",
    "naif",
    "postgraphile",
)
TOUS = (NOUS, NOUS_2, PLANCHER, NAIF, POSTGRAPHILE)
RAFAEL = "from app.cli import main; main()"


def systeme(nom: str, url: str, port: int) -> Systeme:
    """In: the name of a system, the address of its base, a free port. Out: how to start it; raises AbsentError."""
    environ = {
        "DATABASE_URL": url,
        "PORT": str(port),
        "HORLOGE": "ouvree",
        "DEMO": "non",
        "LECTURES_ANONYMES": "0",
        "TRAVAUX": "non",  # jobs are those of `rafael travaux`, which does not run: no night falls on one of them
    }
    if nom in (NOUS, NOUS_2):
        workers = "2" if nom == NOUS_2 else "1"
        return Systeme(nom, (PYTHON, "-c", RAFAEL, "servir", "--workers", workers), port, environ=environ)
    if nom == PLANCHER:
        return Systeme(nom, (PYTHON, "-m", "bench.serveurs.plancher"), port, environ=environ)
    if nom == NAIF:
        return Systeme(nom, (PYTHON, "-m", "bench.serveurs.naif"), port, environ=environ)
    if nom == POSTGRAPHILE:
        return postgraphile.systeme(nom, environ, port)
    raise ValueError(nom)
