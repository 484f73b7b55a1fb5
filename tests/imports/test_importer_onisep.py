"""The sample that Onisep publishes, LHEO 2.2: refused where it is elsewhere, taken whole where it belongs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import models as m
from app.models import EtatAction
from tests.imports.importeur import Importeur

ONISEP = os.environ.get("LHEO_ONISEP", "")
BRETAGNE = ("22", "29", "35", "56")
pytestmark = [
    pytest.mark.skipif(not ONISEP, reason="LHEO_ONISEP does not say where the published sample of Onisep is"),
    pytest.mark.regle("R-244"),
]


@pytest.fixture
def sample() -> bytes:
    return Path(ONISEP).read_bytes()


async def test_it_is_refused_in_nouvelle_aquitaine_with_its_line_and_element(
    importeur: Importeur, sample: bytes
) -> None:
    avant = await importeur.traces()

    rapport = await importeur.tente(fichier_entier=sample, publier=True)

    (refusee,) = rapport.refusees
    assert [(e.ligne, e.element, e.regle) for e in refusee.erreurs] == [(47, "departement", "R-244")]
    assert await importeur.traces() == avant


async def test_it_comes_in_whole_in_brittany_and_again_changes_nothing(
    importeur: Importeur, sample: bytes
) -> None:
    rapport = await importeur.tente(fichier_entier=sample, publier=True, departements=BRETAGNE)
    assert (rapport.version, rapport.prises, rapport.nb_refusees, rapport.nb_publiees) == ("2.2", 1, 0, 1)
    assert (await importeur.une(m.Action)).etat is EtatAction.PUBLIEE
    assert (await importeur.une(m.Structure)).raison_sociale == "Lycée Kerneuzec"

    avant = await importeur.traces()
    await importeur.tente(fichier_entier=sample, publier=True, departements=BRETAGNE)
    assert await importeur.traces() == avant
