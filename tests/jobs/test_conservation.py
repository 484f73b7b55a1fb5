"""People are known two years after the last activity; then nothing in the whole base leads back to them."""

from __future__ import annotations

import base64
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.domain import candidats as c
from app.domain import conservation as d
from app.domain.calendrier import jour_de_paris
from app.jobs import conservation as job
from app.jobs.poste import Dossier
from app.kit.clock import PARIS
from app.kit.settings import CONSERVATION_MOIS
from tests.cast import JOUR, MAINTENANT, Monde
from tests.conftest import Base

from .conftest import Atelier

VIEUX = datetime(2024, 3, 18, 10, 0, tzinfo=PARIS)  # more than two years before
ELLE = {
    "nom": "Quelquune",
    "prenom": "Zéphirine",
    "courriel": "zephirine@quelquune.example",
    "telephone": "05 49 01 02 03",
    "voie": "7 impasse des Aubépines",
    "ville": "Montmorillonnette",
    "code_postal": "86501",
    "numero_france_travail": "98765432109",
    "identifiant_regional": "7654321Z",
}
DIT = "Zéphirine a travaillé chez Monsieur Troudair."
CACHES = [*ELLE.values(), "Troudair", "2000-05-17", "17/05/2000", "KAI-4242"]


async def tout(base: Base) -> str:
    """Out: every row of every table of the base, as text."""
    async with base.engine.connect() as db:
        tables = await db.scalars(
            text("select tablename from pg_tables where schemaname = 'public' order by 1")
        )
        dits = []
        for table in tables:
            rows = await db.scalars(text(f"select t::text from {table} t"))
            dits += [f"{table} {row}" for row in rows]
    return "\n".join(dits)


def trouvees(dit: str, cherches: list[str]) -> list[str]:
    """Out: what is found of these words, plain, folded or in the forms that bytes take."""
    formes: dict[str, str] = {}
    for mot in cherches:
        octets = mot.encode()
        formes |= {mot: mot, octets.hex(): mot, base64.b64encode(octets).decode()[:-4]: mot}
    return sorted({mot for forme, mot in formes.items() if forme and forme.lower() in dit.lower()})


async def elle(monde: Monde, le: datetime = VIEUX, **colonnes: Any) -> m.Candidat:
    """Somebody who is written down everywhere that a person may be."""
    candidat = await monde.un_candidat(
        date_naissance=date(2000, 5, 17),
        civilite=m.Civilite.MADAME,
        est_inscrit_france_travail=True,
        createur_id=monde.paul.id,
        **ELLE | {"cree_le": le, "modifie_le": le} | colonnes,
    )
    await monde.un_acces(candidat, le)
    criteres = c.criteres({k: ELLE[k] for k in ("nom", "prenom")} | {"date_naissance": date(2000, 5, 17)})
    recherche, _ = c.noter_recherche(
        criteres, nb_trouves=1, compte_id=monde.paul.id, structure_id=monde.trois_vallees.id, le=le
    )
    await monde.inserer(m.RechercheCandidat, **{k: getattr(recherche, k) for k in RECHERCHE})
    await monde.inserer(
        m.CourrielEnvoye,
        sujet=f"r-{candidat.id}",
        gabarit="recapitulatif",
        candidat_id=candidat.id,
        envoye_le=le,
    )
    await monde.inserer(
        m.NirCandidat,
        candidat_id=candidat.id,
        cle="2026",
        chiffre=b"scelle",
        index_aveugle=f"index-quelquune-{candidat.id}".encode(),
    )
    return candidat


RECHERCHE = ("compte_id", "structure_id", "empreinte", "nb_trouves", "faite_le")


async def sa_candidature(
    monde: Monde, candidat: m.Candidat, le: datetime = VIEUX, **colonnes: Any
) -> m.Candidature:
    """One of hers, with all that anybody may write of her on it."""
    moments = {"cree_le": le, "modifiee_le": le, "validee_le": le + 4 * JOUR, "close_le": le + 9 * JOUR}
    textes = dict.fromkeys(
        ("niveau_formation", "situation", "parcours_anterieur", "raisons", "suites_parcours"), DIT
    )
    candidature = await monde.une_candidature(
        candidat=candidat,
        **{"etat": "non_retenue", "reference_partenaire": "KAI-4242"} | moments | textes | colonnes,
    )
    await monde.inserer(
        m.Avis,
        candidature_id=candidature.id,
        est_retenu=False,
        motif=m.MotifNonRetenu.AUTRE,
        raison=DIT,
        commentaire=DIT,
        rendu_par_id=monde.marc.id,
        rendu_le=le + 9 * JOUR,
    )
    await monde.inserer(
        m.Convocation,
        candidature_id=candidature.id,
        numero=1,
        date_rendez_vous=jour_de_paris(le + 7 * JOUR),
        resultat=m.ResultatConvocation.PRESENCE,
        cree_le=le + 5 * JOUR,
    )
    for sujet in ({"candidat_id": candidat.id}, {"candidature_id": candidature.id}):
        await monde.inserer(
            m.Fait,
            survenu_le=le,
            nom="CandidatureValidee",
            profil="prescripteur_n2",
            donnees={"rendez_vous": "2024-03-25"},
            **sujet,
        )
    await monde.inserer(
        m.Echange,
        partenaire=m.Correspondant.FRANCE_TRAVAIL,
        type_echange=m.TypeEchange.AVIS,
        cle=f"k{candidature.id}",
        candidature_id=candidature.id,
        etat=m.EtatEchange.ACCEPTE,
        cree_le=le,
    )
    return candidature


async def passer(atelier: Atelier) -> None:
    """Do the nightly jobs about people."""
    for tache in ("anonymiser_candidats", "oublier_recherches", "oublier_consultations"):
        await atelier.confier(tache, timestamp=0)
    await atelier.vider()


async def test_nothing_in_the_whole_base_leads_back_to_somebody_whose_delay_is_over(
    atelier: Atelier, monde: Monde, base: Base
) -> None:
    candidat = await elle(monde)
    candidature = await sa_candidature(monde, candidat)
    references = [candidat.reference, candidature.reference]
    criteres = c.criteres({"nom": ELLE["nom"], "prenom": ELLE["prenom"], "date_naissance": date(2000, 5, 17)})
    empreinte = c.empreinte(criteres, monde.paul.id).hex()
    attendues = set(CACHES) - {"17/05/2000"}
    assert set(trouvees(await tout(base), [*CACHES, *references, empreinte])) == attendues | {
        *references,
        empreinte,
    }

    await passer(atelier)

    assert trouvees(await tout(base), [*CACHES, *references, empreinte, "scelle", "index-quelquune"]) == []
    reste: Any = await monde.relire(candidat)
    assert (reste.date_naissance, reste.code_postal, reste.anonymise_le) == (
        date(2000, 1, 1),
        "86000",
        atelier.heure,
    )


async def test_what_is_counted_stays_and_delays_stay_exact(atelier: Atelier, monde: Monde) -> None:
    candidature = await sa_candidature(monde, await elle(monde))
    await passer(atelier)

    reste: Any = await monde.relire(candidature)
    assert (reste.etat, reste.session_id, reste.structure_prescriptrice_id) == (
        "non_retenue",
        candidature.session_id,
        candidature.structure_prescriptrice_id,
    )
    assert reste.intitule == candidature.intitule
    assert jour_de_paris(reste.cree_le) == date(2024, 3, 4)  # a Monday, as it was
    assert reste.validee_le is not None
    assert reste.validee_le - reste.cree_le == 4 * JOUR
    async with monde.engine.connect() as db:
        rendu, motif, venue = (
            await db.execute(
                text(
                    "select a.rendu_le, a.motif, c.resultat from avis a join convocation c using (candidature_id)"
                )
            )
        ).one()
    assert (rendu - reste.cree_le, motif, venue) == (9 * JOUR, "autre", "presence")


@pytest.mark.regle("R-252")
async def test_no_statistic_of_a_person_changes_when_it_is_forgotten(
    atelier: Atelier, monde: Monde, base: Base
) -> None:
    """Of every weekday, at hours that midnight separates; one whose avis was corrected has no delay, and gets none."""

    async def delais() -> list[Any]:
        async with base.engine.connect() as db:
            return list(await db.scalars(text("select delai from candidature_comptee order by id")))

    for jour in range(14):
        le = VIEUX + jour * JOUR + timedelta(hours=jour)
        moments = {"validee_le": le + timedelta(hours=9), "modifiee_le": le, "close_le": le + 9 * JOUR}
        corrigee = {"motif_fin": DIT if jour == 13 else None, "reference_partenaire": f"KAI-{jour}"}
        await sa_candidature(
            monde,
            await elle(monde, le, numero_france_travail=None, identifiant_regional=None),
            le,
            **moments,
            **corrigee,
        )
    avant = await delais()
    assert avant[-1] is None
    assert len(set(avant)) > 2
    await passer(atelier)
    assert await delais() == avant
    assert "Troudair" not in await tout(base)


def test_a_reason_that_is_a_word_of_a_list_stays_and_another_leaves_that_there_was_one() -> None:
    assert [d.motif_tu(motif) for motif in (None, "doublon", DIT)] == [None, "doublon", d.ANONYME]


@pytest.mark.parametrize(
    ("colonnes", "part"),
    [
        ({"etat": "brouillon"}, False),
        ({"etat": "en_attente_validation"}, False),
        ({"etat": "en_attente_avis"}, False),
        ({"etat": "corbeille"}, False),
        ({"etat": "non_retenue"}, True),
        ({"etat": "annulee"}, True),
        ({"etat": "non_retenue", "modifiee_le": MAINTENANT - 30 * JOUR}, False),
        ({"etat": "retenue", "session_date_fin": date(2024, 6, 1)}, True),
        ({"etat": "retenue", "session_date_fin": date(2024, 6, 2)}, False),
        ({"etat": "non_retenue", "session_date_fin": date(2026, 6, 2)}, True),
    ],
)
async def test_who_is_in_a_running_candidature_or_a_recent_one_is_kept(
    atelier: Atelier, monde: Monde, colonnes: dict[str, Any], part: bool
) -> None:
    candidat = await monde.un_candidat(cree_le=VIEUX, modifie_le=VIEUX)
    await monde.une_candidature(candidat=candidat, **{"cree_le": VIEUX, "modifiee_le": VIEUX} | colonnes)
    row: Any = await monde.relire(candidat)
    assert await job.une(atelier.outils, candidat.id, atelier.heure) == part
    assert ((await monde.relire(row)).anonymise_le is not None) == part


async def test_the_delay_runs_to_the_day_and_is_a_setting(atelier: Atelier, monde: Monde) -> None:
    veille = datetime(2024, 6, 1, 23, 59, tzinfo=PARIS)
    parti, reste = [
        await monde.un_candidat(cree_le=VIEUX, modifie_le=veille + n * timedelta(minutes=1)) for n in (0, 1)
    ]
    assert CONSERVATION_MOIS == 24
    assert [await job.une(atelier.outils, x.id, atelier.heure) for x in (parti, reste)] == [True, False]
    atelier.heure += JOUR
    assert await job.une(atelier.outils, reste.id, atelier.heure)


async def test_somebody_just_found_by_a_search_is_kept_while_the_access_lasts(
    atelier: Atelier, monde: Monde
) -> None:
    candidat = await monde.un_candidat(cree_le=VIEUX, modifie_le=VIEUX)
    await monde.un_acces(candidat)
    assert not await job.une(atelier.outils, candidat.id, MAINTENANT)
    assert await job.une(atelier.outils, candidat.id, MAINTENANT + JOUR)


async def test_a_run_that_is_cut_goes_on_and_one_that_is_repeated_changes_nothing(
    atelier: Atelier, monde: Monde, base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "PAR_LOT", 2)
    cles = [(await monde.un_candidat(cree_le=VIEUX, modifie_le=VIEUX)).id for _ in range(5)]
    attendre = job.une
    vues: list[int] = []

    async def cale(outils: Any, cle: int, le: datetime) -> bool:
        vues.append(cle)
        if cle == cles[1] and vues.count(cle) == 1:
            raise ConnectionError
        return await attendre(outils, cle, le)

    monkeypatch.setattr(job, "une", cale)
    await atelier.confier("anonymiser_candidats", timestamp=0)
    await atelier.vider()
    assert vues == cles  # what fails does not hold the others
    assert [(i.erreur, i.est_definitif) for i in await atelier.incidents()] == [
        ("ConnectionError", False),
        ("EchecTravail", True),
    ]
    await passer(atelier)
    assert vues == [*cles, cles[1]]
    apres = await tout(base)
    await passer(atelier)
    assert vues == [*cles, cles[1]]
    sans = [ligne for ligne in apres.splitlines() if not ligne.startswith("procrastinate")]
    assert sans == [x for x in (await tout(base)).splitlines() if not x.startswith("procrastinate")]
    assert apres.count("CandidatAnonymise") == 5


async def test_searches_are_silent_after_a_day_and_gone_after_a_year(atelier: Atelier, monde: Monde) -> None:
    async def restent() -> list[tuple[bool, int]]:
        async with monde.engine.connect() as db:
            rows = await db.execute(
                text("select empreinte = '', nb_trouves from recherche_candidat order by id")
            )
            return [(row[0], row[1]) for row in rows]

    for avant in (timedelta(days=366), timedelta(days=2), timedelta(hours=3)):
        await monde.inserer(
            m.RechercheCandidat,
            compte_id=monde.paul.id,
            structure_id=monde.trois_vallees.id,
            empreinte=b"x" * 32,
            nb_trouves=avant.days,
            faite_le=MAINTENANT - avant,
        )
    await passer(atelier)
    assert await restent() == [(True, 2), (False, 0)]


async def test_who_read_a_fiche_is_forgotten_after_a_year(atelier: Atelier, monde: Monde) -> None:
    for jours in (366, 364):
        await monde.inserer(
            m.Consultation,
            lue_le=MAINTENANT - jours * JOUR,
            compte_id=monde.paul.id,
            profil="prescripteur_n2",
            structure_id=monde.trois_vallees.id,
            candidat_id=jours,
            regle="CAT-01",
        )
    await passer(atelier)
    async with monde.engine.connect() as db:
        assert list(await db.scalars(text("select candidat_id from consultation"))) == [364]


async def test_mails_kept_as_files_go_after_a_month(atelier: Atelier, monde: Monde, tmp_path: Any) -> None:
    from app.jobs.composition import composer

    dossier = Dossier(tmp_path / "courriels")
    for avant in (31, 29):
        le = MAINTENANT - timedelta(days=avant)
        contexte = {
            "prenom": "Zéphirine",
            "reference": "x",
            "intitule": "x",
            "organisme": "x",
            "prescripteur": None,
        }
        contexte |= {"faite_le": "x", "debut": "x", "fin": "x", "ville": "x", "session": "x"}
        message = composer(
            "recapitulatif",
            a="z@x.example",
            de="R <r@x.example>",
            sujet=f"s{avant}",
            le=le,
            contexte=contexte,
        )
        await dossier.envoyer(message)
    atelier.poste = dossier
    await passer(atelier)
    assert [path.name for path in dossier.chemin.iterdir()] == ["s29.eml"]


def test_the_condition_and_the_function_say_one_thing() -> None:
    """On every état and every moment around the end of the delay; the base says the same in the tests above."""
    from app.kit.conditions import decide

    le, dites = MAINTENANT, set()
    for etat in m.EtatCandidature:
        for jours in (-1, 0, 1):
            for fin in (date(2024, 6, 1), date(2024, 6, 2)):
                moment = datetime(2024, 6, 2, tzinfo=PARIS) + timedelta(days=jours)
                candidat = m.Candidat(modifie_le=VIEUX, anonymise_le=None)
                candidature = m.Candidature(etat=etat, modifiee_le=moment, session_date_fin=fin)
                candidat.__dict__.update(candidatures=[candidature], acces=[])
                valeurs = d.valeurs_conservation(le, 24)
                dit = d.conservation_finie(candidat, [candidature], le, 24)
                assert decide(d.A_ANONYMISER)(candidat, valeurs) == dit, (etat, jours, fin)
                dites.add(dit)
    assert dites == {True, False}
