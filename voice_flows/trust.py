"""What proves a letter from the office genuine: its name, address and account; nothing about any file."""

from bridge.flow import Flow, end, menu, run, say
from voice_flows.colleague import Colleague


class Trust(Flow, topic=True):
    """The caller hears what the letter must show before they trust it or pay."""

    who       = say(then="account")
    account   = say(then="only")
    only      = say(then="choose")
    choose    = menu({"1": "colleague", "2": "back"}, silent="back", wrong="colleague")
    colleague = run(Colleague, over="over")
    back      = end()
    over      = end()
