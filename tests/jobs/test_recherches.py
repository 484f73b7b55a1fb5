"""The search of the offer, by night."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.jobs.poste import Serveur
from app.jobs.recherches import une
from app.reading.formats import encode_id
from tests.cast import MAINTENANT, Acteur, Monde

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


# --- what a profile reads --------------------------------------------------------------------------------------------

SIENNE = {"monCatalogue": True}


async def sous(monde: Monde, qui: Acteur, droit: m.Droit, **colonnes: Any) -> m.RechercheEnregistree:
    """Somebody's search, told for one of its profiles."""
    viewer = qui.sous(str(droit)).viewer
    return await une_recherche(
        monde, compte_id=qui.id, structure_id=viewer.structure_id, droit=droit, **colonnes
    )


async def perdre(monde: Monde, qui: Acteur, droit: m.Droit) -> None:
    """Take one of its droits from somebody."""
    await monde.supprimer(await monde.relire(_accorde(qui, droit), m.DroitAccorde))


def _accorde(qui: Acteur, droit: m.Droit) -> Any:
    return SimpleNamespace(id=qui.sous(str(droit)).viewer.droit_accorde_id)


@pytest.mark.regle("R-048")
async def test_who_keeps_a_catalogue_is_told_of_its_own(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    await sous(monde, monde.karim, m.Droit.OF_CATALOGUE, criteres=SIENNE)
    await sous(monde, monde.louise, m.Droit.OF_GENERAL, criteres=SIENNE)
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier)
    await demain(atelier)

    assert [message["To"] for message in poste.recoit.recus] == [monde.karim.courriel]


@pytest.mark.regle("R-048", "R-126")
async def test_who_recruits_is_told_of_a_conventionnee_session_that_the_public_does_not_see(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    await sous(monde, monde.ines, m.Droit.OF_PREINSCRIPTION)
    await une_recherche(monde)  # Paul's, under no profile
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier)
    await monde.changer(monde.action_maconnerie, m.Action, etat=m.EtatAction.ARCHIVEE)
    await demain(atelier)

    assert [message["To"] for message in poste.recoit.recus] == [monde.ines.courriel]


@pytest.mark.regle("R-048")
@pytest.mark.parametrize("comment", ["droit retiré", "détachée", "un autre droit", "ailleurs"])
async def test_a_profile_that_is_lost_tells_no_more_than_any_account_reads(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel, comment: str
) -> None:
    sienne = await sous(monde, monde.karim, m.Droit.OF_CATALOGUE, criteres=SIENNE, nom="Chez nous")
    await sous(monde, monde.karim, m.Droit.OF_CATALOGUE, nom="Partout")
    if comment == "droit retiré":
        await perdre(monde, monde.karim, m.Droit.OF_CATALOGUE)
    elif comment == "détachée":
        affiliation = SimpleNamespace(id=monde.karim.viewer.affiliation_id)
        await monde.changer(affiliation, m.Affiliation, etat=m.EtatAffiliation.DETACHEE)
    elif comment == "un autre droit":
        accorde = _accorde(monde.karim, m.Droit.OF_CATALOGUE)
        await monde.changer(accorde, m.DroitAccorde, droit=m.Droit.OF_PREINSCRIPTION)
    else:
        await monde.changer(sienne, structure_id=monde.landes.id)
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier)
    await demain(atelier)

    assert [message["Subject"] for message in poste.recoit.recus] == ["« Partout » : une formation nouvelle"]


@pytest.mark.regle("R-006", "R-048")
async def test_a_gestionnaire_without_a_second_factor_is_none(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    await sous(monde, monde.gaelle, m.Droit.GESTIONNAIRE)
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier)
    await monde.changer(monde.action_maconnerie, m.Action, etat=m.EtatAction.ARCHIVEE)
    await monde.changer(monde.gaelle, m.Compte, a_un_second_facteur=False)
    await demain(atelier)
    assert poste.recoit.recus == []

    await monde.changer(monde.gaelle, m.Compte, a_un_second_facteur=True)
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier)
    await demain(atelier)
    assert [message["To"] for message in poste.recoit.recus] == [monde.gaelle.courriel]


async def test_a_droit_lost_between_the_asking_and_the_leaving_tells_nothing(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    recherche = await sous(monde, monde.karim, m.Droit.OF_CATALOGUE, criteres=SIENNE)
    atelier.heure += timedelta(days=1)
    await publier(monde, atelier)
    assert await une(atelier.outils, recherche.id, atelier.heure)
    await perdre(monde, monde.karim, m.Droit.OF_CATALOGUE)
    await atelier.vider()

    assert poste.recoit.recus == []


async def test_an_account_that_is_no_longer_active_is_told_nothing(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    await sous(monde, monde.karim, m.Droit.OF_CATALOGUE)
    await monde.changer(monde.karim, m.Compte, etat=m.EtatCompte.A_CONFIRMER)
    atelier.heure += timedelta(hours=2)
    await publier(monde, atelier)
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
