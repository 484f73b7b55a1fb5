"""Random policies, in the Polar that the house allows."""

from __future__ import annotations

import random
from collections.abc import Callable

ETATS = ("brouillon", "soumise", "retenue", "refusee")
PROFILS = ("anonyme", "beneficiaire", "of_general+referent", "gestionnaire", "offre_lire")
AIDES = """
regle(_id);
permissions("Demande", ["lire", "valider"]);
permissions("Personne", ["lire"]);
transmise("soumise");
transmise("retenue");
de_l_offre("of_general");
de_l_offre("offre_lire");
intervient(u: Utilisateur, g: Groupe) if g.formateur_id = u.structure_id;
intervient(u: Utilisateur, g: Groupe) if g.stage.organisme_id = u.structure_id;
sienne(u: Utilisateur, d: Demande) if d.auteur_id = u.id;
sienne(u: Utilisateur, d: Demande) if d.structure_id = u.structure_id and d.etat != "brouillon";
"""
Atom = Callable[[random.Random, str], str]


def _tie(r: random.Random, v: str) -> str:
    column, value = r.choice(
        [
            ("auteur_id", "id"),
            ("soumise_par_id", "id"),
            ("structure_id", "structure_id"),
            ("organisme_id", "structure_id"),
        ]
    )
    left, right = f"{v}.{column}", f"u.{value}"
    op = r.choice(["=", "=", "!="])
    return f"{left} {op} {right}" if r.random() < 0.7 else f"{right} {op} {left}"


def _state(r: random.Random, v: str) -> str:
    if r.random() < 0.4:
        return f'{v}.etat in ["{r.choice(ETATS)}", "{r.choice(ETATS)}"]'
    return f"{v}.etat {r.choice(['=', '!='])} {r.choice([*(repr_(e) for e in ETATS), 'nil'])}"


def repr_(word: str) -> str:
    """Out: a word as Polar writes it."""
    return f'"{word}"'


def _hop(r: random.Random, v: str) -> str:
    return r.choice(
        [
            f"{v}.groupe.formateur_id {r.choice(['=', '!='])} u.structure_id",
            f"{v}.groupe.stage.organisme_id = u.structure_id",
            f"{v}.groupe.stage.est_en_ligne = {r.choice(['true', 'false'])}",
            f"{v}.groupe.places {r.choice(['<', '<=', '>', '>=', '='])} {r.randrange(6)}",
            f"{v}.groupe.formateur_id {r.choice(['=', '!='])} nil",
            f'{v}.groupe.stage.organisme.ville != "Bordeaux"',
            f"intervient(u, {v}.groupe)",
        ]
    )


def _columns(r: random.Random, v: str) -> str:
    return r.choice(
        [
            f"{v}.groupe.organisme_id = {v}.structure_id",
            f"{v}.auteur_id != {v}.soumise_par_id",
            f"{v}.groupe.organisme_id != {v}.groupe.formateur_id",
            f"{v}.personne_id {r.choice(['=', '<', '!='])} {v}.auteur_id",
        ]
    )


def _many(r: random.Random, v: str) -> str:
    x = f"x{r.randrange(1000)}"
    return r.choice(
        [
            f"{x} in {v}.suivis and {x}.suiveur_id = u.id and {x}.est_clos = {r.choice(['true', 'false'])}",
            f"{x} in {v}.suivis and {x}.suiveur_id {r.choice(['=', '!='])} nil",
            f"{x} in {v}.personne.acces and {x}.structure_id = u.structure_id and {x}.jusqu_au > u.maintenant",
            f"{x} in {v}.groupe.demandes and sienne(u, {x})",
            f"{x} in {v}.groupe.demandes and y{x} in {x}.suivis and y{x}.suiveur_id = u.id",
        ]
    )


def _who(r: random.Random, v: str) -> str:
    return r.choice(
        [
            'u.profil in ["of_general", "beneficiaire"]',
            'u.profil != "gestionnaire"',
            "u.est_referent",
            "u.est_referent = false",
            "de_l_offre(u.profil)",
        ]
    )


def _other(r: random.Random, v: str) -> str:
    return r.choice(
        [
            f"{v}.est_urgente = {r.choice(['true', 'false'])}",
            f"{v}.groupe.stage.est_en_ligne",
            f"{v}.est_urgente != true",
            f"transmise({v}.etat)",
            f"sienne(u, {v})",
        ]
    )


ATOMS: tuple[tuple[float, Atom], ...] = (
    (0.25, _tie), (0.2, _state), (0.2, _hop), (0.07, _columns), (0.12, _many), (0.06, _who), (0.1, _other),
)  # fmt: skip


def body(r: random.Random, v: str, depth: int = 0) -> str:
    """Out: a random body about a variable."""
    if depth > 2 or r.random() < 0.4:
        atom = r.choices([a for _, a in ATOMS], [w for w, _ in ATOMS])[0]
        return f"({atom(r, v)})"
    sides = body(r, v, depth + 1), body(r, v, depth + 1)
    return f"({sides[0]} {r.choice(['and', 'or'])} {sides[1]})"


def rule(r: random.Random, number: int, head: str, said: str) -> str:
    """Out: a rule; parameters that its body does not use begin with an underscore, as Polar demands."""
    user = "u" if "u." in said or "(u," in said else "_u"
    row = "c" if "c." in said or ", c)" in said or ", c," in said else "_c"
    return head.format(u=user, c=row) + f' if regle("H-{number:02}") and ({said});\n'


def policy(r: random.Random) -> str:
    """Out: the source of a random policy: grants, denials, fields, and rules that lean on others."""
    heads = [
        *['allow({u}: Utilisateur, "lire", {c}: Demande)'] * r.choice([1, 2, 3]),
        'allow({u}: Utilisateur, "valider", {c}: Demande)',
        *['interdit({u}: Utilisateur, "valider", {c}: Demande)'] * r.choice([0, 1, 2]),
        *['interdit({u}: Utilisateur, "lire", {c}: Demande)'] * r.choice([0, 0, 1]),
    ]
    rules = [rule(r, i, head, body(r, "c")) for i, head in enumerate(heads)]
    rules += [
        rule(
            r,
            20,
            'allow({u}: Utilisateur, "valider", {c}: Demande)',
            'allow(u, "lire", c) and ' + _state(r, "c"),
        ),
        rule(
            r,
            21,
            'allow({u}: Visiteur, "lire", {c}: Demande)',
            f"{_state(r, 'c')} and c.groupe.stage.est_en_ligne",
        ),
        rule(r, 22, 'allow({u}: Utilisateur, "lire", {c}: Personne)', f"d in c.demandes and {body(r, 'd')}"),
        rule(
            r,
            23,
            'allow({u}: Utilisateur, "lire", {c}: Personne)',
            'd in c.demandes and allow(u, "valider", d)',
        ),
        rule(r, 24, 'allow_field({u}: Visiteur, "lire", {c}: Demande, champ)', 'champ in ["id", "etat"]'),
        rule(r, 25, 'allow_field({u}: Utilisateur, "lire", {c}: Demande, "motif")', body(r, "c")),
    ]
    return AIDES + "".join(rules)
