"""The table of an organisation's sessions, brought in through the API (R-219, R-222)."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from app import models as m
from app.exports.tableur import csv_bytes
from app.imports.sessions import ACTION, ENTETES, NUMERO
from tests.cast import Acteur, Connexion, Monde

from .actes_comptes import lignes
from .conftest import Api

IMPORTER = """mutation($contenu: String!, $essai: Boolean!) { importerSessions(contenu: $contenu, essai: $essai) {
  lignes { ligne action session quoi differences { champ avant apres } empechements { code chemin message regle } }
  empechements { code message } } }"""
LIEU = {
    "Voie du lieu": "1 rue de l'Atelier",
    "Code postal": "17200",
    "Ville": "Royan",
    "Téléphone": "05 55 00 00 01",
}


def tableau(*rangees: dict[str, str]) -> str:
    """Out: a table with the columns of the template."""
    return csv_bytes(ENTETES, [[r.get(nom, "") for nom in ENTETES] for r in rangees]).decode("utf-8")


def neuve(monde: Monde) -> dict[str, str]:
    """Out: the row of a new session of the English training."""
    return {
        ACTION: monde.action_anglais.reference,
        "Début": "07/09/2026",
        "Fin": "18/12/2026",
        **LIEU,
    }


async def importe(api: Api, qui: Acteur | Connexion | None, contenu: str, *, essai: bool = False) -> Any:
    return (await api(qui, IMPORTER, contenu=contenu, essai=essai))["importerSessions"]


def quoi(compte_rendu: Any) -> list[str]:
    return [ligne["quoi"] for ligne in compte_rendu["lignes"]]


def codes(compte_rendu: Any) -> list[list[str]]:
    return [[e["code"] for e in ligne["empechements"]] for ligne in compte_rendu["lignes"]]


@pytest.mark.regle("R-219")
@pytest.mark.regle("R-222")
async def test_an_organisation_adds_and_changes_its_sessions(api: Api, monde: Monde) -> None:
    ancienne = monde.session_anglais
    change = {ACTION: monde.action_anglais.reference, NUMERO: ancienne.numero_carif.lstrip("0")}
    table = tableau(
        neuve(monde) | {"Modalité": "À distance", "Heures en centre": "35,5"},
        change | {"Commentaire": "Salle au deuxième étage", "Téléphone": "05 55 00 00 09"},
    )

    rendu = await importe(api, monde.karim, table)

    assert (rendu["empechements"], quoi(rendu)) == ([], ["CREEE", "MODIFIEE"]), rendu
    assert {d["champ"] for d in rendu["lignes"][1]["differences"]} == {"commentaire", "contact_telephone"}
    (creee,) = await lignes(monde, m.SessionFormation, numero_carif=rendu["lignes"][0]["session"])
    assert (creee["date_debut"], creee["modalite"], str(creee["heures_centre"])) == (
        date(2026, 9, 7),
        "distance",
        "35.50",
    )
    relue = await monde.relire(ancienne, m.SessionFormation)
    assert relue.commentaire == "Salle au deuxième étage"
    encore = await importe(api, monde.karim, table)
    assert quoi(encore) == ["INCHANGEE", "INCHANGEE"]


@pytest.mark.regle("R-222")
async def test_a_trial_shows_the_differences_and_keeps_nothing(api: Api, monde: Monde) -> None:
    avant = await lignes(monde, m.SessionFormation)
    faits = await lignes(monde, m.Fait)
    table = tableau(
        neuve(monde),
        {
            ACTION: monde.action_anglais.reference,
            NUMERO: monde.session_anglais.numero_carif,
            "Commentaire": "Nouveau",
        },
    )

    rendu = await importe(api, monde.karim, table, essai=True)

    assert quoi(rendu) == ["CREEE", "MODIFIEE"], rendu
    assert rendu["lignes"][1]["differences"] == [{"champ": "commentaire", "avant": None, "apres": "Nouveau"}]
    assert await lignes(monde, m.SessionFormation) == avant
    assert await lignes(monde, m.Fait) == faits


@pytest.mark.regle("R-222")
async def test_an_action_is_taken_whole_or_not_at_all(api: Api, monde: Monde) -> None:
    avant = await lignes(monde, m.SessionFormation)
    table = tableau(
        neuve(monde),
        neuve(monde) | {"Fin": "01/09/2026"},
        neuve(monde) | {"Début": "31/02/2026", "Modalité": "sur la Lune"},
    )

    rendu = await importe(api, monde.karim, table)

    assert quoi(rendu) == ["REFUSEE"] * 3
    assert codes(rendu) == [
        ["LIGNE_SOLIDAIRE"],
        ["FIN_AVANT_DEBUT"],
        ["CELLULE_ILLISIBLE", "CELLULE_ILLISIBLE"],
    ]
    assert await lignes(monde, m.SessionFormation) == avant


@pytest.mark.regle("R-016")
@pytest.mark.regle("R-240")
async def test_an_import_never_touches_what_its_author_may_not(api: Api, monde: Monde) -> None:
    publiee = {ACTION: monde.action_anglais.reference, NUMERO: monde.session_anglais.numero_carif}
    conventionnee = {
        ACTION: monde.action_maconnerie.reference,
        NUMERO: monde.session_maconnerie.numero_carif,
        "Commentaire": "À moi",
    }
    cas = [
        (monde.karim, publiee | {"Début": "08/09/2026"}, {"DATES_VERROUILLEES", "INTERDIT"}),
        (monde.karim, conventionnee, {"INTERDIT"}),
        (monde.karim, neuve(monde) | {ACTION: monde.action_maconnerie.reference}, {"INTERDIT"}),
        (monde.karim, neuve(monde) | {ACTION: monde.action_secretariat.reference}, {"INTERDIT"}),
        (monde.karim, neuve(monde) | {ACTION: "209900000000"}, {"NON_TROUVE"}),
        (monde.paul, neuve(monde), {"INTERDIT"}),
        (None, neuve(monde), {"INTERDIT"}),
    ]
    avant = await lignes(monde, m.SessionFormation)
    for qui, rangee, attendus in cas:
        rendu = await importe(api, qui, tableau(rangee))
        assert quoi(rendu) == ["REFUSEE"]
        assert set(codes(rendu)[0]) <= attendus, (rangee, rendu)
    assert await lignes(monde, m.SessionFormation) == avant


@pytest.mark.parametrize("separateur", [";", ",", "\t"])
async def test_any_separator_and_iso_dates_do(api: Api, monde: Monde, separateur: str) -> None:
    rangee = neuve(monde) | {"Début": "2026-09-07"}
    ecrit = io.StringIO()
    csv.writer(ecrit, delimiter=separateur).writerows([rangee.keys(), rangee.values()])

    assert quoi(await importe(api, monde.karim, ecrit.getvalue(), essai=True)) == ["CREEE"]


async def test_what_is_no_table_of_sessions_is_told_so(api: Api, monde: Monde) -> None:
    inconnue = tableau(neuve(monde)).replace("Commentaire", "Remarque")
    for contenu in ("", "a;b\n1;2", "PK\x03\x04", ";".join(ENTETES), inconnue):
        rendu = await importe(api, monde.karim, contenu)
        assert rendu["lignes"] is None
        assert [e["code"] for e in rendu["empechements"]] == ["TABLEAU_INVALIDE"]


async def test_the_template_is_the_table_that_is_read(api: Api, monde: Monde) -> None:
    answer = await api.client.get("/exports/modele-sessions.csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert next(csv.reader([answer.content.decode("utf-8-sig")], delimiter=";")) == list(ENTETES)
