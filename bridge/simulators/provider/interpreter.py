"""Leads one call through the bridge's documents, verb by verb, and stops where somebody must do something."""

from collections.abc import Callable, Generator
from random import Random
from urllib.parse import urldefrag, urljoin

from bridge.simulators.provider.account import PhoneLine, Profile
from bridge.simulators.provider.callbacks import Callbacks, Reports, end_of_call, written
from bridge.simulators.provider.caller_actions import CallerAction, Dialling, Outcome, Over, Result, Waiting
from bridge.simulators.provider.document import read
from bridge.simulators.provider.errors import HOUSE_RULE, Endless, ProviderError, Refused
from bridge.simulators.provider.gather import collect
from bridge.simulators.provider.house_rules import check
from bridge.simulators.provider.markup import Verb
from bridge.simulators.provider.transfer import check_caller_id, ring, rung, targets
from bridge.simulators.provider.transfer_leg import Leg
from bridge.simulators.provider.turn import Turn, Utterance, utterances
from bridge.simulators.provider.voicemail import Message
from bridge.simulators.provider.webhook import Answer, Ask, Webhook

APPLICATION_ERROR = "application error"
_APOLOGY = Utterance("An application error has occurred. Goodbye.", "en-US", "provider")
Walk = Generator[Waiting, CallerAction, None]


class Walker:
    """One call as the provider lives it; `walk()` is driven by sending it deeds."""

    def __init__(
        self,
        line: PhoneLine,
        profile: Profile,
        webhook: Webhook,
        *,
        random: Random,
        strict: bool,
        reports: Reports,
        clock: Callable[[], float],
        elapse: Callable[[float], None],
    ) -> None:
        """`strict` raises what a provider would answer with its fallback URL; see Phone for the others."""
        self._line, self._profile, self._webhook = line, profile, webhook
        self._random, self._strict, self._clock, self._elapse = random, strict, clock, elapse
        self._callbacks = Callbacks(webhook, reports)
        self._status = "ringing"
        self._answered = 0.0
        self._quiet_since = 0.0
        self.turns: list[Turn] = []
        self.heard: list[Utterance] = []
        self.dialled: list[str] = []
        self.faults: list[ProviderError] = []
        self.ended_by = ""
        self.did = ""

    @property
    def callbacks(self) -> list[dict[str, str]]:
        """The forms posted to status and recording callbacks, in order."""
        return self._callbacks.told

    def walk(self) -> Walk:
        """The whole call; when strict, raises Refused as soon as the bridge broke a rule."""
        ask = Ask(self._line.voice_url)
        self._falls_quiet()
        try:
            while True:
                try:
                    ask = yield from self._perform(self._retrieve(ask))
                except ProviderError as fault:
                    ask = self._rescue(ask, fault)
        except Over as over:
            self._end(over.by)
        except ProviderError:
            self._end(APPLICATION_ERROR)
            raise

    def _retrieve(self, ask: Ask) -> list[Verb]:
        """Ask the bridge for the next document; raises ProviderError when it cannot be had or played."""
        most = self._profile.documents
        if len(self.turns) >= most:
            raise Endless(
                HOUSE_RULE, f"the call asked for more than {most} documents: it goes round in a loop"
            )
        answer = self._ask(ask, self._status)
        self._callbacks.send_planned(self._status)
        if answer.fault:
            raise answer.fault
        document = read(answer.body, answer.header("Content-Type"), self._profile)
        if self._strict:
            check(document)
            if answer.redirects:
                raise Refused(
                    HOUSE_RULE, "a webhook must not be answered with a redirect: keys would get lost"
                )
        return document

    def _ask(self, ask: Ask, status: str) -> Answer:
        """Ask, and note the turn."""
        answer = self._webhook.ask(ask, status)
        turn = Turn(
            len(self.turns), ask.url, self.did, answer.sent, answer.status, answer.body, answer.seconds
        )
        self.turns.append(turn)
        self.did = ""
        return answer

    def _rescue(self, ask: Ask, fault: ProviderError) -> Ask:
        """Where the call goes after a fault: the fallback URL, else an apology and the end."""
        self.faults.append(fault)
        self.turns[-1].fault = fault
        self.turns[-1].then = "error"
        if self._strict and isinstance(fault, Refused):
            raise fault
        fallback = self._line.fallback_url if self._profile.fallback else None
        if fallback is None or ask.rescue or isinstance(fault, Endless):
            self._hear([_APOLOGY])
            raise Over(APPLICATION_ERROR)
        result = (("ErrorCode", str(fault.code)), ("ErrorUrl", urldefrag(ask.url).url))
        return Ask(fallback, "POST", result, rescue=True)

    def _perform(self, document: list[Verb]) -> Generator[Waiting, CallerAction, Ask]:
        """Play the verbs in order until one of them leads to another document."""
        turn = self.turns[-1]
        for verb in document:
            self._pick_up(verb)
            turn.then = verb.name.lower()
            ask = yield from self._play(verb)
            if ask:
                return ask
        turn.then = "end"
        raise Over("end of document")

    def _play(self, verb: Verb) -> Generator[Waiting, CallerAction, Ask | None]:
        match verb.name:
            case "Gather":
                return (yield from self._gather(verb))
            case "Dial":
                return (yield from self._dial(verb))
            case "Record":
                return (yield from self._record(verb))
            case "Redirect":
                return Ask(self._url(verb.own_text), verb.get("method", "POST"))
            case "Hangup" | "Reject":
                raise Over(verb.name.lower())
            case "Pause":
                self._elapse(float(verb.get("length", "1")))
            case _:
                sounds = utterances([verb])
                self._hear(sounds)
                self._elapse(sum(sound.seconds for sound in sounds))
                self._falls_quiet()
        return None

    def _gather(self, gather: Verb) -> Generator[Waiting, CallerAction, Ask | None]:
        sounds = utterances(gather.children)
        self._hear(sounds)
        result = yield from collect(gather, self._profile, sum(sound.seconds for sound in sounds))
        self._falls_quiet()
        return None if result is None else self._next(gather, result)

    def _dial(self, dial: Verb) -> Generator[Waiting, CallerAction, Ask | None]:
        shown = self._webhook.parties.caller
        check_caller_id(dial, {shown, self._line.number, *self._line.owned})
        dialling = Dialling(dial, targets(dial))
        self.dialled += dialling.targets
        webhook = self._webhook.leg(dialling.targets[0], dial.get("callerId") or shown)
        leg = Leg(webhook, self._profile, strict=self._strict)
        try:
            outcome = yield from ring(dialling)
        except Over:
            self._last_word(dial, rung(Outcome("canceled"), leg.call_id, bridged=False))
            raise
        result = rung(outcome, leg.call_id, bridged=self._connects(leg, dial, outcome))
        self._falls_quiet()
        return self._next(dial, result) if dial.get("action") else None

    def _connects(self, leg: Leg, dial: Verb, outcome: Outcome) -> bool:
        if outcome.status != "completed":
            return False
        try:
            return leg.connects((dial.children or [dial])[0], self.turns[-1].sent.url, outcome.presses)
        finally:
            self.turns[-1].whispered = leg.heard
            self.faults += leg.faults

    def _record(self, record: Verb) -> Generator[Waiting, CallerAction, Ask | None]:
        """An empty recording asks for nothing: the document goes on (voice/twiml/record)."""
        message = Message(record, self._random)
        try:
            yield from message.take()
        except Over:
            message.key = "hangup"
            result = self._recorded(record, message)
            if message.seconds:
                self._last_word(record, result)
            raise
        self._falls_quiet()
        result = self._recorded(record, message)
        return self._next(record, result) if message.seconds else None

    def _recorded(self, record: Verb, message: Message) -> Result:
        """What the action hears of the recording; the recording's own callback follows after it."""
        account = f"{self._profile.api}/2010-04-01/Accounts/{self._line.account_sid}"
        if message.seconds:
            self._line.keep(message.kept(self._webhook.call_id))
        callback = record.get("recordingStatusCallback")
        if callback and message.reported():
            method = record.get("recordingStatusCallbackMethod", "POST")
            report = message.report(account, written(self._clock() - message.seconds))
            self._callbacks.plan(Ask(self._url(callback), method, report, apart=True))
        return (*message.facts(account), ("Digits", message.key))

    def _last_word(self, verb: Verb, result: Result) -> None:
        """Tell the action that the caller has left; what it answers is not played."""
        if verb.get("action"):
            answer = self._ask(self._next(verb, result), "completed")
            self.turns[-1].then = "ignored"
            self.turns[-1].fault = answer.fault
            self.faults += [answer.fault] if answer.fault else []

    def _next(self, verb: Verb, result: Result) -> Ask:
        action = verb.get("action")
        return Ask(self._url(action) if action else self.turns[-1].url, verb.get("method", "POST"), result)

    def _url(self, written: str) -> str:
        return urljoin(self.turns[-1].sent.url, written)

    def _hear(self, sounds: list[Utterance]) -> None:
        turn = self.turns[-1]
        if sounds and not turn.utterances:
            turn.silence = self._clock() - self._quiet_since
        self.heard += sounds
        turn.utterances += sounds

    def _falls_quiet(self) -> None:
        self._quiet_since = self._clock()

    def _pick_up(self, verb: Verb) -> None:
        if self._status == "ringing" and verb.name != "Reject":
            self._status = "in-progress"
            self._answered = self._clock()

    def _end(self, by: str) -> None:
        """Note how the call ended, and tell the status URL; only what is late comes after it."""
        self.ended_by = by
        self._callbacks.send_planned(self._status)
        self._report_end()
        self._callbacks.send_late(self._status)

    def _report_end(self) -> None:
        if self._line.status_url:
            now = self._clock()
            talked = int(now - self._answered) if self._status == "in-progress" else 0
            self._status = "completed" if self._status == "in-progress" else "no-answer"
            self._callbacks.tell(end_of_call(self._line.status_url, talked, now), self._status)
