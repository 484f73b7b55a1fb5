"""Exchanges with partners, and what they bring and answer, as the API shows them."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.domain.candidatures_closes import ChampIdentite, MotifRejet
from app.reading.fields import Ordre, Tri, colonne, critere, droit, droits, ecrit, objet, relation
from app.schema.candidats_actes import FormulaireCandidat
from app.schema.candidatures import Candidature
from app.schema.candidatures_actes import champ
from app.schema.empechements import Empechement
from app.schema.pages import Connection, Node

CE_QUI_DIFFERE = "Ce qui diffère, pour des données incohérentes ; jamais les valeurs."


@strawberry.type(description="Ce que vous pouvez faire d'un échange.")
class PeutEchange:
    """What the viewer may do with an exchange."""

    rejouer: bool = droit("rejouer", "L'envoyer de nouveau.")


@objet(m.Echange, "Un message vers un partenaire, ou de lui, au sujet d'une candidature.")
class Echange(Node):
    """A message to or from a partner."""

    partenaire: m.Correspondant = colonne(m.Echange.partenaire, "Avec qui.")
    sens: m.SensEchange = colonne(m.Echange.sens, "Vers lui, ou de lui.")
    type_echange: m.TypeEchange = colonne(m.Echange.type_echange, "Ce qu'il dit.")
    etat: m.EtatEchange = colonne(m.Echange.etat, "Où il en est.")
    cle: str = colonne(m.Echange.cle, "Sa clé, la même à chaque envoi.")
    nb_tentatives: int | None = colonne(m.Echange.nb_tentatives, "Combien de fois il a été envoyé.")
    resultat: str | None = colonne(m.Echange.resultat, "Le code de ce qui est arrivé en dernier.")
    cree_le: dt.datetime = colonne(m.Echange.cree_le, "Depuis quand.")
    derniere_tentative_le: dt.datetime | None = colonne(
        m.Echange.derniere_tentative_le, "Quand il a été envoyé pour la dernière fois."
    )
    candidature: Candidature | None = relation(m.Echange.candidature, "Au sujet de quelle candidature.")
    peut: PeutEchange = droits("Ce que vous pouvez en faire maintenant.")


@strawberry.type(description="Une page d'échanges avec les partenaires.")
class EchangeConnection(Connection[Echange]):
    """A page of exchanges."""


@strawberry.enum(description="L'ordre d'une liste d'échanges.")
class TriEchanges(Ordre):
    """The orders offered on lists of exchanges."""

    PLUS_RECENTS = Tri(m.Echange.cree_le, descendant=True)
    PLUS_ANCIENS = Tri(m.Echange.cree_le)


@strawberry.input(description="Ce que la liste retient ; les critères se cumulent.")
class FiltreEchanges:
    """The criteria offered on lists of exchanges."""

    etats: list[m.EtatEchange] | None = critere(m.Echange.etat, "parmi", "Dans un de ces états.")
    partenaires: list[m.Correspondant] | None = critere(
        m.Echange.partenaire, "parmi", "Avec un de ces partenaires."
    )
    candidature: strawberry.ID | None = critere(
        m.Echange.candidature_id, "=", "Au sujet de cette candidature.", type_name="Candidature"
    )


@strawberry.input(description="Une candidature faite ailleurs, transmise par le programme d'un partenaire.")
class RecevoirCandidatureInput(FormulaireCandidat):
    """A candidature that no account of ours wrote (C-32)."""

    session: str = strawberry.field(description="Le numéro Carif de la session.")
    reference_partenaire: str | None = champ(
        "Votre propre numéro, 50 caractères au plus : transmise deux fois, la candidature reste une."
    )
    niveau_formation: str | None = champ("Niveau de formation atteint.")
    situation: str | None = champ("Situation au regard de l'emploi.")
    parcours_anterieur: str | None = champ("Parcours antérieur, 2 000 caractères au plus.")
    raisons: str | None = champ("Raisons du choix de cette formation, 2 000 caractères au plus.")
    suites_parcours: str | None = champ("Suites de parcours envisagées, 2 000 caractères au plus.")


@strawberry.type(description="La candidature reçue, ou ce qui l'empêche.")
class RecevoirCandidaturePayload:
    """The answer to a partner that brings a candidature."""

    reference: str | None = strawberry.field(
        description="Sa référence ici ; nulle si elle n'a pas été reçue."
    )
    candidature: Candidature | None = ecrit(
        m.Candidature, "La candidature, si votre portée vous permet de la lire."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.enum(description="Ce qu'un partenaire répond d'un message.")
class ResultatReponse(m.Mot):
    """What a partner answers."""

    ACCEPTEE = "acceptee", "La candidature est acceptée"
    REJETEE = "rejetee", "La candidature est rejetée"


@strawberry.input(description="La réponse d'un partenaire à un message qu'il a reçu.")
class RepondreEchangeInput:
    """The answer of a partner (R-112 to R-114)."""

    cle: str = strawberry.field(
        description="La clé de cette réponse, de 8 à 100 signes : donnée deux fois, elle ne compte qu'une."
    )
    message: str = strawberry.field(description="La clé du message auquel elle répond.")
    resultat: ResultatReponse = strawberry.field(description="Acceptée ou rejetée.")
    motif: MotifRejet | None = strawberry.field(default=None, description="Si elle est rejetée, pourquoi.")
    champs: list[ChampIdentite] = strawberry.field(
        default_factory=list,
        description="Ce qui diffère, pour des données incohérentes ; jamais les valeurs.",
    )


@strawberry.type(description="L'échange tel que vous le lisez après l'acte, ou ce qui l'empêche.")
class EchangePayload:
    """The answer of every act on an exchange."""

    echange: Echange | None = ecrit(m.Echange, "L'échange ; nul si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
