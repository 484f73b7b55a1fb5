"""What is written once serves all documents: none is compiled otherwise for what others have left behind."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from graphql import GraphQLError

from app.policies.policy import Policy
from app.policies.viewer import PROFILS, Viewer
from app.reading.errors import Refused
from app.reading.limits import Cache, Limits
from app.reading.pieces import Piece
from app.reading.plans import Plan
from app.reading.reader import Reader
from tests.reading.documents import Document, Writer
from tests.reading.maison.conftest import Planter, house
from tests.reading.maison.twins import TWINS
from tests.reading.maison.world import MAINTENANT, World
from tests.reading.twinned import unread

DOCUMENTS = 80
DEEP = "{ candidatures(first: 2) { nodes { session { action { responsable { raisonSociale } } } } } }"


def compiled(reader: Reader, viewer: Viewer, document: Document) -> Plan | str | None:
    """Out: the plan of a document, made now; what is said against it; None if it has none."""
    try:
        request = reader.request(
            viewer, document.text, document.variables, document.operation or None, MAINTENANT
        )
        plan = reader.plan(request)
    except GraphQLError as error:
        return error.message
    except Refused as refused:
        return str(refused.errors)
    return plan if isinstance(plan, Plan) else None


def said(plan: Plan | str | None) -> object:
    """Out: all that a plan says."""
    if not isinstance(plan, Plan):
        return plan
    return (
        unlabelled(plan.sql),
        plan.slots.keys(),
        plan.costs,
        plan.written,
        plan.named,
        plan.traced,
        len(plan.binds),
    )


def unlabelled(sql: str) -> str:
    """Out: a statement without the numbers that SQLAlchemy gives to the only column of a subquery, which nobody reads."""
    return re.sub(r" AS \w+_\d+(?= \nFROM)", "", sql)


def cold(reader: Reader) -> None:
    """Forget what is written."""
    reader.pieces = Cache(reader.limits.pieces, reader.limits.piece_characters)


def asked(text: str) -> Document:
    return Document(text, {}, "")


@pytest.fixture
def warm() -> Reader:
    return house(None)


def drawn(reader: Reader, world: World) -> Iterator[tuple[Viewer, Document]]:
    """Out: random documents, each asked by a profile in turn."""
    hidden = frozenset(unread(reader.schema))
    for seed in range(DOCUMENTS):
        viewer = Viewer(1, PROFILS[seed % len(PROFILS)], 1, 1, 1, 1)
        yield viewer, Writer(seed, reader.schema, world, hidden=hidden, keys=TWINS.keys).document()


def test_a_document_is_compiled_alike_whatever_was_asked_before(warm: Reader, monde: Planter) -> None:
    alone, served, order = house(None), 0, random.Random(1)
    documents = list(drawn(warm, monde(0)))
    for _ in range(2):
        for viewer, document in documents:
            compiled(warm, viewer, document)
        order.shuffle(documents)
    warm.plans = Cache(10, 10**9)
    for viewer, document in documents:
        cold(alone)
        assert said(compiled(warm, viewer, document)) == said(compiled(alone, viewer, document)), (
            document.text
        )
        served += isinstance(compiled(warm, viewer, document), Plan)
    assert served > DOCUMENTS / 2
    assert len(warm.pieces) > DOCUMENTS


def test_no_piece_holds_a_name_or_a_value_of_one_statement(warm: Reader, monde: Planter) -> None:
    for viewer, document in drawn(warm, monde(0)):
        compiled(warm, viewer, document)
    for part in (warm.pieces.new, warm.pieces.used):
        for piece, _ in part.values():
            assert isinstance(piece, Piece)
            assert piece.made is None or not piece.text, "the expression itself is kept, though it is written"
            assert "anon_" not in unlabelled(piece.text)
            assert not [bind.key for bind in piece.binds if bind.unique or bind.value is not None]


@pytest.mark.parametrize("limit", ["depth", "fields", "tables"])
def test_what_is_written_counts_as_much_as_what_is_not(warm: Reader, limit: str) -> None:
    viewer = Viewer(1, "gestionnaire", 1, None, 1)
    assert isinstance(compiled(warm, viewer, asked(DEEP)), Plan)
    sizes = []
    for size in range(1, 12):
        warm.limits = replace(Limits(), **{limit: size})
        warm.plans = Cache(10, 10**9)
        kept = compiled(warm, viewer, asked(DEEP.replace("raisonSociale", "raisonSociale siret")))
        again = compiled(warm, viewer, asked(DEEP))
        fresh = house(None)
        fresh.limits = warm.limits
        assert said(again) == said(compiled(fresh, viewer, asked(DEEP)))
        sizes.append(isinstance(again, Plan) and isinstance(kept, Plan))
    assert sizes == sorted(sizes)
    assert True in sizes
    assert False in sizes


def test_what_is_written_for_a_profile_serves_no_other(warm: Reader) -> None:
    text = asked(
        "{ candidatures { nodes { candidat { reference nom courriel telephone } avis { motif } } } }"
    )
    policy = Policy.load()
    for _ in range(2):
        said_to = {p: said(compiled(warm, Viewer(1, p, 1, 1, 1, 1), text)) for p in PROFILS}
        warm.plans = Cache(10, 10**9)
    assert len(set(map(str, said_to.values()))) > 3
    for profil, found in said_to.items():
        assert found == said(compiled(house(None, policy), Viewer(1, profil, 1, 1, 1, 1), text))


def test_what_takes_an_argument_is_compiled_anew_each_time(warm: Reader) -> None:
    """The same object under the same way, where the lists in it take their size from the request by another bind."""
    inside = "{ nodes { session { action { sessions { nodes { numeroCarif } } } } } }"
    one = asked(f"{{ candidatures {inside} }}")
    other = asked(
        '{ candidatures(first: 2, filtre: { etats: [RETENUE], candidat: "Q2FuZGlkYXQ6MQ==" }) '
        + inside
        + " }"
    )
    viewer = Viewer(1, "gestionnaire", 1, None, 1)
    for document in (one, other):
        for _ in range(2):
            assert isinstance(compiled(warm, viewer, document), Plan), compiled(warm, viewer, document)
            warm.plans = Cache(10, 10**9)
    for document in (other, one):
        assert said(compiled(warm, viewer, document)) == said(compiled(house(None), viewer, document))
