"""How candidatures are filtered and ordered (R-101 to R-105, R-147, R-148)."""

from __future__ import annotations

import datetime as dt

import strawberry
from sqlalchemy import func

from app import models as m
from app.domain.onglets import (
    ETATS,
    LES_MIENNES,
    SUR_SESSION_EN_COURS,
    OngletCandidatures,
    RoleOrganisme,
    a_ce_role,
)
from app.kit.conditions import TRUE, Compare, negated
from app.reading.criteria import (
    CritereMots,
    CritereOu,
    CritereSelonMot,
    CritereVers,
    contient,
    mots_typed,
    numero,
)
from app.reading.fields import Cle, Ordre, Tri, critere, critere_si
from app.reading.search import critere_fait

VALIDER_AVANT = Cle(
    lambda row, c: func.coalesce(row["valider_avant_le"], row["cree_le"]),
    (m.Candidature.cree_le,),  # the delay is read by whoever reads the row
)


ROLE = CritereSelonMot(tuple((role, a_ce_role(role)) for role in RoleOrganisme))
"""The role that the structure of the active profile has, on a row that bears the three (R-146)."""


@strawberry.enum(description="L'ordre d'une liste de candidatures.")
class TriCandidatures(Ordre):
    """The orders offered on lists of candidatures."""

    PLUS_RECENTES = Tri(m.Candidature.modifiee_le, descendant=True)
    PLUS_ANCIENNES = Tri(m.Candidature.modifiee_le)
    CREATION = Tri(m.Candidature.cree_le)
    VALIDER_AVANT = Tri(VALIDER_AVANT)
    DEBUT_SESSION = Tri(m.Candidature.session_date_debut)


@strawberry.enum(description="L'ordre de la file d'un prescripteur de niveau 3.")
class TriAValider(Ordre):
    """The orders of the queue of a N3."""

    VALIDER_AVANT = Tri(VALIDER_AVANT)
    PLUS_RECENTES = Tri(m.Candidature.modifiee_le, descendant=True)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreCandidatures:
    """The criteria offered on lists of candidatures."""

    onglet: OngletCandidatures | None = critere_fait(
        CritereMots(m.Candidature.etat, groupes=tuple(ETATS.items())), "Dans cet onglet."
    )
    etats: list[m.EtatCandidature] | None = critere(m.Candidature.etat, "parmi", "Dans un de ces états.")
    session: strawberry.ID | None = critere(
        m.Candidature.session_id, "=", "Sur cette session.", type_name="Session"
    )
    candidat: strawberry.ID | None = critere(
        m.Candidature.candidat_id, "=", "De ce candidat.", type_name="Candidat"
    )
    structure_prescriptrice: strawberry.ID | None = critere(
        m.Candidature.structure_prescriptrice_id,
        "=",
        "Faite au titre de cette structure.",
        type_name="Structure",
    )
    origine: m.OrigineCandidature | None = critere(m.Candidature.origine, "=", "Venue de là.")
    les_miennes: bool | None = critere_si(LES_MIENNES, "Vrai : celles que vous avez écrites.", sinon=TRUE)
    role: RoleOrganisme | None = critere_fait(
        ROLE,
        "Sur une session où la structure de votre profil actif a ce rôle.",
    )
    texte: str | None = critere_fait(
        CritereOu(
            (
                numero(m.Candidature.reference),
                contient(m.Candidature.intitule),
                CritereVers(m.Candidature.session, numero(m.SessionFormation.numero_carif)),
                CritereVers(
                    m.Candidature.candidat,
                    CritereOu(
                        (numero(m.Candidat.reference), contient(m.Candidat.prenom, m.Candidat.nom)),
                        mots_typed,
                    ),
                ),
            ),
            mots_typed,
        ),
        "La référence de la candidature ou du candidat, le numéro Carif, ou un morceau de l'intitulé ou du nom ;"
        " accents et casse à part.",
    )
    session_terminee: bool | None = critere_si(
        negated(SUR_SESSION_EN_COURS), "Sur une session terminée, ou bien en cours ou à venir."
    )
    session_debut_apres: dt.date | None = critere(
        m.Candidature.session_date_debut, ">=", "Sur une session qui commence ce jour-là ou après."
    )
    session_debut_avant: dt.date | None = critere(
        m.Candidature.session_date_debut, "<=", "Sur une session qui commence ce jour-là ou avant."
    )
    session_fin_apres: dt.date | None = critere(
        m.Candidature.session_date_fin, ">=", "Sur une session qui finit ce jour-là ou après."
    )
    session_fin_avant: dt.date | None = critere(
        m.Candidature.session_date_fin, "<=", "Sur une session qui finit ce jour-là ou avant."
    )
    type_session: m.TypeEntree | None = critere(
        m.SessionFormation.type_entree,
        "=",
        "Sur une session où l'on entre ainsi.",
        par=(m.Candidature.session,),
    )
    hsp: bool | None = critere_si(Compare(("est_hsp",), "=", True), "Sur une session HSP, ou non.")
    preinscrite_apres: dt.datetime | None = critere(
        m.Candidature.validee_le, ">=", "Validée à ce moment-là ou après."
    )
    preinscrite_avant: dt.datetime | None = critere(
        m.Candidature.validee_le, "<=", "Validée à ce moment-là ou avant."
    )
