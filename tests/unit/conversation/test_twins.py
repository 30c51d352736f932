"""A provider may deliver one webhook several times at once: each gets the same bytes, and acts once."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from bridge.clock import Clock
from bridge.simulators.provider.wire import Form, Post, Reply
from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from bridge.simulators.provider.phone import Phone
    from tests.conftest import Line

COPIES = 8
AN = CASES[0]
ASKING = {'# questions = { nl = "9000000000000000861" }': 'questions = { nl = "9000000000000000861" }'}
"""The demo's office, which asks about its callers' situation."""


def deliver_together(post: Post, copies: int) -> Post:
    """Deliver each webhook so often at the same moment; all replies must be the same."""

    def posted(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        together = Barrier(copies)

        def one(_: int) -> Reply:
            together.wait()
            return post(url, form, headers)

        with ThreadPoolExecutor(copies) as threads:
            replies = list(threads.map(one, range(copies)))
        assert len({(status, body) for status, _, body in replies}) == 1
        return replies[0]

    return posted


def balance_and_goodbye(phone: "Phone") -> None:
    """Ring, menu keys, a PIN, the balance, a repeated question, silence, a wrong key, goodbye."""
    phone.press("1")
    phone.press(AN.pin)
    phone.press("*")
    phone.wait()
    phone.press("9")


def plan_agreed(phone: "Phone") -> None:
    """Two decisions: the plan and its approval."""
    phone.press("1")
    phone.press(AN.pin)
    for key in ("2", "1", "1", "1"):
        phone.press(key)


def voicemail(phone: "Phone") -> None:
    """A transfer that nobody takes, and a message after the tone."""
    phone.press("0")
    phone.miss_transfer("no-answer")
    phone.press("2")
    phone.leave_message(4)
    phone.hang_up()


def call_back(phone: "Phone") -> None:
    """A promised call-back: an entry of its own beside the turn."""
    phone.press("0")
    phone.miss_transfer("no-answer")
    for key in ("1", "1", "1"):
        phone.press(key)


def document_ordered(phone: "Phone") -> None:
    """A decision of the kind that Tagor makes a document for."""
    phone.press("1")
    phone.press(AN.pin)
    for key in ("3", "2", "2", "1"):
        phone.press(key)


def contact_registered(phone: "Phone") -> None:
    """A decision about another mobile, which is keyed in and read back."""
    phone.press("1")
    phone.press(AN.pin)
    for keys in ("3", "3", "2", "0472987654#", "1"):
        phone.press(keys)


def questions_answered(phone: "Phone") -> None:
    """Each answer is kept with its turn, and a decision saves them all."""
    phone.press("1")
    phone.press(AN.pin)
    for keys in ("3", "3", "4", "1", "2", "1", "1850*50#", "1", "00#", "1", "3#", "1", "1"):
        phone.press(keys)


def mail_sent(phone: "Phone") -> None:
    """A decision that reaches the address on file."""
    phone.press("1")
    phone.press(AN.pin)
    for key in ("1", "1", "2", "1"):
        phone.press(key)


KNOWN = {"ClipToFile": 1, "KantoorOpen": 1}
OPENED = KNOWN | {"PinToFile": 1, "GetDosInfo": 1, "GetSaldo": 1, "PaymentInfo": 1, "GetListFilter": 1}
PLAN = {"PaymentInfo": 2, "GetDosInfo": 3, "GetPaymentPlanCriteria": 3, "GetPaymentPlans": 2}
DECIDED = {"SavePaymentPlan": 1, "ApprovePaymentPlan": 1}
ORDER = {"GetRequestableDocuments": 2, "GetDescription": 1, "Get": 2, "Generate": 1}
CONTACT = {"GetAddresses": 1, "GetContactDetails": 3, "Version": 1, "AddContactDetail": 1}
QUESTIONS = {"GetAddresses": 1, "Get": 2, "Save": 1}
MAIL = {"GetDosInfo": 3, "Version": 1, "SendMail": 1}
RANG = KNOWN | {"SetUserDossier": 1}
CALLS: dict[Callable[["Phone"], None], tuple[dict[str, int], dict[str, int], list[str]]] = {
    balance_and_goodbye: (OPENED, {"ready": 1}, []),
    # The second job is the look, after the call, whether the plan was left unapproved.
    plan_agreed: (OPENED | PLAN | DECIDED, {"ready": 2}, []),
    voicemail: (RANG, {"ready": 1}, []),
    call_back: (RANG, {"ready": 1}, ["promised"]),
    document_ordered: (OPENED | ORDER, {"ready": 1}, []),
    contact_registered: (OPENED | CONTACT, {"ready": 1}, []),
    # The second job is the look, after the call, whether answers were left unsaved.
    questions_answered: (OPENED | QUESTIONS, {"ready": 2}, []),
    mail_sent: (OPENED | MAIL, {"ready": 1}, []),
}
"""What each call asks of Tagor, and the jobs and promised call-backs that it leaves."""


@pytest.mark.parametrize("copies", [1, COPIES])
@pytest.mark.parametrize("call", CALLS)
def test_twins_of_every_turn_get_one_reply_and_act_once(
    open_line: "Callable[..., Line]", call: Callable[["Phone"], None], copies: int
):
    """Tagor is asked and told, and jobs and promises are left, as if each webhook had come once."""
    line = open_line(office=ASKING)
    line.start(Clock(now=line.clock.now))
    phone = line.phone(AN.phone, post=deliver_together(line.post, copies)).ring()
    call(phone)
    asked, jobs, promises = CALLS[call]
    assert (Counter(line.asked()), line.jobs(), line.promises()) == (asked, jobs, promises)
    assert all(times == 1 for times in line.tagor.records.effects(AN.file).values())
