"""A person is offered, never imposed: the caller agrees to be put through, or goes on with the line."""

from bridge.flow import Flow, end, menu


class Offer(Flow):
    """Whoever could not be helped has heard why; a person is dialled for those who want one."""

    choose = menu({"1": "person", "2": "back"}, silent="back", wrong="back")
    person = end()
    back   = end()
