"""One JSON line per event on one stream, ours and every library's alike, each of them redacted.

Own events: `structlog.get_logger(__name__).info("turn_answered", turn=3, ms=12)`, a fixed name and keys from
`redaction.VOCABULARY`. Of a library's record the message goes in as it stands in its source, without
the values to be filled in.
"""

import logging
import sys
import threading
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bridge.operations.redaction import bare_exception, redact

_CHATTY = ("alembic", "sqlalchemy", "twilio", "urllib3", "werkzeug")


def start_logging(level: str, stream: TextIO | None = None) -> None:
    """Send every record of this process from `level` up to `stream` (standard error); may be called again."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.raiseExceptions = False  # its complaint about a broken record prints the record's values
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def catch_uncaught() -> None:
    """Log what ends the process or a thread, in place of Python's own traceback with its texts."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(_: type[BaseException], error: BaseException | None, __: TracebackType | None) -> None:
    logging.getLogger("bridge").critical("uncaught", exc_info=error)


def _formatter() -> logging.Formatter:
    """Exceptions become data before redaction sees them, and JSON comes last."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_library_words, *_COMMON],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(lambda exc_info: bare_exception(exc_info[1])),
            lambda _, __, entry: redact(entry),
            structlog.processors.JSONRenderer(),
        ],
        use_get_message=False,
    )


def _library_words(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    """A record whose message is no text, such as an exception object, is told by its type."""
    message = entry["_record"].msg
    return entry if isinstance(message, str) else {**entry, "event": type(message).__name__}


_COMMON: list[Processor] = [
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
