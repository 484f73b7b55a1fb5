"""The NIR: off by default; when on, in no place of the whole house but one, encrypted (R-116, C-22)."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import logging
import subprocess
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from app import models as m
from app.domain.echanges import DIT_PAR
from app.jobs.nir import tour
from app.jobs.partenaires import ParHttp
from app.kit.clock import system
from app.kit.embedded import wheel
from app.kit.trousseau import Trousseau
from tests.api.conftest import Api
from tests.api.identifiants import gid
from tests.cast import MAINTENANT, Monde
from tests.conftest import Base
from tests.jobs.conftest import Atelier, atelier
from tests.jobs.partenaire import SECRET, Pair, servi
from tests.jobs.test_conservation import tout

from .actes import CREER, EMPECHEMENTS, FORMULAIRE, VALIDER, codes

__all__ = ["atelier"]  # the jobs, in these tests too
LE_SIEN = "255081416802538"
CLES = Trousseau({"2026": b"a" * 32, "2025": b"b" * 32}, b"i" * 32)
AVANT = Trousseau({"2025": b"b" * 32}, b"i" * 32)

DEMANDER = f"""mutation($candidat: ID!, $compte: ID!) {{
  demanderNir(candidat: $candidat, compte: $compte) {{ candidat {{ id }} {EMPECHEMENTS} }} }}"""
ECRIRE = f"""mutation($candidat: ID!, $nir: String!) {{
  ecrireNir(candidat: $candidat, nir: $nir) {{ candidat {{ id }} {EMPECHEMENTS} }} }}"""
LIRE = f"""mutation($candidat: ID!) {{ lireNir(candidat: $candidat, motif: ANOMALIE) {{ nir {EMPECHEMENTS} }} }}"""
RETIRER = (
    f"mutation($candidat: ID!) {{ retirerNir(candidat: $candidat) {{ candidat {{ id }} {EMPECHEMENTS} }} }}"
)


@pytest.fixture
async def ouvert(application: Starlette) -> AsyncIterator[None]:
    """A deployment that may collect NIR."""
    ferme = application.state.desk
    room = dataclasses.replace(ferme.executor, trousseau=CLES)
    application.state.desk = dataclasses.replace(ferme, executor=room)
    yield
    application.state.desk = ferme


async def acte(api: Api, qui: Any, document: str, candidat: Any, **variables: Any) -> Any:
    rendu = await api(qui, document, candidat=gid("Candidat", candidat), **variables)
    [payload] = rendu.values()
    return payload


def avec_cle(treize: str) -> str:
    """Out: a NIR, its key computed."""
    corps = treize.replace("2A", "19").replace("2B", "18")
    return f"{treize}{97 - int(corps) % 97:02}"


def formes(nir: str) -> list[str]:
    """Out: the ways a NIR may hide: plain, without its key, spaced, as bytes in hexadecimal or base64."""
    espace = " ".join([nir[0], nir[1:3], nir[3:5], nir[5:7], nir[7:10], nir[10:13], nir[13:]])
    octets = [nir.encode(), espace.encode()]
    bases = [
        base64.b64encode(b"\0" * n + o)[4 : (len(o) + n) // 3 * 4].decode() for o in octets for n in (0, 1, 2)
    ]
    return [nir, nir[:13], espace, *(o.hex() for o in octets), *bases]


@pytest.mark.regle("R-116")
async def test_by_default_it_is_neither_asked_nor_written_nor_read(api: Api, monde: Monde) -> None:
    candidat = await monde.un_candidat()
    for document, autres in (
        (DEMANDER, {"compte": gid("Compte", monde.paul)}),
        (ECRIRE, {"nir": LE_SIEN}),
        (LIRE, {}),
    ):
        assert codes(await acte(api, monde.gaelle, document, candidat, **autres)) == ["NIR_NON_RECUEILLI"]


@pytest.mark.regle("R-116")
@pytest.mark.usefixtures("ouvert")
async def test_who_is_asked_writes_it_and_only_a_gestionnaire_reads_it(api: Api, monde: Monde) -> None:
    candidat = await monde.un_candidat()
    assert codes(await acte(api, monde.paul, ECRIRE, candidat, nir=LE_SIEN)) == ["INTERDIT"]
    assert codes(await acte(api, monde.gaelle, LIRE, candidat)) == ["NIR_ABSENT"]
    demande = {"compte": gid("Compte", monde.paul)}
    assert codes(await acte(api, monde.gaelle, DEMANDER, candidat, **demande)) == []
    assert codes(await acte(api, monde.gaelle, DEMANDER, candidat, **demande)) == ["NIR_DEJA_DEMANDE"]
    assert codes(await acte(api, monde.paul, ECRIRE, candidat, nir="2 55 08 14 168 025 39")) == [
        "NIR_INVALIDE"
    ]
    assert codes(await acte(api, monde.paul, ECRIRE, candidat, nir="2 55 08 14 168 025 38")) == []

    for qui, code in (
        (monde.paul, "INTERDIT"),
        (monde.nadia, "INTERDIT"),
        (monde.marc, "NON_TROUVE"),
        (monde.adrien, "NON_TROUVE"),
    ):
        rendu = await acte(api, qui, LIRE, candidat)
        assert (rendu["nir"], codes(rendu)) == (None, [code])
    assert (await acte(api, monde.gaelle, LIRE, candidat))["nir"] == LE_SIEN
    assert codes(await acte(api, monde.paul, ECRIRE, candidat, nir=LE_SIEN)) == ["INTERDIT"]  # asked once
    async with monde.engine.connect() as db:
        faits = (
            await db.execute(
                text("select nom, compte_id, donnees from fait where nom like 'Nir%' order by id")
            )
        ).all()
    assert [tuple(f) for f in faits] == [
        ("NirDemande", monde.gaelle.id, {}),
        ("NirEcrit", monde.paul.id, {"cle": "2026"}),
        ("NirLu", monde.gaelle.id, {"motif": "anomalie"}),
    ]


@pytest.mark.regle("R-095")
@pytest.mark.usefixtures("ouvert")
async def test_the_same_nir_is_the_same_person(api: Api, monde: Monde) -> None:
    une, autre = await monde.un_candidat(), await monde.un_candidat()
    corse = avec_cle("185052A123456")
    assert codes(await acte(api, monde.gaelle, ECRIRE, une, nir=corse.lower())) == []
    assert codes(await acte(api, monde.gaelle, ECRIRE, autre, nir=corse)) == ["DOUBLON_CANDIDAT"]
    assert (await acte(api, monde.gaelle, LIRE, une))["nir"] == corse
    assert codes(await acte(api, monde.gaelle, ECRIRE, une, nir=LE_SIEN)) == []  # a correction
    assert codes(await acte(api, monde.gaelle, ECRIRE, autre, nir=corse)) == []
    assert codes(await acte(api, monde.gaelle, RETIRER, une)) == []
    assert codes(await acte(api, monde.gaelle, LIRE, une)) == ["NIR_ABSENT"]


async def test_another_key_takes_over_and_can_be_interrupted(
    monde: Monde, api: Api, application: Starlette
) -> None:
    room = application.state.desk.executor
    avant = dataclasses.replace(application.state.desk, executor=dataclasses.replace(room, trousseau=AVANT))
    pendant, ferme = (
        dataclasses.replace(avant, executor=dataclasses.replace(room, trousseau=CLES)),
        application.state.desk,
    )
    candidats = [await monde.un_candidat() for _ in range(5)]
    nirs = [avec_cle(f"2550814168{n:03}") for n in range(5)]
    try:
        application.state.desk = avant
        for candidat, nir in zip(candidats, nirs, strict=True):
            assert codes(await acte(api, monde.gaelle, ECRIRE, candidat, nir=nir)) == []
        application.state.desk = pendant
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("app.jobs.nir.PAR_LOT", 2)
            async for fait in tour(room.writer, CLES, MAINTENANT):
                assert fait == 2
                break  # cut
            assert [
                (await acte(api, monde.gaelle, LIRE, c))["nir"] for c in candidats
            ] == nirs  # open all the while
            assert [fait async for fait in tour(room.writer, CLES, MAINTENANT)] == [2, 1]
            assert [fait async for fait in tour(room.writer, CLES, MAINTENANT)] == []
        assert [(await acte(api, monde.gaelle, LIRE, c))["nir"] for c in candidats] == nirs
        async with monde.engine.connect() as db:
            assert set(await db.scalars(text("select cle from nir_candidat"))) == {"2026"}
    finally:
        application.state.desk = ferme


@pytest.mark.regle("R-116")
@pytest.mark.usefixtures("ouvert")
async def test_a_day_with_planted_nirs_leaves_none_anywhere(
    api: Api, monde: Monde, base: Base, atelier: Atelier, partenaire: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    """Base, its dump, logs, mails, answers, exports, messages to partners: plain, spaced, or as bytes."""
    caplog.set_level(logging.DEBUG)
    candidat = await monde.un_candidat(courriel="planté@exemple.example", est_inscrit_france_travail=True)
    ici, reponses = gid("Candidat", candidat), []
    corse = avec_cle("185052A123456")
    espace = "1 85 05 2A 123 456 " + corse[13:]
    await acte(api, monde.gaelle, DEMANDER, candidat, compte=gid("Compte", monde.paul))
    await acte(api, monde.paul, ECRIRE, candidat, nir=espace)
    entree = {"session": gid("Session", monde.session_maconnerie), "candidat": ici, **FORMULAIRE}
    for champ in ("raisons", "situation", "parcoursAnterieur"):  # typed where it must not be
        refus = await api.brut(monde.paul, CREER, entree=entree | {champ: f"Son numéro : {espace}."})
        assert codes(refus["data"]["creerCandidature"]) == ["NIR_INTERDIT"]
        reponses.append(str(refus))
    faite = (await api(monde.paul, CREER, entree=entree | {"envoyerRecapitulatif": True}))["creerCandidature"]
    await api(monde.paul, VALIDER, id=faite["candidature"]["id"])
    reponses += [
        str(await api.brut(monde.gaelle, ECRIRE, candidat=ici, nir=[corse])),  # an input of another shape
        str(await api.brut(monde.gaelle, ECRIRE, candidat=ici, nir=corse[:-1] + "0")),
        str(
            await api.brut(
                monde.gaelle, ECRIRE, candidat=gid("Candidat", await monde.un_candidat()), nir=corse
            )
        ),
        str(await api.brut(monde.gaelle, TOUT_LIRE, id=ici)),
    ]
    await atelier.tic()
    async for _ in tour(atelier.writer, CLES, MAINTENANT):
        pass
    mails = [str(message) for message in atelier.boite.recus]
    assert len(mails) == 2  # who was asked, and the recap
    assert partenaire.recus  # the candidature was told
    fichiers = [
        (await api.client.get(f"/exports/{f}", headers=qui.entetes)).text
        for f in ("candidatures.csv", "sessions.csv", "convocations.ics", "statistiques.csv")
        for qui in (monde.gaelle, monde.paul, monde.ines)
    ]
    assert any("planté@exemple.example" in fichier for fichier in fichiers)
    document = await api(monde.gaelle, EXPORTER, id=ici)
    dumps = {
        "base": await tout(base),
        "pg_dump": await asyncio.to_thread(pg_dump, base.url),
        "exports": "".join(fichiers) + str(document),
        "partenaires": str(partenaire.recus),
        "logs": caplog.text,
        "mails": "".join(mails),
        "reponses": "".join(reponses[3:]),
    }
    assert "NirEcrit" in dumps["base"]
    assert "NirEcrit" in dumps["pg_dump"]
    trouvees = {ou: [f for f in formes(corse) if f in dit] for ou, dit in dumps.items()}
    assert not any(trouvees.values()), trouvees
    assert (await acte(api, monde.gaelle, LIRE, candidat))["nir"] == corse


@pytest.fixture
async def partenaire(atelier: Atelier, application: Starlette) -> AsyncIterator[Pair]:
    """Both partners, told of what the acts of the API decide."""
    writer = application.state.desk.executor.writer
    async with servi(Pair()) as pair:
        atelier.porteurs |= {qui: ParHttp(pair.url, SECRET, system()) for qui in m.Correspondant}
        writer.diffuses = frozenset(DIT_PAR)
        yield pair
        writer.diffuses = frozenset()


def pg_dump(url: str) -> str:
    """Out: the base as whoever saves it keeps it."""
    tool = wheel() / "bin" / "pg_dump"
    return subprocess.run([tool, "--inserts", url], check=True, capture_output=True, text=True).stdout


EXPORTER = "mutation($id: ID!) { exporterCandidat(candidat: $id, motif: DEMANDE) { document } }"
TOUT_LIRE = """query($id: ID!) { node(id: $id) { ... on Candidat { reference nom prenom dateNaissance courriel
  candidatures { nodes { reference historique { nodes { nom } } } } historique { nodes { etat } } } } }"""
