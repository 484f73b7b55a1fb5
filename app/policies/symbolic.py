"""An actor without a request: its profile is known, its values are not.

Polar evaluates the policy once for each profile. What it asks of the profile is answered and written down: an
evaluation serves every profile that would have given the same answers. What it asks of a request value raises: a
policy may compare such a value with a column, never branch on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

from .errors import CompileError
from .viewer import ANONYME, SYSTEME, split

Question: TypeAlias = "tuple[str, tuple[str, ...]]"
PROFIL, ITSELF, REFERENT = "profil", "profil lui-même", "est_referent"


class Visiteur:
    """In the policy: everybody, anonymous included. Has `profil` and `est_referent`."""


class Utilisateur(Visiteur):
    """In the policy: whoever has an account. Has also `id`, `structure_id`, `maintenant`, `aujourd_hui`."""


class Systeme:
    """In the policy: the jobs of the house. No visitor: what everybody may do is not theirs."""


ACTORS = frozenset(actor.__name__ for actor in (Visiteur, Utilisateur, Systeme))


class Bind:
    """A value that comes with the request. Compared with a column it becomes SQL; any other use raises."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        """In: the name of the bind."""
        self.name = name

    def __repr__(self) -> str:
        return f":{self.name}"

    def _branch(self, *_: object) -> NoReturn:
        raise CompileError(f"la politique se décide sur une valeur de la requête ({self.name})")

    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __iter__ = __len__ = _branch

    def __eq__(self, other: object) -> bool:
        return True if other is self else self._branch()

    def __hash__(self) -> int:
        return hash(self.name)


@dataclass
class Answers:
    """What an evaluation asked of its profile, and what it was told."""

    profil: str
    told: dict[Question, Any] = field(default_factory=dict)

    def ask(self, kind: str, *about: str) -> Any:
        """Out: the answer of the profile, written down."""
        self.told[kind, about] = found = answer(self.profil, kind, about)
        return found

    def serve(self, profil: str) -> bool:
        """True if this other profile would have given the same answers."""
        return actor_class(profil) is actor_class(self.profil) and all(
            answer(profil, kind, about) == told for (kind, about), told in self.told.items()
        )

    def words(self) -> set[str]:
        """Out: the words that the profile was compared with."""
        return {word for kind, about in self.told if kind == PROFIL for word in about}


def answer(profil: str, kind: str, about: tuple[str, ...]) -> Any:
    """Out: what a profile says of itself."""
    droit, est_referent = split(profil)
    return {PROFIL: droit in about, ITSELF: droit, REFERENT: est_referent}[kind]


class Droit:
    """`u.profil`: a word that writes down what it is compared with."""

    def __init__(self, answers: Answers) -> None:
        """In: where to write."""
        self.answers = answers

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            raise CompileError(f"u.profil est comparé à {other!r}, qui n'est pas un mot")
        return bool(self.answers.ask(PROFIL, other))

    def among(self, words: list[Any]) -> bool:
        """Out: whether it is one of these words, asked at once."""
        if wrong := [word for word in words if not isinstance(word, str)]:
            raise CompileError(f"u.profil est comparé à {wrong[0]!r}, qui n'est pas un mot")
        return bool(self.answers.ask(PROFIL, *words))

    def __hash__(self) -> int:
        return 0

    def _other(self, *_: object) -> NoReturn:
        raise CompileError("u.profil ne se compare que par =, != et in")

    __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __iter__ = _other

    def value(self) -> str:
        """Out: the word itself, when a column is compared with it."""
        return str(self.answers.ask(ITSELF))


def actor_class(profil: str) -> type[Visiteur | Systeme]:
    """Out: what an actor of this profile is, for the policy."""
    if profil == SYSTEME:
        return Systeme
    return Visiteur if profil == ANONYME else Utilisateur


def actor(answers: Answers) -> Any:
    """Out: the symbolic actor of a profile: an object that answers `isinstance(x, Utilisateur)`."""
    base = actor_class(answers.profil)
    members: dict[str, Any] = {
        "__class__": property(lambda self: base),
        "__repr__": lambda self: f"<{answers.profil}>",
        "profil": Droit(answers),
        "profil_parmi": Droit(answers).among,
        "est_referent": property(lambda self: answers.ask(REFERENT)),
    }
    if base is Utilisateur:
        members |= {
            "id": Bind("moi"),
            "structure_id": Bind("ma_structure"),
            "maintenant": Bind("maintenant"),
            "aujourd_hui": Bind("aujourd_hui"),
        }
    return type("Acteur", (), members)()
