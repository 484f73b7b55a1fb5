"""A file whose form is wrong says why and where, and nothing of it is read."""

from __future__ import annotations

import io
import time

import pytest

from app.imports.lheo import FormeRefusee, examiner
from tests.imports.samples import fichier, formation

BON = fichier()


def dit(data: bytes) -> FormeRefusee:
    """Out: why the file is refused."""
    with pytest.raises(FormeRefusee) as refus:
        examiner(io.BytesIO(data))
    return refus.value


def test_a_right_form_tells_its_version_and_its_formations() -> None:
    releve = examiner(io.BytesIO(fichier(formation(), formation(numero="20_2"))))
    assert (releve.version, releve.nb_formations) == ("2.3", 2)


def test_version_2_2_is_read_as_2_3() -> None:
    assert examiner(io.BytesIO(fichier(espace="http://www.lheo.org/2.2"))).version == "2.2"


@pytest.mark.parametrize("espace", ["http://www.lheo.org/2.1", "http://lheo.gouv.fr/2.4", "urn:autre"])
def test_another_namespace_is_unknown(espace: str) -> None:
    assert dit(fichier(espace=espace)).code == "ESPACE_INCONNU"


def test_no_namespace_is_unknown() -> None:
    assert dit(BON.replace(b' xmlns="http://lheo.gouv.fr/2.3"', b"")).code == "ESPACE_INCONNU"


def test_both_namespaces_do_not_mix() -> None:
    melange = BON.replace(b"<certifiante>", b'<certifiante xmlns="http://www.lheo.org/2.2">')
    assert dit(melange).code == "ESPACE_INCONNU"


def test_a_truncated_file_is_refused_wherever_it_is_cut() -> None:
    for fin in range(0, len(BON.rstrip()), 97):
        assert dit(BON[:fin]).code == "MAL_FORME", fin


BOMBE = b"""<?xml version="1.0"?><!DOCTYPE lheo [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><lheo xmlns="http://lheo.gouv.fr/2.3">&c;</lheo>"""
EXTERNE = b'<!DOCTYPE lheo [<!ENTITY x SYSTEM "file:///etc/hostname">]><lheo xmlns="http://lheo.gouv.fr/2.3">&x;</lheo>'
DTD_EXTERNE = b'<!DOCTYPE lheo SYSTEM "http://127.0.0.1:9/lheo.dtd"><lheo xmlns="http://lheo.gouv.fr/2.3"/>'
PARAMETRE = b'<!DOCTYPE lheo [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><lheo/>'


@pytest.mark.parametrize(
    "data", [BOMBE, EXTERNE, DTD_EXTERNE, PARAMETRE, BON.replace(b"<lheo", b"<!DOCTYPE lheo>\n<lheo")]
)
def test_no_dtd_is_read(data: bytes) -> None:
    assert dit(data).code == "DTD_INTERDITE"


def test_a_misspelt_element_is_named_with_its_line_and_a_guess() -> None:
    refus = dit(BON.replace(b"coordonnees>", b"coordonneFs>"))
    assert (refus.ligne, refus.element) == (3, "coordonneFs")
    assert "<coordonnees>" in refus.motif


def test_a_missing_element_is_named() -> None:
    refus = dit(BON.replace(b"<certifiante>1</certifiante>", b""))
    assert (refus.code, refus.element) == ("ELEMENT_MANQUANT", "certifiante")


def test_elements_keep_their_order() -> None:
    deux = b"<certifiante>1</certifiante>", b"<code-niveau-entree>0</code-niveau-entree>"
    echange = BON.replace(deux[0], b"@").replace(deux[1], deux[0]).replace(b"@", deux[1])
    assert dit(echange).code == "ELEMENT_MANQUANT"
    assert dit(BON.replace(deux[1], deux[1] + deux[0])).code == "ELEMENT_DEPLACE"


@pytest.mark.regle("R-209", "C-21")
def test_a_sixth_certification_is_one_too_many() -> None:
    une = "<certification><code-RNCP>1</code-RNCP></certification>"
    assert dit(fichier(formation(certifications=une * 6))).code == "ELEMENT_EN_TROP"
    assert examiner(io.BytesIO(fichier(formation(certifications=une * 5))))


@pytest.mark.regle("R-182")
def test_an_action_has_a_session() -> None:
    sans = BON[: BON.index(b"<session")] + BON[BON.index(b"</session>") + len(b"</session>") :]
    assert dit(sans).element == "session"


def test_text_between_elements_is_refused() -> None:
    assert dit(BON.replace(b"<periode>", b"<periode>hier", 1)).code == "TEXTE_INATTENDU"


def test_an_unknown_attribute_is_refused() -> None:
    assert dit(BON.replace(b"<certifiante>", b'<certifiante couleur="bleu">')).code == "ATTRIBUT_INCONNU"


def test_anything_may_stand_in_an_extra() -> None:
    libre = '<extras><extra info="x">texte <a b="1">libre</a><b xmlns="urn:b"/></extra><extras/></extras>'
    assert examiner(io.BytesIO(fichier(formation(suite=libre)))).nb_formations == 1


def test_a_formation_inside_an_extra_is_not_counted() -> None:
    cache = f"<extras><extra>{formation()}</extra></extras>"
    assert examiner(io.BytesIO(fichier(formation(suite=cache)))).nb_formations == 1


def test_elements_do_not_nest_for_ever() -> None:
    profond = "<extras>" * 5_000 + "</extras>" * 5_000
    assert dit(fichier(formation(suite=profond))).code == "TROP_PROFOND"


@pytest.mark.parametrize("jeton", [b"<!--%s-->", b'<extras info="%s"/>', b"<?x %s?>", b"<%s/>"])
def test_a_token_without_end_is_not_kept(jeton: bytes) -> None:
    debut = time.monotonic()
    assert dit(BON.replace(b"</offres>", jeton % (b"x" * 20_000_000) + b"</offres>")).code in (
        "TROP_LONG",
        "ELEMENT_INCONNU",
    )
    assert time.monotonic() - debut < 20


@pytest.mark.parametrize("encodage", ["utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_usual_encodings_are_read(encodage: str) -> None:
    nom = {"utf-8-sig": "UTF-8"}.get(encodage, encodage)
    data = BON.decode().replace('encoding="UTF-8"', f'encoding="{nom}"').encode(encodage)
    assert examiner(io.BytesIO(data)).nb_formations == 1


@pytest.mark.parametrize("nom", ["klingon", "utf-7", "rot13", "shift_jis", "unicode_escape"])
def test_unusual_encodings_are_refused_with_a_word(nom: str) -> None:
    assert dit(BON.replace(b"UTF-8", nom.encode())).code == "ENCODAGE"


def test_bytes_that_are_not_xml_are_refused() -> None:
    for data in (
        b"",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"\x00" * 100,
        b"nom;prenom\n",
        BON + b"<lheo/>",
        BON[5:] + BON,
    ):
        assert dit(data).code == "MAL_FORME"


def test_what_producers_most_often_get_wrong_is_told_in_so_many_words() -> None:
    ailleurs = BON.decode().replace("Apprendre.", "Été & hiver")
    assert "« & » s'y écrit « &amp; »" in dit(ailleurs.encode()).motif
    latin = ailleurs.replace("&", "et").encode("iso-8859-1")
    assert "encodage annoncé" in dit(latin).motif
    loin = fichier(*[formation(numero=f"20_{n}") for n in range(300)], formation(contenu="R & D"))
    assert "&amp;" in dit(loin).motif, "in a later piece of the file too"
    assert dit(b"\n" + BON).motif.startswith("la déclaration XML")


def test_progress_counts_every_byte() -> None:
    lus: list[int] = []
    data = fichier(*(formation(numero=f"20_{n}") for n in range(200)))
    examiner(io.BytesIO(data), lus.append)
    assert sum(lus) == len(data)
    assert len(lus) > 1
