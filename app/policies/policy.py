"""Who may do what, as conditions: the one door between the policy and the rest of the house.

Nothing here knows Polar. What is not granted is refused; a word that the policy does not know raises.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.kit.conditions import FALSE, TRUE, Condition, Decision, decide

from .compiled import NOTHING, Cell, Compiled, Rules
from .errors import UnknownWord
from .lock import FOLDER, LOCK, check_models, check_sources, parse, read_sources, sources_of, state_of
from .schema import Schema, columns
from .viewer import ACTEURS


class Policy:
    """The compiled policy of a process."""

    def __init__(self, compiled: Compiled, schema: Schema) -> None:
        """In: what was compiled, and the models it speaks of."""
        self.compiled = compiled
        self.permissions: Mapping[Any, tuple[str, ...]] = {
            schema.model(name): said for name, said in compiled.permissions.items()
        }
        self._columns = {model: frozenset(columns(model)) for model in schema.by_name.values()}
        self._decisions: dict[tuple[str, str, Any], Decision] = {}

    @classmethod
    def load(cls, lock: Path = LOCK, folder: Path = FOLDER, schema: Schema | None = None) -> Policy:
        """Start from the lock file, without oso.

        Raises StaleLock if it was not compiled from these sources, or if these models no longer have what it names.
        """
        schema = schema or _models_of_the_house()
        compiled = parse(lock.read_text(encoding="utf-8"))
        check_sources(compiled.sources, read_sources(folder))
        check_models(compiled, schema)
        return cls(compiled, schema)

    @property
    def sha256(self) -> str:
        """The fingerprint of all the sources: the version of the policy."""
        said = "\n".join(f"{name} {digest}" for name, digest in sorted(self.compiled.sources.items()))
        return hashlib.sha256(said.encode()).hexdigest()

    def condition(self, profil: str, permission: str, model: Any) -> Condition:
        """Out: the rows of a model on which a profile holds a permission. Raises UnknownWord."""
        return self.cell(profil, permission, model).condition

    def rules(self, profil: str, permission: str, model: Any) -> Rules:
        """Out: the rules that grant it, each with its own condition. Raises UnknownWord."""
        return self.cell(profil, permission, model).rules

    def denials(self, profil: str, permission: str, model: Any) -> Rules:
        """Out: the `interdit` rules that take it back, each with its own condition. Raises UnknownWord."""
        return self.cell(profil, permission, model).denials

    def cell(self, profil: str, permission: str, model: Any) -> Cell:
        """Out: the whole decision of a profile on a permission. Raises UnknownWord."""
        found = self.compiled.cells.get((profil, permission, model.__name__))
        if found is not None:
            return found
        if profil not in ACTEURS:
            raise UnknownWord(f"profil inconnu : {profil}")
        if permission not in self.permissions.get(model, ()):
            raise UnknownWord(f"permission inconnue : {model.__name__}.{permission}")
        return NOTHING

    def field(self, profil: str, verb: str, model: Any, column: str) -> Condition:
        """Out: the rows on which a profile may read (`lire`) or write (`modifier`) a column. Raises UnknownWord.

        A model without field rules for this verb hides none of its columns.
        """
        found = self.compiled.fields.get((profil, verb, model.__name__, column))
        if found is not None:
            return found.condition
        if profil not in ACTEURS or verb not in ("lire", "modifier"):
            raise UnknownWord(f"profil ou verbe inconnu : {profil}, {verb}")
        if column not in self._columns.get(model, ()):
            raise UnknownWord(f"champ inconnu : {model.__name__}.{column}")
        return FALSE if (verb, model.__name__) in self.compiled.field_rules else TRUE

    def decision(self, profil: str, permission: str, model: Any) -> Decision:
        """Out: the same, as a function of (a loaded row, the values of the request). Raises UnknownWord."""
        key = (profil, permission, model)
        if key not in self._decisions:
            self._decisions[key] = decide(self.condition(*key))
        return self._decisions[key]

    def flags(self, profil: str, model: Any) -> dict[str, Decision]:
        """Out: the decision of each permission of a model. Raises UnknownWord."""
        if model not in self.permissions:
            raise UnknownWord(f"ressource inconnue : {model.__name__}")
        return {name: self.decision(profil, name, model) for name in self.permissions[model]}


def _models_of_the_house() -> Schema:
    from app.models import Base  # a policy about other models does not load these

    return Schema.of(Base)


class Current:
    """Is the policy of a process that of its files? They are read again when one of them has changed."""

    def __init__(self, policy: Policy, lock: Path = LOCK, folder: Path = FOLDER) -> None:
        """In: the policy of this process, and where it came from."""
        self.policy, self.lock, self.folder = policy, lock, folder
        self.seen: tuple[object, bool] | None = None

    def __call__(self) -> bool:
        """Out: whether it is. Raises StaleLock if they do not go together."""
        state = state_of(self.lock, self.folder)
        if self.seen is None or self.seen[0] != state:
            compiled = sources_of(self.lock)
            check_sources(compiled, read_sources(self.folder))
            self.seen = state, compiled == self.policy.compiled.sources
        return self.seen[1]


@cache
def of_the_house() -> Policy:
    """Out: the policy of this process, which no request changes. Raises StaleLock."""
    return Policy.load()
