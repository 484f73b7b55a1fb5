"""What an action must be to be published, whoever publishes it: one table, every reason at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.models import (
    Action,
    Dispositif,
    EtatSession,
    EtatStructure,
    SessionFormation,
    Structure,
    VoieAcces,
)

from .empechements import Empechement
from .lheo import TITRE_POEC


class ActionSansSession(Empechement):
    """Une action se publie avec au moins une session : ajoutez-en une."""

    regle = "R-182"


class ResponsableNonValide(Empechement):
    """L'organisme responsable attend d'être validé : validez-le avant de publier son offre."""

    regle = "R-005"


class TitrePoecAttendu(Empechement):
    """L'intitulé d'une POEC commence par « [POEC] » : corrigez-le."""

    regle = "R-131"


class ContactActionManquant(Empechement):
    """L'action doit donner un contact, avec un téléphone ou une adresse e-mail : complétez-le."""

    regle = "R-200"


class ContactSessionManquant(Empechement):
    """Chaque session doit donner un contact, avec un téléphone ou une adresse e-mail : complétez-le."""

    regle = "R-224"


class LieuIncomplet(Empechement):
    """Le lieu de formation doit dire sa voie, son code postal et sa ville : complétez-le."""

    regle = "R-243"


class QualiopiApprentissageManquant(Empechement):
    """L'organisme responsable n'a pas Qualiopi Apprentissage : il ne peut pas porter une session en apprentissage."""

    regle = "R-199"


VIVANTES = frozenset({EtatSession.BROUILLON, EtatSession.PUBLIEE, EtatSession.SUPPRESSION_DEMANDEE})
"""The sessions that make an action worth publishing."""


@dataclass(frozen=True)
class Dossier:
    """An action to publish, with what its publication depends on.

    est_deja_tenue   it has living sessions besides those given here: they are online, and were checked (R-251)
    """

    action: Action
    responsable: Structure
    sessions: Sequence[SessionFormation]
    est_deja_tenue: bool = False

    @property
    def vivantes(self) -> list[SessionFormation]:
        """Out: the sessions that are neither cancelled nor deleted."""
        return [session for session in self.sessions if session.etat in VIVANTES]


DE_L_ACTION: tuple[tuple[type[Empechement], Callable[[Dossier], bool]], ...] = (
    (ActionSansSession, lambda d: d.est_deja_tenue or bool(d.vivantes)),
    (ResponsableNonValide, lambda d: d.responsable.etat is EtatStructure.VALIDEE),
    (
        TitrePoecAttendu,
        lambda d: d.action.dispositif is not Dispositif.POEC or d.action.intitule.startswith(TITRE_POEC),
    ),
    (ContactActionManquant, lambda d: _joignable(d.action)),
)
"""What must hold of an action."""

D_UNE_SESSION: tuple[tuple[type[Empechement], Callable[[SessionFormation, Structure], bool]], ...] = (
    (ContactSessionManquant, lambda s, r: _joignable(s)),
    (LieuIncomplet, lambda s, r: bool(s.lieu_voie and s.lieu_code_postal and s.lieu_ville)),
    (
        QualiopiApprentissageManquant,
        lambda s, r: s.voie_acces is not VoieAcces.APPRENTISSAGE or r.est_qualiopi_apprentissage,
    ),
)
"""What must hold of a session, given the responsable of its action."""


def manques(dossier: Dossier) -> list[Empechement]:
    """Out: everything that stands in the way of the publication; empty when nothing does."""
    action = [motif() for motif, tient in DE_L_ACTION if not tient(dossier)]
    return action + [
        motif()
        for motif, tient in D_UNE_SESSION
        if not all(tient(session, dossier.responsable) for session in dossier.vivantes)
    ]


def manques_session(session: SessionFormation, responsable: Structure) -> list[Empechement]:
    """Out: what keeps a session out of an action that is already online."""
    return [motif() for motif, tient in D_UNE_SESSION if not tient(session, responsable)]


def _joignable(ligne: Action | SessionFormation) -> bool:
    return bool(ligne.contact_telephone or ligne.contact_courriel)
