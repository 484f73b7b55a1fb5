"""What a request may cost, and how much memory plans and documents may take."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
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
    pieces: int = 8000  # values of fields kept, written in SQL
    piece_characters: int = 6_000_000  # of all of them
    fields: int = 3000  # of one answer, fragments unfolded: they could double at each level
    tables: int = 300  # lists and relations of one statement: some 2 ms each to plan, here and in PostgreSQL
    depth: int = 20  # of nested objects
    nodes: int = 20_000  # two full levels (100 + 100 × 100) nearly twice; three are refused
    tokens: int = 20_000  # of a document
    errors: int = 20  # said of one document


LIMITS = Limits()


class Cache(Generic[K, V]):
    """The values most used, up to a number and a weight.

    Two halves: what is asked again goes to the second, which what is asked once cannot push out. A client that
    sends a thousand new documents only chases away other new ones.
    """

    def __init__(self, size: int, weight: int) -> None:
        """In: how many values to keep at most, and how much they may weigh together."""
        self.size, self.limit = size, weight
        self._new: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._used: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.weight = 0

    def __len__(self) -> int:
        return len(self._new) + len(self._used)

    def __contains__(self, key: K) -> bool:
        return key in self._used or key in self._new

    def get(self, key: K) -> V | None:
        """Out: the value kept, None without any."""
        if key in self._used:
            self._used.move_to_end(key)
            return self._used[key][0]
        if key in self._new:
            value, _ = self._used[key] = self._new.pop(key)
            self._shrink(self._used, (self.size + 1) // 2, self.limit // 2)
            return value
        return None

    def get_or(self, key: K, make: Callable[[], V], weigh: Callable[[V], int]) -> V:
        """Out: the value kept, or made and kept. An exception keeps nothing."""
        if (found := self.get(key)) is not None:
            return found
        value = make()
        if (weight := weigh(value)) <= self.limit // 2:
            self._new[key] = value, weight
            self.weight += weight
            self._shrink(self._new, self.size // 2, self.limit // 2)
        return value

    def _shrink(self, part: OrderedDict[K, tuple[V, int]], size: int, limit: int) -> None:
        weight = sum(w for _, w in part.values()) if self.weight > self.limit // 2 else 0
        while len(part) > size or weight > limit:
            _, (_, gone) = part.popitem(last=False)
            self.weight -= gone
            weight -= gone
