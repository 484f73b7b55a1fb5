"""One JSON object a line. An exception gives its class and where it happened, never its message: that may quote a row."""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

import orjson

from .trace import REQUEST_ID

ACCESS = logging.getLogger("rafael.acces")
FRAMES = 12


class JsonFormatter(logging.Formatter):
    """Writes a record of `logging` as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Out: the line."""
        line: dict[str, Any] = {
            "le": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "niveau": record.levelname,
            "source": record.name,
        }
        if record.name == ACCESS.name:
            line |= getattr(record, "acces", {})
        else:
            line |= {"message": record.getMessage(), "requete": REQUEST_ID.get()}
        if record.exc_info and record.exc_info[0]:
            line |= _exception(record.exc_info[0], record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


def said(line: dict[str, Any]) -> None:
    """In: what is known of a request. Write its line; where in the code it is said is nothing to anybody."""
    if ACCESS.isEnabledFor(logging.INFO):
        ACCESS.handle(
            ACCESS.makeRecord(ACCESS.name, logging.INFO, "", 0, "", (), None, extra={"acces": line})
        )


def _exception(kind: type[BaseException], where: TracebackType | None) -> dict[str, Any]:
    """Out: the class of an exception, and the frames it went through, the last ones."""
    frames = traceback.extract_tb(where)[-FRAMES:]
    return {"exception": kind.__qualname__, "trace": [f"{f.filename}:{f.lineno} {f.name}" for f in frames]}


def configure(stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send the logs of the house and of its server to one stream, as JSON. uvicorn's own access log is silenced."""
    handler = logging.StreamHandler(stream or sys.stderr)
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
