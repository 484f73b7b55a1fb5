"""The search of the offer, by night."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.jobs.poste import Serveur
from app.jobs.recherches import une
from app.reading.formats import encode_id
from tests.cast import MAINTENANT, Monde

from .conftest import SITE, Atelier
from .serveur import ServeurDeCourriel, servi


@pytest.fixture
async def poste(atelier: Atelier) -> AsyncIterator[ServeurDeCourriel]:
    """A real mail server, through which the jobs of the workshop send."""
    async with servi() as serveur:
        atelier.poste = Serveur(serveur.url)
        yield serveur


async def une_recherche(monde: Monde, **colonnes: Any) -> m.RechercheEnregistree:
    """Paul's search for maçons in two départements, told every day unless said."""
    defaults = {
        "compte_id": monde.paul.id,
        "nom": "Bâtir",
        "criteres": {"mots": "maçon", "departements": ["17", "40"]},
        "frequence": m.FrequenceAlerte.QUOTIDIENNE,
        "alertee_le": MAINTENANT,
        "cree_le": MAINTENANT,
    }
    return await monde.inserer(m.RechercheEnregistree, **defaults | colonnes)


async def publier(monde: Monde, atelier: Atelier, **colonnes: Any) -> m.SessionFormation:
    """A session of the maçonnerie, published an hour ago."""
    return await monde.une_session(publiee_le=atelier.heure - timedelta(hours=1), **colonnes)


async def demain(atelier: Atelier, jours: int = 1) -> None:
    """Let nights pass, each with its jobs."""
    for _ in range(jours):
        atelier.heure += timedelta(days=1)
        await atelier.tic()


@pytest.mark.regle("R-048")
async def test_what_is_new_is_written_once_in_the_morning_and_only_what_is_new(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    recherche = await une_recherche(monde)
    await demain(atelier)
    assert poste.recoit.recus == []  # the maçonnerie was there before

    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier, lieu_ville="Rochefort")
    await publier(monde, atelier, lieu_departement="33")
    await demain(atelier)
    [message] = poste.recoit.recus
    assert (message["To"], message["Subject"]) == (monde.paul.courriel, "« Bâtir » : une formation nouvelle")
    reglage = f"{SITE}/recherches/{encode_id('RechercheEnregistree', recherche.id)}/alerte"
    assert message["List-Unsubscribe"] == f"<{reglage}>"
    for kind in ("plain", "html"):
        said = " ".join(message.get_body((kind,)).get_content().split())
        assert "Maçon du bâti ancien, Institut de l" in said
        assert "à Rochefort, du" in said
        assert "chaque jour" in said
        assert reglage in said

    await demain(atelier, 3)
    assert len(poste.recoit.recus) == 1


@pytest.mark.regle("R-048")
async def test_every_week_is_seven_days_after_and_never_is_never(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    await une_recherche(monde, frequence=m.FrequenceAlerte.HEBDOMADAIRE)
    await une_recherche(monde, frequence=m.FrequenceAlerte.JAMAIS, compte_id=monde.nadia.id)
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier)
    await demain(atelier, 6)
    assert poste.recoit.recus == []
    await demain(atelier)
    assert [message["To"] for message in poste.recoit.recus] == [monde.paul.courriel]


async def test_nobody_is_written_to_before_seven(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    await une_recherche(monde)
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier)
    atelier.heure = MAINTENANT.replace(hour=6, minute=59) + timedelta(days=1)
    await atelier.tic()
    assert poste.recoit.recus == []
    atelier.heure += timedelta(minutes=1)
    await atelier.tic()
    assert len(poste.recoit.recus) == 1


async def test_four_workers_at_once_ask_for_one_mail(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    import asyncio

    recherche = await une_recherche(monde)
    atelier.heure += timedelta(days=1)
    await publier(monde, atelier)
    asked = await asyncio.gather(*(une(atelier.outils, recherche.id, atelier.heure) for _ in range(4)))
    await atelier.vider()

    assert sorted(asked) == [False, False, False, True]
    assert len(poste.recoit.recus) == 1


async def test_who_wants_no_more_mails_between_the_asking_and_the_leaving_gets_none(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    recherche = await une_recherche(monde)
    atelier.heure += timedelta(days=1)
    await publier(monde, atelier)
    assert await une(atelier.outils, recherche.id, atelier.heure)
    await monde.changer(recherche, frequence=m.FrequenceAlerte.JAMAIS)
    await atelier.vider()

    assert poste.recoit.recus == []


async def test_what_is_not_published_for_everybody_is_not_told(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    await une_recherche(monde, compte_id=monde.karim.id, criteres={"mots": "maçon"})
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier, etat=m.EtatSession.BROUILLON)
    await demain(atelier)

    assert poste.recoit.recus == []


async def test_the_night_learns_the_words_of_what_is_published(atelier: Atelier, monde: Monde) -> None:
    async def connus() -> set[str]:
        async with monde.engine.connect() as db:
            rows = await db.execute(
                text("select mot from vocabulaire where mot in ('zingueur', 'zinguerie')")
            )
            return {row.mot for row in rows}

    await monde.une_action(intitule="Zingueur")
    await monde.une_action(intitule="Zinguerie", etat="creee")
    await atelier.tic()
    assert await connus() == {"zingueur"}
