"""The edges of redaction: what is just still let through, and what is just no longer."""

import base64
import io
import json
import logging
import sys
import threading
from types import TracebackType

import pytest
import structlog

from bridge.operations.logs import catch_uncaught, start_logging
from bridge.operations.redaction import COUNTS, NAMES, SENTENCES, VOCABULARY, bare_exception, clean, redact


def words(text: str) -> list[str]:
    return text.split()


COUNTED = words(
    "bytes count duration_ms jobs limit line ms pid port seconds status threads tries turn waiting workers"
)
SAID = ["event", "reason", "where"]
NAMED = words("""
    action actions call check code database decision dialled endpoint error exception exit flow function kind
    language level logger method office outcome parameter place places provider source span_id state step
    timestamp trace_flags trace_id trouble type view
""")


def test_the_vocabulary_is_what_was_agreed_upon():
    """A key more is a decision, and a key less takes a fact from operators."""
    assert set(COUNTED) == COUNTS
    assert set(SAID) == SENTENCES
    assert set(NAMED) == NAMES
    assert {*COUNTED, *SAID, *NAMED} == VOCABULARY


@pytest.mark.parametrize("key", COUNTED)
def test_a_count_is_told_in_figures(key: str):
    """However many digits it has; as text it is no count."""
    assert redact({key: 123456, "x": 1}) == {key: 123456, "removed": 1}
    assert redact({key: 1.5}) == {key: 1.5}
    assert redact({key: "123456"}) == {key: "[removed]"}


@pytest.mark.parametrize("key", SAID)
def test_a_sentence_may_have_blanks(key: str):
    """It is one of ours; what looks like a person's data is taken out of it."""
    assert redact({key: "no answer in time"}) == {key: "no answer in time"}
    assert redact({key: "no answer from 1234"}) == {key: "no answer from [removed]"}


@pytest.mark.parametrize("key", NAMED)
def test_a_name_has_no_blanks(key: str):
    """What has any did not come out of the code."""
    assert redact({key: "By.Pin_<a>/b:c-d"}) == {key: "By.Pin_<a>/b:c-d"}
    assert redact({key: "Annelies Peeters"}) == {key: "[removed]"}
    assert redact({key: 1234}) == {key: "[removed]"} or key == "code"
    assert redact({key: None}) == {key: None}
    assert redact({key: True}) == {key: True}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("call", "0a1b2c3d" * 2),
        ("code", "12345"),
        ("dialled", "+3220000001"),
        ("timestamp", "2026-03-29T00:59:30.123456Z"),
        ("timestamp", "2026-03-29T00:59:30Z"),
        ("decision", "0a1b2c3d" * 2),
        ("span_id", "0a1b2c3d" * 2),
        ("trace_id", "0a1b2c3d" * 4),
    ],
)
def test_some_keys_have_a_shape_of_their_own(key: str, value: str):
    """What looks like a number is known to be none there, and there only."""
    assert redact({key: value}) == {key: value}
    assert redact({"state": value})["state"] != value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("call", "0a1b2c3d" * 2 + "0"),
        ("call", "CA" + "0a1b2c3d" * 4),
        ("call", "0A1B2C3D" * 2),
        ("code", "1234"),
        ("code", "123456"),
        ("code", "01234"),
        ("dialled", "+1234567890123456"),
        ("timestamp", "2026-03-29T00:59:30"),
    ],
)
def test_another_shape_under_such_a_key_is_cleaned(key: str, value: str):
    """A key alone lets nothing through."""
    assert redact({key: value})[key] != value


@pytest.mark.parametrize(
    "text",
    [
        *("Pin abc", "Pin  abc", "tgr longer-than-one", "BEARER x", "basic x", "an@example.be", "a@b"),
        *("1234", "+1234", "1 2 3 4", "1. 2. 3. 4", "12-(34", "12345678901", "1,500"),
        *("1,50", "1.50", "112,50", "1112,50", "1.112,50", "1,112.50", "1 112,50"),
        *("%20", "ab%20", "ab%20cd", "%C3x", "abcdefghijklmno1", "a" * 15 + "1==", "a1" + "-_+/" * 4),
        *(base64.b64encode(pair).decode() for pair in (b"1:234", b"12:345", b"1|2:345", b"2041706:483920")),
    ],
)
def test_what_looks_like_a_persons_data_is_gone_to_the_last_sign(text: str):
    """Nothing of it is left on either side."""
    assert clean(text) == "[removed]"
    assert clean(f"before {text} behind") == "before [removed] behind"


@pytest.mark.parametrize(
    "text",
    [
        *(
            *("pin", "pine needles", "spin abc", "123", "12 3", "1   2   3   4", "1,5", "1,5x", "a b"),
            "50 % off",
        ),
        *("%2", "%zz", "abcdefghijklmn1", "abcdefghijklmnopqrstuvwxyz", "turn_answered", "MTI6MzQ1x"),
    ],
)
def test_what_only_looks_a_little_like_it_stays(text: str):
    """A log that tells nothing helps nobody."""
    assert clean(text) == text


@pytest.mark.parametrize("key", ["step", "reason"])
def test_a_credential_of_letters_alone_is_no_name(key: str):
    """File and PIN may become base64 without a figure, which looks like the name of a step."""
    for _ in range(2):  # the second time it is known already
        assert redact({key: base64.b64encode(b"8:2041613").decode()}) == {key: "[removed]"}


def test_at_most_two_signs_of_padding_belong_to_a_token():
    """Base64 has no more."""
    assert clean("a" * 15 + "1===") == "[removed]="


def nested(depth: int, kind: str) -> object:
    inner: object = "deep"
    for _ in range(depth):
        inner = {"state": inner} if kind == "table" else [inner]
    return inner


@pytest.mark.parametrize("kind", ["table", "list"])
def test_six_floors_down_is_the_end(kind: str):
    """Below that nobody looks, so nothing comes out."""
    assert redact({"state": nested(6, kind)}) == {"state": nested(6, kind)}
    assert "deep" not in str(redact({"state": nested(7, kind)}))
    assert "[removed]" in str(redact({"state": nested(7, kind)}))


@pytest.mark.parametrize("many", [list, tuple, set, frozenset])
def test_of_many_each_one_is_cleaned(many: type):
    """In whatever they come, and under the key they come under."""
    assert redact({"state": many(["483920"])}) == {"state": ["[removed]"]}
    assert redact({"turn": many([483920])}) == {"turn": [483920]}


def test_what_is_no_key_of_ours_is_counted_at_its_place():
    """In a table within a table too."""
    entry = {"state": {"step": "a", "name": "Annelies", 5: "x"}, "name": "Annelies"}
    assert redact(entry) == {"state": {"step": "a", "removed": 2}, "removed": 1}


def failed(raising: object) -> BaseException:
    try:
        raising()  # type: ignore[operator]
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is looked at
        return error
    raise AssertionError


def low() -> None:
    raise KeyError("low")


def with_cause() -> None:
    try:
        low()
    except KeyError as cause:
        raise ValueError("high") from cause


def with_context() -> None:
    try:
        low()
    except KeyError:
        raise ValueError("high")  # noqa: B904 - the point


def with_nothing() -> None:
    try:
        low()
    except KeyError:
        raise ValueError("high") from None


@pytest.mark.parametrize(
    ("raising", "types"),
    [
        (low, ["KeyError"]),
        (with_cause, ["ValueError", "KeyError"]),
        (with_context, ["ValueError", "KeyError"]),
        (with_nothing, ["ValueError"]),
    ],
)
def test_causes_are_told_outermost_first(raising: object, types: list[str]):
    """As far as the code that raised wants them to be told."""
    assert [link["type"] for link in bare_exception(failed(raising))] == types


def test_a_place_is_a_short_path_a_line_and_a_function():
    """Three parts of a path are enough to find it, and hold no user's name."""
    error = failed(low)
    [link] = bare_exception(error)
    lines = [error.__traceback__.tb_lineno, error.__traceback__.tb_next.tb_lineno]  # type: ignore[union-attr]
    source = "unit/operations/test_redaction_bounds.py"
    assert link["places"] == [
        {"source": source, "line": line, "function": function}
        for line, function in zip(lines, ("failed", "low"), strict=True)
    ]


def lines_of(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_that_is_an_object_is_told_by_its_type(log_stream: io.StringIO):
    """An exception that was logged for a message may quote a caller."""
    logging.getLogger("library").warning(ValueError("Annelies"))
    [line] = lines_of(log_stream)
    assert line["event"] == "ValueError"


@pytest.mark.parametrize("name", ["alembic", "sqlalchemy", "twilio", "urllib3", "werkzeug"])
@pytest.mark.usefixtures("log_stream")
def test_a_library_that_talks_a_lot_is_heard_from_warnings_on(name: str):
    """Whatever level the line itself is started with."""
    logging.getLogger(name).setLevel(logging.DEBUG)
    start_logging("DEBUG", io.StringIO())
    assert logging.getLogger(name).level == logging.WARNING
    assert logging.getLogger().level == logging.DEBUG


def test_a_broken_record_complains_to_nobody(log_stream: io.StringIO, capsys: pytest.CaptureFixture[str]):
    """Python's own complaint prints the values."""
    logging.raiseExceptions = True
    start_logging("DEBUG", log_stream)
    broken = "two places: %s %s"
    logging.getLogger("library").error(broken, "Annelies")
    assert not logging.raiseExceptions
    assert "Annelies" not in log_stream.getvalue() + capsys.readouterr().err


def test_below_the_level_nothing_is_written(log_stream: io.StringIO):
    """Neither of ours nor of a library's."""
    start_logging("WARNING", log_stream)
    structlog.get_logger("bridge.test").info("turn_answered")
    logging.getLogger("library").info("words")
    assert log_stream.getvalue() == ""


def test_without_a_stream_it_goes_to_standard_error(
    log_stream: io.StringIO, capsys: pytest.CaptureFixture[str]
):
    """That is where the machine looks for it."""
    start_logging("INFO")
    structlog.get_logger("bridge.test").info("turn_answered")
    assert "turn_answered" in capsys.readouterr().err
    assert log_stream.getvalue() == ""


def told(error: BaseException) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    return type(error), error, error.__traceback__


def test_what_ends_the_process_or_a_thread_is_logged_as_critical(log_stream: io.StringIO):
    """With its type and places, in place of Python's own words."""
    catch_uncaught()
    error = failed(low)
    sys.excepthook(*told(error))
    threading.excepthook(threading.ExceptHookArgs((*told(error), None)))
    for line in lines_of(log_stream):
        assert (line["event"], line["level"], line["logger"]) == ("uncaught", "critical", "bridge")
        assert line["exception"][0]["type"] == "KeyError"  # type: ignore[index]
    assert len(lines_of(log_stream)) == 2
