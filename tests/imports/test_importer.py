"""What comes in, what its source changes, what it leaves alone."""

from __future__ import annotations

from datetime import date

import pytest

from app import models as m
from app.models import EtatAction, EtatSession
from tests.cast import MAINTENANT
from tests.imports.importeur import SOURCE, Importeur
from tests.imports.samples import RESPONSABLE, action, extras, formation, session
from tests.imports.test_lheo_values import AUTRE, CERTIFICATION, CONV, REGION

CONVENTION = CONV + REGION
OUVERTE = {"etat": "1", "suite": extras(capacite_accueil=10, coefficient=2)}


def conventionnee(**options: str) -> str:
    """Out: a formation of the Région, of one open session unless said."""
    sessions = options.pop("sessions", None) or session(**OUVERTE)
    return formation(actions=action(sessions, suite=CONVENTION + options.pop("extras", "")), **options)


@pytest.mark.regle("R-124", "R-128")
async def test_a_conventionnee_action_comes_in_and_waits_for_a_gestionnaire(importeur: Importeur) -> None:
    rapport = await importeur(conventionnee(certifications=CERTIFICATION))

    action_ = await importeur.une(m.Action)
    session_ = await importeur.une(m.SessionFormation)
    structure = await importeur.une(m.Structure)
    assert (action_.etat, session_.etat) == (EtatAction.EN_ATTENTE_PUBLICATION, EtatSession.BROUILLON)
    assert not action_.est_en_ligne
    assert action_.responsable_id == structure.id == session_.responsable_id
    assert (structure.siret, structure.numero_source) == ("73282932000074", "OF-1")
    assert structure.est_organisme_formation
    assert not structure.est_habilitee_prescrire
    assert (session_.places_possibles, session_.date_debut_initiale) == (20, date(2026, 3, 2))
    assert rapport.nb_attentes == 1


@pytest.mark.regle("R-175")
async def test_any_other_action_comes_in_as_created(importeur: Importeur) -> None:
    await importeur(formation())

    assert (await importeur.une(m.Action)).etat is EtatAction.CREEE


@pytest.mark.regle("R-180")
async def test_references_are_ours_and_numbers_their_source_s(importeur: Importeur) -> None:
    await importeur(formation())

    action_, session_ = await importeur.une(m.Action), await importeur.une(m.SessionFormation)
    assert (action_.source, action_.numero_source) == (SOURCE, "202600000001")
    assert (session_.source, session_.numero_source) == (SOURCE, "00500001")
    assert action_.reference.startswith("2026")
    assert action_.reference != action_.numero_source
    assert session_.numero_carif != session_.numero_source


async def test_the_journal_tells_it_under_the_profile_of_the_account(importeur: Importeur) -> None:
    await importeur(conventionnee(certifications=CERTIFICATION), publier=True)

    assert await importeur.faits() == [
        "StructureImportee",
        "CertificationImportee",
        "ActionImportee",
        "ActionPubliee",
        "SessionImportee",
    ]
    gaelle = importeur.monde.gaelle
    assert {(f.compte_id, f.profil) for f in await importeur.toutes(m.Fait)} == {(gaelle.id, "gestionnaire")}


async def test_the_same_file_again_writes_nothing(importeur: Importeur) -> None:
    dites = extras(point_entree="20260401", date_entree_tardive="20260501", capacite_accueil=3)
    recrutement = (
        "<recrutement><modalite-recrutement>9</modalite-recrutement>"
        "<periode><debut>20260201</debut><fin>20260201</fin></periode></recrutement>"
    )
    texte = conventionnee(
        certifications=CERTIFICATION + AUTRE,
        sessions=session(etat="1", suite=recrutement + dites) + session(numero="2"),
    )
    await importeur(texte, publier=True)
    avant = await importeur.traces()

    encore = await importeur(texte, publier=True)
    sans_publier = await importeur(texte)

    assert await importeur.traces() == avant
    for rapport in (encore, sans_publier):
        assert {cle: nombre for cle, nombre in rapport.comptes.items() if nombre} == {
            ("formation", "inchange"): 1,
            ("structure", "inchange"): 1,
            ("action", "inchange"): 1,
            ("session", "inchange"): 2,
        }


@pytest.mark.regle("R-187")
async def test_what_its_source_changes_on_a_published_action_is_published_at_once(
    importeur: Importeur,
) -> None:
    await importeur(conventionnee(certifications=CERTIFICATION), publier=True)

    rapport = await importeur(
        conventionnee(intitule="Maçon du bâti ancien", certifications=CERTIFICATION + AUTRE)
    )

    action_ = await importeur.une(m.Action)
    assert (action_.intitule, action_.etat) == ("Maçon du bâti ancien", EtatAction.PUBLIEE)
    assert action_.publiee_le == action_.modifiee_le == importeur.le
    assert action_.premiere_publication_le is not None
    assert action_.premiere_publication_le < importeur.le
    assert len(await importeur.toutes(m.ActionCertification, action_id=action_.id)) == 2
    assert (rapport.combien("action", "modifie"), rapport.combien("formation", "modifie")) == (1, 1)
    (fait,) = [f for f in await importeur.toutes(m.Fait) if f.nom == "ActionMiseAJour"]
    assert fait.donnees["colonnes"] == ["intitule", "certifications"]


@pytest.mark.regle("R-132", "R-134")
async def test_what_an_organisme_enriched_or_closed_stays_when_its_source_says_nothing_new(
    importeur: Importeur,
) -> None:
    await importeur(conventionnee(), publier=True)
    action_, session_ = await importeur.une(m.Action), await importeur.une(m.SessionFormation)
    await importeur.monde.changer(action_, le_plus="Un chantier-école.", programme="Enrichi.")
    await importeur.monde.changer(session_, date_limite_inscription=date(2026, 1, 1), capacite_accueil=4)

    await importeur(conventionnee(intitule="Maçon du bâti ancien"))

    relue, close = await importeur.une(m.Action), await importeur.une(m.SessionFormation)
    assert (relue.intitule, relue.le_plus, relue.programme) == (
        "Maçon du bâti ancien",
        "Un chantier-école.",
        "Enrichi.",
    )
    assert (close.date_limite_inscription, close.capacite_accueil) == (date(2026, 1, 1), 4)


async def test_what_its_source_changes_wins_over_what_was_written_here(importeur: Importeur) -> None:
    await importeur(conventionnee())
    action_ = await importeur.une(m.Action)
    await importeur.monde.changer(action_, programme="Enrichi.")

    await importeur(conventionnee(contenu="Apprendre autrement."))

    assert (await importeur.une(m.Action)).programme == "Apprendre autrement."


@pytest.mark.regle("C-01", "C-14")
async def test_a_source_moves_the_dates_of_a_published_session(importeur: Importeur) -> None:
    await importeur(conventionnee(), publier=True)

    await importeur(conventionnee(sessions=session(debut="20260420", fin="20260831", **OUVERTE)))

    session_ = await importeur.une(m.SessionFormation)
    assert (session_.date_debut, session_.date_fin) == (date(2026, 4, 20), date(2026, 8, 31))
    assert session_.date_debut_initiale == date(2026, 4, 20)
    (fait,) = [f for f in await importeur.toutes(m.Fait) if f.nom == "DatesDeplacees"]
    assert (fait.donnees["debut_avant"], fait.donnees["debut_apres"]) == ("2026-03-02", "2026-04-20")


async def test_dates_that_no_longer_hold_together_are_all_the_source_s(importeur: Importeur) -> None:
    await importeur(conventionnee(), publier=True)
    session_ = await importeur.une(m.SessionFormation)
    await importeur.monde.changer(session_, date_entree_tardive=date(2026, 6, 20))

    await importeur(conventionnee(sessions=session(fin="20260531", **OUVERTE)))

    raccourcie = await importeur.une(m.SessionFormation)
    assert (raccourcie.date_fin, raccourcie.date_entree_tardive) == (date(2026, 5, 31), None)


async def test_a_session_that_is_new_in_a_published_action_is_published(importeur: Importeur) -> None:
    await importeur(conventionnee(), publier=True)

    rapport = await importeur(conventionnee(sessions=session(**OUVERTE) + session(numero="2")))

    etats = {s.numero_source: s.etat for s in await importeur.toutes(m.SessionFormation)}
    assert etats == {"00500001": EtatSession.PUBLIEE, "2": EtatSession.PUBLIEE}
    assert (rapport.combien("session", "cree"), rapport.combien("session", "inchange")) == (1, 1)


async def test_what_the_file_no_longer_has_stays(importeur: Importeur) -> None:
    autre = formation(numero="B", actions=action(session(numero="B-1"), numero="B"))
    await importeur(conventionnee(sessions=session() + session(numero="2")), autre, publier=True)
    avant = await importeur.traces()

    await importeur(conventionnee(sessions=session()), publier=True)

    assert await importeur.traces() == avant


@pytest.mark.regle("C-25")
async def test_entry_points_follow_the_source_but_where_somebody_was_placed(importeur: Importeur) -> None:
    def hsp(*points: str) -> str:
        dites = extras(point_entree=list(points), capacite_accueil=5, coefficient=1)
        return conventionnee(sessions=session(etat="1", suite=dites), extras=extras(dispositif="hsp"))

    await importeur(hsp("20260401", "20260501", "20260601"), publier=True)
    session_ = await importeur.une(m.SessionFormation)
    occupe, _, garde = await importeur.toutes(m.PointEntree, session_id=session_.id)
    await importeur.monde.une_candidature(
        session=session_, point_entree_id=occupe.id, etat=m.EtatCandidature.EN_ATTENTE_AVIS
    )

    await importeur(hsp("20260601", "20260615"))

    points = await importeur.toutes(m.PointEntree, session_id=session_.id)
    assert [p.date_entree for p in points] == [date(2026, 4, 1), date(2026, 6, 1), date(2026, 6, 15)]
    assert [p.id for p in points][:2] == [occupe.id, garde.id]
    assert points[2].places_possibles == 5


@pytest.mark.regle("R-229", "R-242")
async def test_meetings_and_certifications_of_a_session_follow_the_source(importeur: Importeur) -> None:
    def reunion(jour: str) -> str:
        return (
            "<recrutement><modalite-recrutement>9</modalite-recrutement>"
            f"<periode><debut>{jour}</debut><fin>{jour}</fin></periode></recrutement>"
        )

    await importeur(
        formation(certifications=CERTIFICATION, actions=action(session(suite=reunion("20260201"))))
    )
    await importeur(
        formation(certifications=CERTIFICATION + AUTRE, actions=action(session(suite=reunion("20260208"))))
    )

    session_ = await importeur.une(m.SessionFormation)
    (reunion_,) = await importeur.toutes(m.Reunion, session_id=session_.id)
    assert reunion_.debut_le.astimezone(MAINTENANT.tzinfo).date() == date(2026, 2, 8)
    assert len(await importeur.toutes(m.SessionCertification, session_id=session_.id)) == 2


@pytest.mark.regle("R-212")
async def test_a_certification_is_found_by_one_of_its_codes_or_added(importeur: Importeur) -> None:
    connue = await importeur.monde.inserer(m.Certification, code_rncp="RNCP35819", intitule="Titre connu")

    await importeur(formation(certifications=CERTIFICATION + AUTRE))

    action_ = await importeur.une(m.Action)
    liees = await importeur.toutes(m.ActionCertification, action_id=action_.id)
    assert liees[0].certification_id == connue.id
    ajoutee = await importeur.une(m.Certification, code_rncp="RNCP37795")
    assert (liees[1].certification_id, ajoutee.intitule) == (ajoutee.id, "RNCP37795")


async def test_a_structure_is_changed_by_the_source_that_brought_it_and_no_other(
    importeur: Importeur,
) -> None:
    renommee = RESPONSABLE.replace("Atelier fictif SAS", "Atelier renommé")
    await importeur(formation())
    await importeur(formation(responsable=renommee))
    assert (await importeur.une(m.Structure)).raison_sociale == "Atelier renommé"

    ailleurs = formation(actions=action(session(numero="A-1"), numero="A"))
    await importeur(ailleurs, source="une-autre")

    structure = await importeur.une(m.Structure)
    assert (structure.raison_sociale, structure.source) == ("Atelier renommé", SOURCE)


async def test_a_structure_that_was_here_before_keeps_what_it_says_of_itself(importeur: Importeur) -> None:
    estuaire = importeur.monde.estuaire
    responsable = RESPONSABLE.replace("73282932000074", estuaire.siret)

    rapport = await importeur(formation(responsable=responsable))

    assert await importeur.toutes(m.Structure) == []
    action_ = await importeur.une(m.Action)
    assert action_.responsable_id == estuaire.id
    assert (await importeur.monde.relire(estuaire, m.Structure)).raison_sociale == estuaire.raison_sociale
    assert rapport.combien("structure", "inchange") == 1


async def test_the_first_word_of_a_file_about_a_structure_is_the_one_that_counts(
    importeur: Importeur,
) -> None:
    variante = RESPONSABLE.replace("Atelier fictif SAS", "Atelier, autrement dit")
    deux = (
        formation(),
        formation(numero="B", responsable=variante, actions=action(session(numero="B-1"), numero="B")),
    )
    await importeur(*deux)
    avant = await importeur.traces()

    await importeur(*deux)

    assert (await importeur.une(m.Structure)).raison_sociale == "Atelier fictif SAS"
    assert await importeur.traces() == avant


async def test_each_source_numbers_as_it_likes(importeur: Importeur) -> None:
    await importeur(formation())
    await importeur(formation(), source="une-autre")

    assert len({a.reference for a in await importeur.toutes(m.Action)}) == 1
    assert len(await importeur.toutes(m.Action, source="une-autre")) == 1
