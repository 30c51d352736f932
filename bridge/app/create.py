"""Puts the bridge together: settings in, a Flask application out, and nothing global in between."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from flask import Flask

import voice_flows
from bridge.app.call_handler import OfficeCallHandler
from bridge.app.outbox import outbox_worker
from bridge.app.overrides import NO_OVERRIDES, Overrides, Speech
from bridge.app.rendering import fallback_documents, provider_account, renderer_of, sound_files
from bridge.app.tagor import office_tagor
from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.conversation.action_runner import ActionRunner
from bridge.conversation.at_most_once.reconciler import Reconciler
from bridge.conversation.at_most_once.sender import SENDERS, DecisionSender
from bridge.conversation.bulkhead import per_process
from bridge.conversation.constant_time import ConstantTime
from bridge.conversation.live_offices import LiveOffices
from bridge.conversation.office_context import OfficeContext, services_of
from bridge.conversation.outbox_writer import OutboxWriter
from bridge.conversation.phrasing import Phrasing
from bridge.conversation.rate_limit import AdmissionControl
from bridge.conversation.reply import Answer
from bridge.conversation.turns import Conversation
from bridge.flow.engine import Engine
from bridge.flow.errors import FlowError
from bridge.flow.turn_output import HangUp
from bridge.flow_proof import prove
from bridge.office.model import Office
from bridge.office.reading import OfficeError, Offices, read_offices
from bridge.operations.health import health_blueprint
from bridge.operations.logs import start_logging
from bridge.operations.propagation import no_span
from bridge.settings import Settings, SettingsError
from bridge.speech import Catalogue, CatalogueError, NoteBook
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreDown, StoreError
from bridge.store.repositories import Repositories
from bridge.tagor import CircuitBreakers
from bridge.telephony.call_handler import CallHandler
from bridge.telephony.providers import PROVIDERS
from bridge.telephony.rejected import Reason
from bridge.telephony.sounds import sounds_blueprint
from bridge.telephony.voices import voices_by_language
from bridge.telephony.webhooks import voice_blueprint

if TYPE_CHECKING:
    from bridge.operations.metrics import Metrics
    from bridge.operations.tracing import Tracing

APP_LOAD_ERROR = 4
"""The exit status by which a gunicorn worker tells its master not to try again."""

STORE_SECONDS = 2.0
"""How long one transaction may wait for the database."""

WEBHOOK_SECONDS = 2.9
"""How long all transactions of one webhook may take together: a caller hears nothing for three at most."""


class Bridge:
    """All objects that one process of the bridge consists of; each holds the ones it needs.

    Raises:
        SettingsError, OfficeError, CatalogueError, FlowError: it must not start; each lists its sentences.
        StoreError: the database is not this bridge's: `bridge migrate` has not been run. A database that is
            merely away raises nothing: a worker that starts meanwhile still sends callers to a person.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        environ: Mapping[str, str],
        overrides: Overrides,
        *,
        metrics: "Metrics | None" = None,
        tracing: "Tracing | None" = None,
    ) -> None:
        self.settings, self.metrics, self.tracing = settings, metrics, tracing
        self._span = tracing.work if tracing else no_span
        self._clock, self._overrides = clock, overrides
        self.speech = overrides.speech or proved_speech()
        open_database = overrides.database or Database
        self.database = open_database(
            settings.database_url.get_secret_value(), patience=STORE_SECONDS, clock=clock
        )
        self.repositories = Repositories(
            self.database, sealer_of(settings), journal_days=settings.journal_days
        )
        self.offices = overrides.offices or offices_of(settings, environ)
        self.contexts = {office.key: self._office_context(office) for office in self.offices}
        self.live_offices = LiveOffices(
            self.repositories.live_settings,
            {number: self.contexts[office.key] for number, office in self.offices.by_number.items()},
            voice_flows.CALL,
            clock,
        )
        self.conversation = self._conversation()
        self.reconciler = Reconciler(self.repositories, self.contexts, clock=clock, span=self._span)
        self.outbox_worker = outbox_worker(
            settings,
            PROVIDERS[settings.provider],
            clock,
            self.repositories,
            contexts=self.contexts,
            notes=self.speech.notes,
            recordings=overrides.recordings,
            span=self._span,
        )
        self.fallback_documents = overrides.fallback_documents or fallback_documents(
            settings, self.speech.words, self.offices
        )
        self.call_handler = OfficeCallHandler(
            self.conversation,
            AdmissionControl(self.offices.by_number, settings.workers, clock),
            Phrasing(self.speech.words),
            self.fallback_documents,
            offices=self.offices,
            settings=settings,
            log_name=self.repositories.calls.log_name,
        )

    def start_background(self) -> None:
        """Settle decisions, deliver the outbox and take changes over, in threads, while the process lives."""
        self.live_offices.start()
        self.reconciler.start()
        self.outbox_worker.start()

    def _office_context(self, office: Office) -> OfficeContext:
        """Open one office: its way to Tagor, its threads, its voices."""
        settings, clock = self.settings, self._clock
        tagor = office_tagor(
            office,
            demo=settings.demo,
            threads=max(settings.threads, office.tagor.at_a_time),
            clock=clock,
            overrides=self._overrides,
            breakers=CircuitBreakers(
                clock, observer=self.metrics.of_tagor(office.key) if self.metrics else None
            ),
            traced=partial(self.tracing.question, office=office.key) if self.tracing else None,
        )
        executor = self._overrides.executor or per_process(settings.workers)
        renderer = self._overrides.renderers.get(office.key) or renderer_of(
            settings, office, self.speech.words
        )
        return OfficeContext.of(office, tagor, renderer, voice_flows.CALL, executor=executor, clock=clock)

    def _conversation(self) -> Conversation:
        """Join what leads a call turn by turn."""
        clock, overrides, repositories = self._clock, self._overrides, self.repositories
        sender = DecisionSender(
            repositories.decisions,
            clock=clock,
            senders=overrides.executor and overrides.executor(SENDERS, "decision"),
            span=self._span,
        )
        constant_time = (overrides.constant_time or ConstantTime)(clock=clock)
        return Conversation(
            Engine(voice_flows.CALL, self.speech.notes.marks),
            repositories.calls,
            runner=ActionRunner(
                repositories,
                sender,
                seconds=self.settings.tagor_seconds,
                constant_time=constant_time,
                clock=clock,
            ),
            phrasing=Phrasing(self.speech.words),
            outbox_writer=OutboxWriter(repositories, tuple(self.contexts), clock),
            office_contexts=self.live_offices.by_number.get,
            hangup_document=renderer_of(self.settings, None).render(Answer((), HangUp(), 0)),
            clock=clock,
        )


CANNOT_START = (SettingsError, OfficeError, CatalogueError, FlowError, StoreError)
"""Why the line must not start; each lists its sentences."""


def create_app(
    settings: Settings | None = None,
    clock: Clock = SYSTEM_CLOCK,
    environ: Mapping[str, str] = os.environ,
    overrides: Overrides = NO_OVERRIDES,
) -> Flask:
    """Make the application that gunicorn serves; its `Bridge` stands in `app.extensions["bridge"]`.

    `environ` holds the secrets that office files name. A rehearsal replaces parts by `overrides`.

    Raises:
        SettingsError, OfficeError, CatalogueError, FlowError, StoreError: as `Bridge` does.
    """
    settings = settings or Settings.read(environ)
    metrics, tracing = _metrics(settings), _tracing(settings)
    if overrides.start_logging:
        overrides.start_logging(settings.log_level)
    else:
        observers = [*([metrics.count] if metrics else ()), *([tracing.note] if tracing else ())]
        start_logging(settings.log_level, observers=observers)
    bridge = Bridge(settings, clock, environ, overrides, metrics=metrics, tracing=tracing)
    app = overrides.flask(__name__, static_folder=None)
    app.extensions["bridge"] = bridge
    app.register_blueprint(
        voice_blueprint(provider_account(settings), _handler(bridge), bridge.fallback_documents, clock=clock)
    )
    app.register_blueprint(sounds_blueprint(sound_files(bridge.offices, bridge.speech.words)))
    # Which server answers: while one replaces another, both do.
    shown = {"master": lambda: str(os.getppid())}
    app.register_blueprint(health_blueprint({"store": bridge.database.ping_write}, shown))
    if metrics and settings.metrics:
        from bridge.app.metrics import serve_metrics  # noqa: PLC0415 - as in `_metrics`

        token, store = settings.metrics.get_secret_value(), bridge.repositories
        metrics.begin_at_zero(reasons=get_args(Reason), offices=bridge.contexts)
        serve_metrics(app, metrics, token, store=store, offices=bridge.offices, clock=clock)
    # All that one request asks of the database shares this time, also what an apology asks.
    limited = bridge.database.budget.webhook(WEBHOOK_SECONDS)
    app.wsgi_app = limited(app.wsgi_app)  # type: ignore[method-assign]  # as Flask advises
    return app


def _metrics(settings: Settings) -> "Metrics | None":
    """Make the metrics, if anybody reads them; without them their library is never imported."""
    if settings.metrics is None:
        return None
    from bridge.operations.metrics import Metrics  # noqa: PLC0415 - see above

    return Metrics()


def _tracing(settings: Settings) -> "Tracing | None":
    """Make what traces, if anybody wants spans; without them its library is never imported."""
    if not settings.traces:
        return None
    from bridge.app.tracing import start_tracing  # noqa: PLC0415 - see above

    return start_tracing(settings.traces)


def _handler(bridge: Bridge) -> CallHandler:
    """Give what answers verified webhooks, with a span for each where somebody traces."""
    if bridge.tracing is None:
        return bridge.call_handler
    from bridge.app.tracing import TracedCallHandler  # noqa: PLC0415 - only where it is used

    return TracedCallHandler(
        bridge.call_handler,
        bridge.tracing,
        provider=bridge.settings.provider,
        log_name=bridge.repositories.calls.log_name,
    )


def wsgi() -> Flask:
    """Make the application for gunicorn: what must not start says why in sentences, and stays down."""
    try:
        app = create_app()
    except CANNOT_START as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(APP_LOAD_ERROR) from None
    bridge: Bridge = app.extensions["bridge"]
    with suppress(StoreDown):
        if unreadable := bridge.repositories.unreadable():
            sys.stderr.write(f"{unreadable}\n")
    bridge.start_background()
    return app


def offices_of(settings: Settings, environ: Mapping[str, str] = os.environ) -> Offices:
    """Read the files of the offices this bridge answers for.

    Raises:
        OfficeError: with every mistake in every file.
    """
    return offices_in(settings.offices, environ, demo=settings.demo, provider=settings.provider)


def offices_in(folder: Path, environ: Mapping[str, str], *, demo: bool, provider: str = "twilio") -> Offices:
    """Read the office files of a folder, whatever the other settings are.

    Raises:
        OfficeError: with every mistake in every file.
    """
    return read_offices(
        folder,
        environ,
        demo=demo,
        services=services_of(voice_flows.CALL),
        voices=voices_by_language(PROVIDERS[provider].voices),
        whispers=PROVIDERS[provider].whisper,
    )


def open_repositories(settings: Settings) -> Repositories:
    """Open the settings' database, for a command that needs no running bridge."""
    return Repositories(Database(settings.database_url.get_secret_value()), sealer_of(settings))


@cache
def proved_speech() -> Speech:
    """Read all prompts and notes, and prove them against the flows, once in a process.

    Raises:
        CatalogueError, FlowError: with every mistake in them.
    """
    catalogue, notes = Catalogue.load(voice_flows.PROMPTS), NoteBook.load(voice_flows.NOTES)
    prove(voice_flows.CALL, catalogue, notes)
    return Speech(catalogue, notes)


def sealer_of(settings: Settings) -> Sealer:
    """Make what seals everything in the store, with the settings' secrets."""
    return Sealer([secret.get_secret_value() for secret in settings.secret])
