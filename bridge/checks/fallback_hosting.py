"""Compares the functions that the provider hosts for the offices with what they should be."""

from hashlib import sha256

import voice_flows
from bridge.app.rendering import fallback_document, languages_of
from bridge.checks.hosted_fallback import function_source
from bridge.office.model import Office
from bridge.settings import Settings
from bridge.speech import Catalogue
from bridge.telephony.hosted_functions import Hosted, HostedFunctions
from bridge.telephony.provider import FunctionsApi
from bridge.telephony.providers import PROVIDERS


def hosted_functions(settings: Settings, *, seconds: float) -> HostedFunctions | None:
    """Open the provider's API for functions; None where it hosts none that the bridge knows."""
    api = PROVIDERS[settings.provider].functions
    if api is None:
        return None
    if settings.provider_api:  # a provider of one's own has one address for all
        api = FunctionsApi(address=settings.provider_api, uploads=settings.provider_api)
    token = settings.tokens[0].get_secret_value()
    return HostedFunctions(
        api,
        settings.account,
        token,
        service_name(settings.public_url),
        seconds=seconds,
        ca_file=settings.provider_ca_file,
    )


def service_name(public_url: str) -> str:
    """Name the service of one bridge: two of them in an account must not replace each other's functions."""
    return f"bridge-fallback-{sha256(public_url.encode()).hexdigest()[:8]}"


def path_of(office: Office) -> str:
    """Give the path of an office's function."""
    return f"/fallback-{office.key}"


def fallback(settings: Settings, office: Office, words: Catalogue) -> bytes:
    """Write the TwiML that serves an office's callers while no bridge answers.

    It apologises in each of the office's languages and rings the switchboard; it needs no webhook. It is
    checked as every reply is.
    """
    return fallback_document(settings, words, office, languages_of(office))


class FallbackHosting:
    """The offices' functions as they should be, and what the provider runs.

    Raises:
        HostingError: the provider cannot be asked.
    """

    def __init__(self, api: HostedFunctions, settings: Settings, offices: list[Office]) -> None:
        words, fragment = Catalogue.load(voice_flows.PROMPTS), PROVIDERS[settings.provider].fragment
        self._api = api
        self.should = {
            path_of(office): function_source(settings.public_url, fallback(settings, office, words), fragment)
            for office in offices
        }
        self.hosted: Hosted | None = api.read()

    def differences(self) -> list[str]:
        """Tell, a line for each, which functions are missing, different or no longer needed."""
        runs = self.hosted.functions if self.hosted else {}
        told = [(path, "not hosted", "hosted") for path in self.should if path not in runs]
        told += [
            (path, "differs", "as bridge doctor --fallback prints it")
            for path, source in self.should.items()
            if path in runs and runs[path] != source
        ]
        told += [(path, "hosted", "taken away") for path in runs if path not in self.should]
        return [f"function {path}: {found}  ->  {wanted}" for path, found, wanted in told]

    def carry_out(self) -> None:
        """Let the provider run the functions as they should be.

        Raises:
            HostingError: they do not run.
        """
        if self.differences():
            self.hosted = self._api.replace(self.should)

    def is_ours(self, address: str, office: Office) -> bool:
        """Tell whether an address is that of an office's function here."""
        return self.hosted is not None and address == self.hosted.address(path_of(office))

    def address(self, office: Office) -> str:
        """Give the address of an office's function; a description of it while nothing is hosted."""
        if self.hosted is None:
            return f"the function {path_of(office)}"
        return self.hosted.address(path_of(office))
