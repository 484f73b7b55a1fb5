"""A value that the schema or our own rules refuse is an error of its formation only."""

from __future__ import annotations

import pytest

from app.imports.lheo import FormationLue, FormationRefusee
from tests.imports.samples import (
    ADRESSE,
    LIEU,
    RESPONSABLE,
    action,
    extras,
    formation,
    lues,
    prise,
    refus,
    session,
)

CERTIFICATION = (
    "<certification><code-RNCP>35819</code-RNCP><code-CERTIFINFO>112173</code-CERTIFINFO></certification>"
)
AUTRE = "<certification><code-RNCP>37795</code-RNCP></certification>"
CONV = "<conventionnement>1</conventionnement>"
REGION = "<organisme-financeur><code-financeur>2</code-financeur></organisme-financeur>"


def avec_session(**options: str) -> str:
    return formation(actions=action(session(**options)))


def blocs(validation: str, *codes: str, rncp: str = "35819") -> str:
    lus = "".join(
        f"<bloc-competences><libelle-bloc>b</libelle-bloc><code-bloc>{code}</code-bloc></bloc-competences>"
        for code in codes
    )
    return (
        f"<blocs-competences><validation-blocs>{validation}</validation-blocs><reference-certification>"
        f"<reference-code-RNCP>{rncp}</reference-code-RNCP></reference-certification>{lus}</blocs-competences>"
    )


def test_a_fifteen_digit_siret_refuses_its_formation_alone() -> None:
    mauvaise = formation(numero="20_2", responsable=RESPONSABLE.replace("73282932000074", "732829320000745"))
    avant, refusee, apres = lues(formation(), mauvaise, formation(numero="20_3"))
    assert isinstance(avant, FormationLue)
    assert isinstance(apres, FormationLue)
    assert isinstance(refusee, FormationRefusee)
    (erreur,) = refusee.erreurs
    assert (erreur.ligne, erreur.element, erreur.code, erreur.valeur) == (
        4,
        "SIRET",
        "LONGUEUR",
        "732829320000745",
    )
    assert erreur.chemin == "formation/organisme-formation-responsable/SIRET-organisme-formation/SIRET"
    assert "15 caractères" in str(erreur)


def test_a_siret_with_a_wrong_key_is_refused() -> None:
    faux = RESPONSABLE.replace("73282932000074", "73282932000075")
    assert refus(formation(responsable=faux)) == [("SIRET", "SIRET_INVALIDE", None)]


def test_everything_wrong_is_told_at_once() -> None:
    faux = RESPONSABLE.replace("73282932000074", "1")
    texte = formation(
        certifications="<certification><code-RNCP>RNCPX</code-RNCP></certification>",
        actions=action(session(debut="20260231", etat="9"), modalite="4"),
        responsable=faux,
    )
    assert {element for element, _, _ in refus(texte)} == {
        "SIRET", "code-RNCP", "debut", "etat-recrutement", "modalites-enseignement",
    }  # fmt: skip


@pytest.mark.regle("R-244")
def test_a_place_out_of_the_region_is_refused() -> None:
    ailleurs = LIEU.replace("33000", "29391")
    assert refus(formation(actions=action(lieu=ailleurs))) == [("codepostal", "HORS_REGION", "R-244")]


@pytest.mark.regle("R-244")
def test_the_municipality_knows_better_than_the_postcode() -> None:
    frontiere = LIEU.replace("</ville>", "</ville><code-INSEE-commune>24053</code-INSEE-commune>").replace(
        "33000", "46000"
    )
    assert prise(formation(actions=action(lieu=frontiere))).actions[0].sessions[0].lieu.departement == "24"


@pytest.mark.regle("R-244")
def test_a_postcode_of_another_country_is_of_no_departement_here() -> None:
    """40001 is in Segovia, too."""
    segovie = LIEU.replace("33000", "40001").replace("</ville>", "</ville><pays>ES</pays>")
    assert refus(formation(actions=action(lieu=segovie))) == [("pays", "HORS_REGION", "R-244")]


@pytest.mark.regle("R-244")
@pytest.mark.parametrize("dit", ["33", "033"])
def test_a_departement_may_be_written_with_three_digits(dit: str) -> None:
    lieu = LIEU.replace("</ville>", f"</ville><departement>{dit}</departement><pays>FR</pays>")
    assert prise(formation(actions=action(lieu=lieu))).actions[0].sessions[0].lieu.departement == "33"


@pytest.mark.regle("R-243")
def test_a_place_must_have_an_address() -> None:
    assert refus(formation(actions=action(lieu=""))) == [("session", "LIEU", "R-243")]
    vide = "<lieu-de-formation><coordonnees/></lieu-de-formation>"
    assert refus(formation(actions=action(lieu=vide))) == [("lieu-de-formation", "LIEU", "R-243")]


@pytest.mark.regle("R-243")
def test_a_remote_session_without_a_place_is_where_one_enrols() -> None:
    assert (
        prise(formation(actions=action(lieu="", modalite="2"))).actions[0].sessions[0].lieu.ville
        == "Bordeaux"
    )


@pytest.mark.regle("R-238")
def test_a_session_does_not_end_before_it_begins() -> None:
    assert refus(avec_session(debut="20260302", fin="20260301")) == [("fin", "DATES", "R-238")]
    assert prise(avec_session(debut="20260302", fin="20260302"))


@pytest.mark.regle("R-220")
def test_a_session_says_when_it_begins() -> None:
    assert refus(avec_session(debut="00000000")) == [("debut", "DATE_INCONNUE", "R-220")]
    assert refus(avec_session(fin="99999999")) == [("fin", "DATE_INCONNUE", "R-220")]


def test_a_day_that_is_not_in_the_calendar_is_refused() -> None:
    assert refus(avec_session(fin="20270230")) == [("fin", "DATE", None)]
    assert refus(avec_session(debut="00010101")) == [("debut", "DATE", None)]


@pytest.mark.regle("R-135", "R-136")
def test_deadlines_follow_one_another() -> None:
    tardive = extras(date_entree_tardive="20260401")
    assert prise(avec_session(inscription="20260401", suite=tardive))
    assert refus(avec_session(inscription="20260402", suite=tardive)) == [("fin", "DATES", "R-135")]
    assert refus(avec_session(suite=extras(date_entree_tardive="20260701"))) == [("extra", "DATES", "R-136")]


@pytest.mark.regle("R-138", "R-241")
def test_a_comment_has_600_characters() -> None:
    assert prise(avec_session(suite=extras(commentaire="x" * 600)))
    assert refus(avec_session(suite=extras(commentaire="x" * 601))) == [("extra", "LONGUEUR", None)]
    assert refus(avec_session(suite=extras(commentaire="x" * 50_000))) == [("extra", "LONGUEUR", None)]


@pytest.mark.regle("R-139")
@pytest.mark.parametrize("valeurs", [{"capacite_accueil": "0"}, {"capacite_accueil": "1.5"}, {"capacite_accueil": "x"},
                                     {"coefficient": "0.5"}, {"coefficient": "NaN"}])  # fmt: skip
def test_capacity_and_coefficient_have_bounds(valeurs: dict[str, str]) -> None:
    assert refus(avec_session(suite=extras(**valeurs))) == [("extra", "NOMBRE", "R-139")]


@pytest.mark.regle("R-071")
def test_an_entry_point_is_within_its_session() -> None:
    assert prise(avec_session(suite=extras(point_entree=["20260302", "20260630"])))
    assert refus(avec_session(suite=extras(point_entree=["20260701"]))) == [("extra", "DATES", "R-071")]


def test_a_word_of_the_trade_that_does_not_exist_is_refused() -> None:
    assert refus(avec_session(suite=extras(mode_candidature="ouverte"))) == [("extra", "CODE", None)]


@pytest.mark.regle("R-131")
def test_a_poec_says_so_in_its_title() -> None:
    suite = CONV + REGION + extras(dispositif="poec")
    assert refus(formation(actions=action(suite=suite))) == [("intitule-formation", "TITRE_POEC", "R-131")]
    assert prise(formation(intitule="[POEC] Maçon", actions=action(suite=suite)))


@pytest.mark.regle("R-123")
def test_a_conventionnee_action_has_a_financeur_and_a_dispositif() -> None:
    assert refus(formation(actions=action(suite=CONV))) == [("conventionnement", "CONVENTION", "R-123")] * 2
    etat = CONV + REGION.replace(">2<", ">11<")
    assert refus(formation(actions=action(suite=etat))) == [("conventionnement", "CONVENTION", "R-123")]
    assert prise(formation(actions=action(suite=etat + extras(dispositif="pic"))))


@pytest.mark.regle("R-208")
def test_an_attestation_excludes_a_certification() -> None:
    suite = extras(validation=["attestation"])
    assert refus(formation(certifications=CERTIFICATION, actions=action(suite=suite))) == [
        ("extra", "ATTESTATION", "R-208")
    ]
    assert prise(formation(actions=action(suite=suite))).actions[0].validations == ("attestation",)


@pytest.mark.regle("R-212")
@pytest.mark.parametrize("balise", ["code-RNCP", "code-RS", "code-CERTIFINFO"])
def test_a_code_of_certification_is_digits(balise: str) -> None:
    faux = f"<certification><{balise}>ABC12</{balise}></certification>"
    assert refus(formation(certifications=faux)) == [(balise, "CODE", "R-212")]


@pytest.mark.regle("R-229", "R-230")
def test_a_session_certifies_what_its_action_does() -> None:
    suite = "<reference-certification><reference-code-RNCP>1</reference-code-RNCP></reference-certification>"
    for certifications in (CERTIFICATION, ""):
        texte = formation(certifications=certifications, actions=action(session(suite=suite)))
        assert refus(texte) == [("reference-certification", "CERTIFICATION_ETRANGERE", "R-229")]


@pytest.mark.regle("R-233")
@pytest.mark.parametrize("code", ["BC01RNCP", "RNCP37795BC01", "RNCP35819"])
def test_a_bloc_is_of_its_certification(code: str) -> None:
    texte = formation(certifications=CERTIFICATION + AUTRE, actions=action(session(suite=blocs("0", code))))
    assert refus(texte) == [("code-bloc", "CODE_BLOC", "R-233")]


APPRENTISSAGE = (
    "<cycle><type-cycle>1</type-cycle><annee-cycle>2</annee-cycle><annee-cycle>1</annee-cycle></cycle>"
)


@pytest.mark.regle("R-234")
def test_an_apprenticeship_prepares_one_certification() -> None:
    texte = formation(certifications=CERTIFICATION + AUTRE, actions=action(session(suite=APPRENTISSAGE)))
    assert refus(texte) == [("session", "APPRENTISSAGE", "R-234")]
    une = (
        "<reference-certification><reference-code-RNCP>37795</reference-code-RNCP></reference-certification>"
    )
    assert prise(
        formation(certifications=CERTIFICATION + AUTRE, actions=action(session(suite=une + APPRENTISSAGE)))
    )


@pytest.mark.regle("R-235")
def test_an_apprenticeship_validates_the_whole() -> None:
    for validation in "02":
        suite = blocs(validation, "RNCP35819BC01") + APPRENTISSAGE
        texte = formation(certifications=CERTIFICATION, actions=action(session(suite=suite)))
        assert refus(texte) == [("validation-blocs", "APPRENTISSAGE", "R-235")]


@pytest.mark.regle("R-225")
def test_a_session_has_one_access_route() -> None:
    deux = APPRENTISSAGE + (
        "<cycle><type-cycle>0</type-cycle><alternance><type-alternance>2</type-alternance></alternance></cycle>"
    )
    assert refus(avec_session(suite=deux)) == [("cycle", "VOIES", "R-225")]


@pytest.mark.regle("R-211")
@pytest.mark.parametrize(
    "lien", ["javascript:alert(1)", "mailto:a@exemple.invalid", "http://", "pas un lien", "ftp://a.fr/"]
)
def test_a_link_is_the_address_of_a_page(lien: str) -> None:
    texte = formation(avant_action=f"<url-formation><urlweb>{lien}</urlweb></url-formation>")
    assert refus(texte) == [("urlweb", "URL", "R-211")]


@pytest.mark.regle("R-180")
def test_numbers_are_not_used_twice_in_a_formation() -> None:
    assert refus(formation(actions=action(session() * 2))) == [("session", "DOUBLON", "R-180")]
    assert refus(formation(actions=action() + action())) == [("action", "DOUBLON", "R-180")]


@pytest.mark.regle("R-237")
def test_hours_are_within_bounds() -> None:
    assert refus(formation(actions=action(suite="<nombre-heures-centre>-1</nombre-heures-centre>"))) == [
        ("nombre-heures-centre", "NOMBRE", "R-237")
    ]


def test_a_place_that_a_session_names_must_exist() -> None:
    assert refus(avec_session(suite=extras(lieu="ailleurs"))) == [("extra", "LIEU", "R-243")]
    autre = (
        LIEU
        + f'<lieu-de-formation numero="b"><coordonnees>{ADRESSE.replace("33000", "86000")}</coordonnees></lieu-de-formation>'
    )
    texte = formation(actions=action(session(suite=extras(lieu="b")), lieu=autre))
    assert prise(texte).actions[0].sessions[0].lieu.departement == "86"


def test_a_formation_too_large_is_refused_and_the_next_one_read() -> None:
    enorme = "<extras>" + "<extra>x</extra>" * 400_001 + "</extras>"
    refusee, suivante = lues(formation(suite=enorme), formation(numero="20_2"))
    assert isinstance(refusee, FormationRefusee)
    assert [erreur.code for erreur in refusee.erreurs] == ["TROP_GRANDE"]
    assert isinstance(suivante, FormationLue)
