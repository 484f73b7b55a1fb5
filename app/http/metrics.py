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


class Counters:
    """What was counted since the process started."""

    def __init__(self, gauges: Callable[[], Mapping[str, float]] = dict) -> None:
        """In: what gives, by name, the figures that others count."""
        self.gauges = gauges
        self.counts: Counter[tuple[str, Labels]] = Counter()
        self.seconds: dict[Labels, float] = {}

    def add(self, name: str, **labels: str) -> None:
        """Count one more. Labels take a small number of values: a profile, a code, a path of ours."""
        self.counts[name, tuple(labels.items())] += 1

    def spent(self, seconds: float, **labels: str) -> None:
        """Add to the time spent answering."""
        key = tuple(labels.items())
        self.seconds[key] = self.seconds.get(key, 0.0) + seconds

    def rendered(self) -> str:
        """Out: all of it, as Prometheus reads it."""
        values: dict[tuple[str, Labels], float] = dict(self.counts)
        values |= {("rafael_secondes_total", labels): total for labels, total in self.seconds.items()}
        values |= {("rafael_etat", (("mesure", name),)): v for name, v in self.gauges().items()}
        lines: list[str] = []
        for name, text in HELP.items():
            kind = "gauge" if name == "rafael_etat" else "counter"
            lines += [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]
            lines += [_line(name, labels, v) for (n, labels), v in sorted(values.items()) if n == name]
        return "\n".join(lines) + "\n"


def _line(name: str, labels: Labels, value: float) -> str:
    """Out: one sample; the process is named, each worker counts for itself."""
    known = (*labels, ("processus", str(os.getpid())))
    said = ",".join(f'{label}="{_escaped(text)}"' for label, text in known)
    return f"{name}{{{said}}} {value:.12g}"


def _escaped(value: str) -> str:
    """Out: a label value as the format wants it."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
