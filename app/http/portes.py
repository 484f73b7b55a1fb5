"""The doors that anybody may knock at: how often one address may, and how much each costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
)
from starlette.types import Scope


@dataclass(frozen=True)
class Porte:
    """So many at once, then one every so often. `hache`: each makes or verifies the hash of a password."""

    a_la_fois: int
    intervalle: timedelta
    hache: bool = False


SECONDS, MINUTE = timedelta(seconds=6), timedelta(minutes=1)
# By the root fields of mutations, whoever asks. An office is one address: sixty colleagues sign in of a morning.
PORTES: Mapping[str, Porte] = {
    "connexion": Porte(60, SECONDS, hache=True),
    "demanderCompte": Porte(12, MINUTE, hache=True),
    "confirmerCompte": Porte(30, SECONDS, hache=True),
    "motDePasseOublie": Porte(12, MINUTE),
    "reinitialiserMotDePasse": Porte(30, SECONDS, hache=True),
    "confirmerCourriel": Porte(30, SECONDS),
    "evaluerMotDePasse": Porte(120, timedelta(seconds=1)),
    "declarerStructure": Porte(12, MINUTE),
    "connexionExterne": Porte(180, timedelta(seconds=2)),  # three steps each: left, back, exchanged
    "relierIdentite": Porte(60, SECONDS, hache=True),
    "delierIdentites": Porte(30, SECONDS, hache=True),
    "changerMotDePasse": Porte(30, SECONDS, hache=True),
    "changerCourriel": Porte(30, SECONDS, hache=True),
    "activerSecondFacteur": Porte(30, SECONDS, hache=True),
    "retirerSecondFacteur": Porte(30, SECONDS, hache=True),
    "renouvelerCodesSecours": Porte(30, SECONDS, hache=True),
}
KEPT = 4096  # addresses already read
ECHECS = (
    "connexion",
    "relierIdentite",
)  # the doors that an address which failed too often does not pass for a while


def demandees(document: DocumentNode, operation: OperationDefinitionNode) -> Counter[str]:
    """In: a valid document and the operation that runs. Out: its root fields, each as often as it stands there.

    Aliases and fragments hide none; a directive that leaves one out is not looked at.
    """
    fragments = {
        d.name.value: d.selection_set.selections
        for d in document.definitions
        if isinstance(d, FragmentDefinitionNode)
    }
    found: Counter[str] = Counter()
    stack: list[SelectionNode] = [*operation.selection_set.selections]
    while stack:
        node = stack.pop()
        if isinstance(node, FieldNode):
            found[node.name.value] += 1
        elif isinstance(node, FragmentSpreadNode):
            stack.extend(fragments[node.name.value])
        elif isinstance(node, InlineFragmentNode):
            stack.extend(node.selection_set.selections)
    return found


def adresse(scope: Scope) -> str:
    """Out: where a request comes from: an address, or the network of 2^64 addresses that one IPv6 client has."""
    client = scope.get("client")
    return reseau(client[0]) if client else "?"


@lru_cache(KEPT)
def reseau(said: str) -> str:
    """In: an address as the server writes it. Out: whom it stands for."""
    try:
        found = ip_address(said)
    except ValueError:
        return "?"
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64)
    return str(found)
