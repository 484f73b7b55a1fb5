"""Référents: what they may, and all the ways in which they, and others, may not (R-019 to R-021, R-027 to R-029)."""

from __future__ import annotations

import pytest

from app import models as m
from tests.cast import Monde

from . import actes
from . import actes_comptes as c
from .actes_comptes import acte, affiliation_de, courriels, essayer, lignes
from .conftest import Api
from .identifiants import gid


@pytest.mark.regle("R-006")
async def test_a_gestionnaire_names_and_dismisses_referents_and_nobody_else(api: Api, monde: Monde) -> None:
    paul = await affiliation_de(monde, monde.paul, monde.trois_vallees)
    key = gid("Affiliation", paul)
    for verbe in (c.NOMMER, c.RETIRER):
        for qui in (monde.rosa, monde.paul):
            assert await essayer(api, qui, verbe, affiliation=key) == ["INTERDIT"]
        for qui in (None, monde.karim):
            assert await essayer(api, qui, verbe, affiliation=key) == ["NON_TROUVE"]

    codes, payload = await acte(api, monde.gaelle, c.NOMMER, affiliation=key)
    assert (codes, payload["affiliation"]["referent"]) == ([], True)
    codes, payload = await acte(api, monde.gaelle, c.RETIRER, affiliation=key)
    assert (codes, payload["affiliation"]["referent"]) == ([], False)
    assert len(await lignes(monde, m.Fait, nom="ReferentNomme", compte_concerne_id=monde.paul.id)) == 1
    assert len(await lignes(monde, m.Fait, nom="ReferentRetire", compte_concerne_id=monde.paul.id)) == 1


@pytest.mark.regle("R-006")
async def test_nobody_names_itself(api: Api, monde: Monde) -> None:
    gaelle = gid("Affiliation", await affiliation_de(monde, monde.gaelle, monde.cap_metiers))
    assert await essayer(api, monde.gaelle, c.NOMMER, affiliation=gaelle) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, c.RETIRER, affiliation=gaelle) == ["INTERDIT"]


@pytest.mark.regle("R-006", "R-007")
async def test_when_the_last_referent_leaves_the_gestionnaires_answer_again(api: Api, monde: Monde) -> None:
    rosa = gid("Affiliation", await affiliation_de(monde, monde.rosa, monde.trois_vallees))
    lucas = gid("Affiliation", await affiliation_de(monde, monde.lucas, monde.trois_vallees))
    sans = 'query { structures(filtre: { aUnReferent: false, texte: "trois vallees" }) { totalCount } }'
    assert (await api(monde.gaelle, sans))["structures"]["totalCount"] == 0

    assert await essayer(api, monde.gaelle, c.RETIRER, affiliation=rosa) == []
    api.oublier()

    assert (await api(monde.gaelle, sans))["structures"]["totalCount"] == 1  # to be watched
    assert await essayer(api, monde.rosa, c.ACCEPTER, affiliation=lucas) == ["NON_TROUVE"]
    codes, payload = await acte(api, monde.gaelle, c.ACCEPTER, affiliation=lucas)
    assert (codes, payload["affiliation"]["referent"]) == ([], True)


@pytest.mark.regle("R-006")
async def test_a_structure_that_loses_its_last_referent_is_told_once_to_the_other_gestionnaires(
    api: Api, monde: Monde
) -> None:
    autre = await monde.inserer(
        m.DroitAccorde,
        affiliation_id=monde.adrien.viewer.affiliation_id,
        droit=m.Droit.GESTIONNAIRE,
        accorde_le=monde.le,
    )
    rosa = gid("Affiliation", await affiliation_de(monde, monde.rosa, monde.trois_vallees))
    paul = gid("Affiliation", await affiliation_de(monde, monde.paul, monde.trois_vallees))
    manque = "{ structures(filtre: { referentManquant: true }) { nodes { raisonSociale } } }"
    nom = {"raisonSociale": monde.raisons_sociales[monde.trois_vallees.id]}
    assert nom not in (await api(monde.gaelle, manque))["structures"]["nodes"]

    assert await essayer(api, monde.gaelle, c.NOMMER, affiliation=paul) == []
    assert await essayer(api, monde.gaelle, c.RETIRER, affiliation=paul) == []  # one is left
    assert [a for a in await courriels(monde) if a["gabarit"] == "structure_sans_referent"] == []
    assert await essayer(api, monde.gaelle, c.DETACHER, affiliation=rosa) == []
    assert (
        await essayer(api, monde.gaelle, c.RETIRER, affiliation=paul) == []
    )  # it was none: nothing is lost twice

    told = [a for a in await courriels(monde) if a["gabarit"] == "structure_sans_referent"]
    assert [(a["compte_id"], a["structure_id"]) for a in told] == [(autre.compte_id, monde.trois_vallees.id)]
    assert nom in (await api(monde.gaelle, manque))["structures"]["nodes"]
    assert (
        nom not in (await api(monde.karim, manque))["structures"]["nodes"]
    )  # who reads no member is told nothing


@pytest.mark.regle("R-021", "R-027")
async def test_only_a_referent_of_the_structure_or_a_gestionnaire_detaches(api: Api, monde: Monde) -> None:
    paul = gid("Affiliation", await affiliation_de(monde, monde.paul, monde.trois_vallees))

    for membre in (monde.paul, monde.nadia, monde.hugo):
        assert await essayer(api, membre, c.DETACHER, affiliation=paul) == ["INTERDIT"]
    for etranger in (monde.karim, monde.camille, monde.jeanne, None):
        assert await essayer(api, etranger, c.DETACHER, affiliation=paul) == ["NON_TROUVE"]

    assert await essayer(api, monde.gaelle, c.DETACHER, affiliation=paul) == []


@pytest.mark.regle("R-029")
async def test_nobody_detaches_its_own_account(api: Api, monde: Monde) -> None:
    rosa = gid("Affiliation", await affiliation_de(monde, monde.rosa, monde.trois_vallees))
    gaelle = gid("Affiliation", await affiliation_de(monde, monde.gaelle, monde.cap_metiers))

    assert await essayer(api, monde.rosa, c.DETACHER, affiliation=rosa) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, c.DETACHER, affiliation=gaelle) == ["INTERDIT"]
    assert await essayer(api, monde.gaelle, c.DETACHER, affiliation=rosa) == []  # « nous contacter »


@pytest.mark.regle("R-020", "R-021")
async def test_a_referent_of_one_structure_reaches_none_of_another(api: Api, monde: Monde) -> None:
    """By identifier, and by many aliases in one request of which one is right."""
    paul = await affiliation_de(monde, monde.paul, monde.trois_vallees)
    ines = await affiliation_de(monde, monde.ines, monde.estuaire)
    alias = f"""mutation {{
      a: ajouterDroit(affiliation: "{gid("Affiliation", ines)}", droit: EMPLOYEUR) {{ {actes.EMPECHEMENTS} }}
      b: ajouterDroit(affiliation: "{gid("Affiliation", paul)}", droit: EMPLOYEUR) {{ {actes.EMPECHEMENTS} }}
      c: detacher(affiliation: "{gid("Affiliation", paul)}") {{ {actes.EMPECHEMENTS} }} }}"""

    found = await api(monde.karim, alias)

    assert [actes.codes(found[nom]) for nom in "abc"] == [[], ["NON_TROUVE"], ["NON_TROUVE"]]
    droits = {d["droit"] for d in await lignes(monde, m.DroitAccorde, affiliation_id=paul.id)}
    assert droits == {"prescripteur_n2", "beneficiaire"}


@pytest.mark.regle("R-020", "R-021")
async def test_an_identifier_of_another_type_or_a_list_reaches_nothing(api: Api, monde: Monde) -> None:
    paul = await affiliation_de(monde, monde.paul, monde.trois_vallees)
    menti = gid("Compte", paul)
    assert await essayer(api, monde.rosa, c.DETACHER, affiliation=menti) == ["NON_TROUVE"]

    answer = await api.brut(monde.rosa, c.DETACHER, affiliation=[gid("Affiliation", paul)] * 2)

    assert answer["errors"][0]["extensions"]["code"] in ("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED")
    assert (await monde.relire(paul)).etat is m.EtatAffiliation.ACCEPTEE


@pytest.mark.regle("R-006", "R-021")
async def test_no_input_of_the_api_says_who_is_referent_or_what_somebody_may(api: Api, monde: Monde) -> None:
    asked = (
        "{ __schema { types { kind name inputFields { name } mutations: fields { name args { name } } } } }"
    )
    types = (await api(monde.rosa, asked))["__schema"]["types"]
    entrees = [
        t for t in types if t["kind"] == "INPUT_OBJECT" and not t["name"].startswith(("Filtre", "Rech"))
    ]
    champs = {f["name"] for t in entrees for f in t["inputFields"]}
    [mutations] = [t["mutations"] for t in types if t["name"] == "Mutation"]
    arguments = {(f["name"], a["name"]) for f in mutations for a in f["args"]}

    assert not champs & {"referent", "estReferent", "droit", "droits", "etat", "capMetiers"}
    assert {nom for nom, argument in arguments if argument in ("referent", "estReferent")} == set()
    assert {nom for nom, argument in arguments if argument == "droit"} == {"ajouterDroit", "retirerDroit"}


@pytest.mark.regle("R-042", "R-045")
async def test_a_droit_fits_the_kind_of_its_structure_whoever_grants_it(api: Api, monde: Monde) -> None:
    theo = gid("Affiliation", await affiliation_de(monde, monde.theo, monde.menuiserie))
    for droit in ("PRESCRIPTEUR_N1", "OF_GENERAL", "PRESTATAIRE", "GESTIONNAIRE", "AUDITEUR"):
        assert await essayer(api, monde.gaelle, actes.AJOUTER_DROIT, id=theo, droit=droit) == [
            "DROIT_INADAPTE"
        ]
    ines = gid("Affiliation", await affiliation_de(monde, monde.ines, monde.estuaire))
    assert await essayer(api, monde.gaelle, actes.AJOUTER_DROIT, id=ines, droit="PRESTATAIRE") == []


@pytest.mark.regle("R-044", "R-045")
async def test_the_droits_of_parcourspro_give_nothing_here(api: Api, monde: Monde) -> None:
    """Employeur and prestataire are kept, listed and given; they open nothing of the candidatures."""
    ines = gid("Affiliation", await affiliation_de(monde, monde.ines, monde.estuaire))
    for droit in ("EMPLOYEUR", "PRESTATAIRE"):
        assert await essayer(api, monde.karim, actes.AJOUTER_DROIT, id=ines, droit=droit) == []
    await monde.une_candidature(etat="en_attente_avis")

    assert (await api(monde.theo, actes.LISTE))["candidatures"]["totalCount"] == 0
    assert (await api(monde.theo, "{ moi { profilActif { droit } } }"))["moi"]["profilActif"] == {
        "droit": "EMPLOYEUR"
    }


@pytest.mark.regle("R-020")
async def test_gestionnaire_and_auditeur_come_from_a_gestionnaire_only_and_never_from_oneself(
    api: Api, monde: Monde
) -> None:
    adrien = gid("Affiliation", await affiliation_de(monde, monde.adrien, monde.cap_metiers))
    gaelle = gid("Affiliation", await affiliation_de(monde, monde.gaelle, monde.cap_metiers))
    rosa = gid("Affiliation", await affiliation_de(monde, monde.rosa, monde.trois_vallees))

    assert await essayer(api, monde.gaelle, actes.AJOUTER_DROIT, id=gaelle, droit="AUDITEUR") == ["INTERDIT"]
    assert await essayer(api, monde.rosa, actes.AJOUTER_DROIT, id=rosa, droit="GESTIONNAIRE") == ["INTERDIT"]
    assert await essayer(api, monde.adrien, actes.AJOUTER_DROIT, id=adrien, droit="GESTIONNAIRE") == [
        "INTERDIT"
    ]
    assert await essayer(api, monde.gaelle, actes.AJOUTER_DROIT, id=adrien, droit="GESTIONNAIRE") == []
