"""What is wrong with a policy, or with its compiled form. Faults of ours: none is ever shown to a client."""

from __future__ import annotations


class PolicyError(Exception):
    """Base of the faults of the policy."""


class CompileError(PolicyError):
    """The sources say something that the compiler does not understand or does not allow."""


class StaleLock(PolicyError):
    """compiled.json does not belong to these sources, or to these models."""


class UnknownWord(PolicyError, KeyError):
    """A profile, a permission, a resource or a column that the policy does not know: never granted, always refused."""

    def __str__(self) -> str:
        """Out: the message, without the quotes of a KeyError."""
        return str(self.args[0])
