"""One JSON object a line. An exception gives its class and where it happened, never its message: that may quote a row."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
import traceback
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import lru_cache
from types import TracebackType
from typing import Any, ClassVar, TextIO

import orjson

from .trace import REQUEST_ID, Trace

ACCESS = logging.getLogger("rafael.acces")
FRAMES = 12
LINES, SECONDS = 200, 0.1  # that may wait to be written, and how long


class JsonFormatter(logging.Formatter):
    """Writes a record of `logging` as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Out: the line."""
        line: dict[str, Any] = {
            "le": f"{second(int(record.created))}.{int(record.created % 1 * 1000):03d}+00:00",
            "niveau": record.levelname,
            "source": record.name,
        }
        if isinstance(record, Line):
            line |= record.told()
        else:
            line |= {"message": record.getMessage(), "requete": REQUEST_ID.get()}
        if record.exc_info and record.exc_info[0]:
            line |= _exception(record.exc_info[0], record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


@lru_cache(2)
def second(since: int) -> str:
    """In: seconds since 1970. Out: the moment, in UTC: the same for all the lines of a second."""
    return datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%S")


class Line(logging.LogRecord):
    """The record of a request: where in the code it is said, by which thread, is nothing to anybody."""

    BLANK: ClassVar = vars(logging.makeLogRecord({"name": ACCESS.name, "levelno": 20, "levelname": "INFO"}))

    acces: dict[str, Any]
    trace: Trace | None

    def __init__(self, acces: dict[str, Any], trace: Trace | None) -> None:
        """In: how the request was answered, and what else is known of it."""
        self.__dict__ = {**self.BLANK, "created": time.time(), "acces": acces, "trace": trace}

    def told(self) -> dict[str, Any]:
        """Out: what the line says of the request: nothing of what it has not."""
        known = vars(self.trace) if self.trace else {}
        return self.acces | {name: value for name, value in known.items() if name != "request_id" and value}


def said(acces: dict[str, Any], trace: Trace | None = None) -> None:
    """In: how a request was answered, and what else is known of it. Write its line."""
    if ACCESS.isEnabledFor(logging.INFO):
        ACCESS.handle(Line(acces, trace))


class Batches(logging.StreamHandler[TextIO]):
    """Lines of requests are made and written some at a time: one by one, each would find cold what makes it, and cost a
    system call.

    They wait for a tenth of a second at most, and for any other line: that one is written at once, after them. What
    waits when a loop stops is written then.
    """

    def __init__(self, stream: TextIO) -> None:
        """In: where to write."""
        super().__init__(stream)
        self.waiting: list[logging.LogRecord | str] = []
        self.watch: asyncio.Task[None] | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or let it wait."""
        try:
            is_line = isinstance(record, Line)
            self.waiting.append(record if is_line else self.format(record))
            if not is_line or len(self.waiting) >= LINES or not self.watched():
                self.flush()
        except Exception:  # as every handler of logging
            self.handleError(record)

    def watched(self) -> bool:
        """Whether something will write what waits."""
        if self.watch is None:
            try:
                self.watch = asyncio.get_running_loop().create_task(self.later())
            except RuntimeError:  # a thread, or no loop any more
                return False
        return True

    async def later(self) -> None:
        """Write what waits in a moment, or as soon as the loop stops."""
        try:
            await asyncio.sleep(SECONDS)
        finally:
            self.watch = None
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self.lock or nullcontext():
            waiting, self.waiting = self.waiting, []
            if waiting:
                lines = [each if isinstance(each, str) else self.format(each) for each in waiting]
                self.stream.write(self.terminator.join([*lines, ""]))
            super().flush()


def _exception(kind: type[BaseException], where: TracebackType | None) -> dict[str, Any]:
    """Out: the class of an exception, and the frames it went through, the last ones."""
    frames = traceback.extract_tb(where)[-FRAMES:]
    return {"exception": kind.__qualname__, "trace": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send the logs of the house and of its server to one stream, as JSON. uvicorn's own access log is silenced."""
    handler = Batches(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("rafael").setLevel(level)
    for name in ("uvicorn", "uvicorn.error"):  # its tracebacks are written as ours, without their messages
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    spare_what_no_line_says()


def spare_what_no_line_says() -> None:
    """Ask of `logging` neither the thread, nor the process, nor the task of a record: half of what a line costs."""
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    if hasattr(logging, "logAsyncioTasks"):  # from Python 3.12 on
        logging.logAsyncioTasks = False
