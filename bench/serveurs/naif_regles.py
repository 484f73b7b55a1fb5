"""The naive server's rules, as where clauses: those of of_preinscription and of prescripteur_n2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.sql.elements import ColumnElement

from app import models as m
from bench.serveurs.plancher_sql import TRANSMISES

PUBLIEES = ("publiee", "suppression_demandee", "annulee")


@dataclass(frozen=True)
class Qui:
    """Who asks."""

    compte_id: int
    profil: str
    structure_id: int


def role(model: Any, qui: Qui) -> ColumnElement[bool]:
    """The structure has a role on it."""
    ici = qui.structure_id
    return or_(model.responsable_id == ici, model.positionneur_id == ici, model.formateur_id == ici)


def lit_candidature(qui: Qui) -> ColumnElement[bool]:
    """R-146, R-150 for who recruits; R-100 for who wrote it."""
    c = m.Candidature
    if qui.profil == "of_preinscription":
        return and_(c.etat.in_(TRANSMISES), role(c, qui))
    return and_(c.auteur_id == qui.compte_id, c.structure_prescriptrice_id == qui.structure_id)


def lit_session(qui: Qui) -> ColumnElement[bool]:
    """Published, or conventionnée where the structure has a role."""
    s = m.SessionFormation
    publiee = and_(s.action_en_ligne, s.etat.in_(PUBLIEES))
    return or_(publiee, and_(s.est_conventionnee, role(s, qui))) if qui.profil.startswith("of") else publiee


def lit_action(qui: Qui) -> ColumnElement[bool]:
    """Online, or conventionnée where the structure has a role."""
    a, s, ici = m.Action, m.SessionFormation, qui.structure_id
    intervient = select(s.action_id).where(or_(s.formateur_id == ici, s.positionneur_id == ici))
    return or_(a.est_en_ligne, and_(a.est_conventionnee, or_(a.responsable_id == ici, a.id.in_(intervient))))


def lit_candidat(qui: Qui) -> ColumnElement[bool]:
    """R-154 for who recruits; C-28 for who prescribes."""
    k, c, x = m.Candidat, m.Candidature, m.AccesCandidat
    sienne = exists().where(c.candidat_id == k.id)
    if qui.profil == "of_preinscription":
        return sienne.where(lit_candidature(qui))
    return or_(
        k.createur_structure_id == qui.structure_id,
        sienne.where(c.structure_prescriptrice_id == qui.structure_id),
        exists().where(x.candidat_id == k.id, x.structure_id == qui.structure_id),
    )


def lit_structure(qui: Qui) -> ColumnElement[bool]:
    """Validated, or declared by oneself."""
    s = m.Structure
    return or_(s.etat == "validee", and_(s.etat == "a_valider", s.declaree_par_id == qui.compte_id))


def lit_compte(qui: Qui) -> ColumnElement[bool]:
    """Oneself, or whoever wrote a candidature that one reads."""
    u, c = m.Compte, m.Candidature
    return or_(u.id == qui.compte_id, exists().where(c.auteur_id == u.id).where(lit_candidature(qui)))
