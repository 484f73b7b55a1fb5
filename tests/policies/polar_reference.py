"""Polar itself, as it decides about real objects: what the compiled policy is compared with. Never in the server.

Two things are said here as the house says them, because Polar would stop or allow: a branch that follows a relation
that leads nowhere, or that needs a request value that is None, fails; a comparison that Python refuses is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oso import Oso, Variable
from polar.ffi import PolarSource
from polar.predicate import Predicate
from polar.query import Query

from app.policies.engine import ascii_copy
from app.policies.viewer import ANONYME, SYSTEME, split


class Visiteur:
    """Somebody, as the policy sees it."""

    profil: str
    est_referent: bool

    def __init__(self, profil: str) -> None:
        """In: the key of a profile."""
        self.profil, self.est_referent = split(profil)


class Utilisateur(Visiteur):
    """Somebody who has an account."""

    def __init__(self, profil: str, given: Mapping[str, Any]) -> None:
        """In: the key of a profile, the values of the request."""
        super().__init__(profil)
        self.id, self.structure_id = given["moi"], given["ma_structure"]
        self.maintenant: datetime = given["maintenant"]
        self.aujourd_hui = given["aujourd_hui"]


class Systeme:
    """The jobs of the house."""


class HouseQuery(Query):
    """Oso's query, where what is missing fails a branch instead of the whole question."""

    def handle_external_call(self, data: Any) -> None:
        """An attribute of nothing, or a request value that is None: this branch fails."""
        instance = self.host.to_python(data["instance"])
        absent = isinstance(instance, Visiteur) and getattr(instance, data["attribute"], 0) is None
        if instance is None or absent:
            self.ffi_query.call_result(data["call_id"], None)
        else:
            super().handle_external_call(data)

    def handle_external_op(self, data: Any) -> None:
        """An order that nothing has: false."""
        if data["operator"] not in ("Eq", "Neq") and None in [self.host.to_python(a) for a in data["args"]]:
            self.ffi_query.question_result(data["call_id"], False)
        else:
            super().handle_external_op(data)


@dataclass
class PolarReference:
    """A policy, loaded as it is written."""

    oso: Any

    @classmethod
    def of(cls, sources: Mapping[str, str], models: Iterable[type]) -> PolarReference:
        """In: sources by file name, the classes they name."""
        oso = Oso()
        for known in (Visiteur, Utilisateur, Systeme, *models):
            oso.register_class(known)
        oso._load_sources([PolarSource(ascii_copy(text), name) for name, text in sources.items()])
        return cls(oso)

    def allows(self, profil: str, given: Mapping[str, Any], permission: str, row: Any) -> bool:
        """True if a rule allows it and no `interdit` takes it back."""
        actor = acting(profil, given)
        return self._any("allow", actor, permission, row) and not self._any(
            "interdit", actor, permission, row
        )

    def fields(self, profil: str, given: Mapping[str, Any], verb: str, row: Any) -> set[str] | None:
        """Out: the columns that the field rules grant on a row; None if a rule grants all of them."""
        results = list(self._ask("allow_field", acting(profil, given), verb, row, Variable("champ")))
        found = {r["bindings"].get("champ") for r in results}
        return None if any(isinstance(f, Variable) for f in found) else found

    def _any(self, rule: str, *arguments: Any) -> bool:
        return next(iter(self._ask(rule, *arguments)), None) is not None

    def _ask(self, rule: str, *arguments: Any) -> Any:
        host = self.oso.host.copy()
        term = host.to_polar(Predicate(name=rule, args=arguments))
        try:
            yield from HouseQuery(self.oso.ffi_polar.new_query_from_term(term), host=host).run()
        except Exception as refusal:
            if "undefined rule" not in str(refusal):
                raise


def acting(profil: str, given: Mapping[str, Any]) -> Visiteur | Systeme:
    """Out: the actor of a profile."""
    if profil == SYSTEME:
        return Systeme()
    return Visiteur(profil) if profil == ANONYME else Utilisateur(profil, given)
