"""Files by strangers: what XML allows and we never write."""

from __future__ import annotations

import bz2
import gzip
import io
import re
import zipfile

import pytest

from app.imports.lheo import FormationLue, FormeRefusee, examiner, lire
from tests.imports.importeur import Importeur
from tests.imports.samples import DEPARTEMENTS, fichier, formation


def lue(data: bytes) -> FormationLue:
    """Out: the one formation of a file, which must be taken."""
    examiner(io.BytesIO(data))
    (une,) = lire(io.BytesIO(data), DEPARTEMENTS)
    assert isinstance(une, FormationLue), [str(e) for e in une.erreurs]
    return une


def test_comments_instructions_and_cdata_are_xml_like_any_other() -> None:
    etrange = (
        fichier(formation(contenu="<![CDATA[Bâtir & restaurer <b>des murs</b>]]>, puis<!-- non --> enduire"))
        .replace(b"<offres>", b"<?xml-stylesheet href='x.xsl'?><!-- une offre --><offres>")
        .replace(b"</lheo>", b"<!-- fin --></lheo><!-- encore --><?fin?>")
    )

    assert lue(etrange).actions[0].programme == "Bâtir & restaurer des murs, puis enduire"


@pytest.mark.parametrize("marque", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_mark_at_the_beginning_says_how_a_file_is_written(marque: str) -> None:
    texte = fichier().decode().replace('encoding="UTF-8"', 'encoding="UTF-16"' if "16" in marque else "")
    debut = "\ufeff" if marque in ("utf-16-le", "utf-16-be") else ""

    assert lue((debut + texte).encode(marque)).intitule == "Maçon"


def test_a_file_that_lies_about_its_encoding_is_refused_or_read_as_it_says() -> None:
    latin = fichier().decode().encode("latin-1")  # and says UTF-8
    with pytest.raises(FormeRefusee):
        examiner(io.BytesIO(latin))


@pytest.mark.parametrize("dit", ["ISO-8859-12", "iso-8859-99", "x-inconnu", "windows-1259"])
def test_an_encoding_that_nobody_reads_is_told(dit: str) -> None:
    with pytest.raises(FormeRefusee) as refus:
        examiner(io.BytesIO(fichier().replace(b"UTF-8", dit.encode())))
    assert refus.value.code == "ENCODAGE"


def test_a_prefix_and_other_line_ends_change_nothing() -> None:
    prefixe = fichier().decode().replace("<lheo xmlns=", "<l:lheo xmlns:l=").replace("</lheo>", "</l:lheo>")
    for nom in ("<", "</"):
        prefixe = re.sub(rf"{nom}(?!/|l:|\?|!)([A-Za-z])", rf"{nom}l:\1", prefixe)
    assert lue(prefixe.encode()).intitule == "Maçon"
    assert lue(fichier().replace(b"\n", b"\r\n")).intitule == "Maçon"


def _zip(data: bytes) -> bytes:
    ecrit = io.BytesIO()
    with zipfile.ZipFile(ecrit, "w") as archive:
        archive.writestr("offre.xml", data)
    return ecrit.getvalue()


@pytest.mark.parametrize("comprimer", [_zip, gzip.compress, bz2.compress])
async def test_an_archive_is_told_to_be_one(importeur: Importeur, comprimer: object) -> None:
    assert callable(comprimer)
    with pytest.raises(FormeRefusee, match="décompressez-le"):
        await importeur.tente(fichier_entier=comprimer(fichier()))


@pytest.mark.parametrize(
    "espace", ["http://www.lheo.org/2.1", "http://www.lheo.org/2.0", "http://lheo.gouv.fr/3.0"]
)
def test_another_version_is_named_with_those_that_are_read(espace: str) -> None:
    with pytest.raises(FormeRefusee) as refus:
        examiner(io.BytesIO(fichier(espace=espace)))
    assert espace in str(refus.value)
    assert "http://lheo.gouv.fr/2.3" in str(refus.value)


def test_a_billion_laughs_and_a_file_of_the_server_stay_outside() -> None:
    for dtd in (
        '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE l SYSTEM "http://127.0.0.1:1/x.dtd">',
    ):
        with pytest.raises(FormeRefusee, match="DTD"):
            examiner(io.BytesIO(fichier().replace(b"<lheo ", dtd.encode() + b"<lheo ")))


def test_a_text_without_end_is_counted_and_not_kept() -> None:
    (refusee,) = lire(io.BytesIO(fichier(formation(contenu="x" * 3_000_000))), DEPARTEMENTS)
    assert not isinstance(refusee, FormationLue)
    assert ("LONGUEUR", "3000000") in {(e.code, e.motif.split()[0]) for e in refusee.erreurs}
