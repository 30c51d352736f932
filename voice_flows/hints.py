"""What the caller's number suggests: a language, and at most three files to try a PIN on; never a proof."""

from dataclasses import dataclass

from voice_flows.services import ActionContext

MAX_FILES = 3


@dataclass(frozen=True, slots=True, repr=False)
class HintedFile:
    """A file that may be the caller's."""

    id: str
    number: str


@dataclass(frozen=True, slots=True, repr=False)
class Hinted:
    """The party behind a number, as far as a call may know it."""

    language: str | None
    files: tuple[HintedFile, ...]


def hinted(context: ActionContext) -> Hinted:
    """The party behind the caller's number, asked once per call, and only where there is a number."""
    language, *files = context.once("hint", lambda: _ask(context))
    pairs = zip(files[::2], files[1::2], strict=True)
    return Hinted(language or None, tuple(HintedFile(file, number) for file, number in pairs))


def _ask(context: ActionContext) -> list[str]:
    hint = context.desk.who_calls(context.caller) if context.caller else None
    if hint is None:
        return [""]
    return [hint.language or "", *(text for file in hint.files for text in (file.id, file.number))]
