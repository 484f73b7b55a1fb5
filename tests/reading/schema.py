"""A schema of the tests' own, with every word of `app.reading.fields` in it."""

from __future__ import annotations

import enum
from datetime import date, datetime
from decimal import Decimal

import strawberry
from sqlalchemy import Date as SqlDate
from sqlalchemy import case
from strawberry.scalars import JSON
from strawberry.schema.config import StrawberryConfig

from app.kit.conditions import TRUE, Column, Compare, Exists, Given, Ref, all_of, negated
from app.reading import pages as p
from app.reading.fields import (
    Cle,
    Motif,
    Ordre,
    Tri,
    calcule,
    champs,
    cle_json,
    colonne,
    comptes,
    compteur,
    compteurs,
    courant,
    critere,
    critere_si,
    critere_texte,
    droit,
    droits,
    ecrit,
    ecrits,
    groupe,
    liste,
    liste_motifs,
    motifs,
    objet,
    objet_json,
    oui,
    page,
    par_cle,
    par_id,
    par_ids,
    partie,
    partie_motif,
    premier,
    relation,
    valeur,
    vrai_si,
)
from app.reading.formats import decode_id
from app.schema.pages import Connection, Node
from app.schema.scalars import SCALARS
from tests.reading import models as m

for words, sentence in (
    (m.EtatCandidature, "Où en est une candidature."),
    (m.EtatAction, "Où en est une action."),
    (m.Modalite, "Comment on enseigne."),
):
    strawberry.enum(words, description=sentence)


@strawberry.enum(description="Ordre d'une liste de candidatures.")
class OrdreCandidatures(Ordre):
    PLUS_RECENTES = Tri(m.Candidature.cree_le, descendant=True)
    PLUS_ANCIENNES = Tri(m.Candidature.cree_le)
    PAR_ETAT = Tri(m.Candidature.etat, m.Candidature.cree_le)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreCandidatures:
    etats: list[m.EtatCandidature] | None = critere(m.Candidature.etat, "parmi", "Dans l'un de ces états.")
    session: strawberry.ID | None = critere(
        m.Candidature.session_id, "=", "De cette session.", type_name="Session"
    )
    sessions: list[strawberry.ID] | None = critere(
        m.Candidature.session_id, "parmi", "De ces sessions.", type_name="Session"
    )
    motif: str | None = critere(m.Candidature.motif, "=", "Ayant exactement ce motif.")
    depuis: datetime | None = critere(m.Candidature.cree_le, ">=", "Depuis cet instant.")
    intitule: str | None = critere(
        m.Action.intitule, "=", "De cet intitulé.", par=(m.Candidature.session, m.SessionFormation.action)
    )
    suivies: bool | None = critere_si(Exists(("suivis",), TRUE), "Suivies, ou non.")


@objet(m.Structure, "Un organisme.")
class Structure(Node):
    nom: str = colonne(m.Structure.nom, "Nom d'usage.")
    departement: str | None = colonne(m.Structure.departement, "Code du département.")


@objet(m.Utilisateur, "Une personne qui a un compte.")
class Utilisateur(Node):
    nom: str = colonne(m.Utilisateur.nom, "Nom et prénom.")
    profil: str = colonne(m.Utilisateur.profil, "Profil actif.")
    structure: Structure | None = relation(m.Utilisateur.structure, "Où elle travaille.")


@objet(m.Utilisateur, "La personne qui demande : un autre type sur les mêmes lignes, sans identifiant.")
class Moi:
    nom: str = colonne(m.Utilisateur.nom, "Nom et prénom.")
    profil: str = valeur("profil", m.Utilisateur.profil.type, "Le profil de la requête.")
    aujourd_hui: date = valeur("aujourd_hui", SqlDate(), "Le jour de la requête.")
    compte: Utilisateur = groupe("Le même compte, comme les autres le voient.")
    structure: Structure | None = courant(m.Structure, "Sa structure active.", valeur="ma_structure")


@strawberry.enum(description="Ce qui se modifie d'une action.")
class ChampAction(enum.Enum):
    INTITULE = "intitule"
    CONTACT = "contact"
    FORMACODES = "formacodes"


@strawberry.enum(description="Ordre d'une liste de sessions.")
class OrdreSessions(Ordre):
    PROCHAINES = Tri(m.SessionFormation.date_debut)
    DERNIERES = Tri(m.SessionFormation.date_debut, descendant=True)
    PAR_PLACES = Tri(m.SessionFormation.restantes, m.SessionFormation.date_debut)
    COMPLETES_D_ABORD = Tri(
        Cle(
            lambda row, c: case((row["prises"] >= row["places"], 0), else_=1),
            lit=(m.SessionFormation.prises, m.SessionFormation.places),
        ),
        m.SessionFormation.numero,
        descendant=True,
    )


COMPLETE = Compare(("prises",), ">=", Column(("places",)))
PASSEE = Compare(("date_debut",), "<", Ref("aujourd_hui"))


@strawberry.input(description="Ce que la liste retient.")
class FiltreSessions:
    apres_le: date | None = critere(m.SessionFormation.date_debut, ">=", "Qui commencent ce jour ou après.")
    complete: bool | None = critere_si(
        COMPLETE, "Complètes, ou à une place prise.", sinon=Compare(("prises",), "=", 1)
    )
    passees: bool | None = critere_si(PASSEE, "Passées, ou à venir ; toutes par défaut.", defaut=None)
    contact: str | None = critere(
        m.Action.contact, "=", "Dont l'action a ce contact.", par=(m.SessionFormation.action,)
    )
    motif: str | None = critere(
        m.Candidature.motif, "=", "Demandées pour ce motif.", par=(m.SessionFormation.candidatures,)
    )
    mots: str | None = critere_texte(
        m.Action.mots,
        "Dont l'intitulé a ces mots.",
        cherche="lecture_des_tests.cherche",
        lit=(m.Action.intitule,),
        par=(m.SessionFormation.action,),
    )
    departements: list[str] | None = critere(
        m.Structure.departement, "parmi", "De ces départements.", par=(m.SessionFormation.formateur,)
    )


@strawberry.input(description="Ce que la liste d'actions retient.")
class FiltreActions:
    archivees: bool | None = critere_si(
        Compare(("etat",), "=", "archivee"), "Archivées, ou en cours (par défaut).", defaut=False
    )
    mots: str | None = critere_texte(
        m.Action.mots, "Dont l'intitulé a ces mots.", cherche="lecture_des_tests.cherche"
    )
    sauf: str | None = critere(m.Action.contact, "!=", "Qu'une autre personne, ou aucune, renseigne.")


@strawberry.enum(description="Ordre d'une liste d'actions.")
class OrdreActions(Ordre):
    PAR_INTITULE = Tri(m.Action.intitule)
    CONVENTIONNEES = Tri(m.Action.est_conventionnee, m.Action.etat, descendant=True)


@strawberry.type(description="Un lieu.")
class Lieu:
    ville: str | None = cle_json("ville", "La ville.")
    code: str | None = cle_json("code", "Le code postal.")


@strawberry.type(description="Combien de sessions.")
class CompteSessions:
    toutes: int = compteur("Toutes.")
    completes: int = compteur("Complètes.", ou=COMPLETE)
    demandees: int = compteur(
        "Que l'on a demandées.", ou=Exists(("candidatures",), Compare(("etat",), "!=", "refusee"))
    )


@objet(m.Action, "Une action de formation.")
class Action(Node):
    intitule: str = colonne(m.Action.intitule, "Intitulé.")
    etat: m.EtatAction = colonne(m.Action.etat, "Où en est l'action.")
    contact: str | None = colonne(m.Action.contact, "Qui appeler ; selon votre profil.")
    formacodes: list[str] = colonne(m.Action.formacodes, "Ses Formacodes.")
    modalites: list[m.Modalite] | None = colonne(m.Action.modalites, "Ses modalités.")
    lieu: Lieu | None = objet_json(m.Action.lieu, "Son lieu.")
    lieu_brut: JSON | None = colonne(m.Action.lieu, "Son lieu, tel quel.")
    structure: Structure = relation(m.Action.structure, "Qui la propose.")
    sessions: list[Session] = liste(
        m.Action.sessions, "Ses sessions.", ordre=Tri(m.SessionFormation.date_debut)
    )
    completes: list[Session] = liste(
        m.Action.sessions,
        "Ses sessions complètes.",
        ordre=Tri(m.SessionFormation.date_debut, descendant=True),
        ou=COMPLETE,
        entiere=True,
    )
    prochaine: Session | None = premier(
        m.Action.sessions,
        "La prochaine session.",
        ordre=Tri(m.SessionFormation.date_debut),
        ou=Compare(("date_debut",), ">=", Ref("aujourd_hui")),
    )
    prochaine_fin: date | None = premier(
        m.Action.sessions,
        "Fin de la première session.",
        ordre=Tri(m.SessionFormation.date_debut),
        valeur=m.SessionFormation.date_fin,
    )
    nb_sessions: CompteSessions = compteurs(m.Action.sessions, "Ses sessions, comptées.")
    a_session_complete: bool = vrai_si(Exists(("sessions",), COMPLETE), "Une session complète existe.")
    champs_modifiables: list[ChampAction] = champs(ChampAction, "Ce que vous pouvez y modifier.")


@strawberry.type(description="Pourquoi un acte n'est pas possible.")
class MotifDeRefus:
    code: str = partie_motif("code", "Code.")
    message: str = partie_motif("message", "Ce qu'il faut en dire.")
    regle: str | None = partie_motif("regle", "La règle.")


@strawberry.type(description="Si un acte est possible.")
class Eligibilite:
    oui: bool = oui("Il l'est.")
    motifs: list[MotifDeRefus] = liste_motifs("Ce qui s'y oppose.")


CANDIDATER = (
    Motif("HORS_HORAIRES", "Les candidatures sont closes à cette heure.", "R-077", Given("hors_horaires")),
    Motif("SESSION_PASSEE", "L'entrée est « passée ».", "R-066", PASSEE),
    Motif("GRATUITE", "La session ne coûte rien.", "", Compare(("prix",), "<=", 0)),
    Motif("SESSION_COMPLETE", "La session est complète.", "", all_of([COMPLETE, negated(PASSEE)])),
)
REFUS = Motif("INTERDIT", "Votre profil ne le permet pas.", "", TRUE)


@objet(m.SessionFormation, "Une action donnée à certaines dates.")
class Session(Node):
    numero: str = colonne(m.SessionFormation.numero, "Numéro.")
    date_debut: date = colonne(m.SessionFormation.date_debut, "Premier jour.")
    date_fin: date | None = colonne(m.SessionFormation.date_fin, "Dernier jour, s'il est connu.")
    nb_jours: int | None = colonne(m.SessionFormation.nb_jours, "Durée.")
    restantes: int = colonne(m.SessionFormation.restantes, "Places qui restent.")
    prix: Decimal | None = colonne(m.SessionFormation.prix, "Prix, en euros.")
    recette: Decimal | None = calcule(
        lambda row, c: row["prix"] * row["places"],
        "Ce que rapporte une session complète.",
        lit=(m.SessionFormation.prix, m.SessionFormation.places),
    )
    action: Action | None = relation(m.SessionFormation.action, "L'action, si vous pouvez la lire.")
    formateur: Structure | None = relation(m.SessionFormation.formateur, "Qui forme.")
    candidatures: CandidatureConnection = page(
        m.SessionFormation.candidatures,
        "Les candidatures.",
        ordre=OrdreCandidatures,
        filtre=FiltreCandidatures,
    )
    peut_candidater: Eligibilite = motifs(
        "candidater", CANDIDATER, "Si vous pouvez y proposer quelqu'un.", refus=REFUS
    )


@strawberry.type(description="Ce que vous pouvez faire d'une candidature.")
class DroitsCandidature:
    modifier: bool = droit("modifier", "La modifier.")
    valider: bool = droit("valider", "La valider.")


@objet(m.Suivi, "Un référent suit une candidature.")
class Suivi(Node):
    clos: bool = colonne(m.Suivi.clos, "Le suivi est terminé.")
    ouvert_le: datetime = colonne(m.Suivi.ouvert_le, "Début du suivi.")
    referent: Utilisateur | None = relation(m.Suivi.referent, "Qui suit.")


@objet(m.Avis, "Ce qui a été décidé.")
class Avis:
    commentaire: str | None = colonne(m.Avis.commentaire, "En clair.")
    candidature: Candidature | None = relation(m.Avis.candidature, "De quoi.")


@strawberry.type(description="Les dates d'une candidature.")
class Dates:
    cree_le: datetime = colonne(m.Candidature.cree_le, "Quand elle a été créée.")


@objet(m.Candidature, "Une personne est proposée pour une session.")
class Candidature(Node):
    reference: str = colonne(m.Candidature.reference, "Référence.")
    etat: m.EtatCandidature = colonne(m.Candidature.etat, "Où en est la candidature.")
    motif: str | None = colonne(m.Candidature.motif, "Pourquoi cette formation ; selon votre profil.")
    cree_le: datetime = colonne(m.Candidature.cree_le, "Quand elle a été créée.")
    dates: Dates = groupe("Ses dates.")
    session: Session | None = relation(m.Candidature.session, "La session demandée, si vous pouvez la lire.")
    prescripteur: Utilisateur | None = relation(
        m.Candidature.prescripteur, "Qui la propose ; selon votre profil."
    )
    suivis: list[Suivi] = liste(m.Candidature.suivis, "Ses suivis.", ordre=Tri(m.Suivi.ouvert_le))
    avis: Avis | None = relation(m.Candidature.avis, "L'avis rendu.")
    peut: DroitsCandidature = droits("Ce que vous pouvez en faire maintenant.")


@strawberry.type(description="Combien de candidatures dans un état.")
class NombreParEtat:
    etat: m.EtatCandidature = partie(p.Groupe("valeur"), "L'état.")
    nombre: int = partie(p.Groupe("nombre"), "Combien.")


@strawberry.type(description="Une page de candidatures.")
class CandidatureConnection(Connection[Candidature]):
    par_etat: list[NombreParEtat] = comptes(m.Candidature.etat, "Toute la liste, comptée par état.")


@strawberry.type(description="Une page de sessions.")
class SessionConnection(Connection[Session]):
    pass


@strawberry.type(description="Une page d'actions.")
class ActionConnection(Connection[Action]):
    pass


@strawberry.type(description="Les corbeilles.")
class Corbeilles:
    toutes: int = compteur("Toutes.")
    a_valider: int = compteur("À valider.", ou=Compare(("etat",), "=", "en_attente_validation"))
    avec_motif: int = compteur("Avec un motif que vous lisez.", ou=Compare(("motif",), "!=", None))


@strawberry.type
class Query:
    node: Node | None = par_id(None, "Un objet par son identifiant.")
    nodes: list[Node | None] = par_ids("Des objets par leurs identifiants.")
    moi: Moi | None = courant(m.Utilisateur, "Vous, si vous avez un compte.")
    action: Action | None = par_id(m.Action, "Une action par son identifiant.")
    actions: ActionConnection = page(m.Action, "Les actions.", ordre=OrdreActions, filtre=FiltreActions)
    session: Session | None = par_cle(
        m.SessionFormation.numero, "Une session par son numéro.", argument="numero_carif"
    )
    sessions: SessionConnection = page(
        m.SessionFormation, "Les sessions.", ordre=OrdreSessions, filtre=FiltreSessions
    )
    candidature: Candidature | None = par_cle(
        m.Candidature.reference, "Par sa référence.", argument="reference"
    )
    candidatures: CandidatureConnection = page(
        m.Candidature, "Les candidatures.", ordre=OrdreCandidatures, filtre=FiltreCandidatures
    )
    transmises: CandidatureConnection = page(
        m.Candidature,
        "Celles qui sont parties.",
        ordre=OrdreCandidatures,
        ou=Compare(("etat",), "in", ("en_attente_avis", "retenue", "refusee")),
    )
    structures: list[Structure] = liste(m.Structure, "Les structures.", ordre=Tri(m.Structure.nom))
    corbeilles: Corbeilles = compteurs(m.Candidature, "Combien de candidatures.")

    @strawberry.field(description="Version de l'API.")
    def version(self) -> str:
        return "1.0"

    @strawberry.field(description="Se trompe.")
    def panne(self) -> str | None:
        raise RuntimeError("secret de la maison")


@strawberry.type(description="Un empêchement.")
class Empechement:
    code: str
    message: str


@strawberry.type(description="Ce que devient la candidature.")
class CandidaturePayload:
    candidature: Candidature | None = ecrit(
        m.Candidature, "La candidature, telle que vous la lisez après l'acte."
    )
    suivis: list[Suivi] = ecrits(m.Suivi, "Ses suivis touchés.")
    empechements: list[Empechement]


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Touche une candidature.")
    async def toucher(
        self, info: strawberry.Info, id: strawberry.ID, existe: bool = True
    ) -> CandidaturePayload:
        _, key = decode_id(id)
        if not existe:
            non = Empechement(code="NON_TROUVE", message="Elle n'existe pas.")
            return await info.context.reader.answer(info, empechements=[non])  # type: ignore[no-any-return]
        ecrit = {m.Candidature: key, m.Suivi: [1, 2, 3]}
        return await info.context.reader.answer(info, ecrit, empechements=[])  # type: ignore[no-any-return]


def build_schema() -> strawberry.Schema:
    """Out: the schema of the tests."""
    config = StrawberryConfig(scalar_map=SCALARS)
    return strawberry.Schema(Query, Mutation, types=[Structure, Utilisateur, Suivi], config=config)
