"""Random conditions about a demand of the small world, and the rows that try them."""

from __future__ import annotations

import random
from typing import Any

from app.kit.conditions import (
    FALSE,
    TRUE,
    AllOf,
    AnyOf,
    Column,
    Compare,
    Condition,
    Exists,
    Given,
    Not,
    Ref,
    all_of,
    any_of,
)

MOTS = ("brouillon", "soumise", "retenue")
DEMANDE: tuple[Compare, ...] = (
    Compare(("auteur_id",), "=", Ref("moi")),
    Compare(("auteur_id",), "!=", Ref("moi")),
    Compare(("auteur_id",), "=", None),
    Compare(("auteur_id",), "!=", None),
    Compare(("structure_id",), "=", Ref("ma_structure")),
    Compare(("organisme_id",), "=", Ref("ma_structure")),
    Compare(("organisme_id",), "!=", Ref("ma_structure")),
    Compare(("groupe", "organisme_id"), "=", Ref("ma_structure")),
    Compare(("groupe", "organisme_id"), "!=", Ref("ma_structure")),
    Compare(("groupe", "stage", "organisme_id"), "=", Ref("ma_structure")),
    Compare(("groupe", "stage", "organisme_id"), "!=", 2),
    Compare(("groupe", "formateur_id"), "=", Ref("ma_structure")),
    Compare(("groupe", "places"), "<", 3),
    Compare(("est_urgente",), "=", True),
    Compare(("est_urgente",), "=", False),
    Compare(("est_urgente",), "!=", True),
    Compare(("groupe", "organisme_id"), "=", Column(("structure_id",))),
    Compare(("groupe", "organisme_id"), "!=", Column(("groupe", "formateur_id"))),
)
SUIVI = (
    Compare(("est_clos",), "=", False),
    Compare(("suiveur_id",), "=", Ref("moi")),
    Compare(("suiveur_id",), "!=", None),
)


def etat(rng: random.Random) -> Condition:
    """Out: a test on the state."""
    several = tuple(sorted(rng.sample(MOTS, rng.choice([1, 2, 3]))))
    return rng.choice(
        [
            Compare(("etat",), "=", rng.choice(MOTS)),
            Compare(("etat",), "!=", rng.choice(MOTS)),
            Compare(("etat",), "in", several),
        ]
    )


def atome(rng: random.Random) -> Condition:
    """Out: one thing said of a demand."""
    kind = rng.random()
    if kind < 0.35:
        return etat(rng)
    if kind < 0.8:
        return rng.choice(DEMANDE)
    if kind < 0.95:
        body = all_of(rng.sample(SUIVI, rng.choice([1, 2])))
        return (
            Exists(rng.choice([("suivis",), ("groupe", "demandes")]), body) if kind < 0.88 else _demandes(rng)
        )
    return rng.choice([TRUE, FALSE, Given("urgence")])


def _demandes(rng: random.Random) -> Condition:
    return Exists(("groupe", "demandes"), any_of(rng.sample(DEMANDE, 2)))


def condition(rng: random.Random, depth: int = 0) -> Condition:
    """Out: a random condition about a demand."""
    if depth > 2 or rng.random() < 0.35:
        said = atome(rng)
        return _about_suivis(said)
    parts = [condition(rng, depth + 1) for _ in range(rng.choice([2, 2, 3]))]
    kind = rng.random()
    if kind < 0.45:
        return all_of(parts)
    return any_of(parts) if kind < 0.85 else Not(parts[0])


def _about_suivis(said: Condition) -> Condition:
    """A follow-up is at the end of `suivis`, nowhere else."""
    if (
        isinstance(said, Exists)
        and said.path != ("suivis",)
        and _names(said.body) & {"est_clos", "suiveur_id"}
    ):
        return Exists(("suivis",), said.body)
    return said


def _names(said: Condition) -> set[str]:
    match said:
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return {name for part in parts for name in _names(part)}
        case Compare(path=path):
            return {path[0]}
    return set()


def voisine(rng: random.Random, said: Condition) -> Condition:
    """Out: a condition close to another: stronger, weaker or the same, so that implications are not rare."""
    kind = rng.random()
    if kind < 0.3:
        return any_of([said, condition(rng, 2)])
    if kind < 0.5:
        return Not(Not(said))
    if kind < 0.75 and isinstance(said, AllOf | AnyOf):
        kept = rng.sample(sorted(said.parts, key=repr), max(1, len(said.parts) - 1))
        return all_of(kept) if isinstance(said, AllOf) else any_of(kept)
    return all_of([said, condition(rng, 2)])


def valeurs(rng: random.Random) -> dict[str, Any]:
    """Out: the values of a request; any may be missing."""
    return {
        "moi": rng.choice([None, 1, 2]),
        "ma_structure": rng.choice([None, 1, 2]),
        "urgence": rng.random() < 0.5,
    }
