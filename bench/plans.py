"""`python -m bench.plans`: our statements and the floor's, in the base alone, without any server.

For each workload: processor time of PostgreSQL an execution (all sets in turn, prepared once, as the servers do),
how often the plan was made anew (custom) or kept (generic), the plans themselves with `--montrer`; and whether one of
ours reads a big table from end to end, the planner free: then the command fails.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from app.domain.ouverture import valeurs
from app.kit.clock import ouvree, paris_day
from app.kit.embedded import Embedded
from app.main import build_schema
from app.policies.policy import Policy
from app.policies.viewer import Viewer
from app.reading.plans import Plan
from app.reading.reader import Reader
from bench.charges import DOCUMENTS, Charge, Jeu, charges
from bench.donnees import TAILLES, Base, dossier, preparer
from bench.monde import Membre
from bench.serveurs import cpu
from bench.serveurs import plancher_sql as sql
from bench.serveurs.plancher_ecritures import numero

GRANDES = ("candidature", "candidat", "session", "action", "convocation", "avis", "fait", "compte")
PETITE = 2_000  # rows: below, reading a table from end to end is no fault
Requete = tuple[str, Sequence[Any]]


@dataclass
class Lecteur:
    """Makes our statement of a set, and the floor's."""

    reader: Reader
    membres: dict[str, Membre]
    le: datetime

    def nous(self, charge: Charge, jeu: Jeu) -> Requete:
        """Out: our statement and its values."""
        m = self.membres[jeu.jeton]
        viewer = Viewer(m.compte_id, m.droit, m.structure_id, m.affiliation_id, m.compte_id, m.compte_id)
        request = self.reader.request(
            viewer, charge.document(DOCUMENTS), jeu.variables, charge.operation, self.le
        )
        plan = self.reader.plan(request)
        assert isinstance(plan, Plan)
        return plan.sql, plan.values({**plan.given(request.variables), **request.values})

    def plancher(self, charge: Charge, jeu: Jeu) -> Requete:
        """Out: the floor's statement and its values."""
        m, v, jour = self.membres[jeu.jeton], jeu.variables, paris_day(self.le)
        match charge.nom:
            case "Q1":
                return sql.Q1, (m.structure_id, m.compte_id, v["reference"])
            case "Q2":
                return sql.Q2, (m.structure_id, v["etat"].lower())
            case "Q3":
                return sql.Q3, (m.structure_id, v["mots"], v["departements"], jour, m.compte_id)
            case "Q4":
                return sql.Q4, (m.structure_id, numero(v["organisme"]), jour)
        return sql.Q5, (m.structure_id, v["etat"].lower(), m.compte_id)


async def cout(db: asyncpg.Connection[Any], requetes: Sequence[Requete], fois: int) -> tuple[float, int, int]:
    """Out: milliseconds of processor an execution, generic plans, custom plans."""
    prepared = await db.prepare(requetes[0][0])
    for _, values in requetes:
        await prepared.fetchval(*values)
    pid, nombre = db.get_server_pid(), max(1, fois // len(requetes)) * len(requetes)
    avant = cpu(pid)
    for rang in range(nombre):
        await prepared.fetchval(*requetes[rang % len(requetes)][1])
    passe = (cpu(pid) - avant) * 1000 / nombre
    plans = await db.fetchrow(
        "select generic_plans, custom_plans from pg_prepared_statements where name = $1", prepared.get_name()
    )
    return passe, plans["generic_plans"], plans["custom_plans"]


async def explique(db: asyncpg.Connection[Any], requete: Requete, forme: str) -> Any:
    """Out: the plan of a statement, with what it did."""
    rows = await db.fetch(f"explain (analyze, buffers, timing off, format {forme}) {requete[0]}", *requete[1])
    return json.loads(rows[0][0]) if forme == "json" else "\n".join(row[0] for row in rows)


def entieres(noeud: dict[str, Any]) -> Iterator[str]:
    """Out: the big tables that a plan reads from end to end."""
    lues = noeud.get("Actual Rows", 0) + noeud.get("Rows Removed by Filter", 0)
    if noeud["Node Type"] == "Seq Scan" and noeud["Relation Name"] in GRANDES and lues > PETITE:
        yield f"{noeud['Relation Name']} ({lues:.0f} lignes)"
    for enfant in noeud.get("Plans", ()):
        yield from entieres(enfant)


async def comparer(base: Base, options: argparse.Namespace) -> list[str]:
    """Print a line a statement. Out: the faults."""
    connues = await charges(base)
    reader = Reader(build_schema(), Policy.load(), None, extra_values=lambda _, le: valeurs(le))
    lecteur = Lecteur(reader, {m.jeton: m for m in base.monde.membres}, ouvree()())
    db = await asyncpg.connect(base.url, server_settings={"jit": "off"})
    fautes: list[str] = []
    try:
        for nom in options.charges:
            charge = connues[nom]
            for qui in ("nous", "plancher"):
                requetes = [getattr(lecteur, qui)(charge, jeu) for jeu in charge.jeux]
                passe, gardes, refaits = await cout(db, requetes, options.fois)
                print(
                    f"{nom} {qui:9} {passe:7.3f} ms de processeur ; plans gardés {gardes}, refaits {refaits}",
                    flush=True,
                )
                if options.montrer:
                    print(await explique(db, requetes[options.jeu], "text"))
                if qui == "nous":
                    plans = [await explique(db, r, "json") for r in requetes[:6]]
                    fautes += [f"{nom} lit toute la table {t}" for p in plans for t in entieres(p[0]["Plan"])]
    finally:
        await db.close()
    return sorted(set(fautes))


def main() -> None:
    """Compare the statements."""
    parser = argparse.ArgumentParser(prog="python -m bench.plans", description=__doc__)
    parser.add_argument("--taille", type=int, default=TAILLES[0])
    parser.add_argument(
        "--charges", type=lambda said: re.split(",", said), default=["Q1", "Q2", "Q3", "Q4", "Q5"]
    )
    parser.add_argument("--fois", type=int, default=1920, help="exécutions de chaque requête")
    parser.add_argument("--montrer", action="store_true", help="les plans aussi")
    parser.add_argument("--jeu", type=int, default=0, help="de quels paramètres")
    options = parser.parse_args()
    with Embedded(dossier()) as server:
        fautes = asyncio.run(comparer(asyncio.run(preparer(server, options.taille)), options))
    print("\n".join(fautes))
    sys.exit(1 if fautes else 0)


if __name__ == "__main__":
    main()
