"""What time it is: injected everywhere, so that a rule about time can be shown at any moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from .settings import Settings

Clock = Callable[[], datetime]
PARIS = ZoneInfo("Europe/Paris")

# R-077, said a second time: only to shift the clock of a demonstration. The rule itself is the domain's.
OPENS, CLOSES = time(8), time(20)
SATURDAY = 5
OPENED = timedelta(hours=CLOSES.hour - OPENS.hour)
NEVER = (datetime(1, 1, 2, tzinfo=UTC),) * 2
DAY, SECOND, TICK = timedelta(days=1), timedelta(seconds=1), timedelta(microseconds=1)


def system() -> Clock:
    """Out: the clock of the machine, in UTC."""
    return lambda: datetime.now(UTC)


def fixed(moment: datetime) -> Clock:
    """In: an aware moment. Out: a clock that always says it. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone is not a moment")
    said = moment.astimezone(UTC)  # twelve hours later is not the same hour of Paris when the clocks change
    return lambda: said


def ouvree(clock: Clock | None = None) -> Clock:
    """In: a clock (the machine's). Out: the same, shifted back into the opening hours of R-077, for demonstrations."""
    source, closure = clock or system(), NEVER

    def shifted() -> datetime:
        nonlocal closure
        moment = source()
        if not closure[0] - OPENED <= moment < closure[1]:  # asked at each request, looked for once a day
            closure = closure_after(moment.astimezone(PARIS))
        return slowed(moment, closure)

    return shifted


def within_opening_hours(moment: datetime) -> datetime:
    """In: an aware moment. Out: itself when candidatures are open; otherwise one of the last second they were."""
    return slowed(moment, closure_after(moment.astimezone(PARIS)))


def slowed(moment: datetime, closure: tuple[datetime, datetime]) -> datetime:
    """In: a moment, the closure that holds it or comes next. Out: the moment told.

    The last second of opening is stretched over the whole closure: the time told never goes back and never stands still.
    """
    closing, opening = closure
    slowing = closing - SECOND
    if moment < slowing:
        return moment
    shifted: timedelta = SECOND * ((moment - slowing) / (opening - slowing))
    return slowing + min(shifted, SECOND - TICK)


def closure_after(local: datetime) -> tuple[datetime, datetime]:
    """In: a moment of Paris. Out: the closure that holds it, or else the next one: it begins, it ends (UTC)."""
    day = local.date() if local.time() >= OPENS else local.date() - DAY
    while day.weekday() >= SATURDAY:
        day -= DAY
    following = day + DAY
    while following.weekday() >= SATURDAY:
        following += DAY
    return at_paris(day, CLOSES), at_paris(following, OPENS)


def at_paris(day: date, hour: time) -> datetime:
    """Out: that hour of that day in Paris, in UTC: two aware moments of one zone are subtracted without their shift."""
    return datetime.combine(day, hour, PARIS).astimezone(UTC)


@lru_cache(maxsize=256)  # the moment of a request is asked for its day by each of its rules
def paris_day(moment: datetime) -> date:
    """In: an aware moment. Out: the day it is then in Paris."""
    return moment.astimezone(PARIS).date()


def clock_of(settings: Settings) -> Clock:
    """In: the settings. Out: the clock they ask for: "systeme", "ouvree", or an ISO moment where time stands still."""
    if settings.horloge == "systeme":
        return system()
    if settings.horloge == "ouvree":
        return ouvree()
    moment = datetime.fromisoformat(settings.horloge)
    return fixed(moment if moment.tzinfo else moment.replace(tzinfo=PARIS))
