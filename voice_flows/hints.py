"""What the caller's number suggests: a language and at most three files to try a PIN on; no proof."""

from voice_flows.answers import Hint, HintedFile
from voice_flows.services import ActionContext

MAX_FILES = 3


def hinted(context: ActionContext) -> Hint:
    """Give the hint of the caller's number; Tagor is asked once per call, and only about a number."""
    # A note of a call is a flat list of texts, so each file takes two places in it.
    language, *files = context.once("hint", lambda: _ask(context))
    pairs = zip(files[::2], files[1::2], strict=True)
    return Hint(language or None, tuple(HintedFile(file, number) for file, number in pairs))


def _ask(context: ActionContext) -> list[str]:
    hint = context.identification.by_caller_number(context.caller) if context.caller else None
    if hint is None:
        return [""]
    return [hint.language or "", *(text for file in hint.files for text in (file.id, file.number))]
