"""Reads what the bridge answered as strictly as the provider would: one sentence per breach.

Twilio only warns about some breaches (12200) and plays on. This simulator refuses, as other providers do.
"""

from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches

from bridge.simulators.provider.account import Profile
from bridge.simulators.provider.errors import DocumentRefused
from bridge.simulators.provider.grammar import GRAMMAR, TOP, VerbShape
from bridge.simulators.provider.markup import Verb, parse

SCHEMA = 12200  # this and the other numbers are Twilio's: twilio.com/docs/api/errors
_MARKUP = frozenset({"text/xml", "application/xml", "text/html"})
_MAX_TARGETS = 10

Rule = Callable[[Verb, Profile], None]


def read(body: bytes, content_type: str, profile: Profile, inside: Collection[str] = TOP) -> list[Verb]:
    """Return the verbs of a 2xx answer in order; plain text is one Say, audio one Play.

    `inside` are the verbs that may stand here. Raises DocumentRefused when `profile` could not play it. The
    media types are those of twilio.com/docs/voice/twiml.
    """
    if len(body) > profile.max_document_bytes:
        raise DocumentRefused(11750, f"the document is larger than {profile.max_document_bytes // 1024} kB")
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("audio/"):
        return [Verb("Play", content=["the body itself"])]
    if kind == "text/plain" and not body.lstrip().startswith(b"<"):
        return [Verb("Say", content=[body.decode("utf-8", "replace")])]
    if kind not in _MARKUP and kind != "text/plain":
        raise DocumentRefused(12300, f"content type {kind or 'missing'}: answer with text/xml")
    return verbs(parse(body), profile, inside)


def verbs(root: Verb, profile: Profile, inside: Collection[str] = TOP) -> list[Verb]:
    """Return the verbs under `root`; raises DocumentRefused at the first rule that does not hold."""
    if root.name != "Response":
        raise DocumentRefused(12102, f"the root element is <{root.name}>, it must be <Response>")
    _check_against(root, VerbShape(inside=frozenset(inside)), profile)
    for later in root.children[1:]:
        if later.name == "Reject":
            raise _breach(later, "must be the first verb: afterwards the call is answered")
    return root.children


def _check(verb: Verb, profile: Profile) -> None:
    shape = GRAMMAR[verb.name]
    if shape.needs and shape.needs not in profile.capabilities:
        raise _breach(verb, f"{profile.name} does not play it (capability {shape.needs})")
    _check_against(verb, shape, profile)
    for rule in _RULES.get(verb.name, ()):
        rule(verb, profile)


def _check_against(verb: Verb, shape: VerbShape, profile: Profile) -> None:
    for name, value in verb.attributes.items():
        _check_attribute(verb, shape, name, value, profile)
    for child in verb.children:
        if child.name not in GRAMMAR:
            raise _breach(child, "is not a verb" + _nearest(child.name, shape.inside))
        if child.name not in shape.inside:
            code = 13320 if verb.name == "Gather" else SCHEMA
            raise _breach(child, f"cannot stand inside <{verb.name}>", code)
        _check(child, profile)
    if verb.own_text and shape.text is None:
        raise _breach(verb, "takes no text")
    if shape.text and not verb.children and not shape.text.fits(verb.own_text):
        raise _breach(verb, f"holds text that must be {shape.text.says}")


def _check_attribute(verb: Verb, shape: VerbShape, name: str, value: str, profile: Profile) -> None:
    attribute = shape.attributes.get(name)
    # A provider ignores an attribute that it does not know, so a typing mistake would not be noticed there.
    if attribute is None:
        raise _breach(verb, f"knows no attribute {name}" + _nearest(name, shape.attributes))
    if attribute.needs and attribute.needs not in profile.capabilities:
        raise _breach(verb, f"{profile.name} has no attribute {name} (capability {attribute.needs})")
    if not attribute.kind.fits(value):
        code = 13327 if name == "speechTimeout" else SCHEMA
        raise _breach(verb, f"attribute {name} must be {attribute.kind.says}", code)


def _spoken(verb: Verb, profile: Profile) -> None:
    if not verb.words:
        raise _breach(verb, "has no words: the caller would hear silence", 13520)
    if len(verb.words) > profile.max_say_length:
        raise _breach(verb, f"is longer than {profile.max_say_length} characters", 13520)


def _voiced(verb: Verb, profile: Profile) -> None:
    language, voice = verb.get("language"), verb.get("voice")
    if language and language not in profile.voices:
        raise _breach(verb, f"{profile.name} speaks no {language} in the pinned table", 13512)
    # Such a Say fails at the provider, and perhaps the whole call with it.
    known = profile.voices[language] if language else frozenset().union(*profile.voices.values())
    if voice and voice not in known:
        raise _breach(verb, f"voice {voice} does not speak {language or 'any language of the table'}", 13511)
    # Polly has no <emphasis> for its neural voices (twilio.com/docs/voice/twiml/say/text-speech).
    if voice.endswith("-Neural") and any(child.name == "emphasis" for child in verb.children):
        raise _breach(verb, "a neural voice knows no <emphasis>")


def _understood(verb: Verb, profile: Profile) -> None:
    if "speech" not in verb.get("input", "dtmf").split():
        return
    if "speech" not in profile.capabilities:
        raise _breach(verb, f"{profile.name} hears no speech: input must be dtmf")
    language, model = verb.get("language"), verb.get("speechModel")
    if language not in profile.listening:
        raise _breach(verb, f"language {language or 'missing'} is not understood", 13331)
    if model not in profile.listening[language]:
        raise _breach(verb, f"speechModel {model} does not know {language}: the Gather would fail")
    if model and verb.get("speechTimeout") == "auto":
        raise _breach(verb, "speechTimeout=auto cannot go with a speechModel", 13335)


def _targeted(verb: Verb, _profile: Profile) -> None:
    if verb.children and verb.own_text:
        raise _breach(verb, "holds a number and nested targets: write one or the other")
    if len(verb.children) > _MAX_TARGETS:
        raise _breach(verb, f"rings more than {_MAX_TARGETS} places at once")


_RULES: dict[str, tuple[Rule, ...]] = {
    "Say": (_spoken, _voiced),
    "Gather": (_understood,),
    "Dial": (_targeted,),
}


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return a question that helps with a typing mistake: did you mean the same name in other case?"""
    names = {one.lower(): one for one in sorted(known)}
    near = get_close_matches(name.lower(), names, 1, 0.6)
    return f": did you mean {names[near[0]]}?" if near else ""


def _breach(verb: Verb, what: str, code: int = SCHEMA) -> DocumentRefused:
    return DocumentRefused(code, f"line {verb.line}: <{verb.name}> {what}")
