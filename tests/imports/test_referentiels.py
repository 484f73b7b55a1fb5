"""Reference data: loaded from the files of their keepers, looked up by the API (R-048, R-191, R-212)."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from app import models as m
from app.domain.contraintes import CONTRAINTES
from app.domain.empechements import Empeche
from app.imports.referentiels.charge import Charge, charger
from app.imports.tableurs import TableauRefuse
from app.kit.clock import fixed
from app.writing import Writer
from tests.cast import MAINTENANT, Acteur, Monde
from tests.conftest import Base
from tests.imports.importeur import Importeur, politique
from tests.imports.samples import DEPARTEMENTS

FICHES = (
    '"Id_Fiche";"Numero_Fiche";"Intitule";"Nomenclature_Europe_Niveau"\r\n'
    '"1";"RNCP35819";"Maçon";"NIV3"\r\n"2";"RS6";"Certification de « chariots »";""\r\n"3";"???";"Rien";""\r\n'
)
POSTE = (
    "#Code_commune_INSEE;Nom_de_la_commune;Code_postal;Libellé_d_acheminement;Ligne_5;coordonnees_geographiques\n"
    "19272;TULLE;19000;TULLE;;45.27,1.77\n19272;TULLE;19012;TULLE;;45.27,1.77\n75101;PARIS 01;75001;PARIS;;\n"
)


async def charge(base: Base, qui: Acteur, texte: str | bytes, **options: Any) -> Charge:
    """Out: what became of a file."""
    writer = Writer(base.ecriture, politique(), CONTRAINTES)
    flux = io.BytesIO(texte.encode() if isinstance(texte, str) else texte)
    return await charger(writer, qui.viewer, fixed(MAINTENANT), flux, DEPARTEMENTS, **options)


@pytest.mark.regle("R-212")
@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
async def test_the_fiches_of_the_rncp_and_the_rs_come_in(
    base: Base, importeur: Importeur, encodage: str
) -> None:
    faite = await charge(base, importeur.monde.gaelle, FICHES.encode(encodage))

    assert (faite.crees, faite.nb_fautes) == (2, 1)
    assert "ligne 4" in faite.fautes[0]
    macon = await importeur.une(m.Certification, code_rncp="RNCP35819")
    assert (macon.intitule, macon.niveau) == ("Maçon", "Niveau 3")
    encore = await charge(base, importeur.monde.gaelle, FICHES.encode(encodage))
    assert (encore.crees, encore.modifies, encore.inchanges) == (0, 0, 2)


async def test_a_quote_that_nobody_closed_does_not_swallow_the_rows_that_follow(
    base: Base, importeur: Importeur
) -> None:
    ouvert = 'Numero_Fiche;Intitule\nRNCP1;Un\nRNCP2;"Deux\nRNCP3;Trois\n'
    with pytest.raises(TableauRefuse, match="ligne 3 : un guillemet"):
        await charge(base, importeur.monde.gaelle, ouvert)

    ferme = await charge(base, importeur.monde.gaelle, ouvert.replace('"Deux', '"Deux"').rstrip("\n"))
    assert ferme.crees == 3, "a last line without its end is a line"


@pytest.mark.regle("R-213")
async def test_a_fiche_that_its_register_says_inactive_is_and_one_that_a_file_leaves_out_stays(
    base: Base, importeur: Importeur
) -> None:
    entete = '"Numero_Fiche";"Intitule";"Actif"\n'
    monde = importeur.monde

    async def actives() -> list[bool]:
        return [
            (await importeur.une(m.Certification, code_rncp=code)).est_active for code in ("RNCP1", "RNCP2")
        ]

    await charge(base, monde.gaelle, entete + "RNCP1;Un;ACTIVE\nRNCP2;Deux;INACTIVE\n")
    assert await actives() == [True, False]
    await charge(base, monde.gaelle, entete + "RNCP1;Un;Inactive\n")
    assert await actives() == [False, False]
    await charge(base, monde.gaelle, entete + "RNCP2;Deux;ACTIVE\n")
    await charge(base, monde.gaelle, FICHES)  # which says nothing of it
    assert await actives() == [False, True]


@pytest.mark.regle("R-213")
async def test_who_delivers_a_certification_is_added_to_it(base: Base, importeur: Importeur) -> None:
    gaelle = importeur.monde.gaelle
    await charge(base, gaelle, FICHES)
    certificateurs = "Numero_Fiche;Nom_Certificateur;Siret_Certificateur\nRNCP35819;AFPA;11111111100017\n"
    partenaires = (
        "Numero_Fiche;Nom_Partenaire;Siret_Partenaire;Habilitation_Partenaire\n"
        "RNCP35819;GRETA;22222222200017;HABILITATION_ORGA_FORM\n"
        "RNCP35819;CFA;33333333300017;HABILITATION_FORMER\n"
        "RNCP35819;LYCEE;44444444400017;HABILITATION_ORGANISER\nRS6;MUET;12;HABILITATION_ORGANISER\n"
        "RNCP99999;AILLEURS;55555555500017;HABILITATION_ORGANISER\n"
        "RNCP35819;SANS SIRET;;HABILITATION_ORGA_FORM\n"
    )
    await charge(base, gaelle, certificateurs)
    faite = await charge(base, gaelle, partenaires)

    assert (faite.modifies, faite.nb_fautes) == (1, 1)
    macon = await importeur.une(m.Certification, code_rncp="RNCP35819")
    assert macon.sirens_habilites == ["111111111", "222222222", "444444444"]
    assert macon.intitule == "Maçon"
    encore = await charge(base, gaelle, partenaires)
    assert (encore.crees, encore.modifies) == (0, 0)


@pytest.mark.regle("R-213")
async def test_a_partner_whose_habilitation_was_taken_back_is_not_added(
    base: Base, importeur: Importeur
) -> None:
    await charge(base, importeur.monde.gaelle, FICHES)
    await charge(
        base,
        importeur.monde.gaelle,
        "Numero_Fiche;Siret_Partenaire;Habilitation_Partenaire;Etat_Partenaire\n"
        "RNCP35819;22222222200017;HABILITATION_ORGANISER;ACTIF\n"
        "RNCP35819;33333333300017;HABILITATION_ORGANISER;SUPPRIME\n",
    )
    macon = await importeur.une(m.Certification, code_rncp="RNCP35819")
    assert macon.sirens_habilites == ["222222222"]


async def test_formacodes_come_from_the_file_of_the_fiches_too(base: Base, importeur: Importeur) -> None:
    faite = await charge(
        base,
        importeur.monde.gaelle,
        '"Numero_Fiche";"Formacode_Code";"Formacode_Libelle"\n"RNCP35819";"22334";"Maçonnerie"\n'
        '"RNCP35820";"22334";"Maçonnerie"\n"RNCP35821";"22301";"Bâti ancien"\n',
    )
    assert (faite.format, faite.nb_fautes) == ("Formacode", 0)
    assert (await importeur.une(m.Formacode, code="22334")).libelle == "Maçonnerie"


async def test_a_certification_met_in_an_offer_gets_its_title_and_its_other_code(
    base: Base, importeur: Importeur
) -> None:
    row = await importeur.monde.inserer(m.Certification, intitule="RNCP35819", code_rncp="RNCP35819")
    certifinfo = "Code Certif Info\tIntitulé\tCode RNCP\n112173\tMaçon\t35819\n"

    essai = await charge(base, importeur.monde.gaelle, certifinfo, est_essai=True)
    assert (essai.modifies, (await importeur.monde.relire(row)).intitule) == (1, "RNCP35819")
    await charge(base, importeur.monde.gaelle, certifinfo)

    relue = await importeur.monde.relire(row)
    assert (relue.intitule, relue.code_certifinfo, relue.modifiee_le) == ("Maçon", "112173", MAINTENANT)


@pytest.mark.regle("R-048")
async def test_communes_are_those_of_the_region(base: Base, importeur: Importeur) -> None:
    faite = await charge(base, importeur.monde.gaelle, POSTE)

    assert (faite.crees, faite.ailleurs) == (1, 1)
    tulle = await importeur.une(m.Commune)
    assert (tulle.code_insee, tulle.nom, tulle.code_postal, tulle.departement) == (
        "19272",
        "Tulle",
        "19000",
        "19",
    )
    assert (tulle.latitude, tulle.longitude) == (45.27, 1.77)
    cog = "TYPECOM,COM,REG,DEP,LIBELLE\nCOM,19272,75,19,Tulle-la-Neuve\nCOMD,19001,75,19,Déléguée\nCOM,99999,,,X\n"
    await charge(base, importeur.monde.gaelle, cog)
    assert (await importeur.une(m.Commune)).nom == "Tulle-la-Neuve"
    await charge(base, importeur.monde.gaelle, POSTE.replace("TULLE", "TULLE LA NEUVE"))
    assert (await importeur.une(m.Commune)).nom == "Tulle-la-Neuve"  # its accents and hyphens stay


@pytest.mark.regle("R-191")
async def test_nobody_but_a_gestionnaire_loads(base: Base, importeur: Importeur) -> None:
    monde: Monde = importeur.monde
    formacode = "Code,Libellé\n22334,Maçonnerie\n"
    for qui in (monde.karim, monde.paul, monde.adrien):
        with pytest.raises(Empeche):
            await charge(base, qui, formacode)
    assert await importeur.toutes(m.Formacode) == []
    assert (await charge(base, monde.gaelle, formacode)).crees == 1


@pytest.mark.parametrize(
    "fichier", [b"", b"PK\x03\x04", b"a;b\n1;2\n", b"\0\1\2", b"Code;Code;Libelle\n1;2;3\n", b"\n\n"]
)
async def test_what_is_no_reference_data_is_told_so(base: Base, importeur: Importeur, fichier: bytes) -> None:
    with pytest.raises(TableauRefuse):
        await charge(base, importeur.monde.gaelle, fichier)


async def test_the_samples_of_the_demonstration_load(base: Base, importeur: Importeur) -> None:
    for sample in sorted(files("app.demo").joinpath("referentiels").iterdir(), key=lambda f: f.name):
        faite = await charge(base, importeur.monde.gaelle, sample.read_bytes())
        assert (faite.nb_fautes, faite.ailleurs) == (0, 0), (sample.name, faite)
        assert faite.crees + faite.modifies + faite.inchanges > 5


async def test_the_command_says_what_it_did(base: Base, importeur: Importeur, tmp_path: Path) -> None:
    fichier = tmp_path / "formacode.csv"
    fichier.write_text("Code;Libellé\n22334;Maçonnerie\n", encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from app.cli import main; main()",
        "referentiels",
        "charger",
        str(fichier),
        "--compte",
    ]
    env = os.environ | {"DATABASE_URL": base.url}

    done = subprocess.run(  # noqa: ASYNC221
        [*command, importeur.monde.gaelle.courriel], env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "Formacode : créés 1, modifiés 0, inchangés 0", done.stderr
    refused = subprocess.run(  # noqa: ASYNC221
        [*command, importeur.monde.paul.courriel], env=env, capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0
    assert "gestionnaire" in refused.stderr
