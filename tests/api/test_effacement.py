"""Erasing somebody on request: at once, for good, with its limits said."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.conftest import Api
from tests.api.identifiants import gid
from tests.cast import JOUR, MAINTENANT, Monde
from tests.conftest import Base
from tests.jobs.test_conservation import CACHES, elle, sa_candidature, tout, trouvees

from .actes import EMPECHEMENTS, codes

EFFACER = f"""mutation($candidat: ID!, $motif: MotifEffacement = DEMANDE) {{
  effacerCandidat(entree: {{candidat: $candidat, motif: $motif}}) {{
    candidat {{ nom dateNaissance codePostal anonymiseLe }} aPrevenir {EMPECHEMENTS} }} }}"""
CREER = f"""mutation($session: ID!, $candidat: ID!) {{
  creerCandidature(entree: {{session: $session, candidat: $candidat}}) {{ candidature {{ id }} {EMPECHEMENTS} }} }}"""
RENOMMER = f"""mutation($candidat: ID!) {{
  modifierCandidat(entree: {{candidat: $candidat, nom: "Retour"}}) {{ candidat {{ nom }} {EMPECHEMENTS} }} }}"""


async def effacer(api: Api, qui: Any, candidat: Any) -> Any:
    return (await api(qui, EFFACER, candidat=gid("Candidat", candidat)))["effacerCandidat"]


async def test_a_gestionnaire_erases_and_nothing_is_left_but_statistics(
    api: Api, monde: Monde, base: Base
) -> None:
    candidat = await elle(monde, MAINTENANT - 30 * JOUR)
    candidature = await sa_candidature(monde, candidat, MAINTENANT - 30 * JOUR)
    brouillon = await monde.une_candidature(candidat=candidat, session=monde.session_poec, raisons="Troudair")

    rendu = await effacer(api, monde.gaelle, candidat)

    assert codes(rendu) == []
    assert rendu["aPrevenir"] == ["FRANCE_TRAVAIL"]
    assert rendu["candidat"]["dateNaissance"] == "2000-01-01"
    assert trouvees(await tout(base), [*CACHES, candidat.reference, candidature.reference]) == []
    async with monde.engine.connect() as db:
        faits = (
            await db.execute(text("select nom, donnees, compte_id from fait order by id desc limit 1"))
        ).all()
        assert (
            await db.scalar(text("select count(*) from candidature where id = :i"), {"i": brouillon.id}) == 0
        )
    [(nom, donnees, qui)] = [tuple(f) for f in faits]
    assert (nom, donnees, qui) == (
        "CandidatEfface",
        {"motif": "demande", "nb_candidatures": 1},
        monde.gaelle.id,
    )


@pytest.mark.parametrize(
    ("colonnes", "attendu"),
    [
        ({"etat": "en_attente_validation"}, "CANDIDATURE_EN_COURS"),
        ({"etat": "en_attente_avis"}, "CANDIDATURE_EN_COURS"),
        ({"etat": "retenue", "session_date_fin": MAINTENANT.date()}, "FORMATION_EN_COURS"),
        ({"etat": "retenue", "session_date_fin": MAINTENANT.date() - JOUR}, None),
        ({"etat": "brouillon"}, None),
        ({"etat": "annulee"}, None),
    ],
)
async def test_it_waits_for_what_others_decide_or_pay_for(
    api: Api, monde: Monde, colonnes: dict[str, Any], attendu: str | None
) -> None:
    candidat = await monde.un_candidat(nom="Patiente")
    candidature = await monde.une_candidature(candidat=candidat, **colonnes)
    rendu = await effacer(api, monde.gaelle, candidat)
    assert codes(rendu) == ([attendu] if attendu else [])
    if attendu:
        assert candidature.reference in rendu["empechements"][0]["message"]
        assert (await monde.relire(candidat)).nom == "Patiente"


async def test_nobody_else_erases(api: Api, monde: Monde) -> None:
    candidat = await monde.un_candidat(nom="Gardée")
    for qui, code in ((monde.paul, "INTERDIT"), (monde.marc, "NON_TROUVE"), (monde.adrien, "NON_TROUVE")):
        assert codes(await effacer(api, qui, candidat)) == [code]
    assert (await monde.relire(candidat)).nom == "Gardée"


async def test_who_was_erased_is_neither_placed_nor_changed_nor_found_nor_erased_again(
    api: Api, monde: Monde
) -> None:
    candidat = await monde.un_candidat(nom="Partie", prenom="Enfin", date_naissance=date(1990, 1, 1))
    assert codes(await effacer(api, monde.gaelle, candidat)) == []
    ici, session = gid("Candidat", candidat), gid("Session", monde.session_maconnerie)
    rendus = {
        "effacerCandidat": await effacer(api, monde.gaelle, candidat),
        "modifierCandidat": (await api(monde.gaelle, RENOMMER, candidat=ici))["modifierCandidat"],
        "creerCandidature": (await api(monde.paul, CREER, candidat=ici, session=session))["creerCandidature"],
    }
    assert {acte: codes(rendu) for acte, rendu in rendus.items()} == {
        acte: ["PERSONNE_ANONYMISEE"] for acte in rendus
    }
    chercher = """mutation { rechercherCandidat(entree: {nom: "anonymisé", prenom: "anonymisé",
      dateNaissance: "1990-01-01"}) { candidats { id } } }"""
    assert (await api(monde.gaelle, chercher))["rechercherCandidat"]["candidats"] == []


async def test_a_person_that_is_written_about_meanwhile_is_not_half_erased(api: Api, monde: Monde) -> None:
    """A candidature that is validated while the erasure waits for the person stops it: both are under one lock."""
    candidat = await monde.un_candidat(nom="Disputée")
    candidature = await monde.une_candidature(candidat=candidat)
    async with monde.engine.begin() as db:
        await db.execute(text("select 1 from candidat where id = :i for no key update"), {"i": candidat.id})
        await db.execute(
            text("update candidature set etat = 'en_attente_avis' where id = :i"), {"i": candidature.id}
        )
        attend = asyncio.create_task(effacer(api, monde.gaelle, candidat))
        await asyncio.wait([attend], timeout=0.3)
        assert not attend.done()
    assert codes(await attend) == ["CANDIDATURE_EN_COURS"]
    assert (await monde.relire(candidat)).nom == "Disputée"
