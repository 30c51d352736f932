"""The addresses the provider posts to: whatever goes wrong behind them, the caller hears words."""

import re
from contextlib import suppress
from traceback import extract_tb

import structlog
from flask import Blueprint, Response, request

from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.telephony import webhook_events, whispers
from bridge.telephony.call_handler import CallHandler, ProviderAccount
from bridge.telephony.fallback_documents import FallbackDocuments
from bridge.telephony.phone_numbers import dialled_number
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.webhook_verifier import Fields, WebhookVerifier

log = structlog.get_logger()

_TURN = re.compile(r"[1-9][0-9]{0,3}")


def voice_blueprint(
    account: ProviderAccount,
    handler: CallHandler,
    fallback_documents: FallbackDocuments,
    clock: Clock = SYSTEM_CLOCK,
) -> Blueprint:
    """Make the views under `/voice` for one provider's account.

    `/voice` and `/voice/fallback` begin and save a call, `/voice/turn/<n>` and `/voice/turn/<n>/on` lead it,
    `/voice/status` and `/voice/recording` report what became of a call and of a recording. A colleague who
    picks up hears `/voice/whisper/<office>/<language>/<known or unknown>/<wish or ->` and answers
    `/voice/whisper/accept`. The views take POST only, never redirect, and never answer 5xx. A redirect after
    mere words goes to `.../on`, so that it cannot be mistaken for a caller's silence.

    Raises:
        ValueError: the account lacks its id, its secrets or a usable public URL.
    """
    views = _Webhooks(account, handler, fallback_documents, clock)
    blueprint = Blueprint("voice", __name__)
    for rule, view in (
        ("/voice", views.ring),
        ("/voice/turn/<turn>", views.turn),
        ("/voice/turn/<turn>/on", views.turn),
        ("/voice/fallback", views.fallback),
        ("/voice/status", views.status),
        ("/voice/recording", views.recording),
        ("/voice/whisper/accept", views.accept),
        ("/voice/whisper/<office>/<language>/<known>/<wish>", views.whisper),
    ):
        blueprint.add_url_rule(
            rule,
            view_func=view,
            methods=["POST"],
            provide_automatic_options=False,
            strict_slashes=False,
            merge_slashes=False,
        )
    blueprint.register_error_handler(WebhookRejected, views.reject)
    return blueprint


class _Spoken(Response):
    """A document that the provider runs."""

    default_mimetype = "text/xml"


class _Webhooks:
    """One method for each address: verify the webhook, read its event, hand it on, answer."""

    def __init__(
        self,
        account: ProviderAccount,
        handler: CallHandler,
        fallback_documents: FallbackDocuments,
        clock: Clock,
    ) -> None:
        self._verifier = WebhookVerifier(account, clock)
        self._public_url = account.public_url
        self._handler = handler
        self._fallback_documents = fallback_documents

    def ring(self) -> Response:
        fields = self._verifier.verify(request, "/voice")
        event = webhook_events.ring(fields)
        try:
            if self._handler.admit(event):
                return _Spoken(self._handler.take(event))
        except Exception as error:  # noqa: BLE001 - whoever is on the phone must hear something
            _failed("ring", error)
        return self._fallback_document(fields)

    def turn(self, turn: str) -> Response:
        if _TURN.fullmatch(turn) is None:
            raise WebhookRejected("address")
        is_redirect = request.path.endswith("/on")
        path = f"/voice/turn/{turn}/on" if is_redirect else f"/voice/turn/{turn}"
        fields = self._verifier.verify(request, path)
        try:
            return _Spoken(
                self._handler.take(webhook_events.turn(fields, int(turn), is_redirect=is_redirect))
            )
        except Exception as error:  # noqa: BLE001 - as in ring
            _failed("turn", error)
        return self._fallback_document(fields)

    def fallback(self) -> Response:
        # A refusal would leave the caller with the provider's own error: even the call's id may be missing.
        fields = self._verifier.verify(request, "/voice/fallback", needs_call=False)
        try:
            if fields.get("CallSid"):
                return _Spoken(self._handler.fallback(webhook_events.fallback(fields, self._public_url)))
        except Exception as error:  # noqa: BLE001 - as in ring
            _failed("fallback", error)
        return self._fallback_document(fields)

    def whisper(self, office: str, language: str, known: str, wish: str) -> Response:
        whisper = whispers.parse(office, language, known, wish)
        self._verifier.verify(request, whispers.path(whisper), needs_call=False)
        try:
            return _Spoken(self._handler.whisper(whisper))
        except Exception as error:  # noqa: BLE001 - the colleague's leg ends, and the caller comes back to us
            _failed("whisper", error)
        return _Spoken(whispers.DECLINED)

    def accept(self) -> Response:
        fields = self._verifier.verify(request, "/voice/whisper/accept", needs_call=False)
        accepted = fields.get("Digits") == whispers.ACCEPT_KEY
        return _Spoken(whispers.ACCEPTED if accepted else whispers.DECLINED)

    def status(self) -> Response:
        fields = self._verifier.verify(request, "/voice/status", needs_call=False)
        try:
            if webhook_events.ended(fields):
                self._handler.ended(fields["CallSid"])
        except Exception as error:  # noqa: BLE001 - the provider ignores our answer; the log must not
            _failed("status", error)
        return Response(status=204)

    def recording(self) -> Response:
        fields = self._verifier.verify(request, "/voice/recording", needs_call=False)
        try:
            if fields.get("CallSid") and fields.get("RecordingStatus"):
                self._handler.recorded(fields["CallSid"], fields["RecordingStatus"])
        except Exception as error:  # noqa: BLE001 - as in status; the recording is looked for anyway
            _failed("recording", error)
        return Response(status=204)

    def reject(self, rejected: WebhookRejected) -> Response:
        view = str(request.endpoint).rpartition(".")[2]
        with suppress(Exception):  # a log that fails must not turn a refusal into an error of ours
            log.warning("refused", view=view, parameter=rejected.parameter, reason=rejected.reason)
        return Response(status=rejected.status)

    def _fallback_document(self, fields: Fields) -> Response:
        dialled = dialled_number(fields.get("To", ""))
        return _Spoken(self._fallback_documents.for_number(dialled, webhook_events.dialled(fields)))


def _failed(view: str, error: Exception) -> None:
    """Log which view failed and where, but not the error's own text, which may hold a caller's data."""
    last = extract_tb(error.__traceback__)[-1]
    with suppress(Exception):  # a log that fails must not silence the line
        log.error("failed", view=view, where=f"{type(error).__name__} at {last.filename}:{last.lineno}")
