"""Candidatures that no account of ours wrote: France Travail's tools, people on CMaFormation (C-32)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from app.models import Candidat, Candidature, ModeCandidature, OrigineCandidature
from app.models import EtatCandidature as Etat

from . import candidatures_faits as f
from .calendrier import jour_de_paris
from .candidats import criteres_de
from .candidatures import colonnes
from .candidatures_conditions import Situation, doublons, quotas
from .candidatures_transitions import dire
from .empechements import Empeche, Empechement, refuser
from .formulaires import (
    RACINE,
    Champ,
    SaisieCandidat,
    SaisieCandidature,
    nettoyee,
    problemes_brouillon,
    problemes_candidat,
    verifier_champs,
)
from .ouverture import HorsHoraires, motifs, valeurs

ORIGINES: Mapping[str, OrigineCandidature] = MappingProxyType(
    {
        "candidatures_france_travail": OrigineCandidature.FRANCE_TRAVAIL,
        "candidatures_libre": OrigineCandidature.CMAFORMATION,
    }
)
"""What a partner's scope says of where its candidatures come from; the policy checks it on the new row."""

CHAMPS_PARTENAIRE = (Champ("reference_partenaire", 50),)


class CandidatureLibreFermee(Empechement):
    """Cette session ne reçoit pas de candidature libre : un prescripteur peut y positionner la personne."""

    regle = "R-125"


class IdentiteDiscordante(Empechement):
    """Ces identifiants ne sont pas ceux de cette personne, ou sont ceux d'une autre : vérifiez son identité."""

    regle = "R-114"


def fiche_recue(saisie: Mapping[str, Any], origine: OrigineCandidature) -> dict[str, Any]:
    """Out: what a partner says of the person; who comes from France Travail's tools is registered there (R-122)."""
    dite = {nom: saisie[nom] for nom in SaisieCandidat.__annotations__ if nom in saisie}
    inscrit = origine is OrigineCandidature.FRANCE_TRAVAIL or bool(dite.get("est_inscrit_france_travail"))
    return {**dite, "est_inscrit_france_travail": inscrit}


def formulaire_recu(saisie: Mapping[str, Any], fiche: Mapping[str, Any]) -> dict[str, Any]:
    """Out: what a partner says of the candidature, and the status that it says of the person."""
    dit = {nom: saisie[nom] for nom in SaisieCandidature.__annotations__ if nom in saisie}
    dit["est_inscrit_france_travail"] = fiche["est_inscrit_france_travail"]
    return dit | {"reference_partenaire": saisie.get("reference_partenaire")}


def reconnaitre(
    fiche: Mapping[str, Any], existants: Sequence[Candidat], le: datetime
) -> Candidat | dict[str, Any]:
    """C-28, R-114: who this person is here; or, where it is nobody yet, the columns of a new fiche, without reference.

    In: what the partner says of the person; who matches `criteres_de` it. Raises Empeche: every problem of the form;
    IDENTITE_DISCORDANTE, which does not say what differs, nor from whom.
    """
    propre = nettoyee(fiche)
    refuser(*problemes_candidat(propre, jour_de_paris(le)))
    if not existants:
        return {"cree_le": le, "modifie_le": le, **propre}
    [connu, *autres] = existants
    if autres or not _est_cette_personne(connu, propre):
        raise Empeche([IdentiteDiscordante(RACINE)])
    return connu


def _est_cette_personne(connu: Candidat, propre: Mapping[str, Any]) -> bool:
    """The same identity, and no identifier that differs from one that is known."""
    dits = criteres_de(propre)
    identifiants = ("numero_france_travail", "identifiant_regional")
    differents = any(
        getattr(dits, nom) and getattr(connu, nom) and getattr(dits, nom) != getattr(connu, nom)
        for nom in identifiants
    )
    return not differents and dits.identite() == (connu.nom_plie, connu.prenom_plie, connu.date_naissance)


def recevoir(
    *,
    reference: str,
    origine: OrigineCandidature,
    contexte: Situation,
    le: datetime,
    saisie: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """C-32: the columns of a candidature that a partner brings: same session, quota and duplicate rules.

    Neither the opening hours (C-13: they bind who submits and who validates here) nor the form are asked of it.
    """
    propre, session = nettoyee(saisie or {}), contexte.session
    fermes = [e for e in motifs(session, valeurs(le)) if not isinstance(e, HorsHoraires)]
    libre_fermee = (
        origine is OrigineCandidature.CMAFORMATION
        and session.mode_candidature is not ModeCandidature.PRESCRIPTION_LIBRE
    )
    refuser(
        *fermes,
        *([CandidatureLibreFermee()] if libre_fermee else []),
        *problemes_brouillon(propre),
        *verifier_champs(CHAMPS_PARTENAIRE, propre, complet=False),
        *doublons(session, contexte.autres),
        *quotas(session, contexte.autres),
    )
    point = contexte.prochain_point(le)
    return {
        **colonnes(reference, session, contexte.candidat, le),
        "etat": Etat.EN_ATTENTE_AVIS,
        "origine": origine,
        "validee_le": le,
        "point_entree_id": point.id if point else None,
        **propre,
    }


def recue(candidature: Candidature) -> f.CandidatureRecue:
    """Out: the fact of a candidature received, once it has a key."""
    return dire(f.CandidatureRecue, candidature, None, candidature.etat)
