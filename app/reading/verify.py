"""What must hold before the first request, so that a compiled answer can never break the GraphQL types.

A non-null field that turns out null must, in GraphQL, erase its parent. SQL will not do that; so it is proven,
for every profile, that no such field can be null; and that each source speaks of the rows of its own type.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import singledispatchmethod
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_object_type,
)
from sqlalchemy import ARRAY, Enum, inspect

from app.kit.conditions import TRUE
from app.reading import facets
from app.reading import pages as p
from app.reading import rights as d
from app.reading import roots as r
from app.reading import sources as s
from app.reading import tallies as t
from app.reading.asked import source_of
from app.reading.choices import Choix, Selon
from app.reading.compiler import Rights, columns_of
from app.reading.orders import Tri
from app.reading.proofs import (
    Proofs,
    attributes_of,
    enum_problems,
    fields_of,
    is_unique,
    masked,
    target_of,
)
from app.reading.roots import model_of


def problems(schema: GraphQLSchema, policy: Rights, profils: Iterable[str]) -> list[str]:
    """Out: every field of the schema whose compiled answer could break a promise; the server starts on none."""
    proofs = Proofs(policy, tuple(profils))
    return [
        f"{type_.name}.{name} : {problem}"
        for type_ in schema.type_map.values()
        if is_object_type(type_)
        for name, definition in type_.fields.items()
        for problem in Check(proofs, type_, definition).problems()
    ]


@dataclass
class Check:
    """One field of the schema, and what its source promises."""

    proofs: Proofs
    parent: GraphQLObjectType
    definition: GraphQLField

    @property
    def required(self) -> bool:
        """True if the field may not be null."""
        return isinstance(self.definition.type, GraphQLNonNull)

    def problems(self) -> Iterator[str]:
        """Out: what is wrong with the field."""
        source = source_of(self.definition)
        if source is not None:
            yield from self.misplaced(source)
            yield from self.of(source)

    def misplaced(self, source: Any) -> Iterator[str]:
        """A source about the rows of another model than its type's would read a column of the same name."""
        here = model_of(self.parent)
        about = [a for a in attributes_of(source) if here is not None]
        wrong = [a for a in about if not issubclass(here, inspect(a.class_).class_)]
        yield from (f"{a} n'est pas de {here.__name__}" for a in wrong)

    @singledispatchmethod
    def of(self, source: Any) -> Iterator[str]:
        """Out: what this kind of source promises and may not keep."""
        yield from ()

    @of.register
    def _(self, source: s.Colonne) -> Iterator[str]:
        if self.required:
            yield from self.may_be_null(source.attribute)
            yield from masked(self.proofs.hidden([source.attribute]))
        item = (
            source.attribute.type.item_type
            if isinstance(source.attribute.type, ARRAY)
            else source.attribute.type
        )
        if isinstance(item, Enum):
            yield from enum_problems(get_named_type(self.definition.type))

    @of.register
    def _(self, source: s.Calcule) -> Iterator[str]:
        if self.required:
            yield from [] if source.jamais_nul else ["rien ne dit que ce calcul n'est jamais nul"]
            yield from masked(self.proofs.hidden(source.lit))

    @of.register
    def _(self, source: s.Un) -> Iterator[str]:
        yield from self.leads_to(source.relation.property.mapper.class_)
        if self.required:
            yield from self.may_be_null(source.relation)
            yield from masked(self.proofs.hidden([source.relation]))
            unreached = self.proofs.unreached(source.relation)
            yield from (f"la cible peut être cachée à {profil}" for profil in unreached)

    @of.register(s.Premier)
    @of.register(s.ObjetJson)
    @of.register(s.ListeJson)
    @of.register(s.CleJson)
    @of.register(r.ParId)
    @of.register(r.Courant)
    @of.register(r.Ecrit)
    @of.register(r.Valeur)
    def _(self, source: Any) -> Iterator[str]:
        if self.required and not (isinstance(source, r.Valeur) and source.valeur in r.ALWAYS):
            yield "la valeur peut manquer"
        if isinstance(source, s.Premier):
            yield from self.order(source.ordre)
        if isinstance(source, r.ParId | r.Courant | r.Ecrit) and source.model is not None:
            yield from self.leads_to(source.model)

    @of.register
    def _(self, source: r.ParCle) -> Iterator[str]:
        if self.required:
            yield "la ligne peut manquer"
        yield from self.leads_to(source.model)
        if not is_unique(source.attribute):
            yield f"{source.attribute} n'est pas unique"

    @of.register
    def _(self, source: s.Liste) -> Iterator[str]:
        yield from self.leads_to(target_of(source.target))
        yield from self.order(source.ordre)

    @of.register
    def _(self, source: p.Page) -> Iterator[str]:
        for ordre in source.ordre:
            yield from self.order(ordre.value)
        nodes = fields_of(get_named_type(self.definition.type)).get("nodes")
        shown = model_of(get_named_type(nodes.type)) if nodes else None
        if shown is not target_of(source.target):
            yield "les lignes ne sont pas de ce type"

    @of.register(t.Somme)
    @of.register(t.Centile)
    def _(self, source: t.Somme | t.Centile) -> Iterator[str]:
        yield from masked(self.proofs.hidden([source.attribute]))
        if self.required and isinstance(source, t.Centile):
            yield "la valeur peut manquer"

    @of.register
    def _(self, source: t.Repartition) -> Iterator[str]:
        yield from masked(self.proofs.hidden(source.cles))

    @of.register
    def _(self, source: p.Comptes) -> Iterator[str]:
        yield from self.keys([source.attribute])

    @of.register
    def _(self, source: facets.Facette) -> Iterator[str]:
        for attribute in source.reads:
            hidden = self.proofs.hidden([attribute])
            yield from (f"facette sur {attribute.key}, masqué pour {profil}" for profil in hidden)

    @of.register
    def _(self, source: facets.LigneDeGroupe) -> Iterator[str]:
        yield from self.leads_to(source.model)
        if self.required:
            yield "la ligne peut être cachée"

    @of.register
    def _(self, source: Choix) -> Iterator[str]:
        yield from self.of(source.alors)
        yield from self.of(source.sinon)

    @of.register
    def _(self, source: Selon) -> Iterator[str]:
        yield from enum_problems(get_named_type(self.definition.type))
        if source.cas[-1].si != TRUE:
            yield "aucun mot n'est sûr d'être dit"
        for cas in source.cas:
            if cas.sinon is not None:
                yield from self.permission(model_of(self.parent), cas.permission)

    @of.register
    def _(self, source: s.MemeLigne) -> Iterator[str]:
        model, inside = model_of(self.parent), get_named_type(self.definition.type)
        for name, definition in fields_of(inside).items() if model else ():
            inner = source_of(definition)
            if isinstance(inner, d.Droit):
                yield from self.permission(model, inner.permission)
            wrong = [a for a in attributes_of(inner) if not issubclass(model, inspect(a.class_).class_)]
            yield from (f"{name} : {a} n'est pas de {model.__name__}" for a in wrong)

    @of.register
    def _(self, source: d.Champs) -> Iterator[str]:
        model = model_of(self.parent)
        yield from self.permission(model, source.permission)
        beside = dict(source.parties)
        known = {*inspect(model).column_attrs.keys(), *beside}
        yield from (
            f"{champ.value} n'est pas une colonne" for champ in source.champs if champ.value not in known
        )
        for part in beside.values():
            yield from self.permission(part, source.verb)

    @of.register
    def _(self, source: d.Motifs) -> Iterator[str]:
        yield from self.permission(model_of(self.parent), source.permission)

    def permission(self, model: Any, permission: str) -> Iterator[str]:
        """A permission that the policy does not declare would raise at the first request."""
        declared = getattr(self.proofs.policy, "permissions", {}).get(model, ())
        if permission not in declared:
            yield f"la politique ne déclare pas {permission} sur {model.__name__}"

    def leads_to(self, target: Any) -> Iterator[str]:
        """The type of the field must show the rows that the relation leads to."""
        shown = model_of(get_named_type(self.definition.type))
        if shown is not target:
            yield f"mène à {target.__name__}, que ce type ne montre pas"

    def may_be_null(self, attribute: Any) -> Iterator[str]:
        """A column that the base lets be null, or a relation that may lead nowhere."""
        mapper = inspect(attribute.class_)
        columns = [mapper.column_attrs[key].columns[0] for key in columns_of(attribute)]
        is_far = attribute.key in mapper.relationships and not attribute.property.local_columns & {
            fk.parent for column in mapper.local_table.c for fk in column.foreign_keys
        }
        if is_far or any(column.nullable for column in columns):
            yield "la base accepte NULL"

    def order(self, tri: Tri) -> Iterator[str]:
        """Out: what is wrong with the keys of an order."""
        yield from self.keys(tri.reads)

    def keys(self, attributes: Iterable[Any]) -> Iterator[str]:
        """A cursor compares, a count groups: a null key would lose rows, a masked one would tell its value."""
        for attribute in attributes:
            yield from (
                f"ordre ou compte sur {attribute.key} : {what}" for what in self.may_be_null(attribute)
            )
            hidden = self.proofs.hidden([attribute])
            yield from (f"ordre ou compte sur {attribute.key}, masqué pour {profil}" for profil in hidden)
