"""The caller's other files: how many there are, their numbers, the way into another one, or a message."""

from typing import Literal

from bridge.flow import Flow, IdentifiedFile, ask, do, end, menu, proves, run, say, tells
from voice_flows.identify import accept, try_named
from voice_flows.leave_word import NO_MESSAGE, Voicemail, see_what_applies
from voice_flows.offer import Offer
from voice_flows.services import ActionContext

PAGE = "page of files"
"""The note of how many pages of file numbers the caller has heard."""
ONE_LEFT = "one file on the page"
"""The note that only one file number is told."""
A_PAGE = 2
"""File numbers that are told at once: more of them nobody follows by ear."""


def other_files(context: ActionContext, file: IdentifiedFile) -> list[str]:
    """Give the numbers of the caller's other files; Tagor is asked once per call and file."""
    return context.once(f"other files {file.id}", lambda: list(context.parties.other_files(file)))


@tells("some", others="count")
def count_files(context: ActionContext, file: IdentifiedFile) -> Literal["some", "none"]:
    """Tell how many other files there are, if the office tells them and the caller proved the party."""
    numbers = other_files(context, file)
    context.notes[PAGE] = 0
    if not numbers:
        return "none"
    context.tell(others=len(numbers))
    return "some"


@tells("shown", file_1="digits", file_2="digits")
def show_page(context: ActionContext, file: IdentifiedFile) -> Literal["shown", "over"]:
    """Tell the numbers of the next files, if there are more."""
    page = int(str(context.notes.get(PAGE) or 0))
    numbers = other_files(context, file)[page * A_PAGE :][:A_PAGE]
    if not numbers:
        return "over"
    context.notes[PAGE] = page + 1
    context.notes[ONE_LEFT] = len(numbers) == 1
    context.tell(file_1=numbers[0], file_2=numbers[-1])
    return "shown"


@tells("pin", "signed", chosen_file="digits")
def choose_file(
    context: ActionContext, place: str, file_1: str, file_2: str
) -> Literal["pin", "signed", "spent"]:
    """Tell which file was chosen, and whether its PIN is asked; never in vain."""
    context.tell(chosen_file=file_1 if place == "1" else file_2)
    if context.parties.opens_without_pin:
        return "signed"
    return "spent" if context.identification.is_spent() else "pin"


@proves("right")
def open_signed(context: ActionContext, file: IdentifiedFile, chosen_file: str) -> Literal["right", "none"]:
    """Open the party's other file without its PIN, where the office signed for that."""
    opened = context.parties.open_without_pin(file, chosen_file)
    return "none" if opened is None else accept(context, opened, "pin")


@proves("right")
def try_chosen(context: ActionContext, pin: str, chosen_file: str) -> Literal["right", "wrong", "spent"]:
    """Try the PIN on the chosen file; it counts as if the caller had named the file."""
    return try_named(context, pin, chosen_file)


class OtherFile(Flow):
    """The caller opens the chosen file with its own PIN, or without one where the office signed for it."""

    way      = do(choose_file, local=True, pin="ask_pin", signed="open", spent="spent", down="stranger")
    open     = do(open_signed, right="known", none="ask_pin", down="ask_pin")
    ask_pin  = ask(into="pin", digits="pin", secret=True,
                   heard="try_pin", empty="stay", silent="stay", wrong="stranger")
    try_pin  = do(try_chosen, constant_time=True, right="known", wrong="sorry", spent="spent", down="down")
    sorry    = say(then="ask_pin")
    spent    = say(then="stranger")
    down     = say(then="stranger")
    known    = end()
    stay     = end()
    stranger = end()


class OtherFiles(Flow):
    """The caller hears how many other files there are and their numbers, and chooses one."""

    # Nothing but a number is told of a file that the caller has not proved.
    count    = say(then="page")
    page     = do(show_page, local=True, shown="choose", over="identify", down="stranger")
    choose   = menu({"1": "file", "2": "file", "3": "page", "4": "back"}, into="place",
                    unless={"2": ONE_LEFT}, silent="stay", wrong="stay")
    file     = run(OtherFile, known="known", stay="stay", stranger="stranger")
    known    = end()
    identify = end()
    stay     = end()
    back     = end()
    stranger = end()


class Elsewhere(Flow):
    """The caller goes on to another file, told or named by them, leaves a message, or has the main menu."""

    others   = do(count_files, some="files", none="look", down="look")
    files    = run(OtherFiles, known="known", identify="identify", stay="stay", back="look",
                   stranger="offer")
    look     = do(see_what_applies, local=True, seen="choose", down="choose")
    choose   = menu({"1": "identify", "2": "message", "3": "back"}, unless={"2": NO_MESSAGE},
                    silent="stay", wrong="stay")
    message  = run(Voicemail, left="stay", nothing="stay")
    offer    = run(Offer, person="person", back="stay")
    known    = end()
    identify = end()
    stay     = end()
    back     = end()
    person   = end()
