"""What the rules answer when they say no: always as data, never as a crash.

An empêchement's class name is its code, its docstring its French message, `regle` the rule it comes from.
Verbs raise one `Empeche`, which carries every empêchement found at once (R-094).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar


class Empechement:
    """Une règle s'y oppose."""

    code: ClassVar[str] = "EMPECHEMENT"
    regle: ClassVar[str | None] = None

    def __init_subclass__(cls) -> None:
        """Derive the code from the name: `HorsHoraires` is HORS_HORAIRES."""
        cls.code = re.sub(r"(?<!^)(?=[A-Z0-9](?![0-9]))", "_", cls.__name__).upper()

    def __init__(self, *chemin: str, **faits: object) -> None:
        """In: the path of the input it speaks of, and the facts that its message names."""
        self.chemin, self.faits = chemin, faits

    @property
    def message(self) -> str:
        """The French sentence, its facts filled in."""
        return (self.__doc__ or "").strip().format(**self.faits)

    def __repr__(self) -> str:
        """Out: what a failing test shows."""
        return f"{self.code}{list(self.chemin) or ''}"


class Empeche(Exception):
    """An act did not take place; every reason is here."""

    def __init__(self, empechements: Iterable[Empechement]) -> None:
        """In: at least one reason."""
        self.empechements = tuple(empechements)
        super().__init__(", ".join(e.code for e in self.empechements))


def refuser(*empechements: Empechement) -> None:
    """Raise if there is any reason; say nothing otherwise."""
    if empechements:
        raise Empeche(empechements)


def toutes_les_classes(base: type[Empechement] = Empechement) -> Iterator[type[Empechement]]:
    """Out: every kind of empêchement, for the enum of the API and for the lexicon."""
    for classe in base.__subclasses__():
        yield classe
        yield from toutes_les_classes(classe)


class NonTrouve(Empechement):
    """Cet objet n'existe pas, ou vous ne pouvez pas le consulter."""


class Interdit(Empechement):
    """Votre profil ne permet pas cet acte."""


class EtatIncompatible(Empechement):
    """L'état actuel ne permet pas cet acte."""
