"""The list of the members, downloaded by who may (R-030)."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from app import models as m
from tests.cast import Monde

from .actes_comptes import id_de, lignes
from .conftest import Api


async def telecharger(api: Api, qui: Any, structure: str | None) -> Any:
    params = {} if structure is None else {"structure": structure}
    return await api.client.get("/exports/membres.csv", params=params, headers=qui.entetes if qui else {})


@pytest.mark.regle("R-030")
async def test_a_referent_downloads_the_members_of_its_structure(api: Api, monde: Monde) -> None:
    vallees = await id_de(api, monde, monde.trois_vallees)
    await monde.changer(monde.paul, m.Compte, nom='=HYPERLINK("http://x")', telephone="05 55 00 00 01")

    answer = await telecharger(api, monde.rosa, vallees)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="membres-99900001100018.csv"'
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    par_prenom = {row[1]: row for row in rows[1:]}
    assert sorted(par_prenom) == ["Hugo", "Nadia", "Paul", "Rosa"]  # Lucas only asks
    assert par_prenom["Paul"][0] == '\'=HYPERLINK("http://x")'
    assert par_prenom["Paul"][3] == "05 55 00 00 01"
    assert par_prenom["Rosa"][4:7] == ["oui", "non", "Prescripteur niveau 3, Bénéficiaire"]
    [fait] = await lignes(monde, m.Fait, nom="MembresExportes")
    assert (fait["compte_id"], fait["structure_concernee_id"]) == (monde.rosa.id, monde.trois_vallees.id)


@pytest.mark.regle("R-030")
async def test_nobody_else_does(api: Api, monde: Monde) -> None:
    vallees = await id_de(api, monde, monde.trois_vallees)

    for qui in (monde.paul, monde.nadia, monde.karim, None):
        answer = await telecharger(api, qui, vallees)
        assert (answer.status_code, answer.text) == (403, "Votre profil ne permet pas cet acte.")
    assert (await telecharger(api, monde.gaelle, vallees)).status_code == 200
    assert (await telecharger(api, monde.rosa, "U3RydWN0dXJlOjA=")).status_code == 404
    for absurde in (None, "", "n'importe quoi"):
        assert (await telecharger(api, monde.rosa, absurde)).status_code in (400, 404)
    faux = await api.client.get(
        "/exports/membres.csv", headers={"authorization": "Bearer aaaaaaaaaaaaaaaaaaaa"}
    )
    assert faux.status_code == 401
    assert len(await lignes(monde, m.Fait, nom="MembresExportes")) == 1
