"""`python -m bench.inedits`: what a document that was never seen costs before it is sent to PostgreSQL.

Each is seen under one new key at its root, then under new keys everywhere: what is kept of other documents serves the first more
than the second. Processor time; no base is needed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from statistics import median, quantiles
from time import process_time
from typing import Any

from graphql import FieldNode, NameNode, Visitor, parse, print_ast, visit

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


def une_cle(texte: str, rang: int) -> str:
    """Out: the document, one key of which was never seen."""
    return texte.replace("id reference", f"id jamaisVu{rang}: reference", 1)


def toutes_les_cles(texte: str, rang: int) -> str:
    """Out: the document, no key of a leaf of which was ever seen."""
    return print_ast(visit(parse(texte), Renommer(rang)))


class Renommer(Visitor):
    """Gives each leaf a key of its own."""

    def __init__(self, rang: int) -> None:
        """In: the number of the document."""
        super().__init__()
        self.rang, self.nombre = rang, 0

    def leave_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        """Out: the field under its new key, if it is a leaf."""
        if node.selection_set is not None:
            return None
        self.nombre += 1
        return replace(node, alias=NameNode(value=f"jamaisVu{self.rang}_{self.nombre}"))


def mesurer(
    reader: Reader,
    texte: str,
    variables: dict[str, Any],
    fois: int,
    changer: Callable[[str, int], str] = une_cle,
) -> Temps:
    """Out: what so many documents cost that differ by their keys."""
    viewer, le, temps = Viewer(1, "of_preinscription", 1, 1, 1, 1), ouvree()(), Temps([], [])
    for rang in range(fois):
        inedit = changer(texte, rang)

        def lire(inedit: str = inedit) -> Any:
            return reader.request(viewer, inedit, variables, None, le)

        request = chronometre(lire, temps.admis)
        plan = chronometre(lambda: reader.plan(request), temps.plan)  # noqa: B023  # called at once
        assert isinstance(plan, Plan)
    return temps


def chronometre(faire: Callable[[], Any], ou: list[float]) -> Any:
    """Do something, and note how long it took. Out: what it gave."""
    debut = process_time()
    fait = faire()
    ou.append((process_time() - debut) * 1000)
    return fait


def main() -> None:
    """Print a line a document."""
    parser = argparse.ArgumentParser(prog="python -m bench.inedits", description=__doc__)
    parser.add_argument("--fois", type=int, default=300)
    fois = parser.parse_args().fois
    reader = Reader(build_schema(), Policy.load(), None, extra_values=lambda _, le: valeurs(le))
    for (nom, (texte, variables)), changer in product(LUES.items(), (une_cle, toutes_les_cles)):
        temps = mesurer(reader, texte, variables, fois + 20, changer)
        admis, plan = temps.admis[20:], temps.plan[20:]
        print(
            f"{nom:15} {changer.__name__:16} lu et validé {median(admis):6.2f} ms ; plan {median(plan):6.2f} ms"
            f" (p90 {quantiles(plan, n=10)[-1]:.2f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
