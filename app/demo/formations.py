"""The training actions of the cast. Days are counted from today, so that the world never grows old."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.models import (
    Dispositif,
    EtatAction,
    EtatSession,
    Financeur,
    ModeCandidature,
    ObjectifGeneral,
    TypeEntree,
)


@dataclass(frozen=True)
class Titre:
    """A certification of the cast; its codes are given to nothing."""

    cle: str
    intitule: str
    code_rncp: str | None = None
    code_rs: str | None = None
    code_certifinfo: str | None = None
    niveau: str | None = None


@dataclass(frozen=True)
class Session:
    """A session of the cast; `debut`, `limite`… are days from today (negative: past)."""

    cle: str
    debut: int
    fin: int
    ville: str
    code_postal: str
    code_insee: str
    formateur: str | None = None
    positionneur: str | None = None
    limite: int | None = None
    tardive: int | None = None
    capacite: int | None = None
    coefficient: int | None = None
    points: tuple[int, ...] = ()
    reunion: int | None = None
    mode: ModeCandidature = ModeCandidature.FERMEE
    type_entree: TypeEntree = TypeEntree.DATE_FIXE
    etat: EtatSession = EtatSession.PUBLIEE


@dataclass(frozen=True)
class Formation:
    """A training action of the cast, and its sessions."""

    cle: str
    intitule: str
    responsable: str
    objectif: str
    programme: str
    sessions: tuple[Session, ...]
    dispositif: Dispositif | None = None
    financeur: Financeur | None = None
    numero_marche: str | None = None
    mesure: str | None = None
    objectif_general: ObjectifGeneral = ObjectifGeneral.PROFESSIONNALISATION
    certifications: tuple[str, ...] = field(default=())
    etat: EtatAction = EtatAction.PUBLIEE

    @property
    def est_conventionnee(self) -> bool:
        """A market pays for it (R-123)."""
        return self.dispositif is not None


CERTIFICATIONS = (
    Titre("titre_macon", "Maçon du bâti ancien (démonstration)", "RNCP99901", None, "999901", "Niveau 3"),
    Titre(
        "titre_secretaire", "Secrétaire assistant médico-social (démonstration)", "RNCP99902", None, "999902"
    ),
    Titre("cles", "Socle de connaissances et de compétences (démonstration)", None, "RS99903", "999903"),
    Titre("caces", "Conduite de chariots de manutention (démonstration)", None, "RS99904", "999904"),
    Titre("anglais", "Anglais en milieu professionnel (démonstration)", None, "RS99905", "999905"),
    Titre(
        "bureautique", "Bureautique, du tableur au publipostage (démonstration)", None, "RS99906", "999906"
    ),
)

OUVERTE = ModeCandidature.PRESCRIPTION_LIBRE
ROYAN, SAINTES = ("Royan", "17200", "17306"), ("Saintes", "17100", "17415")
MONT_DE_MARSAN, POITIERS = ("Mont-de-Marsan", "40000", "40192"), ("Poitiers", "86000", "86194")
PERIGUEUX, BORDEAUX = ("Périgueux", "24000", "24322"), ("Bordeaux", "33000", "33063")

FORMATIONS = (
    Formation(
        "maconnerie",
        "Maçon du bâti ancien",
        "estuaire",
        "Bâtir et restaurer les ouvrages en pierre et en terre crue.",
        "Lecture de plans ; mortiers de chaux ; pose de la pierre ; enduits ; sécurité sur le chantier.",
        (
            Session(
                "maconnerie",
                *(30, 180),
                *MONT_DE_MARSAN,
                *("landes", "passerelles"),
                limite=21,
                tardive=44,
                capacite=12,
                coefficient=2,
                reunion=10,
                mode=OUVERTE,
            ),
            Session(
                "maconnerie_close",
                -60,
                60,
                *ROYAN,
                limite=-65,
                tardive=-50,
                capacite=10,
                coefficient=1,
                mode=ModeCandidature.PRESCRIPTION,
            ),
            Session(
                "maconnerie_finie",
                -200,
                -35,
                *ROYAN,
                capacite=10,
                coefficient=1,
                mode=ModeCandidature.PRESCRIPTION,
            ),
        ),
        *(Dispositif.PRF, Financeur.REGION, "2026-PRF-0118", "Programme régional, chantier du patrimoine"),
        ObjectifGeneral.CERTIFICATION,
        ("titre_macon",),
    ),
    Formation(
        "hsp",
        "Compétences clés pour l'emploi",
        "estuaire",
        "Reprendre les savoirs de base pour accéder à une formation qualifiante.",
        "Lire, écrire, compter, utiliser un ordinateur ; entrées toutes les quatre semaines.",
        (
            Session(
                "hsp",
                *(-90, 270),
                *SAINTES,
                *("estuaire_saintes", "passerelles"),
                capacite=14,
                coefficient=1,
                points=(-12, 16, 44, 72),
                mode=OUVERTE,
                type_entree=TypeEntree.PERMANENTES,
            ),
        ),
        *(Dispositif.HSP, Financeur.REGION, "2025-HSP-0007", "Habilitation de service public"),
        ObjectifGeneral.REMISE_A_NIVEAU,
        ("cles",),
    ),
    Formation(
        "poec",
        "[POEC] Préparateur de commandes en entrepôt",
        "landes",
        "Préparer, emballer et charger des commandes, en entreprise dès la quatrième semaine.",
        "Réception ; préparation ; conduite de chariots ; gestes et postures ; immersion en entreprise.",
        (
            Session(
                "poec",
                20,
                90,
                *MONT_DE_MARSAN,
                "landes",
                "landes",
                limite=12,
                tardive=25,
                capacite=8,
                coefficient=2,
                reunion=7,
                mode=ModeCandidature.PRESCRIPTION,
            ),
            Session(
                "poec_annulee",
                *(40, 110),
                *BORDEAUX,
                *("landes", "landes"),
                capacite=8,
                coefficient=1,
                mode=ModeCandidature.PRESCRIPTION,
                etat=EtatSession.ANNULEE,
            ),
            Session(
                "poec_finie",
                *(-120, -10),
                *MONT_DE_MARSAN,
                *("landes", "landes"),
                limite=-125,
                tardive=-110,
                capacite=8,
                coefficient=1,
                mode=ModeCandidature.PRESCRIPTION,
            ),
        ),
        *(
            Dispositif.POEC,
            Financeur.FRANCE_TRAVAIL,
            "POECLOGIS40-0726",
            "Préparation opérationnelle à l'emploi",
        ),
        certifications=("caces",),
    ),
    Formation(
        "anglais",
        "Anglais professionnel",
        "estuaire",
        "Tenir une conversation et écrire un courrier dans le cadre de son travail.",
        "Accueil, téléphone, réunion, courrier ; en petits groupes, du niveau A2 au niveau B2.",
        (
            Session("anglais", -30, 300, *ROYAN, "estuaire", type_entree=TypeEntree.PERMANENTES),
            Session("anglais_finie", -150, -20, *SAINTES, "estuaire_saintes"),
        ),
        objectif_general=ObjectifGeneral.PERFECTIONNEMENT,
        certifications=("anglais",),
    ),
    Formation(
        "secretariat",
        "Secrétariat médico-social",
        "tremplin",
        "Accueillir, planifier et tenir les dossiers d'un cabinet ou d'un établissement.",
        "Accueil ; vocabulaire médical ; frappe de comptes rendus ; secret professionnel.",
        (Session("secretariat", 60, 240, *PERIGUEUX, "tremplin"),),
        objectif_general=ObjectifGeneral.CERTIFICATION,
        certifications=("titre_secretaire",),
    ),
    Formation(
        "tableur",
        "Tableur, les bases",
        "estuaire",
        "Construire un tableau, un calcul et un graphique.",
        "Cellules, formules, mise en forme, graphiques.",
        (Session("tableur", 45, 47, *ROYAN, "estuaire", etat=EtatSession.BROUILLON),),
        objectif_general=ObjectifGeneral.PERFECTIONNEMENT,
        etat=EtatAction.BROUILLON,
    ),
    Formation(
        "bureautique",
        "Bureautique pour reprendre pied",
        "passerelles",
        "Retrouver de l'aisance avec les outils de bureau.",
        "Messagerie, traitement de texte, tableur, publipostage.",
        (Session("bureautique", 50, 80, *POITIERS, "passerelles", etat=EtatSession.BROUILLON),),
        objectif_general=ObjectifGeneral.PERFECTIONNEMENT,
        certifications=("bureautique",),
        etat=EtatAction.CREEE,
    ),
)
