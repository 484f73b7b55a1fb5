"""Structures: found, declared, validated, corrected (R-004, R-005, R-015, R-031)."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from app.domain.identifiants import suit_luhn
from tests.cast import Monde

from . import actes_comptes as c
from .actes_comptes import acte, essayer, lignes, trouver
from .conftest import Api

FICHE = {
    "raisonSociale": "Atelier du Viaduc",
    "sigle": "ADV",
    "codePostal": "19100",
    "ville": "Brive-la-Gaillarde",
    "organismeFormation": True,
}


def fiche(**champs: Any) -> dict[str, Any]:
    siren = next(s for n in range(10) if suit_luhn(s := f"99900098{n}"))
    siret = next(s for n in range(10) if suit_luhn(s := f"{siren}0001{n}"))
    return FICHE | {"siret": f" {siret[:3]} {siret[3:9]} {siret[9:]}"} | champs


async def declaree(api: Api, qui: Any, **champs: Any) -> str:
    codes, payload = await acte(api, qui, c.DECLARER, entree=fiche(**champs))
    assert codes == []
    return str(payload["structure"]["id"])


@pytest.mark.regle("R-004", "R-015")
async def test_a_structure_is_found_by_a_piece_of_its_name_its_sigle_or_its_siret(
    api: Api, monde: Monde
) -> None:
    attendue = [monde.trois_vallees.raison_sociale]
    siret = monde.trois_vallees.siret
    espace = f" {siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]} "

    for texte in ("trois vallees", "TROIS VALLÉES", "mltv", siret, espace):
        assert await trouver(api, None, texte=texte) == attendue
    assert await trouver(api, None, texte="99900001100099") == []
    assert await trouver(api, None, texte="introuvable") == []
    assert await trouver(api, None, texte="estuaire", habiliteePrescrire=True) == []
    assert len(await trouver(api, None, texte="estuaire", organismeFormation=True)) == 2


@pytest.mark.regle("R-005")
async def test_a_missing_structure_is_declared_and_serves_nobody_until_it_is_validated(
    api: Api, monde: Monde
) -> None:
    id = await declaree(api, monde.jeanne)
    lue = "query($id: ID!) { structure(id: $id) { raisonSociale siret etat adresse { departement } } }"

    vue = (await api(monde.jeanne, lue, id=id))["structure"]
    assert (vue["etat"], vue["adresse"]["departement"], len(vue["siret"])) == ("A_VALIDER", "19", 14)
    for qui in (None, monde.paul, monde.rosa):
        assert (await api(qui, lue, id=id))["structure"] is None
    assert await trouver(api, None, texte="viaduc") == []
    for qui in (None, monde.jeanne, monde.rosa):
        assert await essayer(api, qui, c.VALIDER_STRUCTURE, structure=id) == (
            ["INTERDIT"] if qui is monde.jeanne else ["NON_TROUVE"]
        )

    codes, payload = await acte(api, monde.gaelle, c.VALIDER_STRUCTURE, structure=id)

    assert (codes, payload["structure"]["etat"]) == ([], "VALIDEE")
    assert await trouver(api, None, texte="viaduc") == ["Atelier du Viaduc"]
    assert await essayer(api, monde.gaelle, c.VALIDER_STRUCTURE, structure=id) == ["ETAT_INCOMPATIBLE"]


@pytest.mark.regle("R-005")
async def test_a_visitor_declares_too_and_a_gestionnaire_finds_what_waits(api: Api, monde: Monde) -> None:
    codes, payload = await acte(api, None, c.DECLARER, entree=fiche())

    assert (codes, payload["structure"]) == ([], None)
    assert await trouver(api, monde.gaelle, etat="A_VALIDER") == ["Atelier du Viaduc"]
    assert await trouver(api, monde.paul, etat="A_VALIDER") == []


@pytest.mark.regle("R-005")
@pytest.mark.parametrize(
    ("champs", "attendus"),
    [
        ({"siret": "99900001100017"}, ["FORMAT_INVALIDE"]),
        ({"siret": None}, ["CHAMP_OBLIGATOIRE"]),
        ({"raisonSociale": " ", "ville": None}, ["CHAMP_OBLIGATOIRE", "CHAMP_OBLIGATOIRE"]),
        ({"codePostal": "99999"}, ["FORMAT_INVALIDE"]),
        ({"siret": "99900001100018"}, ["STRUCTURE_EXISTANTE"]),
    ],
)
async def test_a_declaration_is_checked_whole(
    api: Api, monde: Monde, champs: dict[str, Any], attendus: list[str]
) -> None:
    assert await essayer(api, monde.jeanne, c.DECLARER, entree=fiche(**champs)) == attendus


@pytest.mark.regle("R-005", "R-042")
async def test_nobody_declares_that_a_structure_may_prescribe(api: Api, monde: Monde) -> None:
    entree = fiche() | {"habiliteePrescrire": True}
    answer = await api.brut(monde.jeanne, c.DECLARER, entree=entree)
    assert "habiliteePrescrire" in answer["errors"][0]["message"]

    await declaree(api, monde.jeanne)
    [structure] = await lignes(monde, m.Structure, etat="a_valider")
    assert (structure["est_habilitee_prescrire"], structure["est_cap_metiers"]) == (False, False)


@pytest.mark.regle("R-005")
async def test_refusing_a_structure_refuses_who_asked_to_join_it(api: Api, monde: Monde) -> None:
    id = await declaree(api, monde.jeanne)
    [structure] = await lignes(monde, m.Structure, etat="a_valider")
    demande = await monde.inserer(
        m.Affiliation, compte_id=monde.jeanne.id, structure_id=structure["id"], demandee_le=monde.le
    )

    assert await essayer(api, monde.gaelle, c.REFUSER_STRUCTURE, structure=id) == []

    assert (await monde.relire(demande)).etat is m.EtatAffiliation.REFUSEE
    [refusee] = await lignes(monde, m.Structure, id=structure["id"])
    assert refusee["etat"] == "refusee"


@pytest.mark.regle("R-031")
async def test_a_gestionnaire_corrects_a_structure_and_nobody_else(api: Api, monde: Monde) -> None:
    id = await c.id_de(api, monde, monde.trois_vallees)
    entree = {"structure": id, "sigle": "ML3V", "codePostal": "19000", "ville": "Tulle"}

    for qui in (None, monde.paul, monde.rosa, monde.karim, monde.adrien):
        assert await essayer(api, qui, c.MODIFIER_STRUCTURE, entree=entree) == ["INTERDIT"]
    codes, payload = await acte(api, monde.gaelle, c.MODIFIER_STRUCTURE, entree=entree)

    assert codes == []
    assert payload["structure"]["adresse"] == {"ville": "Tulle", "departement": "19"}
    assert payload["structure"]["raisonSociale"] == monde.trois_vallees.raison_sociale
    [fait] = await lignes(monde, m.Fait, nom="StructureModifiee")
    assert fait["donnees"] == {"champs": ["code_postal", "departement", "sigle", "ville"]}
    assert fait["structure_concernee_id"] == monde.trois_vallees.id


@pytest.mark.regle("R-019", "R-031")
async def test_a_referent_asks_for_a_change_that_a_gestionnaire_applies(api: Api, monde: Monde) -> None:
    id = await c.id_de(api, monde, monde.trois_vallees)
    entree = {"structure": id, "ville": "Ambazac", "motif": "Nous avons déménagé."}

    for qui in (monde.paul, monde.karim, None):
        assert await essayer(api, qui, c.DEMANDER_MODIFICATION, entree=entree) == ["INTERDIT"]
    codes, payload = await acte(api, monde.rosa, c.DEMANDER_MODIFICATION, entree=entree)
    demande = payload["demande"]
    assert codes == []
    assert demande["demandee"] == {"ville": "Ambazac", "sigle": None, "raisonSociale": None}
    assert await essayer(api, monde.rosa, c.APPLIQUER, demande=demande["id"]) == ["INTERDIT"]
    assert await essayer(api, monde.karim, c.APPLIQUER, demande=demande["id"]) == ["NON_TROUVE"]

    codes, payload = await acte(api, monde.gaelle, c.APPLIQUER, demande=demande["id"])

    assert (codes, payload["demande"]["etat"]) == ([], "APPLIQUEE")
    assert payload["demande"]["avant"]["ville"] == "Limoges"
    ville = "query($id: ID!) { structure(id: $id) { adresse { ville } } }"
    assert (await api(None, ville, id=id))["structure"]["adresse"]["ville"] == "Ambazac"
    assert await essayer(api, monde.gaelle, c.APPLIQUER, demande=demande["id"]) == ["ETAT_INCOMPATIBLE"]


@pytest.mark.regle("R-031")
async def test_a_request_is_refused_with_a_reason_and_its_history_is_the_referents_alone(
    api: Api, monde: Monde
) -> None:
    id = await c.id_de(api, monde, monde.trois_vallees)
    entree = {"structure": id, "sigle": "M3V"}
    demande = (await acte(api, monde.rosa, c.DEMANDER_MODIFICATION, entree=entree))[1]["demande"]["id"]

    refus = {"demande": demande, "motif": " "}
    assert await essayer(api, monde.gaelle, c.REFUSER_MODIFICATION, **refus) == ["CHAMP_OBLIGATOIRE"]
    refus["motif"] = "Ce sigle est celui d'une autre structure."
    assert await essayer(api, monde.gaelle, c.REFUSER_MODIFICATION, **refus) == []

    liste = "{ demandesModification { nodes { etat motifRefus demandee { sigle } } } }"
    lues = (await api(monde.rosa, liste))["demandesModification"]["nodes"]
    assert lues == [
        {
            "etat": "REFUSEE",
            "motifRefus": "Ce sigle est celui d'une autre structure.",
            "demandee": {"sigle": "M3V"},
        }
    ]
    for qui in (monde.paul, monde.karim, None):
        assert (await api(qui, liste))["demandesModification"]["nodes"] == []


@pytest.mark.regle("R-031")
async def test_a_request_that_changes_nothing_is_none(api: Api, monde: Monde) -> None:
    id = await c.id_de(api, monde, monde.trois_vallees)
    entree = {"structure": id, "ville": "Limoges "}
    assert await essayer(api, monde.rosa, c.DEMANDER_MODIFICATION, entree=entree) == ["RIEN_A_DEMANDER"]


@pytest.mark.regle("R-042", "R-045")
async def test_a_structure_stays_of_the_kinds_that_its_members_need(api: Api, monde: Monde) -> None:
    id = await c.id_de(api, monde, monde.trois_vallees)
    plus_habilitee = {"structure": id, "habiliteePrescrire": False}
    assert await essayer(api, monde.gaelle, c.MODIFIER_STRUCTURE, entree=plus_habilitee) == [
        "DROITS_EN_PLACE"
    ]
    estuaire = {"structure": await c.id_de(api, monde, monde.estuaire), "organismeFormation": False}
    assert await essayer(api, monde.gaelle, c.MODIFIER_STRUCTURE, entree=estuaire) == ["DROITS_EN_PLACE"]

    menuiserie = {"structure": await c.id_de(api, monde, monde.menuiserie), "habiliteePrescrire": True}
    assert await essayer(api, monde.gaelle, c.MODIFIER_STRUCTURE, entree=menuiserie) == []
    menuiserie["habiliteePrescrire"] = False
    assert await essayer(api, monde.gaelle, c.MODIFIER_STRUCTURE, entree=menuiserie) == []
