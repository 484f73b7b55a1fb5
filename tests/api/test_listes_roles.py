"""The list of an organisation, read way by way: by each of its roles, as it would be all at once."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from app.kit.conditions import any_of
from app.policies.policy import Policy
from app.reading.orders import Tri
from app.reading.ways import ways
from app.schema.candidatures_listes import TriCandidatures
from tests.cast import JOUR, Monde

from .conftest import Api
from .identifiants import gid

RECENTES = TriCandidatures.PLUS_RECENTES.value


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


@pytest.mark.parametrize("profil", ["of_preinscription", "of_general", "of_general+referent"])
@pytest.mark.parametrize("tri", [TriCandidatures.PLUS_RECENTES, TriCandidatures.PLUS_ANCIENNES])
def test_a_role_is_a_way_and_the_ways_are_the_policy(policy: Policy, profil: str, tri: Any) -> None:
    condition = policy.condition(profil, "lire", m.Candidature)

    found = ways(condition, m.Candidature, tri.value)

    assert len(found) == 3
    assert any_of(found) == condition


def test_what_one_index_serves_is_not_divided(policy: Policy) -> None:
    for profil in (
        "prescripteur_n1",
        "prescripteur_n3",
        "gestionnaire",
        "candidatures_region",
        "of_catalogue",
    ):
        assert ways(policy.condition(profil, "lire", m.Candidature), m.Candidature, RECENTES) == []


def test_an_order_without_an_index_is_not_divided(policy: Policy) -> None:
    condition = policy.condition("of_preinscription", "lire", m.Candidature)

    assert ways(condition, m.Candidature, Tri(m.Candidature.cree_le)) == []


async def une_liste(monde: Monde) -> list[m.Candidature]:
    """Out: candidatures of sessions where Inès's structure has one, two or three roles, or none; moments are shared."""
    ici, ailleurs = monde.ines.structure_id, monde.louise.structure_id
    actions = [monde.action_maconnerie, await monde.une_action(intitule="Une autre", responsable_id=ailleurs)]
    roles = [(None, None), (ici, None), (None, ici), (ici, ici), (ailleurs, ailleurs)]
    sessions = [
        await monde.une_session(action, formateur_id=formateur, positionneur_id=positionneur)
        for action in actions
        for formateur, positionneur in roles
    ]
    etats = (
        m.EtatCandidature.EN_ATTENTE_AVIS,
        m.EtatCandidature.AVIS_NON_TRANSMIS,
        m.EtatCandidature.BROUILLON,
    )
    return [
        await monde.une_candidature(session=session, etat=etat, modifiee_le=monde.le - (1 + rang % 3) * JOUR)
        for rang, session in enumerate(sessions)
        for etat in etats
    ]


def attendues(monde: Monde, candidatures: list[m.Candidature], *etats: str) -> list[str]:
    """Out: the identifiers that Inès reads, the latest first."""
    ici = monde.ines.structure_id
    siennes = [
        c
        for c in candidatures
        if ici in (c.responsable_id, c.formateur_id, c.positionneur_id) and c.etat in etats
    ]
    siennes.sort(key=lambda c: (c.modifiee_le, c.id), reverse=True)
    return [gid("Candidature", c) for c in siennes]


PAGE = """query($f: FiltreCandidatures, $tri: TriCandidatures!, $first: Int, $after: String, $last: Int, $before: String) {
  candidatures(filtre: $f, tri: $tri, first: $first, after: $after, last: $last, before: $before) {
    nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def tourner(api: Api, monde: Monde, sens: str, taille: int, **autres: Any) -> list[str]:
    """Out: the identifiers of all pages of this size, read forwards (`first`) or backwards (`last`)."""
    lues: list[str] = []
    curseur = None
    while True:
        ou = {"first": taille, "after": curseur} if sens == "first" else {"last": taille, "before": curseur}
        page = (await api(monde.ines, PAGE, **ou, **autres))["candidatures"]
        ids, info = [node["id"] for node in page["nodes"]], page["pageInfo"]
        lues = lues + ids if sens == "first" else ids + lues
        suite, curseur = (
            ("hasNextPage", "endCursor") if sens == "first" else ("hasPreviousPage", "startCursor")
        )
        curseur = info[curseur]
        if not info[suite]:
            assert page["totalCount"] == len(lues)
            return lues


@pytest.mark.parametrize("sens", ["first", "last"])
@pytest.mark.parametrize("taille", [1, 2, 5, 100])
async def test_pages_by_roles_are_those_of_the_whole_list(
    api: Api, monde: Monde, sens: str, taille: int
) -> None:
    candidatures = [await monde.relire(c, m.Candidature) for c in await une_liste(monde)]
    transmises = ("en_attente_avis", "avis_non_transmis")

    assert await tourner(api, monde, sens, taille, tri="PLUS_RECENTES") == attendues(
        monde, candidatures, *transmises
    )
    anciennes = await tourner(api, monde, sens, taille, tri="PLUS_ANCIENNES")
    assert anciennes == attendues(monde, candidatures, *transmises)[::-1]
    filtrees = await tourner(api, monde, sens, taille, tri="PLUS_RECENTES", f={"etats": ["EN_ATTENTE_AVIS"]})
    assert filtrees == attendues(monde, candidatures, "en_attente_avis")
