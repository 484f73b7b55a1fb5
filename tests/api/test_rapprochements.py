"""Two fiches of one person: found by night, reviewed, merged, and two again exactly as they were."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from tests.api.conftest import Api
from tests.api.identifiants import gid
from tests.cast import JOUR, MAINTENANT, Monde
from tests.jobs.conftest import Atelier, atelier

from .actes import EMPECHEMENTS, codes

__all__ = ["atelier"]
LISTE = """{ rapprochements(filtre: {etats: [A_REVOIR]}, first: 1) { totalCount pageInfo { hasNextPage }
  nodes { id score raisons etat candidat { nom } autre { nom } peut { ecarter } } } }"""
ECARTER = f"""mutation($id: ID!) {{ ecarterRapprochement(rapprochement: $id) {{
  rapprochement {{ etat peut {{ ecarter }} }} {EMPECHEMENTS} }} }}"""
FUSIONNER = f"""mutation($garde: ID!, $absorbe: ID!) {{
  fusionnerCandidats(garde: $garde, absorbe: $absorbe) {{ candidat {{ nom courriel numeroFranceTravail }} {EMPECHEMENTS} }} }}"""
DEFAIRE = f"mutation($id: ID!) {{ defaireFusion(candidat: $id) {{ candidat {{ nom }} {EMPECHEMENTS} }} }}"
RENOMMER = f"""mutation($id: ID!) {{ modifierCandidat(entree: {{candidat: $id, ville: "Royan"}}) {{ {EMPECHEMENTS} }} }}"""
NAISSANCE = date(1988, 3, 4)


async def comparer(atelier: Atelier) -> None:
    await atelier.confier("rapprocher_candidats", timestamp=0)
    await atelier.vider()


async def fusionner(api: Api, qui: Any, garde: Any, absorbe: Any) -> Any:
    variables = {"garde": gid("Candidat", garde), "absorbe": gid("Candidat", absorbe)}
    return (await api(qui, FUSIONNER, **variables))["fusionnerCandidats"]


async def defaire(api: Api, qui: Any, candidat: Any) -> Any:
    return (await api(qui, DEFAIRE, id=gid("Candidat", candidat)))["defaireFusion"]


async def lignes(monde: Monde) -> dict[str, list[str]]:
    """Out: what the base holds of people, as text: all that a merge may touch."""
    async with monde.engine.connect() as db:
        return {
            table: list(await db.scalars(text(f"select t::text from {table} t order by id")))
            for table in ("candidat", "candidature", "acces_candidat", "courriel_envoye", "fusion_candidat")
        }


async def deux(monde: Monde) -> tuple[m.Candidat, m.Candidat]:
    """The same person, twice: what one fiche lacks, the other has."""
    garde = await monde.un_candidat(nom="Lefèvre", prenom="Anne-Marie", date_naissance=NAISSANCE, ville="Pau")
    absorbe = await monde.un_candidat(
        civilite=m.Civilite.MADAME,
        nom="Lefebvre",
        prenom="Anne Marie",
        date_naissance=NAISSANCE,
        courriel="am@exemple.example",
        numero_france_travail="11122233344",
        est_inscrit_france_travail=True,
        createur_id=monde.nadia.id,
    )
    await monde.une_candidature(candidat=garde, etat="en_attente_avis")
    await monde.une_candidature(candidat=absorbe, session=monde.session_poec, etat="en_attente_avis")
    await monde.inserer(
        m.AccesCandidat,
        candidat_id=absorbe.id,
        structure_id=monde.trois_vallees.id,
        compte_id=monde.paul.id,
        ouvert_le=MAINTENANT,
        jusqu_au=MAINTENANT + JOUR,
    )
    await monde.inserer(
        m.CourrielEnvoye, sujet="recap", gabarit="recapitulatif", candidat_id=absorbe.id, envoye_le=MAINTENANT
    )
    return garde, absorbe


@pytest.mark.regle("R-095")
async def test_likenesses_are_found_by_night_and_told_once(api: Api, monde: Monde, atelier: Atelier) -> None:
    garde, absorbe = await deux(monde)
    jumelle = await monde.un_candidat(
        nom="Lefèvre", prenom="Sylvie", date_naissance=NAISSANCE, telephone="0555000000"
    )
    await monde.changer(garde, telephone="05 55 00 00 00")
    await comparer(atelier)

    liste = (await api(monde.gaelle, LISTE))["rapprochements"]
    [pair] = [n for n in liste["nodes"] if "Lef" in n["candidat"]["nom"]]
    assert (pair["candidat"]["nom"], pair["autre"]["nom"], pair["peut"]) == (
        "Lefèvre",
        "Lefebvre",
        {"ecarter": True},
    )
    assert {"nom_proche", "prenom", "date_naissance"} <= set(pair["raisons"])
    assert liste["totalCount"] == 1
    assert jumelle.id  # twins are two people
    assert (await api(monde.paul, LISTE))["rapprochements"]["totalCount"] == 0

    rendu = (await api(monde.gaelle, ECARTER, id=pair["id"]))["ecarterRapprochement"]
    assert (codes(rendu), rendu["rapprochement"]) == ([], {"etat": "ECARTE", "peut": {"ecarter": False}})
    await monde.changer(absorbe, modifie_le=MAINTENANT + JOUR)
    await comparer(atelier)
    assert (await api(monde.gaelle, LISTE))["rapprochements"]["totalCount"] == 0
    refus = (await api(monde.gaelle, ECARTER, id=pair["id"]))["ecarterRapprochement"]
    assert codes(refus) == ["ETAT_INCOMPATIBLE"]


@pytest.mark.regle("R-095")
async def test_a_merge_keeps_all_and_is_undone_exactly(api: Api, monde: Monde) -> None:
    garde, absorbe = await deux(monde)
    avant = await lignes(monde)

    rendu = await fusionner(api, monde.gaelle, garde, absorbe)
    assert codes(rendu) == []
    assert rendu["candidat"] == {
        "nom": "Lefèvre",
        "courriel": "am@exemple.example",
        "numeroFranceTravail": "11122233344",
    }
    async with monde.engine.connect() as db:
        assert await db.scalar(text("select count(*) from candidat where id = :i"), {"i": absorbe.id}) == 0
        assert (
            await db.scalar(text("select count(*) from candidature where candidat_id = :i"), {"i": garde.id})
            == 2
        )

    assert codes(await defaire(api, monde.gaelle, garde)) == []
    assert await lignes(monde) == avant
    assert codes(await defaire(api, monde.gaelle, garde)) == ["AUCUNE_FUSION"]
    async with monde.engine.connect() as db:
        dits = await db.execute(text("select nom, candidat_id, donnees from fait order by id desc limit 2"))
        assert [tuple(f) for f in dits] == [
            (nom, garde.id, {"absorbe_id": absorbe.id, "nb_candidatures": 1})
            for nom in ("FusionDefaite", "CandidatsFusionnes")
        ]


@pytest.mark.regle("R-096")
async def test_two_candidatures_on_one_session_are_settled_first(api: Api, monde: Monde) -> None:
    garde, absorbe = await deux(monde)
    await monde.une_candidature(candidat=absorbe, etat="non_retenue")
    avant = await lignes(monde)
    assert codes(await fusionner(api, monde.gaelle, garde, absorbe)) == ["FUSION_SESSION_COMMUNE"]
    assert codes(await fusionner(api, monde.gaelle, garde, garde)) == ["MEME_PERSONNE"]
    for qui, code in ((monde.paul, "INTERDIT"), (monde.marc, "INTERDIT"), (monde.adrien, "NON_TROUVE")):
        assert codes(await fusionner(api, qui, garde, absorbe)) == [code]
    assert await lignes(monde) == avant


@pytest.mark.regle("R-095")
async def test_what_happened_since_may_forbid_to_undo(api: Api, monde: Monde) -> None:
    garde, absorbe = await deux(monde)
    assert codes(await fusionner(api, monde.gaelle, garde, absorbe)) == []
    api.montre.heure = MAINTENANT + 31 * JOUR
    assert "FUSION_TROP_ANCIENNE" in codes(await defaire(api, monde.gaelle, garde))
    api.montre.heure = MAINTENANT + JOUR / 24
    assert codes((await api(monde.gaelle, RENOMMER, id=gid("Candidat", garde)))["modifierCandidat"]) == []
    assert codes(await defaire(api, monde.gaelle, garde)) == ["FICHE_MODIFIEE_DEPUIS"]


@pytest.mark.regle("R-089")
async def test_quotas_count_one_person_after_a_merge(api: Api, monde: Monde) -> None:
    garde, absorbe = await deux(monde)
    await monde.une_candidature(candidat=garde, session=await monde.une_session(), etat="en_attente_avis")
    eligible = "query($s: ID!, $c: ID!) { eligibilite(session: $s, candidat: $c) { motifs { code } } }"
    variables = {"s": gid("Session", await monde.une_session()), "c": gid("Candidat", garde)}
    avant = (await api(monde.paul, eligible, **variables))["eligibilite"]["motifs"]
    assert codes(await fusionner(api, monde.gaelle, garde, absorbe)) == []
    apres = (await api(monde.paul, eligible, **variables))["eligibilite"]["motifs"]
    assert [x for x in apres if x not in avant] == [{"code": "QUOTA_ATTEINT"}]


async def test_what_two_fiches_were_is_forgotten_after_a_month(
    api: Api, monde: Monde, atelier: Atelier
) -> None:
    garde, absorbe = await deux(monde)
    assert codes(await fusionner(api, monde.gaelle, garde, absorbe)) == []
    for jours, restent in ((29, 1), (31, 0)):
        atelier.heure = MAINTENANT + jours * JOUR
        await comparer(atelier)
        assert len((await lignes(monde))["fusion_candidat"]) == restent
