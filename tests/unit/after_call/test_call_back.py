"""The call-back: before an employee once, whatever Tagor answers; and in the report from the first."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from after_call_bench import BOX, FILE, NUMBER, PARTY, USER, Bench
from shared_line import FakeClock

from bridge.simulators.tagor import StandIn
from bridge.store.callbacks import CallbackState


class Generation108:
    """Tests in which the office's Tagor is of the older generation, without an agenda to write into."""

    @pytest.fixture
    def tagor(self, clock: FakeClock) -> Iterator[StandIn]:
        with StandIn(clock=clock.now, generation="1.08") as running:
            yield running


def left(bench: Bench) -> int:
    """How often an employee has been asked to call back."""
    return len(bench.tagor.records.agenda()) + len(bench.tagor.records.office_messages())


def test_it_stands_in_the_agenda_of_who_calls_back(bench: Bench):
    """With number, day and hours, and the caller's language; and the report knows that it does."""
    _, told = bench.promise()
    assert bench.promised().state is CallbackState.PROMISED
    ref = bench.leave("callback", **told)
    bench.round()
    [entry] = bench.tagor.records.agenda(FILE)
    assert (entry.login, datetime.fromisoformat(entry.at).hour) == ("balie", 13)
    assert entry.subject == f"Terugbellen {NUMBER} ({ref})"
    assert (
        entry.text == f"Beloofd: bellen naar {NUMBER} op 04/03/2026, 13:30 tot 17:00. Taal van de beller: fr."
    )
    assert (bench.promised().state, bench.counts()) == (CallbackState.SCHEDULED, (1, 1, 0))


def test_a_strangers_is_a_message(bench: Bench):
    """No file, no agenda."""
    _, told = bench.promise(file=None, party=None)
    bench.leave("callback", **told)
    bench.round()
    [message] = bench.tagor.records.office_messages()
    assert (message.receiver, message.file_id, message.sender_party) == ("balie", "", "")
    assert NUMBER in message.subject
    assert bench.tagor.records.agenda() == []


def test_without_a_user_it_is_a_message_to_the_box(open_bench: Callable[..., Bench]):
    """On its file all the same."""
    bench = open_bench({USER: ""})
    _, told = bench.promise()
    bench.leave("callback", **told)
    bench.round()
    [message] = bench.tagor.records.office_messages(FILE)
    assert (message.receiver, message.sender_party) == ("telefoonberichten", PARTY)


def test_without_anybody_to_tell_it_waits_for_the_office(open_bench: Callable[..., Bench]):
    """A dead letter names the setting, and the report still says that it is in no agenda."""
    bench = open_bench({USER: "", BOX: ""})
    _, told = bench.promise()
    bench.leave("callback", **told)
    bench.round()
    assert "fill in box in [voicemail]" in bench.letter().trouble
    assert (left(bench), bench.promised().state) == (0, CallbackState.PROMISED)


def test_whatever_becomes_of_the_answer_there_is_one_entry(bench: Bench, loss: dict[str, Any]):
    """Looked for on the file's agenda before it is asked again."""
    bench.tagor.fault("Dossier/CreateAgenda", times=1, **loss)
    _, told = bench.promise(ends=(bench.now.replace(hour=23)).isoformat())
    bench.leave("callback", **told)
    bench.run_forever(15)
    assert (len(bench.tagor.records.agenda(FILE)), left(bench)) == (1, 1)
    assert (bench.promised().state, bench.counts()) == (CallbackState.SCHEDULED, (1, 1, 0))


def test_whatever_becomes_of_the_answer_there_is_one_message(bench: Bench, loss: dict[str, Any]):
    """A stranger's is found again in the box."""
    bench.tagor.fault("Message/Add", times=1, **loss)
    _, told = bench.promise(file=None, party=None, ends=(bench.now.replace(hour=23)).isoformat())
    bench.leave("callback", **told)
    bench.run_forever(15)
    assert (len(bench.tagor.records.office_messages()), left(bench)) == (1, 1)


def test_killed_anywhere_there_is_one_entry(bench: Bench, kill: str):
    """And one look afterwards whether it was kept."""
    _, told = bench.promise(ends=(bench.now.replace(hour=23)).isoformat())
    bench.leave("callback", **told)
    bench.die(kill)
    bench.run_forever(15)
    assert (left(bench), bench.promised().state) == (1, CallbackState.SCHEDULED)
    assert bench.counts() == (1, 1, 0)


def test_a_tagor_that_does_not_tell_its_generation_is_asked_again(bench: Bench):
    """Nothing was sent, so nothing is looked for."""
    for question in ("Config/Version", "Config/Info"):
        bench.tagor.fault(question, "status", status=401, times=2)
    _, told = bench.promise(ends=(bench.now.replace(hour=23)).isoformat())
    bench.leave("callback", **told)
    bench.run_forever(10)
    assert (left(bench), bench.asked("GetAgenda")) == (1, 0)


class TestIn108(Generation108):
    """The older generation takes messages only."""

    def test_it_is_a_message_on_the_file(self, bench: Bench):
        """To who calls back."""
        _, told = bench.promise()
        bench.leave("callback", **told)
        bench.round()
        [message] = bench.tagor.records.office_messages(FILE)
        assert (message.receiver, bench.tagor.records.agenda()) == ("balie", [])

    def test_whatever_becomes_of_the_answer_there_is_one(self, bench: Bench, loss: dict[str, Any]):
        """Found again among the messages: its agenda tells no subject."""
        bench.tagor.fault("Message/Add", times=1, **loss)
        _, told = bench.promise(ends=(bench.now.replace(hour=23)).isoformat())
        bench.leave("callback", **told)
        bench.run_forever(15)
        assert (left(bench), bench.promised().state) == (1, CallbackState.SCHEDULED)
