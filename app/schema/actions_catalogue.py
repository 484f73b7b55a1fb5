"""What an action shows to who keeps it, or controls it: what waits beside what is published, its age, its form."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import strawberry
from sqlalchemy import ARRAY, Date, Integer, and_, bindparam, case, cast, func, or_, type_coerce

from app import models as m
from app.domain.actions_contenu import CERTIFICATIONS, CHAMPS, CODES, FORMULAIRE
from app.domain.actions_controle import DELAI, LUNDI, OUVRES, SEMAINE
from app.domain.actions_formulaire import Validation
from app.domain.actions_transitions import A_CONTROLER
from app.models.base import mot
from app.reading.fields import calcule, champs, cle_json, colonne, objet, objet_json, page, relation
from app.schema.dialogues import MessageActionConnection, TriMessages
from app.schema.faits import FaitConnection, TriFaits
from app.schema.pages import Node

strawberry.enum(Validation, description="Ce qui conclut une formation.")

DU_GESTIONNAIRE = ("formacodes", "responsable_id", "dispositif", "financeur", "numero_marche", "mesure")


def champs_de(nom: str, colonnes: tuple[str, ...], description: str) -> Any:
    """Out: an enum of the API whose members are columns: `LE_PLUS` for `le_plus`, `RESPONSABLE` for a key."""
    made = enum.Enum(nom, {c.removesuffix("_id").upper(): c for c in colonnes})  # type: ignore[misc]  # its members are data
    return strawberry.enum(made, description=description)


PARTIES = {CERTIFICATIONS: m.ActionCertification}
ChampAction: Any = champs_de(
    "ChampAction", (*FORMULAIRE, *PARTIES, *DU_GESTIONNAIRE), "Un champ du formulaire d'une action."
)


@strawberry.type(
    description="Le contenu qui attend ; nul : ce champ n'attend pas, ou sera vidé (voir « champs »)."
)
class ContenuAttendu:
    """The texts that wait."""

    intitule: str | None = cle_json("intitule", "Intitulé.")
    objectif: str | None = cle_json("objectif", "Objectif de la formation.")
    programme: str | None = cle_json("programme", "Programme, contenu.")
    le_plus: str | None = cle_json("le_plus", "Le plus de cette formation.")
    objectif_general: str | None = cle_json("objectif_general", "Objectif général, son mot en minuscules.")
    resultats_attendus: str | None = cle_json("resultats_attendus", "Résultats attendus.")
    conditions_acces: str | None = cle_json("conditions_acces", "Conditions d'accès réglementaires.")
    prerequis: str | None = cle_json("prerequis", "Prérequis pédagogiques.")
    lien_web: str | None = cle_json("lien_web", "Adresse d'une page plus complète.")
    contact_nom: str | None = cle_json("contact_nom", "Personne à contacter.")
    contact_telephone: str | None = cle_json("contact_telephone", "Son téléphone.")
    contact_courriel: str | None = cle_json("contact_courriel", "Son adresse e-mail.")


def _cle(cle: str) -> Any:
    return lambda row, _: row["contenu"][cle]


@objet(
    m.ActionModification,
    "Ce qui est changé et pas encore confirmé, ou qui attend un contrôle : les autres lisent ce qui est publié.",
)
class ModificationAction(Node):
    """What waits beside what is published (C-33)."""

    champs: list[str] = calcule(
        _cle(CHAMPS),
        "Les champs qui changent, nommés comme dans le formulaire.",
        lit=(m.ActionModification.contenu,),
        jamais_nul=True,
    )
    contenu: ContenuAttendu | None = objet_json(
        m.ActionModification.contenu, "Ce qui sera publié, pour ces champs."
    )
    certifications: list[str] | None = calcule(
        _cle(CODES),
        "Les codes des certifications qui attendent ; nul si elles ne changent pas.",
        lit=(m.ActionModification.contenu,),
    )
    validations: list[str] | None = calcule(
        _cle("validations"),
        "Les fins de formation qui attendent, leurs mots en minuscules ; nul si elles ne changent pas.",
        lit=(m.ActionModification.contenu,),
    )
    confirmee_le: dt.datetime | None = colonne(
        m.ActionModification.confirmee_le,
        "Depuis quand elle attend un contrôle ; nul : pas encore confirmée.",
    )
    modifiee_le: dt.datetime = colonne(m.ActionModification.modifiee_le, "Dernier changement.")


# --- the age of what waits for a control (C-03) ------------------------------------------------------------------


def _jour(moment: Any) -> Any:
    return cast(func.timezone("Europe/Paris", moment), Date)


def _rang(jour: Any) -> Any:
    """SQL twin of `rang_ouvre`."""
    jours = jour.op("-", return_type=Integer())(func.make_date(LUNDI.year, LUNDI.month, LUNDI.day))
    return OUVRES * jours.op("/")(SEMAINE) + func.least(jours.op("%")(SEMAINE) + 1, OUVRES)


def _age(row: Any) -> Any:
    aujourd_hui = bindparam("aujourd_hui", type_=Date())
    return _rang(aujourd_hui) - _rang(_jour(row["modifiee_le"]))


def _attend(row: Any) -> Any:
    return or_(*(row["etat"] == etat for etat in sorted(A_CONTROLER)))


def _si_elle_attend(row: Any, valeur: Any) -> Any:
    return case((_attend(row), valeur))


DU_CONTROLE = (m.Action.etat, m.Action.modifiee_le)


@strawberry.type
class AuCatalogue:
    """The fields of an action that its catalogue needs; `Action` takes them."""

    validations: list[Validation] = calcule(
        lambda row, _: type_coerce(row["validations"], ARRAY(mot(Validation))),
        "Ce qui conclut la formation.",
        lit=(m.Action.validations,),
        jamais_nul=True,
    )
    formacodes: list[str] = colonne(m.Action.formacodes, "Les mots-clés du thésaurus Formacode.")
    demande_complement: str | None = colonne(
        m.Action.demande_complement, "Ce que les gestionnaires demandent de compléter ; selon votre profil."
    )
    modifiee_le: dt.datetime = colonne(m.Action.modifiee_le, "Dernier changement.")
    publiee_le: dt.datetime | None = colonne(
        m.Action.publiee_le, "Depuis quand ce qui est publié se lit ainsi."
    )
    modification: ModificationAction | None = relation(
        m.Action.modification, "Ce qui attend, à part de ce qui est publié ; selon votre profil."
    )
    historique: FaitConnection = page(
        m.Action.faits, "Ce qui lui est arrivé ; selon votre profil.", ordre=TriFaits
    )
    dialogue: MessageActionConnection = page(
        m.Action.messages,
        "Ce que son organisme et les gestionnaires s'écrivent à son sujet ; selon votre profil.",
        ordre=TriMessages,
    )
    attend_reponse: bool | None = colonne(
        m.Action.est_sans_reponse,
        "Son organisme a écrit, et attend qu'un gestionnaire réponde ; selon votre profil.",
    )
    champs_modifiables: list[ChampAction] = champs(
        ChampAction,
        "Les champs que vous pouvez modifier maintenant.",
        parties=PARTIES,
    )
    attend_depuis: dt.datetime | None = calcule(
        lambda row, _: _si_elle_attend(row, row["modifiee_le"]),
        "Depuis quand elle attend un contrôle.",
        lit=DU_CONTROLE,
    )
    jours_ouvres_attente: int | None = calcule(
        lambda row, _: _si_elle_attend(row, _age(row)),
        "Depuis combien de jours ouvrés elle attend un contrôle.",
        lit=DU_CONTROLE,
    )
    en_retard: bool = calcule(
        lambda row, _: and_(_attend(row), _age(row) > DELAI),
        "Attend un contrôle depuis plus de quatre jours ouvrés.",
        lit=DU_CONTROLE,
        jamais_nul=True,
    )
