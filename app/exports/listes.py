"""The lists of candidatures and of sessions as tables (R-153): the same filters, the same masks, page after page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import models as m
from app.domain.exports import ListeExportee
from app.domain.situations import SituationSession
from app.kit.clock import PARIS

NOTER = (
    """mutation($liste: ListeExportee!) { exporterListe(liste: $liste) { empechements { code message } } }"""
)

CANDIDATURES = """query($filtre: FiltreCandidatures, $apres: String) {
  page: candidatures(filtre: $filtre, tri: CREATION, first: 100, after: $apres) {
    pageInfo { hasNextPage endCursor }
    nodes { reference etat intitule sessionDateDebut sessionDateFin organismeFormation organismePrescripteur
      datePreinscription motifFin session { numeroCarif dateEntreeTardive
        responsable { raisonSociale } positionneur { raisonSociale } formateur { raisonSociale } }
      prescripteur { nom prenom }
      candidat { reference nom prenom telephone courriel codePostal ville }
      derniereConvocation { numero dateRendezVous resultat }
      avis { motif commentaire dateEntreePrevue dateSortiePrevue } } } }"""
SESSIONS = """query($filtre: FiltreMesSessions, $apres: String) {
  page: mesSessions(filtre: $filtre, first: 100, after: $apres) {
    pageInfo { hasNextPage endCursor }
    nodes { numeroCarif dateDebut dateFin situation lieu { ville departement } nombrePlaces { faites possibles }
      action { intitule financeur numeroMarche }
      responsable { raisonSociale } positionneur { raisonSociale } formateur { raisonSociale } } } }"""

STATISTIQUES = """query($filtre: FiltreStatistiques!) {
  page: statistiques(filtre: $filtre) { nodes: parDispositifEtDepartement { dispositif departement candidatures enAttente
    retenues entrees nonRetenues avisNonTransmis refusSessionComplete refusSessionAnnulee annulees
    presences absencesJustifiees absencesNonJustifiees delaiMedian delaiNeufSurDix } } }"""
STATISTIQUES_PUBLIEES = """query($filtre: FiltreStatistiquesPubliees, $apres: String) {
  page: statistiquesPubliees(filtre: $filtre, tri: PLUS_ANCIENNES, first: 100, after: $apres) {
    pageInfo { hasNextPage endCursor }
    nodes { trimestre dispositif departement candidatures retenues entrees presences absences
      delaiMedian delaiNeufSurDix } } }"""

Ligne = Mapping[str, Any]
Colonne = tuple[str, Callable[[Ligne], Any]]


@dataclass(frozen=True)
class Table:
    """A list that is exported: what is asked, and what each column says of a row."""

    document: str
    colonnes: tuple[Colonne, ...]

    @property
    def entetes(self) -> list[str]:
        """Out: the headers."""
        return [entete for entete, _ in self.colonnes]

    def cellules(self, ligne: Ligne) -> list[Any]:
        """Out: the cells of a row."""
        return [valeur(ligne) for _, valeur in self.colonnes]


def a(chemin: str) -> Callable[[Ligne], Any]:
    """Out: what reads the value at a path; nothing where something on the way is hidden or missing."""

    def lue(ligne: Ligne) -> Any:
        found: Any = ligne
        for nom in chemin.split("."):
            found = None if found is None else found[nom]
        return found

    return lue


def jour(chemin: str) -> Callable[[Ligne], str]:
    """Out: what reads a day, as it is written in France."""
    return lambda ligne: f"{date.fromisoformat(lu):%d/%m/%Y}" if (lu := a(chemin)(ligne)) else ""


def moment(chemin: str) -> Callable[[Ligne], str]:
    """Out: what reads a moment, in Paris."""
    return lambda ligne: (
        f"{datetime.fromisoformat(lu).astimezone(PARIS):%d/%m/%Y %H:%M}" if (lu := a(chemin)(ligne)) else ""
    )


def libelle(mots: type[m.Mot], chemin: str) -> Callable[[Ligne], str]:
    """Out: what reads a word of the trade, as screens say it."""
    return lambda ligne: mots[lu].libelle if (lu := a(chemin)(ligne)) else ""


def personne(chemin: str) -> Callable[[Ligne], str]:
    """Out: what reads a name."""
    return lambda ligne: f"{lu['prenom'] or ''} {lu['nom'] or ''}".strip() if (lu := a(chemin)(ligne)) else ""


def organismes(avant: str = "") -> tuple[Colonne, ...]:
    """Out: the columns of the three roles."""
    roles = ("responsable", "positionneur", "formateur")
    return tuple((role.capitalize(), a(f"{avant}{role}.raisonSociale")) for role in roles)


OU: tuple[Colonne, ...] = (
    ("Dispositif", libelle(m.Dispositif, "dispositif")),
    ("Département", a("departement")),
    ("Candidatures", a("candidatures")),
)
DELAIS: tuple[Colonne, ...] = (
    ("Délai médian (jours ouvrés)", a("delaiMedian")),
    ("Délai, neuf sur dix (jours ouvrés)", a("delaiNeufSurDix")),
)

TABLES: Mapping[str, tuple[ListeExportee, Table]] = {
    "candidatures": (
        ListeExportee.CANDIDATURES,
        Table(
            CANDIDATURES,
            (
                ("Référence", a("reference")),
                ("État", libelle(m.EtatCandidature, "etat")),
                ("Candidat", personne("candidat")),
                ("Référence du candidat", a("candidat.reference")),
                ("Téléphone", a("candidat.telephone")),
                ("Adresse e-mail", a("candidat.courriel")),
                ("Code postal", a("candidat.codePostal")),
                ("Ville", a("candidat.ville")),
                ("Session", a("session.numeroCarif")),
                ("Intitulé", a("intitule")),
                ("Début", jour("sessionDateDebut")),
                ("Fin", jour("sessionDateFin")),
                ("Entrée tardive jusqu'au", jour("session.dateEntreeTardive")),
                *organismes("session."),
                ("Organisme de formation", a("organismeFormation")),
                ("Organisme prescripteur", a("organismePrescripteur")),
                ("Prescripteur", personne("prescripteur")),
                ("Date de préinscription", moment("datePreinscription")),
                ("Convocations", lambda c: a("derniereConvocation.numero")(c) or 0),
                ("Dernier rendez-vous", jour("derniereConvocation.dateRendezVous")),
                ("Réponse", libelle(m.ResultatConvocation, "derniereConvocation.resultat")),
                ("Motif", libelle(m.MotifNonRetenu, "avis.motif")),
                ("Commentaire de l'avis", a("avis.commentaire")),
                ("Entrée prévue", jour("avis.dateEntreePrevue")),
                ("Sortie prévue", jour("avis.dateSortiePrevue")),
                ("Motif de fin", a("motifFin")),
            ),
        ),
    ),
    "sessions": (
        ListeExportee.SESSIONS,
        Table(
            SESSIONS,
            (
                ("Référence", a("numeroCarif")),
                ("Intitulé", a("action.intitule")),
                ("Financeur", libelle(m.Financeur, "action.financeur")),
                ("N° de marché", a("action.numeroMarche")),
                *organismes(),
                ("Ville", a("lieu.ville")),
                ("Département", a("lieu.departement")),
                ("Début", jour("dateDebut")),
                ("Fin", jour("dateFin")),
                ("État", libelle(SituationSession, "situation")),
                ("Inscrits", a("nombrePlaces.faites")),
                ("Places", a("nombrePlaces.possibles")),
            ),
        ),
    ),
    "statistiques": (
        ListeExportee.STATISTIQUES,
        Table(
            STATISTIQUES,
            (
                *OU,
                ("En attente d'avis", a("enAttente")),
                ("Retenues", a("retenues")),
                ("Entrées", a("entrees")),
                ("Non retenues", a("nonRetenues")),
                ("Avis non transmis", a("avisNonTransmis")),
                ("Session complète", a("refusSessionComplete")),
                ("Session annulée", a("refusSessionAnnulee")),
                ("Annulées", a("annulees")),
                ("Présences", a("presences")),
                ("Absences justifiées", a("absencesJustifiees")),
                ("Absences non justifiées", a("absencesNonJustifiees")),
                *DELAIS,
            ),
        ),
    ),
    "statistiques_publiees": (
        ListeExportee.STATISTIQUES_PUBLIEES,
        Table(
            STATISTIQUES_PUBLIEES,
            (
                ("Trimestre", jour("trimestre")),
                *OU,
                ("Retenues", a("retenues")),
                ("Entrées", a("entrees")),
                ("Présences", a("presences")),
                ("Absences", a("absences")),
                *DELAIS,
            ),
        ),
    ),
}
"""What may be downloaded, by the name of its file."""
