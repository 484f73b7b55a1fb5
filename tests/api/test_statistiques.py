"""Statistics: each counts its own; what is shown across structures never tells of fewer than ten people."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.domain import statistiques as d
from app.domain.actions_controle import rang_ouvre
from app.kit.clock import PARIS
from tests.cast import MAINTENANT, Acteur, Monde

from .conftest import Api
from .identifiants import gid

MESURES = """candidatures enAttente retenues entrees nonRetenues avisNonTransmis annulees presences
  absencesJustifiees absencesNonJustifiees delaiMedian delaiNeufSurDix"""
STATISTIQUES = f"""query($filtre: FiltreStatistiques!) {{ statistiques(filtre: $filtre) {{
  ensemble {{ {MESURES} }} parDispositif {{ dispositif candidatures }} parDepartement {{ departement candidatures }}
  parDispositifEtDepartement {{ dispositif departement candidatures delaiMedian }} }} }}"""
PERIODE = {"depuis": "2026-01-01", "jusquA": "2026-12-31"}
LUNDI = datetime(2026, 3, 2, 10, tzinfo=PARIS)


async def compter(api: Api, qui: Any, **filtre: Any) -> Any:
    return (await api(qui, STATISTIQUES, filtre=PERIODE | filtre))["statistiques"]


async def jugee(monde: Monde, jours: int, *, retenue: bool = True, **colonnes: Any) -> m.Candidature:
    """A candidature validated on a Monday at ten, judged so many days later."""
    candidat = colonnes.pop("candidat", None) or await monde.un_candidat(nom=f"Compté{jours}")
    etat = "retenue" if retenue else "non_retenue"
    candidature = await monde.une_candidature(candidat=candidat, etat=etat, **colonnes)
    await monde.changer(candidature, validee_le=LUNDI, motif_fin=None)
    dates = {"date_entree_prevue": date(2026, 4, 1), "date_sortie_prevue": date(2026, 6, 1)}
    avis = {"est_retenu": True, "intensite_hebdomadaire": 35, **dates}
    refus = {"est_retenu": False, "motif": "prerequis", "raison": "Niveau A2."}
    await monde.inserer(
        m.Avis,
        candidature_id=candidature.id,
        rendu_le=LUNDI + timedelta(days=jours),
        **(avis if retenue else refus),
    )
    return candidature


@pytest.mark.regle("R-143", "R-155")
async def test_an_organisme_counts_delays_presence_and_what_became_of_candidatures(
    api: Api, monde: Monde
) -> None:
    premiere = await jugee(monde, 1)
    await jugee(monde, 7, retenue=False)  # from a Monday to the next one: five working days
    await monde.une_candidature(etat="en_attente_avis", candidat=monde.lea, validee_le=LUNDI)
    await monde.une_candidature(etat="brouillon", candidat=monde.aicha)
    for numero, resultat in enumerate(("absence_justifiee", "presence"), 1):
        await monde.inserer(
            m.Convocation,
            candidature_id=premiere.id,
            numero=numero,
            date_rendez_vous=date(2026, 3, numero),
            resultat=resultat,
            cree_le=MAINTENANT,
        )

    rendu = await compter(api, monde.ines)

    assert rendu["ensemble"] == {
        "candidatures": 3,
        "enAttente": 1,
        "retenues": 1,
        "entrees": 1,
        "nonRetenues": 1,
        "avisNonTransmis": 0,
        "annulees": 0,
        "presences": 1,
        "absencesJustifiees": 1,
        "absencesNonJustifiees": 0,
        "delaiMedian": 1,
        "delaiNeufSurDix": 5,
    }
    [ligne] = rendu["parDispositifEtDepartement"]
    assert ligne["candidatures"] == 3
    assert [x["candidatures"] for x in (*rendu["parDispositif"], *rendu["parDepartement"])] == [3, 3]
    vide = await compter(api, monde.ines, depuis="2026-03-03")
    assert (vide["ensemble"]["candidatures"], vide["ensemble"]["delaiMedian"]) == (0, None)
    assert vide["parDispositif"] == []


@pytest.mark.regle("R-101")
async def test_each_counts_its_own_and_a_gestionnaire_everything(api: Api, monde: Monde) -> None:
    await jugee(monde, 1)
    await jugee(monde, 2, auteur=monde.sophie)

    for qui, combien in (
        (monde.ines, 2),
        (monde.karim, 2),  # by its droit catalogue: numbers, of candidatures that it never reads
        (monde.paul, 1),
        (monde.rosa, 1),
        (monde.nadia, 1),
        (monde.gaelle, 2),
        (monde.adrien, 0),
        (monde.camille, 0),
        (None, 0),
    ):
        assert (await compter(api, qui))["ensemble"]["candidatures"] == combien, qui


async def test_what_is_erased_of_a_person_changes_no_number(api: Api, monde: Monde) -> None:
    await jugee(monde, 1)
    avant = await compter(api, monde.ines)
    async with monde.engine.begin() as db:
        await db.execute(text("update candidature set raisons = null, situation = null, auteur_id = null"))
        await db.execute(text("update avis set commentaire = null, raison = null, rendu_par_id = null"))
    assert await compter(api, monde.ines) == avant


@pytest.mark.parametrize(
    ("periode", "dit"),
    [
        ({"depuis": "2026-03-02", "jusquA": "2026-03-01"}, d.PERIODE_INVERSEE),
        ({"depuis": "2025-01-01", "jusquA": "2026-01-02"}, d.PERIODE_TROP_LONGUE),
    ],
)
async def test_a_period_that_cannot_be_is_refused(
    api: Api, monde: Monde, periode: dict[str, str], dit: str
) -> None:
    answer = await api.brut(monde.ines, STATISTIQUES, filtre=periode)
    assert [error["message"] for error in answer["errors"]] == [dit]
    assert (await compter(api, monde.ines, depuis="2025-01-01", jusquA="2026-01-01"))["parDispositif"] == []


async def test_the_base_counts_working_days_as_the_domain_does(monde: Monde) -> None:
    jours = [date(2026, 1, 1) + timedelta(days=n) for n in range(20)] + [date(2001, 1, 1), date(2040, 2, 29)]
    async with monde.engine.connect() as db:
        for jour in jours:
            found = (await db.execute(text("select rang_ouvre(:jour)"), {"jour": jour})).scalar()
            assert found == rang_ouvre(jour)


async def test_statistics_leave_as_tables(api: Api, monde: Monde) -> None:
    await jugee(monde, 1)
    answer = await api.client.get(
        "/exports/statistiques.csv", params={"filtre": json.dumps(PERIODE)}, headers=monde.ines.entetes
    )
    assert answer.status_code == 200, answer.text
    [ligne] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert (ligne["Candidatures"], ligne["Retenues"], ligne["Délai médian (jours ouvrés)"]) == ("1", "1", "1")
    refus = await api.client.get("/exports/statistiques.csv", headers=monde.ines.entetes)
    assert refus.status_code == 400


# --- across structures -------------------------------------------------------------------------------------------


def lignes(combien: int, *, departement: str = "33", premier: int = 1, **colonnes: Any) -> list[Any]:
    """Candidatures as numbers, one person each."""
    defaut = {
        "dispositif": m.Dispositif.PRF,
        "etat": m.EtatCandidature.RETENUE,
        "departement": departement,
        "date_entree_prevue": None,
        "delai": 3,
        "nb_presences": 1,
        "nb_absences_justifiees": 0,
        "nb_absences_non_justifiees": 0,
    }
    return [m.CandidatureComptee(candidat_id=premier + n, **defaut | colonnes) for n in range(combien)]


def publiees(candidatures: Iterable[Any]) -> list[m.StatistiquePubliee]:
    return d.publier(date(2026, 1, 1), candidatures, aujourd_hui=date(2026, 7, 1), le=MAINTENANT)


@pytest.mark.regle("R-252")
def test_nine_people_are_not_shown_ten_are() -> None:
    assert publiees(lignes(9)) == []
    assert publiees(lignes(5) * 3) == []  # fifteen candidatures of five people
    [cellule] = publiees(lignes(10))
    assert (cellule.nb_candidatures, cellule.nb_retenues, cellule.delai_median) == (10, 10, 3)


@pytest.mark.regle("R-252")
def test_no_difference_of_what_is_published_stands_for_a_number_under_ten() -> None:
    """Sums of cells, within a cell, and from a run to another with one person more: all are whole tens."""
    rng = random.Random(3)
    for _ in range(200):
        monde = [
            une
            for numero, dept in enumerate(("16", "17", "33", "64"))
            for etat in (m.EtatCandidature.RETENUE, m.EtatCandidature.NON_RETENUE)
            for une in lignes(rng.randrange(16), departement=dept, premier=100 * numero, etat=etat)
        ]
        cellules = publiees(monde)
        nombres = [
            n
            for c in cellules
            for n in (c.nb_candidatures, c.nb_retenues, c.nb_entrees, c.nb_presences, c.nb_absences)
        ]
        sommes = {sum(choisis) for taille in (1, 2, 3) for choisis in combinations(nombres, taille)}
        assert not {abs(a - b) for a in sommes for b in sommes} & set(range(1, 10))
        montres = {c.departement for c in cellules}
        for dept in montres:  # no total of what is shown holds anybody that is hidden
            assert len({k.candidat_id for k in monde if k.departement == dept}) >= 10


@pytest.mark.regle("R-252")
def test_a_rounded_number_never_says_which_number_under_ten_it_stands_for() -> None:
    dits: dict[Any, list[int]] = {}
    for cache in range(10):  # of fifty candidatures, so few are not retained
        refusees = lignes(cache, premier=900, etat=m.EtatCandidature.NON_RETENUE)
        [cellule] = publiees([*lignes(50 - cache), *refusees])
        dits.setdefault((cellule.nb_candidatures, cellule.nb_retenues), []).append(cache)
    assert min(map(len, dits.values())) >= 4


@pytest.mark.regle("R-252")
def test_a_quarter_is_published_once_when_it_has_been_over_for_ninety_days() -> None:
    assert d.a_publier(date(2026, 6, 29), [])[-1] == date(2025, 10, 1)
    assert d.a_publier(date(2026, 6, 30), [])[-1] == date(2026, 1, 1)
    assert d.a_publier(date(2026, 6, 30), [date(2026, 1, 1)]) == []
    assert d.a_publier(date(2026, 6, 30), [date(2025, 10, 1)]) == [date(2026, 1, 1)]


@pytest.mark.regle("R-101", "R-143")
async def test_the_page_of_a_structure_says_to_whom_its_numbers_are_open(api: Api, monde: Monde) -> None:
    vue = "query($id: ID!) { node(id: $id) { ... on Structure { peut { lireStatistiques } } } }"

    async def ouvertes(qui: Acteur | None, structure: Any) -> bool:
        node = (await api(qui, vue, id=gid("Structure", structure)))["node"]
        return bool(node["peut"]["lireStatistiques"])

    for qui, sienne in ((monde.paul, monde.trois_vallees), (monde.ines, monde.estuaire)):
        assert await ouvertes(qui, sienne)
        assert not await ouvertes(qui, monde.landes)
        assert await ouvertes(monde.gaelle, sienne)
        assert not await ouvertes(None, sienne)
