"""Asks all that the line needs whether it works; writes the document for when the bridge is down."""

from collections.abc import Iterator, Mapping
from contextlib import closing

import voice_flows
from bridge.app.create import offices_of, sealer_of
from bridge.app.rendering import PROVIDERS, fallback_document, languages_of
from bridge.app.tagor import office_tagor
from bridge.checks.check import Findings
from bridge.clock import SYSTEM_CLOCK
from bridge.office.model import Office
from bridge.office.reading import OfficeError
from bridge.settings import Settings, SettingsError
from bridge.speech import Catalogue
from bridge.store.database import Database
from bridge.store.errors import StoreDown, StoreError
from bridge.store.repositories import Repositories
from bridge.store.tables import REVISION
from bridge.tagor import Deadline, Tagor, TagorError, TagorRefused
from bridge.telephony.recordings import AccountRefused, RecordingError, Recordings

SECONDS = 5.0
"""How long one question of the doctor may take; no caller waits for it."""

NOBODYS_CALL = "CA" + "0" * 32
"""A call id that no provider gives: asking for its recordings shows only whether the account is accepted."""


def examine(environ: Mapping[str, str]) -> Findings:
    """Ask database, provider and every office's Tagor; the `notes` of the findings say what works.

    It leaves nothing behind: what it writes to the database it removes, it asks Tagor about no file, and the
    provider about a call that does not exist. No sentence holds a secret.
    """
    found = Findings()
    try:
        settings = Settings.read(environ)
    except SettingsError as error:
        found.problems += error.sentences
        return found
    _check_settings(settings, found)
    _check_database(settings, found)
    _check_provider(settings, found)
    try:
        offices = offices_of(settings, environ)
    except OfficeError as error:
        found.problems += error.problems
        return found
    found.warnings += offices.warnings
    words = Catalogue.load(voice_flows.PROMPTS)
    for office in offices:
        _check_tagor(office, settings, found)
        _check_fallback(office, settings, words, found)
    return found


def fallbacks(environ: Mapping[str, str]) -> dict[str, str]:
    """Return, by office (key), the page of `bridge doctor --fallback`: the document, and what to do with it.

    Raises:
        SettingsError: some settings are wrong; it holds a sentence for each.
        OfficeError: some office files are wrong; it holds every mistake.
    """
    settings = Settings.read(environ)
    words = Catalogue.load(voice_flows.PROMPTS)
    return {
        office.key: _page(office, fallback(settings, office, words), settings.public_url)
        for office in offices_of(settings, environ)
    }


def fallback(settings: Settings, office: Office, words: Catalogue) -> bytes:
    """Write the TwiML that serves an office's callers while no bridge answers.

    It apologises in each of the office's languages and rings the switchboard; it needs no webhook. It is
    checked as every reply is.
    """
    return fallback_document(settings, words, office, languages_of(office))


def _check_settings(settings: Settings, found: Findings) -> None:
    found.notes.append("The settings can be read.")
    if settings.demo:
        found.warnings.append(
            "BRIDGE_DEMO is on: placeholder secrets and http: pass. Never answer real calls so."
        )
    if settings.public_url.startswith("https://"):
        found.notes.append("BRIDGE_PUBLIC_URL is https; whether the provider gets there, only a call shows.")
    else:
        found.warnings.append("BRIDGE_PUBLIC_URL is not https: whoever is on the way reads every PIN.")
    if settings.log_level == "DEBUG":
        found.warnings.append("BRIDGE_LOG_LEVEL is DEBUG: set INFO for real calls.")


def _check_database(settings: Settings, found: Findings) -> None:
    try:
        database = Database(settings.database_url.get_secret_value(), patience=SECONDS)
        with closing(database):
            database.check_schema()
            database.ping_write()
            if unreadable := Repositories(database, sealer_of(settings)).unreadable():
                found.warnings.append(str(unreadable))
    except StoreDown as error:
        found.problems.append(f"DATABASE_URL: {error}")
    except StoreError as error:
        found.problems.append(error)
    else:
        found.notes.append(f"The database takes writes and is at {REVISION}, as this bridge needs.")


def _check_provider(settings: Settings, found: Findings) -> None:
    provider = PROVIDERS[settings.provider]
    try:
        Recordings(
            settings.provider_api or provider.rest_api,
            settings.account,
            settings.tokens[0].get_secret_value(),
            provider=provider,
            seconds=SECONDS,
        ).check_account(NOBODYS_CALL)
    except AccountRefused:
        found.problems.append(
            f"{provider.name} does not accept the account: "
            "check BRIDGE_ACCOUNT and the first of BRIDGE_TOKENS."
        )
    except (RecordingError, ValueError) as error:
        found.problems.append(f"{provider.name} cannot be asked about recordings: {error}.")
    else:
        found.notes.append(f"{provider.name} accepts the account and its token.")


def _check_tagor(office: Office, settings: Settings, found: Findings) -> None:
    """Ask an office's Tagor only what leaves nothing behind: whether it is up, its generation, its hours."""
    try:
        with closing(office_tagor(office, demo=settings.demo, threads=1)) as tagor:
            found.problems += _complaints_of(tagor, office.key)
            generation = tagor.office.generation(deadline=_deadline())
            tagor.office.is_open(deadline=_deadline())
    except TagorRefused as error:
        found.problems.append(
            f"{office.key}: Tagor does not accept the credential: check [tagor] in the office's file "
            f"and the variables it names ({error})"
        )
    except (TagorError, SettingsError, ValueError) as error:
        found.problems.append(f"{office.key}: {error}")
    else:
        found.notes.append(f"{office.key}: Tagor {generation.value} answers and accepts the credential.")


def _complaints_of(tagor: Tagor, office: str) -> Iterator[str]:
    up = tagor.office.ping(deadline=_deadline())
    if not up.api:
        yield f"{office}: Tagor's interface says that it is down: ask whoever runs it."
    if not up.tagor:
        yield f"{office}: the Tagor behind the interface is down: ask whoever runs it."


def _check_fallback(office: Office, settings: Settings, words: Catalogue, found: Findings) -> None:
    fallback(settings, office, words)  # it is checked while it is made, as every reply is
    found.notes.append(
        f"{office.key}: a document for the day the bridge is away is ready: bridge doctor --fallback"
    )


def _deadline() -> Deadline:
    return Deadline(SYSTEM_CLOCK, SECONDS)


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
