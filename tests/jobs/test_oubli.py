"""What proves nothing any more is forgotten a month later: no name, no address, no trace of a connexion is kept for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.jobs.oubli import oublier_la_demande
from tests.cast import JOUR, MAINTENANT, Monde

from .conftest import Atelier

MOIS = timedelta(days=30)
A_CONFIRMER = m.EtatCompte.A_CONFIRMER


async def restent(monde: Monde, table: str) -> set[int]:
    async with monde.engine.connect() as db:
        return set(await db.scalars(text(f"select id from {table}")))


async def un_jeton(monde: Monde, qui: Any, n: int, **colonnes: Any) -> int:
    vie = {"cree_le": MAINTENANT - 60 * JOUR, "expire_le": MAINTENANT + JOUR} | colonnes
    row = await monde.inserer(m.Jeton, compte_id=qui.id, empreinte=bytes([n]) * 32, **vie)
    return row.id


async def un_lien(monde: Monde, qui: Any, expire_le: Any) -> int:
    row = await monde.inserer(
        m.LienCourriel,
        compte_id=qui.id,
        usage=m.UsageLien.CONFIRMER_COMPTE,
        sel=b"sel",
        contenu={"nom": "Roche"},
        cree_le=expire_le - 2 * JOUR,
        expire_le=expire_le,
    )
    return row.id


async def test_tokens_and_links_are_forgotten_a_month_after_their_end(atelier: Atelier, monde: Monde) -> None:
    avant = await restent(monde, "jeton")
    trop_vieux, second = MAINTENANT - MOIS - timedelta(seconds=1), timedelta(seconds=1)
    oublies = {
        await un_jeton(monde, monde.paul, 1, expire_le=trop_vieux),
        await un_jeton(monde, monde.paul, 2, revoque_le=trop_vieux),
    }
    gardes = {
        await un_jeton(monde, monde.paul, 3, expire_le=trop_vieux + second),
        await un_jeton(monde, monde.paul, 4),
        await un_jeton(monde, monde.hub_agora, 5, expire_le=trop_vieux, portee="candidatures_region"),
    }
    vieux, recent = await un_lien(monde, monde.paul, trop_vieux), await un_lien(monde, monde.paul, MAINTENANT)

    await atelier.confier("oublier_jetons", timestamp=0)
    await atelier.vider()

    assert await atelier.etats("oublier_jetons") == [("succeeded", 1)]
    assert await restent(monde, "jeton") == avant | gardes
    assert not oublies & await restent(monde, "jeton")
    assert await restent(monde, "lien_courriel") == {recent}
    assert vieux != recent


async def test_nothing_to_forget_is_no_failure(atelier: Atelier, monde: Monde) -> None:
    await atelier.confier("oublier_jetons", timestamp=0)
    await atelier.vider()
    assert await atelier.etats("oublier_jetons") == [("succeeded", 1)]


async def une_demande(
    monde: Monde, nom: str, depuis: timedelta, etat: m.EtatCompte = A_CONFIRMER
) -> m.Compte:
    return await monde.inserer(
        m.Compte,
        courriel=f"{nom}@nulle-part.example",
        nom="Roche",
        prenom="Alix",
        etat=etat,
        cree_le=MAINTENANT - depuis,
    )


@pytest.mark.regle("R-008")
async def test_a_request_that_nobody_confirmed_is_deleted_after_a_month(
    atelier: Atelier, monde: Monde
) -> None:
    """With the links and the mails of it; not one that may still be confirmed, nor one that was."""
    second = timedelta(seconds=1)
    oubliee = await une_demande(monde, "oubliee", MOIS + second)
    await un_lien(monde, oubliee, MAINTENANT - 28 * JOUR)
    await monde.inserer(
        m.CourrielEnvoye,
        sujet="x",
        gabarit="confirmation_courriel",
        compte_id=oubliee.id,
        envoye_le=MAINTENANT - MOIS,
    )
    recente = await une_demande(monde, "recente", MOIS)
    relancee = await une_demande(monde, "relancee", 2 * MOIS)
    await un_lien(monde, relancee, MAINTENANT + second)
    confirmee = await une_demande(monde, "confirmee", 2 * MOIS, m.EtatCompte.ACTIF)
    avant = await restent(monde, "compte")

    for _ in range(2):  # a run that is repeated changes nothing
        await atelier.confier("oublier_demandes", timestamp=0)
        await atelier.vider()

    assert avant - await restent(monde, "compte") == {oubliee.id}
    assert {recente.id, relancee.id, confirmee.id} <= await restent(monde, "compte")
    async with monde.engine.connect() as db:
        faits = (
            await db.execute(text("select compte_concerne_id from fait where nom = 'DemandeOubliee'"))
        ).all()
    assert [fait.compte_concerne_id for fait in faits] == [oubliee.id]


@pytest.mark.regle("R-008")
async def test_a_request_confirmed_meanwhile_stays(atelier: Atelier, monde: Monde) -> None:
    demande = await une_demande(monde, "presque", 2 * MOIS)
    await monde.changer(demande, etat=m.EtatCompte.ACTIF)
    assert not await oublier_la_demande(atelier.outils, demande.id)
    assert demande.id in await restent(monde, "compte")


async def test_what_a_provider_said_is_forgotten_the_next_day(atelier: Atelier, monde: Monde) -> None:
    ids = []
    for n, fin in enumerate((MAINTENANT - JOUR - timedelta(seconds=1), MAINTENANT - JOUR)):
        row = await monde.inserer(
            m.PassageExterne,
            empreinte=bytes([n]),
            demande=bytes([n]),
            contenu="scellé",
            cree_le=fin - timedelta(minutes=10),
            expire_le=fin,
        )
        ids.append(row.id)
    await atelier.confier("oublier_jetons", timestamp=0)
    await atelier.vider()
    assert await restent(monde, "passage_externe") == {ids[1]}
