"""A LHEO file brought in through the API: the same rules and the same rights as the command (R-124, R-128)."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from tests.cast import Monde
from tests.imports.samples import fichier, formation

from .actes_comptes import lignes
from .conftest import Api

IMPORTER = """mutation($contenu: String!, $essai: Boolean!, $publier: Boolean!) {
  importerLheo(contenu: $contenu, essai: $essai, publier: $publier, source: "essai") {
    comptes { sorte creees modifiees inchangees } publiees nbRefusees
    refusees { numero intitule erreurs { ligne element code motif regle } } empechements { code message } } }"""


async def importe(api: Api, qui: Any, contenu: str, *, essai: bool = False, publier: bool = False) -> Any:
    return (await api(qui, IMPORTER, contenu=contenu, essai=essai, publier=publier))["importerLheo"]


@pytest.mark.regle("R-124")
@pytest.mark.regle("R-128")
async def test_a_gestionnaire_brings_an_offer_in_after_a_trial(api: Api, monde: Monde) -> None:
    contenu = fichier().decode()

    essai = await importe(api, monde.gaelle, contenu, essai=True, publier=True)
    assert await lignes(monde, m.Action, source="essai") == []
    vrai = await importe(api, monde.gaelle, contenu, publier=True)

    assert essai == vrai
    assert (vrai["publiees"], vrai["nbRefusees"], vrai["empechements"]) == (1, 0, [])
    assert {c["sorte"]: c["creees"] for c in vrai["comptes"]}["session"] == 1
    encore = await importe(api, monde.gaelle, contenu, publier=True)
    assert {c["sorte"]: c["inchangees"] for c in encore["comptes"]}["session"] == 1


@pytest.mark.regle("R-124")
async def test_nobody_else_may_touch_what_is_not_his(api: Api, monde: Monde) -> None:
    for qui in (monde.karim, monde.paul, monde.reseau_carif):
        rendu = await importe(api, qui, fichier().decode())
        assert rendu["nbRefusees"] == 1, rendu
        assert {e["motif"] for e in rendu["refusees"][0]["erreurs"]} == {
            "Votre profil ne permet pas cet acte."
        }
    rendu = await importe(api, None, fichier().decode())
    assert [e["code"] for e in rendu["empechements"]] == ["INTERDIT"]
    assert await lignes(monde, m.Action, source="essai") == []


@pytest.mark.regle("R-124")
async def test_what_is_wrong_is_told_with_its_line(api: Api, monde: Monde) -> None:
    mauvais = formation().replace("73282932000074", "73282932000075")
    rendu = await importe(api, monde.gaelle, fichier(formation(numero="A"), mauvais).decode())

    (refusee,) = rendu["refusees"]
    assert [(e["ligne"], e["element"], e["code"]) for e in refusee["erreurs"]] == [
        (4, "SIRET", "SIRET_INVALIDE")
    ]
    for contenu in ("", "<lheo", '<!DOCTYPE x [<!ENTITY a "b">]><lheo/>', "\x00"):
        rendu = await api.brut(monde.gaelle, IMPORTER, contenu=contenu, essai=False, publier=False)
        refus = (rendu.get("data") or {}).get("importerLheo")
        assert "errors" in rendu or [e["code"] for e in refus["empechements"]] == ["FICHIER_LHEO_INVALIDE"]


async def test_what_is_not_said_is_as_the_contract_says(api: Api, monde: Monde) -> None:
    court = "mutation($c: String!) { importerLheo(contenu: $c) { empechements { code } } }"
    autre = 'mutation { importerLheo(contenu: "x", source: "essai") { nbRefusees empechements { code } } }'
    for texte, donnees in ((court, {"c": "<a/>"}), (autre, {})):
        rendu = (await api(monde.gaelle, texte, **donnees))["importerLheo"]
        assert [e["code"] for e in rendu["empechements"]] == ["FICHIER_LHEO_INVALIDE"]
