"""What the edge works with, once the house is open: the one place where a request finds the rooms below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from starlette.types import Scope

from app.exports.lheo.fichier import Exporteur
from app.kit.clock import PARIS, Clock
from app.reading.reader import Answer

from .documents import Documents
from .errors import malformed
from .health import Readiness
from .viewer import Asking, Doorkeeper


class Executor(Protocol):
    """Runs a request that was admitted: `app.reading.reader.Reader` is one."""

    async def execute(
        self,
        viewer: Asking,
        text: str,
        variables: Mapping[str, Any] | None,
        operation_name: str | None,
        moment: datetime,
    ) -> Answer:
        """Out: the JSON of the answer, its errors included, each with its code. No exception leaves."""


@dataclass(frozen=True)
class Desk:
    """Open from the start of the application to its end."""

    documents: Documents
    doorkeeper: Doorkeeper
    executor: Executor
    clock: Clock
    readiness: Readiness
    exporteur: Exporteur | None = None  # writes the offer for partners
    demonstration: bool = False  # the base holds nobody real: a request may say what time it is

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
