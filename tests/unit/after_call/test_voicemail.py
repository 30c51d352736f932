"""The voicemail: on the file or in the office's box, once, with its sound; then deleted at the provider."""

from collections.abc import Callable
from typing import Any

import pytest
from after_call_bench import BOX, CALL, FILE, FILE_ID, NUMBER, PARTY, RECORDING, USER, Bench

import bridge.telephony.recordings

KNOWN: dict[str, Any] = {
    "call": CALL,
    "file": FILE_ID,
    "party": PARTY,
    "caller": NUMBER,
    "language": "fr",
    "at": "2026-03-04T23:30:00+00:00",
    "recording": RECORDING,
}
STRANGER = KNOWN | {"file": None, "party": None}
HUNG_UP = {name: value for name, value in KNOWN.items() if name != "recording"}
ATTACHED = {'keep = "message"': 'keep = "attachment"'}


@pytest.fixture
def today(bench: Bench) -> dict[str, Any]:
    """A voicemail of today."""
    return KNOWN | {"at": bench.now.isoformat()}


def kept(bench: Bench, file: str | None = FILE) -> list[bytes]:
    """The sounds Tagor has on a file, or anywhere."""
    return [one.content for one in bench.tagor.records.attachments(file)]


def test_a_voicemail_goes_to_its_file_and_is_deleted_at_the_provider(bench: Bench):
    """A message with the sound; who called, when in Belgium, and in which language, for whoever hears it."""
    sound = bench.record()
    ref = bench.leave("voicemail", **KNOWN)
    bench.run_forever()
    [message] = bench.tagor.records.office_messages(FILE)
    assert message.subject == f"Voicemail ({ref})"
    assert message.text == f"Ingesproken bericht van {NUMBER} op 05/03/2026. Taal van de beller: fr."
    assert (message.receiver, message.sender_party) == ("telefoonberichten", PARTY)
    assert kept(bench) == [sound]
    assert bench.provider.recordings.all == []
    assert bench.counts() == (0, 2, 0)


def test_a_strangers_voicemail_goes_to_the_box_and_to_no_file(bench: Bench):
    """Whoever it may be; a withheld number is a dash."""
    sound = bench.record()
    bench.leave("voicemail", **STRANGER | {"caller": ""})
    bench.run_forever()
    [message] = bench.tagor.records.office_messages()
    assert (message.receiver, message.file_id, message.sender_party) == ("telefoonberichten", "", "")
    assert message.text.startswith("Ingesproken bericht van - op ")
    assert kept(bench, None) == [sound]


def test_an_office_may_want_it_among_the_documents(open_bench: Callable[..., Bench]):
    """On the file only: what is a stranger's is a message still."""
    bench = open_bench(ATTACHED)
    ref = bench.leave("voicemail", **KNOWN)
    bench.leave("voicemail", **STRANGER | {"recording": "RE" + "7" * 32})
    sounds = [bench.record(), bench.record("RE" + "7" * 32, pitch=9)]
    bench.run_forever()
    [document] = bench.tagor.records.attachments(FILE)
    assert (document.name, document.kind, document.comment) == (f"voicemail-{ref}.wav", "wav", ref)
    assert [one.file_id for one in bench.tagor.records.office_messages()] == [""]
    assert sorted(kept(bench, None)) == sorted(sounds)
    assert bench.provider.recordings.all == []


def test_whatever_becomes_of_the_answer_there_is_one_message(
    bench: Bench, loss: dict[str, Any], today: dict[str, Any]
):
    """And nothing is deleted at the provider before it is certain that Tagor has it."""
    sound = bench.record()
    bench.tagor.fault("Message/Add", times=1, **loss)
    bench.leave("voicemail", **today)
    bench.round()
    assert bench.provider.recordings.get(RECORDING)
    bench.run_forever()
    assert (len(bench.tagor.records.office_messages(FILE)), kept(bench)) == (1, [sound])
    assert (bench.provider.recordings.all, bench.counts()) == ([], (0, 2, 0))


def test_whatever_becomes_of_the_answer_there_is_one_message_in_the_box(
    bench: Bench, loss: dict[str, Any], today: dict[str, Any]
):
    """What belongs to no file is found again too."""
    sound = bench.record()
    bench.tagor.fault("Message/Add", times=1, **loss)
    bench.leave("voicemail", **today | {"file": None, "party": None})
    bench.run_forever()
    assert (len(bench.tagor.records.office_messages()), kept(bench, None)) == (1, [sound])


def test_an_attachment_is_never_laid_down_twice(
    open_bench: Callable[..., Bench], loss: dict[str, Any], today: dict[str, Any]
):
    """If it cannot be seen on the file, an employee looks there; if it is not there, it is tried again."""
    bench = open_bench(ATTACHED)
    sound = bench.record()
    bench.tagor.fault("Dossier/AddAttachment", times=1, **loss)
    bench.leave("voicemail", **today)
    bench.run_forever()
    if not kept(bench):
        assert "look on the file" in bench.letter().trouble
        bench.line.clock.move(hours=1)
        bench.retry()
        bench.run_forever()
    assert (kept(bench), bench.provider.recordings.all, bench.counts()) == ([sound], [], (0, 2, 0))


def test_an_attachment_that_tagor_hides_is_for_an_employee(
    open_bench: Callable[..., Bench], today: dict[str, Any]
):
    """Parameter 192 shows PDF only: nothing is sent again unless somebody says so; the sound is kept."""
    bench = open_bench(ATTACHED)
    bench.tagor.controls.parameter(192, "true")
    sound = bench.record()
    bench.tagor.fault("Dossier/AddAttachment", "reset_after", times=1)
    bench.leave("voicemail", **today)
    bench.run_forever()
    assert (kept(bench), bench.asked("AddAttachment")) == ([sound], 1)
    assert "parameter 192" in bench.letter().trouble
    assert bench.provider.recordings.get(RECORDING)


def test_killed_anywhere_there_is_one_message(bench: Bench, kill: str, today: dict[str, Any]):
    """The next process looks for it, and sees to the deletion as well."""
    sound = bench.record()
    bench.leave("voicemail", **today)
    bench.die(kill)
    bench.run_forever()
    assert (kept(bench), len(bench.tagor.records.office_messages())) == ([sound], 1)
    assert (bench.provider.recordings.all, bench.counts()) == ([], (0, 2, 0))


def test_who_hangs_up_while_speaking_is_heard(bench: Bench):
    """No webhook told the recording's id: the provider is asked for what the call left."""
    sound = bench.record()
    bench.leave("voicemail", **HUNG_UP)
    bench.run_forever()
    assert (kept(bench), bench.provider.recordings.all, bench.counts()) == ([sound], [], (0, 2, 0))
    assert bench.provider.asked["GET list"] == 1


def test_an_unclear_one_without_an_id_is_deleted_too(bench: Bench, today: dict[str, Any]):
    """It is found in Tagor, and at the provider."""
    sound = bench.record()
    bench.tagor.fault("Message/Add", "reset_after", times=1)
    bench.leave("voicemail", **{name: value for name, value in today.items() if name != "recording"})
    bench.run_forever()
    assert (kept(bench), bench.provider.recordings.all) == ([sound], [])


def test_one_that_is_deleted_already_needs_no_deletion(bench: Bench, today: dict[str, Any]):
    """Found in Tagor, and nothing left at the provider: that is all."""
    bench.record()
    bench.tagor.fault("Message/Add", "reset_after", times=1)
    bench.leave("voicemail", **{name: value for name, value in today.items() if name != "recording"})
    bench.round()
    bench.provider.recordings.remove(RECORDING)
    bench.run_forever()
    assert (len(kept(bench)), bench.counts()) == (1, (0, 1, 0))


def test_nobody_spoke(bench: Bench):
    """Asked for three times, half a minute apart; then it is plain, and no trouble."""
    bench.leave("voicemail", **HUNG_UP)
    bench.run_forever()
    assert bench.provider.asked["GET list"] == 3
    assert (bench.tagor.records.office_messages(), bench.counts()) == ([], (0, 1, 0))


def test_a_recording_still_being_written_is_waited_for(bench: Bench):
    """Right after the call the provider has no sound yet."""
    bench.provider.early = 2
    sound = bench.record()
    bench.leave("voicemail", **KNOWN)
    bench.run_forever()
    assert kept(bench) == [sound]
    assert bench.provider.asked["GET sound"] == 3


def test_a_provider_that_is_away_is_asked_again(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """Nothing is lost, nothing is written meanwhile, and it does not count as a try that had an effect."""
    sound = bench.record()
    bench.leave("voicemail", **KNOWN)
    bench.leave("voicemail", **HUNG_UP | {"call": "CA" + "9" * 32})
    with monkeypatch.context() as patch:
        patch.setattr(bench.provider, "token", "changed")
        bench.run_forever(4)
    assert (bench.tagor.records.office_messages(), bench.counts()) == ([], (2, 0, 0))
    bench.run_forever()
    assert (kept(bench), bench.asked("GetListFilter")) == ([sound], 0)
    assert bench.counts() == (0, 3, 0)


def test_a_provider_that_is_away_when_it_is_looked_for(bench: Bench, today: dict[str, Any]):
    """What the first try did stays open meanwhile: nothing is sent twice."""
    sound = bench.record()
    bench.tagor.fault("Message/Add", "reset_after", times=1)
    bench.leave("voicemail", **{name: value for name, value in today.items() if name != "recording"})
    bench.round()
    bench.provider.token = "changed"
    bench.run_forever(6)
    assert bench.counts() == (1, 0, 0)
    bench.provider.token = bench.line.token
    bench.run_forever()
    assert (kept(bench), bench.provider.recordings.all) == ([sound], [])


def test_a_recording_that_is_gone_is_told(bench: Bench):
    """Somebody deleted it at the provider: the office reads so, without an id."""
    bench.leave("voicemail", **KNOWN)
    bench.round()
    assert bench.letter().trouble == "the provider has no such recording any more"
    assert bench.tagor.records.office_messages() == []


def test_a_recording_too_large_for_tagor_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    """It is not gone: it stays at the provider, where somebody can hear it."""
    monkeypatch.setattr(bridge.telephony.recordings, "MAX_BYTES", 1000)
    bench.record()
    bench.leave("voicemail", **KNOWN)
    bench.round()
    assert "is larger than" in bench.letter().trouble
    assert bench.provider.recordings.get(RECORDING)


def test_without_a_box_it_goes_to_who_calls_back(open_bench: Callable[..., Bench]):
    """The office named one receiver at least."""
    bench = open_bench({BOX: ""})
    bench.record()
    bench.leave("voicemail", **STRANGER)
    bench.run_forever()
    assert [one.receiver for one in bench.tagor.records.office_messages()] == ["balie"]


def test_without_any_receiver_it_waits_for_the_office(open_bench: Callable[..., Bench]):
    """A dead letter that names the setting; the sound stays at the provider, and Tagor is not asked."""
    bench = open_bench({BOX: "", USER: ""})
    bench.record()
    bench.leave("voicemail", **STRANGER)
    bench.run_forever()
    assert "fill in box in [voicemail]" in bench.letter().trouble
    assert (bench.asked("Add"), bench.provider.recordings.get(RECORDING) is None) == (0, False)


def test_a_voicemail_that_waited_for_the_office_is_delivered_by_a_retry(open_bench: Callable[..., Bench]):
    """The office mends its file, starts anew, and has it tried again."""
    bench = open_bench({BOX: "", USER: ""})
    sound = bench.record()
    bench.leave("voicemail", **STRANGER)
    bench.run_forever()
    sheet = bench.line.offices / "demo.toml"
    sheet.write_text(sheet.read_text("utf-8").replace("[voicemail] ", f"[voicemail]\n{BOX} #"), "utf-8")
    bench.line.start()
    bench.retry()
    bench.run_forever()
    assert kept(bench, None) == [sound]
    assert bench.counts() == (0, 2, 0)
