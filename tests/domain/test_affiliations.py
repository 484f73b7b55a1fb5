"""Affiliations, without a base: when one may be asked for, what accepting does."""

from __future__ import annotations

import pytest

from app import models as m
from app.domain import affiliations as d
from app.domain import droits
from app.models import EtatAffiliation as Etat

from .lignes import CAP_METIERS, ESTUAIRE, GAELLE, MARDI, PAUL, SAINTES, TROIS_VALLEES
from .lignes import empeche as refuse


def structure(base: m.Structure, **colonnes: object) -> m.Structure:
    defauts = {"id": base.id, "etat": m.EtatStructure.VALIDEE, "a_un_referent": True}
    return m.Structure(**defauts | colonnes)


def une(etat: Etat, de: m.Structure = ESTUAIRE) -> m.Affiliation:
    return m.Affiliation(id=1, compte_id=PAUL, structure_id=de.id, etat=etat, est_referent=False)


@pytest.mark.regle("R-009", "R-010")
@pytest.mark.parametrize(
    ("miennes", "attendu"),
    [
        ([], None),
        ([une(Etat.REFUSEE)], None),
        ([une(Etat.DETACHEE)], None),
        ([une(Etat.REFUSEE, TROIS_VALLEES)], None),
        ([une(Etat.ACCEPTEE), une(Etat.EN_ATTENTE, SAINTES)], None),
        ([une(Etat.DETACHEE), une(Etat.EN_ATTENTE, SAINTES)], None),
        ([une(Etat.EN_ATTENTE, TROIS_VALLEES)], "RATTACHEMENT_EXISTANT"),
        ([une(Etat.ACCEPTEE, TROIS_VALLEES)], "RATTACHEMENT_EXISTANT"),
        ([une(Etat.EN_ATTENTE)], "PREMIERE_DEMANDE_EN_ATTENTE"),
        ([une(Etat.REFUSEE), une(Etat.EN_ATTENTE, SAINTES)], "PREMIERE_DEMANDE_EN_ATTENTE"),
    ],
)
def test_when_a_request_may_be_made(miennes: list[m.Affiliation], attendu: str | None) -> None:
    def demander() -> object:
        return d.demander(structure(TROIS_VALLEES), miennes, compte_id=PAUL, le=MARDI)

    if attendu is None:
        assert demander() == {
            "compte_id": PAUL,
            "structure_id": TROIS_VALLEES.id,
            "demandee_le": MARDI,
        }
    else:
        with refuse(attendu):
            demander()


@pytest.mark.regle("R-005")
def test_a_refused_structure_is_joined_by_nobody_and_one_that_waits_waits_with_its_requests() -> None:
    with refuse("STRUCTURE_NON_VALIDEE"):
        d.demander(structure(ESTUAIRE, etat=m.EtatStructure.REFUSEE), [], compte_id=PAUL, le=MARDI)
    attend = structure(ESTUAIRE, etat=m.EtatStructure.A_VALIDER)
    assert d.demander(attend, [], compte_id=PAUL, le=MARDI)["structure_id"] == ESTUAIRE.id
    with refuse("STRUCTURE_NON_VALIDEE"):
        d.accepter(une(Etat.EN_ATTENTE), attend, par=GAELLE, le=MARDI)


@pytest.mark.regle("R-006", "R-024", "R-043")
@pytest.mark.parametrize("a_un_referent", [True, False])
def test_the_first_member_is_referent_and_nobody_has_another_droit(a_un_referent: bool) -> None:
    demande = une(Etat.EN_ATTENTE)

    fait, droit = d.accepter(demande, structure(ESTUAIRE, a_un_referent=a_un_referent), par=GAELLE, le=MARDI)

    assert (demande.etat, demande.decidee_par_id, demande.decidee_le) == (Etat.ACCEPTEE, GAELLE, MARDI)
    assert demande.est_referent is not a_un_referent
    assert fait.referent is not a_un_referent
    assert droit["droit"] is m.Droit.BENEFICIAIRE


@pytest.mark.regle("R-027")
def test_who_is_detached_is_referent_no_more() -> None:
    membre = une(Etat.ACCEPTEE)
    membre.est_referent = True
    assert d.detacher(membre).compte_concerne_id == PAUL
    assert (membre.etat, membre.est_referent) == (Etat.DETACHEE, False)


@pytest.mark.regle("R-042", "R-045")
@pytest.mark.parametrize("droit", list(m.Droit))
def test_each_droit_fits_its_kind_of_structure(droit: m.Droit) -> None:
    genres = ("est_organisme_formation", "est_habilitee_prescrire", "est_cap_metiers")
    voulu = droits.GENRE.get(droit)
    for genre in genres:
        seule = structure(CAP_METIERS, **dict.fromkeys(genres, False) | {genre: True})
        if voulu in (None, genre):
            droits.verifier_genre(droit, seule)
        else:
            with refuse("DROIT_INADAPTE"):
                droits.verifier_genre(droit, seule)


@pytest.mark.regle("R-013", "C-29")
def test_families_are_two_and_every_other_droit_is_its_own() -> None:
    familles = {droit: droits.famille(droit) for droit in m.Droit}
    assert {f for d_, f in familles.items() if d_.name.startswith("OF_")} == {"of"}
    assert {f for d_, f in familles.items() if d_.name.startswith("PRESCRIPTEUR")} == {"prescripteur"}
    autres = [f for d_, f in familles.items() if not d_.name.startswith(("OF_", "PRESCRIPTEUR"))]
    assert len(set(autres)) == len(autres) == 5
