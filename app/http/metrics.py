"""Counters of this process, in the text format of Prometheus. Counts only: nothing about anybody."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HELP = {
    "rafael_requetes_total": "Requêtes HTTP, par chemin et statut.",
    "rafael_operations_total": "Opérations GraphQL, par genre et profil.",
    "rafael_erreurs_total": "Erreurs GraphQL, par code.",
    "rafael_secondes_total": "Temps passé à répondre, par chemin.",
    "rafael_etat": "Mesures prises à l'instant : plans et documents gardés, lectures complétées.",
}

Labels = tuple[tuple[str, str], ...]
Answer = tuple[str, int, str | None, str | None]  # path, status, kind of operation, profile


class Counters:
    """What was counted since the process started: one entry a kind of answer, told apart when somebody reads."""

    def __init__(self, gauges: Callable[[], Mapping[str, float]] = dict) -> None:
        """In: what gives, by name, the figures that others count."""
        self.gauges = gauges
        self.answers: Counter[Answer] = Counter()
        self.seconds: dict[str, float] = {}
        self.codes: Counter[str] = Counter()

    def answered(self, path: str, status: int, kind: str | None, profil: str | None, seconds: float) -> None:
        """Count one more answer, and what it took. All but seconds take a small number of values: a path of ours…"""
        self.answers[path, status, kind, profil] += 1
        self.seconds[path] = self.seconds.get(path, 0.0) + seconds

    def refused(self, code: str) -> None:
        """Count one more error."""
        self.codes[code] += 1

    def samples(self) -> Mapping[tuple[str, Labels], float]:
        """Out: what was counted, by name and labels."""
        found: Counter[tuple[str, Labels]] = Counter()
        for (path, status, kind, profil), count in self.answers.items():
            found["rafael_requetes_total", (("chemin", path), ("statut", str(status)))] += count
            if kind and profil:
                found["rafael_operations_total", (("genre", kind), ("profil", profil))] += count
        values: dict[tuple[str, Labels], float] = dict(found)
        values |= {("rafael_erreurs_total", (("code", code),)): count for code, count in self.codes.items()}
        values |= {
            ("rafael_secondes_total", (("chemin", path),)): total for path, total in self.seconds.items()
        }
        return values | {("rafael_etat", (("mesure", name),)): v for name, v in self.gauges().items()}

    def rendered(self) -> str:
        """Out: all of it, as Prometheus reads it."""
        values, lines = sorted(self.samples().items()), list[str]()
        for name, text in HELP.items():
            kind = "gauge" if name == "rafael_etat" else "counter"
            lines += [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]
            lines += [_line(name, labels, v) for (n, labels), v in values if n == name]
        return "\n".join(lines) + "\n"


def _line(name: str, labels: Labels, value: float) -> str:
    """Out: one sample; the process is named, each worker counts for itself."""
    known = (*labels, ("processus", str(os.getpid())))
    said = ",".join(f'{label}="{_escaped(text)}"' for label, text in known)
    return f"{name}{{{said}}} {value:.12g}"


def _escaped(value: str) -> str:
    """Out: a label value as the format wants it."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
