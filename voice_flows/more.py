"""What else a caller may want to know or have about a file."""

from bridge.flow import Flow, end, menu, run
from voice_flows.details import Details
from voice_flows.file import NOTHING_OWED
from voice_flows.hardship import Hardship
from voice_flows.post import Post


class More(Flow):
    """The caller hears more about the file, has a copy or answers sent, or says that they cannot pay."""

    choose   = menu({"1": "details", "2": "copy", "3": "faq", "4": "hardship"},
                    unless={"4": NOTHING_OWED}, silent="back", wrong="back")
    details  = run(Details, back="back")
    copy     = run(Post, about="copy", back="back")
    faq      = run(Post, about="faq", back="back")
    hardship = run(Hardship, back="back", person="person")
    back     = end()
    person   = end()
