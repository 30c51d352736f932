"""The witness of a story: hears what callers hear, knows what Tagor did, and says where the two part."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bridge.carrier.phone import Phone
from bridge.carrier.turn import Utterance
from bridge.standin import CASES
from bridge.standin.records import Plan
from simulation_ears import Ears, Sentence
from simulation_line import CANARIES, Simulated

SAVE, APPROVE = "TagorService/SavePaymentPlan", "TagorService/ApprovePaymentPlan"
BALANCE = ("Balance.tell", "Balance.settled", "Balance.credit")
CREDITORS = {creditor: file for file, creditor in CANARIES.items()}
MEDIA = {"Confirmation.by_sms": "SMS", "Confirmation.by_mail": "EMAIL"}
FILES = {
    file.file: file.file_id
    for case in CASES
    for file in (case, *case.further)  # type: ignore[misc]  # both have these two
}
OPENED_BY: dict[str, set[str]] = {}
for _case in CASES:
    for _pin in (_case.pin, *(other.pin for other in _case.before)):
        OPENED_BY.setdefault(_pin, set()).add(_case.file)
    for _further in _case.further:
        OPENED_BY.setdefault(_further.pin, set()).add(_further.file)


@dataclass(frozen=True)
class Terms:
    """A plan as it was read back before the caller confirmed it."""

    language: str
    plan: str
    start: str


@dataclass
class Call:
    """What one caller did and heard that counts."""

    phone: Phone
    files: set[str] = field(default_factory=set)
    last: dict[str, Sentence] = field(default_factory=dict)
    question: str = "ringing"
    confirmed: dict[str, Terms] = field(default_factory=dict)
    agreed: set[str] = field(default_factory=set)
    last_confirmed: str = ""
    last_agreed: str = ""
    noted: bool = False
    balances: set[str] = field(default_factory=set)
    file: str = ""
    heard: list[Sentence] = field(default_factory=list)


class Witness:
    """Sees one story; `broken` are the promises that were, each as a sentence that begins with its name."""

    def __init__(self, line: Simulated, ears: Ears, office_day: Any) -> None:  # noqa: ANN401 - a date
        self.line, self._ears, self._today = line, ears, office_day
        self.calls: list[Call] = []
        self.broken: list[str] = []
        self.sent: Counter[str] = Counter()

    def breaks(self, promise: str, what: str) -> None:
        """Note a broken promise, once."""
        if (told := f"{promise}: {what}") not in self.broken:
            self.broken.append(told)

    # What the caller does and hears

    def presses(self, call: Call, keys: str) -> None:
        """The caller presses keys at the question that was asked last."""
        if call.question == "ByPin.ask_pin":
            call.files |= OPENED_BY.get(keys, set())
        if keys.startswith("1") and call.phone.listening:
            turn = call.phone.listening["action"]
            if call.question == "Agreement.read_back":
                chosen, start = call.last["Agreement.chosen"], call.last["Agreement.read_back"]
                call.confirmed[turn] = Terms(chosen.language, chosen.text, start.text)
                call.last_confirmed = turn
            if call.question == "Agreement.agree":
                call.agreed.add(turn)
                call.last_agreed = turn

    def hears(self, call: Call, utterances: list[Utterance]) -> None:
        """The caller hears words; what they claim must be true now."""
        for one in utterances:
            sentence = self._ears.recognise(one.text, one.language[:2])
            if sentence is None:
                self.breaks("words", f"nobody wrote this sentence: {one.text}")
                continue
            call.heard.append(sentence)
            if sentence.part == "text":
                call.last[sentence.place] = sentence
            call.question = sentence.place
            self._private(call, sentence)
            self._true(call, sentence)

    def _private(self, call: Call, sentence: Sentence) -> None:
        if sentence.private and not call.files:
            self.breaks("INV3", f"{sentence.place} was heard without any PIN")
        for creditor, file in CREDITORS.items():
            if creditor in sentence.text:
                call.file = file
                if file not in call.files:
                    self.breaks("INV3", "a creditor was heard by somebody without the file's PIN")

    def _true(self, call: Call, sentence: Sentence) -> None:
        place = sentence.place
        if place in BALANCE:
            call.balances.add(call.file)
        if sentence.part != "text":
            return
        match place:
            case "Agreement.agree":
                said = [self._said(plan, sentence, "agreed_") for plan in self._asked(call)]
                if sentence.text not in said:
                    self.breaks("INV13", f"heard '{sentence.text}', and Tagor has {said}")
            case "Agreement.refused" | "Agreement.down":
                call.confirmed.pop(call.last_confirmed, None)
            case "Agreement.open":
                call.agreed.discard(call.last_agreed)
                if not self._asked(call):
                    self.breaks("INV13", "heard that a request is noted, and there is none")
            case "Agreement.noted":
                call.noted = True
            case "Confirmation.by_sms" | "Confirmation.by_mail" | "Confirmation.by_none":
                self._confirmed(call, place)

    def _confirmed(self, call: Call, place: str) -> None:
        plans = [plan for plan in self._asked(call) if self._times(call, "approval", plan)]
        if not plans:
            self.breaks("INV13", "heard that a plan is confirmed, and none is approved")
        media = {message.medium for message in self._messages(call)}
        if place in MEDIA and MEDIA[place] not in media:
            self.breaks("INV13", f"heard {place}, and Tagor sent {sorted(media)}")

    # What Tagor does

    def arrives(self, operation: str) -> None:
        """A request reaches Tagor: a write needs a decision of its own that was marked as sent before."""
        if operation in (SAVE, APPROVE):
            kind = "plan" if operation == SAVE else "approval"
            self.sent[kind] += 1
            if self.line.decisions(f"kind = '{kind}' AND sent_at IS NOT NULL") < self.sent[kind]:
                self.breaks("INV2", f"a {kind} was sent that no decision was marked for")

    def done(self) -> None:
        """Tagor has done something: each effect needs a confirmation of its own that came before."""
        entry = self.line.tagor.desk.journal._entries[-1]
        if entry.operation in (SAVE, APPROVE) and entry.effect:
            self._count(str(entry.fields["TDOS_Id"]))

    def _count(self, file_id: str) -> None:
        file = next(name for name, known in FILES.items() if known == file_id)
        about = [call for call in self.calls if file in call.files]
        plans = [plan for plan in self.line.tagor.plans(file) if plan.asked]
        for plan in plans:
            made = sum((other.months, other.monthly, other.start) == (plan.months, plan.monthly, plan.start) for other in plans)
            wanted = sum(self._fits(plan, terms) for call in about for terms in call.confirmed.values())
            if made > wanted:
                promise = "INV1" if wanted else "INV2"
                self.breaks(promise, f"a plan was made {made} times, and confirmed {wanted} times")
        approved = 0
        for (kind, _), times in self.line.tagor.effects(file).items():
            if kind in ("approval", "message") and times > 1:
                self.breaks("INV1", f"one {kind} happened {times} times")
            approved += kind == "approval"
        if approved > (agreed := sum(len(call.agreed) for call in about)):
            self.breaks("INV2", f"{approved} plans were approved, and {agreed} agreed to")

    # When everything is over

    def closes(self) -> None:
        """All calls are over and everything is settled: nothing is lost, and what was denied never happened."""
        if left := self.line.decisions("settled_at IS NULL"):
            self.breaks("lost", f"{left} decisions are still open")
        for file in {file for call in self.calls for file in call.files}:
            self._count(FILES[file])
        for call in self.calls:
            plans = self._asked(call)
            tasks = [one for one in self._records(call) if not one.automatic]
            if call.noted and not tasks and not any(self._fits(plan, terms) for plan in plans for terms in call.confirmed.values()):
                self.breaks("lost", "heard that a request is noted, and nobody will ever see it")

    def records(self) -> tuple[int, int]:
        """Of the calls that heard a balance: how many records that left at Tagor, and how many it should."""
        rows = [row["file_id"] for row in self.line.tagor.state()["info_records"] if row["code"] == "OPSV"]
        told = {file for call in self.calls for file in call.balances if file}
        should = sum(len(call.balances) for call in self.calls)
        return sum(rows.count(FILES[file]) for file in told), should

    def _asked(self, call: Call) -> list[Plan]:
        return [plan for file in sorted(call.files) for plan in self.line.tagor.plans(file) if plan.asked]

    def _times(self, call: Call, kind: str, plan: Plan) -> int:
        return sum(self.line.tagor.effects(file).get((kind, str(plan.id)), 0) for file in call.files)

    def _messages(self, call: Call) -> list[Any]:
        return [message for file in call.files for message in self.line.tagor.messages(file)]

    def _records(self, call: Call) -> list[Any]:
        return [record for file in call.files for record in self.line.tagor.info_records(file)]

    def _said(self, plan: Plan, like: Sentence, prefix: str = "") -> str:
        told = {f"{prefix}months": plan.months, f"{prefix}monthly": plan.monthly}
        return self._ears.say(like.place, like.language, self._today, **told)

    def _fits(self, plan: Plan, terms: Terms) -> bool:
        told = {"months": plan.months, "monthly": plan.monthly}
        chosen = self._ears.say("Agreement.chosen", terms.language, self._today, **told)
        start = self._ears.say("Agreement.read_back", terms.language, self._today, start=plan.start)
        return (chosen, start) == (terms.plan, terms.start)
