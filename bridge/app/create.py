"""Where the parts are put together: settings in, a Flask application out, and nothing global in between."""

import os
import sys
from collections.abc import Callable, Mapping

import structlog
from flask import Flask

import voice_flows
from bridge.app.outbox import outbox_worker
from bridge.app.overrides import NO_OVERRIDES, Overrides, Speech
from bridge.app.tagor import office_tagor
from bridge.clock import Clock
from bridge.conversation.action_runner import ActionRunner
from bridge.conversation.bulkhead import per_process
from bridge.conversation.constant_time import ConstantTime
from bridge.conversation.decisions.reconciler import Reconciler
from bridge.conversation.decisions.sender import SENDERS, DecisionSender
from bridge.conversation.office_context import OfficeContext, services_of
from bridge.conversation.outbox_writer import OutboxWriter
from bridge.conversation.phrasing import Phrasing
from bridge.conversation.rate_limit import AdmissionControl
from bridge.conversation.reply import Answer, Dial, HangUp, Said, Whisper
from bridge.conversation.turns import Conversation
from bridge.flow.engine import Engine
from bridge.flow.errors import FlowError
from bridge.flow_proof import prove
from bridge.office.model import Office
from bridge.office.reading import OfficeError, Offices, read_offices
from bridge.operations.health import health_blueprint
from bridge.operations.logs import start_logging
from bridge.settings import Settings, SettingsError
from bridge.speech import Catalogue, CatalogueError, NoteBook
from bridge.store.database import Database
from bridge.store.encryption import Sealer
from bridge.store.errors import StoreError
from bridge.store.repositories import Repositories
from bridge.tagor import CircuitBreakers
from bridge.telephony.provider import TWILIO, Provider
from bridge.telephony.twiml import Renderer
from bridge.telephony.views import CallHandler, blueprint
from bridge.telephony.voices import choose, named

log = structlog.get_logger()

APP_LOAD_ERROR = 4
"""The exit status by which a gunicorn worker tells its master not to try again."""

STORE_SECONDS = 2.0
"""How long a turn may wait for the database: the whole of it must be answered within four."""

PROVIDERS: Mapping[str, Provider] = {"twilio": TWILIO}


def create_app(
    settings: Settings | None = None,
    clocks: Clock | None = None,
    environ: Mapping[str, str] = os.environ,
    parts: Overrides = NO_OVERRIDES,
) -> Flask:
    """The application that gunicorn serves; `environ` holds the secrets that office files name.

    A rehearsal brings `parts` of its own.

    Raises:
        SettingsError, OfficeError, CatalogueError, FlowError: it must not start; each lists its sentences.
        StoreError: the database is not this bridge's: `bridge migrate` has not been run. One that is merely
            away raises nothing: a worker that starts meanwhile still sends callers to a person.
    """
    settings = settings or Settings.read(environ)
    clocks = clocks or Clock()
    (parts.logging or start_logging)(settings.log_level)
    catalogue, notes = parts.script or _proved()
    database = (parts.database or Database)(settings.database_url.get_secret_value(), patience=STORE_SECONDS)
    offices = offices_of(settings, environ)
    by_key = {office.key: _branch(office, settings, clocks, parts) for office in offices}
    branches = {number: by_key[office.key] for number, office in offices.by_number.items()}
    books = Repositories(database, _seal(settings))
    engine = Engine(voice_flows.CALL, notes.marks)
    aftermath = OutboxWriter(books, tuple(by_key), clocks.now)
    conversation = _conversation(
        settings,
        clocks,
        books,
        engine=engine,
        phrasing=Phrasing(catalogue),
        aftermath=aftermath,
        branch_of=branches.get,
        parts=parts,
    )
    app = Flask(__name__, static_folder=None)
    app.extensions["settler"] = Reconciler(books, by_key, now=clocks.now, ticks=clocks.ticks)
    app.extensions["courier"] = outbox_worker(
        settings,
        PROVIDERS[settings.provider],
        clocks,
        books,
        branches=by_key,
        notes=notes,
        tapes=parts.tapes,
    )
    crowds = AdmissionControl(offices.by_number, settings.workers, clocks.ticks)
    app.register_blueprint(blueprint(_line(settings, catalogue, conversation, offices, crowds)))
    app.register_blueprint(health_blueprint({"store": database.ping_write}))
    return app


def wsgi() -> Flask:
    """The application for gunicorn: what must not start says why in sentences, and stays down."""
    try:
        app = create_app()
    except (SettingsError, OfficeError, CatalogueError, FlowError, StoreError) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(APP_LOAD_ERROR) from None
    start_background(app)
    return app


def start_background(app: Flask) -> None:
    """Do in this process what calls leave to be done, for as long as it lives."""
    app.extensions["settler"].start()
    app.extensions["courier"].start()


def offices_of(settings: Settings, environ: Mapping[str, str] = os.environ) -> Offices:
    """The offices this bridge answers for.

    Raises:
        OfficeError: with every mistake in every file.
    """
    services = services_of(voice_flows.CALL)
    return read_offices(settings.offices, environ, demo=settings.demo, services=services)


def open_repositories(settings: Settings) -> Repositories:
    """The line's books, in the settings' database."""
    return Repositories(Database(settings.database_url.get_secret_value()), _seal(settings))


def _proved() -> Speech:
    catalogue, notes = Catalogue.load(voice_flows.PROMPTS), NoteBook.load(voice_flows.NOTES)
    prove(voice_flows.CALL, catalogue, notes)
    return Speech(catalogue, notes)


def _conversation(
    settings: Settings,
    clocks: Clock,
    books: Repositories,
    *,
    engine: Engine,
    phrasing: Phrasing,
    aftermath: OutboxWriter,
    branch_of: Callable[[str], OfficeContext | None],
    parts: Overrides = NO_OVERRIDES,
) -> Conversation:
    decider = DecisionSender(
        books.decisions,
        now=clocks.now,
        ticks=clocks.ticks,
        sleep=clocks.sleep,
        boundary=clocks.passed,
        senders=parts.executor and parts.executor(SENDERS, "decision"),
    )
    even = (parts.even or ConstantTime)(clock=clocks.ticks)
    return Conversation(
        engine,
        books.calls,
        runner=ActionRunner(books, decider, seconds=settings.tagor_seconds, even=even, clocks=clocks),
        phrasing=phrasing,
        aftermath=aftermath,
        branches=branch_of,
        over=_renderer(settings, None).render(Answer((), HangUp(), 0)),
        passed=clocks.passed,
        now=clocks.now,
        ticks=clocks.ticks,
        sleep=clocks.sleep,
    )


def _seal(settings: Settings) -> Sealer:
    return Sealer([secret.get_secret_value() for secret in settings.secret])


def _renderer(settings: Settings, office: Office | None) -> Renderer:
    provider = PROVIDERS[settings.provider]
    chosen = named(provider.voices, dict(office.voices.items())) if office else None
    return Renderer(settings.public_url, provider, choose(provider.voices, chosen))


def _branch(
    office: Office, settings: Settings, clocks: Clock | None = None, parts: Overrides = NO_OVERRIDES
) -> OfficeContext:
    ticks = (clocks or Clock()).ticks
    tagor = office_tagor(
        office,
        demo=settings.demo,
        threads=settings.threads,
        ticks=ticks,
        parts=parts,
        breakers=CircuitBreakers(ticks),
    )
    render = _renderer(settings, office).render
    return OfficeContext.of(
        office, tagor, render, voice_flows.CALL, parts.executor or per_process(settings.workers)
    )


def _line(
    settings: Settings,
    catalogue: Catalogue,
    conversation: Conversation,
    offices: Offices,
    crowds: AdmissionControl,
) -> CallHandler:
    apologies = {
        number: last_words(settings, catalogue, office) for number, office in offices.by_number.items()
    }
    return CallHandler(
        public_url=settings.public_url,
        provider=PROVIDERS[settings.provider],
        account=settings.account,
        secrets=[token.get_secret_value() for token in settings.tokens],
        take=conversation.take,
        fallback=conversation.fallback,
        hung_up=conversation.hung_up,
        whisper=lambda whisper: _whispered(settings, catalogue, offices, whisper),
        recorded=lambda call, _recording, status: conversation.recorded(call, status),
        admits=crowds.admits,
        last_words={"": last_words(settings, catalogue, None), **apologies},
        refused=lambda reason: log.warning("refused", reason=reason),
        failed=lambda view, where: log.error("failed", view=view, where=where),
    )


def _whispered(settings: Settings, catalogue: Catalogue, offices: Offices, whisper: Whisper) -> bytes:
    """What an employee hears who is rung; raises `ValueError` for an office there is none of."""
    [office] = [office for office in offices if office.key == whisper.office]
    said = Phrasing(catalogue).whisper(whisper, office)
    return _renderer(settings, office).whisper(said, said[-1:])


def last_words(settings: Settings, catalogue: Catalogue, office: Office | None) -> bytes:
    """What is said when everything else failed: an apology, then the switchboard."""
    language = office.default_language if office else "nl"

    def words(key: str) -> list[Said]:
        return [Said(catalogue.prompts(language)[key].text, language)]

    desk = Dial(office.switchboard, office.caller_id) if office else None
    return _renderer(settings, office).last_words(words("Anytime.trouble"), desk, words("Defendant.goodbye"))
