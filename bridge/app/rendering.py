"""Makes renderers and fallback documents from settings, office files and prompts."""

from collections.abc import Iterator, Sequence

from bridge.conversation.reply import DialTarget, Said
from bridge.office.model import Office
from bridge.office.reading import Offices
from bridge.office.sounds import Sound, SoundName
from bridge.settings import Settings
from bridge.speech import Catalogue, RecordedWords
from bridge.telephony.address import PublicUrl
from bridge.telephony.call_handler import ProviderAccount
from bridge.telephony.fallback_documents import FallbackDocuments, FallbackSet
from bridge.telephony.providers import PROVIDERS
from bridge.telephony.sounds import sound_file
from bridge.telephony.twiml import Renderer
from bridge.telephony.voices import choose, named


def provider_account(settings: Settings) -> ProviderAccount:
    """Give the account at the provider that the settings name."""
    return ProviderAccount(
        public_url=settings.public_url,
        provider=PROVIDERS[settings.provider],
        account=settings.account,
        secrets=[token.get_secret_value() for token in settings.tokens],
        signing_keys=[key.get_secret_value() for key in settings.signing_keys],
    )


def renderer_of(settings: Settings, office: Office | None, words: Catalogue | None = None) -> Renderer:
    """Make the renderer that speaks with an office's voices; without an office, with the pinned ones.

    With `words` it also plays what was recorded of them.

    Raises:
        ValueError: with a sentence, for a voice that the provider does not have.
    """
    provider = PROVIDERS[settings.provider]
    chosen = named(provider.voices, dict(office.voices.items())) if office else None
    sounds = sound_addresses(settings, office) if office else {}
    public = PublicUrl.parse(settings.public_url)
    recorded = {one.name: public.sound(sound_file(one.name, one.wav)) for one in _recorded(words)}
    return Renderer(settings.public_url, provider, choose(provider.voices, chosen), sounds, recorded)


def _recorded(words: Catalogue | None) -> Iterator[RecordedWords]:
    return words.recorded_words() if words else iter(())


def sound_addresses(settings: Settings, office: Office) -> dict[SoundName, str]:
    """Give the addresses of an office's sounds by their names: the bridge's own, or those that it chose."""
    public = PublicUrl.parse(settings.public_url)
    return {
        name: sound.url or public.sound(sound_file(name, sound.wav))
        for name, sound in _sounds(office).items()
    }


def sound_files(offices: Offices, words: Catalogue) -> dict[str, bytes]:
    """Give the sounds and the recorded words that the bridge serves, by their file names."""
    sounds = [named for office in offices for named in _sounds(office).items()]
    served = {sound_file(name, sound.wav): sound.wav for name, sound in sounds if sound.wav}
    return served | {sound_file(one.name, one.wav): one.wav for one in words.recorded_words()}


def _sounds(office: Office) -> dict[SoundName, Sound]:
    return {"chime": office.chime, "hold": office.hold_sound}


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
    switchboard = DialTarget(office.switchboard, office.caller_id) if office else None
    renderer, goodbye = renderer_of(settings, office), _said(catalogue, "Defendant.goodbye", languages)
    return renderer.fallback_document(_said(catalogue, prompt, languages), switchboard, goodbye)


def _said(catalogue: Catalogue, prompt: str, languages: Sequence[str]) -> list[Said]:
    return [Said(catalogue.prompts(language)[prompt].text, language) for language in languages]


def fallback_documents(settings: Settings, catalogue: Catalogue, offices: Offices) -> FallbackDocuments:
    """Render the fallback document of every office, in its default language, by its numbers.

    A caller who dialled a number of no office hears so in every language of the line, without the promise of
    a colleague. If there is only one office, its switchboard rings all the same.
    """

    def documents(office: Office | None, languages: Sequence[str], apology: str) -> FallbackSet:
        renderer = renderer_of(settings, office)
        goodbye, nobody = (
            renderer.fallback_document(_said(catalogue, prompt, languages))
            for prompt in ("Defendant.goodbye", "Anytime.nobody")
        )
        first = fallback_document(settings, catalogue, office, languages, apology)
        return FallbackSet(apology=first, answered=goodbye, unanswered=nobody)

    by_number = {
        number: documents(office, [office.default_language], "Anytime.trouble")
        for number, office in offices.by_number.items()
    }
    every = list(offices)
    spoken = dict.fromkeys(language for office in every for language in languages_of(office))
    only = every[0] if len(every) == 1 else None
    otherwise = documents(only, list(spoken), "Anytime.wrong_number")
    return FallbackDocuments(provider_account(settings), by_number, otherwise)


def languages_of(office: Office) -> list[str]:
    """List the languages of an office, its default first."""
    return sorted(office.languages, key=lambda language: language != office.default_language)
