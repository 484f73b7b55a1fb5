"""Reference data, looked up by anybody (R-048, R-191, R-212)."""

from __future__ import annotations

import pytest

from app import models as m
from tests.cast import Monde

from .conftest import Api


@pytest.fixture(autouse=True)
async def reference(monde: Monde) -> None:
    await monde.inserer(m.Commune, code_insee="24322", nom="Périgueux", code_postal="24000", departement="24")
    await monde.inserer(m.Formacode, code="22334", libelle="Maçonnerie")


async def trouve(api: Api, liste: str, champ: str, texte: str) -> list[str]:
    """Out: what an anonymous visitor finds."""
    document = (
        f"query($t: String!) {{ {liste}(recherche: {{ texte: $t }}) {{ totalCount nodes {{ {champ} }} }} }}"
    )
    page = (await api(None, document, t=texte))[liste]
    assert page["totalCount"] == len(page["nodes"])
    return [node[champ] for node in page["nodes"]]


@pytest.mark.regle("R-212")
async def test_a_certification_is_found_by_its_title_or_a_code(api: Api, monde: Monde) -> None:
    for texte in ("MACON du bati", "rncp99901", "999901"):
        assert await trouve(api, "certifications", "codeRncp", texte) == ["RNCP99901"]
    assert await trouve(api, "certifications", "codeRncp", "100 %") == []


@pytest.mark.regle("R-048")
async def test_a_commune_is_found_accents_and_case_aside(api: Api, monde: Monde) -> None:
    for texte in ("perigueux", "PÉRI", "24000", "24322"):
        assert await trouve(api, "communes", "nom", texte) == ["Périgueux"]
    assert await trouve(api, "communes", "nom", "Paris") == []


@pytest.mark.regle("R-191")
async def test_a_formacode_is_found_by_a_word_or_its_code(api: Api, monde: Monde) -> None:
    for texte in ("maconnerie", "22334"):
        assert await trouve(api, "formacodes", "libelle", texte) == ["Maçonnerie"]


@pytest.mark.regle("R-212", "R-213")
async def test_those_that_are_no_longer_registered_are_told_apart(api: Api, monde: Monde) -> None:
    await monde.inserer(m.Certification, code_rncp="RNCP11", intitule="Graveur", est_active=False)
    document = """query($oui: Boolean) {
      certifications(recherche: { active: $oui, texte: "graveur" }) { nodes { codeRncp active } } }"""
    trouvees = {
        oui: (await api(None, document, oui=oui))["certifications"]["nodes"] for oui in (True, False, None)
    }
    dite = [{"codeRncp": "RNCP11", "active": False}]
    assert trouvees == {True: [], False: dite, None: dite}
