"""The candidatures of the cast, in every état, told as who did what how many days ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app import models as m
from app.domain.references import reference_candidature
from app.models import EtatCandidature as Etat
from app.models import OrigineCandidature as Origine
from app.models import ResultatConvocation as Resultat

from .distribution import PERSONNES
from .lignes import JOUR, Monde

SECONDE = timedelta(seconds=1)
VALIDER_SOUS = 15 * JOUR
STRUCTURE = {p.cle: p.rattachements[0].structure for p in PERSONNES if p.rattachements}
SOUMISES = {Etat.EN_ATTENTE_VALIDATION, Etat.EXPIREE}
ECRITES = {Etat.BROUILLON, Etat.CORBEILLE}
VIVANTES = {*SOUMISES, *ECRITES, Etat.EN_ATTENTE_AVIS} - {Etat.EXPIREE}


@dataclass(frozen=True)
class Dossier:
    """A candidature of the cast; `jours` says how long ago it was handed in, or written when it never was."""

    candidat: str
    session: str
    auteur: str | None
    etat: Etat
    jours: int
    raisons: str = "Un métier choisi après deux stages."
    origine: Origine = Origine.RAFAELPRO
    motif_fin: str | None = None
    convocations: tuple[Resultat, ...] = ()
    motif: m.MotifNonRetenu | None = None
    commentaire: str | None = None


DOSSIERS = (
    Dossier(
        "lea", "hsp", "nadia", Etat.BROUILLON, 2, "Se remettre aux mathématiques avant une qualification."
    ),
    Dossier("lea", "maconnerie", "nadia", Etat.EN_ATTENTE_VALIDATION, 3),
    Dossier("noemie", "hsp", "nadia", Etat.EXPIREE, 17, "Reprendre confiance à l'écrit."),
    Dossier("mathis", "maconnerie", "paul", Etat.EN_ATTENTE_AVIS, 5, convocations=(Resultat.PREVUE,)),
    Dossier("mathis", "maconnerie_finie", "paul", Etat.AVIS_NON_TRANSMIS, 205),
    Dossier("aicha", "poec", "paul", Etat.BROUILLON, 1, "Travailler près de chez elle, en horaires de jour."),
    Dossier(
        *("aicha", "maconnerie", "paul", Etat.RETENUE, 12),
        convocations=(Resultat.PRESENCE,),
        commentaire="Très bon contact avec la matière ; chaussures de sécurité à prévoir.",
    ),
    Dossier(
        "jean_pierre", "hsp", "rosa", Etat.EN_ATTENTE_AVIS, 4, "Lire les consignes de sécurité sans aide."
    ),
    Dossier(
        *("noemie", "maconnerie", "hugo", Etat.EN_ATTENTE_AVIS, 9),
        convocations=(Resultat.ABSENCE_JUSTIFIEE, Resultat.PREVUE),
    ),
    Dossier("samir", "poec", "yann", Etat.EN_ATTENTE_AVIS, 6, "Un contrat est promis à la sortie."),
    Dossier("samir", "poec_finie", "yann", Etat.EN_ATTENTE_AVIS, 130),
    Dossier(
        *("samir", "maconnerie_close", "yann", Etat.NON_RETENUE, 80),
        convocations=(Resultat.PRESENCE,),
        motif=m.MotifNonRetenu.PREREQUIS,
        commentaire="À revoir après une remise à niveau en géométrie.",
    ),
    Dossier("chloe", "hsp", "camille", Etat.EN_ATTENTE_AVIS, 7, "Préparer un titre professionnel."),
    Dossier("chloe", "maconnerie", "camille", Etat.ANNULEE, 20, motif_fin="Projet différé."),
    Dossier("ousmane", "maconnerie", "camille", Etat.CORBEILLE, 3),
    Dossier("ousmane", "maconnerie_close", "camille", Etat.REFUS_SESSION_COMPLETE, 75),
    Dossier("ousmane", "poec_annulee", "camille", Etat.REFUS_SESSION_ANNULEE, 9),
    Dossier("manon", "maconnerie", "sophie", Etat.EN_ATTENTE_AVIS, 2),
    Dossier("victor", "poec", "sophie", Etat.REJETEE, 8, motif_fin="donnees_candidat"),
    Dossier("victor", "maconnerie", None, Etat.EN_ATTENTE_AVIS, 1, origine=Origine.FRANCE_TRAVAIL),
)


def deposer(monde: Monde) -> None:
    """In: the world, people and offer sown. Sow its candidatures."""
    for rang, dossier in enumerate(DOSSIERS):
        ajouter(monde, dossier, rang * SECONDE)


def ajouter(monde: Monde, dossier: Dossier, ecart: timedelta) -> None:
    """One candidature, its convocations, its avis. `ecart` keeps two of them from the very same moment."""
    session, candidat = monde.sessions[dossier.session], monde.candidats[dossier.candidat]
    candidature = monde.semis.ajouter(
        m.Candidature,
        reference=reference_candidature(monde.aujourd_hui.year, monde.semis.numero("numero_candidature")),
        etat=dossier.etat,
        origine=dossier.origine,
        session_id=session.id,
        point_entree_id=prochain_point(monde, dossier.session),
        candidat_id=candidat.id,
        est_inscrit_france_travail=candidat.est_inscrit_france_travail,
        situation="En recherche d'emploi depuis plus de six mois.",
        parcours_anterieur="Deux expériences de moins d'un an.",
        raisons=dossier.raisons,
        suites_parcours="Un emploi dans le bassin de vie.",
        motif_fin=dossier.motif_fin,
        **auteur(monde, dossier),
        **gele(monde, session),
        **moments(monde, dossier, session, ecart),
    )
    convoquer(monde, dossier, candidature)
    if dossier.etat in (Etat.RETENUE, Etat.NON_RETENUE):
        rendre_avis(monde, dossier, candidature, session)


def prochain_point(monde: Monde, session: str) -> int | None:
    """Out: the next entry point of a HSP session (R-072), None for any other."""
    a_venir = (p.id for p in monde.points[session] if p.date_entree >= monde.aujourd_hui)
    return next(a_venir, None)


def auteur(monde: Monde, dossier: Dossier) -> dict[str, Any]:
    """Out: who wrote it, who handed it in, who validated it. None where a partner brought it (C-32)."""
    if dossier.auteur is None:
        return {}
    structure, compte = monde.structures[STRUCTURE[dossier.auteur]], monde.comptes[dossier.auteur]
    validee = dossier.etat not in SOUMISES | ECRITES
    return {
        "structure_prescriptrice_id": structure.id,
        "organisme_prescripteur": structure.raison_sociale,
        "auteur_id": compte.id,
        "soumise_par_id": compte.id if dossier.etat in SOUMISES else None,
        "validee_par_id": compte.id if validee else None,
    }


def gele(monde: Monde, session: Any) -> dict[str, Any]:
    """Out: what another structure may know of it (C-23, C-27)."""
    action = next(a for a in monde.actions.values() if a.id == session.action_id)
    responsable = next(s for s in monde.structures.values() if s.id == action.responsable_id)
    return {
        "intitule": action.intitule,
        "session_date_debut": session.date_debut,
        "session_date_fin": session.date_fin,
        "organisme_formation": responsable.raison_sociale,
    }


def moments(monde: Monde, dossier: Dossier, session: Any, ecart: timedelta) -> dict[str, Any]:
    """Out: when it was written, handed in, closed."""
    le = monde.le - dossier.jours * JOUR + ecart
    found = {"cree_le": le - JOUR, "modifiee_le": le, "close_le": None}
    if dossier.etat in SOUMISES:
        found |= {"soumise_le": le, "valider_avant_le": le + VALIDER_SOUS}
    elif dossier.etat not in ECRITES:
        found["validee_le"] = le
    if dossier.etat not in VIVANTES:
        jours = 4
        if dossier.etat == Etat.AVIS_NON_TRANSMIS:  # the day after the three weeks
            jours = dossier.jours + (session.date_fin - monde.aujourd_hui).days + 22
        found["close_le"] = found["modifiee_le"] = min(le + jours * JOUR, monde.le - SECONDE)
    return found


def convoquer(monde: Monde, dossier: Dossier, candidature: Any) -> None:
    """The convocations: those that took place yesterday, the one that is planned in five days."""
    for numero, resultat in enumerate(dossier.convocations, 1):
        monde.semis.ajouter(
            m.Convocation,
            candidature_id=candidature.id,
            numero=numero,
            type_convocation=m.TypeConvocation.ENTRETIEN,
            date_rendez_vous=monde.jour(5 if resultat == Resultat.PREVUE else -1),
            resultat=resultat,
            cree_le=monde.le - 2 * JOUR,
        )


def rendre_avis(monde: Monde, dossier: Dossier, candidature: Any, session: Any) -> None:
    """What Inès decided."""
    retenue = dossier.etat == Etat.RETENUE
    dates = {"date_entree_prevue": session.date_debut, "date_sortie_prevue": session.date_fin}
    monde.semis.ajouter(
        m.Avis,
        candidature_id=candidature.id,
        est_retenu=retenue,
        motif=dossier.motif,
        raison=None if retenue else "Le test de positionnement montre des acquis à consolider.",
        commentaire=dossier.commentaire,
        **(dates | {"intensite_hebdomadaire": 35} if retenue else {}),
        rendu_par_id=monde.comptes["ines"].id,
        rendu_le=candidature.close_le,
    )
