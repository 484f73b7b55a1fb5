"""What --publier publishes, what it leaves to people."""

from __future__ import annotations

from typing import Any

import pytest

from app import models as m
from app.models import EtatAction, EtatSession
from tests.imports.importeur import Importeur
from tests.imports.samples import RESPONSABLE, action, formation, session
from tests.imports.test_importer import conventionnee
from tests.imports.test_lheo_values import APPRENTISSAGE, AUTRE, CERTIFICATION

SANS_CONTACT = RESPONSABLE.replace("<courriel>accueil@exemple.invalid</courriel>", "")


def en_apprentissage(*suivantes: str) -> str:
    """Out: a formation with a session in apprenticeship, then others."""
    return formation(
        certifications=CERTIFICATION, actions=action(session(suite=APPRENTISSAGE) + "".join(suivantes))
    )


async def etat(importeur: Importeur) -> EtatAction:
    return (await importeur.une(m.Action)).etat


@pytest.mark.regle("R-174")
async def test_what_passes_every_check_is_published_with_its_sessions(importeur: Importeur) -> None:
    autre = formation(numero="B", actions=action(session(numero="B-1") + session(numero="B-2"), numero="B"))

    rapport = await importeur(conventionnee(), autre, publier=True)

    actions = await importeur.toutes(m.Action)
    assert [a.etat for a in actions] == [EtatAction.PUBLIEE] * 2
    assert all(a.est_en_ligne and a.premiere_publication_le == a.publiee_le == importeur.le for a in actions)
    sessions = await importeur.toutes(m.SessionFormation)
    assert [(s.etat, s.action_en_ligne, s.publiee_le) for s in sessions] == [
        (EtatSession.PUBLIEE, True, importeur.le)
    ] * 3
    assert (rapport.nb_publiees, rapport.nb_attentes) == (2, 0)


async def test_what_came_in_before_is_published_by_a_later_import(importeur: Importeur) -> None:
    await importeur(conventionnee())

    rapport = await importeur(conventionnee(), publier=True)

    assert await etat(importeur) is EtatAction.PUBLIEE
    assert (await importeur.une(m.SessionFormation)).etat is EtatSession.PUBLIEE
    assert (rapport.nb_publiees, rapport.combien("action", "inchange")) == (1, 1)


@pytest.mark.regle("R-199")
async def test_an_apprenticeship_waits_until_its_responsable_has_qualiopi(importeur: Importeur) -> None:
    rapport = await importeur(en_apprentissage(), publier=True)
    assert await etat(importeur) is EtatAction.CREEE
    assert [(e.element, e.regle) for e in rapport.attentes] == [("action", "R-199")]

    await importeur.monde.changer(await importeur.une(m.Structure), est_qualiopi_apprentissage=True)
    await importeur(en_apprentissage(), publier=True)

    assert await etat(importeur) is EtatAction.PUBLIEE


@pytest.mark.regle("R-199")
async def test_a_session_that_lacks_something_waits_alone_beside_those_that_are_online(
    importeur: Importeur,
) -> None:
    def les_deux(voie: str) -> str:
        return formation(
            certifications=CERTIFICATION, actions=action(session() + session(numero="2", suite=voie))
        )

    await importeur(formation(certifications=CERTIFICATION), publier=True)
    rapport = await importeur(les_deux(APPRENTISSAGE))
    etats = {s.numero_source: s.etat for s in await importeur.toutes(m.SessionFormation)}
    assert etats == {"00500001": EtatSession.PUBLIEE, "2": EtatSession.BROUILLON}
    assert [(e.element, e.valeur, e.regle) for e in rapport.attentes] == [("session", "2", "R-199")]
    avant = await importeur.traces()
    await importeur(les_deux(APPRENTISSAGE))
    assert await importeur.traces() == avant

    await importeur.monde.changer(await importeur.une(m.Structure), est_qualiopi_apprentissage=True)
    await importeur(les_deux(APPRENTISSAGE))

    assert {s.etat for s in await importeur.toutes(m.SessionFormation)} == {EtatSession.PUBLIEE}


@pytest.mark.regle("R-200", "R-224")
async def test_without_anybody_to_call_it_waits(importeur: Importeur) -> None:
    rapport = await importeur(formation(responsable=SANS_CONTACT), publier=True)

    assert await etat(importeur) is EtatAction.CREEE
    assert [e.regle for e in rapport.attentes] == ["R-200", "R-224"]


@pytest.mark.regle("R-005")
async def test_the_offer_of_a_structure_that_nobody_validated_waits(importeur: Importeur) -> None:
    await importeur.monde.une_structure(siret="73282932000074", etat=m.EtatStructure.A_VALIDER)

    rapport = await importeur(formation(), publier=True)

    assert await etat(importeur) is EtatAction.CREEE
    assert [e.regle for e in rapport.attentes] == ["R-005"]


@pytest.mark.parametrize(
    ("colonnes", "publiee"),
    [
        ({"etat": EtatAction.CREEE}, True),
        ({"etat": EtatAction.CREEE, "demande_complement": "Quel public ?"}, False),
        ({"etat": EtatAction.ALERTE}, False),
        ({"etat": EtatAction.MODIFIEE}, False),
        ({"etat": EtatAction.EN_ATTENTE_VALIDATION}, False),
        ({"etat": EtatAction.BROUILLON}, False),
    ],
    ids=str,
)
@pytest.mark.regle("R-173", "C-33")
async def test_what_a_person_asked_or_waits_for_is_left_to_people(
    importeur: Importeur, colonnes: dict[str, Any], publiee: bool
) -> None:
    await importeur(formation())
    await importeur.monde.changer(await importeur.une(m.Action), **colonnes)

    await importeur(formation(intitule="Maçon du bâti ancien"), publier=True)

    action_ = await importeur.une(m.Action)
    assert action_.intitule == "Maçon du bâti ancien"
    assert action_.etat is (EtatAction.PUBLIEE if publiee else colonnes["etat"])


@pytest.mark.regle("R-176", "C-33")
async def test_what_waits_beside_a_published_action_goes_on_waiting(importeur: Importeur) -> None:
    await importeur(formation(), publier=True)
    action_ = await importeur.une(m.Action)
    await importeur.monde.changer(action_, etat=EtatAction.MODIFIEE)
    attente = await importeur.monde.inserer(
        m.ActionModification,
        action_id=action_.id,
        contenu={"certifications": []},
        cree_le=importeur.le,
        modifiee_le=importeur.le,
    )

    await importeur(formation(certifications=AUTRE), publier=True)

    assert await etat(importeur) is EtatAction.MODIFIEE
    assert (await importeur.monde.relire(attente)).contenu == {"certifications": []}
    assert len(await importeur.toutes(m.ActionCertification, action_id=action_.id)) == 1


async def test_a_deleted_session_is_not_brought_back(importeur: Importeur) -> None:
    await importeur(formation(), publier=True)
    await importeur.monde.changer(await importeur.une(m.SessionFormation), etat=EtatSession.SUPPRIMEE)

    await importeur(formation(actions=action(session(fin="20260731"))), publier=True)

    session_ = await importeur.une(m.SessionFormation)
    assert (session_.etat, session_.date_fin.month) == (EtatSession.SUPPRIMEE, 6)


async def test_a_cancelled_session_is_followed_and_stays_cancelled(importeur: Importeur) -> None:
    await importeur(formation(), publier=True)
    await importeur.monde.changer(await importeur.une(m.SessionFormation), etat=EtatSession.ANNULEE)

    await importeur(formation(actions=action(session(fin="20260731"))), publier=True)

    session_ = await importeur.une(m.SessionFormation)
    assert (session_.etat, session_.date_fin.month) == (EtatSession.ANNULEE, 7)
