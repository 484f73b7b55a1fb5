"""A formation of LHEO: one action of ours, with its sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.lheo import (
    FINANCEURS,
    OBJECTIFS,
    RAS,
    RIEN,
    TYPES_ENTREE,
    validations_deduites,
)
from app.models import Financeur, TypeEntree

from .balises import attribut, balise, extras, ligne, nombre, propre
from .organismes import Ligne, contact, formateur, responsable
from .organismes import adresse as ecrire_adresse
from .sessions import MODALITE_DE, Commun, codes, lieu_de, session

LONG, TITRE, FORMACODES = 3000, 255, 5
FINANCEUR_DE = {
    str(Financeur.REGION): "2",
    str(Financeur.FRANCE_TRAVAIL): "4",
    str(Financeur.ETAT): "13",
    str(Financeur.OPCO): "16",
}
assert all(FINANCEURS[code] == mot for mot, code in FINANCEUR_DE.items())
OBJECTIF_DE = {str(mot): code for code, mot in OBJECTIFS.items()}
ENTREE_DE = {str(mot): code for code, mot in TYPES_ENTREE.items()} | {str(TypeEntree.SEQUENCEES): "1"}
TOUT_PUBLIC, DEMANDEUR_EMPLOI = "83056", "80006"
ATTESTATION = "attestation"


def formation(a: Ligne) -> str | None:
    """In: an action as it was read. Out: the element, or None: LHEO cannot say an organisation without a SIRET."""
    organisme, sessions = a["responsable"], a["sessions"]
    if not sessions or not organisme or not organisme["siret"]:
        return None
    certifications = {c["certification"]["id"]: c["certification"] for c in a["certifications"]}
    commun = _commun(a, sessions, certifications)
    objectif = OBJECTIF_DE.get(a["objectif_general"])
    return (
        f'<formation numero="{attribut(a["reference"])}">'
        "<domaine-formation>"
        + "".join(balise("code-FORMACODE", code) for code in a["formacodes"][:FORMACODES] if len(code) == 5)
        + "</domaine-formation>"
        + balise("intitule-formation", (ligne(a["intitule"], TITRE) or RIEN)[:TITRE])
        + _long("objectif-formation", a["objectif"])
        + _long("resultats-attendus", a["resultats_attendus"])
        + _long("contenu-formation", a["programme"])
        + balise("certifiante", 1 if certifications else 0)
        + contact("contact-formation", a)
        + "<parcours-de-formation>4</parcours-de-formation><code-niveau-entree>0</code-niveau-entree>"
        + (balise("objectif-general-formation", objectif) if objectif else "")
        + "".join(f"<certification>{codes(c)}</certification>" for c in certifications.values())
        + _url(a["lien_web"])
        + _action(a, sessions, commun)
        + responsable(organisme)
        + "</formation>\n"
    )


def _long(nom: str, valeur: str | None) -> str:
    return balise(nom, (propre(valeur, LONG) or RIEN)[:LONG])


def _url(lien: str | None) -> str:
    return f"<url-formation>{balise('urlweb', lien)}</url-formation>" if lien else ""


def _commun(a: Ligne, sessions: Sequence[Ligne], certifications: Mapping[int, Ligne]) -> Commun:
    lieux: dict[tuple[Any, ...], str] = {}
    for s in sessions:
        lieux.setdefault(lieu_de(s), f"L{len(lieux) + 1}")
    sirets = {(s["formateur"] or {}).get("siret") for s in sessions}
    return Commun(
        modalite=_seul(s["modalite"] for s in sessions),
        type_entree=_seul(s["type_entree"] for s in sessions),
        heures={nom: _entieres(s[nom] for s in sessions) for nom in ("heures_centre", "heures_entreprise")},
        formateur=len(sirets) == 1,
        lieux=lieux,
        certifications=certifications,
        est_conventionnee=a["est_conventionnee"],
    )


def _seul(valeurs: Iterable[str | None]) -> str | None:
    dites = set(valeurs)
    return dites.pop() if len(dites) == 1 else None


def _entieres(valeurs: Iterable[str | None]) -> str | None:
    """Out: the hours that all sessions share, where LHEO, which counts whole ones, can say them."""
    dites = _seul(valeurs)
    return None if dites is None or "." in (nombre(dites) or "") else nombre(dites)


def _action(a: Ligne, sessions: Sequence[Ligne], commun: Commun) -> str:
    premiere = sessions[0]
    entreprise = commun.heures["heures_entreprise"]
    alternance = f"{entreprise} heures en entreprise" if entreprise not in (None, "0") else "Sans"
    conditions, prerequis = propre(a["conditions_acces"], LONG) or RAS, propre(a["prerequis"])
    public = DEMANDEUR_EMPLOI if a["est_conventionnee"] else TOUT_PUBLIC
    return (
        f'<action numero="{attribut(a["reference"])}">'
        "<rythme-formation>Non précisé</rythme-formation>"
        + balise("code-public-vise", public)
        + "<niveau-entree-obligatoire>0</niveau-entree-obligatoire>"
        + balise("modalites-alternance", alternance)
        + balise("modalites-enseignement", MODALITE_DE[premiere["modalite"]])
        + balise("conditions-specifiques", _conditions(conditions, prerequis))
        + "<prise-en-charge-frais-possible>1</prise-en-charge-frais-possible>"
        + "".join(_lieu(lieu, numero) for lieu, numero in commun.lieux.items())
        + balise("modalites-entrees-sorties", ENTREE_DE[premiere["type_entree"]])
        + "".join(session(s, commun) for s in sessions)
        + _heures(commun)
        + balise("conventionnement", 1 if a["est_conventionnee"] else 0)
        + _formateurs(sessions)
        + _financeur(a)
        + extras(_extras(a, conditions, prerequis))
        + "</action>"
    )


def _conditions(conditions: str, prerequis: str | None) -> str:
    """Out: both, for who reads LHEO alone: it has one element for them."""
    return (conditions if prerequis is None else f"{conditions}\nPrérequis : {prerequis}")[:LONG]


def _lieu(lieu: tuple[Any, ...], numero: str) -> str:
    principal = ' tag="principal"' if numero == "L1" else ""
    ou = f"<coordonnees>{ecrire_adresse(*lieu)}</coordonnees>"
    return f'<lieu-de-formation numero="{numero}"{principal}>{ou}</lieu-de-formation>'


def _heures(commun: Commun) -> str:
    centre, entreprise = commun.heures["heures_centre"], commun.heures["heures_entreprise"]
    total = str(int(centre) + int(entreprise or 0)) if centre is not None else None
    noms = ("centre", centre), ("entreprise", entreprise), ("total", total)
    return "".join(balise(f"nombre-heures-{nom}", dit) for nom, dit in noms if dit is not None)


def _formateurs(sessions: Sequence[Ligne]) -> str:
    connus = {s["formateur"]["siret"]: s["formateur"] for s in sessions if s["formateur"]}
    connus.pop(None, None)
    return "".join(formateur(qui, principal=rang == 0) for rang, qui in enumerate(connus.values()))


def _financeur(a: Ligne) -> str:
    if not a["est_conventionnee"]:
        return ""
    code = balise("code-financeur", FINANCEUR_DE[a["financeur"]])
    return f"<organisme-financeur>{code}</organisme-financeur>"


def _extras(a: Ligne, conditions: str, prerequis: str | None) -> list[tuple[str, str | None]]:
    certifiees = [c["certification"] for c in a["certifications"]]
    dites = [v for v in a["validations"] if v != ATTESTATION or not certifiees]
    validations = dites or validations_deduites([bool(c["code_rncp"]) for c in certifiees])
    return [
        ("dispositif", a["dispositif"]),
        ("numero-marche", propre(a["numero_marche"])),
        ("mesure", propre(a["mesure"])),
        ("le-plus", propre(a["le_plus"])),
        ("conditions-acces", None if prerequis is None else conditions),
        ("prerequis", prerequis),
        *(("validation", validation) for validation in validations),
        *(("formacode", code) for code in a["formacodes"][FORMACODES:]),
    ]
