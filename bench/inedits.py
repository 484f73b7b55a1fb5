"""`python -m bench.inedits`: what a document that was never seen costs before it is sent to PostgreSQL.

Parsing and validating are graphql-core's; the plan is ours: walked, rendered by SQLAlchemy, its binds found. No base is needed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from app.domain.ouverture import valeurs
from app.kit.clock import ouvree
from app.main import build_schema
from app.policies.policy import Policy
from app.policies.viewer import Viewer
from app.reading.plans import Plan
from app.reading.reader import Reader
from bench.charges import DOCUMENTS

VINGT = """query Vingt($etat: EtatCandidature!) {
  candidatures(filtre: { etats: [$etat] }, first: 50) {
    nodes {
      id reference etat origine datePreinscription modifieeLe inscritFranceTravail
      session { id numeroCarif dateDebut dateFin action { reference intitule } }
      candidat { reference nom prenom dateNaissance courriel telephone }
      structurePrescriptrice { raisonSociale }
    }
  }
}"""
LUES: dict[str, tuple[str, dict[str, Any]]] = {
    "vingt feuilles": (VINGT, {"etat": "RETENUE"}),
    "Q1": (DOCUMENTS["Q1"], {"reference": "000000000001"}),
    "Q2": (DOCUMENTS["Q2"], {"etat": "RETENUE"}),
    "Q3": (DOCUMENTS["Q3"], {"mots": "cuisinier", "departements": ["16"]}),
}


@dataclass
class Temps:
    """Milliseconds of each step."""

    admis: list[float]
    plan: list[float]


def mesurer(reader: Reader, texte: str, variables: dict[str, Any], fois: int) -> Temps:
    """Out: what so many documents cost that differ by one key."""
    viewer, le, temps = Viewer(1, "of_preinscription", 1, 1, 1, 1), ouvree()(), Temps([], [])
    for rang in range(fois):
        inedit = texte.replace("id reference", f"id jamaisVu{rang}: reference", 1)

        def lire(inedit: str = inedit) -> Any:
            return reader.request(viewer, inedit, variables, None, le)

        request = chronometre(lire, temps.admis)
        plan = chronometre(lambda: reader.plan(request), temps.plan)  # noqa: B023  # called at once
        assert isinstance(plan, Plan)
    return temps


def chronometre(faire: Callable[[], Any], ou: list[float]) -> Any:
    """Do something, and note how long it took. Out: what it gave."""
    debut = perf_counter()
    fait = faire()
    ou.append((perf_counter() - debut) * 1000)
    return fait


def main() -> None:
    """Print a line a document."""
    parser = argparse.ArgumentParser(prog="python -m bench.inedits", description=__doc__)
    parser.add_argument("--fois", type=int, default=300)
    fois = parser.parse_args().fois
    reader = Reader(build_schema(), Policy.load(), None, extra_values=lambda _, le: valeurs(le))
    for nom, (texte, variables) in LUES.items():
        temps = mesurer(reader, texte, variables, fois + 20)
        admis, plan = temps.admis[20:], temps.plan[20:]
        print(
            f"{nom:15} lu et validé {median(admis):6.2f} ms ; plan {median(plan):6.2f} ms"
            f" (p90 {quantiles(plan, n=10)[-1]:.2f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
