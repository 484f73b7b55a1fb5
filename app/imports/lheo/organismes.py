"""Structures, addresses, places and contacts of a LHEO file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.domain import identifiants
from app.domain.lheo import CONTACT_HANDICAP, SANS_CODE_POSTAL, code_de_cinq

from .erreurs import Releveur
from .extras import notes
from .lus import AdresseLue, ContactLu, OrganismeLu
from .noeuds import Noeud
from .textes import une_ligne

FRANCE = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"})
"""What an address of a French département says of its country (ISO 3166)."""

COURRIEL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")


def siret(noeud: Noeud | None, releveur: Releveur) -> str | None:
    """In: the element `SIRET`. Out: the SIRET; one that does not follow its key is refused."""
    if noeud is None:
        return None
    lu = noeud.texte.strip()
    if not identifiants.est_siret(lu):
        releveur.refuser(noeud, "SIRET_INVALIDE", "ce SIRET n'existe pas : sa clé ne correspond pas")
    return lu


def adresse(noeud: Noeud | None, nom: str | None = None) -> AdresseLue:
    """In: the element `adresse`, and how the place is called if it does not say."""
    if noeud is None:
        return AdresseLue(nom=nom)
    exactes = notes(noeud)
    lignes = [ligne for element in noeud.tous("ligne") if (ligne := une_ligne(element.texte))]
    code_postal = noeud.dit("codepostal")
    return AdresseLue(
        nom=une_ligne(noeud.dit("denomination")) or nom,
        voie=exactes.get("voie") or ", ".join(lignes) or None,
        code_postal=code_de_cinq(code_postal) if code_postal != SANS_CODE_POSTAL else None,
        ville=exactes.get("ville") or une_ligne(noeud.dit("ville")),
        code_insee=code_de_cinq(noeud.dit("code-INSEE-commune")),
        departement=departement(noeud)[1],
    )


def departement(noeud: Noeud) -> tuple[Noeud, str | None]:
    """In: an `adresse`. Out: the element that tells its département best, and the département."""
    pays = noeud.un("pays")
    if pays is not None and not pays.fautif and pays.texte.strip().upper() not in FRANCE:
        return pays, None
    if (dit := noeud.un("departement")) is not None:
        return dit, _sans_zero(dit.texte.strip().upper())
    if (insee := noeud.un("code-INSEE-commune")) is not None:
        trouve = identifiants.departement_du_code_insee(insee.texte.strip().upper())
        if trouve is not None:
            return insee, trouve
    postal = noeud.un("codepostal") or noeud
    return postal, identifiants.departement_du_code_postal(postal.texte.strip())


def _sans_zero(departement: str) -> str:
    """Out: `1`, `01` and `001` as one: some sources write every département with three digits."""
    return departement.removeprefix("0").zfill(2) if len(departement) > 2 else departement.zfill(2)


def contacts(noeuds: Iterable[Noeud], releveur: Releveur) -> Iterator[tuple[str, ContactLu]]:
    """In: elements `contact-…`. Out: for each, its type and who it is."""
    for noeud in noeuds:
        coordonnees = noeud.un("coordonnees")
        if coordonnees is not None:
            yield noeud.dit("type-contact"), contact(coordonnees, releveur)


def contact(coordonnees: Noeud, releveur: Releveur) -> ContactLu:
    """In: the element `coordonnees`. Out: who to call."""
    exactes = notes(coordonnees)
    personne = " ".join(
        mot for nom in ("civilite", "prenom", "nom") if (mot := une_ligne(coordonnees.dit(nom)))
    )
    courriel = coordonnees.un("courriel")
    adresse_courriel = courriel.texte.strip() if courriel is not None else ""
    if courriel is not None and not courriel.fautif and not COURRIEL.fullmatch(adresse_courriel):
        releveur.avertir(
            courriel, "COURRIEL", "cette adresse e-mail n'en est pas une : elle n'est pas reprise"
        )
        adresse_courriel = ""
    return ContactLu(
        nom=exactes.get("nom") or personne or une_ligne(coordonnees.dit("ligne")),
        telephone=exactes.get("telephone")
        or une_ligne(coordonnees.dit("telfixe", "numtel") or coordonnees.dit("portable", "numtel")),
        courriel=exactes.get("courriel") or adresse_courriel or None,
    )


def joignable(possibles: Iterable[tuple[str, ContactLu]]) -> ContactLu:
    """In: contacts, the nearest first. Out: the first that can be called or written to; else the first with a name."""
    ordinaires = [qui for sorte, qui in possibles if sorte != CONTACT_HANDICAP]
    joints = (qui for qui in ordinaires if qui.telephone or qui.courriel)
    return next(joints, next((qui for qui in ordinaires if qui.nom), ContactLu()))


def referent_handicap(possibles: Iterable[tuple[str, ContactLu]]) -> str | None:
    """Out: the disability referent in one line, or None."""
    for sorte, qui in possibles:
        if sorte == CONTACT_HANDICAP and (
            dit := [mot for mot in (qui.nom, qui.telephone, qui.courriel) if mot]
        ):
            return ", ".join(dit)
    return None


def responsable(noeud: Noeud, releveur: Releveur) -> OrganismeLu:
    """In: `organisme-formation-responsable`. Out: the structure that carries the training (R-198)."""
    coordonnees = noeud.un("coordonnees-organisme", "coordonnees")
    directes = [("", contact(coordonnees, releveur))] if coordonnees is not None else []
    activite = noeud.dit("numero-activite").upper()
    nom = _nom(noeud.dit("raison-sociale")) or _nom(noeud.dit("nom-organisme"))
    if nom is None:
        releveur.refuser(noeud.un("nom-organisme") or noeud, "NOM", "l'organisme responsable n'a pas de nom")
    return OrganismeLu(
        ligne=noeud.ligne,
        siret=siret(noeud.un("SIRET-organisme-formation", "SIRET"), releveur) or "",
        raison_sociale=nom or "",
        numero_source=noeud.numero or None,
        numero_activite=activite if identifiants.est_numero_activite(activite) else None,
        adresse=adresse(coordonnees.un("adresse") if coordonnees is not None else None),
        contact=joignable([*directes, *contacts(noeud.tous("contact-organisme"), releveur)]),
        est_qualiopi=notes(noeud).get("qualiopi-apprentissage") == "1",
    )


def formateur(noeud: Noeud, releveur: Releveur) -> OrganismeLu:
    """In: `organisme-formateur`. Out: the structure that delivers the training (R-223)."""
    lieu = noeud.un("contact-formateur", "coordonnees", "adresse")
    numero = siret(noeud.un("SIRET-formateur", "SIRET"), releveur) or ""
    return OrganismeLu(
        ligne=noeud.ligne,
        siret=numero,
        raison_sociale=_nom(noeud.dit("raison-sociale-formateur")) or numero,
        numero_source=noeud.numero or None,
        adresse=adresse(lieu),
        contact=joignable(contacts(noeud.tous("contact-formateur"), releveur)),
    )


def _nom(dit: str) -> str | None:
    """Out: a name on one line; a dash or a dot says nothing."""
    nom = une_ligne(dit)
    return nom if nom and any(lettre.isalnum() for lettre in nom) else None


def principal(noeuds: Iterable[Noeud]) -> Noeud | None:
    """Out: the element tagged `principal`, else the first, or None."""
    liste = list(noeuds)
    return next(
        (noeud for noeud in liste if noeud.attributs.get("tag") == "principal"), liste[0] if liste else None
    )


def lieu(noeud: Noeud) -> AdresseLue:
    """In: `lieu-de-formation`. Out: where the training takes place."""
    coordonnees = noeud.un("coordonnees")
    if coordonnees is None:
        return AdresseLue()
    lue = adresse(coordonnees.un("adresse"), une_ligne(coordonnees.dit("ligne")))
    return replace(lue, nom=lue.nom or une_ligne(coordonnees.dit("nom")))
