"""The words with which the schema says its sources: name, type, source and description on one line.

Each helper claims, for the type checker, to return the type of its column: `etat: int = colonne(Model.etat, "…")`
is an error of mypy as soon as `Model.etat` is not an int.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeVar

import strawberry
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.types import TypeEngine
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from app.kit.conditions import TRUE, Condition
from app.reading import filters as f
from app.reading import pages as p
from app.reading import rights as d
from app.reading import roots as r
from app.reading import sources as s
from app.reading import tallies as t
from app.reading.orders import Build
from app.reading.orders import Cle as Cle
from app.reading.orders import Tri as Tri
from app.reading.rendering import TYPE_KEY
from app.reading.rights import Motif as Motif
from app.reading.shapes import Ordre as Ordre

T = TypeVar("T")


class SourceField(StrawberryField):
    """A Strawberry field that knows its source. Executed, it asks the reader of the context for its value."""

    @property
    def source(self) -> s.Source:
        """What the field is made of."""
        found: s.Source = self.metadata["source"]
        return found

    @property
    def is_basic_field(self) -> bool:
        """Never: the reader needs to know where in the answer it is asked."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Any) -> Any:
        """Out: the value, from whoever reads: the compiled answer, or the reference of the tests."""
        return info.context.reader.value(self.source, source, info, kwargs)


def field_of(source: s.Source, description: str, *arguments: StrawberryArgument) -> Any:
    """Out: a field of the schema that is made of this source."""
    made = SourceField(description=description, metadata={"source": source})
    made.arguments = list(arguments)
    return made


def _argument(
    name: str, type_: Any, description: str, default: object = strawberry.UNSET
) -> StrawberryArgument:
    return StrawberryArgument(
        name, None, StrawberryAnnotation(type_), description=description, default=default
    )


# --- types ----------------------------------------------------------------------------------------------------


def objet(
    model: Any, description: str, *, name: str | None = None, sans_trace: Collection[str] | None = None
) -> Callable[[type[T]], type[T]]:
    """Declare a GraphQL object type made of the rows of a model.

    `sans_trace`: showing a row leaves a trace, unless these fields alone are asked of a row met on the way.
    """

    def decorate(cls: type[T]) -> type[T]:
        type_name = name or cls.__name__
        cls.__modele__ = model  # type: ignore[attr-defined]  # read back by `roots.model_of`
        if sans_trace is not None:
            cls.__sans_trace__ = frozenset({*sans_trace, "__typename"})  # type: ignore[attr-defined]  # read back by `traces`
        cls.is_type_of = lambda row, _: _is(row, model, type_name)  # type: ignore[attr-defined]  # strawberry's hook
        return strawberry.type(cls, name=type_name, description=description)

    return decorate


def _is(row: Any, model: Any, type_name: str) -> bool:
    return row.get(TYPE_KEY) == type_name if isinstance(row, dict) else isinstance(row, model)


# --- values of a row ------------------------------------------------------------------------------------------


def colonne(attribute: QueryableAttribute[T], description: str) -> T:
    """A column (a list or JSON column too), or a hybrid attribute."""
    made: T = field_of(s.Colonne(attribute), description)
    return made


def identifiant(description: str) -> strawberry.ID:
    """The global identifier."""
    made: strawberry.ID = field_of(s.Identifiant(), description)
    return made


def calcule(build: Build, description: str, *, lit: Sequence[Any], jamais_nul: bool = False) -> Any:
    """A value computed in SQL: `lambda row, c: …`, where `row["nom"]` is a column of the row.

    `lit`: the attributes of the row that it reads; it is hidden where one of them is. A field that is not
    nullable must say `jamais_nul`, which nothing can prove.
    """
    return field_of(s.Calcule(build, tuple(lit), jamais_nul), description)


def vrai_si(condition: Condition, description: str, *, public: str = "") -> bool:
    """True if what the viewer may read of the row (and of rows around it) satisfies a condition.

    `public`: the rule that tells everybody whether it holds, whatever columns it rests on.
    """
    made: bool = field_of(s.VraiSi(condition, public), description)
    return made


def groupe(description: str) -> Any:
    """An object made of other fields of the same row (or of the same root)."""
    return field_of(s.MemeLigne(), description)


def objet_json(attribute: QueryableAttribute[Any], description: str) -> Any:
    """A JSONB column as an object, whose fields are said with `cle_json`."""
    return field_of(s.ObjetJson(attribute), description)


def liste_json(attribute: QueryableAttribute[Any], cle: str, description: str) -> Any:
    """The array under a key of a JSONB column, as objects whose fields are said with `cle_json`."""
    return field_of(s.ListeJson(attribute, cle), description)


def cle_json(cle: str, description: str) -> str | None:
    """The text under a key of a JSONB column."""
    made: str | None = field_of(s.CleJson(cle), description)
    return made


# --- other rows -----------------------------------------------------------------------------------------------


def relation(attribute: QueryableAttribute[Any], description: str) -> Any:
    """The row at the end of a to-one relation; null if the policy hides it."""
    return field_of(s.Un(attribute), description)


def liste(target: Any, description: str, *, ordre: Tri, ou: Condition = TRUE, entiere: bool = False) -> Any:
    """The first rows of a to-many relation, or of a model at the root; `entiere`: no argument, all of them (100)."""
    return field_of(s.Liste(target, ordre, ou, entiere), description, *([] if entiere else [_first()]))


def premier(attribute: Any, description: str, *, ordre: Tri, ou: Condition = TRUE, valeur: Any = None) -> Any:
    """The first row of a to-many relation that satisfies a condition, or one value of it (`valeur`: an attribute)."""
    return field_of(s.Premier(attribute, ordre, ou, valeur), description)


def page(
    target: Any,
    description: str,
    *,
    ordre: type[Ordre],
    filtre: Any = None,
    ou: Condition = TRUE,
    argument: str = "filtre",
) -> Any:
    """A connection over a model (at the root) or over a to-many relation.

    `ordre`: the orders offered (argument `tri`), the first by default; `filtre`: an input type of criteria, and
    `argument`, its name; `ou`: what the list is made of, before any filter.
    """
    arguments = [_first(), _after(), _last(), _before()]
    arguments.append(_argument("tri", ordre, "L'ordre de la liste.", next(iter(ordre))))
    if filtre:
        default = f.default_of(filtre)
        given = strawberry.UNSET if default is None else default
        arguments.append(_argument(argument, filtre | None, "Ce que la liste retient.", given))
    return field_of(p.Page(target, ordre, filtre, ou, f.camel(argument)), description, *arguments)


def compteurs(target: Any, description: str, *, ou: Condition = TRUE) -> Any:
    """An object of counts (`compteur`) over the rows of a model, or of a to-many relation."""
    return field_of(s.Compteurs(target, ou), description)


def compteur(description: str, *, ou: Condition = TRUE) -> int:
    """How many of the rows being counted satisfy a condition."""
    made: int = field_of(s.Compteur(ou), description)
    return made


def comptes(attribute: QueryableAttribute[Any], description: str) -> Any:
    """In a connection: the whole list counted by the values of a column."""
    return field_of(p.Comptes(attribute), description)


def partie(source: s.Source, description: str) -> Any:
    """A part of a page, of a group or of a reason, whose source takes no column."""
    return field_of(source, description)


def tous_comptes(model: Any, description: str, *, filtre: Any) -> Any:
    """An object of counts over the rows of a model that a filter, which must be given, keeps."""
    return field_of(t.Releve(model, filtre), description, _argument("filtre", filtre, "Ce qui est compté."))


# --- roots ----------------------------------------------------------------------------------------------------


def par_id(model: Any, description: str) -> Any:
    """The row of an identifier; without a model, of any type that the field may return."""
    return field_of(r.ParId(model), description, _argument("id", strawberry.ID, "L'identifiant."))


def par_ids(description: str) -> Any:
    """The rows of several identifiers, in the order given; null where nothing is found."""
    return field_of(
        r.ParIds(), description, _argument("ids", list[strawberry.ID], "Les identifiants, 100 au plus.")
    )


def par_cle(
    attribute: QueryableAttribute[Any],
    description: str,
    *,
    argument: str,
    type_: Any = str,
    sinon: QueryableAttribute[Any] | None = None,
) -> Any:
    """The row that has a natural key, unique in its table; `argument`: its Python name, `type_`: its scalar.

    `sinon`: the relation to keys that once were of other rows, and lead to this one.
    """
    return field_of(
        r.ParCle(attribute, f.camel(argument), sinon),
        description,
        _argument(argument, type_, "La référence."),
    )


def courant(model: Any, description: str, *, valeur: str = "moi") -> Any:
    """The row whose key is a value of the request: `moi`, `ma_structure`, or one of the house's extra values."""
    return field_of(r.Courant(model, valeur), description)


def valeur(nom: str, type_: TypeEngine[Any], description: str) -> Any:
    """A value of the request itself, of this SQL type."""
    return field_of(r.Valeur(nom, type_), description)


def ecrit(model: Any, description: str) -> Any:
    """In the payload of a mutation: the row just written, as the viewer now reads it."""
    return field_of(r.Ecrit(model), description)


def ecrits(model: Any, description: str) -> Any:
    """In the payload of a mutation: the rows just written, by key."""
    return field_of(r.Ecrits(model), description)


# --- rights ---------------------------------------------------------------------------------------------------


def droits(description: str) -> Any:
    """An object that says what the viewer may do with the row."""
    return field_of(s.MemeLigne(), description)


def droit(permission: str, description: str) -> bool:
    """True if the viewer holds this permission on the row."""
    made: bool = field_of(d.Droit(permission), description)
    return made


def champs(
    enumeration: type[enum.Enum], description: str, *, permission: str = "", parties: Any = None
) -> Any:
    """The columns that the viewer may write now: members of an enum whose values are column names.

    `parties`: those that are rows of a model beside, by name, which follow their whole.
    """
    return field_of(
        d.Champs("modifier", enumeration, permission or "modifier", tuple((parties or {}).items())),
        description,
    )


def motifs(permission: str, table: Sequence[Motif], description: str, *, refus: Motif | None = None) -> Any:
    """An object that says whether an act is possible (`oui`), and why not (`liste_motifs`), before it is tried."""
    return field_of(d.Motifs(permission, tuple(table), refus), description)


def oui(description: str) -> bool:
    """In such an object: the permission holds and no reason against it does."""
    made: bool = field_of(d.Oui(), description)
    return made


def liste_motifs(description: str) -> Any:
    """In such an object: the reasons that hold, objects made of `partie_motif`."""
    return field_of(d.ListeMotifs(), description)


def partie_motif(nom: str, description: str) -> Any:
    """In a reason: its `code`, its `message` or its `regle`."""
    return field_of(d.PartieMotif(nom), description)


# --- filters --------------------------------------------------------------------------------------------------


def critere(
    attribute: QueryableAttribute[Any],
    op: str,
    description: str,
    *,
    par: Sequence[Any] = (),
    type_name: str | None = None,
    defaut: Any = strawberry.UNSET,
    au_plus: tuple[int, str] | None = None,
) -> Any:
    """A filter of an input type; `op`: = != < <= > >= or `parmi` for a list.

    `par`: the relations that lead to the row of the attribute; `type_name`: of the identifiers given; `au_plus`: how
    many values a list may hold, and what is said beyond.
    """
    f.check_path(attribute, par)
    return criterion(f.Critere(attribute, op, type_name, tuple(par), au_plus), description, defaut)


def critere_si(
    condition: Condition,
    description: str,
    *,
    sinon: Condition | None = None,
    defaut: Any = strawberry.UNSET,
    public: str = "",
) -> Any:
    """A yes or no: given true, the condition must hold; given false, `sinon`, or its contrary.

    `public`: the rule that tells everybody whether the condition holds, whatever columns it rests on.
    """
    return criterion(f.CritereSi(condition, sinon, public), description, defaut)


def critere_texte(
    attribute: QueryableAttribute[Any],
    description: str,
    *,
    cherche: str = "cherche",
    lit: Sequence[Any] = (),
    par: Sequence[Any] = (),
) -> Any:
    """Words looked for in a tsvector column by an SQL function; `lit`: the columns whose text it holds."""
    f.check_path(attribute, par)
    return criterion(
        f.CritereTexte(attribute, cherche, tuple(lit), tuple(par)), description, strawberry.UNSET
    )


def critere_calcule(build: Any, description: str, *, lit: Sequence[Any]) -> Any:
    """A test written in SQL: `lambda row, given: …` on a text argument; `lit`: the columns of the row that it reads."""
    return criterion(f.CritereCalcule(build, tuple(lit)), description, strawberry.UNSET)


def criterion(found: f.Filtre, description: str, defaut: Any) -> Any:
    """Out: a field of an input type that bears this criterion."""
    return strawberry.field(default=defaut, description=description, metadata={"critere": found})


# --- arguments ------------------------------------------------------------------------------------------------


def _first() -> StrawberryArgument:
    return _argument(
        "first", int | None, f"Combien de lignes ({s.TAILLE} par défaut, {s.TAILLE_MAX} au plus)."
    )


def _last() -> StrawberryArgument:
    return _argument("last", int | None, "Combien de lignes, en remontant.")


def _after() -> StrawberryArgument:
    return _argument("after", str | None, "Après ce curseur.")


def _before() -> StrawberryArgument:
    return _argument("before", str | None, "Avant ce curseur.")
