"""The form of an action: every problem with its path; warnings apart (R-184, R-196 to R-218).

A draft refuses what cannot be kept (too long, not an address, a sixth certification); the rest is said when the whole
form is checked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.models import Certification, Mot

from .actions_contenu import CERTIFICATIONS, TEXTES_COURTS, TEXTES_LONGS, code
from .empechements import Empechement
from .formulaires import CHAMPS_CANDIDAT, RACINE, Champ, ChampObligatoire, verifier_champs
from .publication import ContactActionManquant
from .textes import plier
from .textes_simples import simple

CERTIFICATIONS_MAXIMUM = 5  # C-21
VAE, TITRE_VAE = "83899", "accompagnement vae"
SIGLE_MAXIMUM = 5  # letters: a longer word all in capitals is no acronym


class Validation(Mot):
    """What ends a training (R-207)."""

    ATTESTATION = "attestation", "Attestation de fin de formation"
    RNCP = "rncp", "Diplôme ou certification inscrit(e) au RNCP"
    AUTRE_CERTIFICATION = "autre_certification", "Autre diplôme, certificat, habilitation"


class IntituleEnMajuscules(Empechement):
    """L'intitulé s'écrit en minuscules, sauf les sigles : corrigez-le."""

    regle = "R-201"


class TexteEnMajuscules(Empechement):
    """Ce texte est tout en majuscules : il se lit mieux en minuscules."""

    regle = "R-201"


class TitreVaeAttendu(Empechement):
    """L'intitulé d'un accompagnement à la VAE (Certif Info 83899) est « Accompagnement VAE » : corrigez-le."""

    regle = "R-202"


class AttestationAvecCertification(Empechement):
    """L'attestation de fin de formation ne se coche que sans certification, diplôme ni habilitation : décochez-la."""

    regle = "R-208"


class TropDeCertifications(Empechement):
    """Une action prépare cinq certifications au plus : retirez-en."""

    regle = "R-209"


class CertificationEnDouble(Empechement):
    """Cette certification est citée deux fois : gardez-la une seule fois."""

    regle = "R-209"


class CertificationInconnue(Empechement):
    """Cette certification n'existe pas : cherchez-la par son code RNCP, RS ou Certif Info, ou laissez le champ vide."""

    regle = "R-212"


class OrganismeNonHabilite(Empechement):
    """France compétences ne cite pas votre organisme parmi ceux qui délivrent {certification} : Cap Métiers le vérifiera."""

    regle = "R-213"


class CertificationInactive(Empechement):
    """La fiche {certification} n'est plus enregistrée, selon France compétences : vérifiez que vous la délivrez encore."""

    regle = "R-213"


class CertificationAttendue(Empechement):
    """La fin de formation annonce une certification qui n'est pas citée : Cap Métiers la complétera si vous ne la trouvez pas."""

    regle = "R-215"


class CodeVaeAttendu(Empechement):
    """Pour un accompagnement à la VAE, citez le code Certif Info 83899."""

    regle = "R-214"


class ActionVoisine(Empechement):
    """Votre catalogue a déjà une action semblable, {reference} : ajoutez-y plutôt une session."""

    regle = "R-184"


def _url(texte: str) -> bool:
    return re.fullmatch(r"https?://[^\s/?#]+\.[^\s]+", texte, re.IGNORECASE) is not None


_DU_CONTACT = {champ.nom: champ for champ in CHAMPS_CANDIDAT if champ.nom in ("telephone", "courriel")}


def contact(prefixe: str = "contact_") -> tuple[Champ, ...]:
    """Out: the fields of a contact."""
    telephone, courriel = _DU_CONTACT["telephone"], _DU_CONTACT["courriel"]
    return (
        Champ(f"{prefixe}nom", 250),
        Champ(f"{prefixe}telephone", telephone.maximum, False, telephone.forme, telephone.attendu),
        Champ(f"{prefixe}courriel", courriel.maximum, False, courriel.forme, courriel.attendu),
    )


CHAMPS_ACTION = (
    Champ("intitule", 255, obligatoire=True),
    Champ("objectif", 3000, obligatoire=True),
    Champ("programme", 3000, obligatoire=True),
    Champ("le_plus", 1000),
    Champ("resultats_attendus", 3000),
    Champ("conditions_acces", 3000, obligatoire=True),  # « RAS » where nothing applies
    Champ("prerequis", 3000),
    Champ("lien_web", 400, False, _url, "une adresse comme https://exemple.fr/formation"),
    Champ("numero_marche", 100),
    Champ("mesure", 250),
    *contact(),
)
OBLIGATOIRES = (
    *(champ.nom for champ in CHAMPS_ACTION if champ.obligatoire),
    "objectif_general",
    "validations",
)
"""R-196: what the form must say to be confirmed; a contact that can be reached besides."""


def nettoyee(saisie: Mapping[str, Any]) -> dict[str, Any]:
    """Out: the same values, formatting gone from texts (R-205), empty texts None, choices said once."""
    return {nom: _nettoye(nom, valeur) for nom, valeur in saisie.items()}


def _nettoye(nom: str, valeur: Any) -> Any:
    if nom in TEXTES_LONGS and valeur is not None:
        return simple(valeur) or None
    if nom in TEXTES_COURTS and valeur is not None:
        return " ".join(simple(valeur).split()) or None
    if nom == "validations":
        return [str(mot) for mot in dict.fromkeys(valeur or [])]
    return list(valeur or []) if nom == CERTIFICATIONS else valeur


def problemes_saisie(voulu: Mapping[str, Any], connues: Collection[int]) -> list[Empechement]:
    """What even a draft refuses. In: cleaned values, the keys of the certifications that exist. Out: every problem."""
    problemes = verifier_champs(CHAMPS_ACTION, voulu, complet=False)
    if "intitule" in voulu and not voulu["intitule"]:
        problemes.append(ChampObligatoire(RACINE, "intitule"))
    return problemes + _certifications(voulu.get(CERTIFICATIONS, []), connues)


def _certifications(cles: Sequence[int], connues: Collection[int]) -> list[Empechement]:
    chemin = (RACINE, CERTIFICATIONS)
    trouves = [
        (len(set(cles)) > CERTIFICATIONS_MAXIMUM, TropDeCertifications(*chemin)),
        (len(set(cles)) < len(cles), CertificationEnDouble(*chemin)),
        (not set(cles) <= set(connues), CertificationInconnue(*chemin)),
    ]
    return [probleme for est_la, probleme in trouves if est_la]


def problemes_action(
    contenu: Mapping[str, Any], certifications: Sequence[Certification]
) -> list[Empechement]:
    """Everything that keeps this content from being confirmed, each on its field."""
    return [
        *verifier_champs(CHAMPS_ACTION, contenu, complet=True),
        *(
            ChampObligatoire(RACINE, nom)
            for nom in ("objectif_general", "validations")
            if not contenu.get(nom)
        ),
        *_reperes(contenu, certifications),
    ]


def _reperes(contenu: Mapping[str, Any], certifications: Sequence[Certification]) -> list[Empechement]:
    intitule, validations = contenu.get("intitule") or "", contenu.get("validations") or []
    joignable = contenu.get("contact_telephone") or contenu.get("contact_courriel")
    certifiante = bool(certifications) or bool(set(validations) - {Validation.ATTESTATION})
    trouves: list[tuple[bool, Empechement]] = [
        (not joignable, ContactActionManquant(RACINE, "contact_telephone")),
        (est_crie(intitule), IntituleEnMajuscules(RACINE, "intitule")),
        (est_vae(certifications) and not dit_vae(intitule), TitreVaeAttendu(RACINE, "intitule")),
        (
            Validation.ATTESTATION in validations and certifiante,
            AttestationAvecCertification(RACINE, "validations"),
        ),
    ]
    return [probleme for est_la, probleme in trouves if est_la]


def avertissements_action(
    contenu: Mapping[str, Any],
    certifications: Sequence[Certification],
    voisines: Sequence[tuple[str, str, Collection[int]]] = (),
    *,
    siren: str | None = None,
) -> list[Empechement]:
    """What is worth a look and stops nothing.

    In: `voisines`, the reference, the title and the certifications of the other actions of the organisme (R-184);
    `siren`, its own (R-213).
    """
    intitule = contenu.get("intitule") or ""
    annoncees = set(contenu.get("validations") or []) - {Validation.ATTESTATION}
    trouves: list[tuple[bool, Empechement]] = [
        (bool(annoncees) and not certifications, CertificationAttendue(RACINE, CERTIFICATIONS)),
        (dit_vae(intitule) and not est_vae(certifications), CodeVaeAttendu(RACINE, CERTIFICATIONS)),
    ]
    semblables = [
        ActionVoisine(RACINE, "intitule", reference=reference)
        for reference, titre, prepare in voisines
        if plier(titre) == plier(intitule) or {c.id for c in certifications} & set(prepare)
    ]
    non_habilites = [
        OrganismeNonHabilite(RACINE, CERTIFICATIONS, certification=code(certification))
        for certification in certifications
        if siren is not None and not peut_delivrer(siren, certification)
    ]
    inactives = [
        CertificationInactive(RACINE, CERTIFICATIONS, certification=code(certification))
        for certification in certifications
        if not certification.est_active
    ]
    cries = [TexteEnMajuscules(RACINE, nom) for nom in TEXTES_LONGS if est_crie(contenu.get(nom) or "")]
    simples = [avertissement for est_la, avertissement in trouves if est_la]
    return [*simples, *cries, *inactives, *non_habilites, *semblables]


def peut_delivrer(siren: str, certification: Certification) -> bool:
    """R-213: False where it is known who delivers a certification, and this organisme is not among them."""
    return not certification.sirens_habilites or siren in certification.sirens_habilites


def est_crie(texte: str) -> bool:
    """R-201: True for a text in capitals; « CAP AEPE » is made of acronyms."""
    lettres = [c for c in texte if c.isalpha()]
    mots = re.findall(r"[^\W\d_]+", texte)
    return all(c.isupper() for c in lettres) and any(len(mot) > SIGLE_MAXIMUM for mot in mots)


def est_vae(certifications: Sequence[Certification]) -> bool:
    """R-214: True for VAE support."""
    return any(certification.code_certifinfo == VAE for certification in certifications)


def dit_vae(intitule: str) -> bool:
    """R-202: True for the title of VAE support."""
    return plier(intitule).startswith(TITRE_VAE)
