"""Checks our own rules for documents: they keep one document right at every provider.

They are stricter than any provider: no call may fall silent, lose keys or sound different elsewhere.
"""

import re

from bridge.simulators.provider.account import TWILIO, Profile
from bridge.simulators.provider.errors import HOUSE_RULE, DocumentRefused
from bridge.simulators.provider.markup import Verb

# Every stack signs the same bytes only for these; the fragment is never signed nor sent.
_PLAIN_URL = re.compile(r"[A-Za-z0-9\-_./?=&:]*(#[a-z0-9=&,\-]*)?")
_URL_ATTRIBUTES = ("action", "recordingStatusCallback", "url")


def check(document: list[Verb], profile: Profile = TWILIO) -> None:
    """Raise DocumentRefused with code 0 at the first verb that breaks a rule of the house."""
    asked = "empty_result" in profile.capabilities  # elsewhere the redirect behind it brings silence back
    for place, verb in enumerate(document):
        _check_verb(verb, asked=asked)
        if verb.name == "Gather" and not any(later.name == "Redirect" for later in document[place:]):
            raise _breach(verb, "needs a <Redirect> after it: silence would fall off the end of the document")


def check_whisper(document: list[Verb]) -> None:
    """Raise DocumentRefused with code 0 when a whisper breaks a rule of the house.

    An empty whisper connects the caller. Any other one ends by hanging up, so that a mailbox connects nobody.
    """
    if document and document[-1].name != "Hangup":
        raise _breach(document[-1], "must not be a whisper's end: silence would connect a mailbox")
    for verb in document:
        _check_verb(verb, asked=False)


def _check_verb(verb: Verb, *, asked: bool = True) -> None:
    """Check one verb and its children; `asked` says whether silence must come back to the bridge."""
    _check_urls(verb)
    match verb.name:
        case "Gather" if asked:
            if verb.get("actionOnEmptyResult") != "true":
                raise _breach(verb, 'needs actionOnEmptyResult="true": silence must reach the bridge')
        case "Say":
            if not (verb.get("voice") and verb.get("language")):
                raise _breach(verb, "needs voice and language: defaults differ between providers")
        case "Play":
            if not verb.own_text.partition("#")[0].endswith(".wav"):
                raise _breach(verb, "must play a .wav file")
        case "Dial":
            if not verb.get("callerId") and any(child.name == "Number" for child in verb.children):
                raise _breach(verb, "needs callerId: the caller's own Belgian number would be blocked")
    for child in verb.children:
        _check_verb(child, asked=asked)


def _check_urls(verb: Verb) -> None:
    if verb.name in {"Gather", "Record"} and not verb.get("action"):
        raise _breach(verb, "needs action: without it the current URL is asked again")
    if (verb.name == "Redirect" or verb.get("action") or verb.get("url")) and verb.get("method") != "POST":
        raise _breach(verb, 'needs method="POST": the default differs between providers')
    urls = [verb.get(name) for name in _URL_ATTRIBUTES]
    if verb.name in {"Redirect", "Play"}:
        urls.append(verb.own_text)
    if not all(_PLAIN_URL.fullmatch(url) for url in urls):
        raise _breach(verb, "has a URL with other characters than A-Z a-z 0-9 - _ . / ? = & :")


def _breach(verb: Verb, what: str) -> DocumentRefused:
    return DocumentRefused(HOUSE_RULE, f"line {verb.line}: <{verb.name}> {what}")
