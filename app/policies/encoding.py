"""A condition as JSON, and back."""

from __future__ import annotations

from typing import Any

from app.kit.conditions import (
    AllOf,
    AnyOf,
    Column,
    Compare,
    Condition,
    Exists,
    Given,
    Not,
    Ref,
    Truth,
    in_order,
)

from .errors import StaleLock


def encode(condition: Condition) -> Any:
    """Out: a condition as JSON."""
    match condition:
        case Truth(value=value):
            return value
        case AllOf(parts=parts):
            return {"et": [encode(p) for p in in_order(parts)]}
        case AnyOf(parts=parts):
            return {"ou": [encode(p) for p in in_order(parts)]}
        case Not(body=body):
            return {"non": encode(body)}
        case Given(name=name):
            return {"donne": name}
        case Exists(path=path, body=body):
            return {"existe": ".".join(path), "tel_que": encode(body)}
        case Compare(path=path, op=op, value=value):
            return [".".join(path), op, _encode_value(value)]
    raise TypeError(condition)


def _encode_value(value: Any) -> Any:
    match value:
        case Ref(name=name, many=many):
            return {"valeurs" if many else "valeur": name}
        case Column(path=path):
            return {"colonne": ".".join(path)}
        case tuple():
            return list(value)
    return value


def decode(said: Any) -> Condition:
    """In: the JSON of a condition. Out: the condition."""
    match said:
        case bool():
            return Truth(said)
        case {"et": parts}:
            return AllOf(frozenset(decode(p) for p in parts))
        case {"ou": parts}:
            return AnyOf(frozenset(decode(p) for p in parts))
        case {"non": body}:
            return Not(decode(body))
        case {"donne": name}:
            return Given(name)
        case {"existe": path, "tel_que": body}:
            return Exists(tuple(path.split(".")), decode(body))
        case [path, op, value]:
            return Compare(tuple(path.split(".")), op, _decode_value(value))
    raise StaleLock(f"compiled.json est illisible : {said!r}")


def _decode_value(value: Any) -> Any:
    match value:
        case {"valeur": name}:
            return Ref(name)
        case {"valeurs": name}:
            return Ref(name, many=True)
        case {"colonne": path}:
            return Column(tuple(path.split(".")))
        case list():
            return tuple(value)
    return value
