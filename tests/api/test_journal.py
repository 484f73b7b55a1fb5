"""The journal can be read: whole by the auditeur, by a référent what concerns the accounts of its structure; and the policy that decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app import models as m
from app.policies.lock import read_sources
from app.policies.policy import Policy
from app.writing.versions import noter
from tests.cast import MAINTENANT, Acteur, Monde
from tests.conftest import Base

from .conftest import Api
from .identifiants import gid

JOURNAL = """query($filtre: FiltreJournal) { journal(filtre: $filtre, tri: PLUS_ANCIENS) { totalCount nodes {
  nom profil compteId compte { nom } compteConcerneId compteConcerne { nom } structureConcerneeId
  candidatureId candidatId actionId sessionId } } }"""
NOMS = "query($filtre: FiltreJournal) { journal(filtre: $filtre, tri: PLUS_ANCIENS) { totalCount nodes { nom } } }"
SCEAUX = """{ sceauxDuJournal { totalCount nodes {
  rang poseLe nbFaits dernierFaitId dernierFait { nom } empreinte } } }"""
POLITIQUE = """query($filtre: FiltreVersionsPolitique) { versionsPolitique(first: 1, filtre: $filtre) { totalCount nodes {
  empreinte miseEnServiceLe fichiers { nom empreinte source } matrice } } }"""
EMPREINTE = "a" * 64


@pytest.fixture
async def faits(monde: Monde) -> list[m.Fait]:
    """On the account of paul, by rosa; on the account of somebody of elsewhere, by gaelle; on a candidature, by paul."""
    candidature = await monde.une_candidature(etat="en_attente_avis")
    sur: tuple[dict[str, Any], ...] = (
        {
            "compte_concerne_id": monde.paul.id,
            "structure_concernee_id": monde.trois_vallees.id,
            "compte_id": monde.rosa.id,
        },
        {
            "compte_concerne_id": monde.ines.id,
            "structure_concernee_id": monde.landes.id,
            "compte_id": monde.gaelle.id,
        },
        {
            "candidature_id": candidature.id,
            "candidat_id": candidature.candidat_id,
            "compte_id": monde.paul.id,
        },
    )
    moments = [MAINTENANT + timedelta(seconds=i) for i in range(len(sur))]
    return [
        await monde.inserer(m.Fait, survenu_le=le, nom=f"Fait{i}", profil="referent", **each)
        for i, (le, each) in enumerate(zip(moments, sur, strict=True))
    ]


async def noms(api: Api, qui: Acteur | None, **filtre: Any) -> list[str]:
    """Out: the names of the facts that somebody reads; the count says the same."""
    page = (await api(qui, NOMS, filtre=filtre or None))["journal"]
    assert page["totalCount"] == len(page["nodes"])
    return [fait["nom"] for fait in page["nodes"]]


@pytest.mark.regle("C-28")
async def test_the_auditeur_reads_all_of_the_journal_by_identifiers_and_no_name(
    api: Api, monde: Monde, faits: list[m.Fait]
) -> None:
    page = (await api(monde.adrien, JOURNAL))["journal"]
    assert page["totalCount"] == 3
    premier, _, dernier = page["nodes"]
    assert premier["compteId"] == gid("Compte", monde.rosa)
    assert premier["compteConcerneId"] == gid("Compte", monde.paul)
    assert premier["structureConcerneeId"] == gid("Structure", monde.trois_vallees)
    assert (premier["compte"], premier["compteConcerne"]) == (None, None)
    assert dernier["candidatureId"] is not None
    assert dernier["candidatId"] is not None


@pytest.mark.regle("R-019")
async def test_a_referent_reads_what_concerns_the_accounts_of_its_structure_and_nothing_else(
    api: Api, monde: Monde, faits: list[m.Fait]
) -> None:
    ici = {"structureConcernee": gid("Structure", monde.trois_vallees)}
    [fait] = (await api(monde.rosa, JOURNAL, filtre=ici))["journal"]["nodes"]
    assert (fait["nom"], fait["compteConcerne"], fait["compte"]) == (
        "Fait0",
        {"nom": monde.paul.nom},
        {"nom": monde.rosa.nom},
    )
    assert await noms(api, monde.rosa) == ["Fait0", "Fait2"]  # a level 3 too: the candidature of paul
    assert await noms(api, monde.hugo) == ["Fait2"]  # a level 3 who is no référent
    assert await noms(api, monde.louise) == ["Fait1"]  # the référente of elsewhere
    assert await noms(api, monde.nadia) == await noms(api, None) == []


async def test_whoever_cannot_read_an_account_learns_by_no_way_that_it_acted(
    api: Api, monde: Monde, faits: list[m.Fait]
) -> None:
    """Not by its identifier, not by a criterion that would find it."""
    await monde.inserer(
        m.Fait,
        survenu_le=MAINTENANT,
        nom="AvisRendu",
        profil="of_general",
        compte_id=monde.ines.id,
        candidature_id=faits[2].candidature_id,
    )
    [fait] = (await api(monde.paul, JOURNAL, filtre={"noms": ["AvisRendu"]}))["journal"]["nodes"]
    assert (fait["compteId"], fait["compte"]) == (None, None)
    ines = gid("Compte", monde.ines)
    assert await noms(api, monde.paul, compte=ines) == []
    assert await noms(api, monde.adrien, compte=ines) == ["AvisRendu"]
    assert await noms(api, monde.paul, compte=gid("Compte", monde.paul)) == ["Fait2"]


async def test_the_journal_is_searched_by_fact_profile_moment_and_object(
    api: Api, monde: Monde, faits: list[m.Fait]
) -> None:
    adrien = monde.adrien
    assert await noms(api, adrien, noms=["Fait0", "Fait2"]) == ["Fait0", "Fait2"]
    assert await noms(api, adrien, profils=["gestionnaire"]) == []
    assert await noms(api, adrien, depuis=faits[1].survenu_le.isoformat()) == ["Fait1", "Fait2"]
    assert await noms(api, adrien, avant=faits[1].survenu_le.isoformat()) == ["Fait0"]
    assert await noms(api, adrien, compteConcerne=gid("Compte", monde.ines)) == ["Fait1"]


async def test_the_auditeur_reads_the_seals_and_nobody_else_does(
    api: Api, monde: Monde, faits: list[m.Fait]
) -> None:
    dernier = faits[-1]
    await monde.inserer(
        m.Sceau,
        pose_le=MAINTENANT,
        nb_faits=3,
        dernier_fait_id=dernier.id,
        vu_fait_id=dernier.id,
        sha256=EMPREINTE,
    )
    page = (await api(monde.adrien, SCEAUX))["sceauxDuJournal"]
    assert page["totalCount"] == 1
    [sceau] = page["nodes"]
    assert (sceau["nbFaits"], sceau["empreinte"]) == (3, EMPREINTE)
    assert (sceau["dernierFaitId"], sceau["dernierFait"]) == (gid("Fait", dernier), {"nom": "Fait2"})
    for qui in (monde.gaelle, monde.nadia, monde.paul, monde.ines, monde.hub_agora, None):
        assert (await api(qui, SCEAUX))["sceauxDuJournal"] == {"totalCount": 0, "nodes": []}


@pytest.mark.regle("R-032")
async def test_auditeurs_and_gestionnaires_read_the_policy_that_decided_at_a_moment(
    api: Api, monde: Monde, base: Base
) -> None:
    hier, demain = MAINTENANT - timedelta(days=1), MAINTENANT + timedelta(days=1)
    assert await noter(base.url, MAINTENANT)
    for qui in (monde.adrien, monde.gaelle):
        page = (await api(qui, POLITIQUE, filtre={"avant": demain.isoformat()}))["versionsPolitique"]
        [version] = page["nodes"]
        roles = next(f for f in version["fichiers"] if f["nom"] == "roles.polar")
        assert (roles["source"], version["empreinte"]) == (
            read_sources()["roles.polar"],
            Policy.load().sha256,
        )
        assert "## Candidature" in version["matrice"]
        avant = await api(qui, POLITIQUE, filtre={"avant": hier.isoformat()})
        assert avant["versionsPolitique"]["nodes"] == []
    for autre in (monde.rosa, monde.ines, monde.hub_agora, None):
        assert (await api(autre, POLITIQUE))["versionsPolitique"] == {"totalCount": 0, "nodes": []}
