"""The actions of a formation: created, or followed by the number of their source; published if asked."""

from __future__ import annotations

from app import models as m
from app.domain import imports as d
from app.domain import imports_faits as f
from app.domain.publication import Dossier
from app.kit.conditions import Compare, Ref, all_of

from . import colonnes
from .bilan import CREE, INCHANGE, MODIFIE, Endroit
from .lus import ActionLue
from .prise import Prise
from .prise_sessions import Sessions

NUMEROTEES = all_of(
    [Compare(("source",), "=", Ref("source")), Compare(("numero_source",), "=", Ref("numeros", many=True))]
)
SES_CERTIFICATIONS = Compare(("action_id",), "=", Ref("action"))
POUR_CREER = {True: "creer_conventionnee", False: "creer"}  # by est_conventionnee


async def apporter_actions(prise: Prise) -> None:
    """Create or follow every action of the formation, with its sessions."""
    numeros = [lue.numero_source for lue in prise.lue.actions]
    connues = await prise.tx.know(m.Action, NUMEROTEES, source=prise.choix.source, numeros=numeros)
    par_numero = {action.numero_source: action for action in connues}
    for lue in prise.lue.actions:
        await _PriseAction(prise, lue, par_numero.get(lue.numero_source)).prendre()


class _PriseAction:
    """One action while it is taken."""

    def __init__(self, prise: Prise, lue: ActionLue, connue: m.Action | None) -> None:
        self.prise, self.tx, self.lue, self.connue = prise, prise.tx, lue, connue
        self.responsable = prise.structures[prise.lue.responsable.siret]
        self.contenu = colonnes.de_l_action(lue, self.responsable.id)
        self.dites = d.empreintes({**self.contenu, **colonnes.parties_de_l_action(lue)})
        self.noms = d.nouveautes(connue, self.dites) if connue is not None else frozenset(self.dites)
        self.sessions = Sessions(prise, lue)

    async def prendre(self) -> None:
        """Bring in the action, then its sessions, then publish what may be."""
        prise, connue = self.prise, self.connue
        self._ici()
        if connue is not None:
            d.exiger_au_catalogue(connue)
        await self.sessions.connaitre(connue)
        self._ici()
        action = await self._creer() if connue is None else await self._suivre(connue)
        await self.sessions.suivre()
        self._ici()
        await self.sessions.ajouter(action)
        await self._publier(action)
        await self.tx.ecrire()  # new sessions get their key
        self.sessions.completer(action)
        if action.etat in d.ARRIVEE.values():
            prise.bilan.nb_attentes += 1

    def _ici(self) -> None:
        self.prise.ou = Endroit(self.lue.ligne, "action", self.lue.numero_source)

    async def _creer(self) -> m.Action:
        (reference,) = await self.prise.references_d_action(1)
        action = d.action_importee(
            self.contenu,
            reference=reference,
            source=self.prise.choix.source,
            numero_source=self.lue.numero_source,
            empreintes=self.dites,
            le=self.tx.maintenant,
        )
        await self.tx.ajouter(action, pour=POUR_CREER[self.lue.est_conventionnee])
        await self._prendre_pour(action)
        self._certifier(action)
        self.tx.record(
            f.ActionImportee(action_id=action.id, source=self.prise.choix.source, apres=str(action.etat))
        )
        self.prise.bilan.compter("action", CREE)
        return action

    async def _suivre(self, connue: m.Action) -> m.Action:
        if self.noms:
            action = await self.tx.take(m.Action, connue.id, pour="modifier")
            self.tx.writable(action, self.noms & self.contenu.keys())
        action = await self._prendre_pour(connue)
        if not self.noms:
            self.prise.bilan.compter("action", INCHANGE)
            return action
        changees = d.modifier_action(action, self.contenu, self.noms, le=self.tx.maintenant)
        if "certifications" in self.noms:
            await self._certifier_de_nouveau(action)
            changees.append("certifications")
        self._noter(action, changees)
        return action

    async def _prendre_pour(self, action: m.Action) -> m.Action:
        """Take the action for what is to be done with it besides; before it is changed, for it is read again."""
        if self.sessions.nouvelles_lues:
            action = await self.tx.take(m.Action, action.id, pour="ajouter_session")
        if self.prise.choix.publier and d.attend_sa_publication(action):
            action = await self.tx.take(m.Action, action.id, pour="publier")
        return action

    def _noter(self, action: m.Action, changees: list[str]) -> None:
        action.empreintes = {**action.empreintes, **self.dites}
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
        ids = dict.fromkeys(self.prise.certifications[c] for c in self.lue.certifications)
        for rang, id in enumerate(ids, start=1):
            self.tx.part(action, m.ActionCertification(action_id=action.id, certification_id=id, rang=rang))

    async def _certifier_de_nouveau(self, action: m.Action) -> None:
        for ancienne in await self.tx.know(m.ActionCertification, SES_CERTIFICATIONS, action=action.id):
            await self.tx.retirer(self.tx.part(action, ancienne))
        await self.tx.ecrire()  # what leaves goes first: ranks are used once
        self._certifier(action)
        d.dater_action(action, self.tx.maintenant)

    async def _publier(self, action: m.Action) -> None:
        """Publish the action if that was asked, then the sessions that wait where it is online."""
        publie = self.prise.choix.publier and d.attend_sa_publication(action) and self._publier_action(action)
        await self.sessions.publier(action, self.responsable, toutes=publie)

    def _publier_action(self, action: m.Action) -> bool:
        """Out: True once it is published; False: the reasons why it goes on waiting are in the report."""
        dossier = Dossier(action, self.responsable, self.sessions.toutes)
        fait = d.publier_action(dossier, le=self.tx.maintenant)
        if isinstance(fait, list):
            self.prise.bilan.attentes += self.prise.ou.erreurs(fait)
            return False
        self.tx.record(fait)
        self.prise.bilan.nb_publiees += 1
        self.prise.bilan.est_ecrit = True
        return True
