"""What the acts on candidats take and give."""

from __future__ import annotations

import datetime as dt

import strawberry

from app import models as m
from app.reading.fields import ecrit, ecrits
from app.schema.candidats import Candidat
from app.schema.candidatures_actes import champ
from app.schema.empechements import Empechement


@strawberry.input(
    description="Une recherche dans l'annuaire : un identifiant France Travail, ou le nom, le prénom et la date de"
    " naissance ensemble."
)
class RechercherCandidatInput:
    """The criteria of an exact search (R-082, C-28)."""

    nom: str | None = champ("Nom.")
    prenom: str | None = champ("Prénom.")
    date_naissance: dt.date | None = champ("Date de naissance.")
    numero_france_travail: str | None = champ("Numéro France Travail, onze chiffres.")
    identifiant_regional: str | None = champ("Identifiant régional France Travail, huit caractères.")


@strawberry.input(description="La fiche d'un candidat ; ce qui est absent ne change pas.")
class FormulaireCandidat:
    """The fiche of a candidat (R-088)."""

    civilite: m.Civilite | None = champ("Civilité.")
    nom: str | None = champ("Nom ; obligatoire.")
    prenom: str | None = champ("Prénom ; obligatoire.")
    date_naissance: dt.date | None = champ("Date de naissance ; obligatoire.")
    courriel: str | None = champ("Adresse e-mail.")
    telephone: str | None = champ("Téléphone.")
    voie: str | None = champ("Numéro et nom de la voie.")
    code_postal: str | None = champ("Code postal.")
    ville: str | None = champ("Ville.")
    inscrit_france_travail: bool | None = champ("Est inscrite à France Travail.")
    numero_france_travail: str | None = champ("Numéro France Travail, onze chiffres.")
    identifiant_regional: str | None = champ("Identifiant régional France Travail, huit caractères.")


@strawberry.input(
    description="Une personne à inscrire dans l'annuaire, après une recherche qui ne l'a pas trouvée."
)
class CreerCandidatInput(FormulaireCandidat):
    """A new candidat."""


@strawberry.input(description="Ce qui change dans la fiche d'un candidat.")
class ModifierCandidatInput(FormulaireCandidat):
    """What changes in a fiche."""

    candidat: strawberry.ID = strawberry.field(description="La personne.")


@strawberry.type(
    description="Les personnes trouvées, ouvertes à votre structure pour 24 heures, ou ce qui l'empêche."
)
class RechercherCandidatPayload:
    """The answer of a search."""

    candidats: list[Candidat] = ecrits(m.Candidat, "Les personnes trouvées ; vide si personne ne l'est.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )


@strawberry.type(description="La fiche telle que vous la lisez après l'acte, ou ce qui l'empêche.")
class CandidatPayload:
    """The answer of every act on a candidat."""

    candidat: Candidat | None = ecrit(m.Candidat, "La personne ; nulle si l'acte n'a pas eu lieu.")
    empechements: list[Empechement] = strawberry.field(
        description="Ce qui empêche l'acte ; vide s'il a eu lieu."
    )
