"""Writes one redacted JSON line for each event, our own and those of libraries, to one stream.

Our own events have a fixed name and keys of `redaction.VOCABULARY`, as in
`structlog.get_logger(__name__).info("turn_answered", turn=3, ms=12)`. Of a library's record only the message
is written as its source has it, without the values that would be filled in; the server's own are filled in.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bridge.operations.redaction import bare_exception, redact

_SERVER = "gunicorn.error"
_SERVER_WORD = re.compile(r"[A-Za-z_.]{1,64}|[0-9]{1,2}(\.[0-9]{1,3}){0,2}")
_LISTENING = re.compile(r"https?://[0-9.:\[\]]*:([0-9]{2,5})")
_LEAST_PID = 300  # numbers below are signals, and statuses of processes that ended
_CHATTY = ("alembic", "sqlalchemy", "twilio", "urllib3", "werkzeug")


def start_logging(
    level: str,
    stream: TextIO | None = None,
    *,
    observers: Iterable[Callable[[Mapping[str, object]], None]] = (),
) -> None:
    """Send every record from `level` up to `stream` (default: standard error); it may be called again.

    Each of `observers` is told every event of our own, also those below `level`.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # No line tells file, thread or process, and finding them out takes half of a line's time.
    logging._srcfile = None  # noqa: SLF001 - as its documentation advises
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.raiseExceptions = False  # else logging prints the values of a record that it cannot format
    structlog.configure(
        processors=[
            *map(_telling, observers),
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_COMMON,
            *_REDACTED_JSON,
            lambda _, __, line: ((Line(line),), {}),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _telling(observer: Callable[[Mapping[str, object]], None]) -> Processor:
    def told(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
        observer(entry)
        return entry

    return told


def catch_uncaught() -> None:
    """Log what ends the process or a thread; Python's own traceback would print personal data."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(_: type[BaseException], error: BaseException | None, __: TracebackType | None) -> None:
    logging.getLogger("bridge").critical("uncaught", exc_info=error)


class Line(str):
    """A line that is redacted and written already."""

    __slots__ = ()


class _Formatter(logging.Formatter):
    """Writes records of libraries as lines, and leaves our own lines as they are."""

    def __init__(self) -> None:
        super().__init__()
        self._libraries = structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_library_words, *_COMMON],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_REDACTED_JSON],
            use_get_message=False,
            pass_foreign_args=True,
        )

    def format(self, record: logging.LogRecord) -> str:
        return record.msg if isinstance(record.msg, Line) else self._libraries.format(record)


def _library_words(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    # A library may log an exception object as the message; its text would quote values, so its type is
    # written.
    record, values = entry["_record"], entry.pop("positional_args", ())
    if not isinstance(record.msg, str):
        return {**entry, "event": type(record.msg).__name__}
    if record.name == _SERVER and isinstance(values, tuple) and values:
        return {**entry, **_server_words(record.msg, values)}
    return entry


def _server_words(message: str, values: tuple[object, ...]) -> dict[str, object]:
    """Fill the server's words with its own values; processes and ports stand under keys of their own.

    Whatever else stands among its values may come from a request, so only its type is written.
    """
    known: dict[str, object] = {}

    def word(value: object) -> object:
        if isinstance(value, int) and value >= _LEAST_PID:
            known.setdefault("pid", value)
            return "<pid>"
        if isinstance(value, str) and (listening := _LISTENING.fullmatch(value)):
            known["port"] = int(listening[1])
            return "<port>"
        is_plain = isinstance(value, int) or (isinstance(value, str) and _SERVER_WORD.fullmatch(value))
        return value if is_plain else f"<{type(value).__name__}>"

    try:
        return {"event": message % tuple(map(word, values)), **known}
    except (TypeError, ValueError):  # it does not fit its own words
        return known


_COMMON: list[Processor] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso"),
]
_REDACTED_JSON: list[Processor] = [
    # Exceptions must be data before redaction sees them, and JSON comes last.
    structlog.processors.ExceptionRenderer(lambda exc_info: bare_exception(exc_info[1])),
    lambda _, __, entry: json.dumps(redact(entry)),
]
