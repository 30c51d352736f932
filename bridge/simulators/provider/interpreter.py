"""Leads one call through the bridge's documents, verb by verb, and stops where somebody must do something."""

from collections.abc import Callable, Generator, Iterable
from random import Random
from urllib.parse import urldefrag, urljoin

from bridge.simulators.provider.account import PhoneLine, Profile
from bridge.simulators.provider.callbacks import (
    CallbackDelivery,
    StatusCallbacks,
    completed_call_request,
    rfc2822_time,
)
from bridge.simulators.provider.caller_actions import (
    CallerInput,
    CallOver,
    CallWait,
    DialOutcome,
    DialWait,
    PostedParameters,
)
from bridge.simulators.provider.document import read
from bridge.simulators.provider.errors import HOUSE_RULE, DocumentRefused, ProviderError, RedirectLoop
from bridge.simulators.provider.gather import collect_input
from bridge.simulators.provider.house_rules import check
from bridge.simulators.provider.markup import Verb
from bridge.simulators.provider.transfer import (
    check_caller_id,
    dial_parameters,
    dial_targets,
    ring_until_decided,
)
from bridge.simulators.provider.transfer_leg import TransferLeg
from bridge.simulators.provider.turn import ProviderTurn, Utterance, utterances
from bridge.simulators.provider.voicemail import RecordedMessage
from bridge.simulators.provider.webhook import Webhook, WebhookAnswer, WebhookRequest

APPLICATION_ERROR = "application error"
_APOLOGY = Utterance("An application error has occurred. Goodbye.", "en-US", "provider")
CallSteps = Generator[CallWait, CallerInput, None]


class TwimlInterpreter:
    """Leads one call as a provider does; `run()` is driven by sending it what the caller does."""

    def __init__(
        self,
        line: PhoneLine,
        profile: Profile,
        webhook: Webhook,
        *,
        random: Random,
        strict: bool,
        reports: CallbackDelivery,
        clock: Callable[[], float],
        elapse: Callable[[float], None],
    ) -> None:
        """Prepare a call; `strict` raises what a provider would answer with its fallback URL (see Phone)."""
        self._line, self._profile, self._webhook = line, profile, webhook
        self._random, self._strict, self._clock, self._elapse = random, strict, clock, elapse
        self._callbacks = StatusCallbacks(webhook, reports)
        self._status = "ringing"
        self._answered = 0.0
        self._quiet_since = 0.0
        self.turns: list[ProviderTurn] = []
        self.heard: list[Utterance] = []
        self.dialled: list[str] = []
        self.faults: list[ProviderError] = []
        self.ended_by = ""
        self.did = ""

    @property
    def callbacks(self) -> list[dict[str, str]]:
        """The forms posted to status and recording callbacks, in order."""
        return self._callbacks.told

    def run(self) -> CallSteps:
        """Lead the whole call; a strict one raises DocumentRefused as soon as the bridge breaks a rule."""
        ask = WebhookRequest(self._line.voice_url)
        self._falls_quiet()
        try:
            while True:
                try:
                    ask = yield from self._perform(self._retrieve(ask))
                except ProviderError as fault:
                    ask = self._rescue(ask, fault)
        except CallOver as over:
            self._end(over.by)
        except ProviderError:
            self._end(APPLICATION_ERROR)
            raise

    def _retrieve(self, ask: WebhookRequest) -> list[Verb]:
        """Ask the bridge for the next document; raises ProviderError when it cannot be had or played."""
        most = self._profile.max_documents
        if len(self.turns) >= most:
            raise RedirectLoop(
                HOUSE_RULE, f"the call asked for more than {most} documents: it goes round in a loop"
            )
        answer = self._ask(ask, self._status)
        self._callbacks.send_planned(self._status)
        if answer.fault:
            raise answer.fault
        document = read(answer.body, answer.header("Content-Type"), self._profile)
        if self._strict:
            check(document, self._profile)
            if answer.redirects:
                raise DocumentRefused(
                    HOUSE_RULE, "a webhook must not be answered with a redirect: keys would get lost"
                )
        return document

    def _ask(self, ask: WebhookRequest, status: str) -> WebhookAnswer:
        """Send a webhook and remember it as a turn."""
        answer = self._webhook.ask(ask, status)
        turn = ProviderTurn(
            len(self.turns), ask.url, self.did, answer.sent, answer.status, answer.body, answer.seconds
        )
        self.turns.append(turn)
        self.did = ""
        return answer

    def _rescue(self, ask: WebhookRequest, fault: ProviderError) -> WebhookRequest:
        """Return where the call goes after a fault: the fallback URL, else an apology ends it."""
        self.faults.append(fault)
        self.turns[-1].fault = fault
        self.turns[-1].then = "error"
        if self._strict and isinstance(fault, DocumentRefused):
            raise fault
        fallback = self._line.fallback_url if self._profile.fallback else None
        # The fallback URL has no fallback of its own, and a loop would only go round once more.
        if fallback is None or ask.rescue or isinstance(fault, RedirectLoop):
            self._hear([_APOLOGY])
            raise CallOver(APPLICATION_ERROR)
        result = (("ErrorCode", str(fault.code)), ("ErrorUrl", urldefrag(ask.url).url))
        return WebhookRequest(fallback, "POST", result, rescue=True)

    def _perform(self, document: list[Verb]) -> Generator[CallWait, CallerInput, WebhookRequest]:
        """Play the verbs in order until one of them leads to another document."""
        turn = self.turns[-1]
        for verb in document:
            # A Reject as the first verb is the only way not to answer the call.
            if self._status == "ringing" and verb.name != "Reject":
                self._status, self._answered = "in-progress", self._clock()
            turn.then = verb.name.lower()
            ask = yield from self._play(verb)
            if ask:
                return ask
        turn.then = "end"
        raise CallOver("end of document")

    def _play(self, verb: Verb) -> Generator[CallWait, CallerInput, WebhookRequest | None]:
        match verb.name:
            case "Gather":
                return (yield from self._gather(verb))
            case "Dial":
                return (yield from self._dial(verb))
            case "Record":
                return (yield from self._record(verb))
            case "Redirect":
                self._elapse(self._profile.redirect_seconds)
                return WebhookRequest(self._url(verb.own_text), verb.get("method", "POST"))
            case "Hangup" | "Reject":
                raise CallOver(verb.name.lower())
            case "Pause":
                self._elapse(float(verb.get("length", "1")))
            case _:
                sounds = self._sounds([verb])
                self._hear(sounds)
                self._elapse(sum(sound.seconds for sound in sounds))
                self._falls_quiet()
        return None

    def _gather(self, gather: Verb) -> Generator[CallWait, CallerInput, WebhookRequest | None]:
        sounds = self._sounds(gather.children)
        self._hear(sounds)
        result = yield from collect_input(gather, self._profile, sum(sound.seconds for sound in sounds))
        self._falls_quiet()
        return None if result is None else self._next(gather, result)

    def _dial(self, dial: Verb) -> Generator[CallWait, CallerInput, WebhookRequest | None]:
        shown = self._webhook.parties.caller
        check_caller_id(dial, {shown, self._line.number, *self._line.owned})
        dialling = DialWait(dial, dial_targets(dial))
        self.dialled += dialling.targets
        webhook = self._webhook.leg(dialling.targets[0], dial.get("callerId") or shown)
        leg = TransferLeg(webhook, self._profile, strict=self._strict)
        try:
            outcome = yield from ring_until_decided(dialling)
        except CallOver:
            self._last_word(dial, dial_parameters(DialOutcome("canceled"), leg.call_id, bridged=False))
            raise
        result = dial_parameters(outcome, leg.call_id, bridged=self._connects(leg, dial, outcome))
        self._falls_quiet()
        return self._next(dial, result) if dial.get("action") else None

    def _connects(self, leg: TransferLeg, dial: Verb, outcome: DialOutcome) -> bool:
        if outcome.status != "completed":
            return False
        try:
            return leg.connects((dial.children or [dial])[0], self.turns[-1].sent.url, outcome.presses)
        finally:
            self.turns[-1].whispered = leg.heard
            self.faults += leg.faults

    def _record(self, record: Verb) -> Generator[CallWait, CallerInput, WebhookRequest | None]:
        """Take a message; after an empty one the document goes on (voice/twiml/record)."""
        message = RecordedMessage(record, self._profile.recording_id(self._random))
        try:
            yield from message.take()
        except CallOver:
            # A caller who hangs up while speaking has left a message all the same.
            message.key = "hangup"
            result = self._recorded(record, message)
            if message.seconds:
                self._last_word(record, result)
            raise
        self._falls_quiet()
        result = self._recorded(record, message)
        return self._next(record, result) if message.seconds else None

    def _recorded(self, record: Verb, message: RecordedMessage) -> PostedParameters:
        """Return what the action hears of the recording, and plan the recording's own callback."""
        account = f"{self._profile.api}{self._profile.accounts}/{self._line.account_sid}"
        if message.seconds:
            self._line.keep(message.kept(self._webhook.call_id))
        callback = record.get("recordingStatusCallback")
        if callback and message.reported():
            method = record.get("recordingStatusCallbackMethod", "POST")
            report = message.report(account, rfc2822_time(self._clock() - message.seconds))
            self._callbacks.plan(WebhookRequest(self._url(callback), method, report, apart=True))
        return (*message.facts(account), ("Digits", message.key))

    def _last_word(self, verb: Verb, result: PostedParameters) -> None:
        """Tell the action that the caller has left; its answer is not played."""
        if verb.get("action"):
            answer = self._ask(self._next(verb, result), "completed")
            self.turns[-1].then = "ignored"
            self.turns[-1].fault = answer.fault
            self.faults += [answer.fault] if answer.fault else []

    def _next(self, verb: Verb, result: PostedParameters) -> WebhookRequest:
        action = verb.get("action")
        # Without `action` the current document is asked for once more (twilio.com/docs/voice/twiml/gather).
        return WebhookRequest(
            self._url(action) if action else self.turns[-1].url, verb.get("method", "POST"), result
        )

    def _url(self, address: str) -> str:
        # From where the document was found, which after a redirect is not the address that was asked.
        return urljoin(self.turns[-1].sent.url, address)

    def _sounds(self, verbs: Iterable[Verb]) -> list[Utterance]:
        return utterances(verbs, lambda audio: self._webhook.sound_seconds(self._url(audio)))

    def _hear(self, sounds: list[Utterance]) -> None:
        turn = self.turns[-1]
        if sounds:
            turn.silence = max(turn.silence, self._clock() - self._quiet_since)
        self.heard += sounds
        turn.utterances += sounds

    def _falls_quiet(self) -> None:
        self._quiet_since = self._clock()

    def _end(self, by: str) -> None:
        """Remember how the call ended and tell the status URL; only late callbacks come after that."""
        self.ended_by = by
        self._callbacks.send_planned(self._status)
        self._report_end()
        self._callbacks.send_late(self._status)

    def _report_end(self) -> None:
        if self._line.status_url:
            now = self._clock()
            talked = int(now - self._answered) if self._status == "in-progress" else 0
            self._status = "completed" if self._status == "in-progress" else "no-answer"
            self._callbacks.tell(completed_call_request(self._line.status_url, talked, now), self._status)
