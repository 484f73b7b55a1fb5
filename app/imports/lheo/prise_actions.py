"""The actions of a lot: created together, or followed by the number of their source; published if asked."""

from __future__ import annotations

from collections.abc import Sequence

from app import models as m
from app.domain import imports as d
from app.domain import imports_faits as f
from app.domain.empechements import Empeche, EtatIncompatible, Interdit, NonTrouve
from app.domain.publication import Dossier
from app.domain.references import est_reference_action, numero_de_la_reference
from app.kit.conditions import Compare, Ref

from . import colonnes
from .bilan import CREE, INCHANGE, MODIFIE, Endroit
from .differences import avant_apres, valeurs
from .lus import ActionLue
from .prise import Lot, Prise
from .prise_sessions import Sessions, numeroter

CES_CLES = Compare(("id",), "in", Ref("cles", many=True))
SES_CERTIFICATIONS = Compare(("action_id",), "=", Ref("action"))
POUR_CREER = {True: "creer_conventionnee", False: "creer"}  # by est_conventionnee


async def apporter_actions(lot: Lot, prises: Sequence[Prise]) -> None:
    """Create or follow every action of these formations, with their sessions: a few statements for all."""
    tout = [_PriseAction(prise, lue) for prise in prises for lue in prise.lue.actions]
    nouvelles = [une for une in tout if une.connue is None]
    connues = [une for une in tout if une.connue is not None]
    await _creer(lot, nouvelles)
    await _exiger_modifiables(lot, connues)
    for une in connues:
        await une.suivre()
    await numeroter(lot, [une.sessions for une in tout])
    for une in tout:
        await une.sessions.suivre()
        une.sessions.fabriquer(une.action)
        une.publier()
    await lot.tx.ecrire()  # actions first: what a new session copies of its action is then what it is to be
    for une in tout:
        await une.ajouter_sessions()
    await lot.tx.ecrire()  # new sessions get their key
    for une in tout:
        une.finir()


async def _creer(lot: Lot, nouvelles: Sequence[_PriseAction]) -> None:
    """Make the new ones, and take them for what is to be done with them besides."""
    gardees = [une for une in nouvelles if une.garder_reference()]
    autres = [une for une in nouvelles if not une.reference]
    for une, reference in zip(autres, await lot.references_d_action(len(autres)), strict=True):
        une.reference = reference
    await lot.avancer("numero_action", [numero_de_la_reference(une.reference) for une in gardees])
    for est_conventionnee, pour in POUR_CREER.items():
        siennes = [une for une in nouvelles if une.lue.est_conventionnee is est_conventionnee]
        await lot.tx.ajouter_tous([une.fabriquer() for une in siennes], pour=pour)
    cles = [une.action.id for une in nouvelles]
    await lot.tx.take_tous(m.Action, cles, pour="ajouter_session")
    if lot.choix.publier:
        await lot.tx.take_tous(m.Action, cles, pour="publier")
    for une in nouvelles:
        une.dire_creee()


async def _exiger_modifiables(lot: Lot, connues: Sequence[_PriseAction]) -> None:
    """Those that are there must be its author's to change, changed or not: "unchanged" would tell what a hidden one says."""
    cles = sorted({une.action.id for une in connues})
    permises = set(await lot.tx.cles(m.Action, CES_CLES, pour="modifier", cles=cles)) if cles else set()
    for une in connues:
        if une.action.id not in permises:  # why
            await une.reprendre()


class _PriseAction:
    """One action while it is taken."""

    def __init__(self, prise: Prise, lue: ActionLue) -> None:
        self.prise, self.tx, self.lue = prise, prise.tx, lue
        self.responsable = prise.structures[prise.lue.responsable.siret]
        self.connue, self.reference = self._connue(), ""
        self._ici()
        if self.connue is not None:
            self.action = self.connue
        self.contenu = colonnes.de_l_action(lue, self.responsable.id)
        self.dites = d.empreintes({**self.contenu, **colonnes.parties_de_l_action(lue)})
        self.noms = (
            d.nouveautes(self.connue, self.dites, self.contenu, prise.choix.source)
            if self.connue is not None
            else frozenset(self.dites)
        )
        self.sessions = Sessions(prise, lue, self.connue)
        self.publiee = False

    def _connue(self) -> m.Action | None:
        """Out: the action of this number; in a file of ours, of this reference where its organisation is the same."""
        connu, numero = self.prise.lot.connu, self.lue.numero_source
        trouvee = connu.actions.get(numero)
        if trouvee is None and self.prise.choix.est_maison:
            la_meme = connu.par_reference.get(numero)
            if la_meme is not None and la_meme.responsable_id == self.responsable.id:
                return la_meme
        return trouvee

    def _ici(self) -> None:
        self.prise.ou = Endroit(self.lue.ligne, "action", self.lue.numero_source)

    # --- new -----------------------------------------------------------------------------------------------------

    def garder_reference(self) -> bool:
        """Out: True where a file of ours gives a reference that is free: it is kept (R-180)."""
        numero, connu = self.lue.numero_source, self.prise.lot.connu
        libre = self.prise.choix.est_maison and numero not in connu.par_reference
        if libre and est_reference_action(numero):
            self.reference = numero
        return bool(self.reference)

    def fabriquer(self) -> m.Action:
        """Out: the new action."""
        self._ici()
        self.action = d.action_importee(
            self.contenu,
            reference=self.reference,
            source=self.prise.choix.source,
            numero_source=self.lue.numero_source,
            empreintes=self.dites,
            le=self.tx.maintenant,
        )
        return self.action

    def dire_creee(self) -> None:
        """Give it its certifications, and tell."""
        self._certifier(self.action)
        self.tx.record(
            f.ActionImportee(
                action_id=self.action.id, source=self.prise.choix.source, apres=str(self.action.etat)
            )
        )
        self.prise.bilan.compter("action", CREE)
        self._ici()
        self.prise.changer("action", CREE, self.reference)

    # --- that is there -------------------------------------------------------------------------------------------

    async def reprendre(self) -> None:
        """Take it alone. Raises Empeche: that it was withdrawn, to who may know it (R-179).

        One that is hidden is refused as a number that nobody has is, to who creates nothing.
        """
        self._ici()
        try:
            await self.tx.take(m.Action, self.action.id, pour="modifier")
        except Empeche as empeche:
            if any(isinstance(motif, EtatIncompatible) for motif in empeche.empechements):
                d.exiger_au_catalogue(self.action)
            if any(isinstance(motif, NonTrouve) for motif in empeche.empechements):
                raise Empeche([Interdit()]) from None
            raise

    async def suivre(self) -> None:
        """Follow the source."""
        self._ici()
        if self.noms:
            await self.tx.take(m.Action, self.action.id, pour="modifier")
        await self._prendre_pour()
        if not self.noms:
            self.prise.bilan.compter("action", INCHANGE)
            return
        self.tx.writable(self.action, self.noms & self.contenu.keys())
        avant = valeurs(self.action, self.noms & self.contenu.keys())
        changees = d.modifier_action(self.action, self.contenu, self.noms, le=self.tx.maintenant)
        if "certifications" in self.noms and await self._certifier_de_nouveau(self.action):
            changees.append("certifications")
        self._noter(self.action, changees)
        suite = {**self.contenu, **colonnes.parties_de_l_action(self.lue)}
        differences = avant_apres(changees, avant, suite, self.prise.structures)
        if changees:
            self.prise.changer("action", MODIFIE, self.action.reference, differences)

    async def _prendre_pour(self) -> None:
        """Take the action for what is to be done with it besides; before it is changed, for it is read again."""
        if self.sessions.nouvelles_lues:
            await self.tx.take(m.Action, self.action.id, pour="ajouter_session")
        if self.prise.choix.publier and d.attend_sa_publication(self.action):
            await self.tx.take(m.Action, self.action.id, pour="publier")

    def finir(self) -> None:
        """Once the sessions have their key."""
        self.sessions.completer(self.action)
        if self.action.etat in d.ARRIVEE.values():
            self.prise.bilan.nb_attentes += 1

    def _noter(self, action: m.Action, changees: list[str]) -> None:
        d.retenir(action, self.dites, self.prise.choix.source)
        self.prise.bilan.est_ecrit = True
        self.prise.bilan.compter("action", MODIFIE if changees else INCHANGE)
        if changees:
            self.tx.record(
                f.ActionMiseAJour(
                    action_id=action.id,
                    source=self.prise.choix.source,
                    etat=str(action.etat),
                    colonnes=tuple(changees),
                )
            )

    def _certifier(self, action: m.Action) -> None:
        for rang, id in enumerate(self._certifiees(), start=1):
            self.tx.part(action, m.ActionCertification(action_id=action.id, certification_id=id, rang=rang))

    def _certifiees(self) -> list[int]:
        """Out: what the action prepares for, by key, in order, each once."""
        return list(dict.fromkeys(self.prise.certifications[c] for c in self.lue.certifications))

    async def _certifier_de_nouveau(self, action: m.Action) -> bool:
        """Out: True when it prepared for something else, or in another order."""
        anciennes = await self.tx.know(m.ActionCertification, SES_CERTIFICATIONS, action=action.id)
        if [
            une.certification_id for une in sorted(anciennes, key=lambda une: une.rang)
        ] == self._certifiees():
            return False
        for ancienne in anciennes:
            await self.tx.retirer(self.tx.part(action, ancienne))
        await self.tx.ecrire()  # what leaves goes first: ranks are used once
        self._certifier(action)
        d.dater_action(action, self.tx.maintenant)
        return True

    def publier(self) -> None:
        """Publish the action if that was asked; else the reasons why it goes on waiting are in the report."""
        self._ici()
        if self.prise.choix.publier and d.attend_sa_publication(self.action):
            self.publiee = self._publier(self.action)

    async def ajouter_sessions(self) -> None:
        """Add the new sessions, and publish those that wait where the action is online."""
        self._ici()
        self.sessions.ajouter(self.action)
        await self.sessions.publier(self.action, self.responsable, toutes=self.publiee)

    def _publier(self, action: m.Action) -> bool:
        dossier = Dossier(action, self.responsable, self.sessions.toutes)
        fait = d.publier_action(dossier, le=self.tx.maintenant)
        if isinstance(fait, list):
            self.prise.bilan.attentes += self.prise.ou.erreurs(fait)
            return False
        self.tx.record(fait)
        self.prise.bilan.nb_publiees += 1
        self.prise.bilan.est_ecrit = True
        return True
