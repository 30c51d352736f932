"""The words to a colleague who picks up: what they are about stands in the address the provider asks for."""

import re
from typing import Final

from bridge.conversation.reply import Whisper
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.voices import PINNED

ACCEPTED: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Nothing more to play: the provider connects the caller."""

DECLINED: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'
"""The colleague's leg ends, and the caller comes back to us."""

ACCEPT_KEY: Final = "1"

_OFFICE = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_WISH = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KNOWN = {"known": True, "unknown": False}
_NO_WISH = "-"


def path(whisper: Whisper) -> str:
    """Write a whisper as a path; all that a provider's log will show of the caller.

    Raises:
        ValueError: an office, language or wish that is none.
    """
    known = "known" if whisper.known else "unknown"
    try:
        parse(whisper.office, whisper.language, known, whisper.wish or _NO_WISH)
    except WebhookRejected:
        raise ValueError("a whisper names an office, one of our languages and a flow, or no wish") from None
    return f"/voice/whisper/{whisper.office}/{whisper.language}/{known}/{whisper.wish or _NO_WISH}"


def parse(office: str, language: str, known: str, wish: str) -> Whisper:
    """Read a path's four parts; Refused when `path` cannot have written them."""
    fits = _OFFICE.fullmatch(office) and language in PINNED and known in _KNOWN
    if not fits or not (wish == _NO_WISH or _WISH.fullmatch(wish)):
        raise WebhookRejected("address")
    return Whisper(office, language, _KNOWN[known], "" if wish == _NO_WISH else wish)
