"""Who reads the fiche of a person leaves a trace, with the rule that let it; nobody else does, and nothing is lost of it."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy import insert, text
from starlette.applications import Starlette

from app import models as m
from app.policies.policy import Policy
from app.policies.viewer import PROFILS
from app.schema.consultations import MOTIFS
from app.writing.consultations import Consultations
from tests.cast import CIPHER, MAINTENANT, Monde
from tests.conftest import Base
from tests.house.test_serving import Servir

from .actes import RECHERCHER
from .conftest import Api
from .identifiants import gid

FICHE = "query($id: ID!) { node(id: $id) { ... on Candidat { nom ville } } }"
PAR_REFERENCE = "query($r: String!) { candidat(reference: $r) { nom } }"
DEPUIS_CANDIDATURE = """query($id: ID!) { node(id: $id) { ... on Candidature {
  candidat { nom prenom dateNaissance telephone } } } }"""
NOMS = "{ candidatures { nodes { reference candidat { id reference civilite nom prenom } } } }"
LISTE = "{ candidatures { nodes { candidat { nom telephone } } } }"
CONSULTATIONS = """query($filtre: FiltreConsultations) { consultations(filtre: $filtre) { totalCount nodes {
  profil regle motif compteId candidatId compte { nom } structure { raisonSociale } candidat { nom } lueLe } } }"""


@pytest.fixture
def temoin(application: Starlette) -> Consultations:
    """What keeps the traces of the application."""
    found: Consultations = application.state.desk.executor.reader.witness
    return found


@pytest.fixture
async def lues(temoin: Consultations, base: Base) -> Any:
    """Out: who has read whom, by which rule, once all is written."""

    async def found() -> list[tuple[Any, ...]]:
        while temoin.pending:
            await temoin.ecrire()
        async with base.engine.connect() as db:
            rows = await db.execute(
                text(
                    "select compte_id, profil, structure_id, candidat_id, regle from consultation order by id"
                )
            )
            return [tuple(row) for row in rows]

    return found


# --- the reason ------------------------------------------------------------------------------------------------------


async def test_each_profile_that_reads_a_fiche_leaves_the_rule_that_let_it(
    api: Api, monde: Monde, lues: Any
) -> None:
    inscrite = await monde.un_candidat(nom="Inscrite")
    proposee = await monde.un_candidat(
        nom="Proposee", createur_structure_id=None, est_inscrit_france_travail=True
    )
    session = await monde.une_session(formateur_id=monde.landes.id)
    await monde.une_candidature(candidat=proposee, session=session, etat="en_attente_avis")
    trouvee = await monde.un_candidat(nom="Trouvee", createur_structure_id=None)
    await monde.un_acces(trouvee)
    prescripteurs = {"CAT-01": inscrite, "CAT-02": proposee, "CAT-03": trouvee}
    attendues = [
        (qui, c, r) for qui in (monde.nadia, monde.paul, monde.rosa) for r, c in prescripteurs.items()
    ]
    attendues += [(monde.ines, proposee, "CAT-04"), (monde.louise, proposee, "CAT-04")]
    attendues += [(qui, proposee, "CAT-05") for qui in (monde.hub_agora, monde.france_travail)]
    attendues += [(monde.gaelle, trouvee, "CAT-06")]
    for qui, candidat, _ in attendues:
        assert (await api(qui, FICHE, id=gid("Candidat", candidat)))["node"]["nom"] == candidat.nom
    assert await lues() == [
        (qui.id, qui.viewer.profil, qui.structure_id, candidat.id, regle)
        for qui, candidat, regle in attendues
    ]
    vus = {qui.viewer.profil.removesuffix("+referent") for qui, _, _ in attendues}
    peuvent = {p for p in PROFILS if Policy.load().rules(p, "lire", m.Candidat)}
    assert vus == {p.removesuffix("+referent") for p in peuvent}


async def test_by_way_of_a_candidature_the_rule_is_that_of_the_candidature(
    api: Api, monde: Monde, lues: Any
) -> None:
    proposee = (
        await monde.un_candidat()
    )  # inscribed by the structure too: the way that was followed says the reason
    sienne = gid("Candidature", await monde.une_candidature(candidat=proposee, etat="en_attente_avis"))
    for qui in (monde.paul, monde.ines, monde.hub_agora, monde.gaelle):
        await api(qui, DEPUIS_CANDIDATURE, id=sienne)
    assert [(qui, regle) for qui, *_, regle in await lues()] == [
        (monde.paul.id, "CAT-02"),
        (monde.ines.id, "CAT-04"),
        (monde.hub_agora.id, "CAT-05"),
        (monde.gaelle.id, "CAT-06"),
    ]


def test_every_rule_has_its_reason_in_words() -> None:
    regles = {regle for profil in PROFILS for regle, _ in Policy.load().rules(profil, "lire", m.Candidat)}
    assert set(MOTIFS) == regles
    assert all(motif.endswith(".") for motif in MOTIFS.values())


# --- what is a reading, and what is none -------------------------------------------------------------------------------


async def test_a_refused_or_empty_reading_leaves_none(api: Api, monde: Monde, lues: Any) -> None:
    candidat = await monde.un_candidat(createur_structure_id=None)
    for qui in (monde.paul, monde.ines, monde.marc, monde.adrien, monde.hub_agora, monde.louise, None):
        assert (await api(qui, FICHE, id=gid("Candidat", candidat)))["node"] is None
        assert (await api(qui, PAR_REFERENCE, r=candidat.reference))["candidat"] is None
    assert (await api(monde.gaelle, PAR_REFERENCE, r="2099000001"))["candidat"] is None
    assert await lues() == []


async def test_a_name_in_a_list_is_no_reading_but_what_lies_beyond_is(
    api: Api, monde: Monde, lues: Any
) -> None:
    candidature = await monde.une_candidature(etat="en_attente_avis")
    assert (await api(monde.paul, NOMS))["candidatures"]["nodes"][0]["candidat"]["nom"] == monde.mathis.nom
    assert await lues() == []
    await api(monde.paul, LISTE)
    assert [(c, r) for *_, c, r in await lues()] == [(candidature.candidat_id, "CAT-02")]


async def test_somebody_asked_for_by_itself_is_read_were_it_for_its_name(
    api: Api, monde: Monde, lues: Any
) -> None:
    candidat = await monde.un_candidat()
    await api(monde.paul, PAR_REFERENCE, r=candidat.reference)
    entree = {"nom": "Martin", "prenom": "Alex", "dateNaissance": "1990-01-01"}
    [trouve] = (await api(monde.rosa, RECHERCHER, entree=entree))["rechercherCandidat"]["candidats"]
    assert trouve["reference"] == candidat.reference
    assert [(q, c) for q, _, _, c, _ in await lues()] == [
        (monde.paul.id, candidat.id),
        (monde.rosa.id, candidat.id),
    ]


async def test_the_answer_says_nothing_of_the_trace(api: Api, monde: Monde) -> None:
    piege = '"@lue" : "1:CAT-06", '
    candidat = await monde.un_candidat(nom=piege, ville=piege)
    lue = await api(
        monde.paul,
        "query($a: ID!) { __typename node(id: $a) { __typename ... on Candidat { a: nom b: ville historique { totalCount } } } }",
        a=gid("Candidat", candidat),
    )
    assert lue == {
        "__typename": "Query",
        "node": {"__typename": "Candidat", "a": piege, "b": piege, "historique": {"totalCount": 0}},
    }


@pytest.mark.parametrize(
    "document",
    [
        "query($r: String!) { candidat(reference: $r) { nom @skip(if: true) } }",
        "query($r: String!) { autre: __typename candidat(reference: $r) { ... on Candidat @include(if: false) { nom } } }",
    ],
)
async def test_of_whom_everything_is_skipped_it_is_noted_that_they_were_asked_for(
    api: Api, monde: Monde, lues: Any, document: str
) -> None:
    candidat = await monde.un_candidat()
    lue = await api(monde.paul, document, r=candidat.reference)
    assert lue["candidat"] == {}
    assert [c for _, _, _, c, _ in await lues()] == [candidat.id]


async def test_the_same_reading_is_noted_once_an_hour(api: Api, monde: Monde, lues: Any) -> None:
    candidat = gid("Candidat", await monde.un_candidat())
    for _ in range(3):
        await api(monde.paul, FICHE, id=candidat)
    assert len(await lues()) == 1
    await api(monde.rosa, FICHE, id=candidat)
    assert len(await lues()) == 2
    api.montre.heure += timedelta(hours=1)
    await api(monde.paul, FICHE, id=candidat)
    assert len(await lues()) == 3


# --- who reads the traces ----------------------------------------------------------------------------------------------


async def test_an_auditeur_reads_who_read_whom_and_why_without_a_name(
    api: Api, monde: Monde, lues: Any
) -> None:
    candidat = await monde.un_candidat()
    await api(monde.paul, FICHE, id=gid("Candidat", candidat))
    await lues()
    [dite] = (await api(monde.adrien, CONSULTATIONS))["consultations"]["nodes"]
    assert dite == {
        "profil": monde.paul.viewer.profil,
        "regle": "CAT-01",
        "motif": "Un prescripteur lit les personnes que sa structure a inscrites (C-28).",
        "compteId": gid("Compte", monde.paul),
        "candidatId": gid("Candidat", candidat),
        "compte": None,
        "structure": {"raisonSociale": monde.trois_vallees.raison_sociale},
        "candidat": None,
        "lueLe": MAINTENANT.astimezone().strftime("%Y-%m-%dT") + dite["lueLe"][11:],
    }
    [dite] = (await api(monde.gaelle, CONSULTATIONS, filtre={"candidat": gid("Candidat", candidat)}))[
        "consultations"
    ]["nodes"]
    assert dite["compte"] == {"nom": monde.paul.nom}


@pytest.mark.parametrize("qui", ["nadia", "paul", "rosa", "ines", "karim", "marc", "louise", "hub_agora"])
async def test_nobody_else_reads_them(api: Api, monde: Monde, lues: Any, qui: str) -> None:
    await api(monde.rosa, FICHE, id=gid("Candidat", await monde.un_candidat()))
    assert len(await lues()) == 1
    assert (await api(getattr(monde, qui), CONSULTATIONS))["consultations"]["totalCount"] == 0


async def test_the_document_of_a_person_says_when_and_why_it_was_read_not_by_whom(
    api: Api, monde: Monde, lues: Any
) -> None:
    candidat = await monde.un_candidat()
    await api(monde.paul, FICHE, id=gid("Candidat", candidat))
    await lues()
    acte = "mutation($id: ID!) { exporterCandidat(candidat: $id, motif: DEMANDE) { document } }"
    dit = json.loads(
        (await api(monde.gaelle, acte, id=gid("Candidat", candidat)))["exporterCandidat"]["document"]
    )
    [consultation] = dit["consultations"]
    assert consultation["regle"] == "CAT-01"
    assert consultation["structure_id"] == monde.trois_vallees.id
    assert not {"compte_id", "pour_compte_id"} & set(consultation)


# --- nothing is lost ---------------------------------------------------------------------------------------------------


@pytest.fixture
def a_part(base: Base) -> Consultations:
    """A witness of its own, with little room."""
    return Consultations(base.ecriture, place=3)


async def combien(base: Base) -> int:
    async with base.engine.connect() as db:
        return int(await db.scalar(text("select count(*) from consultation")) or 0)


async def coupee(verrou: Any) -> bool:
    """End the connection of who waits for the lock, as soon as somebody does. Out: whether it was ended."""
    attend = "select pid from pg_locks where relation = 'consultation'::regclass and not granted"
    async with asyncio.timeout(30):
        while (pid := await verrou.fetchval(attend)) is None:  # noqa: ASYNC110  # another process says it
            await asyncio.sleep(0.01)
    return bool(await verrou.fetchval("select pg_terminate_backend($1)", pid))


async def ecrites(base: Base, attendues: int) -> None:
    """Wait until the base holds so many, half a minute at most."""
    async with asyncio.timeout(30), base.engine.connect() as db:
        while await db.scalar(text("select count(*) from consultation")) != attendues:
            await db.rollback()
            await asyncio.sleep(0.01)


async def test_a_base_that_cuts_while_traces_are_written_loses_none_and_doubles_none(
    a_part: Consultations, monde: Monde, base: Base
) -> None:
    verrou = await asyncpg.connect(base.url)
    try:
        await a_part.note(monde.paul.viewer, {b"1:CAT-01", b"2:CAT-01"}, MAINTENANT)
        async with verrou.transaction():
            await verrou.execute("lock table consultation in access exclusive mode")
            ecriture = asyncio.create_task(a_part.ecrire())
            assert await coupee(verrou)
            with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
                await ecriture
        assert a_part.pending == 2
        await a_part.ecrire()
        assert (a_part.pending, await combien(base)) == (0, 2)
    finally:
        await verrou.close()


async def test_a_batch_whose_commit_was_not_heard_is_not_written_twice(
    a_part: Consultations, monde: Monde, base: Base
) -> None:
    await a_part.note(monde.paul.viewer, {b"1:CAT-01"}, MAINTENANT)
    await a_part.ecrire()
    await a_part.note(monde.paul.viewer, {b"2:CAT-01"}, MAINTENANT)
    async with base.engine.connect() as db:
        cle = await db.scalar(text("select max(id) from consultation"))
    a_part.batch = [
        (cle, (MAINTENANT, 1, None, "prescripteur_n2", 1, 1, "CAT-01"))
    ]  # as if it had failed after all
    while a_part.pending:
        await a_part.ecrire()
    assert await combien(base) == 2


async def test_what_finds_no_room_makes_some_and_waits_for_it(
    a_part: Consultations, monde: Monde, base: Base
) -> None:
    await a_part.note(monde.paul.viewer, {b"%d:CAT-01" % i for i in range(3)}, MAINTENANT)
    assert await combien(base) == 0
    await a_part.note(monde.paul.viewer, {b"%d:CAT-01" % i for i in range(3, 8)}, MAINTENANT)
    assert (a_part.pending, await combien(base)) == (5, 3)


async def test_without_room_nor_base_nobody_is_shown_anything(
    api: Api, monde: Monde, base: Base, temoin: Consultations, monkeypatch: pytest.MonkeyPatch
) -> None:
    un, deux = await monde.un_candidat(), await monde.un_candidat()
    monkeypatch.setattr(temoin, "place", 1)
    await api(monde.paul, FICHE, id=gid("Candidat", un))
    async with base.engine.begin() as db:
        await db.execute(text("alter table consultation rename to ailleurs"))
    try:
        answer = await api.brut(monde.paul, FICHE, id=gid("Candidat", deux))
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    finally:
        async with base.engine.begin() as db:
            await db.execute(text("alter table ailleurs rename to consultation"))
    assert (await api(monde.paul, FICHE, id=gid("Candidat", deux)))["node"]["nom"] == deux.nom


async def test_they_are_written_by_themselves_and_what_waits_at_the_end_too(monde: Monde, base: Base) -> None:
    witness = Consultations(base.ecriture, pause=0.01)
    async with witness.ouvertes():
        await witness.note(monde.paul.viewer, {b"1:CAT-01"}, MAINTENANT)
        await ecrites(base, 1)
        witness.pause = 3600.0
        await witness.note(monde.paul.viewer, {b"2:CAT-01"}, MAINTENANT)
    assert await combien(base) == 2


async def test_what_a_dead_base_keeps_from_being_written_is_said_in_the_log(
    monde: Monde, base: Base, caplog: pytest.LogCaptureFixture
) -> None:
    pool = await asyncpg.create_pool(base.url, min_size=1, max_size=1)
    with caplog.at_level(logging.ERROR, logger="rafael.consultations"):
        async with Consultations(pool, pause=3600.0).ouvertes() as witness:
            await witness.note(monde.paul.viewer, {b"41:CAT-01"}, MAINTENANT)
            await pool.close()
    [dit] = caplog.messages
    assert f"compte={monde.paul.id} " in dit
    assert "candidat=41 regle=CAT-01" in dit


async def test_a_server_that_is_stopped_has_written_what_it_showed(
    monde: Monde, base: Base, tmp_path: Path
) -> None:
    async with monde.engine.begin() as db:  # time may only be told on such a base
        await db.execute(insert(m.Reglage).values(cle=m.DEMONSTRATION, valeur="true"))
    said = {"HORLOGE": MAINTENANT.isoformat(), "CLE_CHIFFREMENT": CIPHER.key.decode(), "TRAVAUX": "non"}
    server = Servir(tmp_path / "donnees", DATABASE_URL=base.url, WORKERS="1", **said)
    try:
        address = await asyncio.to_thread(server.address)
        body = {"query": FICHE, "variables": {"id": gid("Candidat", monde.mathis)}}
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(f"{address}graphql", json=body, headers=monde.gaelle.entetes)
        assert answer.json()["data"]["node"]["nom"] == monde.mathis.nom
    finally:
        server.process.terminate()
        await asyncio.to_thread(server.gone)
    assert await combien(base) == 1
