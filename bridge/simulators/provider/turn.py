"""Holds the provider's request log: what was heard and asked in a call, turn by turn."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bridge.simulators.provider.errors import ProviderError
from bridge.simulators.provider.markup import Verb
from bridge.simulators.provider.webhook import SentRequest

_PERCENT = re.compile("[1-9][0-9]{1,2}%")
_CHARACTERS_PER_SECOND = 15  # about 150 words a minute, as the voices speak


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of sound: the words of a Say in its language and voice, or the URL of a Play in `audio`.

    `lasting` is how many seconds that audio lasts, `rate` how fast the words are said: 1 is the voice's pace.
    """

    text: str
    language: str = ""
    voice: str = ""
    audio: str = ""
    lasting: float = 0.0
    rate: float = 1.0

    @property
    def seconds(self) -> float:
        """Return about how many seconds it sounds."""
        return self.lasting if self.audio else len(self.text) / (_CHARACTERS_PER_SECOND * self.rate)


@dataclass(slots=True)
class ProviderTurn:
    """One webhook and what its document made the caller hear.

    - `did`: what the caller did to cause it, in script language (`482193`, `,`, `"saldo"`, `{busy}`).
    - `status` is 0 when no answer came; `seconds` is what the answer took.
    - `silence`: the longest time (seconds) in which the caller heard nothing before words or a sound of this
      document, counted from the sound before, or from what the caller did. Ringing somebody is no silence,
      a Pause is.
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


def utterances(
    verbs: Iterable[Verb], lasting: Callable[[str], float] = lambda _audio: 0.0
) -> list[Utterance]:
    """Return what Say and Play make of these verbs, repeated as their `loop` says (0 = 1000 times).

    `lasting` gives the seconds that the audio of a Play lasts.
    """
    heard: list[Utterance] = []
    for verb in verbs:
        if verb.name == "Say":
            sound = Utterance(verb.words, verb.get("language"), verb.get("voice"), rate=_rate(verb))
        elif verb.name == "Play":
            sound = Utterance("", audio=verb.own_text, lasting=lasting(verb.own_text))
        else:
            continue
        heard += [sound] * (int(verb.get("loop", "1")) or 1000)
    return heard


def _rate(say: Verb) -> float:
    """Return the pace of a Say, from the `<prosody rate="80%">` around its words."""
    rates = [part.get("rate") for part in say.children if part.name == "prosody"]
    return int(rates[0].removesuffix("%")) / 100 if rates and _PERCENT.fullmatch(rates[0]) else 1.0
