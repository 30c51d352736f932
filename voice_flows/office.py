"""What anybody may know about the office: whether it is open, its hours and its address."""

from bridge.flow import Flow, do, end, menu, run, say
from voice_flows.call_back import CallBack
from voice_flows.colleague import Colleague, see_who_is_there
from voice_flows.leave_word import Voicemail, may_leave_word


class Office(Flow):
    """The caller hears hours and address, and can reach a person or leave word."""

    look         = do(see_who_is_there, open="open_now", open_until="open_until",
                      closed="closed_now", closed_until="closed_until", down="hours")
    open_until   = say(then="hours")
    open_now     = say(then="hours")
    closed_until = say(then="hours")
    closed_now   = say(then="hours")
    hours        = say(then="address")
    address      = say(then="may")
    may          = do(may_leave_word, local=True, yes="choose", no="choose_less", down="choose_less")
    choose       = menu({"1": "colleague", "2": "call_back", "3": "voicemail", "4": "back"},
                        silent="back", wrong="back")
    choose_less  = menu({"1": "colleague", "2": "back"}, silent="back", wrong="back")
    colleague    = run(Colleague, over="over")
    call_back    = run(CallBack, promised="over", voicemail="voicemail", nothing="back")
    voicemail    = run(Voicemail, left="over", nothing="back")
    back         = end()
    over         = end()
