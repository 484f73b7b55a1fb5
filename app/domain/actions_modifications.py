"""What changes in an action: at once, or apart from what is published (C-33, R-187, R-191).

What an organisme changes of a published action stands apart, in its `modification`, until it is confirmed. What a
gestionnaire changes is published at once, but for what waits for a control: that is corrected where it waits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.models import Action, ActionModification, Certification, Dispositif

from .actions_contenu import CERTIFICATIONS, Contenu, ecrit, est_confirmee, lu, publie
from .actions_faits import ActionModifiee
from .actions_transitions import A_CONTROLER
from .differences import differences
from .empechements import Empeche, Empechement, refuser
from .formulaires import RACINE, ChampObligatoire
from .lheo import TITRE_POEC
from .publication import TitrePoecAttendu

DE_LA_CONVENTION = ("dispositif", "financeur", "numero_marche", "mesure")
FORMACODES_MAXIMUM = 5  # LHEO code-FORMACODE
FORMACODE_CHIFFRES = 5


class HorsConvention(Empechement):
    """Une action qui n'est pas conventionnée n'a ni dispositif, ni financeur, ni marché, ni mesure."""

    regle = "R-123"


class FormacodeInvalide(Empechement):
    """Une action a cinq Formacodes au plus, de cinq chiffres chacun, cités une fois : corrigez la liste."""

    regle = "R-191"


def modifier(
    action: Action, voulu: Contenu, certifications: Sequence[Certification], *, le: datetime
) -> tuple[ActionModifiee, list[int] | None]:
    """Change an action at once: a draft, or what a gestionnaire corrects (R-191).

    In: the action, its certifications and its modification loaded; those that its contents name. Out: the fact, and the
    certifications that it must now prepare for, None where they stay.
    """
    la_bas = _ou_cela_attend(action, voulu)
    ici = {nom: valeur for nom, valeur in voulu.items() if nom not in la_bas}
    refuser(*_convention(action, ici))
    exiger_titre(ici.get("dispositif", action.dispositif), ici.get("intitule", action.intitule))
    avant = publie(action)
    avant |= {nom: getattr(action, nom) for nom in ici if nom not in avant}
    champs = {nom for nom, v in ici.items() if avant[nom] != v}
    if action.modification is not None:
        avant |= {nom: v for nom, v in lu(action.modification.contenu).items() if nom in la_bas}
    if la_bas and action.modification is not None:
        garde = lu(action.modification.contenu) | la_bas
        action.modification.contenu = ecrit(garde, certifications)
    poser(action, ici)
    dater(action, le)
    fait = _modifiee(action, champs | la_bas.keys(), avant, voulu, est_a_part=not champs and bool(la_bas))
    return fait, ici[CERTIFICATIONS] if CERTIFICATIONS in champs else None


def _convention(action: Action, ici: Contenu) -> list[Empechement]:
    """R-123: a conventionnée action says all of its convention, another none of it; both have a responsable."""
    motif, refuse = (
        (ChampObligatoire, lambda v: not v) if action.est_conventionnee else (HorsConvention, bool)
    )
    trouves = [motif(RACINE, nom) for nom in DE_LA_CONVENTION if nom in ici and refuse(ici[nom])]
    sans = "responsable_id" in ici and ici["responsable_id"] is None
    return [*trouves, *([ChampObligatoire(RACINE, "responsable_id")] if sans else [])]


def _ou_cela_attend(action: Action, voulu: Contenu) -> Contenu:
    """Out: what of it stands in a change that waits for a control; what is only begun is its organisme's."""
    ligne = action.modification
    if ligne is None or not est_confirmee(ligne):
        return {}
    return {nom: valeur for nom, valeur in voulu.items() if nom in ligne.contenu}


def mettre_a_part(
    action: Action, voulu: Contenu, certifications: Sequence[Certification], *, par: int, le: datetime
) -> tuple[ActionModifiee, ActionModification]:
    """C-33: keep beside what is published what an organisme changes. Out: the fact, and the row to keep.

    In: the same. What comes back to what is published waits no more.
    """
    exiger_titre(action.dispositif, voulu.get("intitule", action.intitule))
    avant, ligne = publie(action), action.modification or _a_part(action, par, le)
    garde = {nom: valeur for nom, valeur in (lu(ligne.contenu) | voulu).items() if avant[nom] != valeur}
    ligne.contenu = ecrit(garde, certifications)
    ligne.confirmee_le, ligne.auteur_id, ligne.modifiee_le = None, par, le
    return _modifiee(action, voulu.keys(), avant, voulu, est_a_part=True), ligne


def _a_part(action: Action, par: int, le: datetime) -> ActionModification:
    return ActionModification(action_id=action.id, contenu={}, auteur_id=par, cree_le=le, modifiee_le=le)


def definir_formacodes(action: Action, codes: Sequence[str], *, le: datetime) -> ActionModifiee:
    """R-191: the key words of the action, given by a gestionnaire. Raises Empeche."""
    justes = all(len(c) == FORMACODE_CHIFFRES and c.isascii() and c.isdigit() for c in codes)
    if not justes or len(codes) > FORMACODES_MAXIMUM or len(set(codes)) < len(codes):
        raise Empeche([FormacodeInvalide(RACINE, "formacodes")])
    avant = {"formacodes": list(action.formacodes)}
    action.formacodes = list(codes)
    dater(action, le)
    return _modifiee(action, ["formacodes"], avant, {"formacodes": action.formacodes}, est_a_part=False)


def exiger_titre(dispositif: Dispositif | None, intitule: str) -> None:
    """R-131: raise Empeche for a POEC whose title does not say so."""
    if dispositif is Dispositif.POEC and not intitule.startswith(TITRE_POEC):
        raise Empeche([TitrePoecAttendu(RACINE, "intitule")])


def dater(action: Action, le: datetime) -> None:
    """Date a change: of what is online; of the action, unless it waits for a control, whose age it would hide (C-03)."""
    if action.est_en_ligne:
        action.publiee_le = le
    if action.etat not in A_CONTROLER:
        action.modifiee_le = le


def poser(action: Action, contenu: Mapping[str, Any]) -> None:
    """Write the columns of a content; the certifications are rows of their own."""
    for nom, valeur in contenu.items():
        if nom != CERTIFICATIONS:
            setattr(action, nom, valeur)


def _modifiee(
    action: Action,
    champs: Collection[str],
    avant: Mapping[str, Any],
    apres: Mapping[str, Any],
    *,
    est_a_part: bool,
) -> ActionModifiee:
    etat, tries = str(action.etat), tuple(sorted(champs))
    changees = tuple(differences((nom for nom in tries if avant.get(nom) != apres.get(nom)), avant, apres))
    return ActionModifiee(
        action_id=action.id,
        avant=etat,
        apres=etat,
        champs=tries,
        differences=changees,
        est_a_part=est_a_part,
    )
