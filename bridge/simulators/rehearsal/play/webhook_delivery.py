"""Delivers the webhooks of one call to the workers, and loses, repeats, delays and reorders them."""

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from random import Random
from typing import TYPE_CHECKING, Any

from bridge.simulators.provider.account import TWILIO, Profile
from bridge.simulators.provider.document import read
from bridge.simulators.provider.errors import ProviderError
from bridge.simulators.provider.house_rules import check
from bridge.simulators.provider.wire import Form, NoAnswer, Reply
from bridge.simulators.rehearsal.judging.invariants import Invariants
from bridge.simulators.rehearsal.judging.promises import BYTES, SECONDS
from bridge.simulators.rehearsal.play.scenario import Fault
from bridge.simulators.rehearsal.world.offices import NUMBER, PUBLIC
from bridge.simulators.rehearsal.world.simulated_deployment import SimulatedDeployment

if TYPE_CHECKING:
    from bridge.simulators.provider.phone import Phone

TURN = f"{PUBLIC}/voice/turn/"
RECORDING, STATUS = f"{PUBLIC}/voice/recording", f"{PUBLIC}/voice/status"
PATIENCE = 5.0
"""Seconds after which the provider considers an answer lost, and asks again."""
TOO_LATE = 16.0
"""Seconds after which no provider waits any more."""


class WebhookDelivery:
    """Delivers the webhooks of one call to the workers.

    - `pending_faults` meet the next webhook; `worker` is the number of the worker that will get it.
    - `profile` is the provider as this call meets it.
    - `slowest` is the slowest answer, `delayed` what the provider itself took at each turn, in seconds.
    - `loses_recording_reports`: no report of a recording arrives.
    - `left`: the caller has hung up although the call seems to go on.
    """

    def __init__(
        self, deployment: SimulatedDeployment, invariants: Invariants, profile: Profile, seed: str
    ) -> None:
        self._deployment, self._invariants, self._random = deployment, invariants, Random(seed)
        self.worker = 0
        self.profile = profile
        self.phone: Phone | None = None
        self.pending_faults: list[Fault] = []
        self.slowest = 0.0
        self.delayed: defaultdict[int, float] = defaultdict(float)
        self.loses_recording_reports = self.left = False

    def post(self, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        """Deliver one webhook and return its reply; raises NoAnswer when the provider gets none."""
        if form is None:  # a sound, which the provider's cache has from whichever worker is there
            return self._deployment.post(self.worker, url, form, headers)
        if self.loses_recording_reports and url == RECORDING:
            raise NoAnswer("rt", 11200, "the report was lost")
        asked = url.startswith(TURN) or url == NUMBER.voice_url
        pending_faults, self.pending_faults = (
            (self.pending_faults, []) if asked else ([], self.pending_faults)
        )
        began = self._deployment.time.seconds
        for fault in pending_faults:
            self._before(fault, url, form, headers)
        if url == NUMBER.fallback_url:
            self._spare_worker()
        sent = self._deployment.time.seconds
        reply = self._brought(url, form, headers)
        took = self._deployment.time.seconds - sent
        self.worker = self._random.randrange(2)
        lost = True
        try:
            for fault in pending_faults:
                self._after(fault, url, form, headers, reply)
            lost = self._deployment.time.seconds - began > PATIENCE
        finally:
            whole = self._deployment.time.seconds - began
            if asked:
                self._delay(0, whole if lost else whole - took)
            elif url == RECORDING:  # it is told beside the call: the caller waits for nothing
                self._delay(-1, whole)
        return reply

    def _delay(self, turn: int, seconds: float) -> None:
        """Count seconds of a turn's silence (0 is the next turn) as the provider's own."""
        if self.phone:
            self.delayed[len(self.phone.turns) + turn] += seconds

    def _before(self, fault: Fault, url: str, form: Form | None, headers: Mapping[str, str]) -> None:
        match fault["kind"]:
            case "old_webhook":
                self._deliver_old(fault["back"])
            case "concurrent":
                self._race(fault, url, form, headers)
            case "status_first":
                self._leave(form)
            case "hangup":
                self._deployment.time.start_thread(None, partial(self._leave, form, fault["after"]))
            case "lost" if fault["what"] == "request":
                raise NoAnswer("ct", 11205, "the request was lost")

    def _spare_worker(self) -> None:
        """Call off a crash that another call has planned: a turn that is lost twice is beyond any line."""
        self._deployment.worker(self.worker).process.crash_at = ""

    def _brought(self, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        """Deliver a webhook to the worker whose turn it is; the reply must be in time."""
        began = self._deployment.time.seconds
        reply = self._deployment.post(self.worker, url, form, headers)
        took = self._deployment.time.seconds - began
        self.slowest = max(self.slowest, took)
        if took > SECONDS:
            self._invariants.record.violated("INV4", f"an answer took {took:.2f} s")
        if len(reply[2]) > BYTES:
            self._invariants.record.violated("INV4", "a reply is longer than 64 KB")
        return reply

    def _after(
        self, fault: Fault, url: str, form: Form | None, headers: Mapping[str, str], reply: Reply
    ) -> None:
        match fault["kind"]:
            case "duplicate":
                for _ in range(fault["times"]):
                    self._deployment.time.sleep(fault["after"])
                    self._same(reply, self._again(self.worker, url, form, headers))
            case "altered_keys":
                keys = fault["digits"]
                other = [(name, keys if name == "Digits" else value) for name, value in form or ()]
                signed = self.profile.sign(NUMBER.auth_token, url, other)
                again = self._again(1 - self.worker, url, other, {**headers, **signed})
                self._same(reply, again)
            case "late":
                self._deployment.time.sleep(TOO_LATE)
            case "lost":
                raise NoAnswer("rt", 11200, "the reply was lost")

    def _race(self, fault: Fault, url: str, form: Form | None, headers: Mapping[str, str]) -> None:
        """Let the same webhook arrive at another worker while the first one is at it."""
        replies: list[Reply] = []

        def racer() -> None:
            self._deployment.time.sleep(fault["after"])
            reply = self._again(fault["worker"], url, form, headers)
            if reply is not None:
                replies.append(reply)
                self._same(replies[0], reply)

        for _ in range(fault["times"]):
            self._deployment.time.start_thread(None, racer)

    def _leave(self, form: Form | None, after: float = 0.0) -> None:
        """Report that the caller has hung up, before the provider asks or while it does."""
        self._deployment.time.sleep(after)
        self.left = True
        told = [one for one in form or () if one[0] not in ("CallStatus", "Digits", "FinishedOnKey", "msg")]
        told += [("CallStatus", "completed"), ("CallDuration", "30")]
        signed = self.profile.sign(NUMBER.auth_token, STATUS, told)
        with suppress(NoAnswer):
            self._deployment.post(self.worker, STATUS, told, {**self.profile.headers, **signed})

    def _deliver_old(self, back: int) -> None:
        """Deliver an older turn's webhook once more, out of order: nothing may come of it."""
        turns = self.phone.turns if self.phone else []
        old = [turn.sent for turn in turns if turn.sent.form is not None][-back:][:1]
        for sent in old:
            self._again(self.worker, sent.url, sent.form, sent.headers)

    def _again(self, worker: int, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply | None:
        try:
            reply = self._deployment.post(worker, url, form, headers)
        except NoAnswer:
            return None
        self._playable(reply)
        return reply

    def _playable(self, reply: Reply) -> None:
        status, headers, body = reply
        try:
            check(read(body, headers["Content-Type"], TWILIO))
        except ProviderError as error:
            self._invariants.record.violated("INV4", f"a reply cannot be played: {error}")
        if status != HTTPStatus.OK:
            self._invariants.record.violated("INV4", f"a webhook was answered {status}")

    def _same(self, first: Reply, again: Reply | None) -> None:
        """Judge that both replies are equal, unless one of them is the fallback document."""
        bodies: set[Any] = {first[2], again[2]} if again else {first[2]}
        if len(bodies) > 1 and self._deployment.fallback_document not in bodies:
            self._invariants.record.violated("INV14", "a repeated webhook got another reply")
