"""The cast as rows: structures, accounts, droits, candidats, offer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from app import models as m
from app.domain.recrutement import COLLECTIVE
from app.domain.references import reference_action, reference_candidat, reference_session
from app.kit.clock import paris_day

from . import formations as f
from .candidats import CANDIDATS, PersonneAccompagnee
from .distribution import PERSONNES, PROGRAMMES, STRUCTURES, Personne, Rattachement
from .semis import Semis

AN, JOUR = timedelta(days=365), timedelta(days=1)


class Monde:
    """The rows of the world by the names of the cast, each a bag of values with its key."""

    def __init__(self, semis: Semis, le: datetime, secret: str, totp: str) -> None:
        """In: where to sow, the moment it is, and what is kept of the one password and of the one second factor."""
        self.semis, self.le, self.secret, self.totp = semis, le, secret, totp
        self.aujourd_hui = paris_day(le)
        self.structures: dict[str, Any] = {}
        self.comptes: dict[str, Any] = {}
        self.affiliations: dict[tuple[str, str], Any] = {}
        self.droits: dict[tuple[str, str, str], Any] = {}
        self.machines: dict[str, Any] = {}
        self.certifications: dict[str, Any] = {}
        self.actions: dict[str, Any] = {}
        self.sessions: dict[str, Any] = {}
        self.points: dict[str, list[Any]] = {}
        self.candidats: dict[str, Any] = {}

    def jour(self, dans: int) -> date:
        """Out: the day that is so many days from today."""
        return self.aujourd_hui + timedelta(days=dans)

    # -- people ----------------------------------------------------------------------------------------------------
    def peupler(self) -> None:
        """Structures, accounts, droits, partners, candidats, certifications."""
        for organisation in STRUCTURES:
            columns = {
                k: v for k, v in vars(organisation).items() if k not in ("cle", "domaine", "code_insee")
            }
            self.structures[organisation.cle] = self.semis.ajouter(
                m.Structure,
                **columns,
                departement=organisation.departement,
                courriel=organisation.courriel,
                cree_le=self.le - 2 * AN,
            )
        for personne in PERSONNES:
            self.ajouter_personne(personne)
        for programme in PROGRAMMES:
            self.ajouter_programme(programme.cle, programme.libelle, programme.courriel, programme.portee)
        for titre in f.CERTIFICATIONS:
            columns = {k: v for k, v in vars(titre).items() if k != "cle"}
            self.certifications[titre.cle] = self.semis.ajouter(m.Certification, **columns)
        for candidat in CANDIDATS:
            self.ajouter_candidat(candidat)

    def ajouter_personne(self, personne: Personne) -> None:
        """An account that may sign in, its affiliations, its droits."""
        compte = self.semis.ajouter(
            m.Compte,
            courriel=personne.courriel,
            nom=personne.nom,
            prenom=personne.prenom,
            nature=m.NatureCompte.PERSONNE,
            cree_le=self.le - AN,
        )
        self.comptes[personne.cle] = compte
        totp = self.totp if personne.a_un_second_facteur else None
        self.semis.ajouter(m.SecretCompte, compte_id=compte.id, mot_de_passe=self.secret, totp=totp)
        for rattachement in personne.rattachements:
            self.rattacher(personne.cle, rattachement)

    def rattacher(self, cle: str, rattachement: Rattachement) -> None:
        """An affiliation; once accepted, `beneficiaire` and the droits that go with it (R-043)."""
        acceptee = rattachement.etat == m.EtatAffiliation.ACCEPTEE
        le = self.le - (AN if acceptee else JOUR)
        affiliation = self.semis.ajouter(
            m.Affiliation,
            compte_id=self.comptes[cle].id,
            structure_id=self.structures[rattachement.structure].id,
            etat=rattachement.etat,
            est_referent=rattachement.est_referent,
            demandee_le=le,
            decidee_le=le + JOUR if acceptee else None,
        )
        self.affiliations[cle, rattachement.structure] = affiliation
        droits = (*rattachement.droits, m.Droit.BENEFICIAIRE) if acceptee else ()
        for rang, droit in enumerate(droits):
            self.droits[cle, rattachement.structure, droit] = self.semis.ajouter(
                m.DroitAccorde,
                affiliation_id=affiliation.id,
                droit=droit,
                accorde_le=le + JOUR + rang * timedelta(seconds=1),
            )

    def ajouter_programme(self, cle: str, libelle: str, courriel: str, portee: str) -> None:
        """The machine account of a partner."""
        compte = self.semis.ajouter(
            m.Compte,
            courriel=courriel,
            nom=libelle,
            prenom="",
            nature=m.NatureCompte.MACHINE,
            cree_le=self.le - AN,
        )
        self.comptes[cle] = compte
        self.machines[cle] = self.semis.ajouter(
            m.CompteMachine,
            compte_id=compte.id,
            libelle=libelle,
            portees=[portee],
            cree_par_id=self.comptes["gaelle"].id,
            cree_le=self.le - AN,
        )

    def ajouter_candidat(self, qui: PersonneAccompagnee) -> None:
        """Somebody who looks for a training."""
        columns = {k: v for k, v in vars(qui).items() if k not in ("cle", "createur", "prescripteur")}
        self.candidats[qui.cle] = self.semis.ajouter(
            m.Candidat,
            **columns,
            reference=reference_candidat(self.aujourd_hui.year, self.semis.numero("numero_candidat")),
            est_inscrit_france_travail=qui.numero_france_travail is not None,
            createur_structure_id=self.structures[qui.createur].id,
            createur_id=self.comptes[qui.prescripteur].id,
            cree_le=self.le - 40 * JOUR,
            modifie_le=self.le - 40 * JOUR,
        )

    # -- offer -----------------------------------------------------------------------------------------------------
    def offrir(self) -> None:
        """The named actions and their sessions, as they are once published or still being written."""
        for formation in f.FORMATIONS:
            action = self.ajouter_action(formation)
            for rang, cle in enumerate(formation.certifications, 1):
                self.semis.ajouter(
                    m.ActionCertification,
                    action_id=action.id,
                    certification_id=self.certifications[cle].id,
                    rang=rang,
                )
            for session in formation.sessions:
                self.ajouter_session(action, formation, session)

    def ajouter_action(self, formation: f.Formation) -> Any:
        """One action."""
        publiee = self.le - 30 * JOUR if formation.etat == m.EtatAction.PUBLIEE else None
        action = self.semis.ajouter(
            m.Action,
            reference=reference_action(self.aujourd_hui.year, self.semis.numero("numero_action")),
            responsable_id=self.structures[formation.responsable].id,
            etat=formation.etat,
            est_conventionnee=formation.est_conventionnee,
            dispositif=formation.dispositif,
            financeur=formation.financeur,
            numero_marche=formation.numero_marche,
            mesure=formation.mesure,
            intitule=formation.intitule,
            objectif=formation.objectif,
            programme=formation.programme,
            objectif_general=formation.objectif_general,
            conditions_acces="RAS",
            contact_nom="Accueil",
            contact_telephone="05 00 00 00 00",
            contact_courriel=self.structures[formation.responsable].courriel,
            premiere_publication_le=publiee,
            publiee_le=publiee,
            cree_le=self.le - 35 * JOUR,
            modifiee_le=self.le - 30 * JOUR,
        )
        self.actions[formation.cle] = action
        return action

    def ajouter_session(self, action: Any, formation: f.Formation, session: f.Session) -> None:
        """One session, its entry points and its meeting."""
        responsable = self.structures[formation.responsable]
        ligne = self.semis.ajouter(
            m.SessionFormation,
            numero_carif=reference_session(self.semis.numero("numero_session")),
            action_id=action.id,
            etat=session.etat,
            **self.dates(session),
            **self.roles(session),
            **self.lieu(session),
            capacite_accueil=session.capacite,
            coefficient=session.coefficient,
            mode_candidature=session.mode,
            type_entree=session.type_entree,
            heures_centre=420,
            heures_entreprise=140,
            contact_nom="Accueil",
            contact_telephone="05 00 00 00 00",
            contact_courriel=responsable.courriel,
            modalites_recrutement=[] if session.reunion is None else [COLLECTIVE],
            publiee_le=None if session.etat == m.EtatSession.BROUILLON else action.publiee_le,
            cree_le=action.cree_le,
            modifiee_le=action.modifiee_le,
        )
        self.sessions[session.cle] = ligne
        self.points[session.cle] = [
            self.semis.ajouter(m.PointEntree, session_id=ligne.id, date_entree=self.jour(dans))
            for dans in session.points
        ]
        if session.reunion is not None:
            debut = self.le + session.reunion * JOUR
            self.semis.ajouter(m.Reunion, session_id=ligne.id, debut_le=debut, lieu=session.ville)

    def dates(self, session: f.Session) -> dict[str, date | None]:
        """Out: the days of a session."""
        return {
            "date_debut": self.jour(session.debut),
            "date_debut_initiale": self.jour(session.debut),
            "date_fin": self.jour(session.fin),
            "date_limite_inscription": None if session.limite is None else self.jour(session.limite),
            "date_entree_tardive": None if session.tardive is None else self.jour(session.tardive),
        }

    def roles(self, session: f.Session) -> dict[str, int | None]:
        """Out: who teaches, who recruits (R-146)."""
        formateur, positionneur = session.formateur, session.positionneur
        return {
            "formateur_id": self.structures[formateur].id if formateur else None,
            "positionneur_id": self.structures[positionneur].id if positionneur else None,
        }

    def lieu(self, session: f.Session) -> dict[str, str]:
        """Out: where it happens."""
        return {
            "lieu_nom": f"Centre de {session.ville}",
            "lieu_voie": "1 rue de l'Atelier",
            "lieu_code_postal": session.code_postal,
            "lieu_ville": session.ville,
            "lieu_code_insee": session.code_insee,
            "lieu_departement": session.code_postal[:2],
        }
