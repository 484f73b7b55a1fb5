"""The sessions of an organisation, from a table that people fill: what each row says, in the words of the form.

A row names its action by its reference; with a numéro Carif it is about that session, without one about a new one. An
empty cell says nothing. Words are those of the lists, as stored or as people read them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from app.domain.identifiants import est_siret
from app.domain.recrutement import MODALITES
from app.domain.textes import plier
from app.imports.tableurs import Rangee, TableauRefuse, lire_tableau, nom_de_colonne
from app.models import Modalite, ModaliteRecrutement, Mot, TypeEntree, VoieAcces

LIGNES_MAXIMUM = 2_000
ACTION, NUMERO, FORMATEUR = "Référence de l'action", "Numéro Carif", "SIRET du formateur"


@dataclass(frozen=True)
class LigneSession:
    """A row: which action, which session (None: a new one), what it says by column; and what cannot be read, and why."""

    ligne: int
    reference: str
    numero: str | None
    champs: Mapping[str, Any]
    formateur: str | None = None
    fautes: Mapping[str, str] = field(default_factory=dict)


def _jour(dit: str) -> date:
    for forme in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(dit, forme).date()  # noqa: DTZ007  # a day
        except ValueError:
            continue
    raise ValueError("date attendue, comme 02/03/2026")


def _heures(dit: str) -> Decimal:
    propre = re.sub(r"\s*h(eures)?$", "", dit.replace("\u202f", "").replace("\xa0", "").replace(" ", ""))
    if not re.fullmatch(r"[0-9]{1,4}([.,][0-9]{1,2})?", propre):
        raise ValueError("nombre d'heures attendu, comme 35 ou 35,5")
    return Decimal(propre.replace(",", "."))


def _mot(mots: type[Mot]) -> Callable[[str], Mot]:
    connus = {plier(dit): mot for mot in mots for dit in (mot.value, mot.libelle)}

    def lire(dit: str) -> Mot:
        if (mot := connus.get(plier(dit))) is None:
            raise ValueError(f"mot inconnu, attendu : {', '.join(m.libelle for m in mots)}")
        return mot

    return lire


def _mots(mots: type[Mot]) -> Callable[[str], list[str]]:
    un = _mot(mots)
    return lambda dit: [str(un(mot)) for mot in re.split(r"[,;/|]", dit) if mot.strip()]


COLONNES: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "Début": ("date_debut", _jour),
    "Fin": ("date_fin", _jour),
    "Type d'entrée": ("type_entree", _mot(TypeEntree)),
    "Voie d'accès": ("voie_acces", _mot(VoieAcces)),
    "Années en apprentissage": ("annees_apprentissage", str),
    "Modalité": ("modalite", _mot(Modalite)),
    "Heures en centre": ("heures_centre", _heures),
    "Heures en entreprise": ("heures_entreprise", _heures),
    "Nom du lieu": ("lieu_nom", str),
    "Voie du lieu": ("lieu_voie", str),
    "Code postal": ("lieu_code_postal", lambda dit: dit.zfill(5)),
    "Ville": ("lieu_ville", str),
    "Code INSEE": ("lieu_code_insee", lambda dit: dit.upper().zfill(5)),
    "Contact": ("contact_nom", str),
    "Téléphone": ("contact_telephone", str),
    "Courriel": ("contact_courriel", str),
    "Référent handicap": ("referent_handicap", str),
    "Recrutement": (MODALITES, _mots(ModaliteRecrutement)),
    "Commentaire": ("commentaire", str),
}
ENTETES = (ACTION, NUMERO, *COLONNES, FORMATEUR)
"""The columns of the template; a file may leave out all but the first."""


def lire_sessions(flux: BinaryIO) -> list[LigneSession]:
    """In: a stream at its beginning. Out: its rows. Raises TableauRefuse: no table of sessions, or too long a one."""
    tableau = lire_tableau(flux)
    connues = {nom_de_colonne(entete) for entete in ENTETES}
    if nom_de_colonne(ACTION) not in tableau.colonnes:
        raise TableauRefuse(f"la colonne « {ACTION} » manque : partez du modèle")
    if inconnues := [nom for nom in tableau.colonnes if nom and nom not in connues]:
        raise TableauRefuse(f"colonnes inconnues : {', '.join(inconnues)} ; partez du modèle")
    lues = list(_bornees(tableau.rangees))
    if not lues:
        raise TableauRefuse("ce fichier n'a pas de ligne")
    return lues


def _bornees(rangees: Iterator[Rangee]) -> Iterator[LigneSession]:
    for rang, rangee in enumerate(rangees):
        if rang == LIGNES_MAXIMUM:
            raise TableauRefuse(f"plus de {LIGNES_MAXIMUM} lignes : faites plusieurs fichiers")
        yield _ligne(rangee)


def _ligne(rangee: Rangee) -> LigneSession:
    champs: dict[str, Any] = {}
    fautes: dict[str, str] = {}
    for entete, (nom, lire) in COLONNES.items():
        if (dit := rangee.dit(nom_de_colonne(entete))) is not None:
            try:
                champs[nom] = lire(dit)
            except ValueError as faute:
                fautes[nom] = f"{entete} : {faute}"
    siret = re.sub(r"\s", "", rangee.dit(nom_de_colonne(FORMATEUR)) or "") or None
    if siret is not None and not est_siret(siret):
        fautes["formateur_id"] = f"{FORMATEUR} : ce SIRET n'existe pas"
    numero = rangee.dit(nom_de_colonne(NUMERO))
    numero = numero.zfill(8) if numero else None  # a spreadsheet drops the zeros in front
    if numero is None and not {"date_debut", "date_fin"} <= champs.keys() | fautes.keys():
        fautes["date_debut"] = "une nouvelle session dit son début et sa fin"
    return LigneSession(rangee.ligne, rangee.dit(nom_de_colonne(ACTION)) or "", numero, champs, siret, fautes)
