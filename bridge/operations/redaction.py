"""Removes from a log line whatever could be personal data or a secret.

A value stays only under a key of `VOCABULARY` and in the form of a name; from a sentence everything is
removed that looks like a number, an address or a credential. An exception is written as types and places,
because its text quotes values. All of this is a second net: the first is that no code hands a personal value
to a logger.
"""

import re
import traceback
from base64 import b64decode
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePath
from types import TracebackType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REMOVED = "[removed]"
COUNTS = _words(
    "bytes count duration_ms jobs limit line ms pid port seconds status threads tries turn waiting workers"
)
SENTENCES = _words("event reason where")
NAMES = _words("""
    action actions call check code database decision dialled endpoint error exception exit flow function kind
    language level logger method office outcome parameter place places provider source span_id state step
    timestamp trace_flags trace_id trouble type view
""")
VOCABULARY = COUNTS | SENTENCES | NAMES

_SHAPES = {
    "call": re.compile(r"[0-9a-f]{16}"),  # a keyed hash: `bridge call-id` makes it of the provider's id
    "code": re.compile(r"[1-9]\d{4}"),  # the provider's number for what it met
    "decision": re.compile(r"[0-9a-f]{16}"),  # the beginning of a keyed hash
    "dialled": re.compile(r"\+?\d{6,15}"),  # a number of an office, never of a person
    "span_id": re.compile(r"[0-9a-f]{16}"),  # made up for a trace, as its id is
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z"),
    "trace_id": re.compile(r"[0-9a-f]{32}"),
}
_PERSONAL = re.compile(
    r"""
      \b(?:tgr|pin|bearer|basic)\s+\S+        # an Authorization header
    | \S+@\S+                                 # a mail or SIP address
    | \+?\d(?:[ .,/()-]{0,2}\d){3,}           # a phone number, a file, a PIN, an amount, in any groups
    | \d[.,]\d\d\b                            # an amount below ten
    | \S*%[0-9a-f]{2}\S*                      # anything percent-encoded
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z0-9_.:/<>-]*")
_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{7,}={0,2}")  # 7 signs hold the shortest file:pin
_PLAIN = re.compile(r"[A-Za-z_.<>-]{1,64}")  # no digit, no blank, no `@`: most names of ours
_OPAQUE = 16  # from this length on, signs with a digit among them may be a key or a token
_MAX_DEPTH = 6


def redact(entry: Mapping[str, object]) -> dict[str, object]:
    """Return the entry with clean values and only keys of `VOCABULARY`; `removed` counts the others."""
    return _table(entry, depth=0)


def bare_exception(error: BaseException) -> list[dict[str, object]]:
    """Return an exception and its causes, outermost first, as types and places without texts or variables."""
    return [
        {"type": type(link).__qualname__, "places": list(_places(link.__traceback__))}
        for link in _chain(error)
    ]


def _table(entry: Mapping[object, object] | Mapping[str, object], depth: int) -> dict[str, object]:
    kept = {
        key: _value(key, value, depth)
        for key, value in entry.items()
        if isinstance(key, str) and key in VOCABULARY
    }
    return kept if len(kept) == len(entry) else {**kept, "removed": len(entry) - len(kept)}


def _value(key: str, value: object, depth: int) -> object:
    if value is None or isinstance(value, bool) or (key in COUNTS and isinstance(value, int | float)):
        return value
    if isinstance(value, str | int | float):
        return _text(key, str(value))
    if depth == _MAX_DEPTH:
        return REMOVED
    if isinstance(value, Mapping):
        return _table(value, depth + 1)
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(key, part, depth + 1) for part in value]
    return f"[{type(value).__name__}]"


def _text(key: str, text: str) -> str:
    # Whatever is no sentence of our own must be a name from the code, such as that of a step.
    if _PLAIN.fullmatch(text) and _is_clean(text):
        return text
    if key in _SHAPES and _SHAPES[key].fullmatch(text):
        return text
    return clean(text) if key in SENTENCES or _NAME.fullmatch(text) else REMOVED


@lru_cache(maxsize=4096)
def _is_clean(plain: str) -> bool:
    # Names of steps and actions come again in every call; whether one of them is a credential is seen once.
    return clean(plain) == plain


def clean(text: str) -> str:
    """Return the text without what looks like a number (four digits or more), an address or a credential."""
    return _PERSONAL.sub(REMOVED, _TOKEN.sub(_unless_plain, text))


def _unless_plain(token: re.Match[str]) -> str:
    """Leave a token as it is, unless it may be a key, or is Tagor's Pin scheme: the base64 of file:pin."""
    found = token[0]
    if len(found) >= _OPAQUE and any(sign.isdigit() for sign in found):
        return REMOVED
    try:
        return REMOVED if re.fullmatch(rb"[\d|]+:\d+", b64decode(found)) else found
    except ValueError:
        return found


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _places(trace: TracebackType | None) -> Iterator[dict[str, object]]:
    for frame in traceback.extract_tb(trace):
        source = "/".join(PurePath(frame.filename).parts[-3:])
        yield {"source": source, "line": frame.lineno, "function": frame.name}
