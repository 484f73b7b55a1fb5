"""What a run leaves: a table on the screen, a chart, one JSON object a measured pair."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from bench.mesure import Releve, rapports

RESULTATS = Path(__file__).parent / "resultats"
LIBELLES = {
    "nous": "RafaelPro",
    "nous_2": "RafaelPro ×2",
    "plancher": "plancher",
    "naif": "naïf",
    "postgraphile": "PostGraphile",
}
BUTS = {  # the goals of the bench: at least, of requests a second at c=32; at most, of p50 at c=1
    ("Q1", "plancher"): (0.75, 1.3),
    ("Q2", "plancher"): (0.90, 1.2),
    ("Q3", "plancher"): (0.90, 1.2),
    ("Q4", "plancher"): (0.90, 1.2),
    ("M1", "plancher"): (0.55, 2.0),
    ("Q1", "postgraphile"): (6, None),
    ("Q2", "postgraphile"): (3.2, None),
    ("Q3", "postgraphile"): (3.5, None),
    ("Q4", "postgraphile"): (10, None),
    ("M1", "postgraphile"): (1.8, None),
    ("Q1", "naif"): (20, None),
    ("Q2", "naif"): (20, None),
    ("Q3", "naif"): (10, None),
    ("Q4", "naif"): (20, None),
    ("M1", "naif"): (8, None),
}
Releves = Mapping[tuple[str, int], Mapping[str, Releve]]  # by workload and concurrency, by system


def imprimer(releves: Releves, attendus: Sequence[str]) -> None:
    """One line a system, a workload and a concurrency."""
    print(
        f"\n{'':4} {'c':>3} {'système':<13} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'CPU serveur':>12} {'CPU base':>9}"
        f" {'Mio':>5}  {'débit nous/lui':>15} {'p50 nous/lui':>13}"
    )
    for (charge, c), par_systeme in releves.items():
        for nom in attendus:
            print(ligne(charge, c, nom, par_systeme))
    print(
        "\nCPU en millisecondes par requête. Rapports : médianes des rapports tour par tour. ✓ but atteint, ✗ manqué."
    )


def ligne(charge: str, c: int, nom: str, par_systeme: Mapping[str, Releve]) -> str:
    """Out: one line of the table."""
    tete = f"{charge:4} {c:>3} {LIBELLES[nom]:<13}"
    releve = par_systeme.get(nom)
    if releve is None:
        return f"{tete}   non mesuré" if not ignore(charge, c, nom) else f"{tete}   sans objet"
    corps = (
        f" {releve.debit:>8.0f} {releve.p50:>8.2f} {releve.p99:>8.2f} {releve.chiffres()['cpu_serveur_ms']:>12.3f}"
        f" {releve.chiffres()['cpu_base_ms']:>9.3f} {releve.memoire:>5.0f}"
    )
    fautes = f"  {releve.erreurs} erreurs !" if releve.erreurs else ""
    if nom.startswith("nous") or "nous" not in par_systeme:
        return tete + corps + fautes
    debit, p50 = rapports(par_systeme["nous"], releve)
    but, but_p50 = BUTS.get((charge, nom), (None, None))
    return f"{tete}{corps}  {debit:>13.2f} {marque(c == 32, debit, but)} {p50:>11.2f} {marque(c == 1, -p50, but_p50 and -but_p50)}{fautes}"


def ignore(charge: str, c: int, nom: str) -> bool:
    """True where a system is not asked: two workers are for 32 at a time; the floor has no unseen documents, only we widen."""
    return (
        (nom == "nous_2" and c == 1)
        or (nom == "plancher" and charge.startswith("U"))
        or (not nom.startswith("nous") and charge in {"E3", "F3"})
    )


def marque(concerne: bool, valeur: float, but: float | None) -> str:
    """Out: whether a goal is met, where there is one."""
    if not concerne or but is None:
        return " "
    return "✓" if valeur >= but else "✗"


def ecrire(moment: str, releves: Releves, contexte: Mapping[str, Any]) -> Path:
    """Out: the file of the run: one JSON object a measured pair."""
    RESULTATS.mkdir(exist_ok=True)
    fichier = RESULTATS / f"{moment}.jsonl"
    with fichier.open("w", encoding="utf-8") as sortie:
        for (charge, c), par_systeme in releves.items():
            for objet in paires(charge, c, par_systeme):
                sortie.write(json.dumps({"moment": moment, **objet, **contexte}, ensure_ascii=False) + "\n")
    return fichier


def paires(charge: str, c: int, par_systeme: Mapping[str, Releve]) -> list[dict[str, Any]]:
    """Out: ours beside each of the others."""
    nous = par_systeme.get("nous")
    if nous is None:
        return []
    objets = []
    for nom in ("plancher", "naif", "postgraphile"):
        if nom not in par_systeme:
            continue
        debit, p50 = rapports(nous, par_systeme[nom])
        objet = {
            "charge": charge,
            "contre": nom,
            "c": c,
            "rapport_debit": round(debit, 4),
            "rapport_p50": round(p50, 4),
            "nous": nous.chiffres(),
            "autre": par_systeme[nom].chiffres(),
        }
        if "nous_2" in par_systeme:
            objet["nous_deux_processus"] = par_systeme["nous_2"].chiffres()
        objets.append(objet)
    return objets


def dessiner(moment: str, releves: Releves) -> Path:
    """Out: the chart of the run: requests a second at c=32, ours at 100 %, the others beside, workload by workload."""
    fichier = RESULTATS / f"{moment}.svg"
    noms = [n for n in LIBELLES if any(n in r for r in releves.values())]
    groupes = [(charge, r) for (charge, c), r in releves.items() if c == max(k[1] for k in releves)]
    fichier.write_text(svg(groupes, noms), encoding="utf-8")
    return fichier


COULEURS = dict(zip(LIBELLES, ("#1b4965", "#5fa8d3", "#adb5bd", "#e07a5f", "#81b29a"), strict=True))
LARGEUR, HAUTEUR, BARRE, MARGE = 26, 240, 22, 50


def svg(groupes: Sequence[tuple[str, Mapping[str, Releve]]], noms: Sequence[str]) -> str:
    """Out: bars, one group a workload, heights on the floor's (or on the greatest)."""
    formes: list[str] = []
    x = MARGE
    for charge, par_systeme in groupes:
        reference = par_systeme["plancher" if "plancher" in par_systeme else "nous"].debit
        formes.append(texte(x + LARGEUR * len(noms) / 2, HAUTEUR + 70, charge, 13))
        for nom in noms:
            if nom in par_systeme:
                formes += barre(x, par_systeme[nom].debit, reference, nom)
            x += LARGEUR
        x += 24
    legende = [
        f'<rect x="{MARGE + 130 * i}" y="10" width="12" height="12" fill="{COULEURS[nom]}"/>'
        + texte(MARGE + 130 * i + 18, 21, LIBELLES[nom], 12, "start")
        for i, nom in enumerate(noms)
    ]
    fond = f'<rect width="100%" height="100%" fill="white"/><line x1="{MARGE - 8}" x2="{x}" y1="{HAUTEUR + 50}" y2="{HAUTEUR + 50}" stroke="#333"/>'
    taille = f'viewBox="0 0 {max(x, MARGE + 130 * len(noms))} {HAUTEUR + 90}"'
    titre = "<title>Requêtes par seconde, rapportées au plancher</title>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {taille} font-family="sans-serif">{titre}{fond}{"".join(legende + formes)}</svg>\n'


def barre(x: float, debit: float, reference: float, nom: str) -> list[str]:
    """Out: one bar, with its figure above."""
    haut = min(debit / reference, 1.15) / 1.15 * (HAUTEUR - 10)
    y = HAUTEUR + 50 - haut
    return [
        f'<rect x="{x:.0f}" y="{y:.1f}" width="{BARRE}" height="{haut:.1f}" fill="{COULEURS[nom]}"/>',
        texte(x + BARRE / 2, y - 4, f"{debit:.0f}", 9),
    ]


def texte(x: float, y: float, mots: str, corps: int, ancre: str = "middle") -> str:
    """Out: a word."""
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{corps}" text-anchor="{ancre}">{escape(mots)}</text>'
