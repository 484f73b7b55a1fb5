"""Two fiches of one person: found by night, reviewed, merged, and two again exactly as they were."""

from __future__ import annotations

import asyncio
import json
import os
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from tests.api.conftest import Api
from tests.api.identifiants import gid
from tests.cast import JOUR, MAINTENANT, Monde
from tests.jobs.conftest import Atelier, atelier

from .actes import CREER, EMPECHEMENTS, VALIDER, codes

__all__ = ["atelier"]
LISTE = """{ rapprochements(filtre: {etats: [A_REVOIR]}, first: 1) { totalCount pageInfo { hasNextPage }
  nodes { id score raisons etat candidat { nom } autre { nom } peut { ecarter } } } }"""
ECARTER = f"""mutation($id: ID!) {{ ecarterRapprochement(rapprochement: $id) {{
  rapprochement {{ etat peut {{ ecarter }} }} {EMPECHEMENTS} }} }}"""
FUSIONNER = f"""mutation($garde: ID!, $absorbe: ID!, $prendre: [ChampFiche!]) {{
  fusionnerCandidats(garde: $garde, absorbe: $absorbe, prendre: $prendre) {{ candidat {{ nom courriel numeroFranceTravail }} {EMPECHEMENTS} }} }}"""
EXPORTER = "mutation($id: ID!) { exporterCandidat(candidat: $id, motif: DEMANDE) { document } }"
DEFAIRE = f"mutation($id: ID!) {{ defaireFusion(candidat: $id) {{ candidat {{ nom }} {EMPECHEMENTS} }} }}"
RENOMMER = f"""mutation($id: ID!) {{ modifierCandidat(entree: {{candidat: $id, ville: "Royan"}}) {{ {EMPECHEMENTS} }} }}"""
NAISSANCE = date(1988, 3, 4)


async def comparer(atelier: Atelier) -> None:
    await atelier.confier("rapprocher_candidats", timestamp=0)
    await atelier.vider()


async def fusionner(api: Api, qui: Any, garde: Any, absorbe: Any, **variables: Any) -> Any:
    variables |= {"garde": gid("Candidat", garde), "absorbe": gid("Candidat", absorbe)}
    return (await api(qui, FUSIONNER, **variables))["fusionnerCandidats"]


async def defaire(api: Api, qui: Any, candidat: Any) -> Any:
    return (await api(qui, DEFAIRE, id=gid("Candidat", candidat)))["defaireFusion"]


async def lignes(monde: Monde) -> dict[str, list[str]]:
    """Out: what the base holds of people, as text: all that a merge may touch."""
    async with monde.engine.connect() as db:
        return {
            table: list(await db.scalars(text(f"select t::text from {table} t order by id")))
            for table in (
                "candidat",
                "candidature",
                "acces_candidat",
                "courriel_envoye",
                "fusion_candidat",
                "reference_absorbee",
            )
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
    await monde.un_acces(absorbe)
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


@pytest.mark.regle("R-095")
async def test_a_gestionnaire_chooses_whose_word_is_kept_field_by_field(api: Api, monde: Monde) -> None:
    garde, absorbe = await deux(monde)
    await monde.changer(garde, courriel="ancienne@exemple.example", telephone="05 55 00 00 00")
    avant = await lignes(monde)
    rendu = await fusionner(api, monde.gaelle, garde, absorbe, prendre=["NOM", "COURRIEL", "TELEPHONE"])
    assert (codes(rendu), rendu["candidat"]["nom"], rendu["candidat"]["courriel"]) == (
        [],
        "Lefebvre",
        "am@exemple.example",
    )
    ensuite = await monde.relire(garde)
    assert (ensuite.telephone, ensuite.prenom, ensuite.ville) == (
        None,
        "Anne-Marie",
        "Pau",
    )  # empty was chosen too
    assert codes(await defaire(api, monde.gaelle, garde)) == []
    assert await lignes(monde) == avant


@pytest.mark.regle("R-088")
async def test_what_is_chosen_must_make_a_fiche(api: Api, monde: Monde) -> None:
    garde, absorbe = await deux(monde)
    await monde.changer(absorbe, courriel="pas une adresse")
    avant = await lignes(monde)
    refus = (await fusionner(api, monde.gaelle, garde, absorbe, prendre=["COURRIEL"]))["empechements"]
    assert [(e["code"], e["chemin"][-1]) for e in refus] == [("FORMAT_INVALIDE", "courriel")]
    assert await lignes(monde) == avant


@pytest.mark.regle("R-087", "R-095")
async def test_the_reference_of_a_fiche_that_was_absorbed_leads_to_the_one_that_stays(
    api: Api, monde: Monde
) -> None:
    par_reference = "query($r: String!) { candidat(reference: $r) { reference nom } }"

    async def lue(qui: Any, reference: str) -> Any:
        return (await api(qui, par_reference, r=reference))["candidat"]

    garde, absorbe = await deux(monde)
    troisieme = await monde.un_candidat(nom="Lefèvre", prenom="Anne", date_naissance=NAISSANCE)
    assert codes(await fusionner(api, monde.gaelle, garde, absorbe)) == []
    assert codes(await fusionner(api, monde.gaelle, troisieme, garde)) == []
    for reference in (absorbe.reference, garde.reference, troisieme.reference):
        for qui in (monde.gaelle, monde.paul):
            assert (await lue(qui, reference))["reference"] == troisieme.reference
        assert (
            await lue(monde.camille, reference) is None
        )  # who may not read the one may not read it by the other

    dit = json.loads(
        (await api(monde.gaelle, EXPORTER, id=gid("Candidat", troisieme)))["exporterCandidat"]["document"]
    )
    assert {r["reference"] for r in dit["references_absorbees"]} == {absorbe.reference, garde.reference}
    assert [acte["candidat_id"] for acte in dit["actes"] if acte["nom"] == "CandidatsFusionnes"] == [
        garde.id,
        troisieme.id,
    ]

    assert codes(await defaire(api, monde.gaelle, troisieme)) == []
    assert (await lue(monde.gaelle, absorbe.reference))["reference"] == garde.reference
    assert (await lue(monde.gaelle, garde.reference))["reference"] == garde.reference

    await monde.changer(await monde.relire(garde), modifie_le=MAINTENANT)
    effacer = f"""mutation($id: ID!) {{ effacerCandidat(entree: {{candidat: $id, motif: DEMANDE}}) {{ {EMPECHEMENTS} }} }}"""
    async with monde.engine.begin() as db:
        await db.execute(text("update candidature set etat = 'annulee', close_le = modifiee_le"))
    assert codes((await api(monde.gaelle, effacer, id=gid("Candidat", garde)))["effacerCandidat"]) == []
    assert await lue(monde.gaelle, absorbe.reference) is None


# --- at the same moment --------------------------------------------------------------------------------------------

TOURS = int(os.environ.get("TOURS", "20"))


@pytest.mark.regle("R-095")
async def test_two_gestionnaires_who_merge_the_same_two_make_one_of_them_once(api: Api, monde: Monde) -> None:
    garde, absorbe = await deux(monde)
    avant = await lignes(monde)
    for _ in range(TOURS):
        rendus = await asyncio.gather(
            fusionner(api, monde.gaelle, garde, absorbe), fusionner(api, monde.gaelle, absorbe, garde)
        )
        assert sorted(map(codes, rendus)) == [[], ["NON_TROUVE"]]
        reste = garde if codes(rendus[0]) == [] else absorbe
        async with monde.engine.connect() as db:
            assert set(await db.scalars(text("select candidat_id from candidature"))) == {reste.id}
        assert codes(await defaire(api, monde.gaelle, reste)) == []
        assert await lignes(monde) == avant


@pytest.mark.regle("R-089", "R-095")
async def test_what_is_done_for_a_person_while_it_is_merged_is_done_once_or_refused(
    api: Api, monde: Monde
) -> None:
    garde, absorbe = await deux(monde)
    complet = {"niveau_formation": "CAP", "situation": "x", "parcours_anterieur": "x", "suites_parcours": "x"}
    brouillon = await monde.une_candidature(
        candidat=absorbe, session=await monde.une_session(), auteur=monde.paul, **complet
    )
    nouvelle = await monde.une_session()
    vus = set()
    for tour in range(TOURS):
        rendu, validee, creee, modifiee = await asyncio.gather(
            fusionner(api, monde.gaelle, garde, absorbe),
            api(monde.paul, VALIDER, id=gid("Candidature", brouillon)),
            api(
                monde.paul,
                CREER,
                entree={"session": gid("Session", nouvelle), "candidat": gid("Candidat", absorbe)},
            ),
            api(monde.gaelle, RENOMMER, id=gid("Candidat", absorbe)),
        )
        assert codes(rendu) == []
        assert codes(validee["validerCandidature"]) == []
        vus.add((tuple(codes(creee["creerCandidature"])), tuple(codes(modifiee["modifierCandidat"]))))
        async with monde.engine.begin() as db:
            siennes = list(await db.scalars(text("select candidat_id from candidature")))
            assert set(siennes) == {garde.id}
            assert len(siennes) == 3 + (codes(creee["creerCandidature"]) == []), tour
            await db.execute(text("delete from candidature where session_id = :s"), {"s": nouvelle.id})
            await db.execute(
                text(
                    "update candidature set etat = 'brouillon', validee_le = null, validee_par_id = null where id = :c"
                ),
                {"c": brouillon.id},
            )
        assert codes(await defaire(api, monde.gaelle, garde)) == []
    assert vus <= {(c, m) for c in ((), ("NON_TROUVE",)) for m in ((), ("NON_TROUVE",))}


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
