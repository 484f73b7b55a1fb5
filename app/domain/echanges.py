"""What is told to partners of a candidature, and what they answer (R-112 to R-122).

Which facts, to whom, in which order: tables. The form of a message is `app.exports.echanges`'; sending is a job's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from app.models import Candidature, Correspondant, Echange, EtatEchange, Fait, OrigineCandidature
from app.models import SensEchange as Sens
from app.models import TypeEchange as Type

from .candidatures_closes import MotifRejet
from .empechements import Empeche, Empechement, EtatIncompatible, refuser
from .faits import FaitMetier

DIT_PAR: Mapping[str, Type] = MappingProxyType(
    {
        "CandidatureValidee": Type.VALIDEE,
        "CandidatureRecue": Type.VALIDEE,
        "PointEntreeReporte": Type.REPORTEE,
        "AvisRendu": Type.AVIS,
        "AvisCorrige": Type.AVIS,
        "CandidatureAnnulee": Type.CLOSE,
        "CandidatureRefusee": Type.CLOSE,
        "CandidatureRejetee": Type.CLOSE,
        "AvisNonTransmis": Type.CLOSE,
    }
)
"""The facts that partners are told, from the validation on (R-118, R-119); the others stay here."""

PORTEES: Mapping[str, Correspondant] = MappingProxyType(
    {
        "candidatures_region": Correspondant.AGORA,
        "candidatures_france_travail": Correspondant.FRANCE_TRAVAIL,
    }
)
"""Which partner speaks under which scope (C-32)."""


class RefusSansMotif(Empechement):
    """Dites pourquoi cette candidature est rejetée : le motif est obligatoire."""

    regle = "R-113"


class MotifSansRefus(Empechement):
    """Un motif accompagne un rejet ; une candidature acceptée n'en a pas."""

    regle = "R-113"


class CleInvalide(Empechement):
    """La clé d'un message a de 8 à 100 signes : lettres sans accent, chiffres, tirets, points, deux-points."""


@dataclass(frozen=True, kw_only=True)
class EchangeRejoue(FaitMetier):
    """A gestionnaire had a message sent again."""

    candidature_id: int
    echange_id: int


def destinataires(nom: str, candidature: Candidature, *, par: str) -> tuple[Correspondant, ...]:
    """In: the name of a fact, its candidature, and who acted: a profile. Out: who is told. Nobody hears of its own act.

    HUB Agora: what the Region finances, and nothing else (R-118, R-119, R-121), registered or not. France Travail,
    directly: people marked registered (R-120) whose candidature Agora does not bring to it; and, from the avis on,
    those that its own advisers made, whoever finances (R-122): it knows of the rest already.
    """
    type_echange = DIT_PAR.get(nom)
    if type_echange is None:
        return ()
    dit_a = {
        Correspondant.AGORA: candidature.est_financee_region,
        Correspondant.FRANCE_TRAVAIL: _interesse_france_travail(candidature, type_echange),
    }
    return tuple(p for p, oui in dit_a.items() if oui and PORTEES.get(par) is not p)


def _interesse_france_travail(candidature: Candidature, type_echange: Type) -> bool:
    if candidature.origine is OrigineCandidature.FRANCE_TRAVAIL:
        return type_echange is not Type.VALIDEE
    return candidature.est_inscrit_france_travail and not candidature.est_financee_region


def preparer(fait: Fait, candidature: Candidature, partenaire: Correspondant, le: datetime) -> Echange:
    """Out: the message to be sent. Its key is made of the fact: told twice, it is known again."""
    return Echange(
        partenaire=partenaire,
        sens=Sens.SORTANT,
        type_echange=DIT_PAR[fait.nom],
        cle=f"{partenaire}-{fait.id}",
        fait_id=fait.id,
        candidature_id=candidature.id,
        etat=EtatEchange.A_ENVOYER,
        cree_le=le,
    )


def verrou(echange: Echange) -> str:
    """Out: what messages to one partner about one candidature share in the queue, so that they leave in order."""
    return f"echange-{echange.partenaire}-{echange.candidature_id}"


def tenter(echange: Echange, le: datetime) -> None:
    """Count one more try. Raises Empeche(ETAT_INCOMPATIBLE) where there is nothing to send any more."""
    _exiger(echange, EtatEchange.A_ENVOYER)
    echange.nb_tentatives += 1
    echange.derniere_tentative_le = le


def aboutir(echange: Echange, etat: EtatEchange, resultat: str) -> None:
    """In: how a try ended, and its code. An answer that came meanwhile is not written over."""
    if echange.etat is EtatEchange.A_ENVOYER:
        echange.etat = etat
    echange.resultat = resultat


def rejouer(echange: Echange) -> EchangeRejoue:
    """Have a dead letter sent again, under the same key. Raises Empeche(ETAT_INCOMPATIBLE)."""
    _exiger(echange, EtatEchange.EN_ERREUR)
    if echange.sens is not Sens.SORTANT or echange.candidature_id is None:
        raise Empeche([EtatIncompatible()])
    echange.etat, echange.nb_tentatives = EtatEchange.A_ENVOYER, 0
    return EchangeRejoue(candidature_id=echange.candidature_id, echange_id=echange.id)


def verifier_reponse(cle: str, *, acceptee: bool, motif: MotifRejet | None) -> None:
    """What an answer must be. Raises Empeche: CLE_INVALIDE, REFUS_SANS_MOTIF, MOTIF_SANS_REFUS."""
    signes = cle.replace("-", "").replace("_", "").replace(".", "").replace(":", "")
    refuser(
        *(
            []
            if 8 <= len(cle) <= 100 and signes.isascii() and signes.isalnum()
            else [CleInvalide("entree", "cle")]
        ),
        *([RefusSansMotif("entree", "motif")] if not acceptee and motif is None else []),
        *([MotifSansRefus("entree", "motif")] if acceptee and motif is not None else []),
    )


def cle_de_reponse(partenaire: Correspondant, cle: str) -> str:
    """Out: the key under which an answer of this partner is kept: one that comes twice is one."""
    return f"reponse-{partenaire}-{cle}"


def repondre(message: Echange, cle: str, *, motif: MotifRejet | None, refusee: bool, le: datetime) -> Echange:
    """R-112, R-114: note the answer on the message, and keep it. Out: the answer, a row to be added.

    `motif` None: accepted. `refusee`: the candidature could not be rejected any more: kept, for a gestionnaire to see.
    """
    if message.etat is not EtatEchange.REFUSE:  # a rejection is for good, whatever comes after it
        message.etat = EtatEchange.ACCEPTE if motif is None else EtatEchange.REFUSE
    return Echange(
        partenaire=message.partenaire,
        sens=Sens.ENTRANT,
        type_echange=Type.REPONSE,
        cle=cle_de_reponse(message.partenaire, cle),
        fait_id=message.fait_id,
        candidature_id=message.candidature_id,
        etat=EtatEchange.EN_ERREUR if refusee else EtatEchange.ACCEPTE,
        resultat="acceptee" if motif is None else str(motif),
        cree_le=le,
    )


def _exiger(echange: Echange, etat: EtatEchange) -> None:
    if echange.etat is not etat:
        raise Empeche([EtatIncompatible()])
