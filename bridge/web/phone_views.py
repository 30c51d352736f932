"""Serves the browser phone: its page, and what the page asks and tells while a call goes on."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Protocol, TypeVar

from flask import Blueprint, Response, abort, jsonify, render_template, request

from bridge.web.page_words import page_words, visitors_language

LONGEST_WAIT = 20.0
"""Seconds for which a question for news waits; then the page asks anew."""
_NUMBER = re.compile(r"(\+[1-9][0-9]{6,14})?")
_LONGEST_ACT = 300
_T = TypeVar("_T", str, int)


class BrowserPhone(Protocol):
    """What carries the calls of browsers, and what a visitor may do to the simulators beside them.

    A call that is not known raises KeyError.
    """

    @property
    def trouble(self) -> str:
        """What is wrong with Tagor now: `none`, `slow`, `down` or `odd`."""

    def people(self) -> Sequence[Mapping[str, str]]:
        """Return whom a caller can be: name, phone, language, pin, file and a note."""

    def call(self, number: str) -> str:
        """Phone the line with this caller's number ("" when withheld), and return the call's id.

        Raises:
            RuntimeError: too many calls are under way.
        """

    def act(self, call: str, what: str) -> None:
        """Do one thing in a call, in the words of a script; raises ValueError when it is none."""

    def listened(self, call: str, seq: int) -> None:
        """Note that the page has played everything up to event `seq`."""

    def speaking(self, call: str) -> None:
        """Note that the caller is saying something."""

    def events(self, call: str, since: int, wait: float) -> Sequence[Mapping[str, Any]]:
        """Return what happened since event `since`; wait for it up to `wait` seconds."""

    def sound(self, call: str, seq: int) -> bytes | None:
        """Return the WAV file that event `seq` plays."""

    def asked(self, since: int) -> Sequence[Mapping[str, object]]:
        """Return what Tagor was asked after entry `since`, without anybody's data."""

    def make_trouble(self, name: str) -> None:
        """Let Tagor be as `trouble` names it; raises KeyError."""

    def kill_worker(self) -> bool:
        """Kill one process of the line; tell whether one was found."""


def phone_blueprint(phone: BrowserPhone) -> Blueprint:
    """Make the page `/phone` and the addresses below it that its script asks; posts are JSON objects."""
    views = _PhoneViews(phone)
    blueprint = Blueprint("phone", __name__)
    for rule, name, method in (
        ("/phone", "page", "GET"),
        ("/phone/calls", "begin", "POST"),
        ("/phone/calls/<call>", "news", "GET"),
        ("/phone/calls/<call>/sounds/<int:seq>", "sound", "GET"),
        ("/phone/calls/<call>/act", "act", "POST"),
        ("/phone/calls/<call>/listened", "listened", "POST"),
        ("/phone/calls/<call>/speaking", "speaking", "POST"),
        ("/phone/tagor", "trouble", "POST"),
        ("/phone/workers/kill", "kill", "POST"),
    ):
        blueprint.add_url_rule(rule, name, _telling(getattr(views, name)), methods=[method])
    return blueprint


class _PhoneViews:
    def __init__(self, phone: BrowserPhone) -> None:
        self._phone = phone

    def page(self) -> str:
        script_words = {name: page_words(visitors_language())[name] for name in ("phone", "state", "watch")}
        return render_template(
            "phone.html", people=self._phone.people(), trouble=self._phone.trouble, script_words=script_words
        )

    def begin(self) -> Response:
        number = _posted("number", str)
        if not _NUMBER.fullmatch(number):
            abort(400)
        asked = self._phone.asked(0)
        try:
            call = self._phone.call(number)
        except RuntimeError:
            abort(429)
        return jsonify(call=call, asked=asked[-1]["seq"] if asked else 0)

    def news(self, call: str) -> Response:
        since, asked = (request.args.get(name, 0, type=int) for name in ("since", "asked"))
        events = self._phone.events(call, since, LONGEST_WAIT)
        return jsonify(events=events, asked=self._phone.asked(asked))

    def sound(self, call: str, seq: int) -> Response:
        played = self._phone.sound(call, seq)
        return Response(played, mimetype="audio/wav") if played is not None else abort(404)

    def act(self, call: str) -> Response:
        self._phone.act(call, _posted("what", str)[:_LONGEST_ACT])
        return jsonify()

    def listened(self, call: str) -> Response:
        self._phone.listened(call, _posted("seq", int))
        return jsonify()

    def speaking(self, call: str) -> Response:
        self._phone.speaking(call)
        return jsonify()

    def trouble(self) -> Response:
        self._phone.make_trouble(_posted("name", str))
        return jsonify(name=self._phone.trouble)

    def kill(self) -> Response:
        return jsonify(killed=self._phone.kill_worker())


def _telling(view: Callable[..., Response | str]) -> Callable[..., Response | str]:
    """Answer 404 for a call that is not known, and 400 for what makes no sense."""

    @wraps(view)
    def answered(**names: Any) -> Response | str:  # noqa: ANN401 - the address's parts
        try:
            return view(**names)
        except KeyError:
            abort(404)
        except ValueError:
            abort(400)

    return answered


def _posted(name: str, kind: type[_T]) -> _T:
    content = request.get_json()
    value = content.get(name) if isinstance(content, dict) else None
    if not isinstance(value, kind):
        abort(400)
    return value
