"""What an office's people write about persons, messages and promises, and what each slip earns."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from random import Random

import pytest

from bridge.office.fields import OfficePart
from bridge.office.hours import DayPeriod
from bridge.office.model import Office, PlanRules
from bridge.office.reading import OfficeError, read_offices
from bridge.office.services import (
    CallbackRules,
    MessageRules,
    NoteRules,
    SendCodes,
    TransferRules,
    VoicemailRules,
)
from bridge.tagor.schema.operation import checked

ROOT = Path(__file__).parents[3]
FILE = """\
name = "Kantoor Claes"
numbers = ["+32 2 555 00 01"]
languages = ["nl", "fr"]
default_language = "nl"
account = "BE68 5390 0754 7034"
switchboard = "+32 2 555 00 10"
caller_id = "+3225550010"
address = { nl = "Markt 1", fr = "place 1" }
tagor.url = "https://tagor.claes.be/v1/web"
tagor.key_env = "CLAES_KEY"
hours.monday = ["09:00-12:00"]
hours.thursday = ["09:00-12:00"]
"""
LINE = FILE.count("\n")

Reading = Callable[[str], Office]
Mistakes = Callable[[str], list[str]]


@pytest.fixture
def office(tmp_path: Path) -> Reading:
    """The office whose file says this besides what every file must say."""

    def read(more: str) -> Office:
        (tmp_path / "claes.toml").write_text(FILE + more, "utf-8")
        (only,) = read_offices(tmp_path, {"CLAES_KEY": "canary"}, demo=False)
        return only

    return read


@pytest.fixture
def mistakes(office: Reading, tmp_path: Path) -> Mistakes:
    """The sentences that this earns, behind file and line."""

    def read(more: str) -> list[str]:
        with pytest.raises(OfficeError) as error:
            office(more)
        return [str(problem).removeprefix(f"{tmp_path}/") for problem in error.value.problems]

    return read


def test_an_office_that_says_nothing_still_serves_its_callers(office: Reading):
    """A person, a voicemail, a call-back and a note need no word from the office; sending and counsel do."""
    claes = office("")
    assert claes.transfer == TransferRules(manager=True, whisper=True, timeout=25, sip="", screen_user="")
    assert claes.voicemail == VoicemailRules(longest=120, days=30, keep="message", box="", format="wav")
    assert (claes.callbacks.user, claes.notes) == ("", NoteRules(on=True, info_kind="", info_definition=""))
    assert claes.callbacks.morning == DayPeriod(time(9), time(12))
    assert claes.callbacks.afternoon == DayPeriod(time(13, 30), time(17))
    assert (claes.counselling, claes.messages.through, claes.messages.copy_config) == (None, None, None)
    assert not any(map(claes.messages.codes, ("balance", "link", "faq", "copy")))
    assert (claes.hours.holidays, claes.hours.open_on) == (True, frozenset())
    plans = {"stop_statuses": frozenset(), "self_service": None, "info_kind": "", "info_definition": ""}
    never = {"replace": False, "begin_days": 14, "short_pin_accepted_by": None}
    assert claes.plans == PlanRules.model_construct(**plans, **never)


def test_everything_an_office_can_say_is_read(office: Reading):
    """As the demo's file shows it."""
    claes = office("""\
hours.holidays = false
hours.open_on = [2027-05-06]
[transfer]
manager = false
whisper = false
timeout = 40
sip = "sip:desk@pbx.claes.be:5061;transport=tls;region=ie1"
screen_user = "balie.claes"
[voicemail]
longest = 60
days = 7
keep = "attachment"
box = " Telefoon / Réception "
format = "wav"
[callbacks]
user = "balie"
morning = "08:00-10:00"
afternoon = "10:00-11:00"
[messages]
balance = { sms = "SALDO_SMS", mail = "SALDO.MAIL" }
link = { sms = "LINK-1" }
faq.mail = "FAQ"
copy = { mail = "KOPIE" }
copy_config = "Kopie dossier"
through = "service"
[notes]
on = false
info_kind = "9000000000000000001"
info_definition = "9000000000000000002"
[plans]
replace = true
begin_days = 7
stop_statuses = ["DAGV", " VONNIS "]
self_service = "PLAN"
info_kind = "9000000000000000001"
info_definition = "9000000000000000002"
short_pin_accepted_by = "mr. Voorbeeld"
[counselling]
nl = "Ga langs bij het OCMW."
fr = "Adressez-vous au CPAS."
""")
    sip = "sip:desk@pbx.claes.be:5061;transport=tls;region=ie1"
    assert claes.transfer == TransferRules(
        manager=False, whisper=False, timeout=40, sip=sip, screen_user="balie.claes"
    )
    assert claes.voicemail == VoicemailRules(
        longest=60, days=7, keep="attachment", box="Telefoon / Réception"
    )
    assert claes.callbacks.user == "balie"
    assert claes.callbacks.morning == DayPeriod(time(8), time(10))
    assert claes.callbacks.afternoon == DayPeriod(time(10), time(11))
    assert claes.messages.codes("balance") == SendCodes(sms="SALDO_SMS", mail="SALDO.MAIL")
    assert claes.messages.codes("link") == SendCodes(sms="LINK-1")
    assert claes.messages.codes("faq") == SendCodes(mail="FAQ")
    assert claes.messages.codes("copy") == SendCodes(mail="KOPIE")
    assert (claes.messages.copy_config, claes.messages.through) == ("Kopie dossier", "service")
    assert claes.notes == NoteRules(
        on=False, info_kind="9000000000000000001", info_definition="9000000000000000002"
    )
    assert claes.counselling == {"nl": "Ga langs bij het OCMW.", "fr": "Adressez-vous au CPAS."}
    plans = claes.plans
    assert (plans.replace, plans.begin_days, plans.self_service) == (True, 7, "PLAN")
    assert plans.stop_statuses == {"DAGV", "VONNIS"}
    assert (plans.info_kind, plans.info_definition) == ("9000000000000000001", "9000000000000000002")
    assert plans.short_pin_accepted_by == "mr. Voorbeeld"
    assert claes.hours.open_on == {date(2027, 5, 6)}
    assert not claes.hours.holidays


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ("transfer", TransferRules),
        ("voicemail", VoicemailRules),
        ("callbacks", CallbackRules),
        ("messages", MessageRules),
        ("notes", NoteRules),
        ("plans", PlanRules),
    ],
)
def test_the_demos_file_shows_every_entry(table: str, part: type[OfficePart]):
    """Whoever copies it sees all there is to decide, what is switched off behind a #."""
    text = (
        (ROOT / "offices" / "demo.toml").read_text("utf-8").partition(f"\n[{table}]")[2].partition("\n[")[0]
    )
    shown = {line.lstrip("# ").partition(" =")[0] for line in text.splitlines()[1:] if " =" in line}
    assert shown == {info.alias or name for name, info in part.model_fields.items()}


def test_the_demo_sends_everything_and_names_help_in_every_language():
    """Whoever tries the line hears all that it can do."""
    (demo,) = read_offices(ROOT / "offices", {"TAGOR_KEY": "k"}, demo=True)
    assert all(map(demo.messages.codes, ("balance", "link", "faq", "copy")))
    assert demo.counselling is not None
    assert set(demo.counselling) == set(demo.languages)
    assert demo.voicemail.box
    assert demo.callbacks.user
    assert demo.transfer.screen_user


PLACED = "must be a part of the file of its own, headed by its name in [brackets]."
TEMPLATE = "must be the code of a template in Tagor"
SIP = "transfer.sip must be an encrypted address like sip:desk@pbx.example.be;transport=tls."
SLIPS = [
    ("transfer.timeout = 4", "transfer.timeout should be greater than or equal to 5."),
    ("transfer.timeout = 61", "transfer.timeout should be less than or equal to 60."),
    ('transfer.timeout = "long"', "transfer.timeout should be a valid integer"),
    ('transfer.manager = "perhaps"', "transfer.manager should be a valid boolean"),
    ("transfer.screen = 1", "transfer.screen is unknown: did you mean screen_user?"),
    ("transfer.screen_user = 7", 'transfer.screen_user must be words in "quotes".'),
    ('transfer.screen_user = "aan de balie"', "transfer.screen_user must be the login of a Tagor user"),
    ('callbacks.user = "balie\\n"', "callbacks.user must be the login of a Tagor user"),
    ('voicemail.box = "a\\nb"', "voicemail.box must be a name as Tagor shows it: one line"),
    ('transfer.sip = "sip:desk@pbx.claes.be"', SIP),
    ('transfer = "switchboard"', f"transfer {PLACED}"),
    ("voicemail.longest = 9", "voicemail.longest should be greater than or equal to 10."),
    ("voicemail.longest = 121", "voicemail.longest should be less than or equal to 120."),
    ("voicemail.days = 0", "voicemail.days should be greater than or equal to 1."),
    ("voicemail.days = 366", "voicemail.days should be less than or equal to 365."),
    ('voicemail.keep = "tape"', "voicemail.keep should be 'message' or 'attachment'."),
    ('voicemail.format = "mp3"', "voicemail.format should be 'wav'."),
    (f'voicemail.box = "{"x" * 61}"', "voicemail.box must be a name as Tagor shows it"),
    ('callbacks.morning = "9-12"', 'callbacks.morning must be written like "09:00-12:00"'),
    ("callbacks.morning = 9", 'callbacks.morning must be written like "09:00-12:00"'),
    ('callbacks.morning = "09:00-14:00"', "callbacks needs a morning that ends before its afternoon starts."),
    ('messages.balance = "SALDO"', 'messages.balance must be written like { sms = "CODE", mail = "CODE" }'),
    ("messages.balance = {}", 'messages.balance must be written like { sms = "CODE", mail = "CODE" }'),
    ('messages.balance.sms = "SALDO 1"', f"messages.balance.sms {TEMPLATE}"),
    ('messages.balance.sms = ""', f"messages.balance.sms {TEMPLATE}"),
    ('messages.balance.mai = "S"', "messages.balance.mai is unknown: did you mean mail?"),
    ('messages.copy.mai = "S"', "messages.copy.mai is unknown: did you mean mail?"),
    ('messages.copy.mail = "KOPIE"', "messages.copy needs copy_config besides it"),
    ('letters.statement = "AFREK"', "letters.statement needs orders = true besides it"),
    ("letters.correspondence = true", "letters.correspondence needs sent = true besides it"),
    ('messages.copi = { mail = "K" }', "messages.copi is unknown: did you mean copy?"),
    ('messages.copy_config = "|"', "messages.copy_config must be the name of a configuration in Tagor"),
    ('messages.through = "post"', "messages.through should be 'actions' or 'service'."),
    ('notes.on = "maybe"', "notes.on should be a valid boolean"),
    ('notes.info_kind = "TAAK"', 'notes.info_kind must be a number of Tagor\'s in "quotes", digits only.'),
    ('counselling.nl = "OCMW"', "counselling has no words for fr: write them"),
    ('counselling = { nl = "OCMW", fr = "" }', "counselling.fr must not be empty."),
    (f'counselling = {{ nl = "O", fr = "{"a" * 201}" }}', "counselling.fr must be no longer than 200 signs."),
    ('counselling = { nl = "O", fr = "C", it = "S" }', "counselling.it should be 'nl'"),
    ('voices = "Polly"', f"voices {PLACED}"),
    ('counselling = "OCMW"', f"counselling {PLACED}"),
    ('hours.holidays = "some"', "hours.holidays should be a valid boolean"),
    ('hours.open_on = ["easter"]', "hours.open_on, entry 1, should be a valid date"),
    ('hours.open_on = ["2026-12-06"]', "hours.open_on holds 2026-12-06, but that sunday has no hours in"),
    ("plans.begin_days = -1", "plans.begin_days should be greater than or equal to 0."),
    ("plans.begin_days = 32", "plans.begin_days should be less than or equal to 31."),
    ('plans.replace = "perhaps"', "plans.replace should be a valid boolean"),
    ('plans.stop_statuses = "DAGV"', 'plans.stop_statuses must be a list, like ["one", "other"].'),
    ('plans.stop_statuses = ["DAGV", ""]', "plans.stop_statuses, entry"),
    ('plans.self_service = ""', "plans.self_service must be the name of a configuration in Tagor"),
    ('plans.self_service = "PLAN!"', "plans.self_service must be the name of a configuration in Tagor"),
    ('plans.short_pin_accepted_by = ""', "plans.short_pin_accepted_by must not be empty."),
    ("other_files.open = true", "other_files opens files without their PIN: write told = true, accepted_by"),
    ("plans.replaces = true", "plans.replaces is unknown: did you mean replace?"),
    ('plans.info_kind = "TAAK"', "plans.info_kind must be a number of Tagor"),
    ('plans.info_kind = "123456789012345678901"', "plans.info_kind must be a number of Tagor"),
    ('plans.info_kind = " 1"', "plans.info_kind must be a number of Tagor"),
    ('plans.info_definition = "TAAK"', "plans.info_definition must be a number of Tagor"),
    ('plans.info_definition = "123456789012345678901"', "plans.info_definition must be a number of Tagor"),
    ('plans.info_definition = " 1"', "plans.info_definition must be a number of Tagor"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "sentence"), SLIPS, ids=[entry[:40] for entry, _ in SLIPS])
def test_a_slip_is_told_once_with_its_line(mistakes: Mistakes, entry: str, sentence: str):
    """File and line, and what would be right."""
    (problem,) = mistakes(f"# ours\n{entry}\n")
    assert problem.startswith(f"claes.toml:{LINE + 2}: {sentence}")


def test_a_day_cannot_be_closed_and_open(mistakes: Mistakes):
    """One of the two was meant."""
    (problem,) = mistakes('hours.closures = ["2026-12-24"]\nhours.open_on = [2026-12-24]\n')
    sentence = "hours.open_on holds 2026-12-24, which closures holds too: take it out of one of them."
    assert problem == f"claes.toml:{LINE + 2}: {sentence}"


def test_one_slip_does_not_bring_on_another(mistakes: Mistakes):
    """Days and configurations that are written wrong are told once, not again for what depends on them."""
    problems = mistakes("""\
hours.friday = ["nine"]
hours.open_on = ["2026-12-25"]
messages.copy_config = "|"
messages.copy.mail = "KOPIE"
""")
    assert [problem.split(" ")[1] for problem in problems] == ["hours.friday,", "messages.copy_config"]


@pytest.mark.parametrize(
    ("part", "entry", "what"),
    [
        (TransferRules, "screen_user", "the login"),
        (CallbackRules, "user", "the login"),
        (VoicemailRules, "box", "the receiver"),
        (SendCodes, "sms", "the template code"),
        (MessageRules, "copy_config", "the self-service configuration"),
        (NoteRules, "info_kind", "the code id"),
    ],
)
def test_what_the_file_lets_pass_can_be_sent_to_tagor(
    part: type[OfficePart], entry: str, what: str, rng: Random
):
    """A slip is found when the line starts, not when somebody has phoned."""
    passed = 0
    for _ in range(400):
        text = "".join(rng.choices("aZ09" * 8 + " ._-@/\\é\n\x00:|", k=rng.randrange(1, 9)))
        try:
            value = getattr(part.model_validate({entry: text}), entry)
        except ValueError:
            continue
        passed += bool(value)
        assert not value or checked(what, value) == value
    assert passed


HOSTILE = [
    "sip:desk@pbx.claes.be;transport=udp",
    "sips:desk@pbx.claes.be;transport=tls",
    "SIP:desk@pbx.claes.be;transport=tls",
    "tel:+3270123456",
    "sip:pbx.claes.be;transport=tls",
    "sip:@pbx.claes.be;transport=tls",
    "sip:a:word@pbx.claes.be;transport=tls",
    "sip:a@b@pbx.claes.be;transport=tls",
    "sip:desk@localhost;transport=tls",
    "sip:desk@127.0.0.1;transport=tls",
    "sip:desk@169.254.169.254;transport=tls",
    "sip:desk@[::1];transport=tls",
    "sip:desk@2130706433;transport=tls",
    "sip:desk@-pbx.claes.be;transport=tls",
    "sip:desk@pbx..be;transport=tls",
    "sip:desk@pbx.claes.be.;transport=tls",
    "sip:desk@pbx.clæs.be;transport=tls",
    "sip:desk@pbx.claes.be:999999;transport=tls",
    "sip:desk@pbx.claes.be:5061",
    "sip:desk@pbx.claes.be;region=ie1",
    "sip:desk@pbx.claes.be:0;transport=tls",
    "sip:desk@pbx.claes.be;transport=tls?X-Other=1",
    "sip:desk@pbx.claes.be;transport=tls;user=phone",
    "sip:desk@pbx.claes.be;transport=tls;region=../x",
    "sip:desk@pbx.claes.be;transport=tls\\n",
    "sip:desk@pbx.claes.be;transport=tls</Sip><Number>+3270123456</Number>",
    "sip:d%40x@pbx.claes.be;transport=tls",
    "sip: desk@pbx.claes.be;transport=tls",
    f"sip:{'a' * 65}@pbx.claes.be;transport=tls",
    f"sip:desk@{'a.' * 70}be;transport=tls",
    f"sip:desk@{'a' * 64}.be;transport=tls",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_only_a_plain_encrypted_address_is_rung(mistakes: Mistakes, address: str):
    """A named host over TLS, and nothing that a dialler could read otherwise."""
    assert mistakes(f'transfer.sip = "{address}"\n') == [f"claes.toml:{LINE + 1}: {SIP}"]


def test_no_random_address_rings_anything_but_its_host(rng: Random):
    """What is accepted stands in the document as it is: no sign in it means anything to XML or headers."""
    good = "sip:desk@pbx.claes.be:5061;transport=tls;region=ie1"
    for _ in range(300):
        at = rng.randrange(len(good))
        text = good[:at] + rng.choice("<>&?\"'%;=@:/., \t#\\[]éA0-") + good[at + rng.randrange(2) :]
        try:
            address = TransferRules(sip=text).sip
        except ValueError:
            continue
        assert address == text
        assert not set(text) & set("<>&?\"'% \t#\\[]é/,")
        assert ";transport=tls" in text
        assert text.count("@") == 1
