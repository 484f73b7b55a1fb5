"""What the acts on the form and the life of a session take and give."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import ecrit
from app.schema.candidatures_actes import champ
from app.schema.empechements import Empechement
from app.schema.sessions import Session


@strawberry.input(description="Ce qu'une session valide d'une certification de son action.")
class CertificationViseeInput:
    """What a session validates of a certification (R-229 to R-235)."""

    certification: strawberry.ID = strawberry.field(description="Une des certifications de l'action.")
    validation: m.ValidationBlocs = strawberry.field(
        default=m.ValidationBlocs.TOTALE, description="Totale, partielle ou mixte."
    )
    blocs: list[str] = strawberry.field(
        default_factory=list, description="Les blocs validés, si elle n'est pas totale : RNCP35819BC01."
    )


@strawberry.input(description="Une information collective.")
class ReunionInput:
    """An information meeting (R-242)."""

    debut_le: dt.datetime = strawberry.field(description="Quand elle commence.")
    lieu: str | None = strawberry.field(default=None, description="Où elle se tient.")


@strawberry.input(description="Le formulaire d'une session ; ce qui est absent ne change pas.")
class FormulaireSession:
    """The form of a session (R-220 to R-244)."""

    formateur: strawberry.ID | None = champ("L'organisme formateur : voir « formateursProposes ».")
    type_entree: m.TypeEntree | None = champ("Comment on y entre ; à date fixe sinon.")
    voie_acces: m.VoieAcces | None = champ("La voie d'accès, une seule ; formation continue sinon.")
    annees_apprentissage: str | None = champ(
        "Les années accessibles en apprentissage, par exemple « 1, 2 » ; obligatoire en apprentissage."
    )
    modalite: m.Modalite | None = champ("La modalité pédagogique ; en présentiel sinon.")
    heures_centre: float | None = champ("Heures en centre.")
    heures_entreprise: float | None = champ("Heures en entreprise.")
    lieu_nom: str | None = champ("Nom du lieu.")
    lieu_voie: str | None = champ("Numéro et nom de la voie ; obligatoire.")
    lieu_code_postal: str | None = champ("Code postal ; obligatoire.")
    lieu_ville: str | None = champ("Ville ; obligatoire.")
    lieu_code_insee: str | None = champ("Code INSEE de la commune, s'il est connu.")
    contact_nom: str | None = champ("Personne à contacter.")
    contact_telephone: str | None = champ("Son téléphone ; obligatoire, sauf si l'adresse e-mail est donnée.")
    contact_courriel: str | None = champ("Son adresse e-mail ; obligatoire, sauf si le téléphone est donné.")
    referent_handicap: str | None = champ("Référent travailleur handicapé.")
    commentaire: str | None = champ("Commentaire bref, 600 caractères au plus.")
    modalites_recrutement: list[m.ModaliteRecrutement] | None = champ(
        "Comment on y est admis, plusieurs choix ; donner des réunions coche l'information collective."
    )
    certifications: list[CertificationViseeInput] | None = champ("Ce que la session valide ; remplace tout.")
    reunions: list[ReunionInput] | None = champ("Ses informations collectives ; remplace tout.")
    positionneur: strawberry.ID | None = champ("L'organisme qui recrute ; réservé aux gestionnaires.")
    mode_candidature: m.ModeCandidature | None = champ(
        "Comment les candidatures y parviennent ; réservé aux gestionnaires."
    )
    date_limite_inscription: dt.date | None = champ("Dernier jour pour candidater ; aux gestionnaires.")
    date_entree_tardive: dt.date | None = champ("Dernier jour pour entrer ; réservé aux gestionnaires.")
    capacite_accueil: int | None = champ("Capacité d'accueil ; réservé aux gestionnaires.")
    coefficient: float | None = champ("Candidatures possibles par place ; réservé aux gestionnaires.")
    ratio_suite_parcours: float | None = champ("Ratio suite de parcours ; réservé aux gestionnaires.")


@strawberry.input(description="Une nouvelle session d'une action.")
class AjouterSessionInput(FormulaireSession):
    """A new session (R-219, R-246)."""

    action: strawberry.ID = strawberry.field(description="L'action.")
    date_debut: dt.date = strawberry.field(description="Premier jour.")
    date_fin: dt.date = strawberry.field(description="Dernier jour.")


@strawberry.input(description="Ce qui change dans une session ; ce qui est publié change aussitôt.")
class ModifierSessionInput(FormulaireSession):
    """What changes in a session (R-188)."""

    session: strawberry.ID = strawberry.field(description="La session.")
    date_debut: dt.date | None = champ("Premier jour ; d'un brouillon seulement.")
    date_fin: dt.date | None = champ("Dernier jour ; d'un brouillon seulement.")


@strawberry.input(description="Les nouvelles dates d'une session, décidées par son financeur.")
class ModifierDatesSessionInput:
    """New dates (C-01)."""

    session: strawberry.ID = strawberry.field(description="La session.")
    date_debut: dt.date | None = champ("Premier jour.")
    date_fin: dt.date | None = champ("Dernier jour.")
    date_limite_inscription: dt.date | None = champ("Dernier jour pour candidater ; nul : jusqu'à la fin.")
    date_entree_tardive: dt.date | None = champ("Dernier jour pour entrer en formation ou annuler.")
    points_entree: list[dt.date] | None = champ(
        "Les points d'entrée d'une HSP ; remplace tout, sauf ceux où quelqu'un est attendu."
    )


@strawberry.type(description="Une session, et ce qu'il reste à en dire avant qu'elle soit publiée.")
class SessionSaisiePayload:
    """The answer of the acts that fill the form."""

    session: Session | None = ecrit(m.SessionFormation, "La session ; nulle si l'acte n'a pas eu lieu.")
    remarques: list[Empechement] | None = strawberry.field(
        description="Ce qui manquera au moment de confirmer, et ce qui mérite un coup d'œil ; rien n'est empêché."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="Une session annulée, et combien de candidatures l'ont été avec elle.")
class SessionAnnuleePayload:
    """The answer of a cancellation (R-169)."""

    session: Session | None = ecrit(m.SessionFormation, "La session ; nulle si l'acte n'a pas eu lieu.")
    nb_candidatures: int | None = strawberry.field(
        description="Combien de candidatures attendaient un avis et sont maintenant refusées."
    )
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
