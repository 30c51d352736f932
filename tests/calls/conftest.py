"""A caller does and hears what somebody with a telephone does and hears; every webhook arrives twice."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from random import Random
from threading import Barrier, Event, Thread
from typing import TYPE_CHECKING, Any, Self

import pytest

import voice_flows
from bridge.app.create import open_repositories
from bridge.clock import Clock
from bridge.flow.steps import Decide, Do, Menu, Step
from bridge.settings import Settings
from bridge.simulators.provider.caller_actions import DialWait
from bridge.simulators.provider.phone import Declined, Missed, Phone
from bridge.simulators.provider.turn import Utterance
from bridge.simulators.provider.wire import Form, Post, Reply
from bridge.simulators.tagor import CASES, Case, StandIn
from bridge.speech import Catalogue, Sentence
from bridge.store.errors import StoreDown
from voice_flows.defendant import LANGUAGE_KEYS

if TYPE_CHECKING:
    from tests.conftest import Line

CATALOGUE = Catalogue.load(voice_flows.PROMPTS)
GIVEN_A_NUMBER = {
    "TagorService/ClipToFile",  # to look it up
    "TagorService/SavePaymentPlan",  # the plan was made by phone
    "TagorService/ApprovePaymentPlan",  # the mobile on file gets the confirmation
}


def step_of(prompt: str) -> Step | None:
    """Give the step with this prompt; words that are said anywhere have none."""
    flow, _, step = prompt.partition(".")
    table = voice_flows.CALL.flows.get(flow)
    return table.steps.get(step) if table else None


def fills_a_wait(prompt: str) -> bool:
    """Whether a step that runs an action says this prompt while the caller waits."""
    return isinstance(step_of(prompt), Do | Decide)


HELPFUL = ("Anytime.key_slower", "Anytime.key_person")
"""The prompts that tell of a key at the first mistake."""
WAITING = ("Anytime.moment", "Anytime.longer", *(key for key in CATALOGUE.prompts("en") if fills_a_wait(key)))
"""The prompts that fill a wait; where two have the same words, the last one's name counts."""


def deliver_twice(post: Post, journal: Callable[[int], list[dict[str, Any]]]) -> Post:
    """Deliver every webhook two times: the reply must be the same bytes, and Tagor is not asked again.

    A question that the first delivery asks ahead, on a thread of its own, may reach Tagor during the second
    one. So what counts is a question that Tagor gets twice.
    """
    seen = max((entry["seq"] for entry in journal(0)), default=0)

    def posted(url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        nonlocal seen
        first = post(url, form, headers)
        asked = journal(seen)
        again = post(url, form, headers)
        assert (again[0], again[2]) == (first[0], first[2]), "a repeated webhook got another reply"
        both = journal(seen)
        seen = max([seen, *(entry["seq"] for entry in both)])
        before = [(entry["operation"], entry["fields"]) for entry in asked]
        for entry in both[len(asked) :]:
            question = (entry["operation"], entry["fields"])
            assert question not in before, f"a repeated webhook asked Tagor once more: {question[0]}"
            before.append(question)
        return first

    return posted


class Caller:
    """One call as its caller lives it.

    `hears` takes the prompts of the last turn in their order, as `Flow.step`; `Flow.step silent` and
    `Flow.step wrong` are the words after silence and after a wrong key. A placeholder in a prompt stands for
    any text; `told` holds by name what filled it.
    """

    def __init__(self, phone: Phone, language: str, off: frozenset[str] = frozenset()) -> None:
        self.phone, self.language, self._off = phone, language, off
        self.told: dict[str, str] = {}
        phone.ring()

    def hears(self, *prompts: str) -> Self:
        """Check that the last turn said exactly these prompts, in the caller's language.

        The key that is told at a first mistake need not be named.
        """
        said = self.phone.last if {*prompts} & {*HELPFUL} else [*self._without_help(self.phone.last)]
        return self._takes(said, prompts)

    def hears_by_and_by(self, *prompts: str) -> Self:
        """Check that all turns since the last key said exactly these prompts, whatever filled waits between.

        On a busy machine the line tells what it knows while it waits for the rest.
        """
        turns, texts = self.phone.turns, {CATALOGUE.prompts(self.language)[key].text for key in WAITING}
        first = max(place for place, turn in enumerate(turns) if turn.did)
        said = [one for turn in turns[first:] for one in turn.utterances if one.text]
        return self._takes([one for one in self._without_help(said) if one.text not in texts], prompts)

    def is_asked(self, prompt: str) -> bool:
        """Whether this prompt is what the last turn ended with."""
        wanted = self._sentences(prompt)
        said = self.phone.last[-len(wanted) :]
        return len(said) == len(wanted) and all(map(self._is, said, wanted))

    def _takes(self, said: list[Utterance], prompts: tuple[str, ...]) -> Self:
        wanted = [sentence for prompt in prompts for sentence in self._sentences(prompt)]
        self.told = {}
        as_wanted = len(said) == len(wanted) and all(map(self._is, said, wanted))
        assert as_wanted, self._mismatch(said, prompts)
        return self

    def waited(self) -> list[str]:
        """Give the prompts with which the line has filled waits so far."""
        prompts = CATALOGUE.prompts(self.language)
        texts = {prompts[key].text: key for key in WAITING}
        return [texts[heard.text] for heard in self.phone.heard if heard.text in texts]

    def keys(self, keys: str) -> Self:
        """Press these keys, one after the other."""
        self.phone.press(keys)
        return self

    def offered(self, *prompts: str) -> Self:
        """Hear these prompts and the offer of a person, and take it: nobody is put through unasked."""
        return self.hears(*prompts, "Offer.choose").keys("1").hears("Colleague.connect")

    def says(self, words: str) -> Self:
        """Say something aloud."""
        self.phone.speak(words)
        return self

    def silent(self, times: int = 1) -> Self:
        """Say and press nothing until the line stops waiting, so many times."""
        for _ in range(times):
            self.phone.wait()
        return self

    def chooses(self, language: str) -> Self:
        """Press the key of a language in the main menu, and expect that language from here on."""
        [key] = (key for key, spoken in LANGUAGE_KEYS.items() if spoken == language)
        return self.keys(key).speaking(language)

    def no_longer_offered(self, *keys: str) -> Self:
        """Expect these menu keys (`Flow.step.key`) to be gone from here on."""
        self._off |= set(keys)
        return self

    def offered_again(self) -> Self:
        """Expect every menu key from here on."""
        self._off = frozenset()
        return self

    def speaking(self, language: str) -> Self:
        """Expect this language from here on."""
        self.language = language
        return self

    def hangs_up(self) -> None:
        """Put the handset down."""
        self.phone.hang_up()
        assert self.phone.ended_by == "caller"

    def reaches(self, number: str) -> Self:
        """Check that this number rings, and no other."""
        waiting = self.phone.waiting
        assert isinstance(waiting, DialWait), f"nobody rings: the call is {self.phone.state}"
        assert waiting.targets == (number,)
        return self

    def finds_nobody(self, why: Missed = "no-answer") -> Self:
        """Let the colleague's telephone ring in vain."""
        self.phone.miss_transfer(why)
        return self

    def talks(self) -> Self:
        """Let the colleague pick up, take the call, and hang up in the end."""
        self.phone.answer_transfer()
        return self

    def is_not_taken(self, how: Declined) -> Self:
        """Let somebody, or a mailbox, pick up and not take the call."""
        self.phone.decline_transfer(how)
        return self

    def told_colleague(self, *prompts: str) -> Self:
        """Check that the colleague was whispered exactly these prompts, in the office's own language."""
        words = CATALOGUE.prompts("nl")
        wanted = [(words[prompt].text, "nl") for prompt in prompts]
        assert [(heard.text, heard.language[:2]) for heard in self.phone.whispered] == wanted
        return self

    def leaves(self, seconds: float) -> Self:
        """Speak after the tone for so many seconds, then be silent."""
        self.phone.leave_message(seconds)
        return self.silent() if self.phone.state == "recording" else self

    def is_let_go(self) -> Self:
        """Check that the line has hung up, and that the provider had nothing to complain about."""
        assert (self.phone.state, self.phone.ended_by, self.phone.faults) == ("over", "hangup", [])
        return self

    def _without_help(self, said: list[Utterance]) -> Iterator[Utterance]:
        texts = {CATALOGUE.prompts(self.language)[prompt].text for prompt in HELPFUL}
        return (one for one in said if one.text not in texts)

    def _sentences(self, prompt: str) -> list[Sentence]:
        key, _, part = prompt.partition(" ")
        found = CATALOGUE.prompts(self.language)[key]
        if part:
            return [found.parts[part]]
        spoken = ["text", *found.keys] if "text" in found.parts else list(found.keys)
        step = step_of(key)
        languages = step.languages if isinstance(step, Menu) else {}
        told = (one for one in spoken if languages.get(one) != self.language)
        return [found.parts[one] for one in told if f"{key}.{one}" not in self._off]

    def _is(self, said: Utterance, wanted: Sentence) -> bool:
        names = wanted.pieces[1::2]
        words = [re.escape(" ".join(part.split(" "))) for part in wanted.pieces[::2]]
        found = re.fullmatch("(.+)".join(words), said.text)
        if found is None or said.language[:2] != wanted.language:
            return False
        self.told |= dict(zip(names, found.groups(), strict=True))
        return True

    def _mismatch(self, said: list[Utterance], prompts: tuple[str, ...]) -> str:
        heard = "\n".join(f"  {one.language[:2]}: {one.text}" for one in said)
        return f"heard\n{heard}\nin place of {', '.join(prompts)} in {self.language}"


Calling = Callable[..., Caller]


@pytest.fixture
def new_caller() -> type[Caller]:
    """The class of callers, for a phone that the test makes itself."""
    return Caller


def case_of(name: str) -> Case:
    """Give the documented case of this person."""
    return next(case for case in CASES if case.name == name)


@pytest.fixture(autouse=True)
def _contract(tagor: StandIn) -> Iterator[None]:
    """Check after every test that Tagor was sent what the contract has, and numbers only where allowed."""
    yield
    for entry in tagor.journal():
        assert entry["unexpected"] == []
        assert entry["operation"] in GIVEN_A_NUMBER or "Telnr" not in entry["fields"]
        assert not {"OverrideChecks", "user-login", "IPadres"} & set(entry["fields"])


@pytest.fixture
def calling_on(tagor: StandIn) -> Callable[..., Caller]:
    """Ring a line of the test's own, as in `calling_on(line, "+32470000001")`."""

    def call(
        line: "Line",
        caller: str = "+32470000001",
        *,
        language: str = "nl",
        number: str = "",
        off: frozenset[str] = frozenset(),
        **more: Any,  # noqa: ANN401 - the phone's
    ) -> Caller:
        post = deliver_twice(more.pop("post", line.post), tagor.journal)
        return Caller(line.phone(caller, number=number, post=post, **more), language, off)

    return call


@pytest.fixture
def calling(calling_on: Callable[..., Caller], line: "Line") -> Calling:
    """Ring the demo's office, as in `calling("+32470000002", language="fr")`."""
    return lambda *arguments, **options: calling_on(line, *arguments, **options)


@pytest.fixture
def somebody(calling: Calling, rng: Random) -> Calling:
    """Ring the demo's office as somebody whose language is drawn: one of four."""
    case = rng.choice(CASES[:4])
    return lambda: calling(case.phone, language=case.language)


@pytest.fixture
def opened(calling: Calling) -> Calling:
    """Ring as a documented case, and key in the right PIN."""

    def call(name: str = "An Peeters", **options: Any) -> Caller:  # noqa: ANN401 - as calling's
        case = case_of(name)
        caller = calling(case.phone, language=case.language, **options)
        return caller.keys("1").keys(case.pin)

    return call


class PlanLine:
    """A line whose callers agree a plan, and whose workers do their part without depending on real time.

    Whenever the line waits, the sender of decisions finishes first. Then the reconciler makes a round, the
    first one `settles_after` seconds after the decision was sent. `meanwhile` happens once, at a checkpoint.
    """

    def __init__(self, line: "Line", calling_on: Calling, settles_after: float = 0.0) -> None:
        self.line, self.tagor, self.settles_after = line, line.tagor, settles_after
        self._calling_on = calling_on
        self._idle, self._sent_at = Event(), 0.0
        self.meanwhile: dict[str, Callable[[], object]] = {}
        self._idle.set()
        line.start(Clock(line.clock.now, line.clock.monotonic, self._sleep, self._passed))

    def call(self, name: str = "An Peeters", *, pin: str = "", **options: Any) -> Caller:  # noqa: ANN401 - as calling's
        """Ring as a documented case, key in the PIN, and hear the balance."""
        case = case_of(name)
        options = {"language": case.language, "elapse": self._listens, **options}
        caller = self._calling_on(self.line, case.phone or "", **options)
        return caller.keys("1").keys(pin or case.pin)

    def at_request(self, name: str = "An Peeters") -> Caller:
        """Go on until the plan is read back: key 1 requests it."""
        caller = self.call(name).keys("2").keys("1").keys("1")
        assert self.effects(name) == {}
        return caller

    def at_agreement(self, name: str = "An Peeters") -> Caller:
        """Go on until the plan is told as Tagor made it: key 1 agrees.

        Six euro come in while the caller decides, so that Tagor's terms are others than those read back.
        """
        caller, case = self.at_request(name), case_of(name)
        self.tagor.controls.set_balance(case.file, case.balance - 6)
        return caller.keys("1").hears("Agreement.agree")

    def states(self) -> list[str]:
        """Give the state of every decision, oldest first."""
        decisions = open_repositories(Settings.read(self.line.environ)).decisions
        return [str(entry.state) for entry in decisions.report(self.line.clock.now() - timedelta(days=1))]

    def settle(self) -> int:
        """Let the reconciler make a round; gives how many decisions it looked after."""
        looked_after: int = self.line.app.extensions["bridge"].reconciler.round()
        return looked_after

    def minutes_go_by(self, minutes: int) -> None:
        """Let the reconciler make a round in each of so many minutes."""
        for _ in range(minutes):
            self.line.clock.move(minutes=1)
            self.settle()

    def effects(self, name: str = "An Peeters") -> dict[str, int]:
        """Count what took effect on this person's file: `plan`, `approval`, `message`, `info line`."""
        counted = Counter[str]()
        for (kind, _), times in self.tagor.records.effects(case_of(name).file).items():
            counted[kind] += times
        return dict(counted)

    def at_once(self, caller: Caller, keys: str, *, times: int) -> list[bytes]:
        """Deliver the webhook of these keys so often at the same moment; gives the replies."""
        self.line.start(Clock())
        start, replies = Barrier(times), list[bytes]()
        path = f"/voice/turn/{len(caller.phone.turns)}"

        def deliver() -> None:
            start.wait()
            replies.append(self.line.webhook(path, caller.phone.call_id, Digits=keys)[2])

        twins = [Thread(target=deliver) for _ in range(times)]
        for twin in twins:
            twin.start()
        for twin in twins:
            twin.join()
        return replies

    def _passed(self, step: str) -> None:
        if step.endswith(": written"):
            self._idle.clear()
        elif step.endswith(": settled"):
            self._sent_at = self.line.clock.monotonic()
            self._idle.set()
        self.meanwhile.pop(step, lambda: None)()

    def _listens(self, seconds: float) -> None:
        with suppress(StoreDown):  # a caller listens on also where the reconciler's database is away
            self._sleep(seconds)

    def _sleep(self, seconds: float) -> None:
        assert self._idle.wait(10), "the decision was never sent"
        self.line.clock.sleep(seconds)
        if self.line.clock.monotonic() - self._sent_at >= self.settles_after:
            self.settle()


@pytest.fixture
def plan_line(calling_on: Calling, open_line: Callable[..., "Line"]) -> Callable[..., PlanLine]:
    """Open a line for plans: `office` changes the office file, the rest goes to `PlanLine`."""
    return lambda *, office=None, **more: PlanLine(
        open_line(office=office, started=False), calling_on, **more
    )


@pytest.fixture
def plans(plan_line: Callable[..., PlanLine]) -> PlanLine:
    """The demo's office, as a line for plans."""
    return plan_line()
