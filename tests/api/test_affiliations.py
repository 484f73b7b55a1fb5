"""Affiliations: asked, accepted by whom it may concern, refused, ended (R-006 to R-013, R-022 to R-030)."""

from __future__ import annotations

import asyncio

import pytest

from app import models as m
from tests.cast import Monde

from . import actes
from . import actes_comptes as c
from .actes_comptes import acte, affiliation_de, courriels, essayer, id_de, lignes
from .conftest import Api
from .identifiants import gid

MES_STRUCTURES = """{ moi {
  rattachements { structure { raisonSociale siret organismeFormation } referent droits { droit } }
  demandes { structure { raisonSociale siret organismeFormation } demandeeLe etat } } }"""
MEMBRES = """query($structure: ID!) { affiliations(filtre: { structure: $structure, etat: ACCEPTEE }) {
  nodes { compte { prenom courriel } referent employeur aUnDroit } } }"""
LIRE = "query($r: String!) { candidature(reference: $r) { etat peut { valider supprimer } } }"


@pytest.mark.regle("R-010", "R-011")
async def test_a_person_asks_to_join_another_structure_and_finds_the_request_among_hers(
    api: Api, monde: Monde
) -> None:
    garonne = await id_de(api, monde, monde.agence_garonne)

    codes, payload = await acte(api, monde.paul, c.DEMANDER, structure=garonne)

    assert (codes, payload["affiliation"]["etat"], payload["affiliation"]["referent"]) == (
        [],
        "EN_ATTENTE",
        False,
    )
    [demande] = (await api(monde.paul, MES_STRUCTURES))["moi"]["demandes"]
    assert demande["structure"] == {
        "raisonSociale": "Agence Garonne Emploi",
        "siret": "99900002900010",
        "organismeFormation": False,
    }
    assert demande["demandeeLe"].startswith("2026-06-02")
    assert (await api(monde.hugo, MES_STRUCTURES))["moi"]["demandes"] == []
    [courriel] = await courriels(monde)
    assert (courriel["gabarit"], courriel["compte_id"]) == ("affiliation_demandee", monde.camille.id)


@pytest.mark.regle("R-010")
async def test_one_request_waits_at_a_time_for_each_structure(api: Api, monde: Monde) -> None:
    garonne = await id_de(api, monde, monde.agence_garonne)
    vallees = await id_de(api, monde, monde.trois_vallees)

    answers = await asyncio.gather(
        *[essayer(api, monde.paul, c.DEMANDER, structure=garonne) for _ in range(5)]
    )

    assert sorted(answers) == [[], *[["RATTACHEMENT_EXISTANT"]] * 4]
    assert await essayer(api, monde.paul, c.DEMANDER, structure=vallees) == ["RATTACHEMENT_EXISTANT"]
    assert await essayer(api, None, c.DEMANDER, structure=garonne) == ["INTERDIT"]


@pytest.mark.regle("R-009", "R-010")
async def test_an_account_never_accepted_anywhere_waits_for_its_first_answer(api: Api, monde: Monde) -> None:
    garonne = await id_de(api, monde, monde.agence_garonne)
    estuaire = await id_de(api, monde, monde.estuaire)
    assert await essayer(api, monde.lucas, c.DEMANDER, structure=garonne) == ["PREMIERE_DEMANDE_EN_ATTENTE"]
    lucas = await affiliation_de(monde, monde.lucas, monde.trois_vallees)

    assert await essayer(api, monde.rosa, c.ACCEPTER, affiliation=gid("Affiliation", lucas)) == []

    assert await essayer(api, monde.lucas, c.DEMANDER, structure=garonne) == []
    assert await essayer(api, monde.lucas, c.DEMANDER, structure=estuaire) == []


@pytest.mark.regle("R-009")
async def test_two_first_requests_at_once_are_one(api: Api, monde: Monde) -> None:
    structures = [await id_de(api, monde, s) for s in (monde.agence_garonne, monde.estuaire)]

    answers = await asyncio.gather(*[essayer(api, monde.jeanne, c.DEMANDER, structure=s) for s in structures])

    assert sorted(answers) == [[], ["PREMIERE_DEMANDE_EN_ATTENTE"]]


@pytest.mark.regle("R-009", "R-023")
async def test_a_refused_person_may_ask_again(api: Api, monde: Monde) -> None:
    lucas = gid("Affiliation", await affiliation_de(monde, monde.lucas, monde.trois_vallees))
    codes, payload = await acte(api, monde.rosa, c.REFUSER, affiliation=lucas)
    assert (codes, payload["affiliation"]["etat"]) == ([], "REFUSEE")

    assert await essayer(api, monde.rosa, c.ACCEPTER, affiliation=lucas) == ["ETAT_INCOMPATIBLE"]
    vallees = await id_de(api, monde, monde.trois_vallees)
    assert await essayer(api, monde.lucas, c.DEMANDER, structure=vallees) == []


@pytest.mark.regle("R-007", "R-023", "R-019")
async def test_a_request_is_answered_by_the_referents_of_that_structure_only(api: Api, monde: Monde) -> None:
    lucas = gid("Affiliation", await affiliation_de(monde, monde.lucas, monde.trois_vallees))

    for etranger in (None, monde.paul, monde.hugo, monde.karim, monde.camille):
        assert await essayer(api, etranger, c.ACCEPTER, affiliation=lucas) == ["NON_TROUVE"]
    for verbe in (c.ACCEPTER, c.REFUSER):
        assert await essayer(api, monde.lucas, verbe, affiliation=lucas) == ["INTERDIT"]
        assert await essayer(api, monde.gaelle, verbe, affiliation=lucas) == ["INTERDIT"]

    codes, payload = await acte(api, monde.rosa, c.ACCEPTER, affiliation=lucas)

    assert (codes, payload["affiliation"]["etat"], payload["affiliation"]["referent"]) == (
        [],
        "ACCEPTEE",
        False,
    )


@pytest.mark.regle("R-024", "R-043")
async def test_who_is_accepted_has_no_droit_but_the_automatic_one(api: Api, monde: Monde) -> None:
    lucas = gid("Affiliation", await affiliation_de(monde, monde.lucas, monde.trois_vallees))

    acceptee = (await acte(api, monde.rosa, c.ACCEPTER, affiliation=lucas))[1]["affiliation"]

    assert acceptee["droits"] == [{"droit": "BENEFICIAIRE"}]
    assert acceptee["aUnDroit"] is False
    profils = (await api(monde.lucas, "{ moi { profils { droit } } }"))["moi"]["profils"]
    assert profils == [{"droit": "BENEFICIAIRE"}]
    assert await essayer(api, monde.rosa, actes.AJOUTER_DROIT, id=lucas, droit="PRESCRIPTEUR_N1") == []


@pytest.mark.regle("R-006")
async def test_the_first_of_a_structure_is_accepted_by_a_gestionnaire_and_is_its_referent(
    api: Api, monde: Monde
) -> None:
    neuve = await monde.une_structure(siret="99900004500024", est_organisme_formation=True)
    demandes = [
        await monde.inserer(m.Affiliation, compte_id=p.id, structure_id=neuve.id, demandee_le=monde.le)
        for p in (monde.jeanne, monde.paul)
    ]
    jeanne, paul = (gid("Affiliation", demande) for demande in demandes)
    assert await essayer(api, monde.karim, c.ACCEPTER, affiliation=jeanne) == ["NON_TROUVE"]

    answers = await asyncio.gather(
        *[essayer(api, monde.gaelle, c.ACCEPTER, affiliation=i) for i in (jeanne, paul)]
    )

    assert sorted(answers) == [[], ["INTERDIT"]]  # the second is its référent's to answer
    membres = [await monde.relire(demande) for demande in demandes]
    assert sorted((a.etat, a.est_referent) for a in membres) == [("acceptee", True), ("en_attente", False)]
    [accepte] = [a.compte_id for a in membres if a.est_referent]
    assert accepte in (monde.jeanne.id, monde.paul.id)
    [fait] = await lignes(monde, m.Fait, nom="AffiliationAcceptee")
    assert (fait["donnees"], fait["compte_concerne_id"]) == ({"referent": True}, accepte)


@pytest.mark.regle("R-005", "R-006")
async def test_nobody_joins_a_structure_that_waits_to_be_validated(api: Api, monde: Monde) -> None:
    neuve = await monde.une_structure(etat=m.EtatStructure.A_VALIDER, declaree_par_id=monde.jeanne.id)
    assert (
        await essayer(api, monde.jeanne, c.DEMANDER, structure=gid("Structure", neuve)) == []
    )  # it waits with it
    demande = gid("Affiliation", await affiliation_de(monde, monde.jeanne, neuve))

    assert await essayer(api, monde.gaelle, c.ACCEPTER, affiliation=demande) == ["STRUCTURE_NON_VALIDEE"]
    assert await essayer(api, monde.gaelle, c.VALIDER_STRUCTURE, structure=gid("Structure", neuve)) == []
    assert await essayer(api, monde.gaelle, c.ACCEPTER, affiliation=demande) == []

    autre = await monde.une_structure(etat=m.EtatStructure.A_VALIDER, declaree_par_id=monde.jeanne.id)
    assert await essayer(api, monde.paul, c.DEMANDER, structure=gid("Structure", autre)) == ["NON_TROUVE"]


@pytest.mark.regle("R-023")
async def test_a_request_accepted_twice_at_once_is_accepted_once(api: Api, monde: Monde) -> None:
    lucas = await affiliation_de(monde, monde.lucas, monde.trois_vallees)
    key = gid("Affiliation", lucas)

    answers = await asyncio.gather(
        *[essayer(api, monde.rosa, c.ACCEPTER, affiliation=key) for _ in range(4)],
        essayer(api, monde.rosa, c.REFUSER, affiliation=key),
    )

    assert sorted(answers) == [[], *[["ETAT_INCOMPATIBLE"]] * 4]
    attendu = "refusee" if answers[-1] == [] else "acceptee"
    assert (await monde.relire(lucas)).etat == attendu
    droits = await lignes(monde, m.DroitAccorde, affiliation_id=lucas.id)
    assert len(droits) == (attendu == "acceptee")


@pytest.mark.regle("R-012", "R-013")
async def test_somebody_sees_her_structures_and_her_droits_in_each(api: Api, monde: Monde) -> None:
    [une] = (await api(monde.sophie, MES_STRUCTURES))["moi"]["rattachements"]

    assert une["structure"]["organismeFormation"] is True
    assert [d["droit"] for d in une["droits"]] == ["OF_GENERAL", "PRESCRIPTEUR_N2", "BENEFICIAIRE"]
    assert (await api(monde.rosa, MES_STRUCTURES))["moi"]["rattachements"][0]["referent"] is True
    assert (await api(monde.jeanne, MES_STRUCTURES))["moi"]["rattachements"] == []


@pytest.mark.regle("R-022", "R-026")
async def test_every_member_lists_the_members_with_their_marks(api: Api, monde: Monde) -> None:
    vallees = await id_de(api, monde, monde.trois_vallees)
    lucas = gid("Affiliation", await affiliation_de(monde, monde.lucas, monde.trois_vallees))
    await essayer(api, monde.rosa, c.ACCEPTER, affiliation=lucas)
    hugo = gid("Affiliation", await affiliation_de(monde, monde.hugo, monde.trois_vallees))
    await essayer(api, monde.rosa, actes.AJOUTER_DROIT, id=hugo, droit="EMPLOYEUR")

    lus = (await api(monde.nadia, MEMBRES, structure=vallees))["affiliations"]["nodes"]

    marques = {a["compte"]["prenom"]: (a["referent"], a["employeur"], a["aUnDroit"]) for a in lus}
    assert marques == {
        "Nadia": (False, False, True),
        "Paul": (False, False, True),
        "Rosa": (True, False, True),
        "Hugo": (False, True, True),
        "Lucas": (False, False, False),
    }
    courriels_lus = {a["compte"]["prenom"] for a in lus if a["compte"]["courriel"]}
    assert courriels_lus == {"Nadia"}  # its own; a référent reads them all
    lus = (await api(monde.rosa, MEMBRES, structure=vallees))["affiliations"]["nodes"]
    assert all(a["compte"]["courriel"] for a in lus)
    for etranger in (monde.karim, monde.camille, None):
        assert (await api(etranger, MEMBRES, structure=vallees))["affiliations"]["nodes"] == []


@pytest.mark.regle("R-028")
async def test_detaching_from_a_structure_leaves_the_others(api: Api, monde: Monde) -> None:
    ailleurs = await monde.inserer(
        m.Affiliation,
        compte_id=monde.paul.id,
        structure_id=monde.estuaire.id,
        etat=m.EtatAffiliation.ACCEPTEE,
        demandee_le=monde.le,
    )
    ici = await affiliation_de(monde, monde.paul, monde.trois_vallees)

    codes, payload = await acte(api, monde.rosa, c.DETACHER, affiliation=gid("Affiliation", ici))

    assert (codes, payload["affiliation"]["etat"]) == ([], "DETACHEE")
    assert (await monde.relire(ailleurs)).etat is m.EtatAffiliation.ACCEPTEE
    assert await essayer(api, monde.rosa, c.DETACHER, affiliation=gid("Affiliation", ailleurs)) == [
        "NON_TROUVE"
    ]
    assert await essayer(api, monde.rosa, c.DETACHER, affiliation=gid("Affiliation", ici)) == [
        "ETAT_INCOMPATIBLE"
    ]


@pytest.mark.regle("R-027", "R-018")
async def test_the_tokens_of_a_detached_person_die_and_come_back_with_no_new_affiliation(
    api: Api, monde: Monde
) -> None:
    paul = await affiliation_de(monde, monde.paul, monde.trois_vallees)
    assert (await api(monde.paul, actes.MOI))["moi"]["compte"]["prenom"] == "Paul"

    assert await essayer(api, monde.rosa, c.DETACHER, affiliation=gid("Affiliation", paul)) == []
    api.oublier()  # what each worker remembers for half a second

    for document in (actes.MOI, actes.LISTE):
        [error] = (await api.brut(monde.paul, document))["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
    await monde.inserer(
        m.Affiliation,
        compte_id=monde.paul.id,
        structure_id=monde.trois_vallees.id,
        etat=m.EtatAffiliation.ACCEPTEE,
        demandee_le=monde.le,
    )
    assert "errors" in await api.brut(monde.paul, actes.MOI)


@pytest.mark.regle("R-027", "C-17")
async def test_what_a_detached_person_wrote_stays_and_a_n3_acts_on_it(api: Api, monde: Monde) -> None:
    de_paul = await monde.une_candidature(auteur=monde.paul)
    de_hugo = await monde.une_candidature(auteur=monde.hugo, candidat=monde.lea)
    assert (await api(monde.rosa, LIRE, r=de_hugo.reference))["candidature"] is None  # a N3's, for now

    for qui in (monde.paul, monde.hugo):
        key = gid("Affiliation", await affiliation_de(monde, qui, monde.trois_vallees))
        assert await essayer(api, monde.rosa, c.DETACHER, affiliation=key) == []

    for candidature in (de_paul, de_hugo):
        vue = (await api(monde.rosa, LIRE, r=candidature.reference))["candidature"]
        assert vue == {"etat": "BROUILLON", "peut": {"valider": True, "supprimer": True}}
        assert (await api(monde.camille, LIRE, r=candidature.reference))["candidature"] is None
