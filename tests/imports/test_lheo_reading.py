"""What the words of LHEO become."""

from __future__ import annotations

import io
import os
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.lheo import SANS_FIN
from app.imports.lheo import (
    AdresseLue,
    ContactLu,
    FormationLue,
    FormationRefusee,
    Rapport,
    SessionLue,
    examiner,
    lire,
)
from app.imports.lheo.bilan import CREE, Bilan
from app.imports.lheo.textes import simple
from app.kit.clock import PARIS
from app.models import (
    Dispositif,
    Financeur,
    Modalite,
    ModeCandidature,
    TypeEntree,
    ValidationBlocs,
    VoieAcces,
)
from tests.imports.samples import (
    DEPARTEMENTS,
    LIEU,
    RESPONSABLE,
    action,
    extras,
    fichier,
    formation,
    lues,
    prise,
    session,
)
from tests.imports.test_lheo_values import APPRENTISSAGE, AUTRE, CERTIFICATION, CONV, REGION, blocs


def la_session(texte: str) -> SessionLue:
    return prise(texte).actions[0].sessions[0]


def test_the_smallest_formation_is_read() -> None:
    lue = prise(formation())
    (lu,) = lue.actions
    assert (lue.numero, lu.numero_source) == ("20_0000001", "202600000001")
    assert (lu.intitule, lu.objectif, lu.conditions_acces, lu.formacodes) == (
        "Maçon",
        "Savoir bâtir.",
        "RAS",
        ("22334",),
    )
    assert not lu.est_conventionnee
    (une,) = lu.sessions
    assert (une.numero_source, une.date_debut, une.date_fin) == (
        "00500001",
        date(2026, 3, 2),
        date(2026, 6, 30),
    )
    assert une.lieu == AdresseLue(None, "1 rue des Essais", "33000", "Bordeaux", None, "33")
    assert (lue.responsable.siret, lue.responsable.raison_sociale) == ("73282932000074", "Atelier fictif SAS")
    assert une.contact == ContactLu("Accueil", None, "accueil@exemple.invalid")


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        ("20260302", "20260630", (date(2026, 3, 2), date(2026, 6, 30))),
        ("20260300", "20280200", (date(2026, 3, 1), date(2028, 2, 29))),
        ("20260000", "20260000", (date(2026, 1, 1), date(2026, 12, 31))),
        ("20260101", "99999999", (date(2026, 1, 1), SANS_FIN)),
        ("20260101", "00000000", (date(2026, 1, 1), SANS_FIN)),
    ],
)
@pytest.mark.regle("R-238")
def test_months_years_and_unknown_ends_are_days(debut: str, fin: str, attendu: tuple[date, date]) -> None:
    lue = la_session(formation(actions=action(session(debut, fin), entrees="1")))
    assert (lue.date_debut, lue.date_fin) == attendu
    assert lue.type_entree is TypeEntree.PERMANENTES


@pytest.mark.regle("R-238")
def test_sequenced_entries_have_no_code_and_stand_in_extras() -> None:
    lue = la_session(formation(actions=action(session(suite=extras(type_entree="sequencees")), entrees="1")))
    assert lue.type_entree is TypeEntree.SEQUENCEES


@pytest.mark.regle("R-205")
@pytest.mark.parametrize(
    ("html", "texte"),
    [
        ("<p>Un <b>mot</b></p><ul><li>a</li><li><p>b</p></li></ul>", "Un mot\n- a\n- b"),
        ("niveau < 3 & plus > 2", "niveau < 3 & plus > 2"),
        ("caf&eacute;&nbsp;noir", "café noir"),
        ("<script>alert(1)</script>fin", "fin"),
        ("<a href='javascript:x'>lien</a><img src=x onerror=y>", "lien"),
        ("a\r\n\r\n\r\n\r\nb\t c", "a\n\nb c"),
        ("- un\n- deux\n• trois", "- un\n- deux\n• trois"),
    ],
)
def test_texts_keep_their_words_and_simple_bullets(html: str, texte: str) -> None:
    assert simple(html) == texte


@pytest.mark.regle("R-205")
def test_the_programme_is_made_plain() -> None:
    lue = prise(formation(contenu="&lt;p&gt;Lire&lt;/p&gt;&lt;ul&gt;&lt;li&gt;écrire&lt;/li&gt;&lt;/ul&gt;"))
    assert lue.actions[0].programme == "Lire\n- écrire"


def test_a_filler_says_nothing() -> None:
    filler = formation(
        contenu="-",
        actions=action(conditions="-"),
        responsable=RESPONSABLE.replace("Atelier fictif SAS", "-"),
    )
    lue = prise(filler)
    assert lue.actions[0].programme is None
    assert lue.actions[0].conditions_acces == "RAS"
    assert lue.responsable.raison_sociale == "Atelier fictif"


@pytest.mark.regle("R-201")
def test_a_title_in_capitals_is_a_warning() -> None:
    (avertissement,) = prise(formation(intitule="MAÇON DU BÂTIMENT ANCIEN")).avertissements
    assert avertissement.regle == "R-201"
    assert not prise(formation(intitule="CAP AEPE")).avertissements


def test_an_address_that_is_no_e_mail_is_not_kept() -> None:
    lue = prise(formation(responsable=RESPONSABLE.replace("accueil@exemple.invalid", "à l'accueil")))
    assert lue.responsable.contact.courriel is None
    assert [avertissement.code for avertissement in lue.avertissements] == ["COURRIEL"]


@pytest.mark.regle("R-123", "R-076")
def test_the_region_pays_for_a_prf_unless_said_otherwise() -> None:
    lu = prise(formation(actions=action(suite=CONV + REGION))).actions[0]
    assert (lu.est_conventionnee, lu.dispositif, lu.financeur) == (True, Dispositif.PRF, Financeur.REGION)
    suite = (
        CONV
        + REGION
        + extras(dispositif="hsp", numero_marche="2026-HSP-01", mesure="HSP socle", le_plus="Un atelier.")
    )
    lu = prise(formation(actions=action(suite=suite))).actions[0]
    assert (lu.dispositif, lu.numero_marche, lu.mesure, lu.le_plus) == (
        Dispositif.HSP, "2026-HSP-01", "HSP socle", "Un atelier.",
    )  # fmt: skip


@pytest.mark.regle("R-131")
def test_a_title_in_poec_says_the_dispositif() -> None:
    deux = REGION.replace(">2<", ">4<") + REGION.replace(">2<", ">16<")
    lu = prise(formation(intitule="[POEC] Soudeur", actions=action(suite=CONV + deux))).actions[0]
    assert (lu.dispositif, lu.financeur) == (Dispositif.POEC, Financeur.OPCO)


@pytest.mark.regle("R-125")
@pytest.mark.parametrize(
    ("conv", "etat", "suite", "attendu"),
    [
        (True, "1", "", ModeCandidature.PRESCRIPTION),
        (True, "2", "", ModeCandidature.FERMEE),
        (True, "", "", ModeCandidature.FERMEE),
        (False, "1", "", ModeCandidature.FERMEE),
        (True, "1", extras(mode_candidature="prescription_libre"), ModeCandidature.PRESCRIPTION_LIBRE),
        (True, "1", extras(mode_candidature="fermee"), ModeCandidature.FERMEE),
    ],
)
def test_who_may_bring_candidatures(conv: bool, etat: str, suite: str, attendu: ModeCandidature) -> None:
    une = action(session(etat=etat, suite=suite), suite=CONV + REGION if conv else "")
    assert la_session(formation(actions=une)).mode_candidature is attendu


def test_what_lheo_has_no_word_for_stands_in_extras() -> None:
    suite = extras(capacite_accueil=12, coefficient="2,5", ratio_suite_parcours="0.8", date_entree_tardive="20260315",
                   point_entree=["20260401", "20260302", "20260401"], positionneur="31490172900033",
                   commentaire="Rentrée&#10;décalée", heures_centre="35.5", modalite="mixte")  # fmt: skip
    lue = la_session(formation(actions=action(session(suite=suite))))
    assert (lue.capacite_accueil, lue.coefficient, lue.ratio_suite_parcours) == (
        12,
        Decimal("2.5"),
        Decimal("0.8"),
    )
    assert lue.date_entree_tardive == date(2026, 3, 15)
    assert lue.points_entree == (date(2026, 3, 2), date(2026, 4, 1))
    assert lue.positionneur is not None
    assert (lue.positionneur.siret, lue.commentaire) == ("31490172900033", "Rentrée\ndécalée")
    assert (lue.heures_centre, lue.modalite) == (Decimal("35.5"), Modalite.MIXTE)


def test_what_an_action_says_holds_for_its_sessions_unless_they_say_otherwise() -> None:
    deux = session() + session(numero="00500002", suite=extras(capacite_accueil=8))
    une, autre = (
        prise(formation(actions=action(deux, suite=extras(capacite_accueil=12, coefficient=2))))
        .actions[0]
        .sessions
    )
    assert (une.capacite_accueil, autre.capacite_accueil) == (12, 8)
    assert une.coefficient == autre.coefficient == 2


def test_extras_of_somebody_else_say_nothing_to_us() -> None:
    autres = extras(capacite_accueil="beaucoup").replace("rafaelpro", "autre")
    assert la_session(formation(actions=action(session(suite=autres)))).capacite_accueil is None


@pytest.mark.regle("R-225", "R-227")
def test_an_apprenticeship_tells_its_years() -> None:
    lue = la_session(formation(certifications=CERTIFICATION, actions=action(session(suite=APPRENTISSAGE))))
    assert (lue.voie_acces, lue.annees_apprentissage) == (VoieAcces.APPRENTISSAGE, "1, 2")


@pytest.mark.regle("R-229", "R-231", "R-232", "R-233")
def test_a_session_validates_blocs() -> None:
    suite = blocs("2", "RNCP35819BC01", "RNCP35819BC02")
    lue = la_session(formation(certifications=CERTIFICATION + AUTRE, actions=action(session(suite=suite))))
    (validee,) = lue.certifications
    assert validee.certification.code_certifinfo == "112173"
    assert (validee.validation, validee.blocs) == (ValidationBlocs.MIXTE, ("RNCP35819BC01", "RNCP35819BC02"))
    totale = la_session(
        formation(certifications=CERTIFICATION, actions=action(session(suite=blocs("1", "RNCP35819BC01"))))
    )
    assert [(c.validation, c.blocs) for c in totale.certifications] == [(ValidationBlocs.TOTALE, ())]


def test_a_session_that_says_nothing_certifies_what_its_action_does() -> None:
    lue = la_session(formation(certifications=CERTIFICATION + AUTRE + "<certification/>" + CERTIFICATION))
    assert [c.certification.code_rncp for c in lue.certifications] == ["RNCP35819", "RNCP37795"]


@pytest.mark.regle("R-237")
@pytest.mark.parametrize(
    ("suite", "attendu", "averti"),
    [
        (
            "<nombre-heures-centre>280</nombre-heures-centre><nombre-heures-entreprise>70</nombre-heures-entreprise>",
            (280, 70),
            0,
        ),
        (
            "<nombre-heures-entreprise>70</nombre-heures-entreprise><nombre-heures-total>350</nombre-heures-total>",
            (280, 70),
            0,
        ),
        ("<nombre-heures-total>350</nombre-heures-total>", (350, None), 0),
        (
            "<nombre-heures-centre>280</nombre-heures-centre><nombre-heures-total>300</nombre-heures-total>",
            (280, None),
            1,
        ),
    ],
)
def test_hours_add_up(suite: str, attendu: tuple[int, int | None], averti: int) -> None:
    lue = prise(formation(actions=action(suite=suite)))
    assert (lue.actions[0].sessions[0].heures_centre, lue.actions[0].sessions[0].heures_entreprise) == attendu
    assert len(lue.avertissements) == averti


@pytest.mark.regle("R-242")
def test_an_information_meeting_has_its_moment_in_paris() -> None:
    suite = (
        "<recrutement><modalite-recrutement>9</modalite-recrutement>"
        "<periode><debut>20260210</debut><fin>20260210</fin></periode><heure-debut>9h30</heure-debut></recrutement>"
        "<recrutement><modalite-recrutement>8</modalite-recrutement></recrutement>"
    )
    lue = la_session(formation(actions=action(session(suite=suite))))
    (reunion,) = lue.reunions
    assert lue.modalites_recrutement == ("entretien", "information_collective")
    assert reunion.debut_le == datetime(2026, 2, 10, 9, 30, tzinfo=PARIS)


def reunion(jour: str, heure: str) -> str:
    """Out: a formation whose session has one information meeting."""
    suite = (
        "<recrutement><modalite-recrutement>9</modalite-recrutement>"
        f"<periode><debut>{jour}</debut><fin>{jour}</fin></periode><heure-debut>{heure}</heure-debut></recrutement>"
    )
    return formation(actions=action(session(suite=suite)))


@pytest.mark.regle("R-242")
@pytest.mark.parametrize("dite", ["09:30", "9h30", "9 h30", "0930", "09.30", "9H30"])
def test_an_hour_is_read_as_producers_write_it(dite: str) -> None:
    (lue,) = la_session(reunion("20260210", dite)).reunions
    assert lue.debut_le == datetime(2026, 2, 10, 9, 30, tzinfo=PARIS)


@pytest.mark.regle("R-242")
@pytest.mark.parametrize("dite", ["matin", "25:00", "9h60", "930"])
def test_an_hour_that_cannot_be_read_is_told(dite: str) -> None:
    lue = prise(reunion("20260210", dite))
    assert [(e.element, e.code) for e in lue.avertissements] == [("heure-debut", "HEURE")]
    assert [r.debut_le.hour for r in lue.actions[0].sessions[0].reunions] == [0]


@pytest.mark.regle("R-242")
def test_a_meeting_of_the_middle_ages_is_told_and_left() -> None:
    lue = prise(reunion("00010101", "09:30"))
    assert [(e.element, e.code) for e in lue.avertissements] == [("debut", "DATE")]
    assert lue.actions[0].sessions[0].reunions == ()


@pytest.mark.regle("R-191")
def test_a_formacode_that_is_none_is_told_and_left() -> None:
    lue = prise(formation().replace("22334", "ABCDE"))
    assert [(e.element, e.code) for e in lue.avertissements] == [("code-FORMACODE", "FORMACODE")]
    assert lue.actions[0].formacodes == ()


@pytest.mark.regle("R-205", "R-211")
def test_a_link_keeps_its_parameters() -> None:
    """HTML reads `&region` as « ® » and « ion »: what is no whole entity is left as it is."""
    lien = "https://exemple.invalid/offre?id=1&region=75&section=2&copy=3"
    url = f"<url-formation><urlweb>{lien.replace('&', '&amp;')}</urlweb></url-formation>"
    assert prise(formation(avant_action=url)).actions[0].lien_web == lien
    assert simple(f"Voir {lien} &amp; <b>venir</b> &eacute;t&#233;") == f"Voir {lien} & venir été"


@pytest.mark.regle("R-223")
def test_the_formateur_may_be_another_structure() -> None:
    suite = (
        "<organisme-formateur><SIRET-formateur><SIRET>31490172900033</SIRET></SIRET-formateur>"
        "<raison-sociale-formateur>Antenne fictive</raison-sociale-formateur><contact-formateur>"
        "<type-contact>1</type-contact><coordonnees><nom>Référente</nom></coordonnees></contact-formateur></organisme-formateur>"
    )
    lue = la_session(formation(actions=action(suite=suite)))
    assert lue.formateur is not None
    assert (lue.formateur.siret, lue.formateur.raison_sociale) == ("31490172900033", "Antenne fictive")
    assert lue.referent_handicap == "Référente"
    assert lue.contact.nom == "Accueil"


def test_a_source_without_numbers_gives_the_same_ones_at_each_reading() -> None:
    anonyme = formation(
        numero="",
        actions=action(session(numero="") * 2, numero="") + action(numero="", sessions=session(numero="")),
    )
    numeros = {
        (lue.numero, une.numero_source, s.numero_source)
        for lue in (prise(anonyme), prise(anonyme))
        for une in lue.actions
        for s in une.sessions
    }
    assert len(numeros) == 3
    autre = prise(formation(numero="", intitule="Autre"))
    assert autre.numero not in {numero for numero, _, _ in numeros}


@pytest.mark.parametrize("rien", ["-", ".", " – "])
def test_a_name_without_a_letter_is_none(rien: str) -> None:
    responsable = RESPONSABLE.replace("Atelier fictif SAS", rien)
    assert prise(formation(responsable=responsable)).responsable.raison_sociale == "Atelier fictif"


def test_2_2_reads_like_2_3() -> None:
    ancien = fichier(formation(), espace="http://www.lheo.org/2.2")
    assert list(lire(io.BytesIO(ancien), DEPARTEMENTS)) == [prise(formation())]


def test_the_main_place_is_the_tagged_one() -> None:
    autre = LIEU.replace(' tag="principal"', "").replace("33000", "16000")
    assert la_session(formation(actions=action(lieu=autre + LIEU))).lieu.departement == "33"


def test_a_report_tells_what_was_refused_and_where() -> None:
    rapport = Rapport(version="2.3")
    bilan = Bilan()
    for _ in range(2):
        bilan.compter("action", CREE)
    rapport.prendre(bilan)
    (refusee,) = lues(formation(actions=action(lieu=LIEU.replace("33000", "29000"))))
    assert isinstance(refusee, FormationRefusee)
    rapport.refuser(refusee)
    texte = str(rapport)
    assert "2 formations lues" in texte
    assert "formations : créées 1, modifiées 0, inchangées 0" in texte
    assert "actions : créées 2, modifiées 0, inchangées 0" in texte
    assert "1 formation refusée\n" in texte
    assert "ligne 3, codepostal « 29000 »" in texte
    assert rapport.motifs == {"R-244": 1}


BRETAGNE = ("22", "29", "35", "56")
ONISEP = os.environ.get("LHEO_ONISEP", "")


@pytest.mark.regle("R-244")
@pytest.mark.skipif(not ONISEP, reason="LHEO_ONISEP does not say where the published sample of Onisep is")
def test_the_sample_of_onisep_comes_in_whole_where_it_belongs() -> None:
    data = Path(ONISEP).read_bytes()
    assert examiner(io.BytesIO(data)).version == "2.2"
    (refusee,) = lire(io.BytesIO(data), DEPARTEMENTS)
    assert isinstance(refusee, FormationRefusee)
    assert [(e.ligne, e.element, e.regle) for e in refusee.erreurs] == [(47, "departement", "R-244")]
    (lue,) = lire(io.BytesIO(data), BRETAGNE)
    assert isinstance(lue, FormationLue)
    assert lue.actions[0].certifications[0].code_rncp == "RNCP474"
    assert lue.actions[0].lien_web == "https://www2.cndp.fr/archivage/valid/brochadmin/bouton/c052.htm"
    assert not any("<" in (texte or "") for texte in (lue.actions[0].objectif, lue.actions[0].programme))


def test_a_code_that_blanks_made_long_enough_is_none() -> None:
    """LHEO counts characters, blanks included: what is left of it would not be LHEO any more."""
    lieu = LIEU.replace("</ville>", "</ville><code-INSEE-commune>3306 </code-INSEE-commune>")
    assert la_session(formation(actions=action(lieu=lieu))).lieu.code_insee is None
