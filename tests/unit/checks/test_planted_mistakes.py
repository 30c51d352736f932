"""Sixty-odd mistakes, planted one by one: `bridge check` or `bridge doctor` names each, with what to do."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from shared_line import FakeClock, Line

from bridge.checks import check, clocks, doctor
from bridge.clock import Clock
from bridge.simulators.provider.api import RestApi
from bridge.simulators.tagor.case import AMICABLE

OFFICE = """\
name = "Kantoor Claes"
numbers = ["+32 2 555 00 01"]
languages = ["nl", "fr"]
default_language = "nl"
account = "BE68 5390 0754 7034"
switchboard = "+32 2 555 00 10"
employees = ["+32 2 555 00 11"]
caller_id = "+3225550010"
address.nl = "Markt 1"
address.fr = "place 1"
tagor.url = "https://tagor.claes.be/v1/web"
tagor.key_env = "CLAES_KEY"
transfer.timeout = 25
messages.balance = { sms = "SALDO" }
identification.pin_digits = 6
hours.monday = ["09:00-12:00", "13:00-17:00"]
hours.tuesday = ["09:00-12:00", "13:00-17:00"]
"""
SECRET = "9f2c4e71d0b35a8866e1f7c2a90d4b3e"
TOKEN = "5d8a0e3b7c914f26a1b0c9d8e7f60512"
UUID = "01234567-89ab-cdef-0123-456789abcdef"


ADVICE = re.compile(
    r"\b(?:add|ask|bring|buy|check|compare|correct|did you mean|get|give|it holds|leave|let|look|make"
    r"|move|must|nearest|needs|put|run|see|set|should|switch|take|there is|turn|upgrade|verify|words stand"
    r"|write)\b"
    r"|`bridge [a-z -]+|bridge (?:connect|office new)|`openssl",
    re.IGNORECASE,
)
"""What a sentence has that says what to do, or how a value must be."""


def advised(found: check.Findings) -> str:
    """Give what was found, of which every sentence must say what to do about it."""
    told = [str(one) for one in (*found.problems, *found.warnings)]
    assert [one for one in told if not ADVICE.search(one)] == []
    return "\n".join(told)


class Written:
    """A set-up on paper: settings and one office file, in which `bridge check` finds nothing."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "claes.toml"
        self.file.write_text(OFFICE, encoding="utf-8")
        self.environ = {
            "BRIDGE_PUBLIC_URL": "https://phone.claes.be",
            "BRIDGE_SECRET": SECRET,
            "BRIDGE_ACCOUNT": "AC" + "0123456789abcdef" * 2,
            "BRIDGE_TOKENS": TOKEN,
            "BRIDGE_OFFICES": str(folder),
            "CLAES_KEY": "a key of Tagor's",
        }

    def told(self) -> str:
        return advised(check.examine(self.environ))


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return Written(tmp_path)


def setting(**values: str) -> Callable[[Written], None]:
    """Give settings other values, without the prefix: `setting(PORT="0")`."""
    return lambda written: written.environ.update({f"BRIDGE_{name}": value for name, value in values.items()})


def without(name: str) -> Callable[[Written], None]:
    """Leave a setting out."""
    return lambda written: written.environ.pop(name) and None


def entry(old: str, new: str) -> Callable[[Written], None]:
    """Write something else into the office file."""

    def plant(written: Written) -> None:
        assert old in OFFICE
        written.file.write_text(OFFICE.replace(old, new, 1), encoding="utf-8")

    return plant


def line_of(more: str) -> Callable[[Written], None]:
    """Add a line to the office file."""
    return lambda written: written.file.write_text(OFFICE + more + "\n", encoding="utf-8") and None


def second(old: str, new: str) -> Callable[[Written], None]:
    """Add an office: a copy of the first with another number, and with one more change."""

    def plant(written: Written) -> None:
        text = OFFICE.replace("555 00 01", "555 00 02").replace(old, new)
        (written.file.parent / "dams.toml").write_text(text, encoding="utf-8")

    return plant


def moved(written: Written) -> None:
    shutil.move(written.file, written.file.with_suffix(".txt"))


class Row(NamedTuple):
    """A mistake: what is planted, and what the sentence says about it."""

    name: str
    plant: Callable[[Any], object]
    told: str


ON_PAPER = [
    Row(
        "public URL ends in /voice",
        setting(PUBLIC_URL="https://phone.claes.be/voice"),
        "must end before /voice",
    ),
    Row("public URL is http", setting(PUBLIC_URL="http://phone.claes.be"), "must start with https://"),
    Row("public URL within the house", setting(PUBLIC_URL="https://10.0.0.4"), "cannot reach from outside"),
    Row("public URL of this machine", setting(PUBLIC_URL="https://localhost"), "cannot reach from outside"),
    Row(
        "public URL with a query", setting(PUBLIC_URL="https://phone.claes.be?a=1"), "must end with the path"
    ),
    Row("setting misspelt", setting(TOKEN=TOKEN), "did you mean BRIDGE_TOKENS?"),
    Row("secret missing", without("BRIDGE_SECRET"), "BRIDGE_SECRET is missing"),
    Row("secret short", setting(SECRET="abc"), "at least 32 characters"),
    Row("secret out of an example", setting(SECRET="changeme" * 4), "is a placeholder"),
    Row("secret is the token", setting(SECRET=TOKEN), "BRIDGE_SECRET is also a token"),
    Row("metrics token is the secret", setting(METRICS=SECRET), "BRIDGE_METRICS is also BRIDGE_SECRET"),
    Row("account of another kind", setting(ACCOUNT="SK" + "0" * 32), "must be the account's SID"),
    Row("account of another provider", setting(PROVIDER="somleng"), "the account's SID, a UUID"),
    Row("secret not mounted", setting(SECRET_FILE="/no/such/file"), "BRIDGE_SECRET_FILE is set, and BRIDGE_"),
    Row(
        "authority that is none", setting(PROVIDER_CA="/dev/null"), "BRIDGE_PROVIDER_CA holds no certificate"
    ),
    Row(
        "signing key missing",
        setting(PROVIDER="signalwire", ACCOUNT=UUID, PROVIDER_API="https://claes.signalwire.com"),
        "BRIDGE_SIGNING_KEYS is missing",
    ),
    Row("unknown provider", setting(PROVIDER="twillio"), "BRIDGE_PROVIDER should be"),
    Row(
        "database of another kind",
        lambda one: one.environ.update(DATABASE_URL="mysql://x"),
        "must start with sqlite",
    ),
    Row("port that is none", setting(PORT="many"), "BRIDGE_PORT should be a valid integer"),
    Row("console line cut off", setting(CONSOLE="an:see:*"), "BRIDGE_CONSOLE: user 1 is not written"),
    Row(
        "console for an office that is none",
        setting(CONSOLE="an:see:cleas:$argon2id$v=19$x"),
        "lets an see cleas, and there is no such office file",
    ),
    Row(
        "accounts without a secret",
        setting(OIDC_ISSUER="https://login.example.be", OIDC_CLIENT="console"),
        "BRIDGE_OIDC_ISSUER needs BRIDGE_OIDC_CLIENT and BRIDGE_OIDC_SECRET",
    ),
    Row(
        "accounts for an office that is none",
        setting(
            OIDC_ISSUER="https://login.example.be",
            OIDC_CLIENT="console",
            OIDC_SECRET="s" * 12,
            OIDC_ROLES="line:see:cleas",
        ),
        "lets line see cleas, and there is no such office file",
    ),
    Row("offices folder misspelt", setting(OFFICES="/no/such/folder"), "is no folder"),
    Row("office file with another ending", moved, "holds no office"),
    Row("quotes forgotten", entry('"Kantoor Claes"', "Kantoor"), "cannot be read as TOML"),
    Row("entry misspelt", line_of("employes = []"), "did you mean employees?"),
    Row("number without country", entry("+32 2 555 00 01", "02 555 00 01"), "with its country"),
    Row("line that rings itself", entry("+32 2 555 00 10", "+32 2 555 00 01"), "which is this line itself"),
    Row(
        "employee that is the line", entry("+32 2 555 00 11", "+32 2 555 00 01"), "which is this line itself"
    ),
    Row(
        "lines that ring each other",
        second("+32 2 555 00 10", "+32 2 555 00 01"),
        "which is the line of claes",
    ),
    Row("number of two offices", second("555 00 02", "555 00 01"), "which claes.toml has already"),
    Row("number that costs callers", entry("+32 2 555 00 11", "+32 70 12 34 56"), "070 or 090x"),
    Row("number abroad", entry("+32 2 555 00 11", "+31 20 555 0001"), "write abroad = true"),
    Row("account mistyped", entry("7034", "7043"), "account is mistyped"),
    Row("no words in a language", entry('"nl", "fr"', '"nl", "fr", "de"'), "address has no words for de"),
    Row("language that is not spoken", entry('"nl"\nacc', '"en"\nacc'), "must be one of languages"),
    Row("day misspelt", entry("hours.tuesday", "hours.teusday"), "did you mean tuesday?"),
    Row(
        "hours the wrong way round", entry('"13:00-17:00"]\nh', '"17:00-13:00"]\nh'), "the earlier time first"
    ),
    Row(
        "hours that overlap",
        entry('"09:00-12:00", "13:00', '"09:00-14:00", "13:00'),
        "with a break between them",
    ),
    Row("holiday that is none", line_of('hours.open_on = ["2027-03-02"]'), "no holiday on which you close"),
    Row(
        "call-backs when nobody is there",
        line_of('callbacks.morning = "06:00-08:00"'),
        "is outside the hours",
    ),
    Row("voice misspelt", line_of('voices.nl = "Polly.Liza-Neural"'), "the provider does not have"),
    Row(
        "key in the file",
        entry('"CLAES_KEY"', '"9f2c4e71d0b3"'),
        "must be the NAME of an environment variable",
    ),
    Row("key not in the environment", without("CLAES_KEY"), "points to CLAES_KEY, which the environment"),
    Row("Tagor over http", entry('"https://tagor', '"http://tagor'), "tagor.url must start with https://"),
    Row("certificate that is none", line_of('tagor.ca_file = "claes.toml"'), "holds no certificate"),
    Row("weak proof without a name", line_of('identification.way = "house_number"'), "who accepts the risk"),
    Row("short PIN", entry("pin_digits = 6", "pin_digits = 4"), "too few to agree on a plan"),
    Row("budgets the wrong way round", line_of("identification.max_failures_day = 5"), "counts for nothing"),
    Row("option misspelt", line_of('switched_off = ["paymentplans"]'), "is nothing that can be switched off"),
    Row("template with a blank", entry('"SALDO"', '"SALDO 1"'), "must be the code of a template"),
    Row(
        "copies without permission", line_of('messages.copy = { mail = "K" }'), "needs copy_config besides it"
    ),
    Row("mailbox may take the caller", line_of("transfer.whisper = false"), "a mailbox too"),
    Row("slips without the PIN", line_of("letters.slips = true"), "write pin_scheme = true"),
    Row(
        "manager without a number",
        entry('employees = ["+32 2 555 00 11"]', "transfer.manager = true"),
        "employees holds no number",
    ),
    Row(
        "exchange that is not encrypted",
        line_of('transfer.sip = "sip:a@pbx.claes.be"'),
        "must be an encrypted address",
    ),
]


@pytest.mark.parametrize("row", ON_PAPER, ids=lambda row: row.name)
def test_check_names_what_is_wrong_on_paper(written: Written, row: Row):
    """A sentence says what to do."""
    row.plant(written)
    assert row.told in written.told()


class Running:
    """A line with a provider and a Tagor, in which `bridge doctor` only finds that it is the demo's."""

    def __init__(self, line: Line, numbers: RestApi, patch: pytest.MonkeyPatch) -> None:
        self.line, self.numbers, self.patch = line, numbers, patch
        self.environ = dict(line.environ)
        self.tagor = line.tagor
        self.answers(204)

    def answers(self, status: int) -> None:
        """Have this status answered at the public address; 0 is nobody there."""

        def post(*_: object) -> int:
            if not status:
                raise OSError
            return status

        self.patch.setattr("bridge.checks.public_line.post", post)

    def number(self, **settings: Any) -> None:  # noqa: ANN401 - as the API tells it
        self.numbers.numbers[Line.number] |= settings

    def entry(self, old: str, new: str) -> None:
        file = self.line.offices / "demo.toml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    def read_slips_out_of_an_earlier_tagor(self) -> None:
        self.entry("# pin_scheme = true", "pin_scheme = true")
        self.entry("# slips = true", "slips = true")
        self.tagor.tagor.generation = "1.08"

    def call_and_change_the_secret(self) -> None:
        self.line.start()
        self.line.phone().ring().press("1").press("482193").hang_up()
        self.environ["BRIDGE_SECRET"] = "f" * 8 + "0123456789abcdef01234567"

    def told(self) -> str:
        return advised(doctor.examine(self.environ))


@pytest.fixture
def running(
    open_line: Callable[..., Line], recordings: RestApi, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    monkeypatch.setattr("bridge.checks.office_tagor.SYSTEM_CLOCK", clock)
    kept = {number: dict(row) for number, row in recordings.numbers.items()}
    verified, state = set(recordings.verified), dict(recordings.state)
    yield Running(open_line(started=False), recordings, monkeypatch)
    recordings.numbers, recordings.verified, recordings.state = kept, verified, state
    recordings.protected = True


class Ahead(Clock):
    """A clock that is some minutes ahead."""

    def now(self) -> Any:  # noqa: ANN401 - the clock's
        return super().now() + timedelta(minutes=4)


AT_WORK = [
    Row("secret changed", Running.call_and_change_the_secret, "was sealed with another secret"),
    Row("database not migrated", lambda one: one.environ.update(DATABASE_URL="sqlite://"), "DATABASE_URL"),
    Row(
        "provider's token wrong",
        lambda one: one.environ.update(BRIDGE_TOKENS=TOKEN),
        "does not accept the account",
    ),
    Row(
        "provider's address wrong",
        lambda one: one.environ.update(BRIDGE_PROVIDER_API="http://127.0.0.1:1"),
        "cannot be asked about rec",
    ),
    Row(
        "account suspended", lambda one: one.numbers.state.update(status="suspended"), "account is suspended"
    ),
    Row("account on trial", lambda one: one.numbers.state.update(type="Trial"), "account is a trial"),
    Row(
        "recordings open to anybody",
        lambda one: setattr(one.numbers, "protected", False),
        "switch on Enforce HTTP Auth on Media URLs",
    ),
    Row("webhook not set", lambda one: one.number(voice_url=""), "has the voice url (not set)"),
    Row(
        "webhook of another host",
        lambda one: one.number(voice_url="https://old.be/voice"),
        "has the voice url https://old.be",
    ),
    Row("webhook by GET", lambda one: one.number(voice_method="GET"), "has the voice method GET"),
    Row(
        "fallback not set",
        lambda one: one.number(voice_fallback_url=""),
        "has the voice fallback url (not set)",
    ),
    Row(
        "status callback not set",
        lambda one: one.number(status_callback=""),
        "has the status callback (not set)",
    ),
    Row(
        "fallback by GET",
        lambda one: one.number(voice_fallback_method="GET"),
        "has the voice fallback method GET",
    ),
    Row(
        "status by GET",
        lambda one: one.number(status_callback_method="GET"),
        "has the status callback method GET",
    ),
    Row(
        "number led by a trunk", lambda one: one.number(trunk_sid="TK1"), "is led by an application or trunk"
    ),
    Row(
        "number led by an application",
        lambda one: one.number(voice_application_sid="AP1"),
        "is led by an application",
    ),
    Row("number for texts only", lambda one: one.number(capabilities={"voice": False}), "takes no calls"),
    Row("number for fax", lambda one: one.number(voice_receive_mode="fax"), "takes no calls"),
    Row("number not bought", lambda one: one.numbers.numbers.pop(Line.number), "is no number of the account"),
    Row(
        "caller id not owned",
        lambda one: one.numbers.verified.clear(),
        "neither a number of the account nor verified",
    ),
    Row(
        "switchboard that leads to the line",
        lambda one: one.numbers.own(Line.switchboard, voice_url=f"{Line.public}/voice"),
        "leads to the line itself",
    ),
    Row("another bridge at the address", lambda one: one.answers(403), "refuses what our secrets sign"),
    Row("another host at the address", lambda one: one.answers(404), "answered with status 404"),
    Row("nobody at the address", lambda one: one.answers(0), "cannot be reached from this machine"),
    Row(
        "this machine's clock ahead",
        lambda one: one.patch.setattr(clocks, "SYSTEM_CLOCK", Ahead()),
        "The clocks of twilio and",
    ),
    Row(
        "Tagor's key wrong",
        lambda one: one.environ.update(TAGOR_KEY="another-key"),
        "does not accept the credential",
    ),
    Row("Tagor's path wrong", lambda one: one.entry("/v1/web", "/v2/web"), "demo: Config/Ping"),
    Row("Tagor away", lambda one: one.tagor.stop(), "demo: Config/Ping"),
    Row(
        "Tagor's hours disagree",
        lambda one: one.tagor.controls.hours("closed"),
        "at this moment Tagor says closed",
    ),
    Row(
        "screen of nobody",
        lambda one: one.entry('screen_user = "balie"', 'screen_user = "bali"'),
        "transfer.screen_user is bali",
    ),
    Row(
        "call-backs of nobody",
        lambda one: one.entry('\nuser = "balie"', '\nuser = "bali"'),
        "callbacks.user is bali",
    ),
    Row("template unknown", lambda one: one.entry('"FAQ"', '"VRAGEN"'), "messages.faq.mail is VRAGEN"),
    Row(
        "configuration unknown",
        lambda one: one.entry('copy_config = "KOPIE"', 'copy_config = "COPY"'),
        "copy_config is COPY",
    ),
    Row(
        "plans' configuration unknown",
        lambda one: one.entry('# self_service = "PLAN"', 'self_service = "PL"'),
        "self_service is PL,",
    ),
    Row(
        "status unknown", lambda one: one.entry('["DAGV"]', '["DAGVAARDING"]'), "stop_statuses (DAGVAARDING)"
    ),
    Row(
        "part of the amount unknown",
        lambda one: one.entry("0821", "0899"),
        "amount.principal is 9000000000000000899",
    ),
    Row("kind of contact unknown", lambda one: one.entry("0502", "0599"), "situation.mobile_kind is 9"),
    Row(
        "questionnaire unknown",
        lambda one: one.entry('# questions = { nl = "9000000000000000861"', 'questions = { nl = "12"'),
        "situation.questions.nl is 12, which is none of Tagor's",
    ),
    Row("slips without lines", Running.read_slips_out_of_an_earlier_tagor, "lines of a file no ids"),
    Row(
        "kind of note unknown",
        lambda one: one.entry(
            '# info_kind = "9000000000000000001"           # Tagor\'s codes for such',
            'info_kind = "9000000000000000001" #',
        ),
        "notes.info_kind is 9",
    ),
    Row(
        "permission missing",
        lambda one: one.tagor.controls.permission("bridge", "MESSAGE", on=False),
        "has the permission MESSAGE off",
    ),
    Row(
        "kinds of file out of reach",
        lambda one: one.tagor.controls.may_see_only("bridge", AMICABLE),
        "may not see files of the kinds GER",
    ),
    Row(
        "lists that Tagor refuses",
        lambda one: one.tagor.fault("Code/GetList", "status", status=500, skip=1),
        "cannot be asked about its code tables",
    ),
    *(
        Row(
            f"{operation} refused",
            lambda one, operation=operation: one.tagor.fault(operation, "status", status=403),
            f"refuses the line {operation}",
        )
        for operation in (
            "TagorService/GetDosInfo",
            "TagorService/PinToFile",
            "TagorService/GetPaymentPlanCriteria",
            "Dossier/GetPaymentPlans",
            "Dossier/GetBalances",
            "Dossier/GetAppearance",
            "Party/GetContactDetails",
            "Message/GetListFilter",
            "Dossier/GetInfo",
        )
    ),
    Row(
        "operation missing in Tagor",
        lambda one: one.tagor.fault("Dossier/GetAgenda", "status", status=404),
        "callbacks and planned needs what this Tagor does not answer (Dossier/GetAgenda",
    ),
    Row(
        "operation that breaks",
        lambda one: one.tagor.fault("Dossier/GetParties", "status", status=503),
        "Dossier/GetParties, which identification needs, could not be tried (status 503)",
    ),
    Row(
        "another account in Tagor",
        lambda one: one.entry("BE68 5390 0754 7034", "BE71 0961 2345 6769"),
        "another account than",
    ),
]


@pytest.mark.parametrize("row", AT_WORK, ids=lambda row: row.name)
def test_doctor_names_what_is_wrong_at_work(running: Running, row: Row):
    """A sentence says what to do."""
    row.plant(running)
    assert row.told in running.told()


def test_nothing_is_wrong_before(written: Written, running: Running):
    """Nothing on paper, and at work only what the demo may do."""
    assert written.told() == ""
    [told] = running.told().splitlines()
    assert "BRIDGE_DEMO is on" in told


def test_sixty_are_planted():
    """So many at least, each under a name of its own."""
    assert len({row.name for row in (*ON_PAPER, *AT_WORK)}) >= 60
