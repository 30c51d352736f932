"""Lists the verbs a document may hold, with attributes, values and children (twilio.com/docs/voice/twiml)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

_INTEGER = re.compile(r"0|[1-9][0-9]{0,5}")
# Printable ASCII only; a host without underscore (Twilio refuses one); no scheme but http and https.
_URL = re.compile(r"(?:https?://[A-Za-z0-9.\-:@\[\]]+(?=[/?#]|$)|(?![A-Za-z][A-Za-z0-9+.\-]*:))[!-~]*")
_MAX_SIP = 1280  # an address under 255 characters, and its headers
_SIP = re.compile(r"sips?:[^\s@]{1,200}@[^\s@]+")


@dataclass(frozen=True, slots=True)
class ValueKind:
    """What a value may be: `says` completes "must be ...", `fits` decides."""

    says: str
    fits: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Attribute:
    """The values one attribute takes, and the capability flag it needs ("" = every provider has it)."""

    kind: ValueKind
    needs: str = ""


@dataclass(frozen=True, slots=True)
class VerbShape:
    """One verb: its attributes, the verbs it may hold, the text it may hold, the flag it needs."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    text: ValueKind | None = None
    needs: str = ""


def whole(least: int, most: int) -> ValueKind:
    """Return the kind of a whole number from `least` to `most`, in plain digits."""
    return ValueKind(
        f"a whole number from {least} to {most}",
        lambda value: _INTEGER.fullmatch(value) and least <= int(value) <= most,
    )


def one_of(*words: str) -> ValueKind:
    """Return the kind of one of these words, spelled exactly so."""
    return ValueKind("one of " + ", ".join(words), words.__contains__)


def like(says: str, pattern: str) -> ValueKind:
    """Return the kind of a text that matches `pattern` from end to end."""
    return ValueKind(says, re.compile(pattern).fullmatch)


URL = ValueKind(
    "an http(s) or relative URL of printable ASCII, no underscore in its host",
    lambda value: bool(value) and _URL.fullmatch(value),
)
FLAG = one_of("true", "false")
METHOD = one_of("GET", "POST")
WORDS = ValueKind("words to speak", lambda _value: True)
E164 = like("a number in E.164 form, such as +3225550100", r"\+[1-9][0-9]{6,14}")
SIP = ValueKind(
    "a sip: address under 255 characters", lambda value: len(value) <= _MAX_SIP and _SIP.fullmatch(value)
)
HINTS = ValueKind(
    "at most 500 hints of at most 100 characters",
    lambda value: len(hints := value.split(",")) <= 500 and all(0 < len(hint) <= 100 for hint in hints),  # noqa: PLR2004 - as the sentence says
)
LANGUAGE = like("a language tag such as nl-BE", r"[a-z]{2,3}-[A-Z]{2}")
MODEL = like("a speech model", r"[a-z0-9_\-]{1,40}")
EVENTS = ValueKind(
    "some of in-progress, completed, absent, with blanks between",
    lambda value: value and set(value.split(" ")) <= {"in-progress", "completed", "absent"},
)
END_KEYS = ValueKind("keys out of 1234567890*#, or empty", lambda value: set(value) <= set("1234567890*#"))
CALLER_ID = like("a number in E.164 form or a SIP user name", r"\+?[0-9A-Za-z._\-]{1,64}")


def _plain(**kinds: ValueKind) -> dict[str, Attribute]:
    return {name: Attribute(kind) for name, kind in kinds.items()}


def _flagged(flag: str, **kinds: ValueKind) -> dict[str, Attribute]:
    return {name: Attribute(kind, flag) for name, kind in kinds.items()}


_ANY_NAME = like("a name", r"[A-Za-z0-9.\-_é]{1,80}")
_LOOP = whole(0, 1000)
_RATE = like(
    "x-slow, slow, medium, fast, x-fast or 20% to 200%", r"x-slow|slow|medium|fast|x-fast|[1-9][0-9]{1,2}%"
)
_INLINE = frozenset({"break", "emphasis", "lang", "phoneme", "prosody", "say-as", "sub", "w"})
_SPEECH = _INLINE | {"p", "s"}

_SSML: Mapping[str, VerbShape] = {
    "break": VerbShape(
        _plain(
            strength=one_of("none", "x-weak", "weak", "medium", "strong", "x-strong"),
            time=like("0 to 10 seconds, such as 500ms", r"(10|[0-9](\.[0-9])?)s|(10000|[0-9]{1,4})ms"),
        )
    ),
    "emphasis": VerbShape(_plain(level=one_of("strong", "moderate", "reduced")), _INLINE, WORDS),
    "lang": VerbShape({"xml:lang": Attribute(LANGUAGE)}, _SPEECH, WORDS),
    "p": VerbShape({}, _INLINE | {"s"}, WORDS),
    "phoneme": VerbShape(_plain(alphabet=one_of("ipa", "x-sampa"), ph=WORDS), frozenset(), WORDS),
    "prosody": VerbShape(
        _plain(
            rate=_RATE,
            volume=like(
                "silent to x-loud, or decibels", r"silent|x-soft|soft|medium|loud|x-loud|[+-][0-9.]+dB"
            ),
            pitch=like("x-low to x-high, or per cent", r"x-low|low|medium|high|x-high|[+-][0-9.]+%"),
        ),
        _SPEECH,
        WORDS,
    ),
    "s": VerbShape({}, _INLINE, WORDS),
    "say-as": VerbShape(
        {
            "interpret-as": Attribute(
                one_of(
                    "telephone", "digits", "cardinal", "ordinal", "date", "time", "spell-out", "characters"
                )
            ),
            "format": Attribute(_ANY_NAME),
        },
        frozenset(),
        WORDS,
    ),
    "sub": VerbShape(_plain(alias=WORDS), frozenset(), WORDS),
    "w": VerbShape(_plain(role=WORDS), frozenset(), WORDS),
}

_NEXT = _plain(action=URL, method=METHOD)
_WHISPER = _flagged("whisper", url=URL, method=METHOD)

VERBS: Mapping[str, VerbShape] = {
    "Say": VerbShape(_plain(voice=_ANY_NAME, language=LANGUAGE, loop=_LOOP), _SPEECH, WORDS),
    "Play": VerbShape(_plain(loop=_LOOP), frozenset(), URL),
    "Pause": VerbShape(_plain(length=whole(1, 600)), needs="pause"),
    "Gather": VerbShape(
        _NEXT
        | _plain(
            input=one_of("dtmf", "speech", "dtmf speech", "speech dtmf"),
            timeout=whole(1, 120),  # the most that Telnyx takes: a document must suit all providers
            numDigits=whole(1, 128),
            finishOnKey=like("one key of 0123456789*#, or empty", r"[0-9*#]?"),
        )
        | _flagged("empty_result", actionOnEmptyResult=FLAG)
        | _flagged(
            "speech",
            language=LANGUAGE,
            hints=HINTS,
            speechModel=MODEL,
            speechTimeout=like("a whole number above 0, or auto", r"auto|[1-9][0-9]{0,2}"),
            profanityFilter=FLAG,
            bargeIn=FLAG,
            enhanced=FLAG,
        ),
        frozenset({"Say", "Play", "Pause"}),
    ),
    "Redirect": VerbShape(_plain(method=METHOD), frozenset(), URL),
    "Dial": VerbShape(
        _NEXT
        | _plain(callerId=CALLER_ID, timeout=whole(5, 600))
        | _flagged("dial_extras", answerOnBridge=FLAG, timeLimit=whole(1, 86_400), ringTone=_ANY_NAME),
        frozenset({"Number", "Sip"}),
        E164,
    ),
    "Number": VerbShape(_WHISPER, frozenset(), E164),
    "Sip": VerbShape(_plain(username=WORDS, password=WORDS) | _WHISPER, frozenset(), SIP),
    "Record": VerbShape(
        _NEXT
        | _plain(
            maxLength=whole(1, 14_400),
            timeout=whole(0, 600),
            playBeep=FLAG,
            finishOnKey=END_KEYS,
            recordingStatusCallback=URL,
            recordingStatusCallbackMethod=METHOD,
        )
        | _flagged(
            "record_trim", trim=one_of("trim-silence", "do-not-trim"), recordingStatusCallbackEvent=EVENTS
        )
    ),
    "Hangup": VerbShape(),
    "Reject": VerbShape(_plain(reason=one_of("rejected", "busy"))),
}
"""The verbs this provider plays; `Number` and `Sip` stand inside `Dial` only."""

TOP = frozenset(VERBS) - {"Number", "Sip"}
"""The verbs that may stand directly in `Response`."""

WHISPER = frozenset({"Say", "Play", "Pause", "Gather", "Redirect", "Hangup"})
"""The verbs that may be played to a colleague before the caller is connected (voice/twiml/number)."""

GRAMMAR: Mapping[str, VerbShape] = {
    **VERBS,
    **{tag: replace(shape, needs="ssml") for tag, shape in _SSML.items()},
}
"""Every element by name, SSML tags included."""
