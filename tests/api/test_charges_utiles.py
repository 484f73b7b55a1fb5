"""What an act answers of a row is what a reading says of it right after: random selections, asked both ways.

The reading itself is compared with graphql-core (`tests/reading/maison/test_differential.py`): the payload of acts is
compared with the reading here, alone in their request or not. PAYLOADS=2000 for more of them.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine

from app.kit.database import with_driver
from app.main import build_schema
from tests.cast import Acteur, Monde
from tests.conftest import Base
from tests.policies.mondes_maison import lire
from tests.reading.differential import difference, leaves, told
from tests.reading.documents import Writer
from tests.reading.maison.twins import TWINS

from .conftest import Api
from .identifiants import gid

PAYLOADS = int(os.environ.get("PAYLOADS", "60"))
SCHEMA = build_schema()._schema


@dataclass(frozen=True)
class Acte:
    """An act that somebody may do again and again: what is asked of its row changes each time."""

    qui: Acteur
    champ: str
    type_name: str
    ident: str
    entree: str = ""

    def document(self, writer: Writer, body: str, *others: str) -> str:
        """In: what is asked of the row. Out: the mutation, these other acts before it."""
        argument = self.entree or f"{self.type_name.lower()}: $id"
        acte = (
            f"c: {self.champ}({argument}) {{ vu: {self.type_name.lower()} {body} empechements {{ code }} }}"
        )
        head = ", ".join(["$id: ID!", *writer.declared])
        return "\n".join([f"mutation({head}) {{ {' '.join(others)} {acte} }}", *writer.fragments])

    def lecture(self, writer: Writer, body: str) -> str:
        """Out: the same, asked by a reading."""
        head = ", ".join(["$id: ID!", *writer.declared])
        asked = f"query({head}) {{ vu: node(id: $id) {{ ... on {self.type_name} {body} }} }}"
        return "\n".join([asked, *writer.fragments])


def actes(monde: Monde, candidature: Any) -> list[Acte]:
    """Out: a draft thrown away and taken back in turn; a session whose dates are set again."""
    ident, session = gid("Candidature", candidature), gid("Session", monde.session_maconnerie)
    jour = monde.jour(5).isoformat()
    regler = f'entree: {{ session: $id, dateLimiteInscription: "{jour}" }}'
    return [
        Acte(monde.nadia, "supprimerCandidature", "Candidature", ident),
        Acte(monde.nadia, "restaurerCandidature", "Candidature", ident),
        Acte(monde.nadia, "validerCandidature", "Candidature", ident),  # refused: she is a niveau 1
        Acte(monde.karim, "reglerOuverture", "Session", session, regler),
        Acte(monde.gaelle, "reglerOuverture", "Session", session, regler),
    ]


async def test_a_payload_says_what_a_reading_says_right_after(api: Api, monde: Monde, base: Base) -> None:
    await monde.une_candidature(auteur=monde.paul, etat="en_attente_avis")
    faits, compte = actes(monde, await monde.une_candidature(auteur=monde.nadia)), Counter[str]()
    engine = create_engine(with_driver(base.url, "psycopg"))
    with engine.connect() as connection:
        world = lire(connection)
    engine.dispose()
    for seed in range(PAYLOADS):
        acte = faits[seed % len(faits)]
        writer = Writer(seed, SCHEMA, world, keys=TWINS.keys, depth=3)
        body = writer.selection(SCHEMA.type_map[acte.type_name])
        avant = []
        if seed // len(faits) % 2:  # not alone: graphql-core completes what the payloads have read
            avant = [f"a: {acte.champ}({acte.entree or 'candidature: $id'}) {{ empechements {{ code }} }}"]
        document, values = acte.document(writer, body, *avant), {"id": acte.ident, **writer.variables}
        api.d_ailleurs()
        answer = await api.brut(acte.qui, document, **values)
        if "data" not in answer:
            assert answer["errors"][0]["extensions"].get("limite"), answer  # too large: drawn, not meant
            continue
        assert "errors" not in answer, (document, answer)
        read = (await api(acte.qui, acte.lecture(writer, body), **values))["vu"]
        found = answer["data"]["c"]["vu"]
        if found is None:  # a refusal shows no row
            assert answer["data"]["c"]["empechements"], (seed, document)
            compte["refused"] += 1
            continue
        assert told(json.dumps(found)) == told(json.dumps(read)), (seed, difference(found, read))
        compte["equal"] += 1
        compte["leaves"] += leaves(found, full=True)
    print(dict(compte))
    assert compte["equal"] > PAYLOADS / 3, compte
    assert compte["leaves"] > 3 * compte["equal"], compte
    assert compte["refused"], compte
