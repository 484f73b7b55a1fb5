"""Who may do what, drawn: named people in front of named rows, in PostgreSQL. A diff of the page is read by a human.

After a change that was wanted: `ECRIRE=1 python -m pytest tests/policies/test_distribution.py`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from app import models as m
from app.kit.conditions import FALSE
from app.policies.policy import Policy
from app.policies.predicate import new_row, predicate
from app.policies.viewer import PROFILS, Anonymous, Viewer
from tests.cast import Acteur, Base, Connexion, Monde, planter

PAGE = Path(__file__).parent / "distribution.md"
NEW_ROW = {
    "creer",
    "creer_conventionnee",
    "recevoir",
    "declarer",
    "demander",
}  # decided on rows that are not there
HEAD = """# La distribution devant la politique

Écrite par le test du même nom, dans PostgreSQL ; ne pas la modifier à la main. Pour chaque ligne et chaque
permission : qui l'a. Ce qui se décide sur une ligne nouvelle (creer, demander, …) n'y est pas.
"""
ETATS = (
    "brouillon",
    "en_attente_validation",
    "en_attente_avis",
    "retenue",
    "annulee",
    "expiree",
    "corbeille",
)


@dataclass
class Dessin:
    """The page being drawn."""

    monde: Monde
    policy: Policy
    connection: AsyncConnection

    async def page(self, things: Mapping[Any, Mapping[str, int]]) -> str:
        """In: by model, the keys of named rows. Out: the page."""
        lines = [HEAD]
        for model, rows in things.items():
            lines += await self.resource(model, rows)
        return "\n".join(lines) + "\n"

    async def resource(self, model: Any, rows: Mapping[str, int]) -> list[str]:
        """Out: the table of a model."""
        shown = [p for p in self.policy.permissions[model] if p not in NEW_ROW and self.somebodys(p, model)]
        holders = {(key, p): list[str]() for key in rows.values() for p in shown}
        for name, viewer in qui(self.monde):
            for key, permission in await self.held(viewer, model, shown):
                holders.get((key, permission), []).append(name)
        lines = [f"## {model.__name__}", "", f"| ligne | {' | '.join(shown)} |", "|-|" + "-|" * len(shown)]
        for label, key in rows.items():
            cells = (self.told(holders[key, p]) for p in shown)
            lines.append(f"| {label} | {' | '.join(cells)} |")
        return [*lines, ""]

    def somebodys(self, permission: str, model: Any) -> bool:
        """True if some profile holds it; the jobs' own permissions are no one's."""
        return any(self.policy.condition(profil, permission, model) != FALSE for profil in PROFILS)

    def told(self, names: list[str]) -> str:
        """Out: the names, or the word for all of a kind."""
        known = {"tous": {n for n, _ in qui(self.monde)}}
        known["toutes les personnes"] = known["tous"] - {"anonyme"} - PARTENAIRES
        for word, everybody in known.items():
            if everybody <= set(names):
                return ", ".join([word, *(n for n in names if n not in everybody)])
        return ", ".join(names) or "·"

    async def held(
        self, viewer: Viewer | Anonymous, model: Any, permissions: list[str]
    ) -> list[tuple[int, str]]:
        """Out: the pairs (key, permission) that a viewer holds, as one statement of flags says."""
        conditions = {p: self.policy.condition(viewer.profil, p, model) for p in permissions}
        asked = [p for p, condition in conditions.items() if condition != FALSE]
        if not asked:
            return []
        row = new_row(model)
        flags = [func.coalesce(predicate(conditions[p], row), False) for p in asked]
        found = await self.connection.execute(select(row["id"], *flags), viewer.values(self.monde.le))
        return [(line[0], p) for line in found for p, flag in zip(asked, line[1:], strict=True) if flag]


def qui(monde: Monde) -> Iterator[tuple[str, Viewer | Anonymous]]:
    """Out: everybody under each of their profiles, by a name."""
    yield "anonyme", Anonymous()
    for actor in (a for a in vars(monde).values() if isinstance(a, Acteur)):
        several = len([d for d in actor.connexions if d != "beneficiaire"]) > 1
        for droit, connexion in actor.connexions.items():
            if droit == "beneficiaire" and len(actor.connexions) > 1:
                continue
            yield f"{actor.cle} ({droit})" if several else actor.cle, connexion.viewer


def named(monde: Monde, prefix: str) -> dict[str, int]:
    """Out: the keys of the things of the cast whose name begins so."""
    return {n.removeprefix(prefix): x.id for n, x in vars(monde).items() if n.startswith(prefix)}


async def candidatures(monde: Monde) -> dict[str, int]:
    """Plant a candidature in each état that matters. Out: their keys by a name."""
    people = iter(
        (monde.lea, monde.mathis, monde.aicha, monde.jean_pierre, monde.noemie, monde.samir, monde.chloe)
    )
    found = {
        f"{etat} de paul": (await monde.une_candidature(etat=etat, candidat=candidat)).id
        for etat, candidat in zip(ETATS, people, strict=True)
    }
    written = [
        ("brouillon de nadia", {"auteur": monde.nadia, "candidat": monde.ousmane}),
        (
            "soumise par nadia",
            {"auteur": monde.nadia, "candidat": monde.manon, "etat": "en_attente_validation"},
        ),
        ("brouillon de hugo", {"auteur": monde.hugo, "candidat": monde.victor}),
    ]
    chez_sophie = await monde.une_session(formateur_id=monde.tremplin.id)
    sophie = {
        "auteur": monde.sophie,
        "session": chez_sophie,
        "etat": "en_attente_avis",
        "candidat": monde.victor,
    }
    written.append(("de sophie, chez elle", sophie))
    for name, columns in written:
        found[name] = (await monde.une_candidature(**columns)).id
    return found


async def things(monde: Monde) -> dict[Any, dict[str, int]]:
    """Out: by model, the named rows of the page."""
    written = await candidatures(monde)
    avis = await monde.inserer(
        m.Avis,
        candidature_id=written["retenue de paul"],
        est_retenu=False,
        motif="autre",
        rendu_le=monde.le,
        rendu_par_id=monde.ines.id,
    )
    persons = {a.cle: a.id for a in vars(monde).values() if isinstance(a, Acteur)}
    structures = {n: x.id for n, x in vars(monde).items() if n in STRUCTURES}
    return {
        m.Structure: structures,
        m.Compte: persons,
        m.Affiliation: await affiliations(monde),
        m.DroitAccorde: {f"{a.cle} : {d}": c.viewer.droit_accorde_id for a, d, c in profils(monde)},
        m.Action: named(monde, "action_"),
        m.SessionFormation: named(monde, "session_"),
        m.Candidat: {n: getattr(monde, n).id for n in CANDIDATS},
        m.Candidature: written,
        m.CandidatureResumee: written,
        m.Avis: {"sur la retenue de paul": avis.id},
    }


def profils(monde: Monde) -> Iterator[tuple[Acteur, str, Connexion]]:
    """Out: everybody's profiles that a droit gives, beneficiaire apart."""
    for actor in (a for a in vars(monde).values() if isinstance(a, Acteur)):
        for droit, connexion in actor.connexions.items():
            if droit != "beneficiaire" and connexion.viewer.droit_accorde_id:
                yield actor, droit, connexion


async def affiliations(monde: Monde) -> dict[str, int]:
    """Out: the affiliations to Trois Vallées and Cap Métiers, accepted or not."""
    names = {a.id: a.cle for a in vars(monde).values() if isinstance(a, Acteur)}
    shown = (monde.trois_vallees.id, monde.cap_metiers.id)
    async with AsyncSession(monde.engine) as db:
        found = await db.scalars(
            select(m.Affiliation).where(m.Affiliation.structure_id.in_(shown)).order_by(m.Affiliation.id)
        )
        return {f"{names[a.compte_id]} ({a.etat.libelle.lower()})": a.id for a in found}


PARTENAIRES = {"hub_agora", "france_travail", "cmaformation", "reseau_carif"}
STRUCTURES = (
    "trois_vallees",
    "agence_garonne",
    "estuaire",
    "landes",
    "passerelles",
    "tremplin",
    "cap_metiers",
)
CANDIDATS = (
    "lea",
    "mathis",
    "aicha",
    "jean_pierre",
    "noemie",
    "samir",
    "chloe",
    "ousmane",
    "manon",
    "victor",
)


async def test_the_page_drawn_from_the_cast_is_the_committed_one(base: Base) -> None:
    monde = await planter(base)
    async with base.engine.connect() as connection:
        page = await Dessin(monde, Policy.load(), connection).page(await things(monde))
    if os.environ.get("ECRIRE"):
        PAGE.write_text(page, encoding="utf-8")
    assert page == PAGE.read_text(encoding="utf-8")
