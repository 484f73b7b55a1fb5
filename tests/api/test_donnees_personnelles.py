"""All that is known of somebody, taken out for a reason, complete, without a NIR and without the staff."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text

from tests.api.conftest import Api
from tests.api.identifiants import gid
from tests.cast import JOUR, MAINTENANT, Monde
from tests.jobs.test_conservation import DIT, ELLE, elle, sa_candidature

from .actes import EMPECHEMENTS, codes

CANDIDAT = f"""mutation($id: ID!) {{ exporterCandidat(candidat: $id, motif: DEMANDE) {{ document {EMPECHEMENTS} }} }}"""
COMPTE = f"""mutation($id: ID!) {{ exporterCompte(compte: $id, motif: PORTABILITE) {{ document {EMPECHEMENTS} }} }}"""


async def document(api: Api, qui: Any, acte: str, cle: str) -> tuple[dict[str, Any], list[str]]:
    [rendu] = (await api(qui, acte, id=cle)).values()
    return json.loads(rendu["document"] or "{}"), codes(rendu)


async def test_all_that_is_known_of_a_candidat(api: Api, monde: Monde) -> None:
    candidat = await elle(monde, MAINTENANT - 30 * JOUR)
    candidature = await sa_candidature(monde, candidat, MAINTENANT - 30 * JOUR)
    dit, refus = await document(api, monde.gaelle, CANDIDAT, gid("Candidat", candidat))

    assert refus == []
    [fiche] = dit["fiche"]
    assert {nom: fiche[nom] for nom in ELLE} == ELLE
    assert dit["candidatures"][0]["raisons"] == dit["avis"][0]["commentaire"] == DIT
    assert dit["candidatures"][0]["reference"] == candidature.reference
    assert {nom: len(lignes) for nom, lignes in dit.items() if isinstance(lignes, list)} == {
        "fiche": 1,
        "acces_ouverts": 1,
        "courriels_envoyes": 1,
        "actes": 1,
        "consultations": 0,
        "candidatures": 1,
        "convocations": 1,
        "avis": 1,
        "transmissions": 1,
        "actes_sur_ses_candidatures": 1,
        "fusions": 0,
        "references_absorbees": 0,
        "ressemblances": 0,
        "autres_ressemblances": 0,
    }
    assert dit["nir_conserve"] is True
    assert "scelle" not in json.dumps(dit)
    assert not {nom for lignes in dit.values() if isinstance(lignes, list) for x in lignes for nom in x} & {
        "auteur_id",
        "compte_id",
    }
    async with monde.engine.connect() as db:
        fait = (
            await db.execute(
                text("select nom, compte_id, candidat_id, donnees from fait order by id desc limit 1")
            )
        ).one()
    assert tuple(fait) == ("DonneesExportees", monde.gaelle.id, candidat.id, {"motif": "demande"})


async def test_only_a_gestionnaire_takes_out_a_candidat(api: Api, monde: Monde) -> None:
    candidat = gid("Candidat", await monde.un_candidat())
    for qui, code in ((monde.paul, "INTERDIT"), (monde.marc, "NON_TROUVE"), (monde.adrien, "NON_TROUVE")):
        assert await document(api, qui, CANDIDAT, candidat) == ({}, [code])


async def test_everybody_takes_out_its_own_account_and_a_gestionnaire_anybodys(
    api: Api, monde: Monde
) -> None:
    cle = gid("Compte", monde.paul)
    for qui in (monde.paul, monde.gaelle):
        dit, refus = await document(api, qui, COMPTE, cle)
        assert refus == []
        assert dit["compte"][0]["courriel"] == monde.paul.courriel
        assert len(dit["connexions"]) >= 1
        assert "empreinte" not in dit["connexions"][0]
    assert (await document(api, monde.nadia, COMPTE, cle))[1] == ["INTERDIT"]
    assert (await document(api, monde.adrien, COMPTE, cle))[1] in (["INTERDIT"], ["NON_TROUVE"])
