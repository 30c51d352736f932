"""Makes renderers and fallback documents from settings, office files and prompts."""

from collections.abc import Mapping, Sequence

from bridge.conversation.reply import DialTarget, Said
from bridge.office.model import Office
from bridge.office.reading import Offices
from bridge.settings import Settings
from bridge.speech import Catalogue
from bridge.telephony.call_handler import ProviderAccount
from bridge.telephony.fallback_documents import FallbackDocuments
from bridge.telephony.provider import TWILIO, Provider
from bridge.telephony.twiml import Renderer
from bridge.telephony.voices import choose, named

PROVIDERS: Mapping[str, Provider] = {"twilio": TWILIO}
"""By the name that BRIDGE_PROVIDER may have."""


def provider_account(settings: Settings) -> ProviderAccount:
    """Give the account at the provider that the settings name."""
    return ProviderAccount(
        public_url=settings.public_url,
        provider=PROVIDERS[settings.provider],
        account=settings.account,
        secrets=[token.get_secret_value() for token in settings.tokens],
        signing_keys=[key.get_secret_value() for key in settings.signing_keys],
    )


def renderer_of(settings: Settings, office: Office | None) -> Renderer:
    """Make the renderer that speaks with an office's voices; without an office, with the pinned ones.

    Raises:
        ValueError: with a sentence, for a voice that the provider does not have.
    """
    provider = PROVIDERS[settings.provider]
    chosen = named(provider.voices, dict(office.voices.items())) if office else None
    return Renderer(settings.public_url, provider, choose(provider.voices, chosen))


def fallback_document(
    settings: Settings,
    catalogue: Catalogue,
    office: Office | None,
    languages: Sequence[str],
    prompt: str = "Anytime.trouble",
) -> bytes:
    """Render what is spoken when nothing else can be: a prompt, then the switchboard of the office, if any.

    The document needs no further webhook. Its words come in each of `languages`, in that order.
    """

    def said(prompt: str) -> list[Said]:
        return [Said(catalogue.prompts(language)[prompt].text, language) for language in languages]

    switchboard = DialTarget(office.switchboard, office.caller_id) if office else None
    renderer = renderer_of(settings, office)
    return renderer.fallback_document(said(prompt), switchboard, said("Defendant.goodbye"))


def fallback_documents(settings: Settings, catalogue: Catalogue, offices: Offices) -> FallbackDocuments:
    """Render the fallback document of every office, in its default language, by its numbers.

    Who dialled a number of no office hears that in every language of the line, and is promised nothing. Where
    there is only one office its switchboard rings all the same.
    """
    by_number = {
        number: fallback_document(settings, catalogue, office, [office.default_language])
        for number, office in offices.by_number.items()
    }
    every = list(offices)
    spoken = dict.fromkeys(language for office in every for language in languages_of(office))
    only = every[0] if len(every) == 1 else None
    otherwise = fallback_document(settings, catalogue, only, list(spoken), "Anytime.wrong_number")
    return FallbackDocuments(provider_account(settings), by_number, otherwise)


def languages_of(office: Office) -> list[str]:
    """List the languages of an office, its default first."""
    return sorted(office.languages, key=lambda language: language != office.default_language)
