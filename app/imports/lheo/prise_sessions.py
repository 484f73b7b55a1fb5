"""The sessions of an action: created, or followed by the number of their source."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app import models as m
from app.domain import imports as d
from app.domain import imports_faits as f
from app.domain.publication import manques_session
from app.domain.references import est_reference_session

from . import colonnes
from .bilan import CREE, INCHANGE, MODIFIE, Endroit, Refus
from .differences import avant_apres, valeurs
from .lus import ActionLue, SessionLue
from .prise import Lot, Prise
from .prise_parties import Parties

POUR_LES_DATES = frozenset({"date_debut", "date_fin", "points_entree"})  # C-01: a permission of its own
BORNES = frozenset(d.BORNES)


async def numeroter(lot: Lot, toutes: Sequence[Sessions]) -> None:
    """Give the new sessions their number: that of a file of ours where it is free, the next ones otherwise (R-180)."""
    gardes = [sessions.garder_numeros() for sessions in toutes]
    await lot.avancer("numero_session", [int(numero) for numeros in gardes for numero in numeros])
    manquent = [len(s.nouvelles_lues) - len(numeros) for s, numeros in zip(toutes, gardes, strict=True)]
    suivants = iter(await lot.numeros_carif(sum(manquent)))
    for sessions in toutes:
        sessions.numeros = [numero or next(suivants) for numero in sessions.numeros]


class Sessions:
    """The sessions of one action while it is taken.

    toutes           those of the base, then the new ones
    nouvelles_lues   those that the file has and the base has not; numeros  theirs
    """

    def __init__(self, prise: Prise, lue: ActionLue, action: m.Action | None) -> None:
        """In: the formation being taken, the action as it was read, and as the base has it.

        Raises Refus: a number is that of a session of another action.
        """
        self.prise, self.tx, self.lue = prise, prise.tx, lue
        siennes = prise.lot.connu.de_l_action.get(action.id, []) if action is not None else []
        self.toutes = list(siennes)
        self.nouvelles_lues: list[SessionLue] = []
        self.numeros: list[str] = []
        self._connues: list[tuple[SessionLue, m.SessionFormation]] = []
        self._nouvelles: list[tuple[SessionLue, m.SessionFormation]] = []
        self._prises: set[int] = set()
        self._parties = Parties(prise)
        for une in lue.sessions:
            session = self._connue(une, action)
            if session is None:
                self.nouvelles_lues.append(une)
            else:
                self._connues.append((une, session))

    def _connue(self, lue: SessionLue, action: m.Action | None) -> m.SessionFormation | None:
        connu, maison = self.prise.lot.connu, self.prise.choix.est_maison
        session = connu.sessions.get(lue.numero_source)
        if session is None and maison and action is not None:
            la_meme = connu.par_numero.get(lue.numero_source)
            return la_meme if la_meme is not None and la_meme.action_id == action.id else None
        if session is not None and (action is None or session.action_id != action.id):
            raise Refus(*_endroit(lue).erreurs([d.SessionDUneAutreAction()]))
        return session

    def garder_numeros(self) -> list[str]:
        """Out: the numbers of the file that are kept; `numeros` has a place for each new session."""
        libres = self.prise.choix.est_maison
        self.numeros = [
            lue.numero_source if libres and self._est_libre(lue.numero_source) else ""
            for lue in self.nouvelles_lues
        ]
        return [numero for numero in self.numeros if numero]

    def _est_libre(self, numero: str) -> bool:
        return est_reference_session(numero) and numero not in self.prise.lot.connu.par_numero

    # --- those that are there ----------------------------------------------------------------------------------

    async def suivre(self) -> None:
        """Follow the source on the sessions that are there."""
        for lue, session in self._connues:
            self.prise.ou = _endroit(lue)
            if d.session_suivie(session):
                await self._suivre(lue, session)
            else:
                self.prise.bilan.compter("session", INCHANGE)

    async def _suivre(self, lue: SessionLue, session: m.SessionFormation) -> None:
        contenu = self._contenu(lue)
        dites = d.empreintes({**contenu, **colonnes.parties_de_la_session(lue)})
        noms = d.nouveautes(session, dites, contenu, self.prise.choix.source)
        if not noms:
            self.prise.bilan.compter("session", INCHANGE)
            return
        await self._prendre(session, noms)
        self.tx.writable(session, noms & contenu.keys())
        avant = valeurs(session, {*noms & contenu.keys(), *d.DATES})
        prises = await self._parties.prises(session) if noms & BORNES else 0
        changees = d.modifier_session(session, contenu, noms, prises=prises, le=self.tx.maintenant)
        changees += await self._parties.refaire(lue, session, noms)
        d.retenir(session, dites, self.prise.choix.source)
        self.tx.record(*d.deplacees(session, (avant["date_debut"], avant["date_fin"])))
        self._noter(session, changees)
        suite = {**contenu, **colonnes.parties_de_la_session(lue)}
        differences = avant_apres(changees, avant, suite, self.prise.structures)
        if changees:
            self.prise.changer("session", MODIFIE, session.numero_carif, differences)

    async def _prendre(self, session: m.SessionFormation, noms: Collection[str]) -> None:
        self._prises.add(session.id)
        if set(noms) - POUR_LES_DATES:
            await self.tx.take(m.SessionFormation, session.id, pour="suivre")
        if set(noms) & POUR_LES_DATES:
            await self.tx.take(m.SessionFormation, session.id, pour="suivre_dates")

    def _noter(self, session: m.SessionFormation, changees: list[str]) -> None:
        self.prise.bilan.est_ecrit = True
        self.prise.bilan.compter("session", MODIFIE if changees else INCHANGE)
        if changees:
            session.modifiee_le = self.tx.maintenant
            self.tx.record(
                f.SessionMiseAJour(
                    action_id=session.action_id,
                    session_id=session.id,
                    source=self.prise.choix.source,
                    colonnes=tuple(changees),
                )
            )

    # --- the new ones ------------------------------------------------------------------------------------------

    def fabriquer(self, action: m.Action) -> None:
        """Make those that are not there."""
        for lue, numero in zip(self.nouvelles_lues, self.numeros, strict=True):
            contenu = self._contenu(lue)
            session = d.session_importee(
                contenu,
                numero_carif=numero,
                action_id=action.id,
                source=self.prise.choix.source,
                numero_source=lue.numero_source,
                empreintes=d.empreintes({**contenu, **colonnes.parties_de_la_session(lue)}),
                le=self.tx.maintenant,
            )
            self.toutes.append(session)
            self._nouvelles.append((lue, session))

    def ajouter(self, action: m.Action) -> None:
        """Add them, as parts of the action."""
        for _, session in self._nouvelles:
            self.tx.part(action, session)
            self.prise.bilan.compter("session", CREE)

    def completer(self, action: m.Action) -> None:
        """Once they have their key: their parts, and their facts."""
        for lue, session in self._nouvelles:
            self.prise.ou = _endroit(lue)
            self.prise.changer("session", CREE, session.numero_carif)
            self._parties.faire(lue, session)
            self.tx.record(
                f.SessionImportee(
                    action_id=action.id,
                    session_id=session.id,
                    source=self.prise.choix.source,
                    apres=str(session.etat),
                )
            )

    def _contenu(self, lue: SessionLue) -> dict[str, object]:
        structures = self.prise.structures
        formateur = structures[lue.formateur.siret].id if lue.formateur is not None else None
        positionneur = structures[lue.positionneur.siret].id if lue.positionneur is not None else None
        return colonnes.de_la_session(lue, formateur, positionneur)

    # --- published ---------------------------------------------------------------------------------------------

    async def publier(self, action: m.Action, responsable: m.Structure, *, toutes: bool) -> None:
        """Publish the sessions that wait where their action is online; say why some go on waiting.

        In: `toutes`, the action has just been published, and those that the file does not have follow it too.
        """
        du_fichier = {session.id or id(session): lue for lue, session in (*self._connues, *self._nouvelles)}
        for session in self.toutes:
            lue = du_fichier.get(session.id or id(session))
            if not d.session_a_publier(session, action) or (lue is None and not toutes):
                continue
            self.prise.ou = _endroit(lue) if lue is not None else self.prise.ou
            if motifs := manques_session(session, responsable):
                self.prise.bilan.attentes += self.prise.ou.erreurs(motifs)
                continue
            await self._en_main(session, action, avec_l_action=toutes)
            d.publier_session(session, le=self.tx.maintenant)
            if session.id is not None:
                self.tx.record(f.SessionPubliee(action_id=action.id, session_id=session.id))
                self.prise.bilan.est_ecrit = True

    async def _en_main(self, session: m.SessionFormation, action: m.Action, *, avec_l_action: bool) -> None:
        """Have the session decided on: with its action, or by itself if it was not yet."""
        if session.id is None or avec_l_action:
            self.tx.part(action, session)
        elif session.id not in self._prises:
            await self.tx.take(m.SessionFormation, session.id, pour="suivre")


def _endroit(lue: SessionLue) -> Endroit:
    return Endroit(lue.ligne, "session", lue.numero_source)
