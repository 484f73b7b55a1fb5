"""The cast: the same people and structures in the tests, the demonstration and the documentation. All fictional.

Keys are how the tests name them (`monde.paul`, `monde.trois_vallees`). SIRET numbers are right by Luhn and assigned
to nobody; e-mails stand on domains that RFC 2606 reserves.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.models import Droit, EtatAffiliation

# Public on purpose: every account of a demonstration opens with it, and no other base ever holds it.
MOT_DE_PASSE = "Demonstration-2026"
# As public: what makes the six digits of those who need a second factor. `rafael demo code` prints them.
TOTP = "RAFAELPRODEMONSTRATIONPUBLIQUEAA"


@dataclass(frozen=True)
class Organisation:
    """A structure of the cast."""

    cle: str
    raison_sociale: str
    siret: str
    domaine: str
    voie: str
    code_postal: str
    ville: str
    code_insee: str
    sigle: str | None = None
    est_organisme_formation: bool = False
    est_habilitee_prescrire: bool = False
    est_cap_metiers: bool = False
    est_qualiopi_apprentissage: bool = False

    @property
    def departement(self) -> str:
        """The département of its address."""
        return self.code_postal[:2]

    @property
    def courriel(self) -> str:
        """The address that anybody may write to."""
        return f"contact@{self.domaine}"


@dataclass(frozen=True)
class Rattachement:
    """An affiliation, and the droits that come with it beside `beneficiaire` (R-043)."""

    structure: str
    droits: tuple[Droit, ...] = ()
    est_referent: bool = False
    etat: EtatAffiliation = EtatAffiliation.ACCEPTEE


@dataclass(frozen=True)
class Personne:
    """Somebody of the cast."""

    cle: str
    prenom: str
    nom: str
    courriel: str
    rattachements: tuple[Rattachement, ...] = ()

    @property
    def a_un_second_facteur(self) -> bool:
        """A gestionnaire must have one; nobody else of the cast has."""
        return any(Droit.GESTIONNAIRE in rattachement.droits for rattachement in self.rattachements)


@dataclass(frozen=True)
class Programme:
    """The machine account of a partner, under one scope."""

    cle: str
    libelle: str
    portee: str

    @property
    def courriel(self) -> str:
        """The address that the account bears."""
        return f"{self.cle.replace('_', '-')}@partenaires.example"


STRUCTURES = (
    Organisation(
        "trois_vallees",
        "Mission locale des Trois Vallées",
        "99900001100018",
        "trois-vallees.example",
        "12 rue des Tilleuls",
        "87000",
        "Limoges",
        "87085",
        "MLTV",
        est_habilitee_prescrire=True,
    ),
    Organisation(
        "agence_garonne",
        "Agence Garonne Emploi",
        "99900002900010",
        "agence-garonne.example",
        "3 quai des Platanes",
        "33000",
        "Bordeaux",
        "33063",
        "AGE",
        est_habilitee_prescrire=True,
    ),
    Organisation(
        "estuaire",
        "Institut de l'Estuaire",
        "99900003700013",
        "estuaire.example",
        "45 avenue du Phare",
        "17200",
        "Royan",
        "17306",
        est_organisme_formation=True,
        est_qualiopi_apprentissage=True,
    ),
    Organisation(
        "estuaire_saintes",
        "Institut de l'Estuaire, antenne de Saintes",
        "99900003700021",
        "estuaire.example",
        "8 rue des Charentes",
        "17100",
        "Saintes",
        "17415",
        est_organisme_formation=True,
    ),
    Organisation(
        "landes",
        "Ateliers des Landes",
        "99900004500016",
        "ateliers-landes.example",
        "27 chemin de la Pinède",
        "40000",
        "Mont-de-Marsan",
        "40192",
        est_organisme_formation=True,
    ),
    Organisation(
        "passerelles",
        "Passerelles Formation",
        "99900005200012",
        "passerelles.example",
        "5 place du Clain",
        "86000",
        "Poitiers",
        "86194",
        est_organisme_formation=True,
    ),
    Organisation(
        "tremplin",
        "Tremplin Périgord",
        "99900006000015",
        "tremplin.example",
        "19 rue des Noyers",
        "24000",
        "Périgueux",
        "24322",
        est_organisme_formation=True,
        est_habilitee_prescrire=True,
    ),
    Organisation(
        "cap_metiers",
        "Cap Métiers (démonstration)",
        "99900007800017",
        "cap-metiers.example",
        "2 allée des Métiers",
        "33600",
        "Pessac",
        "33318",
        est_cap_metiers=True,
    ),
    Organisation(
        "menuiserie",
        "Menuiserie Delmas",
        "99900008600010",
        "menuiserie-delmas.example",
        "Zone artisanale des Chênes",
        "19000",
        "Tulle",
        "19272",
    ),
)

PERSONNES = (
    Personne(
        "nadia",
        "Nadia",
        "Bensaïd",
        "nadia.bensaid@trois-vallees.example",
        (Rattachement("trois_vallees", (Droit.PRESCRIPTEUR_N1,)),),
    ),
    Personne(
        "paul",
        "Paul",
        "Etcheverry",
        "paul.etcheverry@trois-vallees.example",
        (Rattachement("trois_vallees", (Droit.PRESCRIPTEUR_N2,)),),
    ),
    Personne(
        "rosa",
        "Rosa",
        "Lagarde",
        "rosa.lagarde@trois-vallees.example",
        (Rattachement("trois_vallees", (Droit.PRESCRIPTEUR_N3,), est_referent=True),),
    ),
    Personne(
        "hugo",
        "Hugo",
        "Castaing",
        "hugo.castaing@trois-vallees.example",
        (Rattachement("trois_vallees", (Droit.PRESCRIPTEUR_N3,)),),
    ),
    Personne(
        "camille",
        "Camille",
        "Dupuy",
        "camille.dupuy@agence-garonne.example",
        (Rattachement("agence_garonne", (Droit.PRESCRIPTEUR_N3,), est_referent=True),),
    ),
    Personne(
        "yann",
        "Yann",
        "Le Goff",
        "yann.legoff@agence-garonne.example",
        (Rattachement("agence_garonne", (Droit.PRESCRIPTEUR_N2,)),),
    ),
    Personne(
        "ines",
        "Inès",
        "Moreau",
        "ines.moreau@estuaire.example",
        (Rattachement("estuaire", (Droit.OF_PREINSCRIPTION,)),),
    ),
    Personne(
        "karim",
        "Karim",
        "Haddad",
        "karim.haddad@estuaire.example",
        (Rattachement("estuaire", (Droit.OF_CATALOGUE,), est_referent=True),),
    ),
    Personne(
        "louise",
        "Louise",
        "Perrin",
        "louise.perrin@ateliers-landes.example",
        (Rattachement("landes", (Droit.OF_GENERAL, Droit.PRESTATAIRE), est_referent=True),),
    ),
    Personne(
        "marc",
        "Marc",
        "Vidal",
        "marc.vidal@passerelles.example",
        (Rattachement("passerelles", (Droit.OF_PREINSCRIPTION,)),),
    ),
    Personne(
        "sophie",
        "Sophie",
        "Tremblay",
        "sophie.tremblay@tremplin.example",
        (Rattachement("tremplin", (Droit.OF_GENERAL, Droit.PRESCRIPTEUR_N2)),),
    ),
    Personne(
        "gaelle",
        "Gaëlle",
        "Roux",
        "gaelle.roux@cap-metiers.example",
        (Rattachement("cap_metiers", (Droit.GESTIONNAIRE,)),),
    ),
    Personne(
        "adrien",
        "Adrien",
        "Noël",
        "adrien.noel@cap-metiers.example",
        (Rattachement("cap_metiers", (Droit.AUDITEUR,)),),
    ),
    Personne(
        "theo",
        "Théo",
        "Blanc",
        "theo.blanc@menuiserie-delmas.example",
        (Rattachement("menuiserie", (Droit.EMPLOYEUR,)),),
    ),
    Personne(
        "lucas",
        "Lucas",
        "Fabre",
        "lucas.fabre@courriel.example",
        (Rattachement("trois_vallees", etat=EtatAffiliation.EN_ATTENTE),),
    ),
    Personne("jeanne", "Jeanne", "Petit", "jeanne.petit@courriel.example"),
)

PROGRAMMES = (
    Programme("hub_agora", "HUB Agora (démonstration)", "candidatures_region"),
    Programme("france_travail", "France Travail (démonstration)", "candidatures_france_travail"),
    Programme("cmaformation", "CMaFormation (démonstration)", "candidatures_libre"),
    Programme("reseau_carif", "Réseau des Carif-Oref (démonstration)", "offre_lire"),
)
