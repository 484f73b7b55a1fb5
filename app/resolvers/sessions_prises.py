"""What the acts on sessions share: the form as columns, what it is checked against, its parts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import strawberry

from app import models as m
from app.domain import sessions_formulaire as form
from app.domain.actions_contenu import attendu
from app.domain.calendrier import jour_de_paris
from app.domain.empechements import Empechement, refuser
from app.domain.recrutement import MODALITES, avec_des_reunions, problemes_recrutement
from app.domain.references import reference_session
from app.kit.conditions import Compare, Ref
from app.resolvers.actions_prises import CES_CLES, certifications, retirer
from app.resolvers.actions_verifications import visees_de
from app.resolvers.saisies import saisie
from app.resolvers.verbs import cle
from app.writing import Writing

STRUCTURES = ("formateur", "positionneur")
DE_L_ACTION = Compare(("action_id",), "=", Ref("action"))
DE_LA_SESSION = Compare(("session_id",), "=", Ref("session"))


@dataclass(frozen=True)
class Saisie:
    """What is given of the form: columns, and parts that replace those there (None: they stay)."""

    champs: dict[str, Any]
    visees: list[form.Visee] | None
    reunions: list[form.RendezVous] | None

    @classmethod
    def de(cls, entree: Any, *sauf: str) -> Saisie:
        """In: an input of the API."""
        donnes = saisie(entree, sauf=sauf)
        visees, reunions = donnes.pop("certifications", None), donnes.pop("reunions", None)
        champs = {nom: _valeur(nom, v) for nom, v in donnes.items()}
        return cls(
            {f"{nom}_id" if nom in STRUCTURES else nom: valeur for nom, valeur in champs.items()},
            None if visees is None else [_visee(v) for v in visees],
            None if reunions is None else [form.RendezVous(r.debut_le, r.lieu) for r in reunions],
        )

    def cochee(self, actuelles: Sequence[str]) -> Saisie:
        """Out: the same; meetings, where nothing else is said, tick the information collective (R-242)."""
        if not self.reunions or MODALITES in self.champs:
            return self
        dites = avec_des_reunions(actuelles)
        return self if dites == list(actuelles) else replace(self, champs={**self.champs, MODALITES: dites})

    @property
    def parties(self) -> list[str]:
        """Out: the parts that are given."""
        donnees = (("certifications", self.visees), ("reunions", self.reunions))
        return [nom for nom, partie in donnees if partie is not None]


def _valeur(nom: str, valeur: Any) -> Any:
    if nom in STRUCTURES:
        return None if valeur is None else cle(valeur, "Structure")
    return Decimal(str(valeur)) if isinstance(valeur, float) else valeur


def _visee(entree: Any) -> form.Visee:
    return form.Visee(cle(entree.certification, "Certification"), entree.validation, tuple(entree.blocs))


async def prendre_session(
    tx: Writing, id: strawberry.ID, pour: str, avec: tuple[str, ...] = ()
) -> m.SessionFormation:
    """Out: the session, locked for this permission, after its action: who confirms or publishes that waits, or is waited for."""
    key = cle(id, "Session")
    trouvees = await tx.know(m.SessionFormation, CES_CLES, cles=[key])
    if trouvees:
        await tx.hold(m.Action, trouvees[0].action_id)
    return await tx.take(m.SessionFormation, key, pour=pour, avec=avec)


async def exiger_parties(tx: Writing, donnee: Saisie, fin: Any) -> None:
    """Raise Empeche for organismes that do not train, or meetings that cannot be."""
    problemes: list[Empechement] = []
    for nom in STRUCTURES:
        structure = donnee.champs.get(f"{nom}_id")
        if structure is not None:
            trouvees = await tx.know(m.Structure, CES_CLES, cles=[structure])
            problemes += form.problemes_formateur(trouvees[0] if trouvees else None, nom)
    refuser(*problemes, *form.problemes_reunions(donnee.reunions or [], fin))


async def exiger_recrutement(tx: Writing, session: m.SessionFormation, donnee: Saisie) -> None:
    """Raise Empeche for meetings, given or there, of a session that says no information collective (R-242)."""
    if donnee.reunions is None and MODALITES not in donnee.champs:
        return
    la: Sequence[object] | None = donnee.reunions
    if la is None:
        la = await tx.know(m.Reunion, DE_LA_SESSION, session=session.id) if session.id is not None else []
    refuser(*problemes_recrutement(session.modalites_recrutement, a_des_reunions=bool(la)))


async def contexte(tx: Writing, action: m.Action, departements: Collection[str]) -> form.Contexte:
    """Out: what a session of this action is checked against. In: its responsable, certifications and modification loaded."""
    preparees = await certifications(tx, attendu(action))
    return form.Contexte(action.responsable, preparees, departements, jour_de_paris(tx.maintenant))


async def visees(tx: Writing, session: m.SessionFormation, donnee: Saisie) -> list[form.Visee]:
    """Out: what the session validates, once what is given is written."""
    if donnee.visees is not None:
        return donnee.visees
    return (await visees_de(tx, [session])).get(session.id, []) if session.id is not None else []


async def completer(tx: Writing, session: m.SessionFormation, donnee: Saisie) -> None:
    """Write the parts that are given, in the place of those there."""
    if donnee.visees is not None:
        await _vider(tx, m.SessionCertification, session)
        for v in donnee.visees:
            tx.part(session, _ligne(session, v))
    if donnee.reunions is not None:
        await _vider(tx, m.Reunion, session)
        for r in donnee.reunions:
            tx.part(session, m.Reunion(session_id=session.id, debut_le=r.debut_le, lieu=r.lieu))


def _ligne(session: m.SessionFormation, visee: form.Visee) -> m.SessionCertification:
    return m.SessionCertification(
        session_id=session.id,
        certification_id=visee.certification_id,
        validation=visee.validation,
        blocs=list(visee.blocs),
    )


async def _vider(
    tx: Writing, modele: type[m.Reunion | m.SessionCertification], session: m.SessionFormation
) -> None:
    await retirer(tx, session, await tx.know(modele, DE_LA_SESSION, session=session.id))
    await tx.ecrire()  # what leaves goes first: a certification stands once in a session


async def nouveau_numero(tx: Writing) -> str:
    """Out: the numéro Carif of a new session (R-180)."""
    return reference_session(await tx.numero("numero_session"))


def remarques(
    session: m.SessionFormation, ses_visees: Sequence[form.Visee], sur: form.Contexte
) -> list[Empechement]:
    """Out: what will be missing, and what is worth a look, from the same checks."""
    return [
        *form.problemes_session(session, ses_visees, sur),
        *form.avertissements_session(session, sur.jour),
    ]
