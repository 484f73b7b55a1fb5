"""The sample that Onisep publishes, once it came in: the search finds it, where it includes what is over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cast import Monde
from tests.conftest import Base
from tests.imports.importeur import Importeur

from .conftest import Api

ONISEP = os.environ.get("LHEO_ONISEP", "")
BRETAGNE = ("22", "29", "35", "56")
RECHERCHE = """query($r: RechercheActions) { actions(recherche: $r) { nodes {
  intitule responsable { raisonSociale }
  sessions(filtre: { inclureTerminees: true }) { nodes { dateFin } } } } }"""


@pytest.fixture
def sample() -> bytes:
    return Path(ONISEP).read_bytes()


@pytest.mark.skipif(not ONISEP, reason="LHEO_ONISEP does not say where the published sample of Onisep is")
async def test_a_search_that_includes_what_is_over_finds_the_sample_of_onisep(
    api: Api, base: Base, monde: Monde, sample: bytes
) -> None:
    importeur = Importeur(base.engine, base.ecriture, monde)
    await importeur.tente(fichier_entier=sample, publier=True, departements=BRETAGNE)
    mots = {"mots": "negociation relation"}

    assert (await api(None, RECHERCHE, r=mots))["actions"]["nodes"] == []
    [trouvee] = (await api(None, RECHERCHE, r={**mots, "inclureTerminees": True}))["actions"]["nodes"]

    assert trouvee["intitule"] == "BTS négociation et relation client"
    assert trouvee["responsable"] == {"raisonSociale": "Lycée Kerneuzec"}
    assert trouvee["sessions"]["nodes"] == [{"dateFin": "2017-08-31"}]
