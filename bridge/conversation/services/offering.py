"""What is offered: only a file, a party or an address that Tagor could be asked or written to with.

Tagor's own data may hold a value in a shape that its interface would not take back. Such a value is left out
here, before anything is counted, offered to a caller or written down as a decision.
"""

from collections.abc import Iterable, Iterator

from bridge.conversation.phone_numbers import belgian_mobile
from bridge.tagor import CallerHint, is_sendable
from voice_flows.answers import HintedFile


def hinted_files(hint: CallerHint) -> tuple[HintedFile, ...]:
    """Give the files behind a caller's number whose PIN Tagor can be asked about."""
    return tuple(
        HintedFile(file.id, file.name)
        for file in hint.files
        if is_sendable("the file id", file.id) and is_sendable("the file name", file.name)
    )


def mobiles(contacts: Iterable[str]) -> Iterator[str]:
    """Give the Belgian mobiles (E.164) among what is on file; only they get text messages."""
    return (mobile for mobile in map(belgian_mobile, contacts) if mobile)


def mail_addresses(contacts: Iterable[str]) -> Iterator[str]:
    """Give the mail addresses among what is on file; a list of several or a name beside one is none."""
    return (contact for contact in contacts if is_sendable("the mail address", contact))
