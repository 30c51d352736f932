"""Reads the single entries of an office file: numbers, accounts, addresses, names of secrets."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, cast, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SecretStr,
    StringConstraints,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
)

from bridge.mounted_secrets import SUFFIX, secret_of
from bridge.office.numbers import dialable, dialled
from bridge.office.sounds import Sound, SoundName, read_sound

_LOOPBACK = {"127.0.0.1", "localhost"}
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class ReadingContext:
    """What an office file is checked against: its folder, what it may name, and whether it is the demo."""

    folder: Path
    services: frozenset[str]
    voices: Mapping[str, frozenset[str]]
    """By language the voices that the provider has; a language that is missing is not checked."""
    demo: bool
    environ: Mapping[str, str] = field(repr=False)


class OfficePart(BaseModel):
    """One part of an office file: it is frozen, takes no unknown entry, and its errors show no value."""

    # pydantic quotes the wrong value in its errors, and in this file it may be a secret in the wrong place.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def reading_context(info: ValidationInfo) -> ReadingContext:
    """Return the `ReadingContext` that `read_offices` handed to the validation."""
    return cast("ReadingContext", info.context)


def _dialable(text: str, info: ValidationInfo) -> str:
    return dialable(text, abroad=info.data.get("abroad", False), fictitious=reading_context(info).demo)


def _from_environment(name: object, info: ValidationInfo) -> SecretStr:
    # The file holds only the variable's name, so that people can mail the file; the secret is fetched here.
    # BRIDGE_ variables are the bridge's own: no office file may send one of them to a Tagor.
    if not isinstance(name, str) or not re.fullmatch(r"(?!BRIDGE_)[A-Z][A-Z0-9_]*", name):
        raise ValueError(
            "must be the NAME of an environment variable, in capitals and without BRIDGE_ in front"
        )
    try:
        secret = secret_of(reading_context(info).environ, name)
    except ValueError as error:
        raise ValueError(f"points to {name}, and {name}{SUFFIX} {error}") from None
    if not secret:
        raise ValueError(
            f"points to {name}, which the environment does not hold: set it, or correct the name"
        )
    return SecretStr(secret)


def _service(name: str, info: ValidationInfo) -> str:
    services = reading_context(info).services
    if name not in services:
        raise ValueError(
            f"is nothing that can be switched off: there is {', '.join(sorted(services)) or 'nothing'}"
        )
    return name


def _code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{0,20}", text):
        raise ValueError('must be a number of Tagor\'s in "quotes", digits only')
    return text


def _configuration(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z ._/-]{0,99}", text):
        raise ValueError("must be the name of a configuration in Tagor: letters, digits, blanks and . _ / -")
    return text


def _template(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}", text):
        raise ValueError("must be the code of a template in Tagor: letters, digits and . _ -, without blanks")
    return text


def _login(text: str) -> str:
    if text and not re.fullmatch(r"[0-9A-Za-z]([0-9A-Za-z._@-]{0,62}[0-9A-Za-z])?", text):
        raise ValueError("must be the login of a Tagor user: letters, digits and . _ @ -, without blanks")
    return text


def _name(text: str) -> str:
    name = text.strip()
    if not name.isprintable() or len(name) > _LONGEST_NAME:
        raise ValueError(f"must be a name as Tagor shows it: one line of at most {_LONGEST_NAME} signs")
    return name


def _sip(text: str) -> str:
    # The file's id travels with the call, so the way must be encrypted. The line adds the header itself.
    label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    host = rf"(?=[a-z0-9.-]{{1,120}}[:;])({label}\.)+[a-z]{{2,}}"
    ways = r"(:[1-9][0-9]{0,4})?;transport=tls(;region=[a-z]{2}[0-9])?"
    if text and not re.fullmatch(rf"sip:[A-Za-z0-9._+-]{{1,64}}@{host}{ways}", text):
        raise ValueError("must be an encrypted address like sip:desk@pbx.example.be;transport=tls")
    return text


def _iban(text: str) -> str:
    plain = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", plain):
        raise ValueError("must be an account number like BE68 5390 0754 7034")
    divides = int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
    # Check digits are 98 minus a remainder. Belgian accounts also carry their bank's own, where 97 means 0.
    in_range = 2 <= int(plain[2:4]) <= 98  # noqa: PLR2004 - see above
    belgian = re.fullmatch(r"BE[0-9]{2}([0-9]{10})([0-9]{2})", plain)
    fits_bank = int(belgian[2]) == (int(belgian[1]) % 97 or 97) if belgian else not plain.startswith("BE")
    if not (divides and in_range and fits_bank):
        raise ValueError("is mistyped: its check digits do not fit, so compare it with the bank's")
    return plain


def _tagor_url(text: str, info: ValidationInfo) -> str:
    url = urlsplit(text)
    plain = r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?"
    # The credential and every answer travel on this way. Only the demo's Tagor is on this very machine.
    if url.scheme != "https" and not (reading_context(info).demo and url.hostname in _LOOPBACK):
        raise ValueError("must start with https://")
    if not re.fullmatch(plain, text):
        raise ValueError("must be a plain address like https://tagor.example.be/v1/web")
    return text.rstrip("/")


def _ca_file(text: object, info: ValidationInfo) -> Path:
    path = reading_context(info).folder / str(text)
    if not path.is_file():
        raise ValueError("is no file: its path counts from the folder of the office files")
    try:
        ssl.create_default_context(cafile=path)
    except OSError:  # also what OpenSSL says of a file without a certificate
        raise ValueError("holds no certificate that can be read: it must be a PEM file") from None
    return path


def _sound(name: SoundName) -> BeforeValidator:
    def read(entry: object, info: ValidationInfo) -> Sound:
        return read_sound(name, str(entry), reading_context(info).folder)

    return BeforeValidator(read)


def _in_every_language(entry: object) -> object:
    """Give one text for all languages the form of a table that holds one for each."""
    return (
        entry if isinstance(entry, dict) else dict.fromkeys(get_args(Language), _TEXT.validate_python(entry))
    )


Language = Literal["nl", "fr", "de", "en"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_TEXT = TypeAdapter[str](Text)
_WORDS = {"type": "string", "minLength": 1, "maxLength": 300}
OfficeName = Annotated[
    Mapping[Language, Text],
    BeforeValidator(_in_every_language),
    WithJsonSchema(
        {
            "anyOf": [
                _WORDS,
                {
                    "type": "object",
                    "properties": dict.fromkeys(get_args(Language), _WORDS),
                    "additionalProperties": False,
                },
            ]
        }
    ),
]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
# What an editor is told of an entry that is checked by a function here.
_NUMBER = WithJsonSchema(
    {"type": "string", "pattern": r"^\+[0-9 ./()-]{1,30}$", "examples": ["+32 2 555 00 01"]}
)
_VARIABLE = WithJsonSchema({"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$", "examples": ["TAGOR_KEY"]})
_FILE = WithJsonSchema({"type": "string"})
_DIALLED = WithJsonSchema(
    {
        "type": "string",
        "pattern": r"^(\+?[0-9][0-9 ./()-]{5,30}|sips?:[A-Za-z0-9._+-]{1,64}(@[A-Za-z0-9.-]{1,190})?)$",
        "examples": ["+32 2 555 00 01", "sip:line@pbx.example.be"],
    }
)
Number = Annotated[str, AfterValidator(dialled), _DIALLED]
Dialable = Annotated[str, AfterValidator(_dialable), _NUMBER]
Code = Annotated[str, AfterValidator(_code), WithJsonSchema({"type": "string", "pattern": "^[0-9]{0,20}$"})]
Configuration = Annotated[str, AfterValidator(_configuration)]
Template = Annotated[str, AfterValidator(_template)]
Login = Annotated[str, AfterValidator(_login)]
Name = Annotated[str, AfterValidator(_name)]
SipAddress = Annotated[str, AfterValidator(_sip)]
Iban = Annotated[str, AfterValidator(_iban)]
Service = Annotated[str, AfterValidator(_service)]
Secret = Annotated[SecretStr, BeforeValidator(_from_environment), _VARIABLE]
TagorUrl = Annotated[str, AfterValidator(_tagor_url)]
CaFile = Annotated[Path, BeforeValidator(_ca_file), _FILE]
Chime = Annotated[Sound, _sound("chime"), _FILE]
HoldSound = Annotated[Sound, _sound("hold"), _FILE]
