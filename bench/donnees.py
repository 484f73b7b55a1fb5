"""Generated data in a base of an embedded server: made once for a size and a month, kept, checked.

`python -m bench.donnees --taille 100000` makes it and stops. Rows are copied in with triggers off: what triggers
keep is computed by `monde`, and `verifier` asks the base whether it agrees.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import asyncpg
from rich.progress import Progress

from app import models as m
from app.kit.database import plain, with_base
from app.kit.embedded import Embedded
from app.kit.migrations import head, migrer
from bench.monde import Monde, suites

VERSION = 2  # of the rows: raise it when `monde` changes
TAILLES = (10_000, 100_000, 400_000, 2_000_000)
LOT = 20_000
SUITES = ("numero_action", "numero_session", "numero_candidat", "numero_candidature")


class DonneesFaussesError(Exception):
    """The rows break what triggers would have kept; the message says which promise."""


@dataclass(frozen=True)
class Base:
    """A base that is ready, and the world that is in it."""

    url: str
    monde: Monde


def dossier() -> Path:
    """Out: where the embedded server of the bench keeps its data: DONNEES, or a folder of its own."""
    chosen = os.environ.get("DONNEES")
    return Path(chosen).resolve() if chosen else Path(tempfile.gettempdir()) / f"rafael-banc-{os.geteuid()}"


def jour_de_reference() -> date:
    """Out: the first day of this month: sessions lie around it, so rows are made anew each month."""
    return datetime.now(UTC).date().replace(day=1)


async def preparer(server: Embedded, taille: int) -> Base:
    """In: a started server and a number of candidatures. Out: the base, made if it is not there as it should be."""
    jour, nom = jour_de_reference(), f"banc_{taille}"
    url = with_base(plain(server.url(driver="")), nom)
    cle = f"{VERSION}:{revision()}:{jour}"
    monde = Monde(taille, jour)
    if not await est_prete(server, nom, cle):
        await creer(server, nom)
        migrer(url)
        await remplir(url, monde, cle)
    else:
        rejouer(monde)
    return Base(url, monde)


def revision() -> str:
    """Out: the last migration."""
    return head()


def rejouer(monde: Monde) -> None:
    """Make again, in memory alone, what the workloads must know of a world: its members."""
    monde.peupler()


async def est_prete(server: Embedded, nom: str, cle: str) -> bool:
    """Is there a base of that name, filled to the end with these very rows?"""
    try:
        db = await asyncpg.connect(with_base(plain(server.url(driver="")), nom))
    except asyncpg.InvalidCatalogNameError:
        return False
    try:
        return bool(await db.fetchval("select valeur = $1 from reglage where cle = 'banc'", cle))
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await db.close()


async def creer(server: Embedded, nom: str, modele: str = "template0") -> None:
    """Make a base of that name, from nothing or from a model; drops the one that is there."""
    db = await asyncpg.connect(plain(server.url(driver="")))
    try:
        await db.execute(f'drop database if exists "{nom}" with (force)')
        await db.execute(f'create database "{nom}" template "{modele}" strategy file_copy')
    finally:
        await db.close()


async def remplir(url: str, monde: Monde, cle: str) -> None:
    """Copy a world into an empty, migrated base."""
    db = await asyncpg.connect(url)
    try:
        with Progress() as progress:
            async with db.transaction():
                await db.execute(
                    "set local session_replication_role = replica; set local work_mem = '128MB';"
                )
                await db.execute("set local maintenance_work_mem = '512MB'")
                indexes = await enlever_index(db)
                await copier_tout(Copie(db, progress), monde)
                await compter(db)
                tache = progress.add_task("index", total=len(indexes))
                for index in indexes:
                    await db.execute(index)
                    progress.advance(tache)
                await avancer_suites(db, monde)
        for vue in m.Vue:  # as the night does
            await db.execute(f"refresh materialized view {vue}")
        await db.execute("vacuum (analyze)")
        await verifier(db)
        # nobody real is in it: the clock of the bench may say that it is a working day
        await db.execute("insert into reglage values ($1, $2), ('banc', $2)", m.DEMONSTRATION, cle)
    finally:
        await db.close()


@dataclass
class Copie:
    """Copies rows into tables, showing how far it is."""

    db: asyncpg.Connection[Any]
    progress: Progress

    async def lignes(self, model: Any, rows: Iterable[dict[str, Any]], total: int | None = None) -> None:
        """In: a model, its rows, all with the same columns. What they leave out takes its default."""
        table = model.__table__
        tache = self.progress.add_task(table.name, total=total)
        suite = iter(rows)
        while lot := list(islice(suite, LOT)):
            noms, defauts = colonnes(table, lot[0])
            tuples = ((*row.values(), *defauts) for row in lot)
            await self.db.copy_records_to_table(table.name, records=tuples, columns=noms)
            self.progress.advance(tache, len(lot))
        self.progress.update(tache, total=self.progress.tasks[tache].completed)


def colonnes(table: Any, row: dict[str, Any]) -> tuple[list[str], tuple[Any, ...]]:
    """Out: the columns to write, those of the row first, and the defaults of the others."""
    autres = {
        column.name: str(column.default.arg) if isinstance(column.default.arg, str) else column.default.arg
        for column in table.c
        if column.name not in row and column.default is not None and column.default.is_scalar
    }
    return [*row, *autres], tuple(autres.values())


async def copier_tout(copie: Copie, monde: Monde) -> None:
    """Every table, parents first."""
    structures = list(monde.structures())
    await copie.lignes(m.Structure, structures)
    monde.peupler()
    await copie.lignes(m.Compte, monde.comptes())
    await copie.lignes(m.Affiliation, monde.affiliations())
    await copie.lignes(m.DroitAccorde, monde.droits())
    await copie.lignes(m.Jeton, monde.jetons())
    actions = list(monde.actions())
    await copie.lignes(m.Action, actions)
    sessions, points = [], []
    for session, entrees in monde.sessions(actions):
        sessions.append(session)
        points += entrees
    await copie.lignes(m.SessionFormation, sessions)
    await copie.lignes(m.PointEntree, points)
    await copie.lignes(m.Candidat, monde.candidats(), monde.nb_candidats)
    await copier_candidatures(copie, monde)


async def copier_candidatures(copie: Copie, monde: Monde) -> None:
    """Candidatures with what follows from each: convocations, avis, the fact of the journal."""
    alea = monde.hasard("suites")
    convocations: list[dict[str, Any]] = []
    avis: list[dict[str, Any]] = []

    def rows() -> Iterator[dict[str, Any]]:
        for row in monde.candidatures():
            siennes, sien = suites(row, alea)
            convocations.extend(siennes)
            if sien:
                avis.append(sien)
            yield row

    await copie.lignes(m.Candidature, rows(), monde.taille)
    await copie.lignes(m.Convocation, convocations)
    await copie.lignes(m.Avis, avis)


async def compter(db: asyncpg.Connection[Any]) -> None:
    """The journal's first facts, and the places taken: what triggers would have counted one by one."""
    await db.execute("""
        insert into fait (survenu_le, nom, compte_id, profil, structure_id, session_id, candidat_id, candidature_id, donnees)
        select cree_le, 'CandidatureCreee', auteur_id, 'prescripteur_n2', structure_prescriptrice_id, session_id,
               candidat_id, id, '{"avant": null, "apres": "brouillon"}' from candidature""")
    for table, lien in (("session", "session_id"), ("point_entree", "point_entree_id")):
        await db.execute(f"""
            update {table} t set places_prises = n.nombre from (
              select {lien} as cle, count(*) as nombre from candidature
              where etat in ('en_attente_avis', 'retenue') and {lien} is not null group by 1) n
            where n.cle = t.id""")


async def enlever_index(db: asyncpg.Connection[Any]) -> list[str]:
    """Drop the indexes that hold no constraint. Out: what makes them again, all at once at the end."""
    rows = await db.fetch("""
        select i.indexrelid::regclass::text as nom, pg_get_indexdef(i.indexrelid) as texte from pg_index i
        join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)""")
    for row in rows:
        await db.execute(f"drop index {row['nom']}")
    return [row["texte"] for row in rows]


async def avancer_suites(db: asyncpg.Connection[Any], monde: Monde) -> None:
    """The next keys and the next numbers come after those that are taken."""
    tables = await db.fetch("select table_name from information_schema.columns where is_identity = 'YES'")
    for (table,) in tables:
        await db.execute(
            f"select setval('{table}_id_seq', (select coalesce(max(id), 0) + 1 from \"{table}\"))"
        )
    await db.execute("select setval('numero_candidature', $1)".replace("$1", str(monde.taille + 1)))
    await db.execute(f"select setval('numero_action', {monde.nb_actions + 1})")
    await db.execute(f"select setval('numero_session', {monde.nb_sessions + 1})")
    await db.execute(f"select setval('numero_candidat', {monde.nb_candidats + 1})")


# What triggers keep, each as the rows that break it; a sample of candidatures, every row of the rest.
PROMESSES = {
    "copies d'une candidature": """
        select 1 from candidature c tablesample system (20) join session s on s.id = c.session_id
        where (c.responsable_id, c.positionneur_id, c.formateur_id, c.est_financee_region, c.est_hsp)
          is distinct from (s.responsable_id, s.positionneur_id, s.formateur_id, s.est_financee_region, s.est_hsp)""",
    "auteur de niveau 3": """
        select 1 from candidature c tablesample system (5)
        where c.auteur_est_n3 <> est_n3(c.auteur_id, c.structure_prescriptrice_id)""",
    "copies d'une session": """
        select 1 from session s join action a on a.id = s.action_id
        where (s.responsable_id, s.est_conventionnee, s.est_hsp, s.est_financee_region, s.action_en_ligne)
          is distinct from (a.responsable_id, a.est_conventionnee, a.est_hsp, a.est_financee_region, a.est_en_ligne)""",
    "places d'une session": """
        select 1 from session s where s.places_prises <> (
          select count(*) from candidature c where c.session_id = s.id and prend_une_place(c.etat) = 1)""",
    "points d'entrée": """
        select 1 from point_entree p join session s on s.id = p.session_id
        where p.places_possibles is distinct from s.places_possibles
           or p.places_prises <> (
             select count(*) from candidature c where c.point_entree_id = p.id and prend_une_place(c.etat) = 1)
           or p.date_precedente is distinct from (
             select max(q.date_entree) from point_entree q
             where q.session_id = p.session_id and q.date_entree < p.date_entree)""",
    "droits d'une affiliation": """
        select 1 from droit_accorde d join affiliation a on a.id = d.affiliation_id
        where (d.compte_id, d.structure_id) is distinct from (a.compte_id, a.structure_id)""",
    "référents": """
        select 1 from structure s where s.a_un_referent <> exists (
          select 1 from affiliation a where a.structure_id = s.id and a.est_referent and a.etat = 'acceptee')""",
    "clés étrangères": """
        select 1 from candidature c tablesample system (20)
        where not exists (select 1 from candidat k where k.id = c.candidat_id)
           or not exists (select 1 from compte k where k.id = c.auteur_id)""",
}


async def verifier(db: asyncpg.Connection[Any]) -> None:
    """Raises DonneesFaussesError if the rows are not as the triggers would have left them."""
    for promesse, sql in PROMESSES.items():
        if await db.fetchval(f"select exists ({sql})"):
            raise DonneesFaussesError(promesse)


def main() -> None:
    """Make the base of one size."""
    parser = argparse.ArgumentParser(prog="python -m bench.donnees")
    parser.add_argument("--taille", type=int, default=TAILLES[0])
    taille = parser.parse_args().taille
    with Embedded(dossier()) as server:
        base = asyncio.run(preparer(server, taille))
        print(f"{base.url} : {taille} candidatures")


if __name__ == "__main__":
    main()
