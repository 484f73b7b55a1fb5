"""The published offer as LHEO 2.3: what goes out, for whom, and what a delta says (R-193, R-226, R-228)."""

from __future__ import annotations

import io
import os
from datetime import datetime
from typing import TypeVar

import pytest
from lxml import etree
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app import models as m
from app.exports.lheo.fichier import Bilan, Demande, Exporteur
from app.exports.lheo.lecture import Flux
from app.imports.lheo import FormationLue, examiner, lire
from app.models import EtatAction, EtatSession, VoieAcces
from app.policies.policy import Policy
from app.policies.viewer import Asker
from tests.cast import JOUR, MAINTENANT, Monde, planter
from tests.conftest import Base
from tests.imports.samples import DEPARTEMENTS

M = TypeVar("M", bound=m.Base)
ESPACE = {"l": "http://lheo.gouv.fr/2.3"}


@pytest.fixture
async def monde(base: Base) -> Monde:
    return await planter(base)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


async def exporte(
    base: Base, policy: Policy, qui: Asker, demande: Demande | None = None, le: datetime = MAINTENANT
) -> tuple[bytes, Bilan]:
    """Out: the file, and what was written."""
    async with Exporteur(policy, base.lecture).ouvrir(qui, le, demande or Demande()) as fichier:
        data = b"".join([morceau async for morceau in fichier.morceaux()])
        return data, fichier.bilan


def numeros(data: bytes, element: str) -> list[str]:
    """Out: the numbers of the formations or sessions of a file."""
    racine = etree.fromstring(data)
    return [str(n) for n in racine.xpath(f"//l:{element}/@numero", namespaces=ESPACE)]


def retraits(data: bytes) -> set[tuple[str, str]]:
    """Out: what a delta says that left the offer."""
    dits = etree.fromstring(data).findall("l:extras/l:extra", ESPACE)
    return {(str(dit.get("info")), str(dit.text)) for dit in dits}


def valide(data: bytes) -> None:
    """By the official schema where it is at hand, by our grammar and our reading everywhere."""
    if xsd := os.environ.get("LHEO_XSD"):
        schema = etree.XMLSchema(etree.parse(xsd))
        assert schema.validate(etree.fromstring(data)), str(schema.error_log)[:2000]
    examiner(io.BytesIO(data))
    for lue in lire(io.BytesIO(data), DEPARTEMENTS):
        assert isinstance(lue, FormationLue), [str(e) for e in lue.erreurs]


# --- what goes out ---------------------------------------------------------------------------------------------


@pytest.mark.regle("R-193")
async def test_the_file_holds_exactly_the_published_content_of_what_is_online(
    base: Base, monde: Monde, policy: Policy
) -> None:
    data, bilan = await exporte(base, policy, monde.reseau_carif.viewer)

    valide(data)
    actions = {a.id: a for a in await toutes(base, m.Action) if a.est_en_ligne}
    vivantes = (EtatSession.PUBLIEE, EtatSession.SUPPRESSION_DEMANDEE)
    publiees = [
        s.numero_carif
        for s in await toutes(base, m.SessionFormation)
        if s.etat in vivantes and s.action_id in actions
    ]
    assert sorted(numeros(data, "session")) == sorted(publiees)
    assert sorted(numeros(data, "formation")) == sorted(a.reference for a in actions.values())
    assert (bilan.formations, bilan.sessions, bilan.laissees) == (len(actions), len(publiees), [])


async def toutes(base: Base, modele: type[M]) -> list[M]:
    """Out: the rows of a table."""
    async with AsyncSession(base.engine, expire_on_commit=False) as db:
        return list(await db.scalars(select(modele)))


@pytest.mark.regle("R-193")
async def test_what_waits_for_a_control_shows_its_published_content(
    base: Base, monde: Monde, policy: Policy
) -> None:
    await monde.changer(monde.action_anglais, m.Action, etat=EtatAction.MODIFIEE)

    data, _ = await exporte(base, policy, monde.reseau_carif.viewer)

    assert monde.action_anglais.reference in numeros(data, "formation")
    assert monde.action_anglais.intitule in data.decode()


@pytest.mark.regle("R-226")
@pytest.mark.regle("R-228")
async def test_each_flux_has_the_sessions_of_its_access_route(
    base: Base, monde: Monde, policy: Policy
) -> None:
    await monde.changer(
        monde.session_anglais,
        m.SessionFormation,
        voie_acces=VoieAcces.APPRENTISSAGE,
        annees_apprentissage="1, 2",
    )
    await monde.changer(
        monde.session_secretariat,
        m.SessionFormation,
        voie_acces=VoieAcces.PROFESSIONNALISATION,
    )
    lit = monde.reseau_carif.viewer

    tout, _ = await exporte(base, policy, lit)
    kairos, _ = await exporte(base, policy, lit, Demande(Flux.KAIROS))
    apprentissage, _ = await exporte(base, policy, lit, Demande(Flux.APPRENTISSAGE))

    assert numeros(apprentissage, "session") == [monde.session_anglais.numero_carif]
    ailleurs = {monde.session_anglais.numero_carif, monde.session_secretariat.numero_carif}
    assert set(numeros(kairos, "session")) == set(numeros(tout, "session")) - ailleurs
    for data in (tout, kairos, apprentissage):
        valide(data)


@pytest.mark.regle("R-195")
async def test_a_training_that_is_not_conventionnee_goes_to_kairos_too(
    base: Base, monde: Monde, policy: Policy
) -> None:
    """France Travail may pay for it, person by person."""
    data, _ = await exporte(base, policy, monde.reseau_carif.viewer, Demande(Flux.KAIROS))

    racine = etree.fromstring(data)
    anglais = racine.find(f".//l:formation[@numero='{monde.action_anglais.reference}']/l:action", ESPACE)
    assert anglais is not None
    assert anglais.findtext("l:conventionnement", namespaces=ESPACE) == "0"
    assert anglais.findtext("l:prise-en-charge-frais-possible", namespaces=ESPACE) == "1"


# --- what changed ----------------------------------------------------------------------------------------------


@pytest.mark.regle("R-193")
@pytest.mark.regle("R-194")
async def test_a_delta_has_what_changed_whole_and_lists_what_left(
    base: Base, monde: Monde, policy: Policy
) -> None:
    """Partners are up to date after their next delta, not before."""
    hier, tantot = Demande(depuis=MAINTENANT - JOUR), MAINTENANT - JOUR / 24
    lit = monde.reseau_carif.viewer
    await vieillir(base, monde)
    await monde.changer(monde.session_maconnerie, m.SessionFormation, modifiee_le=tantot)
    await monde.changer(
        monde.session_anglais,
        m.SessionFormation,
        etat=EtatSession.SUPPRIMEE,
        modifiee_le=tantot,
    )
    await monde.changer(monde.action_poec, m.Action, etat=EtatAction.ARCHIVEE, modifiee_le=tantot)

    data, bilan = await exporte(base, policy, lit, hier)

    valide(data)
    assert set(numeros(data, "formation")) == {
        monde.action_maconnerie.reference,
        monde.action_anglais.reference,
    }
    assert len(numeros(data, "session")) > 2  # whole: with its sessions that did not change
    assert retraits(data) == {
        ("action-retiree", monde.action_poec.reference),
        ("session-retiree", monde.session_anglais.numero_carif),
    }
    assert bilan.retraits == 2
    assert await exporte(base, policy, lit, Demande(depuis=MAINTENANT)) == (b"", Bilan())


async def vieillir(base: Base, monde: Monde) -> None:
    """Nothing has changed for ten days."""
    avant = MAINTENANT - 10 * JOUR
    for ligne in await toutes(base, m.Action):
        publiee = {"publiee_le": avant} if ligne.publiee_le else {}
        await monde.changer(ligne, modifiee_le=avant, **publiee)
    for ligne in await toutes(base, m.SessionFormation):
        publiee = {"publiee_le": avant} if ligne.publiee_le else {}
        await monde.changer(ligne, modifiee_le=avant, **publiee)


async def test_a_delta_of_withdrawals_alone_is_valid_too(base: Base, monde: Monde, policy: Policy) -> None:
    await vieillir(base, monde)
    await monde.changer(monde.action_poec, m.Action, etat=EtatAction.SUPPRIMEE, modifiee_le=MAINTENANT)

    data, _ = await exporte(base, policy, monde.reseau_carif.viewer, Demande(depuis=MAINTENANT - JOUR))

    valide(data)
    assert retraits(data) == {("action-retiree", monde.action_poec.reference)}
    assert len(numeros(data, "formation")) == 1  # LHEO wants one


async def test_an_organisation_that_changed_brings_its_actions(
    base: Base, monde: Monde, policy: Policy
) -> None:
    await vieillir(base, monde)
    await monde.changer(monde.tremplin, m.Structure, telephone="05 55 00 00 99", modifiee_le=MAINTENANT)

    data, _ = await exporte(base, policy, monde.reseau_carif.viewer, Demande(depuis=MAINTENANT - JOUR))

    assert numeros(data, "formation") == [monde.action_secretariat.reference]


async def test_an_action_that_left_a_flux_is_listed_in_its_delta(
    base: Base, monde: Monde, policy: Policy
) -> None:
    await vieillir(base, monde)
    voie = VoieAcces.PROFESSIONNALISATION
    await monde.changer(
        monde.session_secretariat,
        m.SessionFormation,
        voie_acces=voie,
        modifiee_le=MAINTENANT,
    )
    kairos = Demande(Flux.KAIROS, MAINTENANT - JOUR)

    data, _ = await exporte(base, policy, monde.reseau_carif.viewer, kairos)

    assert retraits(data) == {("action-retiree", monde.action_secretariat.reference)}


@pytest.mark.regle("R-193")
async def test_a_code_of_a_place_that_lheo_would_refuse_stays_out(
    base: Base, monde: Monde, policy: Policy
) -> None:
    await monde.changer(monde.session_anglais, m.SessionFormation, lieu_code_insee="3306")
    await monde.changer(monde.estuaire, m.Structure, code_postal="33")

    data, _ = await exporte(base, policy, monde.reseau_carif.viewer)

    valide(data)
    assert b"3306<" not in data
