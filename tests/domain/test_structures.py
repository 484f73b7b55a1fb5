"""Structures, without a base: what a fiche holds, what a request changes."""

from __future__ import annotations

import pytest

from app import models as m
from app.domain import structures as d

from .lignes import GAELLE, MARDI, ROSA
from .lignes import empeche as refuse


def limoges() -> m.Structure:
    return m.Structure(
        id=10,
        raison_sociale="Mission locale",
        siret="99900001100018",
        code_postal="87000",
        departement="87",
        ville="Limoges",
        sigle="ML",
        voie=None,
    )


@pytest.mark.regle("R-005")
def test_a_declared_structure_waits_and_is_of_the_departement_of_its_postal_code() -> None:
    saisie = {
        "raison_sociale": " Atelier ",
        "siret": "999 00001 100018",
        "code_postal": "20167",
        "ville": "Ajaccio",
    }
    colonnes = d.declarer(saisie, par=ROSA, le=MARDI)
    assert colonnes == {
        "raison_sociale": "Atelier",
        "siret": "99900001100018",
        "code_postal": "20167",
        "ville": "Ajaccio",
        "departement": "2A",
        "etat": m.EtatStructure.A_VALIDER,
        "declaree_par_id": ROSA,
        "cree_le": MARDI,
    }


@pytest.mark.regle("R-031")
def test_a_request_holds_only_what_differs_and_keeps_what_it_replaces() -> None:
    structure = limoges()
    voulu = {"ville": "Tulle", "code_postal": "19000", "sigle": None, "raison_sociale": "Mission locale "}
    demande = m.DemandeModification(
        **d.demander_modification(structure, voulu, motif=" ", par=ROSA, le=MARDI), id=1
    )
    assert demande.contenu == {
        "ville": "Tulle",
        "code_postal": "19000",
        "departement": "19",
        "sigle": None,
    }
    assert demande.motif is None

    fait = d.appliquer(demande, structure, par=GAELLE, le=MARDI)

    assert (structure.ville, structure.departement, structure.sigle) == ("Tulle", "19", None)
    assert demande.valeurs_avant == {
        "ville": "Limoges",
        "code_postal": "87000",
        "departement": "87",
        "sigle": "ML",
    }
    assert fait.champs == ("code_postal", "departement", "sigle", "ville")
    assert (demande.etat, demande.decidee_par_id) == (m.EtatDemande.APPLIQUEE, GAELLE)


@pytest.mark.regle("R-031")
@pytest.mark.parametrize("nom", ["raison_sociale", "siret", "code_postal", "ville"])
def test_what_a_fiche_needs_is_not_emptied(nom: str) -> None:
    with refuse(f"CHAMP_OBLIGATOIRE {nom}"):
        d.modifier(limoges(), {nom: " "})
    with refuse(f"CHAMP_OBLIGATOIRE {nom}"):
        d.demander_modification(limoges(), {nom: None}, motif=None, par=ROSA, le=MARDI)


@pytest.mark.regle("R-031")
def test_a_fiche_that_came_without_siret_is_corrected_all_the_same() -> None:
    importee = limoges()
    importee.siret = None
    assert d.modifier(importee, {"ville": "Tulle"}).champs == ("ville",)


@pytest.mark.regle("R-031")
def test_a_request_is_refused_with_a_reason() -> None:
    demande = m.DemandeModification(id=1, structure_id=10, contenu={"ville": "Tulle"})
    with refuse("CHAMP_OBLIGATOIRE motif"):
        d.refuser_modification(demande, motif="", par=GAELLE, le=MARDI)
    d.refuser_modification(demande, motif="Sans justificatif.", par=GAELLE, le=MARDI)
    assert (demande.etat, demande.motif_refus) == (m.EtatDemande.REFUSEE, "Sans justificatif.")
