"""Judges mobiles that callers registered as a contact: once, only what was confirmed, and as it was told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from bridge.simulators.rehearsal.judging.observations import ConfirmedMobile, ObservedCall
from bridge.speech.numbers import say_digits

ADD = "Party/AddContactDetail"
CONFIRMED_AT = {"Contact.own": "own_mobile", "Contact.read_back": "other_mobile"}
"""The questions whose key 1 confirms a mobile, with the fact that reads it back."""
HEARD: Mapping[str, Literal["done", "noted", "denied"]] = {
    "Contact.done": "done",
    "Contact.noted": "noted",
    "Contact.sorry": "denied",
    "Contact.nothing": "denied",
}
"""What the prompts tell of the last mobile that was confirmed."""


def confirm_mobile(call: ObservedCall, turn: str) -> None:
    """Note the mobile that the caller confirms by key 1; pressed again at the same turn it is that one."""
    name = CONFIRMED_AT.get(call.question)
    sentence = call.last.get(call.question)
    if name and sentence and turn not in [mobile.turn for mobile in call.mobiles]:
        call.mobiles.append(ConfirmedMobile(turn, sentence.values[name]))


def hear_of_mobile(call: ObservedCall, prompt: str) -> None:
    """Note what the caller hears of the mobile that they confirmed last."""
    if prompt in HEARD and call.mobiles and not call.mobiles[-1].heard:
        call.mobiles[-1].heard = HEARD[prompt]


def judge_mobiles(
    rows: Iterable[Mapping[str, str]], calls: Iterable[ObservedCall]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the contacts (rows of Tagor's table), with the promise that it breaks."""
    confirmed = [mobile for call in calls for mobile in call.mobiles]
    there = Counter((row["party_id"], say_digits(row["content"])) for row in rows)
    if any(times > 1 for times in there.values()):
        yield "INV1", "a mobile was registered twice for one party"
    numbers = Counter(spoken for _, spoken in there.elements())
    for spoken, times in numbers.items():
        heard = [mobile.heard for mobile in confirmed if mobile.spoken == spoken]
        if times > len(heard):
            yield "INV2", f"a mobile was registered {times} times, and confirmed {len(heard)} times"
        elif times > len(heard) - heard.count("denied"):
            yield "INV13", "heard that no mobile was registered, and it was"
    if any(mobile.heard == "done" and mobile.spoken not in numbers for mobile in confirmed):
        yield "INV13", "heard that a mobile is registered, and it is not"


def unsettled_mobiles(rows: Iterable[Mapping[str, str]], call: ObservedCall) -> int:
    """Count the mobiles that a caller heard to be noted and that are not registered: each is a task."""
    there = {say_digits(row["content"]) for row in rows}
    return sum(mobile.heard == "noted" and mobile.spoken not in there for mobile in call.mobiles)
