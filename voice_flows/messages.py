"""Messages that the office left for the caller: told after the amount, read out to whoever wants that."""

import re
from collections.abc import Iterator
from typing import Literal

from bridge.flow import Flow, IdentifiedFile, do, end, menu, run, say, tells
from voice_flows.leave_word import Voicemail
from voice_flows.services import ActionContext

MAX_WORDS, MAX_PARTS = 28, 4
"""How many words are spoken in one go, and how many times: 45 seconds together."""
MAX_LETTERS = 30
"""A word beyond that is an address on the web, or nothing that a voice could say."""

_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
_HEARD = "messages heard"


def speakable(text: str) -> str:
    """Leave out of a text what no voice can say: markup, web addresses, words without a letter or a digit."""
    words = _MARKUP.sub(" ", text).split()
    return " ".join(
        word
        for word in words
        if len(word) <= MAX_LETTERS and "://" not in word and any(map(str.isalnum, word))
    )


def parts_of(subject: str, text: str) -> list[str]:
    """Give what is spoken of a message, subject first, in parts of at most `MAX_WORDS` words."""
    parts: list[list[str]] = []
    for piece in (*_pieces(speakable(subject)), *_pieces(speakable(text))):
        if parts and len(parts[-1]) + len(piece) <= MAX_WORDS:
            parts[-1] += piece
        else:
            parts.append(piece)
    return [" ".join(part) for part in parts]


def _pieces(text: str) -> Iterator[list[str]]:
    for words in filter(None, map(str.split, _SENTENCE.split(text))):
        # A pause where a sentence ends, also where its writer left the full stop out, as in a subject.
        words[-1] += "" if words[-1][-1] in ".!?;:," else "."
        yield from (words[start : start + MAX_WORDS] for start in range(0, len(words), MAX_WORDS))


def look_for_message(context: ActionContext, file: IdentifiedFile) -> Literal["waiting", "none"]:
    """Find the oldest message that the caller has not read, nor heard in this call."""
    unread = context.once(f"messages {file.id}", lambda: list(context.correspondence.unread(file)))
    waiting = [message for message in unread if message not in heard(context)]
    if not waiting:
        return "none"
    context.notes["message"] = waiting[0]
    return "waiting"


def heard(context: ActionContext) -> list[str]:
    """Give the ids of the messages that were heard in this call."""
    noted = context.notes.get(_HEARD)
    return noted if isinstance(noted, list) else []


@tells("four", part_4="text")
@tells("four", "three", part_3="text")
@tells("four", "three", "two", part_2="text")
@tells("four", "three", "two", "one", part_1="text")
def fetch_message(
    context: ActionContext, file: IdentifiedFile
) -> Literal["four", "three", "two", "one", "unspoken"]:
    """Tell what the message says; `part_1` is its last part, so that each number of parts ends alike."""
    message = context.correspondence.message(file, str(context.notes.get("message")))
    parts = parts_of(message.subject, message.text) if message else []
    context.notes["message cut"] = len(parts) > MAX_PARTS
    match parts[:MAX_PARTS]:
        case [first, second, third, last]:
            context.tell(part_4=first, part_3=second, part_2=third, part_1=last)
            return "four"
        case [first, second, last]:
            context.tell(part_3=first, part_2=second, part_1=last)
            return "three"
        case [first, last]:
            context.tell(part_2=first, part_1=last)
            return "two"
        case [last]:
            context.tell(part_1=last)
            return "one"
    return "unspoken"


def was_cut(context: ActionContext) -> Literal["whole", "cut"]:
    """Tell whether the message is longer than what was spoken."""
    return "cut" if context.notes.get("message cut") else "whole"


def leave_read(context: ActionContext, file: IdentifiedFile) -> Literal["left"]:  # noqa: ARG001 - whose it is
    """Have the message marked as read, now that the caller has heard it to its end."""
    message = str(context.notes.get("message"))
    context.notes[_HEARD] = [*heard(context), message]
    context.leave("read_message", message=message)
    return "left"


class Messages(Flow):
    """The caller hears that the office left a message, and what it says; then it is marked as read."""

    look     = do(look_for_message, waiting="choose", none="told", down="told")
    choose   = menu({"1": "fetch", "2": "told"}, silent="told", wrong="told")
    fetch    = do(fetch_message, four="part_4", three="part_3", two="part_2", one="part_1",
                  unspoken="unspoken", down="unspoken")
    part_4   = say(then="part_3")
    part_3   = say(then="part_2")
    part_2   = say(then="part_1")
    part_1   = say(then="rest")
    rest     = do(was_cut, local=True, whole="heard", cut="cut", down="heard")
    cut      = say(then="heard")
    # Whoever hangs up before the end has not heard it: it stays unread.
    heard    = menu({"1": "answer", "2": "read"}, reminds="*", silent="read", wrong="read")
    answer   = run(Voicemail, left="read", nothing="read")
    read     = do(leave_read, local=True, left="look", down="told")
    unspoken = say(then="told")
    told     = end()
