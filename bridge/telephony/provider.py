"""What a telephony provider is, as data: other modules ask for a capability, never for a provider's name.

Each of them stands in a file of its own in `providers/`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bridge.telephony import voices
from bridge.telephony.signature import Signature


@dataclass(frozen=True, slots=True)
class SpeechRecognition:
    """How a provider is told to recognise one language.

    Attributes:
        locale: the provider's name of the language, such as `nl-BE`.
        model: the provider's model; empty for its default.
        speech_timeout: the seconds of silence that end the words.
    """

    locale: str
    model: str = ""
    speech_timeout: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingsApi:
    """The part of a provider's REST API that keeps recordings.

    Attributes:
        address: its scheme and host; "" where each customer has a host of their own.
        accounts: the path below which an account's calls and recordings are.
        bearer: the token goes alone, as a bearer's, instead of as the password of the account.
        media_hosts: the ends of the hosts that keep the sound, where a recording's entry tells its address;
            without them the sound is at the recording's own address.
        deletes: whether a recording can be deleted; else it stays until somebody does so at the provider.
        nobodys: the id of a recording that never exists, by which `protected_in` is checked.
        protected_in: what is switched on in its console so that a sound is given to nobody without the
            account's credentials; "" where nothing can be.
    """

    address: str
    accounts: str = "/2010-04-01/Accounts"
    bearer: bool = False
    media_hosts: tuple[str, ...] = ()
    deletes: bool = True
    nobodys: str = ""
    protected_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionsApi:
    """The part of a provider's API that hosts functions: what callers reach while the bridge is away.

    Attributes:
        address: its scheme and host.
        uploads: the scheme and host that take a function's source.
    """

    address: str
    uploads: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersApi:
    """The part of a provider's API that tells and sets where a number's calls go.

    Attributes:
        id: the shape of a number's id there, or of its application's.
        applications: applications hold the addresses of the numbers that they lead, as at Telnyx.
        fallback: a number has an address that is asked when the first one fails.
        verified: it tells which numbers of others the account may show as caller id.
    """

    id: re.Pattern[str]
    applications: bool = False
    fallback: bool = True
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider and its capabilities; where a flag is off, replies use what every provider understands.

    Attributes:
        signature: how its webhooks are signed.
        call_id: the shape of its call ids.
        recording_id: the shape of its recording ids.
        nobodys_call: a call id of that shape which it never gives: asking about it shows whether it answers.
        voices: the names of its voices, by the locale they speak.
        speech_recognition: how it recognises speech, by language; empty means keypad only.
        fragment: the connection overrides it reads from our addresses; it neither sends nor signs them.
        empty_result: it posts the action of a gather also when nothing was pressed.
        ssml: it speaks a `<prosody>` within a prompt.
        dial_extras: it limits the length of a transfer and lets the caller hear it ring.
        whisper: it speaks to whoever picks up before the caller is connected, and takes a key.
        sip: it rings an office's own exchange, with headers.
        record_trim: it cuts silence off a recording, and reports a recording that held nothing else.
        recording_in_url: it sends the id of a recording only as the end of the recording's address.
        recordings: the part of its REST API that keeps the recordings.
        numbers: the part of its API that leads numbers to the line.
        functions: the part of its API that hosts functions, if it has one.
        bin: what it calls a fixed document that its console hosts; "" where it has none, or no fallback.
    """

    name: str
    signature: Signature
    call_id: re.Pattern[str]
    recording_id: re.Pattern[str]
    nobodys_call: str
    recordings: RecordingsApi
    numbers: NumbersApi
    voices: voices.Table
    speech_recognition: Mapping[str, SpeechRecognition]
    fragment: str = ""
    empty_result: bool = False
    ssml: bool = False
    dial_extras: bool = False
    whisper: bool = False
    sip: bool = False
    record_trim: bool = False
    recording_in_url: bool = False
    functions: FunctionsApi | None = None
    bin: str = ""
