"""Names the languages of the line: Belgian Dutch, Belgian French, German and English."""

from collections.abc import Mapping

from babel import Locale

LANGUAGES = ("nl", "fr", "de", "en")
"""Every argument `language` in this room is one of these; any other raises KeyError."""

LOCALES: Mapping[str, Locale] = {
    "nl": Locale("nl", "BE"),
    "fr": Locale("fr", "BE"),
    "de": Locale("de", "BE"),
    "en": Locale("en", "GB"),
}

PLURAL_CATEGORY = {language: locale.plural_form for language, locale in LOCALES.items()}
"""By language what gives the plural form that goes with a number: `one`, `many` (French, whole millions) or
`other`."""


def plural_categories(language: str) -> frozenset[str]:
    """Return every plural form of a language, with `other`, which Babel leaves out."""
    return PLURAL_CATEGORY[language].tags | {"other"}
