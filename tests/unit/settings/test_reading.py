"""What the environment must say before the line may start, and what it is told when it does not."""

import random
import re
import ssl
from pathlib import Path

import certifi
import pytest

from bridge.settings import Settings, SettingsError

SECRET = "9f2c4e71d0b35a8866e1f7c2a90d4b3e"
TOKEN = "5d8a0e3b7c914f26a1b0c9d8e7f60512"
GOOD = {
    "BRIDGE_PUBLIC_URL": "https://phone.kantoor.be",
    "BRIDGE_SECRET": SECRET,
    "BRIDGE_ACCOUNT": "AC" + "0123456789abcdef" * 2,
    "BRIDGE_TOKENS": TOKEN,
}


def refused(**changes: str) -> str:
    with pytest.raises(SettingsError) as error:
        Settings.read(GOOD | changes)
    (sentence,) = error.value.sentences
    return sentence


def test_four_settings_are_enough() -> None:
    """Everything but the address, the secret, the account and its token has a default."""
    settings = Settings.read(GOOD)
    assert (settings.provider, settings.workers, settings.threads, settings.port) == ("twilio", 2, 64, 8000)
    assert settings.database_url.get_secret_value() == "sqlite:///var/bridge.db"
    assert (str(settings.offices), settings.log_level, settings.tagor_seconds) == ("offices", "INFO", 16.0)
    assert not settings.demo


def test_only_what_is_handed_in_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process environment is not looked at behind the caller's back."""
    monkeypatch.setenv("BRIDGE_PORT", "9999")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")
    settings = Settings.read(GOOD)
    assert settings.port == 8000
    assert settings.database_url.get_secret_value() == "sqlite:///var/bridge.db"


def test_the_settings_cannot_be_changed_later() -> None:
    """What was read at start holds until the end."""
    with pytest.raises(ValueError, match="frozen"):
        Settings.read(GOOD).port = 1


def test_every_mistake_is_named_at_once() -> None:
    """An empty environment names each missing setting, with what it is for, in one go."""
    with pytest.raises(SettingsError) as error:
        Settings.read({"BRIDGE_PORT": "many", "BRIDGE_SECRET": "  "})
    names = [sentence.split()[0] for sentence in error.value.sentences]
    assert names == ["BRIDGE_PUBLIC_URL", "BRIDGE_SECRET", "BRIDGE_ACCOUNT", "BRIDGE_TOKENS", "BRIDGE_PORT"]
    assert "BRIDGE_PUBLIC_URL is missing: the address that the provider posts to" in str(error.value)


@pytest.mark.parametrize(
    "name", sorted(name for name, info in Settings.fields_by_name().items() if "SecretStr" in str(info))
)
def test_every_secret_may_be_a_mounted_file(name: str, tmp_path: Path) -> None:
    """As Docker and Kubernetes hand them over; the line end that an editor leaves does not count."""
    value = {"DATABASE_URL": "sqlite:///mounted.db"}.get(name, SECRET + TOKEN)
    (tmp_path / "secret").write_text(f"{value}\n")
    others = {key: given for key, given in GOOD.items() if key != name}
    mounted = Settings.read(others | {f"{name}_FILE": str(tmp_path / "secret")})
    assert mounted == Settings.read(GOOD | {name: value})


def test_a_secret_that_is_not_mounted_or_given_twice_is_told() -> None:
    """Nobody looks for the reason in the secret itself."""
    assert refused(BRIDGE_METRICS_FILE="/no/such/file") == (
        "BRIDGE_METRICS_FILE names no file that can be read: mount it, or correct the path."
    )
    assert refused(BRIDGE_SECRET_FILE="/etc/hostname") == (
        "BRIDGE_SECRET_FILE is set, and BRIDGE_SECRET as well: take one of them out."
    )


def test_a_workers_port_without_the_token_of_its_page_is_told() -> None:
    """A page that is open to nobody would look like a worker that is away."""
    assert refused(BRIDGE_WORKER_PORT="9101") == (
        "BRIDGE_WORKER_PORT shows nothing without BRIDGE_METRICS: set that as well."
    )
    token = "a token for the figures"
    assert Settings.read(GOOD | {"BRIDGE_WORKER_PORT": "9101", "BRIDGE_METRICS": token}).worker_port == 9101


def test_only_a_certificate_is_an_authority(tmp_path: Path) -> None:
    """Without one nobody could fetch a voicemail, and it would be seen with the first."""
    (tmp_path / "ca.pem").write_text("none")
    assert "BRIDGE_PROVIDER_CA holds no certificate" in refused(BRIDGE_PROVIDER_CA=str(tmp_path / "ca.pem"))
    assert Settings.read(GOOD).provider_ca_file is None
    authorities = ssl.get_default_verify_paths().cafile or certifi.where()
    assert Settings.read(GOOD | {"BRIDGE_PROVIDER_CA": authorities}).provider_ca_file == authorities


def test_a_misspelt_setting_is_refused() -> None:
    """A name that nobody reads would silently leave a default in force."""
    assert refused(BRIDGE_TREADS="8") == (
        "BRIDGE_TREADS is no setting of the bridge: did you mean BRIDGE_THREADS?"
    )
    assert refused(BRIDGE_DATABASE_URL="sqlite:///x") == (
        "BRIDGE_DATABASE_URL is no setting of the bridge: did you mean DATABASE_URL?"
    )
    assert refused(BRIDGE_ZZ="8") == "BRIDGE_ZZ is no setting of the bridge: take it out."


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://phone.kantoor.be", "must start with https://"),
        ("phone.kantoor.be", "is no address"),
        ("https://", "is no address"),
        ("https://phone.kantoor.be:abc", "is no address"),
        ("https://phone.kantoor.be:0", "is no address"),
        ("https://phone kantoor.be", "is no address"),
        ("https://[::1", "is no address"),
        ("https://[2001:db8::1]/", "without user, password or IPv6"),
        ("https://user:word@phone.kantoor.be", "without user, password or IPv6"),
        ("https://phone.kantoor.be/?a=b", "must end with the path"),
        ("https://phone.kantoor.be/#top", "must end with the path"),
    ],
)
def test_a_public_address_that_cannot_be_signed_over_is_refused(url: str, complaint: str) -> None:
    """Signatures are checked over this address, so it must have one spelling only."""
    assert re.match(rf"BRIDGE_PUBLIC_URL .*{complaint}", refused(BRIDGE_PUBLIC_URL=url))


def test_a_path_prefix_is_kept_and_the_last_slash_is_not() -> None:
    """A proxy that strips a prefix leaves the signed address with it."""
    assert Settings.read(GOOD | {"BRIDGE_PUBLIC_URL": "https://h.be/line/"}).public_url == "https://h.be/line"


@pytest.mark.parametrize(
    "secret",
    ["changeme" * 4, "your-secret-key-0123456789abcdef", "0" * 40, "xxxxxxxx0123456789abcdef01234567"],
)
def test_a_placeholder_secret_is_refused(secret: str) -> None:
    """What stands in an example file protects nobody."""
    assert refused(BRIDGE_SECRET=secret) == "BRIDGE_SECRET is a placeholder: put the real value there."


def test_a_placeholder_token_is_refused() -> None:
    """Anybody could sign with a token out of an example file."""
    assert refused(BRIDGE_TOKENS=f"{TOKEN},your_auth_token") == (
        "BRIDGE_TOKENS is a placeholder: put the real value there."
    )


@pytest.mark.parametrize("secret", [SECRET[:31], f"{SECRET},{SECRET[:8]}", ",", " , "])
def test_a_short_secret_is_refused(secret: str) -> None:
    """Each secret in a rotation is long enough by itself."""
    assert "at least 32 characters" in refused(BRIDGE_SECRET=secret)


@pytest.mark.parametrize("tokens", [",", f"{TOKEN},{SECRET},{TOKEN}x"])
def test_one_or_two_tokens_are_wanted(tokens: str) -> None:
    """None would refuse every call, three would keep an old one alive."""
    assert "must be one token, or two" in refused(BRIDGE_TOKENS=tokens)


def test_secrets_rotate_with_a_comma() -> None:
    """While a secret changes, the new one stands first and the old one still counts."""
    both = {"BRIDGE_SECRET": f"{SECRET},{TOKEN}", "BRIDGE_SIGNING_KEYS": f"{SECRET},{TOKEN}"}
    settings = Settings.read(GOOD | {"BRIDGE_TOKENS": f"{TOKEN}, {SECRET}"} | both)
    assert [key.get_secret_value() for key in settings.signing_keys] == [SECRET, TOKEN]
    assert [token.get_secret_value() for token in settings.tokens] == [TOKEN, SECRET]
    assert [secret.get_secret_value() for secret in settings.secret] == [SECRET, TOKEN]


def test_the_demo_needs_no_real_secret() -> None:
    """In demo mode a loopback address and a placeholder will do."""
    demo = {"BRIDGE_DEMO": "1", "BRIDGE_PUBLIC_URL": "http://127.0.0.1:8000", "BRIDGE_SECRET": "changeme" * 4}
    assert Settings.read(GOOD | demo | {"BRIDGE_TOKENS": "token"}).demo


def test_a_broken_demo_switch_opens_nothing() -> None:
    """If it is unclear whether this is the demo, it is not."""
    with pytest.raises(SettingsError) as error:
        Settings.read(GOOD | {"BRIDGE_DEMO": "perhaps", "BRIDGE_PUBLIC_URL": "http://127.0.0.1"})
    assert len(error.value.sentences) == 2


@pytest.mark.parametrize("account", ["AC123", "SK" + "0" * 32, "AC" + "G" * 32])
def test_a_wrong_account_is_refused(account: str) -> None:
    """Webhooks of another account must not be answered, so ours is spelt in full."""
    assert refused(BRIDGE_ACCOUNT=account).startswith("BRIDGE_ACCOUNT must be the account's SID")


@pytest.mark.parametrize("url", ["https://phone.kantoor.be/voice", "https://phone.kantoor.be/line/voice/"])
def test_an_address_that_is_a_webhooks_is_refused(url: str) -> None:
    """The bridge adds /voice itself: the provider would post where nothing is."""
    assert refused(BRIDGE_PUBLIC_URL=url) == (
        "BRIDGE_PUBLIC_URL must end before /voice, which the bridge adds itself."
    )


UUID = "f5586561-8ff0-4291-a51b-c7dfe4139ff9"
PUBLIC_KEY = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
ACCOUNTS = {
    "signalwire": {
        "BRIDGE_ACCOUNT": UUID,
        "BRIDGE_SIGNING_KEYS": "PSK_0123456789abcdef",
        "BRIDGE_PROVIDER_API": "https://kantoor.signalwire.com",
    },
    "telnyx": {"BRIDGE_ACCOUNT": UUID, "BRIDGE_SIGNING_KEYS": PUBLIC_KEY},
    "somleng": {"BRIDGE_ACCOUNT": UUID},
}


@pytest.mark.parametrize("provider", ACCOUNTS)
def test_every_provider_has_secrets_of_its_own(provider: str) -> None:
    """The settings that its account needs are enough, and Twilio's are none."""
    settings = Settings.read(GOOD | {"BRIDGE_PROVIDER": provider} | ACCOUNTS[provider])
    assert (settings.provider, settings.account) == (provider, UUID)
    assert "BRIDGE_ACCOUNT must be" in refused(BRIDGE_PROVIDER=provider)


@pytest.mark.parametrize(
    ("provider", "changes", "sentence"),
    [
        ("signalwire", {"BRIDGE_SIGNING_KEYS": ""}, "BRIDGE_SIGNING_KEYS is missing: for signalwire it"),
        ("signalwire", {"BRIDGE_PROVIDER_API": ""}, "BRIDGE_PROVIDER_API is missing: for signalwire it"),
        ("telnyx", {"BRIDGE_SIGNING_KEYS": ""}, "BRIDGE_SIGNING_KEYS is missing: for telnyx it holds the"),
        ("telnyx", {"BRIDGE_SIGNING_KEYS": SECRET}, "BRIDGE_SIGNING_KEYS must hold the account's public"),
        ("telnyx", {"BRIDGE_SIGNING_KEYS": f"{PUBLIC_KEY},{SECRET}"}, "BRIDGE_SIGNING_KEYS must hold the"),
        ("somleng", {"BRIDGE_SIGNING_KEYS": SECRET}, "BRIDGE_SIGNING_KEYS must be left out: somleng"),
        ("telnyx", {"BRIDGE_ACCOUNT": GOOD["BRIDGE_ACCOUNT"]}, "BRIDGE_ACCOUNT must be the account's id"),
        ("plivo", {}, "BRIDGE_PROVIDER should be 'twilio', 'signalwire', 'telnyx' or 'somleng'."),
    ],
)
def test_what_does_not_go_with_the_provider_is_named(
    provider: str, changes: dict[str, str], sentence: str
) -> None:
    """Each sentence says which setting, and what the provider needs there."""
    given = {"BRIDGE_PROVIDER": provider} | ACCOUNTS.get(provider, {}) | changes
    assert refused(**given).startswith(sentence)
    assert SECRET not in refused(**given)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_the_same_driver(scheme: str) -> None:
    """Platforms hand out addresses that SQLAlchemy does not know."""
    settings = Settings.read(GOOD | {"DATABASE_URL": f"{scheme}://u:w@db/x"})
    assert settings.database_url.get_secret_value() == "postgresql+psycopg://u:w@db/x"


def test_another_database_is_refused() -> None:
    """Only what the store is tested on."""
    assert refused(DATABASE_URL="mysql://db/x") == "DATABASE_URL must start with sqlite:/// or postgresql://."


def test_a_platform_without_a_lasting_disk_needs_postgresql() -> None:
    """On such a platform SQLite would lose calls and PIN tries at every restart."""
    assert refused(DYNO="web.1").startswith("DATABASE_URL must name a PostgreSQL database")
    Settings.read(GOOD | {"DYNO": "web.1", "DATABASE_URL": "postgres://db/x"})


def test_the_platforms_port_counts_and_ours_comes_first() -> None:
    """PORT is what platforms set; BRIDGE_PORT is for everybody else."""
    assert Settings.read(GOOD | {"PORT": "5000"}).port == 5000
    assert Settings.read(GOOD | {"PORT": "5000", "BRIDGE_PORT": "6000"}).port == 6000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BRIDGE_PORT", "70000"),
        ("BRIDGE_WORKERS", "0"),
        ("BRIDGE_THREADS", "2.5"),
        ("BRIDGE_TAGOR_SECONDS", "nan"),
        ("BRIDGE_LOG_LEVEL", "loud"),
        ("BRIDGE_PROVIDER", "pigeon"),
    ],
)
def test_a_setting_out_of_its_range_is_refused(name: str, value: str) -> None:
    """The sentence names the setting as the operator wrote it."""
    assert refused(**{name: value}).startswith(name + " ")


def test_a_log_level_may_be_written_small() -> None:
    """Nobody should have to guess its case."""
    assert Settings.read(GOOD | {"BRIDGE_LOG_LEVEL": "debug"}).log_level == "DEBUG"


def test_no_value_is_ever_shown() -> None:
    """Neither a mistake's sentence, nor its cause, nor the settings themselves repeat what was given."""
    seed = random.randrange(10**6)
    canary = f"canary{random.Random(seed).randrange(10**12)}"
    shown = repr(Settings.read(GOOD | {"DATABASE_URL": f"postgres://u:{canary}@db/x"}))
    assert SECRET not in shown
    assert TOKEN not in shown
    for name in Settings.names():
        try:
            shown += repr(Settings.read(GOOD | {name: canary}).secret)
        except SettingsError as error:
            shown += repr(error) + str(error) + repr(error.__cause__) + repr(error.__context__)
    assert canary not in shown, f"seed {seed}"


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("collector:4318", "must start with http:// or https://|is no address"),
        ("grpc://collector.kantoor.be:4317", "must start with http:// or https://"),
        ("4318", "is no address: write it like http://127.0.0.1:4318"),
        ("http://key-5513@collector.kantoor.be", "OTEL_EXPORTER_OTLP_HEADERS"),
        ("http://collector.kantoor.be/?key=key-5513", "OTEL_EXPORTER_OTLP_HEADERS"),
        ("http://127.0.0.1:4318/v1/traces", "must end before /v1/traces"),
    ],
)
def test_a_collector_that_nobody_can_post_to_is_refused(address: str, complaint: str) -> None:
    """With what to write, and without what was written."""
    sentence = refused(OTEL_EXPORTER_OTLP_ENDPOINT=address)
    assert re.match(rf"OTEL_EXPORTER_OTLP_ENDPOINT .*({complaint})", sentence)
    assert "key-5513" not in sentence


def test_a_collector_is_named_by_the_standard_setting() -> None:
    """Nothing is traced until it is, and other settings of OpenTelemetry's are none of ours."""
    assert Settings.read(GOOD | {"OTEL_SERVICE_NAME": "lijn"}).traces == ""
    told = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318/otlp/"}
    assert Settings.read(GOOD | told).traces == "http://collector:4318/otlp"
