"""What the edge works with, once the house is open: the one place where a request finds the rooms below."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from starlette.types import Scope

from app.exports.lheo.fichier import Exporteur
from app.kit.clock import PARIS, Clock, system
from app.reading.reader import Answer

from .documents import Documents
from .errors import malformed
from .health import Readiness
from .viewer import Asking, Doorkeeper

if TYPE_CHECKING:
    from .externe import Externe

Prouve: TypeAlias = Callable[[bool], Awaitable[None]]


class Brakes(Protocol):
    """Slows down who asks too often: `app.http.freins.Freins` is one."""

    def lire(self, adresse: str, combien: int) -> None:
        """Count the readings of a stranger. Raises `Refusal`."""

    async def passer(self, adresse: str, demandees: Mapping[str, int]) -> None:
        """Count what a request does at each door. Raises `Refusal`."""

    def hacher(self, demandees: Mapping[str, int]) -> AbstractContextManager[None]:
        """While a request has its hashes in hand. Raises `Refusal`."""

    async def prouve(self, adresse: str, juste: bool) -> None:
        """Count what came of a proof."""


class Executor(Protocol):
    """Runs a request that was admitted: `app.reading.reader.Reader` is one."""

    async def execute(
        self,
        viewer: Asking,
        text: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        moment: datetime,
        *,
        prouve: Prouve | None = None,
        instruction: bool = False,
    ) -> Answer:
        """Out: the JSON of the answer, its errors included, each with its code. No exception leaves.

        `prouve`: told, by whatever proves an account, whether that was right; `instruction`: with the statement of a
        reading in `extensions`, for whom the policy lets see it.
        """


@dataclass(frozen=True)
class Desk:
    """Open from the start of the application to its end."""

    documents: Documents
    doorkeeper: Doorkeeper
    executor: Executor
    clock: Clock
    readiness: Readiness
    freins: Brakes
    exporteur: Exporteur | None = None  # writes the offer for partners
    demonstration: bool = False  # the base holds nobody real: a request may say what time it is
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # what signs, by a partner's scope
    externe: Externe | None = None  # an identity provider, where the settings name one
    machine: Clock = field(default_factory=system)  # what time it is outside, whatever a demonstration's is

    def moment(self, said: str | None) -> datetime:
        """In: the header X-Horloge, if any. Out: the moment of the request; raises `Refusal` on a real base."""
        if said is None:
            return self.clock()
        if not self.demonstration:
            raise malformed("L'heure ne se choisit que sur une base de démonstration.")
        try:
            found = datetime.fromisoformat(said)
        except ValueError:
            raise malformed("X-Horloge attend un moment ISO, comme 2026-03-02T20:01.") from None
        return found if found.tzinfo else found.replace(tzinfo=PARIS)


def desk_of(scope: Scope) -> Desk:
    """Out: the desk of the application that answers."""
    return cast("Desk", scope["app"].state.desk)
