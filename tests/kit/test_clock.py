"""The clocks: in Paris, standing still, or kept within opening hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.clock import PARIS, clock_of, fixed, ouvree, paris_day, system, within_opening_hours
from app.kit.settings import Settings

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def is_open(moment: datetime) -> bool:
    local = moment.astimezone(PARIS)
    return local.weekday() < 5 and 8 <= local.hour < 20


def test_the_clock_of_the_machine_knows_its_zone() -> None:
    before = datetime.now(UTC)
    assert before <= system()() <= datetime.now(UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        fixed(datetime(2026, 1, 1))


def test_the_day_is_that_of_paris() -> None:
    assert paris_day(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert paris_day(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("real", "told"),
    [
        (paris(2026, 3, 4, 8), paris(2026, 3, 4, 8)),  # Wednesday: open
        (paris(2026, 3, 4, 19, 59), paris(2026, 3, 4, 19, 59)),
        (paris(2026, 3, 4, 21), paris(2026, 3, 4, 19, 59)),  # closed: the end of the same day
        (paris(2026, 3, 4, 7, 59), paris(2026, 3, 3, 19, 59)),  # the day before
        (paris(2026, 3, 8, 12), paris(2026, 3, 6, 19, 59)),  # Sunday: Friday
        (paris(2026, 3, 9, 6), paris(2026, 3, 6, 19, 59)),  # early on Monday: Friday
        (paris(2026, 3, 29, 12), paris(2026, 3, 27, 19, 59)),  # the Sunday when summer time begins
    ],
)
def test_a_demonstration_is_always_within_opening_hours(real: datetime, told: datetime) -> None:
    assert ouvree(fixed(real))().astimezone(PARIS).replace(second=0, microsecond=0) == told


@given(MOMENTS)
def test_the_shifted_moment_is_open_and_never_ahead(real: datetime) -> None:
    told = within_opening_hours(real)
    assert is_open(told)
    assert told <= real
    assert told == real or not is_open(real + timedelta(seconds=1))


@given(MOMENTS, st.lists(st.integers(1, 4 * 86_400), min_size=2, max_size=30))
def test_the_shifted_time_goes_on_and_never_back(begin: datetime, steps: list[int]) -> None:
    real = [begin + timedelta(seconds=sum(steps[:n])) for n in range(len(steps))]
    for earlier, later in pairwise(map(within_opening_hours, real)):
        assert earlier < later


@given(MOMENTS, st.lists(st.integers(-4 * 86_400, 4 * 86_400), max_size=30))
def test_a_clock_that_is_asked_again_tells_what_a_new_one_tells(begin: datetime, steps: list[int]) -> None:
    moments = iter(real := [begin + timedelta(seconds=sum(steps[:n])) for n in range(len(steps) + 1)])
    clock = ouvree(lambda: next(moments))
    assert [clock() for _ in real] == [within_opening_hours(each) for each in real]


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("2026-03-04T10:00", paris(2026, 3, 4, 10)),
        ("2026-03-04T10:00+00:00", datetime(2026, 3, 4, 10, tzinfo=UTC)),
    ],
)
def test_the_settings_may_stop_the_clock(word: str, told: datetime) -> None:
    assert clock_of(Settings.read({"HORLOGE": word, "DONNEES": "x"}))() == told


def test_the_settings_choose_the_clock() -> None:
    assert is_open(clock_of(Settings.read({"HORLOGE": "ouvree"}))())
    assert clock_of(Settings.read({"HORLOGE": "systeme"}))() - datetime.now(UTC) < timedelta(minutes=1)


@pytest.mark.parametrize("said", ["2026-03-29T01:30:00", "2026-10-25T01:30:00"])
def test_hours_after_a_moment_that_stands_still_are_hours_when_the_clocks_change(said: str) -> None:
    moment = clock_of(Settings.read({"HORLOGE": said}))()
    later = moment + timedelta(hours=12)
    assert later.astimezone(UTC) - moment.astimezone(UTC) == timedelta(hours=12)
