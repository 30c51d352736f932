"""What works and what does not, asked of all that the line needs; and what to host for when it is away."""

import time
from collections.abc import Iterator, Mapping
from contextlib import closing

import voice_flows
from bridge.app.create import offices_of
from bridge.app.rendering import PROVIDERS, fallback_document
from bridge.app.tagor import office_tagor
from bridge.checks.check import Report
from bridge.office.model import Office
from bridge.office.reading import OfficeError
from bridge.settings import Settings, SettingsError
from bridge.speech import Catalogue
from bridge.store.database import Database
from bridge.store.errors import StoreDown, StoreError
from bridge.store.tables import REVISION
from bridge.tagor import Deadline, Tagor, TagorError, TagorRefused
from bridge.telephony.recordings import RecordingError, Recordings, Refused

SECONDS = 5.0
"""The longest one question of the doctor's may take; nobody waits on the line."""

NOBODYS_CALL = "CA" + "0" * 32
"""A call id that no provider gives: asking for its recordings shows only whether we may ask."""


def examine(environ: Mapping[str, str]) -> Report:
    """Ask everything this environment names, and tell in sentences: `notes` are what works.

    Leaves nothing behind: the database is written to and cleaned again, Tagor is asked about no file, the
    provider about a call that never was. No sentence holds a secret.
    """
    report = Report()
    try:
        settings = Settings.read(environ)
    except SettingsError as error:
        report.problems += error.sentences
        return report
    _look_at_settings(settings, report)
    _look_at_database(settings, report)
    _look_at_provider(settings, report)
    try:
        offices = offices_of(settings, environ)
    except OfficeError as error:
        report.problems += error.problems
        return report
    report.warnings += offices.warnings
    words = Catalogue.load(voice_flows.PROMPTS)
    for office in offices:
        _look_at_tagor(office, settings, report)
        _look_at_fallback(office, settings, words, report)
    return report


def fallbacks(environ: Mapping[str, str]) -> dict[str, str]:
    """Give by office (key) the page of `bridge doctor --fallback`: the document, and what to do with it.

    Raises:
        SettingsError, OfficeError: with every mistake in them.
    """
    settings = Settings.read(environ)
    words = Catalogue.load(voice_flows.PROMPTS)
    return {
        office.key: _page(office, fallback(settings, office, words), settings.public_url)
        for office in offices_of(settings, environ)
    }


def fallback(settings: Settings, office: Office, words: Catalogue) -> bytes:
    """Write the TwiML that serves an office's callers while no bridge answers; checked as every reply is.

    It apologises in each of the office's languages, rings the switchboard, and needs no webhook.
    """
    languages = sorted(office.languages, key=lambda language: language != office.default_language)
    return fallback_document(settings, words, office, languages)


def _look_at_settings(settings: Settings, report: Report) -> None:
    report.notes.append("The settings can be read.")
    if settings.demo:
        report.warnings.append(
            "BRIDGE_DEMO is on: placeholder secrets and http: pass. Never answer real calls so."
        )
    if settings.public_url.startswith("https://"):
        report.notes.append("BRIDGE_PUBLIC_URL is https; whether the provider gets there, only a call shows.")
    else:
        report.warnings.append("BRIDGE_PUBLIC_URL is not https: whoever is on the way reads every PIN.")
    if settings.log_level == "DEBUG":
        report.warnings.append("BRIDGE_LOG_LEVEL is DEBUG: set INFO for real calls.")


def _look_at_database(settings: Settings, report: Report) -> None:
    try:
        database = Database(settings.database_url.get_secret_value(), patience=SECONDS)
        with closing(database):
            database.check_schema()
            database.ping_write()
    except StoreDown as error:
        report.problems.append(f"DATABASE_URL: {error}")
    except StoreError as error:
        report.problems.append(error)
    else:
        report.notes.append(f"The database takes writes and is at {REVISION}, as this bridge needs.")


def _look_at_provider(settings: Settings, report: Report) -> None:
    provider = PROVIDERS[settings.provider]
    try:
        Recordings(
            settings.provider_api or provider.api,
            settings.account,
            settings.tokens[0].get_secret_value(),
            provider=provider,
            seconds=SECONDS,
        ).check_account(NOBODYS_CALL)
    except Refused:
        report.problems.append(
            f"{provider.name} does not accept the account: "
            "check BRIDGE_ACCOUNT and the first of BRIDGE_TOKENS."
        )
    except (RecordingError, ValueError) as error:
        report.problems.append(f"{provider.name} cannot be asked about recordings: {error}.")
    else:
        report.notes.append(f"{provider.name} accepts the account and its token.")


def _look_at_tagor(office: Office, settings: Settings, report: Report) -> None:
    """Ask a Tagor what leaves nothing behind: who is up, which generation, and (signed) its hours."""
    try:
        with closing(office_tagor(office, demo=settings.demo, threads=1)) as tagor:
            report.problems += _troubles(tagor, office.key)
            generation = tagor.generation(deadline=_soon())
            tagor.office_open(deadline=_soon())
    except TagorRefused as error:
        report.problems.append(
            f"{office.key}: Tagor does not accept the credential: check [tagor] in the office's file "
            f"and the variables it names ({error})"
        )
    except (TagorError, SettingsError, ValueError) as error:
        report.problems.append(f"{office.key}: {error}")
    else:
        report.notes.append(f"{office.key}: Tagor {generation.value} answers and accepts the credential.")


def _troubles(tagor: Tagor, office: str) -> Iterator[str]:
    up = tagor.ping(deadline=_soon())
    if not up.api:
        yield f"{office}: Tagor's interface says that it is down: ask whoever runs it."
    if not up.tagor:
        yield f"{office}: the Tagor behind the interface is down: ask whoever runs it."


def _look_at_fallback(office: Office, settings: Settings, words: Catalogue, report: Report) -> None:
    try:
        fallback(settings, office, words)
    except (ValueError, KeyError) as error:
        report.problems.append(f"{office.key}: no document for the provider can be made: {error}")
    else:
        report.notes.append(
            f"{office.key}: a document for the day the bridge is away is ready: bridge doctor --fallback"
        )


def _soon() -> Deadline:
    return Deadline(time.monotonic, SECONDS)


def _page(office: Office, document: bytes, public_url: str) -> str:
    title = f"fallback {office.key}"
    return f"""\
{office.key}: {office.name} ({", ".join(office.numbers)})

{document.decode()}

1. In the Twilio console make a TwiML Bin called "{title}" and paste the document, from <?xml on.
2. Open each of the numbers above among the active numbers. Under Voice Configuration, for
   "Primary handler fails", choose TwiML Bin and "{title}". Save.
3. Stop the bridge and phone the number: the apology is heard, then {office.switchboard} rings.

A number has one fallback only. {public_url}/voice/fallback in its place brings callers back into
their call, but is away when the bridge is: then every caller hears the provider's error. Choose it only where
somebody will put this document in the place of the number's own webhook on that day, at any hour.
Make the Bin anew whenever switchboard, languages or voices of the office change."""
