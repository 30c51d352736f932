"""Asks an office's Tagor each question that its switched-on options ask, about a file that does not exist."""

from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from bridge.checks.check import Findings
from bridge.clock import SYSTEM_CLOCK
from bridge.office.hours import BRUSSELS
from bridge.office.model import Office
from bridge.tagor import Deadline, Tagor, TagorError, TagorRefused, TagorUnreachable

_NOBODY = "0"
"""The id, number and reference of a file, and the id of a party or a line, that no Tagor has."""
_NO_PIN = "000000"


class _OperationCheck(NamedTuple):
    """A question that calls ask, the option that needs it, and whether this office has that option."""

    needed_by: str
    is_on: bool
    method: Callable[[Tagor], Callable[..., object]]
    """Gives the client's method that asks."""
    arguments: tuple[object, ...] = (_NOBODY,)
    """What it is called with besides the deadline."""


class _Write(NamedTuple):
    """What calls change in Tagor, so that it cannot be tried, and the option that needs it."""

    needed_by: str
    is_on: bool
    does: str


def examine(office: Office, tagor: Tagor, found: Findings, deadline: Callable[[], Deadline]) -> None:
    """Note which questions Tagor refuses the line, and what only a person can look at.

    No question leaves anything behind: a balance and a look-up by the caller's number are not asked.
    """
    found.warnings += _refused(office, tagor, deadline)
    needed = "; ".join(f"{one.does} ({one.needed_by})" for one in _writes(office) if one.is_on)
    found.notes.append(
        f"{office.key}: look yourself in Tagor whether the user that the line asks as may do what cannot be "
        f"tried, because it writes: {needed}; and at its parameters 259 (how a file's manager is named), 568 "
        "(whether each look at a balance leaves a record) and 590 (by what a PIN finds its file)."
    )
    if office.letters.slips:
        # Without a defendant's PIN Tagor refuses it whatever the line may do: such an answer tells nothing.
        found.notes.append(
            f"{office.key}: TagorService/ScanBarcode (letters.slips) takes only a defendant's own PIN, so it "
            "cannot be tried: phone the line with a file's PIN, and key in the number of one of its slips."
        )


def _refused(office: Office, tagor: Tagor, deadline: Callable[[], Deadline]) -> Iterator[str]:
    for question in _questions(office):
        if not question.is_on:
            continue
        try:
            question.method(tagor)(*question.arguments, deadline=deadline())
        except TagorUnreachable as error:
            yield f"{office.key}: Tagor cannot be asked all that {question.needed_by} needs ({error})"
            return  # each further question might wait as long
        except TagorError as error:
            is_missing = error.status == HTTPStatus.NOT_FOUND
            failed = not (error.answered or is_missing or error.status is None)
            # Whatever else Tagor says of a file that does not exist, it is an answer. If it failed over such
            # a file, it may know the operation all the same.
            if isinstance(error, TagorRefused) and not error.answered:
                yield (
                    f"{office.key}: Tagor refuses the line {error.operation}, which {question.needed_by} "
                    "needs: give the user that it asks as that right in Tagor."
                )
            elif failed:
                yield (
                    f"{office.key}: {error.operation}, which {question.needed_by} needs, could not be tried "
                    f"(status {error.status}): look in Tagor's log, and phone the line about a file of yours."
                )
            elif is_missing or not error.answered:
                yield f"{office.key}: {question.needed_by} needs what this Tagor does not answer ({error})"


def _questions(office: Office) -> Iterator[_OperationCheck]:
    """Yield what calls ask; each operation stands under one option that needs it."""
    off, way = office.switched_off, office.identification.way
    by_reference, plans = way in {"reference_pin", "house_number"}, "paymentplan" not in off
    yield _OperationCheck(
        "every call", is_on=True, method=lambda tagor: tagor.files.facts, arguments=(_NOBODY, None)
    )
    yield _OperationCheck(
        "identification by PIN",
        way == "pin" or office.other_files.told,
        lambda tagor: tagor.callers.by_pin,
        (_NOBODY, _NO_PIN),
    )
    yield _OperationCheck(
        "identification by reference", by_reference, lambda tagor: tagor.callers.by_reference
    )
    yield _OperationCheck(
        "identification by reference and PIN",
        way == "reference_pin",
        lambda tagor: tagor.callers.pin_opens,
        (_NOBODY, _NO_PIN),
    )
    yield _OperationCheck(
        "identification by house number",
        way == "house_number",
        lambda tagor: tagor.callers.by_house_number,
        (_NOBODY, _NOBODY),
    )
    yield _OperationCheck("identification", is_on=True, method=lambda tagor: tagor.parties.on_file)
    yield _OperationCheck("paymentplan", plans, lambda tagor: tagor.files.running_plan)
    yield _OperationCheck("paymentplan", plans, lambda tagor: tagor.plans.criteria, (_NOBODY, None))
    yield _OperationCheck("paymentplan", plans, lambda tagor: partial(tagor.plans.on_file, active_only=False))
    yield from _of_details(office)
    yield from _of_people(office)
    yield from _of_letters(office)


def _of_details(office: Office) -> Iterator[_OperationCheck]:
    """Yield what is asked about a file's amount and days."""
    off = office.switched_off
    yield _OperationCheck("amount", office.amount is not None, lambda tagor: tagor.amounts.balances)
    yield _OperationCheck(
        "letters.slips and payments.natures",
        office.letters.slips or bool(office.payments.natures),
        lambda tagor: tagor.amounts.lines,
    )
    yield _OperationCheck(
        "payments.natures", bool(office.payments.natures), lambda tagor: tagor.amounts.notes_on_line
    )
    yield _OperationCheck("details", "details" not in off, lambda tagor: tagor.courts.appearances)
    yield _OperationCheck("details", "details" not in off, lambda tagor: tagor.courts.titles)
    yield _OperationCheck("callbacks and planned", is_on=True, method=lambda tagor: tagor.agenda.on_file)
    yield _OperationCheck(
        "details, letters.orders and planned",
        "details" not in off or office.letters.orders or bool(office.planned.public),
        lambda tagor: tagor.codes.words,
        ("TQSTATUS", [_NOBODY], "nl"),
    )


def _of_people(office: Office) -> Iterator[_OperationCheck]:
    """Yield what is asked about the manager of a file, and about its party."""
    situation = office.situation
    yield _OperationCheck("transfer.manager", office.transfer.manager, lambda tagor: tagor.employees.user)
    yield _OperationCheck("situation.address", situation.address, lambda tagor: tagor.parties.addresses)
    yield _OperationCheck(
        "situation.questions",
        bool(situation.questions),
        lambda tagor: tagor.questionnaires.questions,
        (_NOBODY, _NOBODY, _NOBODY),
    )
    yield _OperationCheck("other_files", office.other_files.told, lambda tagor: tagor.parties.files)
    yield _OperationCheck("other_files", office.other_files.told, lambda tagor: tagor.parties.files_below)


def _of_letters(office: Office) -> Iterator[_OperationCheck]:
    """Yield what is asked about messages, letters and notes."""
    letters, messages, plans = office.letters, office.messages, office.plans
    config = messages.copy_config or plans.self_service or ""
    posts = "post" not in office.switched_off
    yield _OperationCheck(
        "messages and situation.mobile",
        posts or office.situation.mobile,
        lambda tagor: tagor.notifications.contacts,
    )
    yield _OperationCheck(
        "messages.copy_config and plans.self_service",
        bool(config),
        lambda tagor: tagor.files.self_service_allowed,
        (_NOBODY, config),
    )
    yield _OperationCheck(
        "messages.statement", posts and bool(messages.statement), lambda tagor: tagor.documents.debt
    )
    yield _OperationCheck(
        "letters and voicemail.keep",
        letters.sent or letters.orders or office.voicemail.keep == "attachment",
        lambda tagor: tagor.documents.on_file,
    )
    yield _OperationCheck(
        "letters.correspondence", letters.correspondence, lambda tagor: tagor.notes.correspondence
    )
    yield _OperationCheck("letters.orders", letters.orders, lambda tagor: tagor.documents.requestable, ())
    yield _OperationCheck("letters.messages", letters.messages, lambda tagor: tagor.messages.message)
    yield _OperationCheck("voicemail and callbacks", is_on=True, method=_sent_today, arguments=())
    yield _OperationCheck("notes and plans", is_on=True, method=lambda tagor: tagor.notes.on_file)


def _sent_today(tagor: Tagor) -> Callable[..., object]:
    return partial(tagor.messages.sent, since=SYSTEM_CLOCK.now().astimezone(BRUSSELS).date())


def _writes(office: Office) -> Iterator[_Write]:
    """Yield what calls change; a balance and a look-up by number leave a mark, so they stand here too."""
    off, letters, situation = office.switched_off, office.letters, office.situation
    yield _Write("every call", is_on=True, does="GetSaldo and ClipToFile")
    yield _Write("paymentplan", "paymentplan" not in off, "SavePaymentPlan and ApprovePaymentPlan")
    yield _Write("messages", "post" not in off, "SendSms and SendMail")
    yield _Write("notes and tasks", is_on=True, does="Dossier/CreateInfoLine")
    yield _Write("payments.natures", bool(office.payments.natures), "Dossierlijn/CreateInfoLine")
    yield _Write("callbacks", is_on=True, does="Dossier/CreateAgenda and Message/Add")
    yield _Write("voicemail.keep", office.voicemail.keep == "attachment", "Dossier/AddAttachment")
    yield _Write("transfer", bool(office.transfer.screen_user) or office.transfer.manager, "SetUserDossier")
    yield _Write("letters.messages", letters.messages, "Message/ToggleRead")
    yield _Write("letters.orders", letters.orders, "Document/Generate")
    yield _Write("situation.mobile", situation.mobile, "Party/AddContactDetail")
    yield _Write("situation.questions", bool(situation.questions), "SolvencyReport/Save")
