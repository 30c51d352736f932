"""A database that is away, read-only, full or broken: fixed words and a person, and no writes at Tagor."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bridge.simulators.provider.caller_actions import DialWait

if TYPE_CHECKING:
    from bridge.simulators.provider.phone import Phone
    from bridge.simulators.provider.wire import Form, Post, Reply
    from tests.shared_line import Line
    from tests.system.down.conftest import BalanceCall

WRITES = {"SavePaymentPlan", "ApprovePaymentPlan", "SendSms", "SendMail", "CreateInfoLine"}


def away(line: "Line") -> None:
    """The database cannot be reached."""
    line.environ["DATABASE_URL"] = f"sqlite:///{line.folder}/away/bridge.db"
    line.start()


def read_only(line: "Line") -> None:
    """The database can be read and not written."""
    line.environ["DATABASE_URL"] = f"sqlite:///file:{line.database}?mode=ro&uri=true"
    line.start()


def full(line: "Line") -> None:
    """The disk takes no further page: calls come in until none of the pages has room."""
    pages.limited = True
    line.start()
    for _ in range(300):
        if isinstance(line.phone("anonymous").ring().waiting, DialWait):
            return
    raise AssertionError("it never was full")


def broken(line: "Line") -> None:
    """The tables are gone."""
    line.break_database("turns", "calls", "pin_attempts", "decisions", "outbox")


class Pages:
    """Whether new connections may make the database grow."""

    limited = False

    def connected(self, connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's
        if self.limited:
            [(now,)] = connection.execute("PRAGMA page_count").fetchall()
            connection.execute(f"PRAGMA max_page_count = {now}")


pages = Pages()


@pytest.fixture(autouse=True)
def _pages() -> Iterator[None]:
    event.listen(Engine, "connect", pages.connected)
    yield
    pages.limited = False
    event.remove(Engine, "connect", pages.connected)


@pytest.fixture(params=[away, read_only, full, broken], ids=lambda trouble: trouble.__name__)
def trouble(request: pytest.FixtureRequest) -> "Callable[[Line], None]":
    happens: Callable[[Line], None] = request.param
    return happens


def assert_put_through(phone: "Phone", line: "Line") -> None:
    """The answer is well-formed: the fixed words, no digit and no amount, and the switchboard."""
    assert phone.waiting.targets == (line.switchboard,)
    assert phone.faults == []
    assert not any(sign.isdigit() for heard in phone.last for sign in heard.text)
    assert not any("euro" in heard.text.lower() for heard in phone.last)
    phone.hang_up()


def newest(line: "Line") -> "Post":
    """Post to the app that answers at that moment, because the trouble may come with a restart."""

    def post(url: str, form: "Form | None", headers: "Mapping[str, str]") -> "Reply":
        return line.post(url, form, headers)

    return post


def test_a_new_call_reaches_a_person(line: "Line", trouble: "Callable[[Line], None]"):
    """The first reply rings the switchboard, and no PIN is asked for that could not be counted."""
    trouble(line)
    phone = line.phone().ring()
    assert len(phone.turns) == 1
    assert_put_through(phone, line)
    assert not {*WRITES, "PinToFile"} & set(line.asked())


@pytest.mark.parametrize("keys", [("1",), ("1", "482193", "2", "1")], ids=["at the PIN", "at a plan"])
def test_a_call_under_way_reaches_a_person(
    line: "Line", trouble: "Callable[[Line], None]", keys: tuple[str, ...]
):
    """The next reply is the fixed one, and nothing is agreed that cannot be written down."""
    phone = line.phone(post=newest(line)).ring()
    for key in keys:
        phone.press(key)
    trouble(line)
    phone.press("482193" if len(keys) == 1 else "1")
    assert_put_through(phone, line)
    assert not WRITES & set(line.asked())


@pytest.mark.parametrize("trouble", [away, read_only, full], ids=lambda trouble: trouble.__name__)
def test_callers_are_answered_when_the_database_is_back(
    line: "Line", balance_call: "type[BalanceCall]", trouble: "Callable[[Line], None]"
):
    """The next caller hears the balance as if nothing had been."""
    good = line.environ["DATABASE_URL"]
    trouble(line)
    assert_put_through(line.phone().ring(), line)
    pages.limited, line.environ["DATABASE_URL"] = False, good
    line.start()
    assert balance_call(line, 0).play() == "answer"
