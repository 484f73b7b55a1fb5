"""Mails leave once, from a real server, and nobody loses one without knowing."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from pathlib import Path

import pytest
from aiosmtplib import SMTPResponseException
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from sqlalchemy import text

from app import models as m
from app.jobs.composition import composer, en_lettres, gabarits, moment_en_lettres
from app.jobs.echecs import EchecTravail
from app.jobs.poste import CourrielRetarde, Dossier, Serveur, meaning
from tests.cast import MAINTENANT, Monde

from .conftest import SITE, Atelier
from .serveur import ServeurDeCourriel, servi


@pytest.fixture
async def serveur_de_courriel() -> AsyncIterator[ServeurDeCourriel]:
    async with servi() as serveur:
        yield serveur


@pytest.fixture
def poste(atelier: Atelier, serveur_de_courriel: ServeurDeCourriel) -> ServeurDeCourriel:
    """The jobs of the workshop send through the real server."""
    atelier.poste = Serveur(serveur_de_courriel.url)
    return serveur_de_courriel


async def confier(atelier: Atelier, monde: Monde, **sujets: object) -> m.Candidature:
    candidature = await monde.une_candidature(
        auteur=monde.nadia, etat="en_attente_validation", valider_avant_le=MAINTENANT + timedelta(days=15)
    )
    await atelier.confier(
        "courriel",
        gabarit="validation_recue",
        compte_id=monde.rosa.id,
        candidature_id=candidature.id,
        **sujets,
    )
    return candidature


# --- through a server ----------------------------------------------------------------------------------------------


async def test_a_mail_says_what_is_due_and_to_whom(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    candidature = await confier(atelier, monde)
    await atelier.vider()

    [message] = poste.recoit.recus
    assert message["To"] == monde.rosa.courriel
    assert message["Subject"] == f"Candidature {candidature.reference} : à valider avant le 17 juin 2026"
    assert message["Auto-Submitted"] == "auto-generated"
    text_, page = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for said in (text_, page):
        assert f"Bonjour {monde.rosa.prenom}," in said
        assert f"{SITE}/candidatures/{candidature.reference}" in said
    assert '<html lang="fr">' in page
    assert await atelier.etats("courriel") == [("succeeded", 1)]


async def test_a_server_that_is_busy_is_asked_again_later(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    poste.recoit.reponses = ["451 4.3.0 plus tard", "452 4.3.1 plein"]
    await confier(atelier, monde)
    await atelier.vider()
    assert poste.recoit.recus == []
    assert await atelier.etats("courriel") == [("todo", 1)]

    for _ in range(2):
        await atelier.avancer()
        await atelier.vider()

    assert len(poste.recoit.recus) == 1
    assert await atelier.etats("courriel") == [("succeeded", 3)]
    noted = [(i.nb_essais, i.est_definitif, i.explication) for i in await atelier.incidents()]
    assert noted == [
        (1, False, "Le serveur de courriel le remet à plus tard (451)."),
        (2, False, "Le serveur de courriel le remet à plus tard (452)."),
    ]


async def test_a_refusal_for_good_is_seen_and_not_tried_again(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    poste.recoit.refus = f"550 5.1.1 <{monde.rosa.courriel}> inconnue ici"
    await confier(atelier, monde)
    await atelier.vider()

    assert await atelier.etats("courriel") == [("failed", 1)]
    [incident] = await atelier.incidents()
    assert incident.est_definitif
    assert (incident.tache, incident.erreur) == ("courriel", "CourrielRefuse")
    assert incident.explication == "Le serveur de courriel refuse ce message (550)."
    assert incident.lieu.startswith("jobs/poste.py:")
    assert monde.rosa.courriel not in str(incident)


async def test_a_server_that_is_not_there_is_waited_for_then_given_up(atelier: Atelier, monde: Monde) -> None:
    async with servi() as serveur:
        pass
    atelier.poste = Serveur(serveur.url)
    await confier(atelier, monde)
    for _ in range(7):
        await atelier.vider()
        await atelier.avancer()

    assert await atelier.etats("courriel") == [("failed", 7)]
    noted = await atelier.incidents()
    assert [i.est_definitif for i in noted] == [False] * 6 + [True]
    assert {i.explication for i in noted} == {"Le serveur de courriel ne répond pas."}


def certificat_de_la_maison(dossier: Path) -> ssl.SSLContext:
    """Out: the certificate that a machine makes for itself: nobody vouches for it."""
    cle, maintenant = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    nom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relais")])
    certificat = (
        x509.CertificateBuilder(nom, nom, cle.public_key(), x509.random_serial_number())
        .not_valid_before(maintenant - timedelta(days=1))
        .not_valid_after(maintenant + timedelta(days=1))
        .sign(cle, hashes.SHA256())
    )
    fichier = dossier / "relais.pem"
    secret = cle.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fichier.write_bytes(secret + certificat.public_bytes(Encoding.PEM))
    contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    contexte.load_cert_chain(fichier)
    return contexte


async def test_a_relay_whose_certificate_nobody_vouches_for_is_used_where_no_password_is_said(
    tmp_path: Path,
) -> None:
    """As Postfix comes with Debian: to refuse it would be to send in clear, or nothing. A password asks for more."""
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "a@un.example", "b@un.example", "<1@un.example>"
    async with servi(certificat_de_la_maison(tmp_path)) as relais:
        await Serveur(relais.url).envoyer(message)
        assert len(relais.recoit.recus) == 1
        with pytest.raises(CourrielRetarde):
            await Serveur(relais.url.replace("//", "//moi:secret@")).envoyer(message)


def test_an_answer_that_is_no_smtp_is_no_answer() -> None:
    assert str(meaning(SMTPResponseException(-1, "charabia"))) == "Le serveur de courriel ne répond pas."


# --- once ----------------------------------------------------------------------------------------------------------


async def test_a_job_that_runs_again_sends_nothing(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    await confier(atelier, monde)
    await atelier.vider()
    async with atelier.base.engine.begin() as db:
        await db.execute(text("update procrastinate_jobs set status = 'todo'"))
    await atelier.vider()

    assert len(poste.recoit.recus) == 1


async def test_two_jobs_about_the_same_thing_send_one_mail(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    about = {"gabarit": "structure_validee", "structure_id": monde.trois_vallees.id, "sujet": "structure-7"}
    for _ in range(2):
        await atelier.confier("courriel", compte_id=monde.rosa.id, **about)
        await atelier.vider()

    assert len(poste.recoit.recus) == 1


async def test_a_mail_sent_twice_bears_the_same_identifier(
    atelier: Atelier, monde: Monde, poste: ServeurDeCourriel
) -> None:
    """The worker dies after the server's yes: the note is missing, and the mail leaves again."""
    await confier(atelier, monde)
    await atelier.vider()
    async with atelier.base.engine.begin() as db:
        await db.execute(text("delete from courriel_envoye"))
        await db.execute(text("update procrastinate_jobs set status = 'todo'"))
    await atelier.vider()

    first, second = poste.recoit.recus
    assert first["Message-ID"] == second["Message-ID"]


# --- what a mail may say, and to whom -------------------------------------------------------------------------------


async def test_the_queue_holds_no_name_and_no_address(atelier: Atelier, monde: Monde) -> None:
    await confier(atelier, monde)
    async with atelier.base.engine.connect() as db:
        [args] = await db.scalars(text("select args from procrastinate_jobs"))

    assert set(args) == {"gabarit", "compte_id", "candidature_id"}
    assert monde.rosa.courriel not in json.dumps(args)


@pytest.mark.regle("R-116")
async def test_a_mail_about_a_candidature_names_nobody_but_its_addressee(
    atelier: Atelier, monde: Monde
) -> None:
    await confier(atelier, monde)
    await atelier.vider()

    [message] = atelier.boite.recus
    said = message.as_string()
    candidat = await monde.relire(monde.mathis, m.Candidat)
    for secret in (candidat.nom, candidat.prenom, monde.rosa.nom, monde.nadia.nom):
        assert secret not in said


async def test_nothing_is_sent_to_the_program_of_a_partner(atelier: Atelier, monde: Monde) -> None:
    await atelier.confier(
        "courriel",
        gabarit="structure_validee",
        compte_id=monde.hub_agora.id,
        structure_id=monde.trois_vallees.id,
    )
    await atelier.vider()

    assert atelier.boite.recus == []
    assert await atelier.etats("courriel") == [("succeeded", 1)]


async def test_nothing_is_sent_about_what_is_no_more(atelier: Atelier, monde: Monde) -> None:
    candidature = await confier(atelier, monde)
    await monde.supprimer(candidature)
    await atelier.vider()

    assert atelier.boite.recus == []
    assert await atelier.incidents() == []


# --- links ----------------------------------------------------------------------------------------------------------


async def un_lien(monde: Monde, usage: m.UsageLien, **colonnes: object) -> m.LienCourriel:
    defaults = {"compte_id": monde.paul.id, "usage": usage, "sel": b"x" * 16, "cree_le": MAINTENANT}
    defaults["expire_le"] = MAINTENANT + timedelta(hours=24)
    return await monde.inserer(m.LienCourriel, **defaults | colonnes)


async def test_a_link_bears_a_word_that_the_house_recognises(atelier: Atelier, monde: Monde) -> None:
    lien = await un_lien(monde, m.UsageLien.CHANGER_MOT_DE_PASSE)
    await atelier.confier("courriel", gabarit="mot_de_passe_oublie", compte_id=monde.paul.id, lien_id=lien.id)
    await atelier.vider()

    [message] = atelier.boite.recus
    said = message.get_body(("plain",)).get_content()
    [line] = [line for line in said.splitlines() if line.startswith(f"{SITE}/liens/changer_mot_de_passe#")]
    assert atelier.cipher.proves(line.partition("#")[2], lien.id, lien.sel)
    assert "avant le 3 juin 2026 à 10 h 00" in said


@pytest.mark.parametrize("colonnes", [{"utilise_le": MAINTENANT}, {"expire_le": MAINTENANT}])
async def test_a_link_that_serves_no_more_is_not_sent(
    atelier: Atelier, monde: Monde, colonnes: dict[str, object]
) -> None:
    lien = await un_lien(monde, m.UsageLien.CHANGER_MOT_DE_PASSE, **colonnes)
    await atelier.confier("courriel", gabarit="mot_de_passe_oublie", compte_id=monde.paul.id, lien_id=lien.id)
    await atelier.vider()

    assert atelier.boite.recus == []


async def test_the_link_of_somebody_else_is_not_sent(atelier: Atelier, monde: Monde) -> None:
    lien = await un_lien(monde, m.UsageLien.CHANGER_MOT_DE_PASSE)
    await atelier.confier("courriel", gabarit="mot_de_passe_oublie", compte_id=monde.rosa.id, lien_id=lien.id)
    await atelier.vider()

    assert atelier.boite.recus == []


@pytest.mark.regle("R-014")
async def test_a_new_address_is_confirmed_where_it_is(atelier: Atelier, monde: Monde) -> None:
    lien = await un_lien(monde, m.UsageLien.PRENDRE_ADRESSE, contenu={"courriel": "neuve@adresse.example"})
    await atelier.confier("courriel", gabarit="adresse_a_prendre", compte_id=monde.paul.id, lien_id=lien.id)
    await atelier.vider()

    [message] = atelier.boite.recus
    assert message["To"] == "neuve@adresse.example"


# --- templates ------------------------------------------------------------------------------------------------------

TOUT = {
    "prenom": "Rosa",
    "site": SITE,
    "reference": "C2026000001",
    "valider_avant": "17 juin 2026",
    "structure": "Mission locale <des> Trois Vallées & alentours",
    "droit": "Prescripteur niveau 2",
    "motif": "Données du candidat incohérentes",
    "lien": f"{SITE}/liens/essai#1.abc",
    "expire": "3 juin 2026 à 10 h 00",
    "supprime_le": "18 juin 2026",
    "intitule": "Maçonnerie <du> bâti ancien",
    "session": "00123456",
    "avis_avant": "13 juin 2026",
    "nombre": 2,
    "resultat": "Avis non transmis",
    "lignes": ["C2026000001 : Retenue (Maçonnerie <des> murs)"],
    "prescripteur": "Mission locale <des> Trois Vallées & alentours",
    "faite_le": "2 juin 2026",
    "organisme": "Institut de l'Estuaire",
    "debut": "1er juillet 2026",
    "fin": "30 septembre 2026",
    "ville": "Royan",
    "action_reference": "202600000001",
    "nom": "Bâtir <des> murs",
    "autres": 2,
    "depuis": "1er juin 2026",
    "rythme": "chaque jour",
    "recherche": "abc",
    "reglage": f"{SITE}/recherches/abc/alerte",
    "role": "Référent",
    "prefixe": "raf_abcd",
    "partenaire": "Hub <des> partenaires",
    "portee": "lire l'offre",
    "du": "1er juin 2026",
    "au": "3 juin 2026",
    "personne": "2022349610",
}
ENVOI = {"a": "rosa@adresse.example", "de": "RafaelPro <x@rafaelpro.example>", "sujet": "essai-1"}


@pytest.mark.parametrize("gabarit", sorted(gabarits()))
def test_every_template_can_be_read_as_text_and_as_a_page(gabarit: str) -> None:
    message = composer(gabarit, **ENVOI, le=MAINTENANT, contexte=TOUT)
    text_, page = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert message["Subject"]
    assert text_.startswith("Bonjour Rosa,\n\n")
    assert max(len(line) for line in text_.splitlines() if SITE not in line) <= 80
    assert "<des>" not in page
    assert page.count("<h1") == 1
    assert "numéro de sécurité sociale" in text_


@pytest.mark.parametrize("entre", ["\r\nBcc: ", "\n", "\x0b", "\x85", "\u2028", "\u202e", "\x1b"])
def test_a_name_that_somebody_typed_neither_breaks_a_subject_nor_turns_it_round(entre: str) -> None:
    """A structure is declared, and a search is named, by whoever asks: the mail leaves, and to nobody else."""
    typed = f"Ateliers{entre}voleur@adresse.example"
    message = composer("affiliation_demandee", **ENVOI, le=MAINTENANT, contexte=TOUT | {"structure": typed})
    assert message["Subject"].split()[-1] == "voleur@adresse.example"
    assert message["Subject"].isprintable()
    assert (message["Bcc"], message["To"]) == (None, ENVOI["a"])


@pytest.mark.parametrize(("gabarit", "contexte"), [("inconnu", TOUT), ("avis_rendu", {"prenom": "Rosa"})])
def test_a_template_that_cannot_be_filled_in_is_a_failure_for_good(
    gabarit: str, contexte: dict[str, str]
) -> None:
    with pytest.raises(EchecTravail) as failure:
        composer(gabarit, **ENVOI, le=MAINTENANT, contexte=contexte)
    assert failure.value.est_definitif


@pytest.mark.parametrize("sujets", [{"humeur": "bonne"}, {"droit": "roi"}])
async def test_a_subject_that_no_mail_knows_is_a_failure_for_good(
    atelier: Atelier, monde: Monde, sujets: dict[str, str]
) -> None:
    await atelier.confier("courriel", gabarit="droit_ajoute", compte_id=monde.rosa.id, **sujets)
    await atelier.vider()

    assert await atelier.etats("courriel") == [("failed", 1)]


def test_days_are_written_as_people_write_them() -> None:
    assert en_lettres(MAINTENANT.date().replace(day=1)) == "1er juin 2026"
    assert moment_en_lettres(MAINTENANT) == "2 juin 2026 à 10 h 00"


# --- without a server -----------------------------------------------------------------------------------------------


async def test_without_a_server_mails_go_to_a_folder_each_once(
    atelier: Atelier, monde: Monde, tmp_path: Path
) -> None:
    atelier.poste = Dossier(tmp_path / "courriels")
    await confier(atelier, monde, sujet="validation-7")
    await atelier.vider()
    async with atelier.base.engine.begin() as db:
        await db.execute(text("delete from courriel_envoye"))
        await db.execute(text("update procrastinate_jobs set status = 'todo'"))
    await atelier.vider()

    [written] = (tmp_path / "courriels").iterdir()
    assert written.name == "validation-7.eml"
    assert message_from_bytes(written.read_bytes(), policy=POLICY)["To"] == monde.rosa.courriel
    assert (tmp_path / "courriels").stat().st_mode & 0o077 == 0
