"""Texts that no base can hold are the client's error, wherever they stand."""

from __future__ import annotations

import pytest

from tests.cast import Monde

from . import actes
from .conftest import Api

NUL, MOITIE = "a\0b", "a\ud800b"


@pytest.mark.parametrize("texte", [NUL, MOITIE], ids=["nul", "half a pair"])
async def test_in_variables_they_are_refused_before_anything_runs(api: Api, monde: Monde, texte: str) -> None:
    entree = {"nom": texte, "prenom": "Awa", "dateNaissance": "1990-01-01"}
    for document, variables in (
        (actes.CONNEXION, {"email": texte, "motDePasse": "x"}),
        (actes.RECHERCHER, {"entree": entree}),
        (actes.CREER_CANDIDAT, {"entree": entree}),
    ):
        answer = await api.brut(monde.paul, document, **variables)
        assert answer["errors"][0]["extensions"]["code"] in ("BAD_USER_INPUT", "BAD_REQUEST")


async def test_in_the_document_too(api: Api, monde: Monde) -> None:
    answer = await api.brut(monde.paul, '{ candidat(reference: "a\\u0000b") { nom } }')
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"

    answer = await api.brut(
        monde.paul, 'mutation { connexion(email: "a\\u0000", motDePasse: "x") { jeton } }'
    )
    assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
