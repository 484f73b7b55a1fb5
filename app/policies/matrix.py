"""The matrix: who may do what on which rows, as one page for a reviewer. Committed; the build fails when it drifts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from app.kit.conditions import FALSE, TRUE, Condition

from .compiled import NOTHING, Cell, Compiled
from .viewer import ACTEURS, ANONYME, DROITS, REFERENT, SCOPES, SYSTEME
from .words import words

K = TypeVar("K")
V = TypeVar("V")
NO, SOME, ALL = "·", "si", "tout"
HEAD = """# Matrice des droits

Écrite par « rafael politique matrice --ecrire » à partir des règles ; ne pas la modifier à la main.

- `·` refusé ; `si` accordé sur certaines lignes, dont la condition est plus bas ; `tout` accordé sur toutes.
- « moi », « ma structure », « maintenant » : le compte, la structure du profil actif et l'heure de la demande. Absents, ils ne satisfont aucune comparaison.
- `systeme` : les travaux de fond ; n'est montré que là où ils font quelque chose, et aucun jeton ne le porte.
- Un profil suivi de `+referent` n'est montré que là où le référent peut autre chose.
- Ce qu'un `interdit` reprend est dit par « SAUF SI », et sa règle après « sauf ».
"""


def matrix(compiled: Compiled, fingerprint: str) -> str:
    """In: a compiled policy and its sha256. Out: the page, in Markdown."""
    head = [HEAD, f"Politique `sha256:{fingerprint}`", ""]
    head += [f"- `{name}` `{digest}`" for name, digest in sorted(compiled.sources.items())]
    pages = (_resource(compiled, name, permissions) for name, permissions in compiled.permissions.items())
    return "\n".join([*head, *(line for page in pages for line in page)]) + "\n"


def _resource(compiled: Compiled, model: str, permissions: tuple[str, ...]) -> Iterator[str]:
    yield from ("", f"## {model}", "", f"| profil | {' | '.join(permissions)} |")
    yield "|-|" + "-|" * len(permissions)
    rows = {
        profil: tuple(_cell(compiled, profil, permission, model) for permission in permissions)
        for profil in _shown(compiled, model)
    }
    marks = {profil: tuple(_mark(c.condition) for c in cells) for profil, cells in rows.items()}
    for names, line in _alike(marks).items():
        yield f"| {', '.join(names)} | {' | '.join(line)} |"
    for index, permission in enumerate(permissions):
        yield from _conditions(permission, {profil: cells[index] for profil, cells in rows.items()})
    yield from _fields(compiled, model)


def _shown(compiled: Compiled, model: str) -> list[str]:
    """Out: the profiles worth a line: a référent only where it may do something else, the jobs where they do any."""
    by_profil: dict[str, dict[tuple[str, ...], Cell]] = {profil: {} for profil in ACTEURS}
    for (profil, permission, name), cell in compiled.cells.items():
        if name == model:
            by_profil[profil][permission,] = cell
    for (profil, verb, name, column), cell in compiled.fields.items():
        if name == model:
            by_profil[profil][verb, column] = cell
    return [p for p in ACTEURS if _says_something(p, by_profil)]


def _says_something(profil: str, by_profil: dict[str, dict[tuple[str, ...], Cell]]) -> bool:
    if profil == SYSTEME:
        return bool(by_profil[profil])
    return not profil.endswith(REFERENT) or by_profil[profil] != by_profil[profil.removesuffix(REFERENT)]


def _cell(compiled: Compiled, profil: str, permission: str, model: str) -> Cell:
    return compiled.cells.get((profil, permission, model), NOTHING)


def _alike(rows: dict[str, V]) -> dict[tuple[str, ...], V]:
    """Out: the profiles that have the same line, together."""
    found: dict[V, list[str]] = {}
    for profil, line in rows.items():
        found.setdefault(line, []).append(profil)
    return {tuple(named(profils)): line for line, profils in found.items()}


def named(profils: list[str]) -> list[str]:
    """Out: the same profiles, shorter: a référent goes without saying beside its droit; all of a kind have a name."""
    found = [p for p in profils if not (p.endswith(REFERENT) and p.removesuffix(REFERENT) in profils)]
    for name, members in (("tous les comptes", DROITS), ("tous les programmes", SCOPES)):
        if set(members) <= set(found):
            found = [p for p in found if p not in members] + [name]
    everybody = [ANONYME, "tous les comptes", "tous les programmes"]
    return ["tous"] if set(found) == set(everybody) else found


def _mark(condition: Condition) -> str:
    return ALL if condition == TRUE else NO if condition == FALSE else SOME


def _conditions(title: str, cells: dict[str, Cell]) -> Iterator[str]:
    """Out: each different condition of a permission, who holds it under it, and the rules that say it."""
    granted = {profil: cell for profil, cell in cells.items() if cell.condition != FALSE}
    if granted:
        yield from ("", f"**{title}**", "")
    for names, cell in _alike(granted).items():
        yield f"- {', '.join(names)} : {words(cell.condition)} *({_sources(cell)})*"


def _sources(cell: Cell) -> str:
    granting = ", ".join(rule for rule, _ in cell.rules)
    denying = ", ".join(rule for rule, _ in cell.denials)
    return f"{granting} ; sauf {denying}" if denying else granting


def _fields(compiled: Compiled, model: str) -> Iterator[str]:
    for verb in sorted(verb for verb, name in compiled.field_rules if name == model):
        yield from ("", f"**champs : {verb}**", "")
        by_profil = {profil: _columns(compiled, profil, verb, model) for profil in _shown(compiled, model)}
        for names, columns in _alike(by_profil).items():
            for cell, found in _grouped(columns):
                yield f"- {', '.join(names)} : {', '.join(found)} : {words(cell.condition)} *({_sources(cell)})*"


def _columns(compiled: Compiled, profil: str, verb: str, model: str) -> tuple[tuple[str, Cell], ...]:
    return tuple(
        (column, cell)
        for (p, v, name, column), cell in compiled.fields.items()
        if (p, v, name) == (profil, verb, model)
    )


def _grouped(pairs: Iterable[tuple[K, Cell]]) -> list[tuple[Cell, list[K]]]:
    found: dict[Cell, list[K]] = {}
    for key, cell in pairs:
        found.setdefault(cell, []).append(key)
    return list(found.items())
