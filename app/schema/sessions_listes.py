"""How sessions are filtered and ordered."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import ARRAY, Date, Text, and_, any_, func, or_

from app import models as m
from app.domain.onglets import EN_COURS_OU_A_VENIR, RoleOrganisme
from app.domain.ouverture import OUVERTE
from app.domain.situations import SITUATIONS, SituationSession
from app.domain.textes import plier
from app.kit.conditions import TRUE, Compare, Ref, negated
from app.policies.predicate import equal
from app.reading.choices import Cas, Selon
from app.reading.criteria import (
    CritereAutour,
    CritereChez,
    CritereMode,
    CritereOu,
    CritereParmiCas,
    CritereSans,
    CritereSelon,
    CritereVers,
    contient,
    mots_typed,
    numero,
    premier_du_mois,
)
from app.reading.fields import Ordre, Tri, critere, critere_si
from app.reading.filters import CritereCalcule, CritereElargi, CritereTexte, within
from app.reading.keys import Eloignement, Pertinence
from app.reading.search import critere_fait
from app.schema.candidatures_listes import ROLE

ELARGIE = "elargie"
DE_L_ACTION = (m.Action.intitule, m.Action.objectif, m.Action.programme)
MOTS_DE_L_ACTION = CritereSelon(
    CritereTexte(m.Action.mots_cherches, "cherche_litteral", DE_L_ACTION),
    CritereElargi(m.Action.mots_elargis, "cherche_elargi", (*DE_L_ACTION, m.Action.libelles)),
    ELARGIE,
)
MOTS_ELARGIS = (ELARGIE, m.Action.mots_elargis, "cherche_elargi")
NUMEROS_DE_L_ACTION = (numero(m.Action.reference), numero(m.Action.numero_marche, plie=True))
MOTS = (
    "Des mots, tous présents, tels qu'ils sont écrits (aux accents et à la casse près), dans l'intitulé, l'objectif ou"
    " le programme ; ou bien un numéro : numéro Carif, référence d'action, numéro de marché."
)
EN_ELARGISSANT = (
    "Vrai : chercher aussi ce que « mots » voulait dire, pour qui ne connaît pas les mots du métier : féminins et pluriels,"
    " libellés des certifications et des Formacodes, sigles (« CAP AEPE »), fautes de frappe. Sinon, les mots tels qu'ils"
    " sont écrits."
)
MON_CATALOGUE = Compare(("responsable_id",), "=", Ref("ma_structure"))
TROP_DE_DEPARTEMENTS = (5, "Choisissez cinq départements au plus.")
TROP_DE_VILLES = (3, "Choisissez trois villes ou codes postaux au plus.")
TROP_D_ORGANISMES = (3, "Choisissez trois organismes de formation au plus.")
DEPARTEMENTS_OU_VILLES = "Choisissez des départements ou des villes, pas les deux."


@strawberry.input(description="Un point de la carte.")
class Point:
    """A point, and how far around it one looks."""

    latitude: float = strawberry.field(description="Latitude, en degrés.")
    longitude: float = strawberry.field(description="Longitude, en degrés.")
    rayon_km: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="Ne retenir que ce qui est à moins de tant de kilomètres, à vol d'oiseau ; sans lui, le point ne sert"
        " qu'au tri par distance.",
    )


def villes_ou_codes(given: list[str]) -> list[str]:
    """In: towns or postal codes, three at most (R-053). Out: what is compared; a code stays as it is."""
    within(given, TROP_DE_VILLES)
    return [plier(one) for one in given]


VILLES = CritereCalcule(
    lambda row, given: or_(
        equal(row["lieu_code_postal"], any_(given)), equal(func.plier(row["lieu_ville"]), any_(given))
    ),
    (m.SessionFormation.lieu_code_postal, m.SessionFormation.lieu_ville),
    villes_ou_codes,
    ARRAY(Text),
)
VILLE = CritereCalcule(
    lambda row, given: equal(func.plier(row["lieu_ville"]), func.plier(given)),
    (m.SessionFormation.lieu_ville,),
)
MOIS = CritereCalcule(
    lambda row, given: and_(row["date_debut"] >= given, row["date_debut"] < given + func.make_interval(0, 1)),
    (m.SessionFormation.date_debut,),
    premier_du_mois,
    Date(),
)


@strawberry.input(description="Ce qu'on demande à une session ; les critères se cumulent.")
class CriteresSession:
    """The criteria about a session alone (R-048, R-053, R-055 to R-057), and those that refine (R-059)."""

    departements: list[str] | None = critere(
        m.SessionFormation.lieu_departement,
        "parmi",
        "Dans un de ces départements : cinq codes au plus, et alors pas de villes.",
        au_plus=TROP_DE_DEPARTEMENTS,
    )
    villes: list[str] | None = critere_fait(
        CritereSans(VILLES, "departements", DEPARTEMENTS_OU_VILLES),
        "Dans une de ces villes, ou sous un de ces codes postaux : trois au plus, et alors pas de départements.",
    )
    exclure_commencees: bool | None = critere_si(
        Compare(("date_debut",), ">=", Ref("aujourd_hui")),
        "Vrai : exclure les sessions déjà commencées.",
        sinon=TRUE,
    )
    inclure_terminees: bool | None = critere_si(
        TRUE,
        "Vrai : inclure les sessions terminées ; sinon, celles en cours et à venir seulement.",
        sinon=Compare(("date_fin",), ">=", Ref("aujourd_hui")),
        defaut=False,
    )
    ville: str | None = critere_fait(VILLE, "Affiner : dans cette ville.")
    voie_acces: m.VoieAcces | None = critere(
        m.SessionFormation.voie_acces, "=", "Affiner : par cette voie d'accès."
    )
    modalite: m.Modalite | None = critere(m.SessionFormation.modalite, "=", "Affiner : sous cette modalité.")
    type_entree: m.TypeEntree | None = critere(
        m.SessionFormation.type_entree, "=", "Affiner : où l'on entre ainsi."
    )
    mois_debut: dt.date | None = critere_fait(MOIS, "Affiner : commençant le même mois que ce jour-là.")
    ouverte: bool | None = critere_si(OUVERTE, "Affiner : ouverte à la candidature, ou non.", public="R-063")
    debut_apres: dt.date | None = critere(
        m.SessionFormation.date_debut, ">=", "Commençant ce jour-là ou après."
    )
    debut_avant: dt.date | None = critere(
        m.SessionFormation.date_debut, "<=", "Commençant ce jour-là ou avant."
    )
    publiees_apres: dt.datetime | None = critere(
        m.SessionFormation.publiee_le, ">=", "Publiée pour la première fois à ce moment-là ou après."
    )
    publiees_avant: dt.datetime | None = critere(
        m.SessionFormation.publiee_le, "<", "Publiée pour la première fois avant ce moment-là."
    )
    autour: Point | None = critere_fait(
        CritereAutour(m.SessionFormation.commune),
        "Autour d'un point, pour les communes dont la place est connue.",
    )


@strawberry.input(description="Ce que la recherche de sessions retient ; les critères se cumulent.")
class FiltreSessions(CriteresSession):
    """The criteria of a search of sessions (R-048 to R-057)."""

    mots: str | None = critere_fait(
        CritereOu(
            (
                numero(m.SessionFormation.numero_carif),
                CritereChez(
                    m.SessionFormation.action, CritereOu((MOTS_DE_L_ACTION, *NUMEROS_DE_L_ACTION), mots_typed)
                ),
            ),
            mots_typed,
        ),
        MOTS,
    )
    elargie: bool | None = critere_fait(CritereMode(), EN_ELARGISSANT)
    dispositif: m.Dispositif | None = critere(
        m.Action.dispositif, "=", "D'une action de ce dispositif.", par=(m.SessionFormation.action,)
    )
    organismes: list[strawberry.ID] | None = critere(
        m.SessionFormation.responsable_id,
        "parmi",
        "De ces organismes responsables : trois au plus.",
        type_name="Structure",
        au_plus=TROP_D_ORGANISMES,
    )
    certification: strawberry.ID | None = critere(
        m.ActionCertification.certification_id,
        "=",
        "Affiner : d'une action qui prépare cette certification.",
        type_name="Certification",
        par=(m.SessionFormation.action, m.Action.certifications),
    )
    conventionnee: bool | None = critere_si(
        Compare(("est_conventionnee",), "=", True), "De l'offre conventionnée, ou hors de celle-ci."
    )
    mon_catalogue: bool | None = critere_si(
        MON_CATALOGUE, "Vrai : de la structure de votre profil actif.", sinon=TRUE
    )


@strawberry.enum(description="L'ordre d'une liste de sessions.")
class TriSessions(Ordre):
    """The orders offered on lists of sessions."""

    PROCHAINES = Tri(m.SessionFormation.date_debut)
    DERNIERES = Tri(m.SessionFormation.date_debut, descendant=True)
    PERTINENCE = Tri(
        Pertinence(
            m.Action.mots_cherches, "cherche_litteral", "mots", m.SessionFormation.action, MOTS_ELARGIS
        ),
        descendant=True,
    )
    DISTANCE = Tri(Eloignement(m.SessionFormation.commune, "autour"), m.SessionFormation.date_debut)


SITUATION = [
    Cas(mot, si, "lire_details", SituationSession.INSCRIPTIONS_CLOSES)
    if mot is SituationSession.COMPLETE
    else Cas(mot, si)
    for mot, si in SITUATIONS
]


@strawberry.enum(description="L'ordre de la gestion par sessions.")
class TriMesSessions(Ordre):
    """The orders of « Gestion par sessions »."""

    PROCHAINES = Tri(m.SessionFormation.date_debut)
    DERNIERES = Tri(m.SessionFormation.date_debut, descendant=True)
    FIN = Tri(m.SessionFormation.date_fin)


@strawberry.input(description="Ce que la gestion par sessions retient ; les critères se cumulent.")
class FiltreMesSessions:
    """The criteria of « Gestion par sessions » (R-147, R-149)."""

    terminee: bool | None = critere_si(
        negated(EN_COURS_OU_A_VENIR), "Terminée, ou bien en cours ou à venir : l'onglet."
    )
    role: RoleOrganisme | None = critere_fait(
        ROLE,
        "Où la structure de votre profil actif a ce rôle.",
    )
    situations: list[SituationSession] | None = critere_fait(
        CritereParmiCas(Selon(tuple(SITUATION), "R-149")), "Dans une de ces situations."
    )
    texte: str | None = critere_fait(
        CritereOu(
            (
                numero(m.SessionFormation.numero_carif),
                CritereVers(
                    m.SessionFormation.action,
                    CritereOu(
                        (contient(m.Action.intitule), numero(m.Action.numero_marche, plie=True)), mots_typed
                    ),
                ),
            ),
            mots_typed,
        ),
        "Le numéro Carif, le numéro de marché, ou un morceau de l'intitulé ; accents et casse à part.",
    )
    debut_apres: dt.date | None = critere(
        m.SessionFormation.date_debut, ">=", "Commençant ce jour-là ou après."
    )
    debut_avant: dt.date | None = critere(
        m.SessionFormation.date_debut, "<=", "Commençant ce jour-là ou avant."
    )
    fin_apres: dt.date | None = critere(m.SessionFormation.date_fin, ">=", "Finissant ce jour-là ou après.")
    fin_avant: dt.date | None = critere(m.SessionFormation.date_fin, "<=", "Finissant ce jour-là ou avant.")
    type_session: m.TypeEntree | None = critere(m.SessionFormation.type_entree, "=", "Où l'on entre ainsi.")
    hsp: bool | None = critere_si(Compare(("est_hsp",), "=", True), "Une HSP, ou non.")
