"""The verbs of the API, one module a resource; put together into the schema here."""

from __future__ import annotations

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from app.resolvers.actions import OffreQuery
from app.resolvers.actions_actes import ActionMutation
from app.resolvers.actions_controle import CatalogueQuery, ControleMutation
from app.resolvers.affiliations import AffiliationMutation, AffiliationQuery
from app.resolvers.avis import AvisMutation
from app.resolvers.candidats import CandidatMutation, CandidatQuery
from app.resolvers.candidatures import CandidatureMutation, CandidatureQuery
from app.resolvers.candidatures_recues import CandidatureRecueMutation
from app.resolvers.comptes import CompteMutation
from app.resolvers.connexions import ConnexionMutation, MoiQuery
from app.resolvers.conservation import ConservationMutation
from app.resolvers.consultations import ConsultationQuery
from app.resolvers.delegations import DelegationMutation, DelegationQuery
from app.resolvers.dialogues import DialogueMutation
from app.resolvers.donnees_personnelles import DonneesPersonnellesMutation
from app.resolvers.echanges import EchangeMutation, EchangeQuery
from app.resolvers.exports import ExportMutation
from app.resolvers.externes import ConnexionExterneMutation
from app.resolvers.imports import ImportMutation
from app.resolvers.imports_lheo import ImportLheoMutation
from app.resolvers.journal import JournalQuery
from app.resolvers.lots import LotMutation
from app.resolvers.mon_compte import MonCompteMutation, MonCompteQuery
from app.resolvers.nir import NirMutation
from app.resolvers.partenaires import PartenaireMutation, PartenaireQuery
from app.resolvers.rapprochements import RapprochementMutation, RapprochementQuery
from app.resolvers.recherches import RechercheMutation, RechercheQuery
from app.resolvers.referentiels import ReferentielQuery
from app.resolvers.seconds_facteurs import SecondFacteurMutation
from app.resolvers.sessions import SessionMutation
from app.resolvers.sessions_actes import FormateurQuery, SessionSaisieMutation
from app.resolvers.sessions_fins import SessionFinMutation
from app.resolvers.statistiques import StatistiqueQuery
from app.resolvers.structures import StructureMutation, StructureQuery
from app.schema import entrees
from app.schema import enums as enums  # registers the enums of the trade
from app.schema.scalars import SCALARS

QUERIES = (
    MoiQuery,
    MonCompteQuery,
    OffreQuery,
    CatalogueQuery,
    FormateurQuery,
    RechercheQuery,
    ReferentielQuery,
    StructureQuery,
    AffiliationQuery,
    PartenaireQuery,
    DelegationQuery,
    CandidatQuery,
    ConsultationQuery,
    JournalQuery,
    RapprochementQuery,
    CandidatureQuery,
    EchangeQuery,
    StatistiqueQuery,
)
MUTATIONS = (
    ConnexionMutation,
    ConnexionExterneMutation,
    CandidatMutation,
    ConservationMutation,
    NirMutation,
    RapprochementMutation,
    DonneesPersonnellesMutation,
    CandidatureMutation,
    CandidatureRecueMutation,
    EchangeMutation,
    AvisMutation,
    LotMutation,
    ExportMutation,
    ActionMutation,
    ControleMutation,
    DialogueMutation,
    RechercheMutation,
    SessionMutation,
    SessionSaisieMutation,
    SessionFinMutation,
    ImportMutation,
    ImportLheoMutation,
    AffiliationMutation,
    DelegationMutation,
    StructureMutation,
    CompteMutation,
    MonCompteMutation,
    SecondFacteurMutation,
    PartenaireMutation,
)


def build_schema() -> strawberry.Schema:
    """Out: the schema of the API."""
    query, mutation = merge_types("Query", QUERIES), merge_types("Mutation", MUTATIONS)
    schema = strawberry.Schema(query, mutation, config=StrawberryConfig(scalar_map=SCALARS))
    entrees.preparer(schema._schema)
    return schema


def published_schema() -> str:
    """Out: the contract that `schema.graphql` holds."""
    return build_schema().as_str() + "\n"
