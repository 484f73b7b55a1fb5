"""The verbs of the prescripteurs: from the draft to the validation.

Each verb takes loaded rows, says every reason that forbids it at once (Empeche), or moves the row and returns a
fact. Who may call it is the policies'. What partners bring is in
`candidatures_recues`; how a candidature ends, in `candidatures_closes` and `avis`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.models import Candidat, Candidature, SessionFormation, Structure
from app.models import EtatCandidature as Etat

from . import candidatures_faits as f
from . import candidatures_transitions as t
from .calendrier import jour_de_paris
from .candidatures_conditions import Situation, obstacles, quotas
from .conservation import obstacles_d_identite
from .echeances import a_valider_avant, corbeille_depassee, validation_depassee
from .empechements import Empeche, Empechement, EtatIncompatible, refuser
from .formulaires import formulaire, nettoyee, problemes_brouillon, problemes_candidature
from .ouverture import motifs_definitifs, valeurs


class DelaiValidationDepasse(Empechement):
    """Cette candidature devait être validée dans les 15 jours : son auteur peut la dupliquer une fois expirée."""

    regle = "R-038"


class DelaiCorbeilleDepasse(Empechement):
    """Cette candidature est dans la corbeille depuis plus de 15 jours : elle ne peut plus être restaurée."""

    regle = "R-101"


# --- drafts ----------------------------------------------------------------------------------------------------


def creer_brouillon(
    *,
    reference: str,
    session: SessionFormation,
    candidat: Candidat,
    structure: Structure,
    auteur_id: int,
    le: datetime,
    saisie: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """R-092: the columns of a new draft; partial data is welcome.

    In: the session with its action, responsable and formateur loaded; the prescribing structure; a
    `SaisieCandidature`. Raises Empeche: a session that can take no candidature at all (R-099), a text too long,
    a social security number in a text (R-116).
    """
    propre = nettoyee(saisie or {})
    refuser(
        *obstacles_d_identite(candidat),
        *motifs_definitifs(session, valeurs(le)),
        *problemes_brouillon(propre),
    )
    return {
        **colonnes(reference, session, candidat, le),
        "etat": Etat.BROUILLON,
        "structure_prescriptrice_id": structure.id,
        "organisme_prescripteur": structure.raison_sociale,
        "auteur_id": auteur_id,
        **propre,
    }


def dupliquer(
    modele: Candidature,
    *,
    reference: str,
    session: SessionFormation,
    candidat: Candidat,
    structure: Structure,
    auteur_id: int,
    le: datetime,
) -> dict[str, Any]:
    """C-07: the columns of a new draft on the same session, filled as one that expired, was cancelled or rejected."""
    if modele.etat not in t.DUPLICABLES:
        raise Empeche([EtatIncompatible()])
    return creer_brouillon(
        reference=reference,
        session=session,
        candidat=candidat,
        structure=structure,
        auteur_id=auteur_id,
        le=le,
        saisie=formulaire(modele),
    )


def creee(candidature: Candidature) -> f.CandidatureCreee:
    """Out: the fact of a new draft, once it has a key."""
    return t.dire(f.CandidatureCreee, candidature, None, candidature.etat)


def dupliquee(candidature: Candidature, modele: Candidature) -> f.CandidatureDupliquee:
    """Out: the fact of a duplicate, once it has a key."""
    return t.dire(f.CandidatureDupliquee, candidature, None, candidature.etat, modele_id=modele.id)


def modifier(
    candidature: Candidature, saisie: Mapping[str, Any], *, candidat: Candidat, le: datetime
) -> f.CandidatureModifiee:
    """R-106: change what is given of the form (a `SaisieCandidature`). What is submitted must stay complete."""
    t.exiger(candidature, t.MODIFIER)
    propre = nettoyee(saisie)
    if candidature.etat is Etat.BROUILLON:
        refuser(*problemes_brouillon(propre))
    else:
        refuser(*problemes_candidature({**formulaire(candidature), **propre}, candidat))
    for colonne, valeur in propre.items():
        setattr(candidature, colonne, valeur)
    return t.passer(candidature, t.MODIFIER, le)


def supprimer(candidature: Candidature, *, le: datetime) -> f.CandidatureSupprimee:
    """R-037, R-101: put a draft, or what waits for a N3, in the corbeille."""
    return t.passer(candidature, t.SUPPRIMER, le)


def restaurer(candidature: Candidature, *, le: datetime) -> f.CandidatureRestauree:
    """C-11: take it back from the corbeille, as a draft, within fifteen days."""
    t.exiger(candidature, t.RESTAURER)
    refuser(*([DelaiCorbeilleDepasse()] if corbeille_depassee(candidature, le) else []))
    candidature.close_le = candidature.soumise_le = candidature.valider_avant_le = None
    candidature.soumise_par_id = None
    return t.passer(candidature, t.RESTAURER, le)


# --- submitting and validating ------------------------------------------------------------------------------


def soumettre(
    candidature: Candidature, *, contexte: Situation, par: int, le: datetime
) -> f.CandidatureSoumise:
    """R-104: a N1 hands its draft to the N3s, who have fifteen days (R-038). Quotas wait for `valider` (C-08)."""
    t.exiger(candidature, t.SOUMETTRE)
    refuser(*obstacles(candidature, contexte, le))
    limite = a_valider_avant(le)
    candidature.soumise_le, candidature.soumise_par_id, candidature.valider_avant_le = le, par, limite
    _figer(candidature, contexte.session)
    dernier_jour = jour_de_paris(limite - timedelta(microseconds=1))
    return t.passer(candidature, t.SOUMETTRE, le, valider_avant=dernier_jour)


def valider(candidature: Candidature, *, contexte: Situation, par: int, le: datetime) -> f.CandidatureValidee:
    """R-103: send it to the training organisation; everything is checked here, under the locks of the door."""
    t.exiger(candidature, t.VALIDER)
    refuser(
        *([DelaiValidationDepasse()] if validation_depassee(candidature, le) else []),
        *obstacles(candidature, contexte, le),
        *quotas(contexte.session, contexte.sans(candidature)),
    )
    point = contexte.prochain_point(le)
    candidature.point_entree_id = point.id if point else None
    candidature.validee_le, candidature.validee_par_id = le, par
    _figer(candidature, contexte.session)
    return t.passer(candidature, t.VALIDER, le, point_entree_id=candidature.point_entree_id)


def instantane(session: SessionFormation) -> dict[str, Any]:
    """C-23, C-27: what a candidature keeps of its session, whatever becomes of it."""
    formateur = session.formateur or session.responsable
    return {
        "intitule": session.action.intitule,
        "session_date_debut": session.date_debut,
        "session_date_fin": session.date_fin,
        "organisme_formation": formateur.raison_sociale,
    }


def colonnes(reference: str, session: SessionFormation, candidat: Candidat, le: datetime) -> dict[str, Any]:
    """Out: what every new candidature begins with."""
    return {
        "reference": reference,
        "session_id": session.id,
        "candidat_id": candidat.id,
        "est_inscrit_france_travail": candidat.est_inscrit_france_travail,
        "cree_le": le,
        "modifiee_le": le,
        **instantane(session),
    }


def _figer(candidature: Candidature, session: SessionFormation) -> None:
    """Freeze again what is kept of the session, at each act."""
    for colonne, valeur in instantane(session).items():
        setattr(candidature, colonne, valeur)
