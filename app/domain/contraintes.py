"""What the constraints of the database mean: when two acts meet, the second hears the rule and not an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .affiliations import RattachementExistant
from .candidats import DoublonCandidat
from .candidatures_conditions import CandidatureExistante
from .comptes import AdresseDejaPrise
from .droits import DroitDeLaMemeFamille
from .empechements import Empechement
from .externes import IdentiteDejaReliee, PassageInvalide
from .structures import StructureExistante

CONTRAINTES: Mapping[str, Callable[[], Empechement]] = {
    "uq_candidature_session_candidat": CandidatureExistante,  # R-096, C-18
    "uq_candidature_reference_partenaire": CandidatureExistante,  # C-32: the same one, sent twice at once
    "uq_candidat_numero_france_travail": DoublonCandidat,
    "uq_candidat_identifiant_regional": DoublonCandidat,
    "uq_nir_candidat_index_aveugle": DoublonCandidat,
    "uq_droit_accorde_affiliation_id_famille": DroitDeLaMemeFamille,  # R-025, C-29
    "uq_compte_courriel": AdresseDejaPrise,
    "uq_identite_externe_emetteur_sujet": IdentiteDejaReliee,
    "uq_identite_externe_compte_id_emetteur": IdentiteDejaReliee,
    "uq_passage_externe_demande": PassageInvalide,
    "uq_affiliation_vivante": RattachementExistant,
    "uq_structure_siret": StructureExistante,
}
