"""The addresses the provider posts to: whatever goes wrong behind them, the caller hears words."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from traceback import extract_tb

from flask import Blueprint, Response, request

from bridge.conversation.reply import Whisper
from bridge.flow.inbound import CallEvent
from bridge.telephony import form, webhook, whispers
from bridge.telephony.address import PublicUrl
from bridge.telephony.provider import Provider
from bridge.telephony.rejected import Reason, WebhookRejected
from bridge.telephony.reply_check import ReplyCheck
from bridge.telephony.webhook_verifier import WebhookVerifier

_TURN = re.compile(r"[1-9][0-9]{0,3}")


def _nobody(_whisper: Whisper) -> bytes:
    return whispers.DECLINED


def _welcome(_ring: CallEvent) -> bool:
    return True


def _unheard(_call: str, _recording: str, _status: str) -> None:
    """A line without voicemail asks for no recordings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHandler:
    """One provider's account and what is behind it.

    Attributes:
        public_url: the bridge's own address, as the provider calls and signs it.
        account: the provider's account id; webhooks of another are refused.
        secrets: the account's signing secrets, several while they are rotated.
        take: answers one heard turn with a rendered reply.
        fallback: brings a caller back after the provider gave up on a reply, by its error code (or ""): to
            where the call is, or to its ring when nobody heard of it.
        hung_up: is told the id of a call that is over, perhaps more than once.
        last_words: by dialled number, the reply when `take` or `fallback` failed; "" is for all others.
        refused: is told why a request was refused, in a fixed word.
        failed: is told which view failed, and the error's class, file and line.
        whisper: gives the words to a colleague, as `Renderer.whisper` writes them; without database or Tagor.
        admits: tells whether a new call may begin, perhaps more than once; if not, it gets its last words.
        recorded: is told what became of a recording, perhaps more than once or never: call id, recording id
            and the provider's word (`completed` can be fetched, `absent` and `failed` never will be).
    """

    public_url: str
    provider: Provider
    account: str
    secrets: Sequence[str] = field(repr=False)
    take: Callable[[CallEvent], bytes]
    fallback: Callable[[CallEvent, str], bytes]
    hung_up: Callable[[str], None]
    last_words: Mapping[str, bytes]
    refused: Callable[[Reason], None]
    failed: Callable[[str, str], None]
    whisper: Callable[[Whisper], bytes] = _nobody
    recorded: Callable[[str, str, str], None] = _unheard
    admits: Callable[[CallEvent], bool] = _welcome

    def __post_init__(self) -> None:
        if "" not in self.last_words:
            raise ValueError('last_words needs an entry "" for calls to numbers it does not name')
        check = ReplyCheck(PublicUrl.parse(self.public_url), self.provider).check
        for reply in self.last_words.values():
            check(reply)


def blueprint(line: CallHandler) -> Blueprint:
    """Make the line's views under `/voice`.

    `/voice` and `/voice/fallback` begin and save a call, `/voice/turn/<n>` and `.../on` lead it,
    `/voice/status` and `/voice/recording` are told what became of a call and of a recording, and a colleague
    who picks up hears `/voice/whisper/<office>/<language>/<known or unknown>/<wish or ->` and answers
    `/voice/whisper/accept`. They take POST only, never redirect, and never answer 5xx. A redirect after mere
    words goes to `.../on`, so that it cannot be mistaken for a caller's silence (a gather's action or its
    trailing redirect).
    """
    views = _Views(line)
    page = Blueprint("voice", __name__)
    for rule, view in (
        ("/voice", views.ring),
        ("/voice/turn/<turn>", views.turn),
        ("/voice/turn/<turn>/on", views.on),
        ("/voice/fallback", views.fallback),
        ("/voice/status", views.status),
        ("/voice/recording", views.recording),
        ("/voice/whisper/accept", views.accept),
        ("/voice/whisper/<office>/<language>/<known>/<wish>", views.whisper),
    ):
        page.add_url_rule(
            rule,
            view_func=view,
            methods=["POST"],
            provide_automatic_options=False,
            strict_slashes=False,
            merge_slashes=False,
        )
    page.register_error_handler(WebhookRejected, views.refuse)
    return page


class _Views:
    def __init__(self, line: CallHandler) -> None:
        self._line = line
        self._door = WebhookVerifier(line.public_url, line.provider, line.account, line.secrets)

    def ring(self) -> Response:
        fields = self._door.verify(request, "/voice")
        ring, sorry = webhook.ring(fields), self._sorry(fields)
        return self._answer(
            "ring", sorry, lambda: self._line.take(ring) if self._line.admits(ring) else sorry
        )

    def turn(self, turn: str) -> Response:
        number = _number(turn)
        fields = self._door.verify(request, f"/voice/turn/{number}")
        return self._answer(
            "turn", self._sorry(fields), lambda: self._line.take(webhook.turn(fields, number))
        )

    def on(self, turn: str) -> Response:
        number = _number(turn)
        fields = self._door.verify(request, f"/voice/turn/{number}/on")
        return self._answer("on", self._sorry(fields), lambda: self._line.take(webhook.nudge(fields, number)))

    def fallback(self) -> Response:
        fields = self._door.verify(request, "/voice/fallback")
        ring, code = webhook.ring(fields), fields.get("ErrorCode", "")
        return self._answer("fallback", self._sorry(fields), lambda: self._line.fallback(ring, code))

    def whisper(self, office: str, language: str, known: str, wish: str) -> Response:
        whisper = whispers.parse(office, language, known, wish)
        self._door.verify(request, whispers.path(whisper))
        return self._answer("whisper", whispers.DECLINED, lambda: self._line.whisper(whisper))

    def accept(self) -> Response:
        fields = self._door.verify(request, "/voice/whisper/accept")
        accepted = fields.get("Digits") == whispers.ACCEPT_KEY
        return _spoken(whispers.ACCEPTED if accepted else whispers.DECLINED)

    def status(self) -> Response:
        fields = self._door.verify(request, "/voice/status")
        if webhook.ended(fields):
            self._tell("status", lambda: self._line.hung_up(fields["CallSid"]))
        return Response(status=204)

    def recording(self) -> Response:
        fields = self._door.verify(request, "/voice/recording", form.RECORDING)
        report = (fields["CallSid"], fields["RecordingSid"], fields["RecordingStatus"])
        self._tell("recording", lambda: self._line.recorded(*report))
        return Response(status=204)

    def refuse(self, refused: WebhookRejected) -> Response:
        with suppress(Exception):
            self._line.refused(refused.reason)
        return Response(status=refused.status)

    def _answer(self, view: str, sorry: bytes, take: Callable[[], bytes]) -> Response:
        try:
            return _spoken(take())
        except Exception as error:  # noqa: BLE001 - whoever is on the phone must hear something
            self._failed(view, error)
            return _spoken(sorry)

    def _tell(self, view: str, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception as error:  # noqa: BLE001 - the provider ignores our answer; the log must not
            self._failed(view, error)

    def _sorry(self, fields: form.Fields) -> bytes:
        return self._line.last_words.get(fields["To"], self._line.last_words[""])

    def _failed(self, view: str, error: Exception) -> None:
        """Tell where it went wrong; an error's own text may hold a caller's data and is left out."""
        last = extract_tb(error.__traceback__)[-1]
        with suppress(Exception):
            self._line.failed(view, f"{type(error).__name__} at {last.filename}:{last.lineno}")


def _spoken(reply: bytes) -> Response:
    return Response(reply, content_type="text/xml; charset=utf-8")


def _number(turn: str) -> int:
    if _TURN.fullmatch(turn) is None:
        raise WebhookRejected("address")
    return int(turn)
