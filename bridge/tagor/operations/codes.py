"""Asks for the words behind the ids and codes in Tagor's answers, and remembers them: they hardly change."""

from collections.abc import Sequence
from threading import Lock

from pydantic import Field

from bridge.clock import Clock
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.models import ListedCode
from bridge.tagor.schema.answer import AnswerModel, table_reader
from bridge.tagor.schema.fields import Content, Text, write_language
from bridge.tagor.schema.operation import Encoding, Operation, Table, checked
from bridge.tagor.session import TagorSession

KEPT_SECONDS = 3600.0
"""How long words are remembered."""

MAX_KEPT = 5000
"""How many words are remembered; beyond it all are forgotten."""

_TABLE = "CodetabelIDs"


class _Code(AnswerModel):
    id: Text = Field("", alias="Id")
    code: Text = Field("", alias="Code")
    words: Text = Field("", alias="Omschrijving")


_read = table_reader(_TABLE, _Code)


def _read_words(content: Content) -> dict[str, str]:
    """Return the words by id and by short code, in lower case; what has no words is left out."""
    found = [code for code in _read(content) if code.words]
    return {name.lower(): code.words for code in found for name in (code.id, code.code) if name}


def _read_list(content: Content) -> tuple[ListedCode, ...]:
    return tuple(ListedCode(row.id, row.code) for row in _read(content))


GET_LIST = Operation(path="Code/GetList", fields=("table",), encoding=Encoding.DATASET, read=_read_list)
GET_DESCRIPTION = Operation(
    path="Code/GetDescription",
    encoding=Encoding.DATASET,
    tables=(Table(_TABLE, ("Tabel", "Id", "Code", "Taal"), many=True),),
    read=_read_words,
)


class CodeCache:
    """The words that one office's Tagor told lately; any thread may use it."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, Lock()
        self._words: dict[tuple[str, str, str], tuple[float, str]] = {}

    def get(self, key: tuple[str, str, str]) -> str | None:
        """Return the words for table, value and language: empty if Tagor knows none, None if unknown here."""
        with self._lock:
            until, words = self._words.get(key, (0.0, ""))
        return words if self._clock.monotonic() < until else None

    def put(self, key: tuple[str, str, str], words: str) -> None:
        """Remember words, or that Tagor knows none."""
        with self._lock:
            if len(self._words) >= MAX_KEPT:
                self._words.clear()
            self._words[key] = self._clock.monotonic() + KEPT_SECONDS, words


class Codes:
    """Questions about codes (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession, cache: CodeCache) -> None:
        self._session, self._cache = session, cache

    def words(
        self, table: str, values: Sequence[str], language: str, *, deadline: Deadline
    ) -> dict[str, str]:
        """Ask what ids or short codes of a table mean in a language (`nl`); those without words are left out.

        Tagor is asked once for all that are not remembered, and not at all if all are.
        """
        spoken = write_language(language)
        keys = {value: (table, value, language) for value in values}
        missing = [value for value, key in keys.items() if self._cache.get(key) is None]
        if missing:
            rows = tuple(_row(table, value, spoken) for value in missing)
            told = self._session.ask(GET_DESCRIPTION, deadline, rows)
            for value in missing:
                self._cache.put(keys[value], told.get(value.lower(), ""))
        return {value: words for value, key in keys.items() if (words := self._cache.get(key))}

    def listed(self, table: str, *, deadline: Deadline) -> tuple[ListedCode, ...]:
        """Ask for every row of a code table, such as `TQSTATUS`; none where Tagor has no such table."""
        return self._session.ask(GET_LIST, deadline, checked("the code table", table))

    def id_of(self, table: str, code: str, *, deadline: Deadline) -> str:
        """Ask for the id behind a short code of a table, "" if there is none; remembered as words are."""
        key = (table, code, "its id")
        known = self._cache.get(key)
        if known is None:
            rows = self.listed(table, deadline=deadline)
            known = next((row.id for row in rows if row.code.lower() == code.lower()), "")
            self._cache.put(key, known)
        return known


def _row(table: str, value: str, language: str) -> tuple[str | None, ...]:
    checked("the code", value)
    # An office's own ids are long digits, its short codes are not: Tagor finds a row by either.
    by_id = value.isdigit() and len(value) > 6  # noqa: PLR2004 - the length of no short code
    return checked("the code table", table), value if by_id else None, None if by_id else value, language
