"""The parcours of the demonstration, played on a base that holds it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from app.demo.monde import peupler_si_vide
from app.demo.parcours import Etape, Parcours, ParcoursInterrompu
from app.demo.parcours_candidatures import ParcoursCandidatures
from app.demo.parcours_comptes import ParcoursComptes
from app.demo.parcours_donnees import ParcoursDonnees
from app.demo.parcours_offre import ParcoursOffre
from app.kit.clock import fixed
from app.kit.settings import Settings
from app.main import create_app, faire_les_travaux
from tests.cast import CIPHER, MAINTENANT


@pytest_asyncio.fixture(loop_scope="session")
async def demander(base: Any, tmp_path: Path) -> AsyncIterator[Any]:
    """The application over a base that holds the demonstration."""
    await peupler_si_vide(base.url, CIPHER, fixed(MAINTENANT))
    settings = replace(
        Settings.read({"DATABASE_URL": base.url, "CLE_CHIFFREMENT": CIPHER.key.decode()}),
        horloge=MAINTENANT.isoformat(),
        donnees=tmp_path,
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        au_travail(settings),
        httpx.AsyncClient(transport=transport, base_url="http://rafael.test") as client,
    ):

        async def posed(
            jeton: str | None, document: str, variables: dict[str, Any], horloge: str | None
        ) -> Any:
            headers = {"authorization": f"Bearer {jeton}"} if jeton else {}
            headers |= {"x-horloge": horloge} if horloge else {}
            body = {"query": document, "variables": variables}
            return (await client.post("/graphql", json=body, headers=headers)).json()

        async def page(chemin: str) -> str | None:
            found = await client.get(chemin)
            return found.text if found.status_code == 200 else None

        posed.page = page  # type: ignore[attr-defined]  # a client of the same server
        yield posed


@asynccontextmanager
async def au_travail(settings: Settings) -> AsyncIterator[None]:
    """Meanwhile jobs are done beside, as where it is served."""
    work = asyncio.create_task(faire_les_travaux(settings, une_fois=False))
    yield
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def played(demander: Any) -> list[Etape]:
    return [etape async for etape in Parcours(demander).jouer()]


async def test_it_goes_from_a_search_to_an_avis_with_every_refusal_on_the_way(demander: Any) -> None:
    etapes = await played(demander)

    refus = ("INTERDIT", "NON_TROUVE", "HORS_HORAIRES", "ETAT_INCOMPATIBLE", "CHAMP_OBLIGATOIRE")
    assert [e.obtenu for e in etapes if e.obtenu in refus] == [
        *("INTERDIT", "CHAMP_OBLIGATOIRE", "HORS_HORAIRES"),
        *("CHAMP_OBLIGATOIRE", "INTERDIT", "NON_TROUVE", "ETAT_INCOMPATIBLE", "ETAT_INCOMPATIBLE"),
    ]
    etats = ("BROUILLON", "EN_ATTENTE_VALIDATION", "RETENUE")
    assert [e.obtenu for e in etapes if e.obtenu in etats] == [
        *["BROUILLON"] * 4,
        "EN_ATTENTE_VALIDATION",
        "RETENUE",
    ]
    assert "rafaelpro.example/demonstration" in etapes[0].obtenu, (
        "the story runs on a session that a feed brought"
    )


async def test_it_can_be_played_again(demander: Any) -> None:
    assert [e.quoi for e in await played(demander)] == [e.quoi for e in await played(demander)]


async def test_the_chapter_of_accounts_is_played_with_every_refusal_on_the_way(demander: Any) -> None:
    etapes = [etape async for etape in ParcoursComptes(demander).jouer()]

    assert Counter(
        e.obtenu for e in etapes if e.obtenu.isupper() and "_" in e.obtenu and ", " not in e.obtenu
    ) == Counter(
        {
            "NON_TROUVE": 5,
            "FORMAT_INVALIDE": 1,
            "IDENTIFIANTS_REFUSES": 4,
            "LIEN_INVALIDE": 2,
            "GRAPHQL_VALIDATION_FAILED": 1,
            "RATTACHEMENT_EXISTANT": 1,
            "DROIT_DE_LA_MEME_FAMILLE": 1,
            "ETAT_INCOMPATIBLE": 1,
            "A_VALIDER": 1,
            "EN_ATTENTE": 2,
            "PORTEE_NON_ACCORDEE": 1,
            "MOT_DE_PASSE_TROP_FAIBLE": 1,
        }
    )
    assert [e.obtenu for e in etapes].count("UNAUTHENTICATED") == 3
    [onglets] = [e.obtenu for e in etapes if e.quoi == "ouvre un onglet par profil"]
    assert set(onglets.split(", ")) == {"BENEFICIAIRE", "PRESCRIPTEUR_N1"}
    [lu] = [e.obtenu for e in etapes if e.quoi == "lit avec sa clé"]
    assert lu.endswith("actions, 0 candidature")


async def test_the_chapter_of_accounts_can_be_played_again(demander: Any) -> None:
    fois = [[e.quoi async for e in ParcoursComptes(demander).jouer()] for _ in range(2)]
    assert fois[0] == fois[1]


@pytest.mark.regle("R-170", "R-173", "R-178", "R-179", "R-189", "R-190")
async def test_the_day_of_an_organisme_and_of_a_gestionnaire_goes_from_a_draft_to_its_withdrawal(
    demander: Any,
) -> None:
    etapes = [etape async for etape in ParcoursOffre(demander).jouer()]

    refus = ("PREUVE_PERIMEE", "ETAT_INCOMPATIBLE", "INTERDIT")
    assert [e.obtenu for e in etapes if e.obtenu in refus] == [*refus, "INTERDIT"]
    assert [e.obtenu for e in etapes if e.quoi == "la cherche"] == ["1", "0", "1"]
    assert "INTITULE_EN_MAJUSCULES" in etapes[0].obtenu
    assert "2 messages" in {e.obtenu for e in etapes}
    assert [e.quoi for e in etapes] == [e.quoi async for e in ParcoursOffre(demander).jouer()]


async def test_it_stops_where_the_server_does_not_answer_as_it_must(base: Any) -> None:
    async def nobody(jeton: str | None, document: str, variables: dict[str, Any], horloge: Any) -> Any:
        return {"errors": [{"message": "panne"}]}

    with pytest.raises(ParcoursInterrompu, match="panne"):
        await played(nobody)


async def test_a_week_of_candidatures_is_played_by_those_who_live_it(demander: Any) -> None:
    etapes = [etape async for etape in ParcoursCandidatures(demander).jouer()]

    obtenus = [e.obtenu for e in etapes]
    assert "RETENUE, NON_RETENUE, PRESENCE_REQUISE" in obtenus
    for refus in ("INTERDIT, INTERDIT", "RENDEZ_VOUS_A_VENIR", "ETAT_INCOMPATIBLE", "CHAMP_OBLIGATOIRE"):
        assert refus in obtenus
    qui = {e.qui for e in etapes}
    assert qui >= {"Paul Etcheverry", "Nadia Bensaïd", "Rosa Lagarde", "Marc Vidal", "Gaëlle Roux"}


async def test_the_week_can_be_played_again(demander: Any) -> None:
    jouees = [[e.quoi async for e in ParcoursCandidatures(demander).jouer()] for _ in range(2)]
    assert jouees[0] == jouees[1]


async def test_what_becomes_of_a_persons_data_is_played_twice(demander: Any) -> None:
    for _ in range(2):
        etapes = [etape async for etape in ParcoursDonnees(demander).jouer()]
        obtenus = [e.obtenu for e in etapes]
        for refus in ("NON_TROUVE", "AUCUNE_FUSION", "INTERDIT", "CANDIDATURE_EN_COURS"):
            assert refus in obtenus
        assert "nom : (anonymisé)" in obtenus


async def test_what_the_guide_of_front_ends_shows_is_answered(demander: Any) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "front-ends.md").read_text(encoding="utf-8")
    connexion, *documents = re.findall(r"```graphql\n(.*?)```", guide, re.DOTALL)
    jeton = (await demander(None, connexion, {}, None))["data"]["connexion"]["jeton"]
    assert documents
    for document in documents:
        assert "errors" not in await demander(jeton, document, {}, None)


async def test_when_all_six_digits_have_served_the_next_are_waited_for() -> None:
    """Five people who play at once use up those of a minute: the sixth waits for its own."""
    attendues: list[float] = []
    essais: list[Any] = []

    async def attendre(secondes: float) -> None:
        attendues.append(secondes)

    async def serveur(jeton: Any, document: str, variables: dict[str, Any], horloge: Any) -> dict[str, Any]:
        essais.append(variables["code"])
        sert = bool(attendues) and len(essais) == 6
        return {"data": {"connexion": {"jeton": "j" if sert else None, "empechements": []}}}

    assert await Parcours(serveur, attendre).jeton("gaelle") == "j"
    assert len(attendues) == 1
    assert 0 < attendues[0] <= 30
    assert len(essais) == 6
    with pytest.raises(ParcoursInterrompu):
        await Parcours(serveur, attendre).jeton("gaelle")  # once: a code that is wrong for good is said
    assert len(attendues) == 2
