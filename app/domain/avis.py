"""The avis of the training organisation on a candidature (R-155 to R-165)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from app.models import Avis, Candidature, MotifNonRetenu, ResultatConvocation

from . import candidatures_faits as f
from . import candidatures_transitions as t
from .convocations import hors_delai
from .empechements import Empechement, refuser
from .formulaires import RACINE, Champ, ChampObligatoire, texte_obligatoire, verifier_champs
from .textes import nettoyer

JOURS_OUVRES = 5  # a full week
INTENSITE_MAXIMUM = Decimal(120)  # hours: five whole days; what is above is a slip


class PresenceRequise(Empechement):
    """Indiquez d'abord une date à laquelle la personne a été reçue, et sa présence : convoquez-la puis notez le résultat."""

    regle = "R-155"


class DatesInversees(Empechement):
    """La date de sortie précède la date d'entrée : corrigez l'une des deux."""

    regle = "R-161"


class IntensiteInvraisemblable(Empechement):
    """L'intensité hebdomadaire s'exprime en heures par semaine, entre 0 et 120 : corrigez-la."""

    regle = "R-162"


@dataclass(frozen=True)
class SaisieAvis:
    """What is given of the form of an avis; `est_retenu` None: no answer."""

    est_retenu: bool | None = None
    motif: MotifNonRetenu | None = None
    raison: str | None = None
    commentaire: str | None = None
    date_entree_prevue: date | None = None
    date_sortie_prevue: date | None = None
    intensite_hebdomadaire: Decimal | None = None


COMMENTAIRE = Champ("commentaire", 250)
RAISON = Champ("raison", 1000)
OBLIGATOIRES: dict[bool, tuple[str, ...]] = {
    True: ("date_entree_prevue", "date_sortie_prevue", "intensite_hebdomadaire"),
    False: ("motif", "raison"),
}


def rendre_avis(
    candidature: Candidature, saisie: SaisieAvis, *, par: int, le: datetime
) -> tuple[Avis, f.AvisRendu]:
    """R-155, R-164: give the avis, for good (R-165).

    In: the candidature with its session and convocations loaded. Out: the avis, to be added, and the fact. Raises
    Empeche with every problem, each on its field.
    """
    t.exiger(candidature, t.RETENIR)
    refuser(*hors_delai(candidature, le), *_sans_presence(candidature), *problemes_avis(saisie))
    avis = Avis(candidature_id=candidature.id, est_automatique=False)
    _ecrire(avis, saisie, par, le)
    transition = t.RETENIR if avis.est_retenu else t.NE_PAS_RETENIR
    return avis, t.passer(candidature, transition, le, est_retenu=avis.est_retenu, est_automatique=False)


def corriger(
    candidature: Candidature, avis: Avis, saisie: SaisieAvis, *, motif: str | None, par: int, le: datetime
) -> f.AvisCorrige:
    """C-24: a gestionnaire corrects an avis, and says why. No presence is asked: an absence may be the mistake."""
    vers = t.CORRIGER_EN_RETENUE if saisie.est_retenu else t.CORRIGER_EN_NON_RETENUE
    t.exiger(candidature, vers)
    refuser(*texte_obligatoire("motif_correction", motif), *problemes_avis(saisie))
    _ecrire(avis, saisie, par, le)
    avis.est_automatique = False
    candidature.motif_fin = nettoyer(motif)
    return t.passer(candidature, vers, le)


def problemes_avis(saisie: SaisieAvis) -> list[Empechement]:
    """R-160 to R-163: every problem of the form, each on its field."""
    textes = {"commentaire": nettoyer(saisie.commentaire), "raison": nettoyer(saisie.raison)}
    return [
        *_manquants(saisie),
        *_dates(saisie),
        *_intensite(saisie.intensite_hebdomadaire),
        *verifier_champs((COMMENTAIRE, RAISON), textes, complet=False),
    ]


def intensite_hebdomadaire(heures: Decimal, jours: Decimal) -> Decimal:
    """R-162: hours of training brought to a full week of five working days: 8 h over 2 days are 20 h a week.

    In: the hours, and the number of days that they take. Raises ValueError without any day.
    """
    if jours <= 0:
        raise ValueError("hours are brought to a week from at least some part of a day")
    return (heures / jours * JOURS_OUVRES).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _manquants(saisie: SaisieAvis) -> list[Empechement]:
    if saisie.est_retenu is None:
        return [ChampObligatoire(RACINE, "est_retenu")]
    donnes = vars(saisie) | {"raison": nettoyer(saisie.raison)}
    return [ChampObligatoire(RACINE, nom) for nom in OBLIGATOIRES[saisie.est_retenu] if donnes[nom] is None]


def _dates(saisie: SaisieAvis) -> list[Empechement]:
    entree, sortie = saisie.date_entree_prevue, saisie.date_sortie_prevue
    inversees = entree is not None and sortie is not None and sortie < entree
    return [DatesInversees(RACINE, "date_sortie_prevue")] if inversees else []


def _intensite(heures: Decimal | None) -> list[Empechement]:
    possible = heures is None or 0 < heures <= INTENSITE_MAXIMUM
    return [] if possible else [IntensiteInvraisemblable(RACINE, "intensite_hebdomadaire")]


def _sans_presence(candidature: Candidature) -> list[Empechement]:
    presente = any(c.resultat is ResultatConvocation.PRESENCE for c in candidature.convocations)
    return [] if presente else [PresenceRequise()]


def _ecrire(avis: Avis, saisie: SaisieAvis, par: int, le: datetime) -> None:
    """Keep what the answer asks for, and nothing of the other one."""
    retenu = bool(saisie.est_retenu)
    avis.est_retenu = retenu
    avis.motif = None if retenu else saisie.motif
    avis.raison = None if retenu else nettoyer(saisie.raison)
    avis.commentaire = nettoyer(saisie.commentaire)
    avis.date_entree_prevue = saisie.date_entree_prevue if retenu else None
    avis.date_sortie_prevue = saisie.date_sortie_prevue if retenu else None
    avis.intensite_hebdomadaire = saisie.intensite_hebdomadaire if retenu else None
    avis.rendu_par_id, avis.rendu_le = par, le
