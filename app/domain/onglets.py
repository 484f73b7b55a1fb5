"""What screens call tabs: how candidatures are sorted into them, and the counts of the dashboard, as conditions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from app.kit.clock import PARIS
from app.kit.conditions import Compare, Condition, Ref, all_of, any_of
from app.models import EtatCandidature as Etat
from app.models import EtatSession, Mot

from .calendrier import jour_de_paris
from .echeances import JOURS_ALERTE_AVIS, JOURS_AVIS

DEPUIS = datetime(2013, 1, 1, tzinfo=PARIS).astimezone(UTC)
ASSISTANCE = "offre@cap-metiers.pro"  # R-117, unless a deployment says otherwise


class OngletCandidatures(Mot):
    """The tabs of « Gestion des candidatures » (R-101, R-102, C-11)."""

    BROUILLONS = "brouillons", "Mes brouillons"
    EN_ATTENTE_VALIDATION = "en_attente_validation", "En attente de validation"
    EN_ATTENTE_AVIS = "en_attente_avis", "Validées, en attente d'avis de recrutement"
    ANNULEES = "annulees", "Candidatures annulées, et celles qu'une anomalie a fait rejeter"
    CORBEILLE = "corbeille", "Corbeille, et ce qui a expiré"
    RETENUES = "retenues", "Retenues"
    NON_RETENUES = "non_retenues", "Non retenues"
    AVIS_NON_TRANSMIS = "avis_non_transmis", "Avis non transmis"
    REFUS_SESSION_COMPLETE = "refus_session_complete", "Refus : session complète"
    REFUS_SESSION_ANNULEE = "refus_session_annulee", "Refus : session annulée par le financeur"


class RoleOrganisme(Mot):
    """What an organisme is to a session (R-143, R-146)."""

    RESPONSABLE = "responsable", "Responsable"
    POSITIONNEUR = "positionneur", "Positionneur"
    FORMATEUR = "formateur", "Formateur"


_O = OngletCandidatures
ETATS: Mapping[OngletCandidatures, tuple[str, ...]] = MappingProxyType(
    {
        _O.BROUILLONS: (str(Etat.BROUILLON),),
        _O.EN_ATTENTE_VALIDATION: (str(Etat.EN_ATTENTE_VALIDATION),),
        _O.EN_ATTENTE_AVIS: (str(Etat.EN_ATTENTE_AVIS),),
        _O.ANNULEES: (str(Etat.ANNULEE), str(Etat.REJETEE)),
        _O.CORBEILLE: (str(Etat.CORBEILLE), str(Etat.EXPIREE)),
        _O.RETENUES: (str(Etat.RETENUE),),
        _O.NON_RETENUES: (str(Etat.NON_RETENUE),),
        _O.AVIS_NON_TRANSMIS: (str(Etat.AVIS_NON_TRANSMIS),),
        _O.REFUS_SESSION_COMPLETE: (str(Etat.REFUS_SESSION_COMPLETE),),
        _O.REFUS_SESSION_ANNULEE: (str(Etat.REFUS_SESSION_ANNULEE),),
    }
)
"""Each tab, and the états that it shows; every état is in one tab, and one only."""


def dans(onglet: OngletCandidatures) -> Condition:
    """Out: on a Candidature: it is in this tab."""
    etats = ETATS[onglet]
    return Compare(("etat",), "=", etats[0]) if len(etats) == 1 else Compare(("etat",), "in", etats)


def a_ce_role(role: RoleOrganisme) -> Condition:
    """Out: on a Candidature or a SessionFormation: the structure of the active profile has this role."""
    return Compare((f"{role}_id",), "=", Ref("ma_structure"))


A_UN_ROLE: Condition = any_of(a_ce_role(role) for role in RoleOrganisme)
"""R-146: any of the three."""

LES_MIENNES: Condition = Compare(("auteur_id",), "=", Ref("moi"))
"""On a Candidature: who asks wrote it."""

EN_COURS_OU_A_VENIR: Condition = Compare(("date_fin",), ">=", Ref("aujourd_hui"))
"""R-147, on a SessionFormation."""

SUR_SESSION_EN_COURS: Condition = Compare(("session", "date_fin"), ">=", Ref("aujourd_hui"))
"""R-147, on a Candidature. A session that left the catalogue ended long ago."""

PUBLIEES = (EtatSession.PUBLIEE, EtatSession.SUPPRESSION_DEMANDEE, EtatSession.ANNULEE)
COMPTEE: Condition = all_of(
    [
        Compare(("session", "etat"), "in", tuple(map(str, PUBLIEES))),
        Compare(("session", "action_en_ligne"), "=", True),
        Compare(("validee_le",), ">=", Ref("debut_des_comptes")),
    ]
)
"""R-144: since 1 January 2013, on published sessions of actions that are not archived."""

BIENTOT_NON_TRANSMIS: Condition = all_of(
    [
        Compare(("etat",), "=", str(Etat.EN_ATTENTE_AVIS)),
        Compare(("session", "date_fin"), ">=", Ref("session_finie_avant")),
        Compare(("session", "date_fin"), "<=", Ref("avis_bientot_du")),
    ]
)
"""R-145: it waits, and would be closed without an avis within fifteen days."""

A_VALIDER: Condition = all_of(
    [
        Compare(("etat",), "=", str(Etat.EN_ATTENTE_VALIDATION)),
        Compare(("valider_avant_le",), ">", Ref("maintenant")),
    ]
)
"""R-038: what a N3 may still validate."""

SOUMISE_PAR_UN_AUTRE: Condition = Compare(("soumise_par_id",), "!=", Ref("moi"))
"""C-31: who submits does not validate."""


def valeurs_onglets(le: datetime) -> Mapping[str, Any]:
    """In: the moment. Out: the values that these conditions need, besides those of the viewer."""
    finie = jour_de_paris(le) - timedelta(days=JOURS_AVIS)
    return {
        "contact_assistance": ASSISTANCE,
        "debut_des_comptes": DEPUIS,
        "session_finie_avant": finie,
        "avis_bientot_du": finie + timedelta(days=JOURS_ALERTE_AVIS),
    }
