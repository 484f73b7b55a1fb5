"""The world of the bench, row after row: same size, same day, same seed, same rows.

Rows are tuples in the order of the columns named beside them. What triggers keep (copies, counters) is computed
here, because they are off while rows are copied in; `donnees.verifier` asks the base whether it is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from itertools import accumulate
from random import Random
from typing import Any

from app.domain.references import (
    reference_action,
    reference_candidat,
    reference_candidature,
    reference_session,
)
from bench.mots import CADRES, CHOSES, METIERS, NOMS, PRENOMS, VERBES, VILLES

GRAINE = 20260101
GRANDS = 8  # organisations with at least 60 actions: those that Q4 asks about
JOUR = timedelta(days=1)

ETATS = {  # shares of candidatures, in percent
    "retenue": 30,
    "non_retenue": 18,
    "en_attente_avis": 14,
    "annulee": 9,
    "avis_non_transmis": 6,
    "brouillon": 6,
    "refus_session_complete": 4,
    "en_attente_validation": 4,
    "corbeille": 3,
    "expiree": 3,
    "refus_session_annulee": 2,
    "rejetee": 1,
}
VALIDEES = {
    "retenue",
    "non_retenue",
    "en_attente_avis",
    "annulee",
    "avis_non_transmis",
    "refus_session_complete",
    "refus_session_annulee",
    "rejetee",
}
PLACES = {"en_attente_avis", "retenue"}


@dataclass(frozen=True)
class Membre:
    """An account under one droit of one structure, and the token it presents."""

    compte_id: int
    structure_id: int
    affiliation_id: int
    droit: str

    @property
    def jeton(self) -> str:
        """The token, known of whoever reads this file: it opens generated data and nothing else."""
        return f"banc-{self.compte_id:08d}-{sha256(str(self.compte_id).encode()).hexdigest()[:24]}"

    @property
    def empreinte(self) -> bytes:
        """What the base keeps of it."""
        return sha256(self.jeton.encode()).digest()


@dataclass(frozen=True)
class Session:
    """What candidatures copy of a session."""

    id: int
    action_id: int
    responsable_id: int
    formateur_id: int | None
    positionneur_id: int | None
    est_hsp: bool
    est_financee_region: bool
    debut: date
    fin: date
    intitule: str
    point_entree_id: int | None


@dataclass
class Monde:
    """A world of so many candidatures, as of a day."""

    taille: int
    jour: date
    nb_of: int = 0
    nb_prescripteurs: int = 0
    nb_actions: int = 0
    membres: list[Membre] = field(default_factory=list)
    par_structure: dict[int, list[Membre]] = field(default_factory=dict)
    noms: list[str] = field(default_factory=list)  # of structures, the first of key 1
    conventionnees: list[Session] = field(default_factory=list)
    nb_sessions: int = 0
    places: Counter[int] = field(default_factory=Counter)
    places_points: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Reckon the sizes: more candidatures, fewer structures and actions in proportion, as years pass."""
        facteur = self.taille / 10_000
        self.nb_of = round(24 * facteur**0.55)
        self.nb_prescripteurs = round(30 * facteur**0.5)
        self.nb_actions = round(800 * facteur**0.6)
        self.nb_candidats = max(200, round(self.taille / 1.6))
        self.le = datetime.combine(self.jour, time(9), UTC)

    def hasard(self, nom: str) -> Random:
        """Out: the dice of one table: another table's rows do not change them."""
        return Random(f"{GRAINE}:{self.taille}:{nom}")

    # -- structures and people -----------------------------------------------------------------------------------
    def structures(self) -> Iterator[dict[str, Any]]:
        """Training organisations first, prescribing structures next."""
        alea = self.hasard("structure")
        for cle in range(1, self.nb_of + self.nb_prescripteurs + 1):
            est_of = cle <= self.nb_of
            ville, code_postal, departement = alea.choice(VILLES)
            nom = f"{'Formation' if est_of else 'Mission'} {alea.choice(CHOSES)} {cle:04d}"
            self.noms.append(nom)
            yield {
                "id": cle,
                "raison_sociale": nom,
                "siret": f"{90_000_000_000_000 + cle}",
                "voie": f"{alea.randint(1, 99)} rue des {alea.choice(CHOSES)}",
                "code_postal": code_postal,
                "ville": ville,
                "departement": departement,
                "est_organisme_formation": est_of,
                "est_habilitee_prescrire": not est_of,
                "a_un_referent": True,
                "cree_le": self.le - 900 * JOUR,
            }

    def peupler(self) -> None:
        """Make the members: in each OF who recruits and who runs it, in each prescribing structure N1, N2 and N3."""
        for structure in range(1, self.nb_of + self.nb_prescripteurs + 1):
            if structure <= self.nb_of:
                recruteurs = 8 if structure <= GRANDS else 3
                droits = ["of_general", *["of_preinscription"] * recruteurs]
            else:
                droits = ["prescripteur_n3", *["prescripteur_n2"] * 3, "prescripteur_n1"]
            self.par_structure[structure] = equipe = []
            for droit in droits:
                cle = len(self.membres) + 1
                membre = Membre(cle, structure, cle, droit)
                self.membres.append(membre)
                equipe.append(membre)

    def comptes(self) -> Iterator[dict[str, Any]]:
        """One account a member."""
        alea = self.hasard("compte")
        for membre in self.membres:
            yield {
                "id": membre.compte_id,
                "courriel": f"membre{membre.compte_id}@banc.example",
                "nom": alea.choice(NOMS),
                "prenom": alea.choice(PRENOMS),
                "cree_le": self.le - 800 * JOUR,
            }

    def affiliations(self) -> Iterator[dict[str, Any]]:
        """The first member of a structure is its référent."""
        for membre in self.membres:
            yield {
                "id": membre.affiliation_id,
                "compte_id": membre.compte_id,
                "structure_id": membre.structure_id,
                "etat": "acceptee",
                "est_referent": self.par_structure[membre.structure_id][0] is membre,
                "demandee_le": self.le - 800 * JOUR,
                "decidee_le": self.le - 799 * JOUR,
            }

    def droits(self) -> Iterator[dict[str, Any]]:
        """The droit of each member, then what all of them have besides."""
        for rang, droit in ((0, None), (1, "beneficiaire")):
            for membre in self.membres:
                yield {
                    "id": membre.compte_id + rang * len(self.membres),
                    "affiliation_id": membre.affiliation_id,
                    "compte_id": membre.compte_id,
                    "structure_id": membre.structure_id,
                    "droit": droit or membre.droit,
                    "accorde_le": self.le - 799 * JOUR,
                }

    def jetons(self) -> Iterator[dict[str, Any]]:
        """A token that lasts for each member."""
        for membre in self.membres:
            yield {
                "id": membre.compte_id,
                "empreinte": membre.empreinte,
                "compte_id": membre.compte_id,
                "affiliation_id": membre.affiliation_id,
                "droit_accorde_id": membre.compte_id,
                "cree_le": self.le - 30 * JOUR,
                "expire_le": datetime(2099, 1, 1, tzinfo=UTC),
            }

    # -- offer ---------------------------------------------------------------------------------------------------
    def actions(self) -> Iterator[dict[str, Any]]:
        """Actions: sixty each for the great organisations, then by weight."""
        alea = self.hasard("action")
        poids = [1 / (rang + 1) ** 0.6 for rang in range(self.nb_of)]
        suite = alea.choices(range(1, self.nb_of + 1), poids, k=self.nb_actions)
        for cle in range(1, self.nb_actions + 1):
            metier, cadre = alea.choice(METIERS), alea.choice(CADRES)
            est_conventionnee = cle <= GRANDS * 60 or alea.random() < 0.8
            etat = (
                "publiee"
                if cle <= GRANDS * 60
                else alea.choices(("publiee", "brouillon", "archivee"), (92, 4, 4))[0]
            )
            le = self.le - timedelta(days=alea.uniform(30, 800))
            yield {
                "id": cle,
                "reference": reference_action(2024, cle),
                "responsable_id": (cle - 1) % GRANDS + 1 if cle <= GRANDS * 60 else suite[cle - 1],
                "etat": etat,
                "est_conventionnee": est_conventionnee,
                "dispositif": alea.choice(("prf", "hsp", "pic", "pacte")) if est_conventionnee else None,
                "financeur": alea.choice(("region", "region", "etat", "opco")) if est_conventionnee else None,
                "numero_marche": f"M{alea.randint(1, 400):05d}" if est_conventionnee else None,
                "intitule": f"{cadre.capitalize()} {metier} {alea.choice(CHOSES)} {cle}",
                "objectif": phrase(alea, metier, 2),
                "programme": phrase(alea, metier, 8),
                "conditions_acces": "RAS",
                "contact_nom": "Accueil",
                "contact_telephone": "05 00 00 00 00",
                "premiere_publication_le": None if etat == "brouillon" else le,
                "publiee_le": None if etat == "brouillon" else le,
                "cree_le": le - JOUR,
                "modifiee_le": le,
            }

    def sessions(
        self, actions: list[dict[str, Any]]
    ) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """In: the actions. Out: each session and its entry points; those that take candidatures are kept in mind."""
        alea = self.hasard("session")
        points = 0
        for action in actions:
            grande = action["id"] <= GRANDS * 60
            for _ in range(alea.randint(6, 9) if grande else alea.randint(1, 8)):
                self.nb_sessions += 1
                row = self.session(alea, self.nb_sessions, action, grande)
                entrees: list[dict[str, Any]] = []
                if row["est_hsp"]:
                    entrees = self.entrees(row, points + 1)
                    points += len(entrees)
                self.retenir(row, action, entrees)
                yield row, entrees

    def session(self, alea: Random, cle: int, action: dict[str, Any], grande: bool) -> dict[str, Any]:
        """Out: a session of an action, its copies made."""
        debut = self.jour + timedelta(days=alea.randint(20, 300) if grande else alea.randint(-700, 300))
        fin = debut + timedelta(days=alea.randint(60, 240))
        ville, code_postal, departement = alea.choice(VILLES)
        responsable = action["responsable_id"]
        autre = alea.randint(1, self.nb_of)
        publiee = action["etat"] != "brouillon"
        etat = (
            alea.choices(("publiee", "annulee", "suppression_demandee"), (93, 4, 3))[0]
            if publiee
            else "brouillon"
        )
        return {
            "id": cle,
            "numero_carif": reference_session(cle),
            "action_id": action["id"],
            "etat": etat,
            "responsable_id": responsable,
            "formateur_id": alea.choices((responsable, autre, None), (5, 3, 2))[0],
            "positionneur_id": alea.choices((responsable, autre, None), (6, 2, 2))[0],
            "est_conventionnee": action["est_conventionnee"],
            "est_hsp": action["dispositif"] == "hsp",
            "est_financee_region": action["financeur"] == "region",
            "action_en_ligne": action["etat"] == "publiee",
            "date_debut": debut,
            "date_fin": fin,
            "date_debut_initiale": debut,
            "heures_centre": 420,
            "heures_entreprise": 140,
            "lieu_nom": f"Centre de {ville}",
            "lieu_voie": "1 rue de l'Atelier",
            "lieu_code_postal": code_postal,
            "lieu_ville": ville,
            "lieu_departement": departement,
            "contact_nom": "Accueil",
            "mode_candidature": "prescription" if action["est_conventionnee"] else "fermee",
            "capacite_accueil": 12 + self.taille // 500,
            "coefficient": 3,
            "publiee_le": action["publiee_le"],
            "cree_le": action["cree_le"],
            "modifiee_le": action["modifiee_le"],
        }

    def entrees(self, session: dict[str, Any], premiere: int) -> list[dict[str, Any]]:
        """Out: three entry points, each knowing the one before it."""
        jours = [session["date_debut"] + timedelta(days=20 * rang) for rang in range(3)]
        return [
            {
                "id": premiere + rang,
                "session_id": session["id"],
                "date_entree": jours[rang],
                "date_precedente": jours[rang - 1] if rang else None,
                "places_possibles": session["capacite_accueil"] * session["coefficient"],
            }
            for rang in range(3)
        ]

    def retenir(self, row: dict[str, Any], action: dict[str, Any], entrees: list[dict[str, Any]]) -> None:
        """Keep in mind what candidatures will copy of a session that takes them."""
        if not row["est_conventionnee"] or row["etat"] == "brouillon":
            return
        self.conventionnees.append(
            Session(
                row["id"],
                row["action_id"],
                row["responsable_id"],
                row["formateur_id"],
                row["positionneur_id"],
                row["est_hsp"],
                row["est_financee_region"],
                row["date_debut"],
                row["date_fin"],
                action["intitule"],
                entrees[0]["id"] if entrees else None,
            )
        )

    # -- candidats and candidatures ------------------------------------------------------------------------------
    def candidats(self) -> Iterator[dict[str, Any]]:
        """People, each entered by the structure of its first candidature."""
        yield from self.personnes(
            1, self.nb_candidats, [m for m in self.membres if m.droit.startswith("prescr")]
        )

    def personnes(self, premiere: int, nombre: int, auteurs: list[Membre]) -> Iterator[dict[str, Any]]:
        """Out: so many people from a key on, entered by these accounts in turn."""
        alea = self.hasard(f"candidat{premiere}")
        naissance = date(1970, 1, 1)
        for rang in range(nombre):
            cle, auteur = premiere + rang, auteurs[rang % len(auteurs)]
            ville, code_postal, _ = VILLES[rang % len(VILLES)]
            yield {
                "id": cle,
                "reference": reference_candidat(2010 + cle // 1_000_000, cle),
                "civilite": "madame" if rang % 2 else "monsieur",
                "nom": alea.choice(NOMS),
                "prenom": alea.choice(PRENOMS),
                "date_naissance": naissance + timedelta(days=alea.randrange(13_000)),
                "courriel": f"candidat{cle}@banc.example",
                "telephone": f"06 00 {cle // 10_000 % 100:02d} {cle // 100 % 100:02d} {cle % 100:02d}",
                "code_postal": code_postal,
                "ville": ville,
                "est_inscrit_france_travail": rang % 3 == 0,
                "createur_structure_id": auteur.structure_id,
                "createur_id": auteur.compte_id,
                "cree_le": self.le - 400 * JOUR,
                "modifie_le": self.le - 400 * JOUR,
            }

    def candidatures(self) -> Iterator[dict[str, Any]]:
        """Candidatures: sessions by weight, people in turn (so that nobody comes twice to one session)."""
        alea = self.hasard("candidature")
        auteurs = [m for m in self.membres if m.droit.startswith("prescr")]
        n3 = {m.structure_id: m for m in reversed(self.membres) if m.droit == "prescripteur_n3"}
        poids = list(accumulate(alea.expovariate(1) for _ in self.conventionnees))
        premieres: list[int] = []  # the session of the first candidature of each; nobody has more than two
        for cle in range(1, self.taille + 1):
            rang = (cle - 1) % self.nb_candidats
            session = alea.choices(self.conventionnees, cum_weights=poids)[0]
            if rang == len(premieres):
                premieres.append(session.id)
            while cle > self.nb_candidats and premieres[rang] == session.id:
                session = alea.choice(self.conventionnees)
            auteur = auteurs[rang % len(auteurs)]
            yield self.candidature(alea, cle, rang + 1, session, auteur, n3[auteur.structure_id])

    def candidature(
        self, alea: Random, cle: int, candidat: int, session: Session, auteur: Membre, n3: Membre
    ) -> dict[str, Any]:
        """Out: one candidature, its copies made, its place counted."""
        etat = alea.choices(_ETATS, cum_weights=_POIDS)[0]
        modifiee = self.le - timedelta(
            seconds=alea.randrange(600 * 86_400), microseconds=alea.randrange(10**6)
        )
        validee = modifiee - timedelta(hours=alea.randrange(1, 400)) if etat in VALIDEES else None
        point = session.point_entree_id if etat in VALIDEES else None
        if etat in PLACES:
            self.places[session.id] += 1
            if point:
                self.places_points[point] += 1
        return {
            "id": cle,
            "reference": reference_candidature(2024, cle),
            "etat": etat,
            "session_id": session.id,
            "point_entree_id": point,
            "candidat_id": candidat,
            "structure_prescriptrice_id": auteur.structure_id,
            "auteur_id": auteur.compte_id,
            "auteur_est_n3": auteur.droit == "prescripteur_n3",
            "soumise_par_id": auteur.compte_id if etat == "en_attente_validation" else None,
            "validee_par_id": (n3 if auteur.droit == "prescripteur_n1" else auteur).compte_id
            if validee
            else None,
            "responsable_id": session.responsable_id,
            "positionneur_id": session.positionneur_id,
            "formateur_id": session.formateur_id,
            "est_financee_region": session.est_financee_region,
            "est_hsp": session.est_hsp,
            "est_inscrit_france_travail": candidat % 3 == 1,
            "niveau_formation": "Niveau 4",
            "situation": "Demandeur d'emploi",
            "parcours_anterieur": PARCOURS,
            "raisons": RAISONS,
            "suites_parcours": "Emploi durable dans le secteur",
            "intitule": session.intitule,
            "session_date_debut": session.debut,
            "session_date_fin": session.fin,
            "organisme_formation": self.noms[(session.formateur_id or session.responsable_id) - 1],
            "organisme_prescripteur": self.noms[auteur.structure_id - 1],
            "cree_le": modifiee - timedelta(days=20),
            "modifiee_le": modifiee,
            "validee_le": validee,
            "close_le": modifiee if etat not in _OUVERTES else None,
        }


_OUVERTES = {"brouillon", "en_attente_validation", "en_attente_avis"}
_ETATS, _POIDS = list(ETATS), list(accumulate(ETATS.values()))
PARCOURS = "Plusieurs emplois dans le secteur, une formation courte, un stage de découverte de deux semaines."
RAISONS = "Projet confirmé par une enquête métier et par une immersion en entreprise ; prérequis vérifiés."


def phrase(alea: Random, metier: str, longueur: int) -> str:
    """Out: a text about a trade, of so many sentences."""
    dites = (
        f"{alea.choice(VERBES).capitalize()} les {alea.choice(CHOSES)} du {alea.choice(METIERS)}."
        for _ in range(longueur)
    )
    return f"Devenir {metier}. " + " ".join(dites)


def suites(candidature: dict[str, Any], alea: Random) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """In: a candidature. Out: its convocations and its avis, as its état wants them."""
    etat, le = candidature["etat"], candidature["modifiee_le"]
    if etat not in ("retenue", "non_retenue", "en_attente_avis"):
        return [], None
    convocations = [
        {
            "candidature_id": candidature["id"],
            "numero": numero,
            "date_rendez_vous": le.date() - (4 - numero) * JOUR,
            "resultat": "presence" if etat != "en_attente_avis" else "prevue",
            "cree_le": le - 5 * JOUR,
        }
        for numero in range(1, alea.randint(1, 3))
    ]
    if etat == "en_attente_avis":
        return convocations, None
    retenue = etat == "retenue"
    return convocations, {
        "candidature_id": candidature["id"],
        "est_retenu": retenue,
        "motif": None if retenue else alea.choice(("prerequis", "projet", "motivation", "effectif")),
        "commentaire": "Projet cohérent, disponible à la date prévue.",
        "date_entree_prevue": candidature["session_date_debut"] if retenue else None,
        "date_sortie_prevue": candidature["session_date_fin"] if retenue else None,
        "intensite_hebdomadaire": 35 if retenue else None,
        "est_automatique": False,
        "rendu_le": le,
    }
