"""A LHEO file brought in through the API: the same rules and the same rights as the command (R-124, R-128)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app import models as m
from tests.cast import Monde
from tests.imports.samples import action, fichier, formation, session

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


@pytest.mark.parametrize("annonce", ["ISO-8859-1", "UTF-16", "ISO-8859-12"])
async def test_a_text_is_a_text_whatever_encoding_the_file_it_was_read_from_announces(
    api: Api, monde: Monde, annonce: str
) -> None:
    contenu = fichier().decode().replace("UTF-8", annonce)

    rendu = await importe(api, monde.gaelle, contenu)

    assert (rendu["nbRefusees"], rendu["empechements"]) == (0, [])
    (action,) = await lignes(monde, m.Action, source="essai")
    assert action["intitule"] == "Maçon"


CHANGEMENTS = """mutation($c: String!, $essai: Boolean!) {
  importerLheo(contenu: $c, essai: $essai, source: "essai") {
    changements { ligne sorte numero reference quoi differences { champ avant apres } }
    avertissements { element chemin valeur code } attentes { code }
    refusees { erreurs { element chemin valeur code } } } }"""


@pytest.mark.regle("R-124")
async def test_a_trial_shows_each_difference_and_keeps_nothing(api: Api, monde: Monde) -> None:
    await importe(api, monde.gaelle, fichier().decode())
    (avant,) = await lignes(monde, m.Action, source="essai")
    autre = fichier(formation("Maçon du bâti ancien")).decode().replace("20260630", "20260703")

    essai = (await api(monde.gaelle, CHANGEMENTS, c=autre, essai=True))["importerLheo"]
    vrai = (await api(monde.gaelle, CHANGEMENTS, c=autre, essai=False))["importerLheo"]

    assert essai == vrai
    action, session = essai["changements"]
    assert (action["sorte"], action["quoi"], action["reference"]) == (
        "action",
        "MODIFIEE",
        avant["reference"],
    )
    assert action["differences"] == [{"champ": "intitule", "avant": "Maçon", "apres": "Maçon du bâti ancien"}]
    assert session["differences"] == [{"champ": "date_fin", "avant": "2026-06-30", "apres": "2026-07-03"}]
    assert session["ligne"] > 0


async def test_what_is_new_is_listed_and_a_trial_gives_it_no_number(api: Api, monde: Monde) -> None:
    essai, vrai = [
        (await api(monde.gaelle, CHANGEMENTS, c=fichier().decode(), essai=oui))["importerLheo"]
        for oui in (True, False)
    ]

    assert [c["sorte"] for c in essai["changements"]] == ["structure", "action", "session"]
    assert [c["reference"] for c in essai["changements"][1:]] == [None, None]
    assert all(c["reference"] for c in vrai["changements"])
    assert {c["quoi"] for c in essai["changements"] + vrai["changements"]} == {"CREEE"}


async def test_a_refusal_says_where_in_the_formation_and_what_was_written(api: Api, monde: Monde) -> None:
    mauvais = fichier(formation().replace("73282932000074", "73282932000075")).decode()
    crie = fichier(formation("MAÇON DU BÂTI ANCIEN")).decode()

    (refusee,) = (await api(monde.gaelle, CHANGEMENTS, c=mauvais, essai=True))["importerLheo"]["refusees"]
    averti = (await api(monde.gaelle, CHANGEMENTS, c=crie, essai=True))["importerLheo"]["avertissements"]

    assert refusee["erreurs"][0]["chemin"].endswith("SIRET-organisme-formation/SIRET")
    assert refusee["erreurs"][0]["valeur"] == "73282932000075"
    assert [(a["element"], a["valeur"]) for a in averti] == [("intitule-formation", "MAÇON DU BÂTI ANCIEN")]


NEUVE = formation(actions=action(session(numero="00599999"), numero="202600000999"))


@pytest.mark.regle("R-124", "R-175")
async def test_a_file_tells_nothing_of_an_action_that_one_does_not_read(api: Api, monde: Monde) -> None:
    """The file of the gestionnaire, one that says otherwise, one of a number that nobody has: the same answer."""
    await importe(api, monde.gaelle, fichier().decode())
    for qui in (monde.karim, monde.paul, monde.reseau_carif):
        dites = [
            {e["code"] for refusee in rendu["refusees"] for e in refusee["erreurs"]}
            for contenu in (fichier(), fichier(formation("Maçon du bâti ancien")), fichier(NEUVE))
            for rendu in [await importe(api, qui, contenu.decode(), essai=True)]
        ]
        assert dites == [{"INTERDIT"}] * 3


@pytest.mark.regle("R-179")
async def test_what_was_withdrawn_is_said_to_who_may_know_it(api: Api, monde: Monde) -> None:
    await importe(api, monde.gaelle, fichier().decode())
    (action,) = await lignes(monde, m.Action, source="essai")
    await monde.changer(SimpleNamespace(**action), m.Action, etat=m.EtatAction.ARCHIVEE)
    for qui, code in ((monde.gaelle, "ACTION_RETIREE"), (monde.paul, "INTERDIT")):
        rendu = await importe(api, qui, fichier().decode(), essai=True)
        assert [e["code"] for r in rendu["refusees"] for e in r["erreurs"]] == [code]
