"""Who is calling: the office chooses how callers prove it, and a stranger learns nothing from any of them."""

from typing import Literal

from bridge.flow import Flow, Proof, ask, do, end, menu, proves, run, say
from voice_flows.answers import Checked, Hint, HintedFile, OpenedFile
from voice_flows.offer import Offer
from voice_flows.services import ActionContext

# Three tries and then a person is what voice lines usually give; three files, so that nobody spends a call on
# one PIN for many files.
MAX_ROUNDS = 3
MAX_FILES = MAX_FILES_NAMED = 3


def hinted(context: ActionContext) -> Hint:
    """Give what the caller's number suggests and never proves; Tagor is asked about it once per call."""
    # A note of a call is a flat list of texts, so each file takes two places in it.
    language, *files = context.once("hint", lambda: _ask(context))
    pairs = zip(files[::2], files[1::2], strict=True)
    return Hint(language or None, tuple(HintedFile(file, number) for file, number in pairs))


def _ask(context: ActionContext) -> list[str]:
    hint = context.identification.by_caller_number(context.caller) if context.caller else None
    if hint is None:
        return [""]
    return [hint.language or "", *(text for file in hint.files for text in (file.id, file.number))]


def accept(context: ActionContext, opened: OpenedFile, proof: Proof) -> Literal["right"]:
    """Record the proof in the call; a caller who proves one file has all rounds again for the next one."""
    context.notes["rounds"] = 0
    context.notes["named"] = []
    context.identify(
        file=opened.id, number=opened.number, party=opened.party, proof=proof, credential=opened.credential
    )
    return "right"


def rounds_lost(context: ActionContext) -> int:
    """Give how many rounds this caller has lost before."""
    noted = context.notes.get("rounds")
    return noted if isinstance(noted, int) else 0


def may_try(context: ActionContext, number: str) -> bool:
    """Count a round, and tell whether the caller may try this file: three rounds, three different files."""
    noted = context.notes.get("named")
    named = noted if isinstance(noted, list) else []
    if number not in named:
        context.notes["named"] = [*named, number]
    return context.count("rounds") <= MAX_ROUNDS and len({*named, number}) <= MAX_FILES_NAMED


def judge(context: ActionContext, checked: Checked, proof: Proof) -> Literal["right", "wrong", "spent"]:
    """Tell what a check means for the call; after the last round comes a person, not another attempt."""
    if not isinstance(checked, str):
        return accept(context, checked, proof)
    return "spent" if checked == "spent" or context.notes.get("rounds") == MAX_ROUNDS else "wrong"


def choose_way(
    context: ActionContext,
) -> Literal["pin", "reference_pin", "house_number", "caller_number", "spent"]:
    """Tell how this office lets callers prove who they are, or that it has no attempts left."""
    return "spent" if context.identification.is_spent() else context.identification.method


@proves("right")
def try_hinted(context: ActionContext, pin: str) -> Literal["right", "none"]:
    """Try the PIN, silently, on the files that the caller's number is known for."""
    files = hinted(context).files
    if len(files) > MAX_FILES:
        return "none"
    opened = context.identification.by_hinted_files(files, pin, rounds_lost(context))
    # Two files may have the same PIN: then the caller says which one is meant.
    return accept(context, opened[0], "pin") if len(opened) == 1 else "none"


@proves("right")
def try_named(context: ActionContext, pin: str, file_number: str) -> Literal["right", "wrong", "spent"]:
    """Try the PIN on the file the caller names."""
    lost = rounds_lost(context)
    if not may_try(context, file_number):
        return "spent"
    return judge(context, context.identification.by_pin(file_number, pin, lost), "pin")


@proves("right")
def try_reference(
    context: ActionContext, pin: str, reference: str
) -> Literal["right", "several", "wrong", "spent"]:
    """Try the PIN on the file behind a reference; with several defendants the house number must choose."""
    lost = rounds_lost(context)
    if not may_try(context, reference):
        return "spent"
    checked = context.identification.by_reference(reference, pin, lost)
    if isinstance(checked, str) or checked.defendants == 1:
        return judge(context, checked, "reference_pin")
    context.notes["opened"] = [checked.id, checked.number, checked.party or "", checked.credential or ""]
    return "several"


@proves("right")
def choose_defendant(context: ActionContext, house_number: str) -> Literal["right", "none"]:
    """Choose one of several defendants by the house number, once the PIN has opened the file."""
    noted = context.notes.get("opened")
    if not isinstance(noted, list):
        return "none"
    file, number, party, credential = noted
    opened = OpenedFile(file, number, party or None, credential=credential or None)
    chosen = context.identification.by_residence(opened, house_number)
    return "none" if chosen is None else accept(context, chosen, "reference_pin")


@proves("right")
def try_house(
    context: ActionContext, reference: str, house_number: str
) -> Literal["right", "wrong", "spent"]:
    """Try a house number on the file behind a reference (the weak way)."""
    lost = rounds_lost(context)
    if not may_try(context, reference):
        return "spent"
    checked = context.identification.by_house_number(reference, house_number, lost)
    return judge(context, checked, "house_number")


@proves("right")
def try_number(context: ActionContext) -> Literal["right", "none"]:
    """Take the caller's number for a proof (the weakest way): only where it belongs to exactly one file."""
    files = hinted(context).files
    if len(files) != 1:
        return "none"
    [file] = files
    context.identify(file=file.id, number=file.number, party=None, proof="caller_number")
    return "right"


class ByPin(Flow):
    """The caller keys in the PIN, and the file number only if the PIN opened no hinted file."""

    ask_pin    = ask(into="pin", digits="pin", secret=True,
                     heard="try_hinted", empty="no_pin", silent="no_pin", wrong="stranger")
    # `none` and `down` go on alike, or the next question would tell a stranger whether the number is known.
    try_hinted = do(try_hinted, constant_time=True, right="known", none="ask_file", down="ask_file")
    # Longer than for a PIN: the file number stands on a letter that many must look for first.
    ask_file   = ask(into="file_number", digits="file", seconds=15,
                     heard="try_named", silent="stranger", wrong="stranger")
    try_named  = do(try_named, constant_time=True, right="known", wrong="sorry", spent="spent", down="down")
    sorry      = say(then="ask_pin")
    no_pin     = menu({"1": "person", "2": "back"}, silent="back", wrong="back")
    spent      = say(then="stranger")
    down       = say(then="stranger")
    known      = end()
    stranger   = end()
    person     = end()
    back       = end()


class ByReference(Flow):
    """The caller keys in the PIN, then the reference; with several defendants the house number chooses."""

    ask_pin       = ask(into="pin", digits="pin", secret=True,
                        heard="ask_reference", empty="no_pin", silent="no_pin", wrong="stranger")
    ask_reference = ask(into="reference", digits="reference", seconds=15,
                        heard="try_reference", silent="stranger", wrong="stranger")
    try_reference = do(try_reference, constant_time=True, right="known", several="ask_house",
                       wrong="sorry", spent="spent", down="down")
    ask_house     = ask(into="house_number", digits=(1, 5),
                        heard="choose", silent="stranger", wrong="stranger")
    choose        = do(choose_defendant, constant_time=True, right="known", none="stranger", down="down")
    sorry         = say(then="ask_pin")
    no_pin        = menu({"1": "person", "2": "back"}, silent="back", wrong="back")
    spent         = say(then="stranger")
    down          = say(then="stranger")
    known         = end()
    stranger      = end()
    person        = end()
    back          = end()


class ByHouseNumber(Flow):
    """The caller keys in reference and house number; such an office names who accepted the risk."""

    ask_reference = ask(into="reference", digits="reference", seconds=15,
                        heard="ask_house", empty="stranger", silent="stranger", wrong="stranger")
    ask_house     = ask(into="house_number", digits=(1, 5),
                        heard="try_house", silent="stranger", wrong="stranger")
    try_house     = do(try_house, constant_time=True,
                       right="known", wrong="sorry", spent="spent", down="down")
    sorry         = say(then="ask_reference")
    spent         = say(then="stranger")
    down          = say(then="stranger")
    known         = end()
    stranger      = end()


class ByCallerNumber(Flow):
    """The caller's number alone is the proof; such an office names who accepted the risk."""

    try_number = do(try_number, constant_time=True, right="known", none="unknown", down="down")
    unknown    = say(then="stranger")
    down       = say(then="stranger")
    known      = end()
    stranger   = end()


class Identify(Flow):
    """The caller proves who they are, as the office has chosen; whoever cannot is offered a person."""

    # An office without attempts left says so here, before anybody has keyed a PIN and a file number in vain.
    way          = do(choose_way, local=True, pin="by_pin", reference_pin="by_reference",
                      house_number="by_house", caller_number="by_caller",
                      spent="spent", down="stranger")
    spent        = say(then="stranger")
    by_pin       = run(ByPin, known="known", stranger="stranger", person="person", back="back")
    by_reference = run(ByReference, known="known", stranger="stranger", person="person", back="back")
    by_house     = run(ByHouseNumber, known="known", stranger="stranger")
    by_caller    = run(ByCallerNumber, known="known", stranger="stranger")
    # Who could not prove it is offered a person; whoever chose one is put through.
    stranger     = run(Offer, person="person", back="back")
    known        = end()
    person       = end()
    back         = end()
