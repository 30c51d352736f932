"""Writes and reads the address of a whisper: everything the colleague hears stands in that address."""

import re
from typing import Final

from bridge.conversation.reply import Whisper
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.voices import PINNED

ACCEPTED: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Nothing more is played, and the provider connects the caller."""

DECLINED: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>'
"""The colleague's leg ends, and the caller comes back to us."""

ACCEPT_KEY: Final = "1"

_OFFICE = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_WISH = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KNOWN = {"known": True, "unknown": False}
_NO_WISH = "-"


def path(whisper: Whisper) -> str:
    """Write a whisper as a path; a provider's log shows no more of the caller than this.

    Raises:
        ValueError: the office, the language or the wish cannot be one.
    """
    known = "known" if whisper.known else "unknown"
    # What cannot be read back would be refused when somebody has picked up: too late to ring without it.
    try:
        parse(whisper.office, whisper.language, known, whisper.wish or _NO_WISH)
    except WebhookRejected:
        raise ValueError("a whisper names an office, one of our languages and a flow, or no wish") from None
    return f"/voice/whisper/{whisper.office}/{whisper.language}/{known}/{whisper.wish or _NO_WISH}"


def parse(office: str, language: str, known: str, wish: str) -> Whisper:
    """Read the four parts of a path.

    Raises:
        WebhookRejected: `path` cannot have written them.
    """
    is_ours = _OFFICE.fullmatch(office) and language in PINNED and known in _KNOWN
    if not is_ours or not (wish == _NO_WISH or _WISH.fullmatch(wish)):
        raise WebhookRejected("address")
    return Whisper(office, language, _KNOWN[known], "" if wish == _NO_WISH else wish)
