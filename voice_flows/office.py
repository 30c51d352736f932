"""What anybody may know about the office: whether it is open, its hours and its address."""

from bridge.flow import Flow, do, end, menu, run, say
from voice_flows.colleague import Colleague, see_who_is_there


class Office(Flow):
    """The caller hears hours and address, and can go on to a person."""

    look         = do(see_who_is_there, open="open_now", open_until="open_until",
                      closed="closed_now", closed_until="closed_until", down="hours")
    open_until   = say(then="hours")
    open_now     = say(then="hours")
    closed_until = say(then="hours")
    closed_now   = say(then="hours")
    hours        = say(then="address")
    address      = say(then="choose")
    choose       = menu({"1": "colleague", "2": "look", "3": "back"}, silent="back", wrong="colleague")
    colleague    = run(Colleague, over="over")
    back         = end()
    over         = end()
