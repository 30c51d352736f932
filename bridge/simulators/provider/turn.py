"""Holds the provider's request log: what was heard and asked in a call, turn by turn."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bridge.simulators.provider.errors import ProviderError
from bridge.simulators.provider.markup import Verb
from bridge.simulators.provider.webhook import SentRequest

_CHARACTERS_PER_SECOND = 15
_SOUND_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of sound: the words of a Say in its language and voice, or the URL of a Play in `audio`."""

    text: str
    language: str = ""
    voice: str = ""
    audio: str = ""

    @property
    def seconds(self) -> float:
        """Return about how many seconds it sounds."""
        return _SOUND_SECONDS if self.audio else len(self.text) / _CHARACTERS_PER_SECOND


@dataclass(slots=True)
class ProviderTurn:
    """One webhook and what its document made the caller hear.

    - `did`: what the caller did to cause it, in script language (`482193`, `,`, `"saldo"`, `{busy}`).
    - `status` is 0 when no answer came; `seconds` is what the answer took.
    - `silence`: the seconds in which the caller heard nothing before this document's first words, counted
      from the words before, or from what the caller did. Ringing somebody is no silence, a Pause is.
    - `whispered`: what a colleague heard before the caller was connected.
    - `then`: how the document ended: gather, dial, record, redirect, hangup, reject, end, error.
    - `fault`: what the provider held against it, if anything.
    """

    number: int
    url: str
    did: str
    sent: SentRequest = field(repr=False)
    status: int = 0
    body: bytes = b""
    seconds: float = 0.0
    silence: float = 0.0
    utterances: list[Utterance] = field(default_factory=list)
    whispered: list[Utterance] = field(default_factory=list)
    then: str = ""
    fault: ProviderError | None = None

    @property
    def form(self) -> dict[str, str]:
        """Return the posted parameters, keys included: for a test to judge, never for a log."""
        return dict(self.sent.form or {})


def utterances(verbs: Iterable[Verb]) -> list[Utterance]:
    """Return what Say and Play make of these verbs, repeated as their `loop` says (0 = 1000 times)."""
    heard: list[Utterance] = []
    for verb in verbs:
        if verb.name == "Say":
            sound = Utterance(verb.words, verb.get("language"), verb.get("voice"))
        elif verb.name == "Play":
            sound = Utterance("", audio=verb.own_text)
        else:
            continue
        heard += [sound] * (int(verb.get("loop", "1")) or 1000)
    return heard
