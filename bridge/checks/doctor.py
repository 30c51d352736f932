"""Asks all that the line needs whether it works; writes the fallback that the provider hosts."""

from collections.abc import Collection, Mapping
from contextlib import closing, suppress

import voice_flows
from bridge.app.create import offices_of, sealer_of
from bridge.app.tracing import collector_answers
from bridge.checks import (
    clocks,
    office_tagor,
    provider_numbers,
    provider_recordings,
    public_line,
    unwise_settings,
)
from bridge.checks.check import Findings
from bridge.checks.fallback_hosting import FallbackHosting, fallback, hosted_functions
from bridge.checks.hosted_fallback import page
from bridge.office.model import Office
from bridge.office.reading import OfficeError
from bridge.settings import Settings, SettingsError
from bridge.speech import Catalogue
from bridge.store.database import Database
from bridge.store.errors import StoreDown, StoreError
from bridge.store.repositories import Repositories
from bridge.store.tables import REVISION
from bridge.telephony.hosted_functions import HostingError
from bridge.telephony.number_setup import NumberError
from bridge.telephony.providers import PROVIDERS
from bridge.telephony.recordings import AccountRefused, RecordingError

SECONDS = 5.0
"""How long one question of the doctor may take; no caller waits for it."""


def examine(environ: Mapping[str, str]) -> Findings:
    """Ask database, provider and every office's Tagor; the `notes` of the findings say what works.

    It leaves nothing behind: what it writes to the database it removes, and it asks Tagor about a file and
    the provider about a call that do not exist. No sentence holds a secret.
    """
    found = Findings()
    try:
        settings = Settings.read(environ)
    except SettingsError as error:
        found.problems += error.sentences
        return found
    _check_settings(settings, found)
    _check_database(settings, found)
    _check_collector(settings, found)
    answers = _check_provider(settings, found)
    if answers:
        _check_account(settings, found)
    _check_public_url(settings, found)
    try:
        offices = offices_of(settings, environ)
    except OfficeError as error:
        found.problems += error.problems
        return found
    found.warnings += offices.warnings
    found.problems += unwise_settings.mistakes(settings, [office.key for office in offices])
    words = Catalogue.load(voice_flows.PROMPTS)
    ours = {number for office in offices for number in provider_numbers.telephone_numbers(office)}
    for office in offices:
        if answers:
            _check_numbers(office, settings, found, ours)
        office_tagor.examine(office, settings, found)
        fallback(settings, office, words)  # it is checked while it is made, as every reply is
        found.notes.append(
            f"{office.key}: a fallback for the provider to host is ready: bridge doctor --fallback"
        )
    if answers:
        _check_hosting(list(offices), settings, found)
    return found


def fallbacks(environ: Mapping[str, str]) -> dict[str, str]:
    """Return, by office (key), the page of `bridge doctor --fallback`: what to host, and how.

    Raises:
        SettingsError: some settings are wrong; it holds a sentence for each.
        OfficeError: some office files are wrong; it holds every mistake.
    """
    settings = Settings.read(environ)
    words = Catalogue.load(voice_flows.PROMPTS)
    return {
        office.key: page(
            office, fallback(settings, office, words), settings.public_url, PROVIDERS[settings.provider]
        )
        for office in offices_of(settings, environ)
    }


def _check_settings(settings: Settings, found: Findings) -> None:
    found.notes.append("The settings can be read.")
    if settings.demo:
        found.warnings.append(
            "BRIDGE_DEMO is on: placeholder secrets and http: pass. Leave it out before real calls come in."
        )
    if not settings.public_url.startswith("https://"):
        found.warnings.append(
            "BRIDGE_PUBLIC_URL is not https, so whoever is on the way reads every PIN: write an address that "
            "begins with https://."
        )
    if settings.log_level == "DEBUG":
        found.warnings.append("BRIDGE_LOG_LEVEL is DEBUG: set INFO for real calls.")


def _check_database(settings: Settings, found: Findings) -> None:
    try:
        database = Database(settings.database_url.get_secret_value(), patience=SECONDS)
        with closing(database):
            at = database.check_schema()
            database.ping_write()
            if unreadable := Repositories(database, sealer_of(settings)).unreadable():
                found.warnings.append(str(unreadable))
    except StoreDown as error:
        found.problems.append(f"DATABASE_URL: {error}")
    except StoreError as error:
        found.problems.append(error)
    else:
        whose = (
            "as this bridge needs" if at == REVISION else f"newer than {REVISION}: this bridge works on it"
        )
        found.notes.append(f"The database takes writes and is at {at}, {whose}.")


def _check_collector(settings: Settings, found: Findings) -> None:
    """Ask whether anybody takes the spans; nothing is asked, and nothing loaded, where nobody wants them."""
    if not settings.traces:
        return
    try:
        takes_them = collector_answers(settings.traces, SECONDS)
    except SettingsError as error:
        found.problems += error.sentences
        return
    if takes_them:
        found.notes.append("The collector takes spans.")
    else:
        found.warnings.append(
            "OTEL_EXPORTER_OTLP_ENDPOINT: no collector takes spans there. Look whether it runs, and give its "
            "port for OTLP over HTTP (4318 in most; 4317 is for gRPC). Calls need no collector."
        )


def _check_provider(settings: Settings, found: Findings) -> bool:
    """Ask whether the account is accepted; only then can anything else be asked of the provider."""
    provider = PROVIDERS[settings.provider]
    try:
        provider_recordings.recordings_of(settings).check_account(provider.nobodys_call)
    except AccountRefused:
        found.problems.append(
            f"{provider.name} does not accept the account: "
            "check BRIDGE_ACCOUNT and the first of BRIDGE_TOKENS."
        )
    except (RecordingError, ValueError) as error:
        found.problems.append(
            f"{provider.name} cannot be asked about recordings: {error}. See that this machine reaches "
            "it at BRIDGE_PROVIDER_API, and look whether the provider reports a failure."
        )
    else:
        found.notes.append(f"{provider.name} accepts the account and its token.")
        address = settings.provider_api or provider.recordings.address
        found.warnings += clocks.mistakes(provider.name, address, settings.provider_ca_file)
        found.warnings += provider_recordings.mistakes(settings)
        return True
    return False


def _check_public_url(settings: Settings, found: Findings) -> None:
    state, sentence = public_line.walk(settings)
    kinds = {"ok": found.notes, "warning": found.warnings, "wrong": found.problems}
    kinds[state].append(sentence)


def _check_account(settings: Settings, found: Findings) -> None:
    with suppress(NumberError, ValueError):  # whoever does not tell about the account may well carry calls
        found.warnings += provider_numbers.account_mistakes(provider_numbers.setups(settings))


def _check_numbers(office: Office, settings: Settings, found: Findings, ours: Collection[str]) -> None:
    """Ask the provider how it leads the office's numbers, and whether it may show its caller id."""
    if by_sip := sorted(set(office.numbers) - set(provider_numbers.telephone_numbers(office))):
        found.notes.append(
            f"{office.key}: look yourself that the provider's SIP domain posts calls for "
            f"{', '.join(by_sip)} to {settings.public_url}/voice, and reports to .../voice/status."
        )
    try:
        api = provider_numbers.setups(settings)
        told = list(provider_numbers.mistakes(settings, office, api, ours))
    except (NumberError, ValueError) as error:
        found.problems.append(f"{office.key}: {error}.")
        return
    for must_be_mended, sentence in told:
        (found.problems if must_be_mended else found.warnings).append(sentence)
    if not any(must_be_mended for must_be_mended, _ in told):
        found.notes.append(f"{office.key}: the provider leads its numbers to the line.")


def _check_hosting(offices: list[Office], settings: Settings, found: Findings) -> None:
    """Compare what the provider hosts with what it should; nothing hosted is told with the numbers."""
    api = hosted_functions(settings, seconds=SECONDS)
    if api is None:
        return
    try:
        hosting = FallbackHosting(api, settings, offices)
    except HostingError as error:
        found.warnings.append(f"{error}.")
        return
    if hosting.hosted and (told := hosting.differences()):
        found.problems += [f"The provider's {one}: bridge connect sets it." for one in told]
    elif hosting.hosted:
        found.notes.append("The provider hosts the fallback of today for every office.")
