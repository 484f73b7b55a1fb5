"""What every list and every object shares."""

from __future__ import annotations

from typing import Generic, TypeVar

import strawberry

from app.reading import pages as p
from app.reading.fields import identifiant, partie

N = TypeVar("N")


@strawberry.interface(description="Un objet qui a un identifiant.")
class Node:
    """Whatever has a global identifier."""

    id: strawberry.ID = identifiant("Identifiant, opaque et stable.")


@strawberry.type(description="Où se trouve une page dans sa liste.")
class PageInfo:
    """Where a page lies in its list."""

    has_next_page: bool = partie(p.Suite(apres=True), "Des lignes suivent.")
    has_previous_page: bool = partie(p.Suite(apres=False), "Des lignes précèdent.")
    start_cursor: str | None = partie(p.Borne(0), "Curseur de la première ligne.")
    end_cursor: str | None = partie(p.Borne(-1), "Curseur de la dernière ligne.")


@strawberry.type(description="Une ligne d'une page, et son curseur.")
class Edge(Generic[N]):
    """A row of a page, with its cursor."""

    node: N = partie(p.Noeud(), "La ligne.")
    cursor: str = partie(p.Curseur(), "Son curseur, dans l'ordre demandé.")


@strawberry.type(description="Une page d'une liste.")
class Connection(Generic[N]):
    """A page of a list."""

    edges: list[Edge[N]] = partie(p.Aretes(), "Les lignes, avec leurs curseurs.")
    nodes: list[N] = partie(p.Aretes(nu=True), "Les lignes.")
    page_info: PageInfo = partie(p.InfoPage(), "Où se trouve cette page.")
    total_count: int = partie(p.Total(), "Combien de lignes vous pouvez lire dans toute la liste.")
