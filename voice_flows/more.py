"""What else a caller may want to know or have about a file."""

from bridge.flow import Flow, end, menu, run
from voice_flows.details import Details
from voice_flows.file import NOTHING_OWED
from voice_flows.hardship import Hardship
from voice_flows.letters import Letters


class More(Flow):
    """The caller hears more about the file, asks for letters and messages, or says that they cannot pay."""

    choose   = menu({"1": "details", "2": "letters", "3": "hardship"},
                    unless={"3": NOTHING_OWED}, silent="back", wrong="back")
    details  = run(Details, back="back")
    letters  = run(Letters, back="back")
    hardship = run(Hardship, back="back", person="person")
    back     = end()
    person   = end()
