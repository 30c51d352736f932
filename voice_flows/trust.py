"""How to pay, and what proves a letter from the office genuine; nothing about any file."""

from bridge.flow import Flow, end, menu, run, say
from voice_flows.colleague import Colleague


class Trust(Flow, topic=True):
    """The caller hears name, address and only account of the office before they pay or trust a letter."""

    who       = say(then="account")
    account   = say(then="mention")
    mention   = say(then="only")
    only      = say(then="choose")
    choose    = menu({"1": "colleague", "2": "back"}, reminds="*", seconds=12,
                     silent="back", wrong="back")
    colleague = run(Colleague, over="over")
    back      = end()
    over      = end()
