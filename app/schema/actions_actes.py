"""What the acts on actions take and give."""

from __future__ import annotations

import strawberry

from app import models as m
from app.domain.actions_formulaire import Validation
from app.reading.fields import ecrit, ecrits
from app.schema.actions import Action
from app.schema.candidatures_actes import champ
from app.schema.empechements import Empechement


@strawberry.input(description="Le formulaire d'une action ; ce qui est absent ne change pas.")
class FormulaireAction:
    """The form of an action (R-196 to R-218); what is compulsory is so once it is checked."""

    intitule: str | None = champ("Intitulé, en minuscules, 255 caractères au plus ; obligatoire.")
    objectif: str | None = champ("Objectif, 3 000 caractères au plus, sans mise en forme ; obligatoire.")
    programme: str | None = champ("Programme, 3 000 caractères au plus, sans mise en forme ; obligatoire.")
    le_plus: str | None = champ("Le plus de cette formation, 1 000 caractères au plus.")
    objectif_general: m.ObjectifGeneral | None = champ("Objectif général (LHEO) ; obligatoire.")
    validations: list[Validation] | None = champ(
        "Ce qui conclut la formation ; obligatoire, plusieurs choix."
    )
    resultats_attendus: str | None = champ("Résultats attendus, 3 000 caractères au plus.")
    conditions_acces: str | None = champ(
        "Conditions d'accès réglementaires, ou « RAS », 3 000 caractères au plus ; obligatoire."
    )
    prerequis: str | None = champ("Prérequis pédagogiques, 3 000 caractères au plus.")
    lien_web: str | None = champ("Adresse d'une page plus complète, http ou https.")
    contact_nom: str | None = champ("Personne à contacter.")
    contact_telephone: str | None = champ("Son téléphone ; obligatoire, sauf si l'adresse e-mail est donnée.")
    contact_courriel: str | None = champ("Son adresse e-mail ; obligatoire, sauf si le téléphone est donné.")
    certifications: list[strawberry.ID] | None = champ("Les certifications préparées, cinq au plus.")


@strawberry.input(description="Un brouillon d'action, hors offre conventionnée.")
class CreerActionInput(FormulaireAction):
    """A draft (R-177, R-198)."""

    intitule: str = strawberry.field(description="Intitulé, en minuscules, 255 caractères au plus.")
    responsable: strawberry.ID | None = champ(
        "L'organisme responsable ; celui de votre profil actif si vous n'êtes pas gestionnaire."
    )


@strawberry.input(description="Une action conventionnée, que seul un gestionnaire crée.")
class CreerActionConventionneeInput(FormulaireAction):
    """A conventionnée action (R-123, R-128)."""

    intitule: str = strawberry.field(description="Intitulé ; celui d'une POEC commence par « [POEC] ».")
    responsable: strawberry.ID = strawberry.field(description="L'organisme responsable.")
    dispositif: m.Dispositif = strawberry.field(description="Le dispositif.")
    financeur: m.Financeur = strawberry.field(description="Qui la finance.")
    numero_marche: str = strawberry.field(description="Le numéro du marché.")
    mesure: str = strawberry.field(description="La mesure.")


@strawberry.input(
    description="Ce qui change dans une action ; d'une action publiée, cela attend d'être confirmé."
)
class ModifierActionInput(FormulaireAction):
    """What changes in an action."""

    action: strawberry.ID = strawberry.field(description="L'action.")
    responsable: strawberry.ID | None = champ("L'organisme responsable ; réservé aux gestionnaires.")
    dispositif: m.Dispositif | None = champ("Le dispositif d'une action conventionnée ; aux gestionnaires.")
    financeur: m.Financeur | None = champ("Qui finance une action conventionnée ; aux gestionnaires.")
    numero_marche: str | None = champ("Le numéro du marché ; réservé aux gestionnaires.")
    mesure: str | None = champ("La mesure ; réservé aux gestionnaires.")


@strawberry.type(description="L'action telle que vous la lisez après l'acte, ou ce qui l'empêche.")
class ActionPayload:
    """The answer of every act on an action."""

    action: Action | None = ecrit(
        m.Action, "L'action ; nulle si l'acte n'a pas eu lieu, ou si elle n'existe plus."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="Une action, et ce qu'il reste à en dire pour la confirmer.")
class ActionSaisiePayload:
    """The answer of the acts that fill the form."""

    action: Action | None = ecrit(m.Action, "L'action ; nulle si l'acte n'a pas eu lieu.")
    remarques: list[Empechement] | None = strawberry.field(
        description="Ce qui manquera au moment de confirmer, et ce qui mérite un coup d'œil ; rien n'est empêché."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="Ce que dit la vérification d'une action ; rien n'est modifié.")
class VerificationPayload:
    """The answer of `verifierAction` (R-189)."""

    action: Action | None = ecrit(m.Action, "L'action vérifiée.")
    problemes: list[Empechement] | None = strawberry.field(
        description="Ce qui empêche de confirmer ; vide si rien."
    )
    avertissements: list[Empechement] | None = strawberry.field(
        description="Ce qui mérite un coup d'œil, sans rien empêcher."
    )
    preuve: str | None = strawberry.field(
        description="À donner à « confirmerAction » ; nulle s'il y a un problème. Un changement la périme."
    )
    empechements: list[Empechement] = strawberry.field(description="Ce qui empêche de vérifier ; vide sinon.")


@strawberry.type(description="Ce qu'il est advenu d'une des actions à publier.")
class ResultatPublication:
    """One of the actions of a bulk publication."""

    id: strawberry.ID = strawberry.field(description="L'action.")
    publiee: bool = strawberry.field(description="Elle est publiée.")
    empechements: list[Empechement] = strawberry.field(description="Sinon, ce qui l'empêche.")


@strawberry.type(description="Ce qu'il est advenu de chacune ; l'une n'empêche pas les autres.")
class PublicationsPayload:
    """The answer of a bulk publication (R-191)."""

    resultats: list[ResultatPublication] | None = strawberry.field(
        description="Une ligne par action demandée, dans le même ordre."
    )
    actions: list[Action] = ecrits(m.Action, "Celles qui sont publiées, telles que vous les lisez.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte entier ; vide sinon."
    )
