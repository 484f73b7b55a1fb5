"""The naive way, well done: Strawberry, SQLAlchemy's async ORM, a DataLoader a relation, parser and validation caches."""

from __future__ import annotations

import datetime as dt
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import strawberry
import uvicorn
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from starlette.requests import Request
from starlette.responses import Response
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

from app import models as m
from app.kit.clock import ouvree, paris_day
from app.kit.database import with_driver
from app.schema.scalars import SCALARS
from bench.serveurs import naif_ecritures as ecritures
from bench.serveurs import naif_regles as r
from bench.serveurs.plancher_sql import JETON

ENGINE = create_async_engine(with_driver(os.environ["DATABASE_URL"], "asyncpg"), pool_size=10, max_overflow=0)
SESSION = async_sessionmaker(ENGINE, expire_on_commit=False)
CLOCK = ouvree()
Etat = strawberry.enum(m.EtatCandidature, name="EtatCandidature")
PEUT_JUGER = "en_attente_avis"


def opaque(type_: str, key: int) -> strawberry.ID:
    """Out: a global identifier."""
    return strawberry.ID(b64encode(f"{type_}:{key}".encode()).decode())


def cle(id: str) -> int:
    """Out: the key of a global identifier."""
    return int(b64decode(id).partition(b":")[2])


class Chargeurs:
    """The loaders of one request."""

    def __init__(self, qui: r.Qui) -> None:
        """In: who asks."""
        self.qui, self.jour = qui, paris_day(CLOCK())
        self.session = self.par_id(m.SessionFormation, r.lit_session)
        self.action = self.par_id(m.Action, r.lit_action)
        self.candidat = self.par_id(m.Candidat, r.lit_candidat)
        self.structure = self.par_id(m.Structure, r.lit_structure)
        self.compte = self.par_id(m.Compte, r.lit_compte)
        self.avis: DataLoader[int, Any] = DataLoader(self.lire_avis)
        self.convocations: DataLoader[int, list[Any]] = DataLoader(self.lire_convocations)
        self.sessions: DataLoader[tuple[int, int], list[Any]] = DataLoader(self.lire_sessions)
        self.comptes: DataLoader[int, list[Any]] = DataLoader(self.compter)

    def par_id(self, model: Any, lit: Callable[[r.Qui], Any]) -> DataLoader[int, Any]:
        """Out: a loader of readable rows by key."""

        async def lire(keys: list[int]) -> list[Any]:
            async with SESSION() as db:
                rows = await db.scalars(select(model).where(model.id.in_(keys), lit(self.qui)))
            found = {row.id: row for row in rows}
            return [found.get(key) for key in keys]

        return DataLoader(lire)

    async def lire_avis(self, keys: list[int]) -> list[Any]:
        """The avis of candidatures."""
        async with SESSION() as db:
            rows = await db.scalars(select(m.Avis).where(m.Avis.candidature_id.in_(keys)))
        found = {row.candidature_id: row for row in rows}
        return [found.get(key) for key in keys]

    async def lire_convocations(self, keys: list[int]) -> list[list[Any]]:
        """The convocations of candidatures."""
        v = m.Convocation
        async with SESSION() as db:
            rows = await db.scalars(select(v).where(v.candidature_id.in_(keys)).order_by(v.numero))
        found: dict[int, list[Any]] = {}
        for row in rows:
            found.setdefault(row.candidature_id, []).append(row)
        return [found.get(key, []) for key in keys]

    async def lire_sessions(self, keys: list[tuple[int, int]]) -> list[list[Any]]:
        """The first sessions of actions, those that are not over."""
        s, premieres = m.SessionFormation, max(first for _, first in keys)
        rang = func.row_number().over(partition_by=s.action_id, order_by=(s.date_debut, s.id)).label("rang")
        retenues = (
            select(s.id, rang)
            .where(s.action_id.in_([a for a, _ in keys]), s.date_fin >= self.jour, r.lit_session(self.qui))
            .subquery()
        )
        statement = select(s).join(retenues, retenues.c.id == s.id).where(retenues.c.rang <= premieres)
        async with SESSION() as db:
            rows = await db.scalars(statement.order_by(s.date_debut, s.id))
        found: dict[int, list[Any]] = {}
        for row in rows:
            found.setdefault(row.action_id, []).append(row)
        return [found.get(action, [])[:first] for action, first in keys]

    async def compter(self, keys: list[int]) -> list[list[Any]]:
        """The candidatures of sessions, by état."""
        c = m.Candidature
        statement = select(c.session_id, c.etat, func.count()).group_by(c.session_id, c.etat).order_by(c.etat)
        async with SESSION() as db:
            rows = await db.execute(statement.where(c.session_id.in_(keys), r.lit_candidature(self.qui)))
        found: dict[int, list[Any]] = {}
        for session, etat, nombre in rows:
            found.setdefault(session, []).append(NombreParEtat(etat=etat.upper(), nombre=nombre))
        return [found.get(key, []) for key in keys]


Info = strawberry.Info[Chargeurs, None]


@strawberry.type
class AdresseStructure:
    ville: str | None


@strawberry.type
class Structure:
    row: strawberry.Private[Any]
    raison_sociale: str = strawberry.field(resolver=lambda root: root.row.raison_sociale)
    telephone: str | None = strawberry.field(resolver=lambda root: root.row.telephone)

    @strawberry.field
    def id(self) -> strawberry.ID:
        return opaque("Structure", self.row.id)

    @strawberry.field
    def adresse(self) -> AdresseStructure:
        return AdresseStructure(ville=self.row.ville)


async def structure(info: Info, key: int | None) -> Structure | None:
    """Out: a structure, if it may be read."""
    row = key and await info.context.structure.load(key)
    return Structure(row=row) if row else None


@strawberry.type
class NombreParEtat:
    etat: str
    nombre: int


@strawberry.type
class Lieu:
    nom: str | None
    voie: str | None
    code_postal: str | None
    ville: str | None
    departement: str | None


@strawberry.type
class Comptees:
    session_id: strawberry.Private[int]

    @strawberry.field
    async def par_etat(self, info: Info) -> list[NombreParEtat]:
        return await info.context.comptes.load(self.session_id)


@strawberry.type
class Session:
    row: strawberry.Private[Any]

    @strawberry.field
    def id(self) -> strawberry.ID:
        return opaque("Session", self.row.id)

    @strawberry.field
    def numero_carif(self) -> str:
        return self.row.numero_carif

    @strawberry.field
    def etat(self) -> str:
        return self.row.etat.upper()

    @strawberry.field
    def date_debut(self) -> dt.date:
        return self.row.date_debut

    @strawberry.field
    def date_fin(self) -> dt.date:
        return self.row.date_fin

    @strawberry.field
    def lieu(self) -> Lieu:
        s = self.row
        return Lieu(
            nom=s.lieu_nom,
            voie=s.lieu_voie,
            code_postal=s.lieu_code_postal,
            ville=s.lieu_ville,
            departement=s.lieu_departement,
        )

    @strawberry.field
    async def action(self, info: Info) -> Action | None:
        row = await info.context.action.load(self.row.action_id)
        return Action(row=row) if row else None

    @strawberry.field
    async def formateur(self, info: Info) -> Structure | None:
        return await structure(info, self.row.formateur_id)

    @strawberry.field
    def candidatures(self) -> Comptees:
        return Comptees(session_id=self.row.id)


@strawberry.type
class SessionConnection:
    nodes: list[Session]


@strawberry.type
class Action:
    row: strawberry.Private[Any]

    @strawberry.field
    def id(self) -> strawberry.ID:
        return opaque("Action", self.row.id)

    @strawberry.field
    def reference(self) -> str:
        return self.row.reference

    @strawberry.field
    def intitule(self) -> str:
        return self.row.intitule

    @strawberry.field
    def objectif(self) -> str | None:
        return self.row.objectif

    @strawberry.field
    def dispositif(self) -> str | None:
        return self.row.dispositif and self.row.dispositif.upper()

    @strawberry.field
    def conventionnee(self) -> bool:
        return self.row.est_conventionnee

    @strawberry.field
    async def responsable(self, info: Info) -> Structure | None:
        return await structure(info, self.row.responsable_id)

    @strawberry.field
    async def sessions(self, info: Info, first: int = 20) -> SessionConnection:
        rows = await info.context.sessions.load((self.row.id, first))
        return SessionConnection(nodes=[Session(row=row) for row in rows])


@strawberry.type
class Facette:
    valeur: str
    nombre: int


@strawberry.type
class FacetteOrganisme:
    valeur: strawberry.Private[int]
    nombre: int

    @strawberry.field
    async def organisme(self, info: Info) -> Structure | None:
        return await structure(info, self.valeur)


@strawberry.type
class Facettes:
    where: strawberry.Private[list[Any]]
    sessions: strawberry.Private[list[Any]]

    @strawberry.field
    async def dispositifs(self) -> list[Facette]:
        return [Facette(valeur=v.upper(), nombre=n) for v, n in await self.par_action(m.Action.dispositif)]

    @strawberry.field
    async def departements(self) -> list[Facette]:
        found = await self.par_session(m.SessionFormation.lieu_departement)
        return [Facette(valeur=v, nombre=n) for v, n in found]

    @strawberry.field
    async def modalites(self) -> list[Facette]:
        found = await self.par_session(m.SessionFormation.modalite)
        return [Facette(valeur=v.upper(), nombre=n) for v, n in found]

    @strawberry.field
    async def organismes(self) -> list[FacetteOrganisme]:
        return [
            FacetteOrganisme(valeur=v, nombre=n) for v, n in await self.par_action(m.Action.responsable_id)
        ]

    async def par_action(self, valeur: Any) -> list[Any]:
        """The values of actions, and how many have each."""
        return await self.premieres(select(valeur, func.count()).where(*self.where), valeur)

    async def par_session(self, valeur: Any) -> list[Any]:
        """The values of the sessions that were looked for, and how many actions have each."""
        a, s = m.Action, m.SessionFormation
        nombre = func.count(func.distinct(a.id))
        joint = select(valeur, nombre).join(a, a.id == s.action_id)
        return await self.premieres(joint.where(*self.where, *self.sessions), valeur)

    async def premieres(self, statement: Any, valeur: Any) -> list[Any]:
        """The hundred most frequent."""
        nombre = list(statement.selected_columns)[1]
        rangee = statement.where(valeur.is_not(None)).group_by(valeur).order_by(nombre.desc(), valeur)
        async with SESSION() as db:
            return list(await db.execute(rangee.limit(100)))


@strawberry.type
class ActionConnection:
    where: strawberry.Private[list[Any]]
    sessions: strawberry.Private[list[Any]]
    first: strawberry.Private[int]

    @strawberry.field
    async def total_count(self) -> int:
        async with SESSION() as db:
            return await db.scalar(select(func.count(m.Action.id)).where(*self.where)) or 0

    @strawberry.field
    def facettes(self) -> Facettes:
        return Facettes(where=self.where, sessions=self.sessions)

    @strawberry.field
    async def nodes(self) -> list[Action]:
        a = m.Action
        async with SESSION() as db:
            rows = await db.scalars(select(a).where(*self.where).order_by(a.intitule, a.id).limit(self.first))
        return [Action(row=row) for row in rows]


@strawberry.type
class Candidat:
    id: strawberry.ID
    reference: str
    civilite: str | None
    nom: str
    prenom: str
    date_naissance: dt.date
    courriel: str | None
    telephone: str | None
    ville: str | None


@strawberry.type
class Compte:
    nom: str
    prenom: str


@strawberry.type
class Convocation:
    numero: int
    type_convocation: str
    date_rendez_vous: dt.date
    resultat: str


@strawberry.type
class Avis:
    retenu: bool
    motif: str | None
    commentaire: str | None
    date_entree_prevue: dt.date | None
    date_sortie_prevue: dt.date | None
    rendu_le: dt.datetime


@strawberry.type
class PeutCandidature:
    convoquer: bool
    rendre_avis: bool
    annuler: bool = False
    modifier: bool = False
    valider: bool = False


@strawberry.type
class Candidature:
    row: strawberry.Private[Any]

    @strawberry.field
    def id(self) -> strawberry.ID:
        return opaque("Candidature", self.row.id)

    @strawberry.field
    def reference(self) -> str:
        return self.row.reference

    @strawberry.field
    def etat(self) -> str:
        return self.row.etat.upper()

    @strawberry.field
    def origine(self) -> str:
        return self.row.origine.upper()

    @strawberry.field
    def intitule(self) -> str:
        return self.row.intitule

    @strawberry.field
    def inscrit_france_travail(self) -> bool:
        return self.row.est_inscrit_france_travail

    @strawberry.field
    def niveau_formation(self) -> str | None:
        return self.row.niveau_formation

    @strawberry.field
    def situation(self) -> str | None:
        return self.row.situation

    @strawberry.field
    def parcours_anterieur(self) -> str | None:
        return self.row.parcours_anterieur

    @strawberry.field
    def raisons(self) -> str | None:
        return self.row.raisons

    @strawberry.field
    def suites_parcours(self) -> str | None:
        return self.row.suites_parcours

    @strawberry.field
    def modifiee_le(self) -> dt.datetime:
        return self.row.modifiee_le

    @strawberry.field
    def date_preinscription(self) -> dt.datetime | None:
        return self.row.validee_le

    @strawberry.field
    async def session(self, info: Info) -> Session | None:
        row = await info.context.session.load(self.row.session_id)
        return Session(row=row) if row else None

    @strawberry.field
    async def candidat(self, info: Info) -> Candidat | None:
        k = await info.context.candidat.load(self.row.candidat_id)
        return k and Candidat(
            id=opaque("Candidat", k.id),
            reference=k.reference,
            civilite=k.civilite and k.civilite.upper(),
            nom=k.nom,
            prenom=k.prenom,
            date_naissance=k.date_naissance,
            courriel=k.courriel,
            telephone=k.telephone,
            ville=k.ville,
        )

    @strawberry.field
    async def structure_prescriptrice(self, info: Info) -> Structure | None:
        return await structure(info, self.row.structure_prescriptrice_id)

    @strawberry.field
    async def prescripteur(self, info: Info) -> Compte | None:
        u = self.row.auteur_id and await info.context.compte.load(self.row.auteur_id)
        return Compte(nom=u.nom, prenom=u.prenom) if u else None

    @strawberry.field
    async def convocations(self, info: Info) -> list[Convocation]:
        return [
            Convocation(
                numero=v.numero,
                type_convocation=v.type_convocation.upper(),
                date_rendez_vous=v.date_rendez_vous,
                resultat=v.resultat.upper(),
            )
            for v in await info.context.convocations.load(self.row.id)
        ]

    @strawberry.field
    async def avis(self, info: Info) -> Avis | None:
        a = await info.context.avis.load(self.row.id)
        return a and Avis(
            retenu=a.est_retenu,
            motif=a.motif and a.motif.upper(),
            commentaire=a.commentaire,
            date_entree_prevue=a.date_entree_prevue,
            date_sortie_prevue=a.date_sortie_prevue,
            rendu_le=a.rendu_le,
        )

    @strawberry.field
    def peut(self, info: Info) -> PeutCandidature:
        c, qui = self.row, info.context.qui
        a_un_role = qui.structure_id in (c.responsable_id, c.positionneur_id, c.formateur_id)
        est_partie = qui.compte_id in (c.auteur_id, c.validee_par_id)
        juge = c.etat == PEUT_JUGER and a_un_role and not est_partie
        return PeutCandidature(convoquer=juge, rendre_avis=juge)


@strawberry.type
class CandidatureConnection:
    nodes: list[Candidature]


@strawberry.input
class FiltreCandidatures:
    etats: list[Etat] | None = None


@strawberry.input
class RechercheActions:
    mots: str | None = None
    departements: list[str] | None = None
    organismes: list[strawberry.ID] | None = None


@strawberry.type
class Query:
    @strawberry.field
    async def candidature(self, info: Info, reference: str) -> Candidature | None:
        c = m.Candidature
        async with SESSION() as db:
            row = await db.scalar(
                select(c).where(c.reference == reference, r.lit_candidature(info.context.qui))
            )
        return Candidature(row=row) if row else None

    @strawberry.field
    async def candidatures(
        self, info: Info, filtre: FiltreCandidatures | None = None, first: int = 20
    ) -> CandidatureConnection:
        c, where = m.Candidature, [r.lit_candidature(info.context.qui)]
        if filtre and filtre.etats is not None:
            where.append(c.etat.in_(filtre.etats))
        async with SESSION() as db:
            rows = await db.scalars(
                select(c).where(*where).order_by(c.modifiee_le.desc(), c.id.desc()).limit(first)
            )
        return CandidatureConnection(nodes=[Candidature(row=row) for row in rows])

    @strawberry.field
    def actions(
        self, info: Info, recherche: RechercheActions | None = None, first: int = 20
    ) -> ActionConnection:
        a, s, qui = m.Action, m.SessionFormation, info.context.qui
        where = [r.lit_action(qui)]
        if recherche and recherche.mots is not None:
            where.append(a.mots_cherches.op("@@")(func.cherche_litteral(recherche.mots)))
        sessions = [r.lit_session(qui), s.date_fin >= info.context.jour]
        if recherche and recherche.departements is not None:
            sessions.append(s.lieu_departement.in_(recherche.departements))
        where.append(select(s.id).where(s.action_id == a.id, *sessions).correlate(a).exists())
        if recherche and recherche.organismes is not None:
            where.append(a.responsable_id.in_([cle(id) for id in recherche.organismes]))
        return ActionConnection(where=where, sessions=sessions, first=first)


@strawberry.type
class Empechement:
    code: str
    message: str


@strawberry.type
class CandidaturePayload:
    candidature: Candidature | None
    empechements: list[Empechement]


@strawberry.input
class CreerCandidatureInput:
    session: strawberry.ID
    candidat: strawberry.ID
    niveau_formation: str | None = None
    situation: str | None = None
    parcours_anterieur: str | None = None
    raisons: str | None = None
    suites_parcours: str | None = None
    inscrit_france_travail: bool | None = None
    envoyer_recapitulatif: bool | None = None


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def creer_candidature(self, info: Info, entree: CreerCandidatureInput) -> CandidaturePayload:
        saisie = {
            nom: getattr(entree, nom)
            for nom in (
                "niveau_formation",
                "situation",
                "parcours_anterieur",
                "raisons",
                "suites_parcours",
                "envoyer_recapitulatif",
            )
        }
        async with SESSION() as db:
            return await payload(
                ecritures.creer(
                    db, info.context.qui, cle(entree.candidat), cle(entree.session), saisie, CLOCK()
                )
            )

    @strawberry.mutation
    async def valider_candidature(self, info: Info, candidature: strawberry.ID) -> CandidaturePayload:
        async with SESSION() as db:
            return await payload(ecritures.valider(db, info.context.qui, cle(candidature), CLOCK()))


async def payload(acte: Any) -> CandidaturePayload:
    """Out: the row that was written, or what stopped the act."""
    try:
        return CandidaturePayload(candidature=Candidature(row=await acte), empechements=[])
    except ecritures.Empeche as refus:
        empechements = [Empechement(code=e.code, message=str(e)) for e in refus.empechements]
        return CandidaturePayload(candidature=None, empechements=empechements)


class Serveur(GraphQL[Chargeurs, None]):
    """The ASGI application."""

    kept: dict[bytes, tuple[float, r.Qui]] = {}

    async def get_context(self, request: Request, response: Response) -> Chargeurs:
        """Who asks, remembered for half a second as ours does; and fresh loaders."""
        key = sha256(request.headers["authorization"].removeprefix("Bearer ").encode()).digest()
        now = time.monotonic()
        if (found := self.kept.get(key)) and now < found[0]:
            return Chargeurs(found[1])
        async with SESSION() as db:
            sql = JETON.replace("$1", ":cle").replace("$2", ":le")
            row = (await db.execute(text(sql), {"cle": key, "le": CLOCK()})).one()
        qui = r.Qui(*row)
        self.kept[key] = now + 0.5, qui
        return Chargeurs(qui)


schema = strawberry.Schema(
    Query, Mutation, extensions=[ParserCache, ValidationCache], config=StrawberryConfig(scalar_map=SCALARS)
)
application = Serveur(schema)

if __name__ == "__main__":
    uvicorn.run(
        application,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
