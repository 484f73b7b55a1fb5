"""The messages to partners, version 1: one JSON object a fact (docs/echanges.md). Never a social security number.

No format is published for HUB Agora nor for France Travail's intake: this one is ours, and small. What a message
says of the candidature is what the fact says (`etat`), so that a late one does not tell the future.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import orjson

from app import models as m
from app.kit.clock import PARIS

VERSION = 1
STATUTS = {  # France Travail's words for an inscription (ICR, ICA, ICN), and for who waits (PFR)
    m.EtatCandidature.EN_ATTENTE_AVIS: "PFR",
    m.EtatCandidature.RETENUE: "ICR",
    m.EtatCandidature.NON_RETENUE: "ICN",
}
ABSENT = "ICA"
ETATS = {str(etat): etat for etat in m.EtatCandidature}


def message(echange: m.Echange, fait: m.Fait, candidature: m.Candidature) -> bytes:
    """In: the exchange, the fact it tells, the candidature with its session, people and avis loaded. Out: JSON, UTF-8."""
    etat = ETATS[fait.donnees["apres"]]
    corps = {
        "version": VERSION,
        "cle": echange.cle,
        "type": f"candidature.{echange.type_echange}",
        "numero": fait.id,
        "survenu_le": moment(fait.survenu_le),
        "candidature": _candidature(candidature, etat),
        "session": _session(candidature.session),
        "prescripteur": _structure(candidature.structure_prescriptrice),
        "candidat": _candidat(candidature.candidat),
        "avis": _avis(candidature.avis) if echange.type_echange is m.TypeEchange.AVIS else None,
        **PROPRES[echange.partenaire](candidature, etat),
    }
    return orjson.dumps(corps, option=orjson.OPT_SORT_KEYS)


def _candidature(candidature: m.Candidature, etat: m.EtatCandidature) -> dict[str, Any]:
    return {
        "reference": candidature.reference,
        "reference_partenaire": candidature.reference_partenaire,
        "etat": str(etat),
        "origine": str(candidature.origine),
        "validee_le": moment(candidature.validee_le),
        "motif_fin": candidature.motif_fin if etat is m.EtatCandidature.REJETEE else None,
    }


def _session(session: m.SessionFormation) -> dict[str, Any]:
    action = session.action
    return {
        "numero_carif": session.numero_carif,
        "intitule": action.intitule,
        "numero_action": action.reference,
        "numero_marche": action.numero_marche,
        "date_debut": jour(session.date_debut),
        "date_fin": jour(session.date_fin),
        "responsable": _structure(session.responsable),
    }


def _structure(structure: m.Structure | None) -> dict[str, Any] | None:
    if structure is None:
        return None
    return {"siret": structure.siret, "raison_sociale": structure.raison_sociale}


def _candidat(candidat: m.Candidat) -> dict[str, Any]:
    return {
        "reference": candidat.reference,
        "civilite": candidat.civilite and str(candidat.civilite),
        "nom": candidat.nom,
        "prenom": candidat.prenom,
        "date_naissance": jour(candidat.date_naissance),
        "courriel": candidat.courriel,
        "telephone": candidat.telephone,
        "code_postal": candidat.code_postal,
        "ville": candidat.ville,
        "numero_france_travail": candidat.numero_france_travail,
        "identifiant_regional": candidat.identifiant_regional,
    }


def _avis(avis: m.Avis | None) -> dict[str, Any] | None:
    if avis is None:
        return None
    return {
        "retenu": avis.est_retenu,
        "motif": avis.motif and str(avis.motif),
        "rendu_le": moment(avis.rendu_le),
        "date_entree_prevue": jour(avis.date_entree_prevue),
        "date_sortie_prevue": jour(avis.date_sortie_prevue),
        "intensite_hebdomadaire": None
        if avis.intensite_hebdomadaire is None
        else float(avis.intensite_hebdomadaire),
    }


def _pour_agora(candidature: m.Candidature, _etat: m.EtatCandidature) -> dict[str, Any]:
    """R-120: France Travail sees, through Agora, those who are said registered, and nobody else."""
    return {"visible_france_travail": candidature.est_inscrit_france_travail}


def _pour_france_travail(candidature: m.Candidature, etat: m.EtatCandidature) -> dict[str, Any]:
    """R-122: what Kairos updates the file of the trainee with."""
    absent = candidature.avis is not None and candidature.avis.motif is m.MotifNonRetenu.ABSENCE
    est_absent = etat is m.EtatCandidature.NON_RETENUE and absent
    return {"code_statut_inscription": ABSENT if est_absent else STATUTS.get(etat)}


PROPRES: Mapping[m.Correspondant, Callable[[m.Candidature, m.EtatCandidature], dict[str, Any]]] = {
    m.Correspondant.AGORA: _pour_agora,
    m.Correspondant.FRANCE_TRAVAIL: _pour_france_travail,
}


def moment(valeur: datetime | None) -> str | None:
    """Out: the moment in Paris, as ISO 8601 writes it."""
    return valeur.astimezone(PARIS).isoformat(timespec="seconds") if valeur else None


def jour(valeur: date | None) -> str | None:
    """Out: the day, as ISO 8601 writes it."""
    return valeur.isoformat() if valeur else None
