"""What else a caller may want to know or have about a file."""

from bridge.flow import Flow, end, menu, run
from voice_flows.details import Details
from voice_flows.letters import Letters
from voice_flows.situation import Situation


class More(Flow):
    """The caller hears more about the file, asks for letters and messages, or talks about themselves."""

    choose    = menu({"1": "details", "2": "letters", "3": "situation"}, silent="back", wrong="back")
    details   = run(Details, back="back")
    letters   = run(Letters, back="back")
    situation = run(Situation, back="back", person="person")
    back      = end()
    person    = end()
