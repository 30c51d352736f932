"""Every question the client knows, asked over a real socket and answered as real offices answer."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tagor_questions import FILE, PARTY, PIN, YES, Question, context, dataset
from tagor_server import ScriptedTagor, http, says

from bridge.tagor import (
    CallerHint,
    Deadline,
    FilePin,
    Generation,
    LookupMiss,
    Ping,
    Tagor,
    TagorInvalidResponse,
    TagorRefused,
)

CLIP = "TagorService/ClipToFile"
REFERENCE = "TagorService/GetVoxtronReferentie"
HOUSE = "TagorService/GetVoxtronVerwByHuisNr"


def test_a_question_is_sent_as_the_contract_says_and_its_answer_understood(
    question: Question, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """One POST, JSON in its envelope, JSON wanted, nothing packed; the answer in the bridge's own words.

    Health and version need no credential: a wrong key must not make a healthy Tagor look sick.
    """
    assert question.ask(tagor, by) == question.told
    assert [asked.request for asked in server.asked] == [question.request, *question.further]
    for asked in server.asked:
        assert asked.path == question.path
        assert asked.headers["content-type"] == "application/json"
        assert asked.headers["accept"] == "application/json"
        assert asked.headers["accept-encoding"] == "identity"
        open_to_all = asked.path in ("Config/Ping", "Config/Version")
        assert ("authorization" in asked.headers) is not open_to_all


def test_an_answer_under_request_counts_too(
    some_question: Question, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Some answers of generation 1.08 stand under `request`."""
    server.plays(some_question.path, says(some_question.content, envelope="request"))
    assert some_question.ask(tagor, by) == some_question.told


def test_a_defendant_may_ask_over_the_same_connection(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """File and PIN are shown in their own scheme, and the office's key goes on as before."""
    defendant = tagor.acting_as(FilePin("20230118", PIN))
    defendant.files.balance(FILE, deadline=by)
    tagor.files.balance(FILE, deadline=by)
    shown = [asked.headers["authorization"] for asked in server.asked]
    assert shown == ["Pin MjAyMzAxMTg6NDgyMTkz", "Tgr KEY-canary-5513"]
    assert server.connections == 1


@pytest.mark.parametrize("kind", ["K", "A", "Z"])
def test_only_a_defendant_is_recognised(server: ScriptedTagor, tagor: Tagor, by: Deadline, kind: str):
    """A client, anybody else and an unknown kind are nobody, also when Tagor gives them no id."""
    server.plays(CLIP, says(YES | {"Partijtype": kind, "TPAR_Id": ""}))
    assert tagor.callers.by_number("+32470000001", deadline=by) is None


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"dsClipToFileDossiers": None},
        {"dsClipToFileDossiers": {}},
        {"dsClipToFileDossiers": {"dsClipToFileDossiers": {}}},
        dataset("dsClipToFileDossiers", "ttClipToFileDossiers"),
    ],
)
def test_a_defendant_without_files_has_none(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, files: dict[str, Any]
):
    """Tagor may leave out empty arrays, or the whole inner object; a language it does not know is none."""
    server.plays(CLIP, says(YES | {"Partijtype": "V", "TPAR_Id": 12, "Taal": "Ned"} | files))
    assert tagor.callers.by_number("+32470000001", deadline=by) == CallerHint("12", None, ())


def test_the_balance_is_not_read_from_a_phone_number(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """`SaldoVerw` comes with a bare number, so whatever stands there is dropped unread."""
    rows = [
        {"TDOS_Id": i, "Dossiernaam": f"F{i}", "SaldoVerw": saldo} for i, saldo in ((1, "oops"), (2, None))
    ]
    files = dataset("dsClipToFileDossiers", "ttClipToFileDossiers", *rows)
    server.plays(CLIP, says(YES | {"Partijtype": "V", "TPAR_Id": PARTY} | files))
    hint = tagor.callers.by_number("+32470000001", deadline=by)
    assert hint
    assert [(file.id, file.name) for file in hint.files] == [("1", "F1"), ("2", "F2")]


@pytest.mark.parametrize("dataset_", [[], "x", {"dsClipToFileDossiers": 7}, {"dsClipToFileDossiers": [1]}])
def test_a_hint_whose_files_cannot_be_read_has_none(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, dataset_: object
):
    """A number is a hint only: its language still counts, and the caller is asked for the file."""
    answer = YES | {"Partijtype": "V", "TPAR_Id": PARTY, "dsClipToFileDossiers": dataset_}
    server.plays(CLIP, says(answer))
    assert tagor.callers.by_number("+32470000001", deadline=by) == CallerHint(PARTY, None, ())


@pytest.mark.parametrize(
    ("content", "miss"),
    [
        ({"Success": True, "ReturnCode": "-1"}, LookupMiss.NOT_FOUND),
        ({"Success": False, "ReturnCode": -1}, LookupMiss.NOT_FOUND),
        ({"Success": False, "ReturnCode": ""}, LookupMiss.NOT_FOUND),
        ({"Success": True, "ReturnCode": "-2"}, LookupMiss.SEVERAL),
        ({"Success": False, "ReturnCode": "-2"}, LookupMiss.SEVERAL),
    ],
)
def test_a_reference_that_leads_nowhere_says_why(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, content: dict[str, Any], miss: LookupMiss
):
    """Unknown or of several files; in neither case is anything else in the answer believed."""
    server.plays(REFERENCE, says(content | {"DosId": FILE}))
    server.plays(HOUSE, says(content | {"VolgNrVerw": 1}))
    assert tagor.callers.by_reference("2023/118", deadline=by) is miss
    assert tagor.callers.by_house_number(FILE, "12", deadline=by) is None


def test_an_open_defendant_is_none(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Without an index Tagor may say 0, nothing or null for which defendant is meant."""
    found = YES | {"ReturnCode": "0", "DosId": FILE, "AantalVerw": 2, "Dagvaarding": False}
    server.plays(REFERENCE, *(says(found | {"VolgNrVerw": open_}) for open_ in (0, None, "")))
    for _ in range(3):
        reference = tagor.callers.by_reference("2023/118", deadline=by)
        assert not isinstance(reference, LookupMiss)
        assert (reference.defendant, reference.defendants, reference.summons) == (None, 2, False)
    assert server.asked[0].request == {"Referentie": "2023/118"}


@pytest.mark.parametrize("index", [0, -1, 100])
def test_an_index_counts_from_one(tagor: Tagor, by: Deadline, index: int):
    """Nothing is sent for a defendant there cannot be."""
    with pytest.raises(ValueError, match="counts defendants from 1"):
        tagor.callers.by_reference("2023/118", index, deadline=by)


def test_without_a_plan_its_terms_do_not_matter(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Offices send null, zero or nothing for the terms of no plan."""
    server.plays("TagorService/PaymentInfo", says(YES | {"Betaalplan": "false", "Maandbedrag": None}))
    assert tagor.files.running_plan(FILE, deadline=by) is None


def test_opening_hours_are_those_of_the_office_without_a_file(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Nothing of a file is sent before anybody is known."""
    tagor.office.is_open(deadline=by)
    assert server.asked[0].request == {}


def test_credit_is_below_zero(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """An amount keeps its sign and gets two decimals."""
    server.plays("TagorService/GetSaldo", says(YES | {"Saldo": -12.5}))
    assert str(tagor.files.balance(FILE, deadline=by)) == str(Decimal("-12.50"))


@pytest.mark.parametrize(
    ("halves", "told"),
    [
        ({"102B": "true"}, Ping(api=False, tagor=True)),
        ({"117": "true", "102B": "false"}, Ping(api=True, tagor=False)),
    ],
)
def test_a_half_that_is_not_reported_up_is_down(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, halves: dict[str, str], told: Ping
):
    """Silence is not health."""
    server.plays("Config/Ping", says(context(**halves)))
    assert tagor.office.ping(deadline=by) == told


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("1.08.2000B5", Generation.V1_08),
        ("1.09.1", Generation.V1_08),
        ("2.00.0001", Generation.V2_00),
        ("3.01", Generation.V2_00),
    ],
)
def test_a_version_tells_the_generation(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, version: str, told: Generation
):
    """A newer generation keeps the names of those before."""
    server.plays("Config/Version", says(context(TagorVersion=version)))
    assert tagor.office.generation(deadline=by) is told


@pytest.mark.parametrize("play", [http(404), says({}), says(context(APIVersion="", OEVersionAPI="11.7"))])
def test_an_office_may_tell_its_version_elsewhere(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, play: Callable[..., None]
):
    """The vendor's page of 1.08 knows only `Config/Info` for it, and only for whom it knows."""
    server.plays("Config/Version", play)
    assert tagor.office.generation(deadline=by) is Generation.V2_00
    assert server.asked[-1].headers["authorization"] == "Tgr KEY-canary-5513"


@pytest.mark.parametrize("version", ["", "B5", "1,08", "2.00.\u00e9"])
def test_a_version_nobody_can_read_is_broken(server: ScriptedTagor, tagor: Tagor, by: Deadline, version: str):
    """Guessing a generation would mean sending calls it does not know."""
    server.plays("Config/Version", says(context(APIVersion=version)))
    server.plays("Config/Info", says(context(APIVersion=version)))
    with pytest.raises(TagorInvalidResponse):
        tagor.office.generation(deadline=by)


def test_a_no_says_nothing_of_the_file(service: Question, server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Where a no is an answer it is one value; elsewhere it is a refusal that names the operation only."""
    server.plays(service.path, says({"Success": False, "Error": "canary"}))
    if service.no is not TagorRefused:
        assert service.ask(tagor, by) is service.no
        return
    with pytest.raises(TagorRefused, match="a colleague takes over") as refused:
        service.ask(tagor, by)
    assert refused.value.operation == service.path
    assert "canary" not in repr(refused.value)


def test_what_holds_personal_data_does_not_print_it(question: Question, tagor: Tagor, by: Deadline):
    """A fact that slips into a log line shows its kind only; the office's own facts are public."""
    told = question.ask(tagor, by)
    if question.is_service and type(told).__module__.startswith("bridge."):
        assert not any(str(value) in repr(told) for value in question.content.values() if len(str(value)) > 4)
