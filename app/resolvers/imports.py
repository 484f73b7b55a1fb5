"""The table of an organisation's sessions, brought in: each action whole or not at all, under the rights of who asks."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import strawberry

from app import models as m
from app.domain import empechements as e
from app.domain import imports_sessions as d
from app.domain import sessions_vie
from app.domain.empechements import Empeche
from app.domain.imports_sessions import QuoiImport
from app.domain.references import reference_session
from app.domain.sessions_formulaire import nettoyee
from app.kit.conditions import Compare, Ref, all_of
from app.reading.formats import encode_id
from app.resolvers.actions_prises import prendre
from app.resolvers.sessions_actes import AVEC, commencee, verifiee
from app.resolvers.sessions_prises import Saisie, nouveau_numero, prendre_session
from app.resolvers.verbs import Info, Written, repondre, tenter, verbe
from app.schema.empechements import Empechement
from app.schema.imports import DifferenceImportee, ImportSessionsPayload, LigneImportee
from app.writing import Writing

if TYPE_CHECKING:
    from app.imports.sessions import LigneSession

PAR_REFERENCE = Compare(("reference",), "=", Ref("reference"))
PAR_NUMERO = Compare(("numero_carif",), "=", Ref("numero"))
PAR_SIRET = Compare(("siret",), "=", Ref("siret"))
MEMES_DATES = all_of(
    [
        Compare(("action_id",), "=", Ref("action")),
        Compare(("date_debut",), "=", Ref("debut")),
        Compare(("date_fin",), "=", Ref("fin")),
        Compare(("etat",), "!=", "supprimee"),
    ]
)
ESSAI = 999_999  # a trial borrows the last numbers: it gives them back


class _Essai(Empeche):
    """Nothing of this transaction is to be kept; it is no refusal."""


@dataclass
class _Lue:
    """A row, and what becomes of it."""

    lue: LigneSession
    quoi: QuoiImport = QuoiImport.REFUSEE
    numero: str | None = None
    differences: list[DifferenceImportee] = field(default_factory=list)
    motifs: list[Empechement] = field(default_factory=list)


@strawberry.type
class ImportMutation:
    """The import of sessions."""

    @verbe(
        "Ajouter ou modifier des sessions depuis un tableau CSV (modèle : /exports/modele-sessions.csv). Chaque action est"
        " prise en entier ou refusée ; un essai dit ce qui changerait, sans rien garder."
    )
    async def importer_sessions(self, info: Info, contenu: str, essai: bool = False) -> ImportSessionsPayload:
        """Bring a table in (R-219, R-222)."""
        from app.imports.sessions import lire_sessions  # what reads files is brought in by who brings one
        from app.imports.tableurs import TableauRefuse

        try:
            lignes = [_Lue(lue) for lue in lire_sessions(io.BytesIO(contenu.encode()))]
        except (TableauRefuse, UnicodeEncodeError) as refus:
            dit = Empechement.of(d.TableauInvalide("contenu", pourquoi=str(refus)))
            return await repondre(info, {}, lignes=None, empechements=[dit])
        par_action: dict[str, list[_Lue]] = {}
        for ligne in lignes:
            par_action.setdefault(ligne.lue.reference, []).append(ligne)
        for siennes in par_action.values():
            await _une_action(info, siennes, essai=essai)
        dites = [_dite(ligne) for ligne in lignes]
        return await repondre(info, {}, lignes=dites, empechements=[])


async def _une_action(info: Info, lignes: Sequence[_Lue], *, essai: bool) -> None:
    """One transaction; where a row is refused, each is then tried alone, so that every problem is told at once."""
    if not await _tenter(info, lignes, essai=essai):
        return
    for ligne in lignes:
        ligne.motifs = await _tenter(info, [ligne], essai=True)
    for ligne in lignes:
        ligne.quoi, ligne.motifs = QuoiImport.REFUSEE, ligne.motifs or [Empechement.of(d.LigneSolidaire())]


async def _tenter(info: Info, lignes: Sequence[_Lue], *, essai: bool) -> list[Empechement]:
    """Take rows of an action together. Out: what stops one of them."""

    async def acte(tx: Writing) -> Written:
        for rang, ligne in enumerate(lignes):
            await _une_ligne(tx, info, ligne, reference_session(ESSAI - rang) if essai else None)
        if essai:
            raise _Essai([])
        return {}

    _, refus = await tenter(info, acte)
    return refus


async def _une_ligne(tx: Writing, info: Info, ligne: _Lue, emprunt: str | None) -> None:
    lue = ligne.lue
    if lue.fautes:
        raise Empeche([d.CelluleIllisible(nom, pourquoi=motif) for nom, motif in lue.fautes.items()])
    champs = nettoyee(await _champs(tx, lue))
    if lue.numero is None:
        await _ajouter(tx, info, ligne, champs, emprunt)
    else:
        await _modifier(tx, info, ligne, champs, lue.numero)


async def _champs(tx: Writing, lue: LigneSession) -> dict[str, Any]:
    if lue.formateur is None:
        return dict(lue.champs)
    trouvees = await tx.know(m.Structure, PAR_SIRET, siret=lue.formateur)
    return {
        **lue.champs,
        "formateur_id": trouvees[0].id if trouvees else 0,
    }  # 0: nobody, whom the form refuses


async def _action(tx: Writing, reference: str) -> m.Action:
    trouvees = await tx.know(m.Action, PAR_REFERENCE, reference=reference)
    if not trouvees:
        raise Empeche([e.NonTrouve()])
    return trouvees[0]


async def _ajouter(tx: Writing, info: Info, ligne: _Lue, champs: dict[str, Any], emprunt: str | None) -> None:
    """A new session, unless the action has this very one."""
    cle = (await _action(tx, ligne.lue.reference)).id
    action = await prendre(tx, strawberry.ID(encode_id("Action", cle)), "ajouter_session")
    bornes = {"debut": champs["date_debut"], "fin": champs["date_fin"]}
    for la in await tx.know(m.SessionFormation, MEMES_DATES, action=cle, **bornes):
        if all(getattr(la, nom) == valeur for nom, valeur in champs.items()):
            ligne.quoi, ligne.numero = QuoiImport.INCHANGEE, la.numero_carif
            return
    numero = emprunt or await nouveau_numero(tx)
    session = sessions_vie.ajouter(action, champs, numero_carif=numero, le=tx.maintenant)
    await commencee(tx, info, action, session, Saisie(champs, None, None), {})
    tx.record(sessions_vie.ajoutee(session))
    ligne.quoi, ligne.numero = QuoiImport.CREEE, None if emprunt else numero
    ligne.differences = _differences({}, champs)


async def _modifier(tx: Writing, info: Info, ligne: _Lue, champs: dict[str, Any], numero: str) -> None:
    """What the row says otherwise of the session."""
    trouvees = await tx.know(m.SessionFormation, PAR_NUMERO, numero=numero)
    if not trouvees:
        raise Empeche([e.NonTrouve()])
    cle = strawberry.ID(encode_id("Session", trouvees[0].id))
    row = await prendre_session(tx, cle, "suivre", AVEC)
    if row.action.reference != ligne.lue.reference:
        raise Empeche([d.SessionDUneAutreReference("numero_carif")])
    ligne.numero = row.numero_carif
    autres = {nom: valeur for nom, valeur in champs.items() if getattr(row, nom) != valeur}
    if not autres:
        ligne.quoi = QuoiImport.INCHANGEE
        return
    ligne.differences = _differences({nom: getattr(row, nom) for nom in autres}, autres)
    donnee = Saisie(autres, None, None)
    tx.writable(row, autres)
    fait = sessions_vie.modifier(row, autres, [], le=tx.maintenant)
    await verifiee(tx, info, row.action, row, donnee, {})
    tx.record(fait)
    ligne.quoi = QuoiImport.MODIFIEE


def _differences(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[DifferenceImportee]:
    return [
        DifferenceImportee(champ=nom, avant=_texte(avant.get(nom)), apres=_texte(valeur))
        for nom, valeur in apres.items()
    ]


def _texte(valeur: Any) -> str | None:
    if valeur is None:
        return None
    if isinstance(valeur, list):
        return ", ".join(map(str, valeur))
    return str(valeur.value) if isinstance(valeur, Enum) else str(valeur)


def _dite(ligne: _Lue) -> LigneImportee:
    refusee = ligne.quoi is QuoiImport.REFUSEE
    return LigneImportee(
        ligne=ligne.lue.ligne,
        action=ligne.lue.reference,
        session=ligne.numero or ligne.lue.numero,
        quoi=ligne.quoi,
        differences=[] if refusee else ligne.differences,
        empechements=ligne.motifs if refusee else [],
    )
