"""A file that we wrote comes back identical, under its own numbers where they are free (R-180, R-193)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from app import models as m
from app.demo.offre import importer as importer_la_demonstration
from app.exports.lheo.fichier import Demande as Export
from app.exports.lheo.fichier import Exporteur
from app.models import (
    Dispositif,
    Financeur,
    Modalite,
    ModeCandidature,
    TypeEntree,
    ValidationBlocs,
    VoieAcces,
)
from app.policies.viewer import Anonymous
from tests.cast import MAINTENANT, Monde
from tests.conftest import Base
from tests.exports.test_lheo import numeros, valide
from tests.imports.importeur import Importeur, politique
from tests.imports.samples import formation

OFFRE = (
    "session_certification",
    "reunion",
    "point_entree",
    "session",
    "action_certification",
    "action_modification",
    "action",
    "certification",
    "candidature",
)


async def ecrit(base: Base) -> bytes:
    """Out: the offer, as a partner gets it."""
    async with Exporteur(politique(), base.lecture).ouvrir(
        Anonymous("offre_lire"), MAINTENANT, Export()
    ) as fichier:
        return b"".join([morceau async for morceau in fichier.morceaux()])


async def vider_l_offre(base: Base) -> None:
    """Leave the accounts alone: no offer, no organisation that trains."""
    async with base.engine.begin() as db:
        await db.execute(text("set local session_replication_role = replica"))
        for table in OFFRE:
            await db.execute(text(f"delete from {table}"))
        await db.execute(text("delete from structure where est_organisme_formation and not est_cap_metiers"))


async def compliquer(monde: Monde) -> None:
    """What LHEO has no word for, no room for, or says of an action and not of a session."""
    jour = MAINTENANT.date()
    commun: dict[str, Any] = {
        "publiee_le": MAINTENANT,
        "contact_nom": "Accueil " + "des personnes " * 6,
        "contact_telephone": "05 55 00 00 01",
        "contact_courriel": "accueil@exemple.invalid",
        "lieu_nom": "Site nord",
        "lieu_voie": "Zone d'activité de la Grande Plaine, bâtiment C, deuxième étage, porte 214 <à droite>",
        "lieu_code_postal": "87000",
        "lieu_ville": "Limoges & alentours",
        "lieu_code_insee": "87085",
        "lieu_departement": "87",
    }
    action = await monde.une_action(
        responsable_id=monde.estuaire.id,
        intitule="Soudeur  «\u00a0à l'arc\u00a0»",
        programme="Ligne 1\n\n- point a\n- point b & c < d\n- la balise <p>, l'entité &copy;, ?a=1&copy=2",
        prerequis="Savoir lire\nun plan",
        conditions_acces="Avoir 18 ans",
        formacodes=["23033", "23034", "23035", "23036", "23037", "23038", "23039"],
        validations=["rncp", "autre_certification"],
        dispositif=Dispositif.PIC,
        financeur=Financeur.ETAT,
        est_conventionnee=True,
        mesure="Une mesure",
        lien_web="https://exemple.invalid/soudeur?a=1&b=2",
        contact_nom="Nadine",
        contact_telephone="05 55 00 00 02",
    )
    rncp = await monde.inserer(
        m.Certification, intitule="Titre", code_rncp="RNCP35819", code_certifinfo="112173"
    )
    rs = await monde.inserer(m.Certification, intitule="Autre", code_rs="RS6")
    for rang, certification in enumerate((rs, rncp), start=1):
        await monde.inserer(
            m.ActionCertification, action_id=action.id, certification_id=certification.id, rang=rang
        )
    une = await monde.une_session(
        action,
        **commun,
        type_entree=TypeEntree.SEQUENCEES,
        modalite=Modalite.MIXTE,
        heures_centre=Decimal("350.50"),
        heures_entreprise=Decimal(70),
        formateur_id=monde.landes.id,
        positionneur_id=monde.passerelles.id,
        referent_handicap="Mission <b>handicap</b>, handicap@exemple.invalid",
        commentaire="Rentrée\ndécalée",
        modalites_recrutement=["dossier", "entretien", "information_collective"],
        mode_candidature=ModeCandidature.PRESCRIPTION_LIBRE,
        capacite_accueil=12,
        coefficient=Decimal("1.50"),
        ratio_suite_parcours=Decimal("0.25"),
        date_limite_inscription=jour + timedelta(5),
        date_entree_tardive=jour + timedelta(40),
    )
    await monde.inserer(
        m.SessionCertification,
        session_id=une.id,
        certification_id=rncp.id,
        validation=ValidationBlocs.PARTIELLE,
        blocs=["RNCP35819BC02", "RNCP35819BC01"],
    )
    await monde.inserer(m.SessionCertification, session_id=une.id, certification_id=rs.id)
    await monde.inserer(
        m.Reunion, session_id=une.id, debut_le=MAINTENANT + timedelta(3), lieu="Salle 2, Limoges"
    )
    await monde.inserer(m.Reunion, session_id=une.id, debut_le=MAINTENANT + timedelta(4), lieu=None)
    autre = commun | {"lieu_voie": "2 rue Basse", "lieu_nom": None, "contact_nom": None}
    await monde.une_session(
        action,
        **autre,
        formateur_id=None,
        heures_centre=Decimal(10),
        heures_entreprise=None,
        modalites_recrutement=["concours", "information_collective"],
    )
    await monde.une_session(
        action, **commun, formateur_id=monde.estuaire.id, voie_acces=VoieAcces.PROFESSIONNALISATION
    )
    apprentis = await monde.une_action(
        responsable_id=monde.tremplin.id,
        contact_telephone="05 55 00 00 03",
        conditions_acces=None,
        objectif_general=None,
    )
    await monde.une_session(
        apprentis,
        **commun,
        voie_acces=VoieAcces.APPRENTISSAGE,
        annees_apprentissage="1, 2",
        formateur_id=monde.tremplin.id,
    )
    await monde.une_session(
        apprentis,
        **commun,
        voie_acces=VoieAcces.APPRENTISSAGE,
        annees_apprentissage="2,1",
        type_entree=TypeEntree.PERMANENTES,
    )
    await monde.changer(monde.tremplin, m.Structure, est_qualiopi_apprentissage=True)


@pytest.mark.regle("R-180")
@pytest.mark.regle("R-193")
async def test_what_is_written_comes_back_identical_into_an_empty_base(
    importeur: Importeur, base: Base
) -> None:
    await importer_la_demonstration(base.ecriture, MAINTENANT)
    await compliquer(importeur.monde)
    avant = await ecrit(base)
    valide(avant)
    await vider_l_offre(base)

    rapport = await importeur.tente(fichier_entier=avant, source=None, publier=True)

    assert (rapport.nb_refusees, rapport.nb_attentes) == (0, 0), str(rapport)
    apres = await ecrit(base)
    assert apres.decode().splitlines() == avant.decode().splitlines()
    assert apres == avant


async def test_a_number_that_was_kept_is_not_given_again(importeur: Importeur, base: Base) -> None:
    await compliquer(importeur.monde)
    avant = await ecrit(base)
    async with base.engine.begin() as db:
        for suite in ("numero_action", "numero_session"):
            await db.execute(text(f"select setval('{suite}', 1, false)"))
    await vider_l_offre(base)
    await importeur.tente(fichier_entier=avant, source=None, publier=True)

    await importeur(formation())

    neuve = await importeur.une(m.Action)
    assert neuve.reference not in numeros(avant, "formation")
    assert neuve.reference[4:] == f"{max(int(n[4:]) for n in numeros(avant, 'formation')) + 1:08d}"


async def test_the_same_base_knows_its_own_file(importeur: Importeur, base: Base) -> None:
    """No double: what came from another source is found by our reference, and nothing is written."""
    await importeur(formation(), publier=True)
    avant = await ecrit(base)
    premier = await importeur.tente(fichier_entier=avant, source=None, publier=True)
    assert (premier.nb_refusees, premier.combien("action", "cree"), premier.combien("session", "cree")) == (
        0,
        0,
        0,
    )
    assert premier.combien("session", "modifie") == 0, "what is so already is no change, in its parts either"
    assert {d.champ for un in premier.changements for d in un.differences} <= {"validations"}
    traces = await importeur.traces()

    second = await importeur.tente(fichier_entier=avant, source=None, publier=True)

    assert second.combien("formation", "inchange") == second.formations
    assert await importeur.traces() == traces
    assert await ecrit(base) == avant


async def test_a_number_of_another_organisation_is_given_anew(importeur: Importeur, base: Base) -> None:
    monde = importeur.monde
    avant = await ecrit(base)
    prise = monde.action_anglais.reference
    deplace = avant.replace(monde.estuaire.siret.encode(), b"73282932000074")

    rapport = await importeur.tente(fichier_entier=deplace, source=None, publier=True)

    assert rapport.nb_refusees == 0, str(rapport)
    importees = await importeur.toutes(m.Action, source="rafaelpro", numero_source=prise)
    assert [a.reference == prise for a in importees] == [False]
    assert (await importeur.monde.relire(monde.action_anglais, m.Action)).responsable_id == monde.estuaire.id


async def test_a_stranger_who_writes_a_number_like_ours_is_given_another(importeur: Importeur) -> None:
    prise = importeur.monde.action_anglais.reference

    await importeur(formation(numero=prise).replace('numero="202600000001"', f'numero="{prise}"'))

    assert (await importeur.une(m.Action)).reference != prise
