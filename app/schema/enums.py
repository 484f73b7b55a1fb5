"""The enums of the trade in the API: the models' own, each value described by its French label."""

from __future__ import annotations

from typing import Any

import strawberry

from app import models as m
from app.domain.candidatures_closes import ChampIdentite, MotifRejet
from app.domain.exports import ListeExportee
from app.domain.fusions import ChampFiche
from app.domain.onglets import OngletCandidatures, RoleOrganisme
from app.domain.situations import SituationSession

DESCRIPTIONS: dict[type[m.Mot], str] = {
    m.EtatStructure: "Où en est une structure.",
    m.EtatDemande: "Où en est une demande qu'un gestionnaire décide.",
    m.Portee: "Ce que peut le programme d'un partenaire.",
    m.EtatAffiliation: "Où en est une affiliation.",
    m.Droit: "Un droit accordé à un compte au titre d'une structure.",
    m.EnvoiAvis: "Comment un prescripteur est prévenu de ce que deviennent ses candidatures.",
    m.EtatAction: "Où en est une action de formation.",
    m.Dispositif: "Le dispositif dont relève une action conventionnée.",
    m.Financeur: "Qui finance une action conventionnée.",
    m.TypeAction: "Le type d'une action.",
    m.ObjectifGeneral: "L'objectif général d'une formation, selon LHEO.",
    m.EtatSession: "L'état enregistré d'une session.",
    SituationSession: "Où en est une session, d'après ses dates et ses places.",
    m.TypeEntree: "Comment on entre en formation.",
    m.VoieAcces: "La voie d'accès à une session.",
    m.Modalite: "La modalité pédagogique d'une session.",
    m.ModaliteRecrutement: "Comment on est admis à une session.",
    m.ModeCandidature: "Comment les candidatures parviennent à une session conventionnée.",
    m.ValidationBlocs: "La part d'une certification qu'une session valide.",
    m.FrequenceAlerte: "À quelle fréquence on est prévenu de ce qui est nouveau.",
    m.Civilite: "La civilité d'une personne.",
    m.EtatCandidature: "Où en est une candidature.",
    MotifRejet: "Pourquoi une candidature est rejetée.",
    ListeExportee: "Une liste qui s'exporte.",
    OngletCandidatures: "Un onglet de la gestion des candidatures.",
    RoleOrganisme: "Ce qu'un organisme est pour une session.",
    m.OrigineCandidature: "D'où vient une candidature.",
    m.TypeConvocation: "À quoi un candidat est convoqué.",
    m.ResultatConvocation: "Ce qu'il est advenu d'une convocation.",
    m.MotifNonRetenu: "Pourquoi un candidat n'est pas retenu.",
    m.Correspondant: "À qui les candidatures sont dites.",
    m.SensEchange: "Dans quel sens va un échange.",
    m.TypeEchange: "Ce qu'un échange dit d'une candidature.",
    m.EtatEchange: "Où en est un échange avec un partenaire.",
    ChampFiche: "Un champ de la fiche d'une personne.",
    ChampIdentite: "Ce qui, d'une personne, diffère de ce qu'un partenaire en sait.",
}


def _enregistrer() -> None:
    for mots, description in DESCRIPTIONS.items():
        strawberry.enum(mots, description=description)
        definition: Any = mots.__strawberry_definition__  # type: ignore[attr-defined]  # set by the line above
        for value in definition.values:
            value.description = mots[value.name].libelle + "."


_enregistrer()
