"""Partners are told what concerns them, once a key, in order; what they do not take is kept, shown, and sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.domain import candidatures_closes as closes
from app.domain.avis import SaisieAvis, rendre_avis
from app.domain.candidatures_faits import CandidatureValidee
from app.domain.candidatures_transitions import dire
from app.domain.echanges import DIT_PAR
from app.jobs.echanges import REPRISES
from app.jobs.partenaires import ParHttp
from app.kit.clock import system
from app.writing import Writer, Writing
from tests.cast import JOUR, Acteur, Monde

from .conftest import Atelier
from .partenaire import MUET, SECRET, Pair, servi


@pytest.fixture
async def agora(atelier: Atelier) -> AsyncIterator[Pair]:
    async with servi(Pair()) as pair:
        atelier.porteurs[m.Correspondant.AGORA] = ParHttp(pair.url, SECRET, system())
        atelier.writer.diffuses = frozenset(DIT_PAR)
        yield pair


@pytest.fixture
async def france_travail(atelier: Atelier) -> AsyncIterator[Pair]:
    async with servi(Pair()) as pair:
        atelier.porteurs[m.Correspondant.FRANCE_TRAVAIL] = ParHttp(pair.url, SECRET, system())
        atelier.writer.diffuses = frozenset(DIT_PAR)
        yield pair


class Porte:
    """The writing door, as the acts of the API use it."""

    def __init__(self, writer: Writer, monde: Monde) -> None:
        self.writer, self.le = writer, monde.le

    async def dire_validee(self, qui: Acteur, candidature: m.Candidature) -> None:
        async with self.writer.writing(qui.viewer, self.le) as tx:
            row = await tx.take(m.Candidature, candidature.id, pour="annuler")
            fait = dire(CandidatureValidee, row, "brouillon", "en_attente_avis", point_entree_id=None)
            tx.record(fait)

    async def annuler(self, qui: Acteur, candidature: m.Candidature) -> None:
        async with self.writer.writing(qui.viewer, self.le) as tx:
            row = await tx.take(m.Candidature, candidature.id, pour="annuler", avec=("session",))
            tx.record(closes.annuler(row, structure_id=qui.structure_id, le=self.le))

    async def rendre(self, qui: Acteur, candidature: m.Candidature) -> None:
        async with self.writer.writing(qui.viewer, self.le) as tx:
            row = await self._dossier(tx, candidature)
            saisie = SaisieAvis(est_retenu=False, motif=m.MotifNonRetenu.PROJET, raison="Projet à préciser.")
            avis, fait = rendre_avis(row, saisie, par=tx.moi, le=self.le)
            tx.part(row, avis)
            tx.record(fait)

    async def _dossier(self, tx: Writing, candidature: m.Candidature) -> m.Candidature:
        avec = ("session", "convocations")
        return await tx.take(m.Candidature, candidature.id, pour="rendre_avis", avec=avec)


@pytest.fixture
def porte(atelier: Atelier, monde: Monde) -> Porte:
    return Porte(atelier.writer, monde)


async def une(monde: Monde, *, inscrite: bool = True, session: Any = None, **colonnes: Any) -> m.Candidature:
    found = await monde.une_candidature(
        etat="en_attente_avis", auteur=monde.nadia, session=session, candidat=monde.lea, **colonnes
    )
    await monde.inserer(
        m.Convocation,
        candidature_id=found.id,
        numero=1,
        date_rendez_vous=monde.jour(-1),
        resultat=m.ResultatConvocation.PRESENCE,
        cree_le=monde.le - 2 * JOUR,
    )
    return await monde.changer(found, est_inscrit_france_travail=inscrite)


async def echanges(monde: Monde) -> list[tuple[str, str, str, int]]:
    async with monde.engine.connect() as db:
        rows = await db.execute(
            text("select partenaire, type_echange, etat, nb_tentatives from echange order by id")
        )
        return [tuple(row) for row in rows]


@pytest.mark.regle("R-118", "R-119", "R-120")
async def test_agora_is_told_the_validation_then_the_avis_in_order(
    atelier: Atelier, monde: Monde, agora: Pair, porte: Porte
) -> None:
    candidature = await une(monde)
    await porte.dire_validee(monde.nadia, candidature)
    await porte.rendre(monde.ines, candidature)
    await atelier.vider()

    assert [(r["type"], r["candidature"]["etat"]) for r in agora.recus] == [
        ("candidature.validee", "en_attente_avis"),
        ("candidature.avis", "non_retenue"),
    ]
    assert [r["visible_france_travail"] for r in agora.recus] == [True, True]
    assert agora.recus[1]["avis"]["motif"] == "projet"
    assert await echanges(monde) == [("agora", "validee", "accepte", 1), ("agora", "avis", "accepte", 1)]


@pytest.mark.regle("R-120")
async def test_somebody_not_registered_is_said_so(
    atelier: Atelier, monde: Monde, agora: Pair, france_travail: Pair, porte: Porte
) -> None:
    await porte.dire_validee(monde.nadia, await une(monde, inscrite=False))
    await atelier.vider()
    assert [r["visible_france_travail"] for r in agora.recus] == [False]
    assert france_travail.recus == []


@pytest.mark.regle("R-121", "R-120")
async def test_what_the_region_does_not_finance_goes_to_france_travail_alone(
    atelier: Atelier, monde: Monde, agora: Pair, france_travail: Pair, porte: Porte
) -> None:
    await porte.dire_validee(monde.nadia, await une(monde, session=monde.session_poec))
    await atelier.vider()
    assert agora.recus == []
    assert [r["code_statut_inscription"] for r in france_travail.recus] == ["PFR"]


@pytest.mark.regle("R-122")
async def test_the_avis_on_what_an_adviser_made_goes_to_kairos_at_once(
    atelier: Atelier, monde: Monde, france_travail: Pair, porte: Porte
) -> None:
    candidature = await une(monde)
    await monde.changer(candidature, origine=m.OrigineCandidature.FRANCE_TRAVAIL, auteur_id=None)
    await porte.rendre(monde.ines, candidature)
    await atelier.vider()
    assert [(r["type"], r["code_statut_inscription"]) for r in france_travail.recus] == [
        ("candidature.avis", "ICN")
    ]


@pytest.mark.regle("R-116")
async def test_a_message_holds_no_more_than_it_must(
    atelier: Atelier, monde: Monde, agora: Pair, porte: Porte
) -> None:
    await porte.dire_validee(monde.nadia, await une(monde))
    await atelier.vider()
    [recu] = agora.recus
    assert set(recu) == {
        *("version", "cle", "type", "numero", "survenu_le", "candidature", "session"),
        *("prescripteur", "candidat", "avis", "visible_france_travail"),
    }
    assert recu["version"] == 1
    assert recu["candidat"]["nom"] == monde.lea.nom
    assert not [nom for nom in recu["candidat"] if "nir" in nom or "voie" in nom]


async def test_a_partner_that_fails_delays_and_cuts_the_line_gets_each_message_under_one_key(
    atelier: Atelier, monde: Monde, agora: Pair, porte: Porte
) -> None:
    agora.reponses = [503, MUET, 429, 200, 500, 202]
    candidature = await une(monde)
    await porte.dire_validee(monde.nadia, candidature)
    await porte.annuler(monde.nadia, candidature)
    for _ in range(6):
        await atelier.vider()
        await atelier.avancer()

    assert list(agora.distincts) == list(dict.fromkeys(agora.cles))
    assert [message["type"] for message in agora.distincts.values()] == [
        "candidature.validee",
        "candidature.close",
    ]
    assert await echanges(monde) == [("agora", "validee", "accepte", 4), ("agora", "close", "envoye", 2)]


async def test_what_a_partner_never_takes_is_a_dead_letter_and_holds_nothing_else(
    atelier: Atelier, monde: Monde, agora: Pair, porte: Porte
) -> None:
    agora.reponses = [503] * (len(REPRISES.delais) + 1)
    candidature = await une(monde)
    await porte.dire_validee(monde.nadia, candidature)
    for _ in range(len(REPRISES.delais) + 1):
        await atelier.vider()
        await atelier.avancer()
    assert await echanges(monde) == [("agora", "validee", "en_erreur", len(REPRISES.delais) + 1)]

    await porte.annuler(monde.nadia, candidature)
    await atelier.vider()
    assert [message["type"] for message in agora.recus] == ["candidature.close"]
    assert [i.explication for i in await atelier.incidents()][-1] == "Le partenaire ne répond pas (HTTP_503)."


async def test_what_a_partner_refuses_is_not_sent_again_by_itself(
    atelier: Atelier, monde: Monde, agora: Pair, porte: Porte
) -> None:
    agora.reponses = [400]
    await porte.dire_validee(monde.nadia, await une(monde))
    for _ in range(3):
        await atelier.vider()
        await atelier.avancer()
    assert len(agora.cles) == 1
    assert await echanges(monde) == [("agora", "validee", "en_erreur", 1)]


async def test_a_job_that_runs_twice_sends_nothing_twice(
    atelier: Atelier, monde: Monde, agora: Pair, porte: Porte
) -> None:
    await porte.dire_validee(monde.nadia, await une(monde))
    await atelier.vider()
    async with monde.engine.connect() as db:
        fait, echange = (await db.execute(text("select fait_id, id from echange"))).one()
    await atelier.confier("diffuser", fait_id=fait)
    await atelier.confier("transmettre", echange_id=echange)
    await atelier.vider()
    assert len(agora.cles) == 1


async def test_without_a_partner_no_act_hands_anything_over(
    atelier: Atelier, monde: Monde, porte: Porte
) -> None:
    await porte.dire_validee(monde.nadia, await une(monde))
    assert await atelier.etats("diffuser") == []
