"""Plays the colleague's leg of a transfer: whoever picks up hears the whisper, and is connected or not."""

from collections.abc import Generator
from urllib.parse import urljoin

from bridge.simulators.provider.account import Profile
from bridge.simulators.provider.caller_actions import (
    HANG_UP,
    CallerInput,
    GatherWait,
    KeyPresses,
    NoInput,
    PostedParameters,
)
from bridge.simulators.provider.document import read
from bridge.simulators.provider.errors import HOUSE_RULE, DocumentRefused, ProviderError, RedirectLoop
from bridge.simulators.provider.gather import collect_input
from bridge.simulators.provider.grammar import WHISPER
from bridge.simulators.provider.house_rules import check_whisper
from bridge.simulators.provider.markup import Verb
from bridge.simulators.provider.turn import Utterance, utterances
from bridge.simulators.provider.webhook import Webhook, WebhookRequest

_MAX_DOCUMENTS = 10


class TransferLeg:
    """Rings one place; `heard` is what was spoken there before anybody was connected."""

    def __init__(self, webhook: Webhook, profile: Profile, *, strict: bool) -> None:
        """Prepare the leg; `webhook` asks on its behalf, `strict` raises what the bridge did wrong."""
        self._webhook, self._profile, self._strict = webhook, profile, strict
        self.heard: list[Utterance] = []
        self.faults: list[ProviderError] = []

    @property
    def call_id(self) -> str:
        """Return the CallSid of this leg."""
        return self._webhook.call_id

    def connects(self, target: Verb, document_url: str, presses: str) -> bool:
        """Tell whether the caller is connected to whoever picked up at `target` and `presses` a key.

        Without a whisper, everybody who picks up is connected. A whisper that fails ends the leg.
        """
        if not target.get("url"):
            return True
        ask = WebhookRequest(urljoin(document_url, target.get("url")), target.get("method", "POST"))
        try:
            return self._listen(ask, presses)
        except ProviderError as fault:
            if self._strict and isinstance(fault, DocumentRefused):
                raise
            self.faults.append(fault)
            return False

    def _listen(self, ask: WebhookRequest, presses: str) -> bool:
        for _ in range(_MAX_DOCUMENTS):
            end = self._play(ask.url, self._retrieve(ask), presses)
            if isinstance(end, bool):
                return end
            ask = end
        raise RedirectLoop(HOUSE_RULE, f"a whisper asked for more than {_MAX_DOCUMENTS} documents")

    def _retrieve(self, ask: WebhookRequest) -> list[Verb]:
        answer = self._webhook.ask(ask, "in-progress")
        if answer.fault:
            raise answer.fault
        document = read(answer.body, answer.header("Content-Type"), self._profile, WHISPER)
        if self._strict:
            check_whisper(document)
        return document

    def _play(self, url: str, document: list[Verb], presses: str) -> WebhookRequest | bool:
        """Return where a document leads: to another one, or whether the caller is connected at its end."""
        for verb in document:
            self.heard += utterances([verb, *verb.children])
            match verb.name:
                case "Hangup":
                    return False
                case "Redirect":
                    return WebhookRequest(urljoin(url, verb.own_text), verb.get("method", "POST"))
                case "Gather" if presses == HANG_UP:
                    return False
                case "Gather":
                    result = _pressed(collect_input(verb, self._profile, 0.0), presses)
                    if result is not None:
                        return WebhookRequest(
                            urljoin(url, verb.get("action")), verb.get("method", "POST"), result
                        )
        return True


def _pressed(
    gather: Generator[GatherWait, CallerInput, PostedParameters | None], presses: str
) -> PostedParameters | None:
    """Return what the Gather posts when somebody presses a key, or none, and then is silent."""
    next(gather)  # a generator takes nothing before it waits for the first time
    try:
        if presses:
            gather.send(KeyPresses(presses))
        gather.send(NoInput())
    except StopIteration as end:
        result: PostedParameters | None = end.value
        return result
    raise AssertionError("silence ends every Gather")
