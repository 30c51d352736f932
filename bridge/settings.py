"""Reads the settings from the environment, once; no error and no log ever shows a value of them."""

import re
import ssl
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from bridge.mounted_secrets import SUFFIX, secret_of
from bridge.provider_accounts import SHAPES, Name, account_mistakes

_PREFIX = "BRIDGE_"
_MIN_SECRET = 32
_MIN_METRICS = 16
_MIN_DIFFERENT = 8  # a random secret has more different characters, a row of zeros has one
_PLACEHOLDER = re.compile(
    r"change.?me|placeholder|replace|example|password|your(.|_\w+_)?(secret|token|key)|xxxx"
)
_MOUNTED = (
    *("BRIDGE_SECRET", "BRIDGE_TOKENS", "BRIDGE_SIGNING_KEYS", "BRIDGE_METRICS", "BRIDGE_CONSOLE"),
    *("BRIDGE_OIDC_SECRET", "DATABASE_URL"),
)
_POSTGRES = re.compile(r"^(postgres|postgresql)(\+psycopg2?)?://")


class SettingsError(Exception):
    """The bridge cannot start; `sentences` name every wrong setting and say what to do, without its value."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def _is_demo(info: ValidationInfo) -> bool:
    return info.data.get("demo") is True


def _public_url(value: str, info: ValidationInfo) -> str:
    url = _address(value)
    if url.scheme != "https" and not (_is_demo(info) and url.scheme == "http"):
        raise ValueError("must start with https:// (http:// is for BRIDGE_DEMO=1 only)")
    if "@" in url.netloc or "[" in url.netloc:  # twilio's own signature check changes both
        raise ValueError("must hold a host name, without user, password or IPv6 address")
    if url.path.rstrip("/").endswith("/voice"):
        raise ValueError("must end before /voice, which the bridge adds itself")
    if "?" in value or "#" in value:
        raise ValueError("must end with the path: leave out everything from ? or # on")
    return value.rstrip("/")


def _provider_api(value: str, info: ValidationInfo) -> str:
    return _public_url(value, info) if value else ""


def _certificates(value: Path | None) -> Path | None:
    try:
        if value is not None:
            ssl.create_default_context(cafile=value)
    except OSError:  # also what OpenSSL says of a file without a certificate
        raise ValueError("holds no certificate that can be read: it must be a PEM file") from None
    return value


def _collector(value: str) -> str:
    if not value:
        return value
    url = _address(value, "http://127.0.0.1:4318")
    if url.scheme not in {"http", "https"}:
        raise ValueError("must start with http:// or https://")
    if "@" in url.netloc or "?" in value or "#" in value:
        raise ValueError("must be an address alone: a key for it goes into OTEL_EXPORTER_OTLP_HEADERS")
    if url.path.rstrip("/").endswith("/v1/traces"):
        raise ValueError("must end before /v1/traces, which the bridge adds itself")
    return value.rstrip("/")


def _address(value: str, like: str = "https://phone.example.be") -> SplitResult:
    try:
        url = urlsplit(value)
        if url.hostname and url.port != 0 and not re.search(r"[\s\\]", value):
            return url
    except ValueError:  # urlsplit raises it for a port or a bracket that makes no sense
        pass
    raise ValueError(f"is no address: write it like {like}")


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _check_secrets(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if not secrets or any(len(secret.get_secret_value()) < _MIN_SECRET for secret in secrets):
        raise ValueError(f"must be at least {_MIN_SECRET} characters long (each, where there are two)")
    return secrets


def _check_tokens(tokens: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    if len(tokens) not in {1, 2}:
        raise ValueError("must be one token, or two with a comma between them while they change")
    return tokens


def _check_real(secrets: tuple[SecretStr, ...], info: ValidationInfo) -> tuple[SecretStr, ...]:
    for secret in () if _is_demo(info) else secrets:
        text = secret.get_secret_value()
        if _PLACEHOLDER.search(text.lower()) or len(set(text)) < _MIN_DIFFERENT:
            raise ValueError("is a placeholder: put the real value there")
    return secrets


def _check_account(value: str, info: ValidationInfo) -> str:
    shape = SHAPES[info.data.get("provider", "twilio")]
    if not shape.account.fullmatch(value):
        raise ValueError(f"must be {shape.account_is}")
    return value


def _check_metrics(token: SecretStr | None) -> SecretStr | None:
    if token is not None and len(token.get_secret_value()) < _MIN_METRICS:
        raise ValueError(f"must be at least {_MIN_METRICS} characters long")
    return token


def _database(value: SecretStr) -> SecretStr:
    # Platforms spell the scheme of PostgreSQL in several ways; all of them mean psycopg 3 here.
    url = _POSTGRES.sub("postgresql+psycopg://", value.get_secret_value())
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return SecretStr(url)


_Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_split)]
_LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(str.upper)]


class Settings(BaseSettings):
    """Everything that the environment decides; `Settings.read` makes it and `create_app` takes it.

    `secret` and `tokens` begin with the current one; further ones are accepted while they change.
    `public_url` has no slash at its end, and `database_url` has the form that SQLAlchemy reads.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, hide_input_in_errors=True)

    demo: bool = Field(default=False, description="1 lets the demo run without real secrets")
    public_url: Annotated[str, AfterValidator(_public_url)] = Field(
        description="the address that the provider posts to, such as https://phone.example.be"
    )
    secret: Annotated[_Secrets, AfterValidator(_check_secrets), AfterValidator(_check_real)] = Field(
        description="the key that seals what the bridge stores; `openssl rand -hex 32` makes one"
    )
    provider: Name = Field(
        "twilio", description="the provider that carries the calls: twilio, signalwire, telnyx or somleng"
    )
    account: Annotated[str, AfterValidator(_check_account)] = Field(
        description="the account's SID at the provider"
    )
    tokens: Annotated[_Secrets, AfterValidator(_check_tokens), AfterValidator(_check_real)] = Field(
        description="the account's token: it opens the REST API, and signs webhooks at twilio and somleng; "
        "while it changes, two with a comma"
    )
    signing_keys: Annotated[_Secrets, AfterValidator(_check_real)] = Field(
        (),
        validate_default=False,
        description="what else signs webhooks: shared keys (twilio), the signing key (signalwire), "
        "the public key (telnyx)",
    )
    provider_api: Annotated[str, AfterValidator(_provider_api)] = Field(
        "", description="the address where the provider keeps recordings; empty means its usual one"
    )
    provider_ca: Annotated[Path | None, AfterValidator(_certificates)] = Field(
        None,
        description="the certificate of the only authority that is trusted for the provider's API, as a PEM "
        "file: for a platform of your own; empty means the public authorities",
    )
    offices: Path = Field(Path("offices"), description="the folder that holds one file per office")
    database_url: Annotated[SecretStr, AfterValidator(_database)] = Field(
        SecretStr("sqlite:///var/bridge.db"),
        alias="DATABASE_URL",
        description="the database: sqlite:///file.db or postgresql://...",
    )
    workers: int = Field(2, ge=1, le=64, description="how many processes serve the line")
    threads: int = Field(
        64, ge=1, le=1024, description="how many threads each process has; every turn in hand needs one"
    )
    port: int = Field(
        8000,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("BRIDGE_PORT", "PORT"),
        description="the port to listen on",
    )
    host: str = Field("", description="the address to listen on; empty means any, and in the demo 127.0.0.1")
    pid_file: Path | None = Field(
        None,
        description="the file for the server's process id, which `bridge restart` and `bridge reload` read",
    )
    log_level: _LogLevel = Field(
        "INFO", description="the least level that is logged: DEBUG, INFO, WARNING or ERROR"
    )
    metrics: Annotated[SecretStr | None, AfterValidator(_check_metrics)] = Field(
        None,
        description="a token of at least 16 characters: whoever shows it as a bearer reads /metrics; without "
        "it there is no such page",
    )
    worker_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="the port at which a `bridge worker` shows its own /metrics to whoever has the token of "
        "BRIDGE_METRICS; without it it listens nowhere",
    )
    traces: Annotated[str, AfterValidator(_collector)] = Field(
        "",
        alias="OTEL_EXPORTER_OTLP_ENDPOINT",
        description="the collector (OpenTelemetry, OTLP over HTTP) that gets a span of every turn, such as "
        "http://127.0.0.1:4318; empty means that nothing is traced",
    )
    console: SecretStr = Field(
        SecretStr(""),
        description="who may open the console, one after another with blanks; `bridge console --add` writes "
        "each; without anybody there is no console",
    )
    oidc_issuer: str = Field(
        "",
        description="the provider of the office's own accounts (OpenID Connect), such as "
        "https://login.example.be: its people open the console with them; empty means passwords only",
    )
    oidc_client: str = Field("", description="the name under which that provider knows the console")
    oidc_secret: SecretStr = Field(SecretStr(""), description="the secret that it gave the console")
    oidc_claim: str = Field("groups", description="what in its tokens tells what people may do")
    oidc_roles: str = Field(
        "",
        description="who may do what, one after another with blanks: value of the claim:role:offices, such "
        "as line-admins:administer:*; the first one that fits counts, and whoever has none does not get in",
    )
    journal_days: int = Field(
        90, ge=1, le=3650, description="how many days the steps of calls are kept for reports"
    )
    tagor_seconds: float = Field(
        16.0, ge=0.5, le=20, description="how many seconds one question to Tagor may take in all"
    )

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings from `environ`.

        Raises:
            SettingsError: it holds one sentence for every mistake.
        """
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        sentences = [*_take_mounted(given)]
        sentences += [*_unknown(given), *_lost_at_restart(given)]
        source = EnvSettingsSource(cls)
        source.env_vars = {name.lower(): value for name, value in given.items()}
        try:
            settings = cls(_build_sources=((source,), {}))  # only what was handed in counts
        except ValidationError as error:
            sentences += _sentences(error)
        else:
            keys = tuple(key.get_secret_value() for key in settings.signing_keys)
            sentences += account_mistakes(settings.provider, signing_keys=keys, api=settings.provider_api)
            if settings.worker_port and settings.metrics is None:
                sentences.append("BRIDGE_WORKER_PORT shows nothing without BRIDGE_METRICS: set that as well.")
        if sentences:
            raise SettingsError(tuple(sentences))
        return settings

    @property
    def provider_ca_file(self) -> str | None:
        """Return the file of the only authority to trust for the provider's API, None for the public ones."""
        return str(self.provider_ca) if self.provider_ca else None

    @classmethod
    def names(cls) -> dict[str, str]:
        """Return the name of every environment variable that counts, with what it is for."""
        return {name: info.description or "" for name, info in cls.fields_by_name().items()}

    @classmethod
    def fields_by_name(cls) -> dict[str, FieldInfo]:
        """Return the field behind each of these names."""
        found: dict[str, FieldInfo] = {}
        for field, info in cls.model_fields.items():
            alias = info.validation_alias
            names = alias.choices if isinstance(alias, AliasChoices) else [alias or _PREFIX + field.upper()]
            found |= {str(name): info for name in names}
        return found


def _take_mounted(given: dict[str, str]) -> Iterator[str]:
    """Put the secrets of mounted files in the place of the names of their files."""
    for name in _MOUNTED:
        file = name + SUFFIX
        try:
            value = secret_of(given, name)
        except ValueError as error:
            yield f"{file} {error}."
        else:
            given |= {name: value} if value else {}
        given.pop(file, None)


def _unknown(given: Mapping[str, str]) -> Iterator[str]:
    names = Settings.names()
    bare = {name.removeprefix(_PREFIX): name for name in sorted(names, reverse=True)}
    for name in sorted(given):
        if name.startswith(_PREFIX) and name not in names:
            near = get_close_matches(name.removeprefix(_PREFIX), bare, n=1)
            advice = f"did you mean {bare[near[0]]}?" if near else "take it out."
            yield f"{name} is no setting of the bridge: {advice}"


def _lost_at_restart(given: Mapping[str, str]) -> Iterator[str]:
    if "DYNO" in given and given.get("DATABASE_URL", "sqlite").startswith("sqlite"):
        yield "DATABASE_URL must name a PostgreSQL database here: this platform's disk does not last."


def _sentences(error: ValidationError) -> Iterator[str]:
    names = Settings.names()
    for mistake in error.errors(include_input=False, include_url=False):
        place = str(mistake["loc"][0])
        name = place if place in names else _PREFIX + place.upper()
        if mistake["type"] == "missing":
            yield f"{name} is missing: {names[name]}."
        else:
            yield f"{name} {mistake['msg'].removeprefix('Value error, ').removeprefix('Input ')}."
