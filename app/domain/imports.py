"""What becomes of an offer that comes in from a source: what is taken, what is left, what is published.

Pure functions on loaded rows. A source is followed, not obeyed: an import changes the columns that the source
changed since its last import (`nouveautes`), so what an organisme enriched (R-132), opened or closed (R-134) stays.

| état of the action | what the source changed | `--publier` |
| --- | --- | --- |
| new, conventionnée | comes in, EN_ATTENTE_PUBLICATION | PUBLIEE if it passes every check |
| new, other | comes in, CREEE | PUBLIEE if it passes every check |
| EN_ATTENTE_PUBLICATION, CREEE | taken, the état stays | PUBLIEE if it passes every check |
| the same, after a complement was asked (R-173) | taken, the état stays | left to a gestionnaire |
| PUBLIEE | taken and published at once, by the profile of a gestionnaire | – |
| MODIFIEE, EN_ATTENTE_VALIDATION | taken and shown; what waits beside it waits (C-33) | left to a gestionnaire |
| ALERTE, BROUILLON | taken, the état stays | left to who has the hand |
| ARCHIVEE, SUPPRIMEE | refused (R-178, R-179) | refused |

A new session is published where its action is online and it passes the checks; else it waits, BROUILLON. One that
was deleted stays so. A session that the source no longer sends is left as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import orjson

from app.models import Action, EtatAction, EtatSession, SessionFormation, Structure

from . import imports_faits as f
from .empechements import Empeche, Empechement
from .publication import Dossier, manques
from .sessions import CapaciteSousPrises, places

ARRIVEE: Mapping[bool, EtatAction] = MappingProxyType(
    {True: EtatAction.EN_ATTENTE_PUBLICATION, False: EtatAction.CREEE}
)
"""The état of an action that comes in, by `est_conventionnee`."""

RETIREES = frozenset({EtatAction.ARCHIVEE, EtatAction.SUPPRIMEE})
DATES = ("date_debut", "date_fin", "date_limite_inscription", "date_entree_tardive")
BORNES = ("capacite_accueil", "coefficient")
Importee = Structure | Action | SessionFormation


class ActionRetiree(Empechement):
    """Cette action a été retirée du catalogue : un gestionnaire la publie de nouveau, ou sa source ne l'envoie plus."""

    regle = "R-179"


class SessionDUneAutreAction(Empechement):
    """Ce numéro est déjà celui d'une session d'une autre action de la même source : un numéro ne sert qu'une fois."""

    regle = "R-180"


# --- what a source changed -------------------------------------------------------------------------------------


def empreintes(dit: Mapping[str, Any]) -> dict[str, str]:
    """In: what a source says, by name. Out: a digest of each, the same as long as it says the same."""
    return {nom: _empreinte(valeur) for nom, valeur in dit.items()}


def nouveautes(
    ligne: Importee, dites: Mapping[str, str], contenu: Mapping[str, Any], source: str
) -> frozenset[str]:
    """In: a row, the digests and the columns that a source says today. Out: the names of what the source changed.

    A row may come from another source, which a file of ours names by our reference (R-180): what was said of it there
    stays known, and a column that is so already is no change. Nor is a list that the house did not have at the last
    import, where the source says nothing of it.
    """
    de = _de(ligne, source)
    neuves = {nom for nom in dites if ligne.empreintes and de + nom not in ligne.empreintes}
    muettes = {nom for nom in neuves if contenu.get(nom) == []}
    noms = frozenset(
        nom for nom, dite in dites.items() if ligne.empreintes.get(de + nom) != dite and nom not in muettes
    )
    if not de:
        return noms
    return frozenset(nom for nom in noms if nom not in contenu or getattr(ligne, nom) != contenu[nom])


def retenir(ligne: Importee, dites: Mapping[str, str], source: str) -> None:
    """Remember what a source says today."""
    de = _de(ligne, source)
    ligne.empreintes = {**ligne.empreintes, **{de + nom: dite for nom, dite in dites.items()}}


def _de(ligne: Importee, source: str) -> str:
    """Out: what tells the digests of another source from those of the row's own."""
    return "" if ligne.source == source else f"{source}:"


def appliquer(ligne: Importee, contenu: Mapping[str, Any], noms: Collection[str]) -> list[str]:
    """Write the columns of `contenu` named in `noms`. Out: those that were not already so, in order."""
    changees = [nom for nom in sorted(noms) if nom in contenu and getattr(ligne, nom) != contenu[nom]]
    for nom in changees:
        setattr(ligne, nom, contenu[nom])
    return changees


def _empreinte(valeur: Any) -> str:
    ecrite = orjson.dumps(valeur, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(ecrite, digest_size=6).hexdigest()


# --- structures ------------------------------------------------------------------------------------------------


def suivre_structure(structure: Structure, contenu: Mapping[str, Any], noms: Collection[str]) -> list[str]:
    """Follow the source on a structure that its offer names: it trains. Out: the columns that changed."""
    return appliquer(
        structure, {**contenu, "est_organisme_formation": True}, {*noms, "est_organisme_formation"}
    )


# --- actions ---------------------------------------------------------------------------------------------------


def action_importee(contenu: Mapping[str, Any], *, le: datetime, **identite: Any) -> Action:
    """In: its columns, its reference, source and digests. Out: the action, in the état that waits for a control."""
    etat = ARRIVEE[contenu["est_conventionnee"]]
    return Action(**contenu, **identite, etat=etat, cree_le=le, modifiee_le=le)


def exiger_au_catalogue(action: Action) -> None:
    """R-178: raise Empeche for an action that was withdrawn."""
    if action.etat in RETIREES:
        raise Empeche([ActionRetiree()])


def modifier_action(
    action: Action, contenu: Mapping[str, Any], noms: Collection[str], *, le: datetime
) -> list[str]:
    """Follow the source on an action. Out: the columns that changed. What is online stays so, published at once."""
    exiger_au_catalogue(action)
    changees = appliquer(action, contenu, noms)
    if changees:
        dater_action(action, le)
    return changees


def dater_action(action: Action, le: datetime) -> None:
    """The content of an action has just changed: it is published anew if it was published (R-187)."""
    action.modifiee_le = le
    if action.etat is EtatAction.PUBLIEE:
        action.publiee_le = le


def est_en_ligne(action: Action) -> bool:
    """Out: what the column `est_en_ligne` will say once written (R-174)."""
    return action.premiere_publication_le is not None and action.etat not in RETIREES


def attend_sa_publication(action: Action) -> bool:
    """Out: True for what `--publier` publishes; what a person asked or waits for is left to people."""
    return action.etat in ARRIVEE.values() and action.demande_complement is None


def publier_action(dossier: Dossier, *, le: datetime) -> list[Empechement] | f.ActionPubliee:
    """Publish an action that waits, with its sessions. Out: the fact; else every reason why it goes on waiting."""
    if motifs := manques(dossier):
        return motifs
    action = dossier.action
    fait = f.ActionPubliee(action_id=action.id, avant=str(action.etat), apres=str(EtatAction.PUBLIEE))
    action.etat = EtatAction.PUBLIEE
    action.premiere_publication_le = action.premiere_publication_le or le
    action.publiee_le = action.modifiee_le = le
    return fait


# --- sessions --------------------------------------------------------------------------------------------------


def session_importee(contenu: Mapping[str, Any], *, le: datetime, **identite: Any) -> SessionFormation:
    """In: its columns, its number, action, source and digests. Out: the session, BROUILLON until its action is online."""
    return SessionFormation(
        **contenu,
        **identite,
        etat=EtatSession.BROUILLON,
        date_debut_initiale=contenu["date_debut"],
        cree_le=le,
        modifiee_le=le,
    )


def session_suivie(session: SessionFormation) -> bool:
    """Out: False for a session that was deleted: its source does not bring it back."""
    return session.etat is not EtatSession.SUPPRIMEE


def modifier_session(
    session: SessionFormation,
    contenu: Mapping[str, Any],
    noms: Collection[str],
    *,
    prises: int,
    le: datetime,
) -> list[str]:
    """Follow the source on a session. In: `prises`, the places taken, per entry point for a HSP (C-30).

    Out: the columns that changed. Dates that no longer hold together with what was kept are all taken from the
    source. A new start is the one from which a postponement is counted (C-14). Raises Empeche: fewer places than
    are taken (C-30).
    """
    changees = appliquer(session, contenu, noms)
    if not _dates_coherentes(session):
        changees += appliquer(session, contenu, DATES)
    if "date_debut" in changees:
        session.date_debut_initiale = session.date_debut
    if set(changees) & set(BORNES):
        _exiger_places(session, prises)
    if changees:
        session.modifiee_le = le
    return changees


def deplacees(session: SessionFormation, avant: tuple[date, date]) -> Iterator[f.DatesDeplacees]:
    """In: the start and the end before. Out: the fact that they moved, if they did (C-01)."""
    if avant != (session.date_debut, session.date_fin):
        yield f.DatesDeplacees(
            action_id=session.action_id,
            session_id=session.id,
            debut_avant=avant[0],
            debut_apres=session.date_debut,
            fin_avant=avant[1],
            fin_apres=session.date_fin,
        )


def session_a_publier(session: SessionFormation, action: Action) -> bool:
    """Out: True for a session that waits although its action is online."""
    return session.etat is EtatSession.BROUILLON and est_en_ligne(action)


def publier_session(session: SessionFormation, *, le: datetime) -> None:
    """Publish a session that lacks nothing."""
    session.etat, session.publiee_le, session.modifiee_le = EtatSession.PUBLIEE, le, le


def _dates_coherentes(session: SessionFormation) -> bool:
    limite, tardive, fin = (
        session.date_limite_inscription,
        session.date_entree_tardive,
        session.date_fin,
    )
    return (
        session.date_debut <= fin
        and (tardive is None or tardive <= fin)
        and (limite is None or limite <= (tardive or fin))
    )


def _exiger_places(session: SessionFormation, prises: int) -> None:
    possibles = places(session.capacite_accueil, session.coefficient)
    if possibles is not None and possibles < prises:
        raise Empeche([CapaciteSousPrises(prises=prises)])
