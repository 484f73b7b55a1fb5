"""What the small schema of these tests says in SQL alone, said again in Python."""

from __future__ import annotations

from tests.reading.passing import Twins

TWINS = Twins(
    texts={"mots": lambda action: action.intitule},
    computed={"Session.recette": lambda row, _: None if row.prix is None else row.prix * row.places},
    keys={("prises", "places"): lambda session: int(session.prises < session.places)},
)
