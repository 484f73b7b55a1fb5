"""What is refused: an account, a file, a formation; and a trial, which keeps nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app import models as m
from app.imports.gestionnaire import CompteRefuse
from app.imports.lheo import FormeRefusee
from app.models import EtatAction, EtatAffiliation
from tests.imports.catalogue import catalogue, siret
from tests.imports.importeur import Importeur
from tests.imports.samples import LIEU, RESPONSABLE, action, extras, fichier, formation, session
from tests.imports.test_importer import conventionnee

# --- who ------------------------------------------------------------------------------------------------------


async def test_an_address_that_is_nobody_s_is_refused(importeur: Importeur) -> None:
    with pytest.raises(CompteRefuse, match="aucun compte n'a l'adresse personne@"):
        await importeur.tente(formation(), courriel="personne@exemple.invalid")


@pytest.mark.parametrize("cle", ["karim", "rosa", "adrien", "jeanne"])
async def test_an_account_that_is_no_gestionnaire_s_is_refused(importeur: Importeur, cle: str) -> None:
    with pytest.raises(CompteRefuse, match="n'a pas le profil de gestionnaire"):
        await importeur.tente(formation(), courriel=getattr(importeur.monde, cle).courriel)


async def test_a_gestionnaire_who_was_detached_is_refused(importeur: Importeur) -> None:
    gaelle = importeur.monde.gaelle
    affiliation = await importeur.une(m.Affiliation, compte_id=gaelle.id)
    await importeur.monde.changer(affiliation, etat=EtatAffiliation.DETACHEE)

    with pytest.raises(CompteRefuse):
        await importeur.tente(formation())


async def test_an_account_that_is_not_confirmed_is_refused(importeur: Importeur) -> None:
    await importeur.monde.changer(importeur.monde.gaelle, m.Compte, etat=m.EtatCompte.A_CONFIRMER)

    with pytest.raises(CompteRefuse, match="n'est pas actif"):
        await importeur.tente(formation())


async def test_a_gestionnaire_who_is_a_referent_too_may_import(importeur: Importeur) -> None:
    affiliation = await importeur.une(m.Affiliation, compte_id=importeur.monde.gaelle.id)
    await importeur.monde.changer(affiliation, est_referent=True)

    await importeur(formation(), courriel=importeur.monde.gaelle.courriel.upper())

    assert {f.profil for f in await importeur.toutes(m.Fait)} == {"gestionnaire+referent"}


# --- what file ------------------------------------------------------------------------------------------------


async def test_a_file_that_is_wrong_at_its_end_changes_nothing(importeur: Importeur) -> None:
    avant = await importeur.traces()

    with pytest.raises(FormeRefusee, match="ligne 4"):
        await importeur.tente(fichier_entier=fichier(formation(), "<formation><intrus/></formation>"))

    assert await importeur.traces() == avant


# --- what formation --------------------------------------------------------------------------------------------


@pytest.mark.regle("R-244")
async def test_a_formation_that_is_refused_leaves_the_others_alone(importeur: Importeur) -> None:
    ailleurs = formation(
        numero="B", actions=action(session(numero="B-1"), lieu=LIEU.replace("33000", "29000"), numero="B")
    )

    rapport = await importeur.tente(ailleurs, formation())

    assert [a.numero_source for a in await importeur.toutes(m.Action)] == ["202600000001"]
    (refusee,) = rapport.refusees
    assert [(e.ligne, e.element, e.regle) for e in refusee.erreurs] == [(3, "codepostal", "R-244")]
    assert (rapport.formations, rapport.prises, rapport.nb_refusees) == (2, 1, 1)


@pytest.mark.regle("R-180")
async def test_a_number_is_used_once_in_a_file(importeur: Importeur) -> None:
    deuxieme = formation(numero="B", actions=action(session(numero="B-1")))
    meme_session = formation(numero="C", actions=action(session(), numero="C"))

    rapport = await importeur.tente(formation(), deuxieme, meme_session)

    erreurs = [(e.ligne, e.element, e.code) for r in rapport.refusees for e in r.erreurs]
    assert erreurs == [(4, "action", "DOUBLON"), (5, "session", "DOUBLON")]
    assert len(await importeur.toutes(m.Action)) == 1


@pytest.mark.regle("R-180")
async def test_a_session_stays_with_its_action(importeur: Importeur) -> None:
    await importeur(formation())

    voleuse = formation(numero="B", actions=action(session(), numero="B"))

    assert await importeur.refus(voleuse) == [("SESSION_D_UNE_AUTRE_ACTION", "R-180")]


async def test_a_number_as_long_as_a_book_is_refused(importeur: Importeur) -> None:
    assert await importeur.refus(formation(actions=action(numero="9" * 201))) == [("NUMERO", "R-180")]


@pytest.mark.parametrize("etat", [EtatAction.ARCHIVEE, EtatAction.SUPPRIMEE])
@pytest.mark.regle("R-178", "R-179")
async def test_what_was_withdrawn_is_not_brought_back(importeur: Importeur, etat: EtatAction) -> None:
    await importeur(formation(), publier=True)
    await importeur.monde.changer(await importeur.une(m.Action), etat=etat)
    avant = await importeur.traces()

    assert await importeur.refus(formation(intitule="Autre"), publier=True) == [("ACTION_RETIREE", "R-179")]
    assert await importeur.traces() == avant


@pytest.mark.regle("R-124")
async def test_an_action_does_not_become_conventionnee(importeur: Importeur) -> None:
    await importeur(formation())

    refus = await importeur.tente(conventionnee())

    (erreur,) = refus.refusees[0].erreurs
    assert (erreur.code, "est_conventionnee" in erreur.motif) == ("INTERDIT", True)


@pytest.mark.regle("R-005")
async def test_the_offer_of_a_refused_structure_is_refused(importeur: Importeur) -> None:
    await importeur.monde.une_structure(siret="73282932000074", etat=m.EtatStructure.REFUSEE)

    assert await importeur.refus(formation()) == [("STRUCTURE_REFUSEE", "R-005")]


@pytest.mark.regle("R-146")
async def test_a_positionneur_is_a_structure_that_is_there(importeur: Importeur) -> None:
    def par(qui: str) -> str:
        return conventionnee(sessions=session(etat="1", suite=extras(positionneur=qui)))

    assert await importeur.refus(par(siret(99))) == [("POSITIONNEUR", "R-146")]
    await importeur(par(importeur.monde.trois_vallees.siret))

    session_ = await importeur.une(m.SessionFormation)
    assert session_.positionneur_id == importeur.monde.trois_vallees.id


@pytest.mark.regle("C-30", "R-097")
async def test_a_source_does_not_take_places_from_those_who_have_them(importeur: Importeur) -> None:
    def places(combien: int) -> str:
        return conventionnee(
            sessions=session(etat="1", suite=extras(capacite_accueil=combien, coefficient=1))
        )

    await importeur(places(5), publier=True)
    session_ = await importeur.une(m.SessionFormation)
    for candidat in (importeur.monde.mathis, importeur.monde.aicha):
        await importeur.monde.une_candidature(
            session=session_, candidat=candidat, etat=m.EtatCandidature.EN_ATTENTE_AVIS
        )

    assert await importeur.refus(places(1)) == [("CAPACITE_SOUS_PRISES", "R-097")]
    await importeur(places(2))


async def test_what_the_database_refuses_is_the_fault_of_its_formation_only(importeur: Importeur) -> None:
    async with importeur.engine.begin() as db:
        await db.execute(text("alter table action add constraint essai check (numero_source <> 'B')"))
    try:
        trois = [
            formation(numero=n, actions=action(session(numero=f"{n}-1"), numero=n)) for n in ("A", "B", "C")
        ]
        assert await importeur.refus(*trois) == [("BASE", None)]
    finally:
        async with importeur.engine.begin() as db:
            await db.execute(text("alter table action drop constraint essai"))
    assert [a.numero_source for a in await importeur.toutes(m.Action)] == ["A", "C"]


# --- a trial ----------------------------------------------------------------------------------------------------


async def test_a_trial_tells_what_would_happen_and_keeps_nothing(importeur: Importeur) -> None:
    formations = [
        formation(),
        formation(numero="B", actions=action(session(numero="B-1"), numero="B")),
        formation(
            numero="C",
            responsable=RESPONSABLE.replace("73282932000074", "31490172900033").replace("OF-1", "OF-2"),
            actions=action(session(numero="C-1"), numero="C", lieu=LIEU.replace("33000", "29000")),
        ),
    ]
    avant, suites = await importeur.traces(), await numeros(importeur)

    essai = await importeur.tente(*formations, est_essai=True, publier=True)

    assert await importeur.traces() == avant
    assert await numeros(importeur) == suites
    vrai = await importeur.tente(*formations, publier=True)
    assert essai.comptes == vrai.comptes
    assert (essai.nb_publiees, essai.motifs) == (vrai.nb_publiees, vrai.motifs)
    assert "Essai : rien n'est gardé." in str(essai)


async def test_a_trial_of_a_change_tells_it_too(importeur: Importeur) -> None:
    data = catalogue(3)
    await importeur.tente(fichier_entier=data)
    change = data.replace("Maçon, parcours 1".encode(), b"Autre")

    essai = await importeur.tente(fichier_entier=change, est_essai=True)
    vrai = await importeur.tente(fichier_entier=change)

    assert (vrai.combien("action", "modifie"), vrai.combien("action", "inchange")) == (1, 2)
    assert essai.comptes == vrai.comptes


async def numeros(importeur: Importeur) -> list[int]:
    """Out: where the sequences of our references stand."""
    async with importeur.engine.connect() as db:
        return [
            await db.scalar(text(f"select last_value from {suite}")) or 0
            for suite in ("numero_action", "numero_session")
        ]
