"""What a request may cost, and how much memory plans and documents may take."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Limits:
    """Sizes, all bounded. Counts are of entries; `characters` of text; `nodes` of objects in an answer."""

    documents: int = 1000  # kept, parsed and valid
    plans: int = 2000  # kept, compiled
    document_characters: int = 16_000  # a longer document is read, and not kept
    kept_characters: int = 1_000_000  # of all documents kept: a syntax tree weighs some 50 bytes a character
    plan_characters: int = 30_000_000  # of all statements kept
    statements: int = 250  # that each connection keeps prepared: each costs PostgreSQL some 0.2 MB
    pieces: int = 8000  # values of fields kept, written in SQL
    piece_characters: int = 6_000_000  # of all of them
    fields: int = 3000  # of one answer, fragments unfolded: they could double at each level
    tables: int = 300  # lists and relations of one statement: some 2 ms each to plan, here and in PostgreSQL
    depth: int = 20  # of nested objects
    nodes: int = 20_000  # two full levels (100 + 100 × 100) nearly twice; three are refused
    tokens: int = 20_000  # of a document
    errors: int = 20  # said of one document


LIMITS = Limits()

MEMORY = 100  # MiB that a process may keep of documents: what `LIMITS` comes to, all its caches full
KEPT = (
    *("documents", "plans", "pieces", "statements"),
    *("kept_characters", "plan_characters", "piece_characters"),
)


def within(mib: int) -> Limits:
    """In: MiB that a process may keep of documents, their statements and their pieces. Out: the sizes that follow."""
    return replace(LIMITS, **{name: max(1, getattr(LIMITS, name) * mib // MEMORY) for name in KEPT})


class Half(OrderedDict[K, tuple[V, int]]):
    """Values and their weights, those used last at the end."""

    weight = 0

    def put(self, key: K, value: V, weight: int, size: int, limit: int) -> None:
        """Put a value at the end; those at the beginning go, as long as there are too many or they weigh too much."""
        self[key] = value, weight
        self.weight += weight
        while len(self) > size or self.weight > limit:
            _, (_, gone) = self.popitem(last=False)
            self.weight -= gone

    def take(self, key: K) -> tuple[V, int]:
        """Out: a value that leaves, and its weight."""
        found = self.pop(key)
        self.weight -= found[1]
        return found


class Cache(Generic[K, V]):
    """The values most used, up to a number and a weight.

    Two halves: what is asked again goes to the second, which what is asked once cannot push out. A client that
    sends a thousand new documents only chases away other new ones.
    """

    def __init__(self, size: int, weight: int) -> None:
        """In: how many values to keep at most, and how much they may weigh together."""
        self.size, self.limit = size, weight
        self.new: Half[K, V] = Half()
        self.used: Half[K, V] = Half()

    def __len__(self) -> int:
        return len(self.new) + len(self.used)

    def __contains__(self, key: K) -> bool:
        return key in self.used or key in self.new

    @property
    def weight(self) -> int:
        """How much the values kept weigh together."""
        return self.new.weight + self.used.weight

    def get(self, key: K) -> V | None:
        """Out: the value kept, None without any."""
        if (found := self.used.get(key)) is not None:
            self.used.move_to_end(key)
            return found[0]
        if key in self.new:
            value, weight = self.new.take(key)
            self.used.put(key, value, weight, (self.size + 1) // 2, self.limit // 2)
            return value
        return None

    def get_or(self, key: K, make: Callable[[], V], weigh: Callable[[V], int]) -> V:
        """Out: the value kept, or made and kept. An exception keeps nothing."""
        if (found := self.get(key)) is not None:
            return found
        value = make()
        self.put(key, value, weigh(value))
        return value

    def put(self, key: K, value: V, weight: int) -> None:
        """Keep a value of a key that has none, unless it weighs too much."""
        if weight <= self.limit // 2:
            self.new.put(key, value, weight, self.size // 2, self.limit // 2)
