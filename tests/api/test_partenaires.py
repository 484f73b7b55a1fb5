"""Partners' programs: a key for each scope, that a gestionnaire gives, renews, ends, and that no page bears (C-32)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.policies.viewer import SCOPES
from tests.cast import Monde

from . import actes
from .actes_comptes import _acte, acte, essayer, lignes, porteur
from .conftest import Api
from .identifiants import gid

CREER = _acte(
    "creerPartenaire",
    {"entree": "CreerPartenaireInput!"},
    "partenaire { id libelle portees cles { prefixe } }",
)
PORTEES = _acte("modifierPortees", {"partenaire": "ID!", "portees": "[Portee!]!"}, "partenaire { portees }")
REVOQUER = _acte("revoquerPartenaire", {"partenaire": "ID!"}, "partenaire { revoqueLe }")
CLE = "cle { id prefixe portee creeLe expireLe vuLe revoqueLe }"
DONNER = _acte(
    "donnerCle", {"partenaire": "ID!", "portee": "Portee!", "jours": "Int! = 365"}, f"secret {CLE}"
)
RENOUVELER = _acte(
    "renouvelerCle", {"cle": "ID!", "jours": "Int! = 365", "recouvrement": "Int! = 7"}, f"secret {CLE}"
)
REVOQUER_CLE = _acte("revoquerCle", {"cle": "ID!"}, CLE)
LISTE = "{ partenaires { id libelle portees revoqueLe cles { id prefixe portee vuLe } } }"
OFFRE = "{ actions { totalCount } }"


async def partenaire(api: Api, monde: Monde, *portees: str) -> str:
    entree = {"libelle": "Observatoire (essai)", "portees": list(portees) or ["OFFRE_LIRE"]}
    codes, payload = await acte(api, monde.gaelle, CREER, entree=entree)
    assert codes == []
    return str(payload["partenaire"]["id"])


async def une_cle(
    api: Api, monde: Monde, qui: str, portee: str = "OFFRE_LIRE", **autres: Any
) -> dict[str, Any]:
    codes, payload = await acte(api, monde.gaelle, DONNER, partenaire=qui, portee=portee, **autres)
    assert codes == []
    return payload


async def vaut(api: Api, payload: dict[str, Any]) -> bool:
    """Out: whether a key still opens something."""
    api.oublier()
    answer = await api.brut(porteur(payload["secret"]), OFFRE)
    return "errors" not in answer


@pytest.mark.regle("C-32")
async def test_a_gestionnaire_makes_a_partner_and_gives_it_a_key_shown_once(api: Api, monde: Monde) -> None:
    id = await partenaire(api, monde, "OFFRE_LIRE", "CANDIDATURES_REGION")
    donnee = await une_cle(api, monde, id)

    assert donnee["secret"].startswith(donnee["cle"]["prefixe"] + "_")
    assert (donnee["cle"]["portee"], donnee["cle"]["expireLe"][:10]) == ("OFFRE_LIRE", "2027-06-02")
    assert (await api(porteur(donnee["secret"]), OFFRE))["actions"]["totalCount"] > 0
    rows = str(await lignes(monde, m.Jeton)) + str(await lignes(monde, m.Fait))
    assert donnee["secret"] not in rows
    [lu] = [p for p in (await api(monde.gaelle, LISTE))["partenaires"] if p["id"] == id]
    assert lu["portees"] == ["CANDIDATURES_REGION", "OFFRE_LIRE"]
    assert [c["prefixe"] for c in lu["cles"]] == [donnee["cle"]["prefixe"]]
    assert [f["nom"] for f in await lignes(monde, m.Fait)] == ["PartenaireCree", "CleDonnee"]


@pytest.mark.regle("C-32")
async def test_nobody_else_makes_a_partner_or_reads_its_keys(api: Api, monde: Monde) -> None:
    id = await partenaire(api, monde)
    donnee = await une_cle(api, monde, id)
    entree = {"libelle": "Intrus", "portees": ["OFFRE_LIRE"]}
    for qui in (None, monde.rosa, monde.karim, monde.adrien, monde.hub_agora, porteur(donnee["secret"])):
        assert await essayer(api, qui, CREER, entree=entree) == ["INTERDIT"]
        assert (await api(qui, LISTE))["partenaires"] == []
        for document, variables in (
            (DONNER, {"partenaire": id, "portee": "OFFRE_LIRE"}),
            (PORTEES, {"partenaire": id, "portees": ["CANDIDATURES_REGION"]}),
            (REVOQUER, {"partenaire": id}),
            (RENOUVELER, {"cle": donnee["cle"]["id"]}),
            (REVOQUER_CLE, {"cle": donnee["cle"]["id"]}),
        ):
            assert await essayer(api, qui, document, **variables) == ["NON_TROUVE"]
    assert await vaut(api, donnee)


@pytest.mark.regle("C-32")
async def test_a_key_has_its_scope_and_nothing_more(api: Api, monde: Monde) -> None:
    """What each scope may do is in the policy: the key of one shows nothing of another."""
    await monde.une_candidature(etat="en_attente_avis", est_inscrit_france_travail=False)
    id = await partenaire(api, monde, *(scope.upper() for scope in SCOPES))
    cles = {scope: porteur((await une_cle(api, monde, id, scope.upper()))["secret"]) for scope in SCOPES}
    lues = {}
    for scope, cle in cles.items():
        lues[scope] = (await api(cle, actes.LISTE))["candidatures"]["totalCount"]
    assert lues == {
        "offre_lire": 0,
        "candidatures_region": 1,
        "candidatures_france_travail": 0,
        "candidatures_libre": 0,
    }
    for cle in cles.values():
        assert (await api(cle, LISTE))["partenaires"] == []
        assert (await api(cle, "{ affiliations { totalCount } }"))["affiliations"]["totalCount"] == 0


@pytest.mark.regle("C-32")
async def test_a_key_is_given_for_a_granted_scope_only_and_dies_with_it(api: Api, monde: Monde) -> None:
    id = await partenaire(api, monde, "OFFRE_LIRE", "CANDIDATURES_REGION")
    cle = await une_cle(api, monde, id)
    assert await essayer(api, monde.gaelle, DONNER, partenaire=id, portee="CANDIDATURES_LIBRE") == [
        "PORTEE_NON_ACCORDEE"
    ]
    assert await vaut(api, cle)

    retire = {"partenaire": id, "portees": ["CANDIDATURES_REGION"]}
    assert await essayer(api, monde.gaelle, PORTEES, **retire) == []

    assert not await vaut(api, cle)
    assert await essayer(api, monde.gaelle, RENOUVELER, cle=cle["cle"]["id"]) == ["PORTEE_NON_ACCORDEE"]
    assert await essayer(api, monde.gaelle, PORTEES, partenaire=id, portees=[]) == ["CHAMP_OBLIGATOIRE"]


@pytest.mark.regle("C-32")
async def test_a_key_is_renewed_while_the_former_serves_some_days_more(api: Api, monde: Monde) -> None:
    ancienne = await une_cle(api, monde, await partenaire(api, monde))

    codes, nouvelle = await acte(api, monde.gaelle, RENOUVELER, cle=ancienne["cle"]["id"], recouvrement=3)

    assert (codes, nouvelle["cle"]["portee"]) == ([], "OFFRE_LIRE")
    assert await vaut(api, ancienne)
    assert await vaut(api, nouvelle)
    api.montre.heure += timedelta(days=3)
    assert not await vaut(api, ancienne)
    assert await vaut(api, nouvelle)
    perdue = ancienne["cle"]["id"]
    api.montre.heure -= timedelta(days=3)  # Gaëlle's token is of that day
    api.oublier()
    assert await essayer(api, monde.gaelle, REVOQUER_CLE, cle=nouvelle["cle"]["id"]) == []
    assert not await vaut(api, nouvelle)
    assert await essayer(api, monde.gaelle, RENOUVELER, cle=nouvelle["cle"]["id"]) == ["CLE_TERMINEE"]
    assert await essayer(api, monde.gaelle, REVOQUER_CLE, cle=perdue) == []


@pytest.mark.regle("C-32")
@pytest.mark.parametrize("jours", [0, -1, 367, 2**31 - 1])
async def test_a_key_ends_within_a_year(api: Api, monde: Monde, jours: int) -> None:
    id = await partenaire(api, monde)
    for document, variables in (
        (DONNER, {"partenaire": id, "portee": "OFFRE_LIRE"}),
        (RENOUVELER, {"cle": (await une_cle(api, monde, id))["cle"]["id"]}),
    ):
        assert await essayer(api, monde.gaelle, document, jours=jours, **variables) == ["FORMAT_INVALIDE"]
    courte = await une_cle(api, monde, id, jours=1)
    api.montre.heure += timedelta(days=1)
    assert not await vaut(api, courte)


@pytest.mark.regle("C-32")
async def test_a_partner_that_is_revoked_has_no_key_left(api: Api, monde: Monde) -> None:
    id = await partenaire(api, monde)
    cles = [await une_cle(api, monde, id) for _ in range(2)]

    assert await essayer(api, monde.gaelle, REVOQUER, partenaire=id) == []

    assert [await vaut(api, cle) for cle in cles] == [False, False]
    assert await essayer(api, monde.gaelle, DONNER, partenaire=id, portee="OFFRE_LIRE") == [
        "PARTENAIRE_REVOQUE"
    ]
    assert await essayer(api, monde.gaelle, REVOQUER, partenaire=id) == ["PARTENAIRE_REVOQUE"]


@pytest.mark.regle("C-32")
async def test_the_last_use_of_a_key_is_shown_to_the_hour(api: Api, monde: Monde) -> None:
    id = await partenaire(api, monde)
    cle = await une_cle(api, monde, id)
    assert cle["cle"]["vuLe"] is None

    async def vue() -> Any:
        [lu] = [p for p in (await api(monde.gaelle, LISTE))["partenaires"] if p["id"] == id]
        return lu["cles"][0]["vuLe"]

    depart = api.montre.heure
    await asyncio.gather(*[vaut(api, cle) for _ in range(5)])
    premiere = await vue()
    assert premiere.startswith("2026-06-02T08:00")
    api.montre.heure = depart + timedelta(minutes=59)
    await vaut(api, cle)
    assert await vue() == premiere
    api.montre.heure = depart + timedelta(minutes=60)
    await vaut(api, cle)
    assert (await vue()).startswith("2026-06-02T09:00")


@pytest.mark.regle("C-32")
@pytest.mark.parametrize("entete", [{"origin": "https://page.example"}, {"sec-fetch-site": "same-origin"}])
async def test_the_key_of_a_partner_does_not_serve_in_a_page(
    api: Api, monde: Monde, entete: dict[str, str]
) -> None:
    body = {"query": OFFRE}
    answers = {
        qui.cle: await api.client.post("/graphql", json=body, headers=qui.entetes | entete)
        for qui in (monde.reseau_carif, monde.paul)
    }
    assert {cle: answer.status_code for cle, answer in answers.items()} == {"reseau_carif": 403, "paul": 200}
    assert answers["reseau_carif"].json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    telecharge = await api.client.get("/exports/membres.csv", headers=monde.hub_agora.entetes | entete)
    assert telecharge.status_code == 403
    sans = await api.client.post("/graphql", json=body, headers=monde.reseau_carif.entetes)
    assert sans.status_code == 200


async def test_a_gestionnaire_does_not_take_the_keys_of_partners_for_its_own_connexions(
    api: Api, monde: Monde
) -> None:
    await une_cle(api, monde, await partenaire(api, monde))
    siens = (await api(monde.gaelle, "{ mesJetons { id } }"))["mesJetons"]
    assert len(siens) == len(monde.gaelle.connexions)


@pytest.mark.regle("C-32")
async def test_nobody_signs_in_to_the_account_of_a_partner(api: Api, monde: Monde) -> None:
    donnes = {"email": monde.hub_agora.courriel, "motDePasse": "Demonstration-2026", "code": None}
    assert (await api(None, actes.CONNEXION, **donnes))["connexion"]["jeton"] is None
    jeton = m.Jeton(id=monde.paul.viewer.jeton_id)
    assert await essayer(api, monde.gaelle, REVOQUER_CLE, cle=gid("ClePartenaire", jeton)) == ["NON_TROUVE"]
