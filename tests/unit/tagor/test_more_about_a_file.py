"""What else a defendant may ask, asked of the simulated Tagor in both generations, and its sharp edges."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tagor_file_questions import CONTACT_ROW, COURT, FILE_QUESTIONS, MESSAGE, MOBILE, NOTED, TO_PARTY
from tagor_questions import FILE, PIN, YES, context, dataset
from tagor_server import FakeClock, ScriptedTagor, http, says

from bridge.clock import SYSTEM_CLOCK
from bridge.simulators.tagor import CASES, StandIn
from bridge.tagor import (
    AnswerKind,
    ApiKey,
    Deadline,
    FilePin,
    Generation,
    SolvencyQuestion,
    Tagor,
    TagorInvalidResponse,
    TagorRefused,
)
from bridge.tagor.operations import codes

AN, LUC = CASES[0], CASES[4]
NELE, HANS, SOFIE = (
    next(one for one in CASES if one.name == name)
    for name in ("Nele Goossens", "Hans Becker", "Sofie De Smet")
)
ASK = {question.name: question for question in FILE_QUESTIONS}
LISTS = (
    *("balances", "lines", "appearances", "titles", "files_of_party", "files_below", "parties_on_file"),
    *("addresses", "requestable", "unread_messages", "plan_steps", "questionnaires", "questions"),
)


@pytest.fixture(params=list(Generation), ids=lambda generation: generation.value)
def office(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    """A simulated Tagor of each generation."""
    with StandIn(generation=request.param.value) as standin:
        yield standin


@pytest.fixture
def asked(office: StandIn) -> Iterator[Tagor]:
    tagor = Tagor(office.url, ApiKey(office.key), allow_http=True)
    yield tagor
    tagor.close()


@pytest.fixture
def soon() -> Deadline:
    return Deadline(SYSTEM_CLOCK, 30)


def test_a_balance_is_its_parts(asked: Tagor, soon: Deadline):
    """The lines that a defendant sees add up to it, and so do the balances, which have words."""
    lines = asked.amounts.lines(AN.file_id, deadline=soon)
    assert sum(line.amount or 0 for line in lines) == asked.files.balance(AN.file_id, deadline=soon)
    balances = asked.amounts.balances(AN.file_id, deadline=soon)
    *parts, owed = [balance.amount for balance in balances]
    assert sum(part or 0 for part in parts) == owed == AN.balance
    ids = [balance.code_id for balance in balances]
    words = asked.codes.words("TQSALDO", ids, "fr", deadline=soon)
    assert [words[one] for one in ids] == ["Principal", "Intérêts", "Frais", "Payé", "Solde du débiteur"]
    assert asked.documents.debt(AN.file_id, deadline=soon)[-1].endswith("1234,56 EUR")
    assert len(asked.amounts.lines(AN.file_id, evolution_only=True, deadline=soon)) == 2


def test_a_court_is_told_in_words(asked: Tagor, soon: Deadline):
    """Day, town, court and chamber; a file that has none has an empty list."""
    [court] = asked.courts.appearances(HANS.file_id, deadline=soon)
    assert court.at
    assert (court.at.date(), court.place) == (date(2031, 3, 4), "Eupen")
    words = asked.codes.words("TQRB", [court.court_id, "VRED", "NIETS"], "de", deadline=soon)
    assert words == {court.court_id: "Friedensgericht", "VRED": "Friedensgericht"}
    assert asked.courts.appearances(AN.file_id, deadline=soon) == ()
    [title] = asked.courts.titles("9000000000000000018", deadline=soon)
    assert (title.day, title.text) == (date(2024, 11, 12), "Vonnis")


def test_all_files_of_a_party_are_told(asked: Tagor, soon: Deadline):
    """Four of one party, one of them below another; who is on a file stands in Tagor's order."""
    files = asked.parties.files(LUC.party_id, deadline=soon)
    assert [file.name for file in files] == [LUC.file, *(one.file for one in LUC.further)]
    assert files[0].balance == LUC.balance
    assert [file.name for file in asked.parties.files_below(LUC.file_id, deadline=soon)] == ["20230523"]
    assert [one.id for one in asked.parties.on_file(LUC.file_id, deadline=soon)] == [LUC.party_id, None]
    [address] = asked.parties.addresses(LUC.party_id, deadline=soon)
    assert (address.number, address.current) == ("88", True)


def test_a_contact_is_registered_once_and_comes_back(office: StandIn, asked: Tagor, soon: Deadline):
    """In the words of either generation, and with the defendant's own PIN too."""
    earlier = office.tagor.generation == "1.08"
    added = asked.parties.add_contact(AN.party_id, MOBILE, earlier=earlier, deadline=soon)
    own = asked.acting_as(FilePin(AN.file, AN.pin))
    own.parties.add_contact(AN.party_id, "an@example.be", earlier=earlier, deadline=soon)
    contacts = asked.notifications.contacts(AN.party_id, deadline=soon)
    assert [one.content for one in contacts if one.id == added] == [MOBILE]
    assert [one.content for one in contacts].count("an@example.be") == 1


def test_a_message_of_the_office_is_read_once(asked: Tagor, soon: Deadline):
    """By its own party on its own file; once it is marked it is unread no more."""
    [message] = asked.messages.unread(SOFIE.file_id, SOFIE.party_id, deadline=soon)
    assert message.subject == "Uw vraag"
    assert asked.messages.message(message.id, deadline=soon) == message
    asked.messages.mark_read(message.id, deadline=soon)
    assert asked.messages.unread(SOFIE.file_id, SOFIE.party_id, deadline=soon) == ()
    assert asked.messages.unread(AN.file_id, AN.party_id, deadline=soon) == ()


def test_a_payment_is_started_and_told(office: StandIn, asked: Tagor, soon: Deadline):
    """A reference that was used is a clear no; what is on its way comes back among the facts."""
    page = asked.payments.start(
        AN.file_id, Decimal("12.50"), reference="K7", return_url="https://a.be/x", deadline=soon
    )
    assert page.url.startswith("https://")
    with pytest.raises(TagorRefused):
        asked.payments.start(
            AN.file_id, Decimal("12.50"), reference="K7", return_url="https://a.be", deadline=soon
        )
    asked.payments.received(AN.file_id, AN.party_id, Decimal("12.50"), deadline=soon)
    awaited = asked.files.facts(AN.file_id, AN.party_id, deadline=soon).unconfirmed_payment
    assert awaited
    assert awaited.amount == Decimal("12.50")
    own = asked.acting_as(FilePin(AN.file, AN.pin)).payments
    assert own.details(deadline=soon)[-2].endswith("1234,56 EUR")
    scanned = own.scan("2000000010", deadline=soon)
    assert scanned
    assert scanned.file == AN.file_id
    assert own.scan("2000000020", deadline=soon) is None
    asked.amounts.note_on_line(scanned.line, "Betwist per telefoon.", date(2026, 11, 29), deadline=soon)
    assert [row["text"] for row in office.state()["line_infos"]] == ["Betwist per telefoon."]


def test_a_document_is_ordered(office: StandIn, asked: Tagor, soon: Deadline):
    """One of those that the office lets the bridge order."""
    kinds = asked.documents.requestable(deadline=soon)
    asked.documents.order(AN.file_id, AN.party_id, kinds[1].id, deadline=soon)
    assert [one.name for one in asked.documents.on_file(AN.file_id, deadline=soon)] == [kinds[1].name]
    assert len(office.records.attachments(AN.file)) == 1


def test_a_link_is_sent_and_opens_its_file(office: StandIn, asked: Tagor, soon: Deadline):
    """To whoever was born on that day; nobody else gets one."""
    born = date.fromisoformat(str(AN.public()["birth_date"]))
    asked.links.send(AN.file, born=born, mail_code="FAQ", deadline=soon)
    [sent] = office.state()["hashes"]
    link = asked.links.open(sent["token"], deadline=soon)
    assert link
    assert (link.file, link.party, link.language, bool(link.until)) == (AN.file_id, AN.party_id, "nl", True)
    assert asked.links.open("0" * 16, deadline=soon) is None
    with pytest.raises(TagorRefused):
        asked.links.send(AN.file, born=date(1901, 1, 1), mail_code="FAQ", deadline=soon)


def test_a_questionnaire_goes_on_where_it_broke_off(asked: Tagor, soon: Deadline):
    """What was answered comes back with the questions; an answer that does not fit is no answer."""
    questionnaire, *_ = asked.questionnaires.known(deadline=soon)
    whose = questionnaire.id, AN.file_id, AN.party_id
    first, *others = asked.questionnaires.questions(*whose, deadline=soon)
    assert (first.kind, first.choices[0]) == (AnswerKind.CHOICE, ("W1", "Werknemer"))
    asked.questionnaires.save(*whose, {first.id: "W2", others[1].id: "1234.50"}, deadline=soon)
    answers = [one.answer for one in asked.questionnaires.questions(*whose, deadline=soon)]
    assert answers == ["W2", "", "1234.50", "", "", ""]
    with pytest.raises(TagorInvalidResponse, match="400"):
        asked.questionnaires.save(*whose, {first.id: "W9"}, deadline=soon)


def test_the_steps_of_a_plan_are_told(asked: Tagor, soon: Deadline):
    """Amount, first and last day, and the period's code."""
    [step] = asked.plans.steps(NELE.file_id, deadline=soon)
    assert (step.amount, step.first, step.period_id) == (Decimal(80), date(2024, 9, 5), "9000000000000000301")


def test_words_are_asked_once_and_remembered(
    server: ScriptedTagor, tagor: Tagor, by: Deadline, clock: FakeClock
):
    """Also that there are none, also for a defendant's own Tagor; after an hour they are asked again."""
    answer = says(ASK["words"].content)
    server.plays("Code/GetDescription", answer, says(dataset("dsCodetabelIDs", "ttCodetabelIDs")), answer)
    told = {COURT: "Friedensgericht"}
    assert tagor.codes.words("TQRB", [COURT], "de", deadline=by) == told
    for asked in (tagor, tagor.acting_as(FilePin("20230118", PIN))):
        assert asked.codes.words("TQRB", [COURT, "NIETS"], "de", deadline=by) == told
    rows = [one.request["dsCodetabelIDs"]["dsCodetabelIDs"]["ttCodetabelIDs"] for one in server.asked]
    assert rows == [
        [{"Tabel": "TQRB", "Id": COURT, "Taal": "Ger"}],
        [{"Tabel": "TQRB", "Code": "NIETS", "Taal": "Ger"}],
    ]
    clock.tick(codes.KEPT_SECONDS + 1)
    assert tagor.codes.words("TQRB", [COURT], "de", deadline=Deadline(clock, 30)) == told
    assert len(server.asked) == 3


def test_remembered_words_are_bounded(tagor: Tagor, by: Deadline, monkeypatch: pytest.MonkeyPatch):
    """Beyond the bound all are forgotten, and asked again."""
    monkeypatch.setattr(codes, "MAX_KEPT", 1)
    for table in ("TQRB", "TQKAMER", "TQRB"):
        assert tagor.codes.words(table, [COURT], "de", deadline=by) == {COURT: "Friedensgericht"}


def test_an_id_is_asked_once_by_its_code(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Whatever the case of its letters; a code that the table does not have is remembered as well."""
    row = {"Tabel": "TQPARSOORT", "Id": "3", "Code": "Verw"}
    server.plays("Code/GetList", says(dataset("dsCodetabelIDs", "ttCodetabelIDs", row)))
    for _ in range(2):
        assert tagor.codes.id_of("TQPARSOORT", "VERW", deadline=by) == "3"
        assert tagor.codes.id_of("TQPARSOORT", "NIETS", deadline=by) == ""
    assert len(server.asked) == 2


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("odd", [[], "", "x", {"inner": "x"}])
def test_a_table_that_cannot_be_read_is_no_empty_one(
    name: str, odd: object, *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Nobody is told that nothing is there; a table that Tagor leaves out is empty."""
    question = ASK[name]
    outer = next(iter(question.content))
    inner, table = (next(iter(part)) for part in (question.content[outer], *question.content[outer].values()))
    broken = {inner: {table: odd["inner"]}} if isinstance(odd, dict) else odd
    for content in ({outer: broken}, {}):
        server.plays(question.path, says(content))
        with pytest.raises(TagorInvalidResponse):
            question.ask(tagor, by)
    for empty in ({}, None, {inner: {}}, {inner: None}, {table: []}, {inner: {table: None}}):
        server.plays(question.path, says({outer: empty}))
        assert question.ask(tagor, by) == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("note_on_line", dataset("dsTDOSLIJNINFOWeb", "ttTDOSLIJNINFOWeb", NOTED, NOTED)),
        (
            "note_on_line",
            dataset("dsTDOSLIJNINFOWeb", "ttTDOSLIJNINFOWeb", NOTED | {"financial_line_id": "7"}),
        ),
        ("add_contact", dataset("dsTCOMWeb", "ttTCOMWeb")),
        ("add_contact", dataset("dsTCOMWeb", "ttTCOMWeb", CONTACT_ROW)),
        ("add_contact", dataset("dsTCOMWeb", "ttTCOMWeb", CONTACT_ROW | {"id": "7", "owning_id": "12"})),
        ("mark_read", dataset("dsTBERICHTWeb", "ttTBERICHTWeb")),
        ("mark_read", dataset("dsTBERICHTWeb", "ttTBERICHTWeb", TO_PARTY | {"TBERICHT_Id": "12"})),
        ("order_document", {}),
        ("order_document", context(success="perhaps")),
        ("start_payment", ASK["start_payment"].content | {"redirectionUrl": "http://pay.example.be"}),
        ("start_payment", ASK["start_payment"].content | {"redirectionData": ""}),
        ("payment_details", YES | {"Data": "x"}),
    ],
)
def test_a_change_that_tagor_does_not_show_is_not_done(
    name: str, content: dict[str, Any], *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Another line, party or message, or an answer that says nothing; an odd text is one line."""
    server.plays(ASK[name].path, says(content))
    if name == "payment_details":
        assert ASK[name].ask(tagor, by) == ("x",)
        return
    with pytest.raises(TagorInvalidResponse):
        ASK[name].ask(tagor, by)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("order_document", context(success="FALSE")),
        ("start_payment", ASK["start_payment"].content | {"redirectionStatusCode": "05"}),
    ],
)
def test_a_no_in_other_words_is_a_no(
    name: str, content: dict[str, Any], *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """The context's `success`, the payment gateway's code."""
    server.plays(ASK[name].path, says(content))
    with pytest.raises(TagorRefused):
        ASK[name].ask(tagor, by)


def test_a_note_at_a_line_is_found_under_its_earlier_name(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Generation 1.08 answers under the dataset of info lines."""
    server.plays("Dossierlijn/CreateInfoLine", says(dataset("dsTDOSINFOWeb", "ttTDOSINFOWeb", NOTED)))
    assert ASK["note_on_line"].ask(tagor, by) is None


def test_a_message_that_nobody_knows_is_none(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Nor is another one taken for it."""
    server.plays(
        "Message/GetMessage",
        says(dataset("dsTBERICHTWeb", "ttTBERICHTWeb")),
        says(dataset("dsTBERICHTWeb", "ttTBERICHTWeb", TO_PARTY | {"TBERICHT_Id": "12"})),
    )
    assert [tagor.messages.message(MESSAGE, deadline=by) for _ in range(2)] == [None, None]


def test_a_debt_that_tagor_does_not_detail_is_empty(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """No output, or one that is no text."""
    odd = dataset("dsWebContext", "ttWebContext", "x", {"ContextKey": "Output", "ContextValue": 7})
    server.plays("Document/GetMergefield", says(context()), says(odd))
    assert tagor.documents.debt(FILE, deadline=by) == ()
    with pytest.raises(TagorInvalidResponse):
        tagor.documents.debt(FILE, deadline=by)


def test_a_refused_change_may_have_happened(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """After a 401 nobody knows: it is no clear no."""
    server.plays("Document/Generate", http(401))
    with pytest.raises(TagorInvalidResponse):
        ASK["order_document"].ask(tagor, by)


@pytest.mark.parametrize(
    ("kind", "known", "given", "shown"),
    [
        (AnswerKind.AMOUNT, "1250,00", "1250", True),
        (AnswerKind.AMOUNT, "1250.5", "1250.50", True),
        (AnswerKind.AMOUNT, "1250", "125", False),
        (AnswerKind.NUMBER, "3", "3", True),
        (AnswerKind.NUMBER, "some", "3", False),
        (AnswerKind.NUMBER, "", "0", False),
        (AnswerKind.YES_NO, "True", "true", True),
        (AnswerKind.CHOICE, "W1", "W2", False),
    ],
)
def test_an_answer_is_known_again_however_tagor_writes_it(
    kind: AnswerKind, known: str, given: str, *, shown: bool
):
    """So an answer that was saved is looked for by what it means, not by its signs."""
    question = SolvencyQuestion("558", "Hoeveel verdient u?", kind, (), known)
    assert question.shows(given) is shown
