"""Everything is put together here, and only here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import strawberry
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from app.console.pages import Facts, Pages
from app.demo.marque import est_demonstration
from app.domain.contraintes import CONTRAINTES
from app.domain.echanges import DIT_PAR, PORTEES
from app.domain.ouverture import valeurs
from app.exports.lheo.fichier import Exporteur
from app.http import connus, exports, offre, partenaires
from app.http.app import assembled
from app.http.desk import Desk, Prouve
from app.http.documents import Documents
from app.http.errors import Refusal
from app.http.freins import Freins
from app.http.health import Check, Readiness
from app.http.logs import configure
from app.http.metrics import Counters
from app.http.tokens import lookup
from app.http.viewer import Asking, Doorkeeper
from app.jobs.outils import Outils
from app.jobs.partenaires import porteurs_de
from app.jobs.poste import dossier_de, poste_de
from app.kit.cipher import Cipher, cipher_of
from app.kit.clock import Clock, clock_of, system
from app.kit.database import Database, patiently, surely
from app.kit.migrations import head
from app.kit.processes import leave_with_parent
from app.kit.settings import Settings
from app.kit.trousseau import Trousseau, trousseau_de
from app.models import Correspondant
from app.policies.policy import Current, Policy, of_the_house
from app.policies.viewer import PROFILS
from app.reading.limits import within
from app.reading.reader import Answer, Reader
from app.reading.shown import beside
from app.reading.verify import problems
from app.resolvers.externes import passage_note
from app.resolvers.partenaires import usage_note
from app.resolvers.verbs import Context, nobody_counts
from app.writing import Writer
from app.writing.consultations import Consultations

if TYPE_CHECKING:
    from app.http.externe import Externe


@dataclass(frozen=True)
class Room:
    """The executor of the edge: the reading door, and in the hand of each resolver the writing one."""

    reader: Reader
    writer: Writer
    cipher: Cipher
    departements: tuple[str, ...]
    machine: Clock = field(default_factory=system)
    trousseau: Trousseau | None = None
    refus_session_complete: bool = False

    async def execute(
        self,
        viewer: Asking,
        text: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        moment: datetime,
        *,
        prouve: Prouve | None = None,
        instruction: bool = False,
    ) -> Answer:
        """Out: the JSON of the answer."""
        context = Context(
            viewer,
            moment,
            self.writer,
            self.cipher,
            departements=self.departements,
            machine=self.machine,
            prouve=prouve or nobody_counts,
            trousseau=self.trousseau,
            refus_session_complete=self.refus_session_complete,
        )
        asked = viewer, text, variables, operation_name, moment
        answer = await self.reader.execute(*asked, context=context)
        return await beside(answer, self.reader, *asked) if instruction else answer


def documents_of(settings: Settings, schema: strawberry.Schema, cipher: Cipher) -> Documents:
    """Out: what admits documents here, with those that are known in advance. Raises SceauRompuError."""
    kept = within(settings.memoire_documents)
    documents = Documents(schema._schema, introspection=settings.introspection, kept=kept)
    if (path := settings.donnees / connus.FICHIER).is_file():
        documents.connus = connus.lire(path, documents.cle(schema.as_str()), cipher.mark)
    return documents


def faire_connaitre(settings: Settings, textes: Mapping[str, str]) -> int:
    """In: the text of documents, by where each was found. Make them known to the servers of these data.

    Out: how many there are now. Raises ValueError: one of them is refused.
    """
    _, schema = prepared()
    documents = Documents(schema._schema, introspection=settings.introspection)
    found = {}
    for ou, texte in textes.items():
        try:
            found.update(documents.a_connaitre(texte))
        except Refusal as refused:
            said = " ; ".join(error.message for error in refused.errors)
            raise ValueError(f"{ou} : {said}") from refused
    cle = documents.cle(schema.as_str())
    connus.ecrire(settings.donnees / connus.FICHIER, cle, cipher_of(settings).mark, found)
    return len(found)


def house_values(settings: Settings) -> Callable[[Any, datetime], dict[str, Any]]:
    """Out: what conditions and fields may name besides the viewer, at a moment."""
    said = {"contact_assistance": settings.contact_assistance} if settings.contact_assistance else {}
    return lambda _, le: {**valeurs(le), **said}


def create_app(settings: Settings | None = None, schema: strawberry.Schema | None = None) -> Starlette:
    """In: the settings and the schema; without them, those of the environment, and the logs are set up too.

    Out: the application. Raises if the compiled policy is not that of its sources, or if a setting means nothing.
    """
    if settings is None:
        configure()
        settings = Settings.read()
    policy, made = prepared() if schema is None else checked(Policy.load(), schema)
    counters, core, cipher = Counters(), made._schema, cipher_of(settings)
    trousseau = trousseau_de(settings)
    pages = Pages(Facts(core, made.as_str, introspection=settings.introspection))

    @asynccontextmanager
    async def opening() -> AsyncIterator[Desk]:
        async with opened(settings) as database, Consultations(database.writing).ouvertes() as consultations:
            documents = documents_of(settings, made, cipher)
            reader = Reader(
                made,
                policy,
                database.reading,
                fresh=database.fresh,
                documents=documents,
                extra_values=house_values(settings),
                limits=within(settings.memoire_documents),
                witness=consultations,
            )
            counters.gauges = lambda: gauges(reader, documents)
            demonstration = await patiently(lambda: est_demo(database))
            clock = clock_of(settings) if demonstration else system()  # on a real base nothing moves the time
            pages.facts = shown(pages.facts, settings, demonstration=demonstration)
            writer = writer_of(settings, database, policy)
            doorkeeper = Doorkeeper(lookup(database.fresh, clock, usage_note(writer)))
            room = room_of(settings, reader, writer, cipher, trousseau)
            ready, exporteur = Readiness(checks(database, policy)), Exporteur(policy, database.exports)
            freins = Freins(database.writing, system(), settings.lectures_anonymes, cipher.key)
            async with identity_provider(settings, writer, cipher) as externe:
                held = documents, doorkeeper, room, clock, ready, freins, exporteur
                yield Desk(*held, demonstration, secrets_of(settings), externe)

    return assembled(opening, counters, [*pages.routes(), *paths(settings)], origines=settings.origines)


def room_of(
    settings: Settings, reader: Reader, writer: Writer, cipher: Cipher, trousseau: Trousseau | None
) -> Room:
    """Out: the executor, with what the settings choose for the acts."""
    refus = settings.refus_session_complete
    return Room(
        reader, writer, cipher, settings.departements, trousseau=trousseau, refus_session_complete=refus
    )


def paths(settings: Settings) -> list[BaseRoute]:
    """Out: the paths beside GraphQL and the pages."""
    found = [*exports.routes(), *offre.routes(), *partenaires.routes()]
    return found + (external().routes() if settings.oidc_emetteur else [])


@asynccontextmanager
async def identity_provider(
    settings: Settings, writer: Writer, cipher: Cipher
) -> AsyncIterator[Externe | None]:
    """The identity provider of the settings, if they name one: nobody else pays for its library."""
    if settings.oidc_emetteur is None:
        yield None
        return
    provider = import_module("app.kit.oidc").Provider(settings, system(), time.monotonic)
    sites = external().origines([provider.home, settings.site, *settings.origines])
    try:
        yield external().Externe(provider, cipher, system(), sites, passage_note(writer, cipher))
    finally:
        await provider.close()


def external() -> Any:
    """Out: the paths of an identity provider."""
    return import_module("app.http.externe")


def shown(facts: Facts, settings: Settings, *, demonstration: bool) -> Facts:
    """Out: what the pages say of this base: the accounts of a demonstration, and its time; nothing of a real one."""
    named = replace(facts, fournisseur=settings.oidc_nom if settings.oidc_emetteur else None)
    if not demonstration:
        return named
    return replace(
        named,
        horloge=settings.horloge,
        comptes=lambda: import_module("app.demo.comptes").COMPTES,
        code=import_module("app.demo.codes").code_du_moment,
        courriels=dossier_de(settings),
    )


def outils(settings: Settings, writer: Writer, clock: Clock, cipher: Cipher, reader: Reader) -> Outils:
    """Out: what jobs hold in their hand."""
    site = settings.site or f"http://{settings.hote}:{settings.port}"
    porteurs = porteurs_de(settings, system())  # a signature is of the minutes outside
    return Outils(
        writer,
        clock,
        poste_de(settings),
        cipher,
        settings.expediteur,
        reader,
        site,
        porteurs,
        settings.conservation_mois,
    )


def writer_of(settings: Settings, database: Database, policy: Policy) -> Writer:
    """Out: the writing door. Facts are handed over for partners only where the settings name one."""
    told = frozenset(DIT_PAR) if porteurs_de(settings, system()) else frozenset[str]()
    return Writer(database.writing, policy, CONTRAINTES, told)


async def faire_les_travaux(settings: Settings, *, une_fois: bool) -> None:
    """Do jobs, and nothing else: until it is cancelled, or (`une_fois`) what is due now, then leave."""
    jobs = import_module(
        "app.jobs.application"
    )  # the library that queues them is only loaded by who does some
    async with opened(settings) as database:
        clock = clock_of(settings) if await patiently(lambda: est_demo(database)) else system()
        policy, schema = prepared()
        reader = Reader(schema, policy, database.fresh, extra_values=lambda _, le: valeurs(le))
        writer = writer_of(settings, database, policy)
        tools = outils(settings, writer, clock, cipher_of(settings), reader)
        if une_fois:
            async with jobs.ouverte(database.url) as app:
                await jobs.tout_de_suite(app, tools)
            return
        async with jobs.au_travail(database.url, tools):
            await asyncio.Event().wait()


def secrets_of(settings: Settings) -> dict[str, str]:
    """Out: the keys that partners sign their answers with, by the scope of their programs."""
    secrets = {
        Correspondant.AGORA: settings.agora_secret,
        Correspondant.FRANCE_TRAVAIL: settings.france_travail_secret,
    }
    return {portee: secret for portee, p in PORTEES.items() if (secret := secrets[p])}


@cache
def prepared() -> tuple[Policy, strawberry.Schema]:
    """Out: the policy and the schema, which no request changes: made once, for all the workers that are forked later."""
    return checked(of_the_house(), build_schema())


def checked(policy: Policy, schema: strawberry.Schema) -> tuple[Policy, strawberry.Schema]:
    """Out: both. Raises ValueError if the schema promises what the policy does not give to all."""
    if broken := problems(schema._schema, policy, PROFILS):
        raise ValueError("le schéma promet plus que la politique :\n" + "\n".join(broken))
    return policy, schema


def build_schema() -> strawberry.Schema:
    """Out: the schema of the API."""
    schema: strawberry.Schema = import_module("app.resolvers").build_schema()
    return schema


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database, while a task watches that the parent of this worker is still there."""
    if settings.database_url is None:
        raise ValueError("DATABASE_URL manque : « rafael servir » la donne à ses travailleurs")
    watcher = asyncio.create_task(leave_with_parent())
    statements = within(settings.memoire_documents).statements
    database = Database(settings.database_url, settings.database_url_lecture, statements=statements)
    try:
        async with AsyncExitStack() as stack:
            yield await patiently(lambda: stack.enter_async_context(database))
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher


def checks(database: Database, policy: Policy) -> dict[str, Check]:
    """Out: what must hold before requests are sent here."""
    last, current = head(), Current(policy)

    async def base() -> bool:
        return bool(await database.reading.fetchval("select true"))

    async def migrations() -> bool:
        said = "select version_num from alembic_version"
        return bool(await surely(database.writing, lambda db: db.fetchval(said)) == last)

    async def politique() -> bool:
        return await asyncio.to_thread(current)

    return {"base": base, "migrations": migrations, "politique": politique}


def gauges(reader: Reader, documents: Documents) -> dict[str, float]:
    """Out: what is worth watching of the caches, what readings cost, and which answers graphql-core had to complete.

    `completee_…` names the field that has no source; objects are those of JSON in what PostgreSQL wrote.
    """
    spent = reader.spent
    return {
        "plans_trouves": spent.hits,
        "compilations": spent.compilations,
        "compilations_secondes": spent.compiling,
        "lectures": spent.statements,
        "lectures_secondes": spent.reading,
        "lectures_objets": spent.objects,
        "lectures_octets": spent.bytes,
        **{f"completee_{field}": count for field, count in reader.completed.items()},
        "plans": len(reader.plans),
        "plans_caracteres": reader.plans.weight,
        "documents": len(documents.admitted),
        "documents_caracteres": documents.admitted.weight,
        "lectures_completees": sum(reader.completed.values()),
        "consultations_en_attente": reader.witness.pending if reader.witness else 0,
    }


async def est_demo(database: Database) -> bool:
    """Out: whether this base holds the demonstration, and so nobody real: its accounts may be shown."""
    return await est_demonstration(database.writing)
