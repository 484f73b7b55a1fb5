"""The actions of a formation of a LHEO file."""

from __future__ import annotations

import re
from decimal import Decimal

from app.domain.lheo import EXTRAS_ACTION, OBJECTIFS, validations_deduites

from . import organismes
from .certifications import certifications
from .conventions import convention
from .erreurs import Releveur
from .extras import Extras
from .lus import ActionLue, ContactLu, OrganismeLu, SessionLue
from .noeuds import Noeud
from .sessions import Autour, lire_session
from .textes import ou_rien, une_ligne

ATTESTATION = "attestation"
FORMACODE = re.compile("[0-9]{5}")
LIEN = re.compile(r"https?://[^\s/?#]+\.[^\s]+", re.IGNORECASE)
SANS_SCHEMA = re.compile(r"[\w.\-]+\.[a-z]{2,}(?::[0-9]+)?(?:[/?#]\S*)?", re.IGNORECASE)
Contacts = tuple[tuple[str, ContactLu], ...]


def lire_actions(
    formation: Noeud, numero: str, responsable: OrganismeLu, departements: tuple[str, ...], releveur: Releveur
) -> tuple[ActionLue, ...]:
    """Out: the actions of a formation; what is wrong in them goes to the releveur."""
    lues: list[ActionLue] = []
    noeuds = list(formation.tous("action"))
    for rang, noeud in enumerate(noeuds, start=1):
        nomme = noeud.numero or (numero if len(noeuds) == 1 else f"{numero}#{rang}")
        if any(nomme == autre.numero_source for autre in lues):
            releveur.refuser(noeud, "DOUBLON", f"deux actions de la formation ont le numéro {nomme}", "R-180")
        lues.append(_Action(formation, noeud, nomme, responsable, departements, releveur).lire())
    return tuple(lues)


class _Action:
    """One action while it is read."""

    def __init__(
        self,
        formation: Noeud,
        action: Noeud,
        numero: str,
        responsable: OrganismeLu,
        departements: tuple[str, ...],
        releveur: Releveur,
    ) -> None:
        self.formation, self.action, self.numero, self.releveur = formation, action, numero, releveur
        self.departements, self.responsable = departements, responsable
        self.extras = Extras(EXTRAS_ACTION, releveur, action, formation)
        self.intitule = une_ligne(formation.dit("intitule-formation")) or ""
        self.certifications = certifications(formation, releveur)
        self.convention = convention(formation, action, self.intitule, self.extras, releveur)

    def lire(self) -> ActionLue:
        """Out: the action and its sessions."""
        dit, extras = self.formation.dit, self.extras
        convention = self.convention
        return ActionLue(
            ligne=self.action.ligne,
            numero_source=self.numero,
            est_conventionnee=convention.est_la,
            dispositif=convention.dispositif,
            financeur=convention.financeur,
            numero_marche=extras.texte("numero-marche", 100) if convention.est_la else None,
            mesure=extras.texte("mesure", 255) if convention.est_la else None,
            intitule=self.intitule,
            objectif=ou_rien(dit("objectif-formation")),
            programme=ou_rien(dit("contenu-formation")),
            le_plus=extras.texte("le-plus"),
            objectif_general=OBJECTIFS.get(dit("objectif-general-formation")),
            validations=self._validations(),
            resultats_attendus=ou_rien(dit("resultats-attendus")),
            conditions_acces=extras.texte("conditions-acces")
            or ou_rien(self.action.dit("conditions-specifiques"))
            or "RAS",
            prerequis=extras.texte("prerequis"),
            lien_web=self._lien(),
            contact=organismes.joignable((*self._contacts(), ("", self.responsable.contact))),
            formacodes=self._formacodes(),
            certifications=self.certifications,
            sessions=self._sessions(),
        )

    def _formacodes(self) -> tuple[str, ...]:
        domaines = self.formation.tous("domaine-formation")
        codes = [code for domaine in domaines for code in domaine.tous("code-FORMACODE")]
        dits = [code for code in (*codes, *self.extras.tous("formacode")) if not code.fautif]
        for code in dits:
            if not FORMACODE.fullmatch(code.texte.strip()):
                self.releveur.avertir(
                    code, "FORMACODE", "un Formacode a cinq chiffres : celui-ci n'est pas repris"
                )
        lus = (code.texte.strip() for code in dits)
        return tuple(dict.fromkeys(code for code in lus if FORMACODE.fullmatch(code)))

    def _contacts(self) -> Contacts:
        return tuple(organismes.contacts(self.formation.tous("contact-formation"), self.releveur))

    def _validations(self) -> tuple[str, ...]:
        """Out: what ends the training (R-207); an attestation never with a certification (R-208)."""
        dites = self.extras.tous("validation")
        for noeud in dites:
            if noeud.dit() == ATTESTATION and self.certifications:
                motif = "attestation de fin de formation : seulement sans certification"
                self.releveur.refuser(noeud, "ATTESTATION", motif, "R-208")
        if dites:
            return tuple(dict.fromkeys(noeud.dit() for noeud in dites))
        return validations_deduites([bool(c.code_rncp) for c in self.certifications])

    def _lien(self) -> str | None:
        """Out: a web link with its scheme (R-211)."""
        noeud = self.formation.un("url-formation", "urlweb") or self.action.un("url-action", "urlweb")
        if noeud is None or noeud.fautif or (dit := une_ligne(noeud.texte)) is None:
            return None
        if SANS_SCHEMA.fullmatch(dit):
            return f"https://{dit}"
        if not LIEN.fullmatch(dit):
            self.releveur.refuser(
                noeud, "URL", "ce lien n'est pas l'adresse d'une page (http ou https)", "R-211"
            )
        return dit

    def _heures(self) -> tuple[Decimal | None, Decimal | None]:
        """Out: hours in the centre and in a company; the total alone counts for the centre (R-237)."""
        centre, entreprise, total = (
            self._nombre(f"nombre-heures-{quoi}") for quoi in ("centre", "entreprise", "total")
        )
        if centre is None and total is not None:
            centre = max(total - (entreprise or 0), Decimal(0))
        elif total is not None and total != (centre or 0) + (entreprise or 0):
            noeud = self.action.un("nombre-heures-total") or self.action
            self.releveur.avertir(noeud, "HEURES", "le total n'est pas la somme : il est recalculé", "R-237")
        return centre, entreprise

    def _nombre(self, nom: str) -> Decimal | None:
        noeud = self.action.un(nom)
        if noeud is None or noeud.fautif:
            return None
        lu = Decimal(noeud.dit())
        if not 0 <= lu <= 99_999:
            self.releveur.refuser(noeud, "NOMBRE", "de 0 à 99 999 heures", "R-237")
        return lu

    def _sessions(self) -> tuple[SessionLue, ...]:
        formateurs = {
            noeud: organismes.formateur(noeud, self.releveur)
            for noeud in self.action.tous("organisme-formateur")
        }
        principal = organismes.principal(formateurs)
        qui = [
            *(organismes.contacts(principal.tous("contact-formateur"), self.releveur) if principal else ())
        ]
        autour = Autour(
            action=self.action,
            departements=self.departements,
            est_conventionnee=self.convention.est_la,
            certifications=self.certifications,
            contacts=(*qui, *self._contacts(), ("", self.responsable.contact)),
            formateurs={lu.siret: lu for lu in formateurs.values()},
            formateur=formateurs[principal] if principal else None,
            heures=self._heures(),
        )
        lues: dict[str, SessionLue] = {}
        for noeud in self.action.tous("session"):
            numero = noeud.numero or self._numero_de(noeud, lues)
            if numero in lues:
                motif = f"deux sessions de l'action ont le numéro {numero}"
                self.releveur.refuser(noeud, "DOUBLON", motif, "R-180")
            lues[numero] = lire_session(noeud, numero, autour, self.releveur)
        return tuple(lues.values())

    def _numero_de(self, session: Noeud, lues: dict[str, SessionLue]) -> str:
        """Out: a number worked out from the dates, the same at each reading, for a source that gives none."""
        base = f"{self.numero}#{session.dit('periode', 'debut')}-{session.dit('periode', 'fin')}"
        return base if base not in lues else f"{base}-{sum(numero.startswith(base) for numero in lues) + 1}"
