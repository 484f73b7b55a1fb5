"""How a job fails."""

from __future__ import annotations


class EchecTravail(Exception):
    """A job cannot do what it is there for. The text is ours: French, and nothing in it about anybody."""

    def __init__(self, explication: str, *, est_definitif: bool = False) -> None:
        """In: why; whether trying again would change nothing."""
        super().__init__(explication)
        self.explication, self.est_definitif = explication, est_definitif
