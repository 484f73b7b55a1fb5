"""From a token to a viewer, and for how long."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.http.viewer import KEPT_SECONDS, Doorkeeper

from .edge import RESPONSE, TOKEN, Edge, Tokens, codes


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with Edge().opened() as edge:
        yield edge


async def test_without_a_token_one_is_anonymous(edge: Edge) -> None:
    assert (await edge.ask("{ moi }")).json() == {"data": {"moi": "anonyme"}}


async def test_a_living_token_gives_its_profile(edge: Edge) -> None:
    assert (await edge.ask("{ moi }", token=TOKEN)).json() == {"data": {"moi": "prescripteur_n2"}}


@pytest.mark.parametrize("accept", [RESPONSE, "application/json"])
@pytest.mark.parametrize(
    "authorization",
    ["Bearer un-jeton-qui-n-existe-pas", "Bearer", "Bearer x", "Basic dTpw", "", f"Bearer {TOKEN} x"],
)
async def test_anything_but_a_living_token_is_unauthenticated(
    edge: Edge, authorization: str, accept: str
) -> None:
    response = await edge.post('{"query": "{ moi }"}', authorization=authorization, accept=accept)

    assert (response.status_code, codes(response)) == (401, ["UNAUTHENTICATED"])
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert not edge.core.asked


class Time:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def test_a_viewer_is_remembered_for_half_a_second_at_most() -> None:
    tokens, time = Tokens(), Time()
    door = Doorkeeper(tokens, time)
    bearer = f"Bearer {TOKEN}"

    first = await door.viewer(bearer)
    time.seconds += KEPT_SECONDS - 0.01
    assert await door.viewer(bearer) is first
    assert tokens.asked == 1

    tokens.living.clear()
    time.seconds += 0.01
    with pytest.raises(Exception, match="révoqué"):
        await door.viewer(bearer)
    assert KEPT_SECONDS < 1


async def test_the_half_second_starts_when_the_question_is_asked() -> None:
    time = Time()
    tokens = Tokens()

    async def slow(empreinte: bytes) -> object:
        found = await tokens(empreinte)
        time.seconds += KEPT_SECONDS  # the answer was right when the row was read; it took its time to come
        return found

    door = Doorkeeper(slow, time)  # type: ignore[arg-type]  # the viewer of the test
    await door.viewer(f"Bearer {TOKEN}")
    await door.viewer(f"Bearer {TOKEN}")

    assert tokens.asked == 2


async def test_unknown_tokens_are_not_remembered() -> None:
    tokens = Tokens()
    door = Doorkeeper(tokens)

    for n in range(20):
        with pytest.raises(Exception, match="Jeton inconnu"):
            await door.viewer(f"Bearer inconnu-{n:020}")

    assert not door.kept


async def test_the_memory_of_viewers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.http.viewer.KEPT", 3)
    tokens = Tokens()
    (viewer,) = tokens.living.values()

    async def everybody(empreinte: bytes) -> object:
        return viewer

    door = Doorkeeper(everybody)  # type: ignore[arg-type]  # the viewer of the test
    for n in range(10):
        await door.viewer(f"Bearer quelqu-un-{n:020}")

    assert len(door.kept) == 3
