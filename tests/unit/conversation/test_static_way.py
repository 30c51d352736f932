"""How far a webhook goes through the bridge: few functions in few files, each found by its name."""

from concurrent.futures import Executor, Future
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shared_profile import Profile
from static_calls import Source

from bridge.app.create import create_app
from bridge.app.overrides import Overrides
from bridge.settings import Settings
from bridge.simulators.provider.wire import wsgi
from bridge.store import pin_attempts
from bridge.telephony.reply_check import ReplyCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line

ROOT = Path(__file__).parents[3]
MAX_FUNCTIONS, MAX_FILES = 195, 56
"""A little more than there are: who adds a layer to every webhook should know."""


MENU_KEY = {
    "app/call_handler": "_logged take",
    "clock": "checkpoint",
    "conversation/outbox_writer": "of_turn",
    "conversation/phrasing": "_said phrase",
    "conversation/turns": "_begin _finish _lead _open _reply take",
    "flow/call": "from_json place to_json",
    "flow/engine": "_advance _end_turn _menu_answered _offered_keys _question _speak _step _take_exit hear",
    "speech/catalogue": "say",
    "speech/wording": "spoken",
    "store/calls": "_find log_name read save_reply",
    "store/database": "_admitted _set_up_transaction on_cursor",
    "store/encryption": "open seal",
    "store/server_restart": "seconds_without_restarts tried",
    "store/statement": "execute rows",
    "store/step_journal": "write_steps",
    "store/tables": "process_bind_param",
    "store/time_limits": "enter leave left seconds_left webhook",
    "tagor/http/deadline": "__init__",
    "telephony/document": "clean document fill",
    "telephony/reply_check": "check_shape",
    "telephony/resplit": "is_resplit",
    "telephony/signature": "sign verify",
    "telephony/twiml": "_gather _speech render",
    "telephony/webhooks": "turn",
    "telephony/webhook_events": "turn",
    "telephony/webhook_verifier": "_read_body parse_form read verify",
}
"""The functions that a menu key enters, by file: whoever adds one to every webhook adds it here."""
MAX_MENU_KEY = 63
"""How many they may be: as many as can be read on two pages."""

WAY = (
    ("OfficeCallHandler", "take"),
    ("Conversation", "take"),
    ("Calls", "read"),
    ("Engine", "hear"),
    ("ActionRunner", "run"),
    ("Action", "perform"),
    ("Engine", "resume"),
    ("Phrasing", "phrase"),
    ("Catalogue", "say"),
    ("Renderer", "render"),
    ("ReplyCheck", "check_shape"),
    ("OutboxWriter", "of_turn"),
    ("Calls", "save_reply"),
)
"""What a turn passes between `POST /voice/turn/<n>` and the bytes of its document."""

ACTIONS = {
    ("voice_flows.identify", "try_hinted"): [
        ("IdentificationService", "by_hinted_files"),
        ("PinAttempts", "count_attempts"),
    ],
    ("voice_flows.balance", "ask_balance"): [("FileService", "balance"), ("HttpTransport", "post")],
    ("voice_flows.payment_plan", "request_plan"): [
        ("PlanService", "request"),
        ("DecisionSender", "decide"),
        ("HttpTransport", "post"),
    ],
}
"""Where an action of a flow's table leads; the table names the function."""


SAME_NAMES = {
    "ActionContext": "voice_flows adds to the one of bridge.flow what its own actions may ask",
    "Office": "a flow's name stands in prompts and in calls under way; the other one is an office file",
}
"""Classes of one name, each with the reason why it stays: no other two may share one."""


@pytest.fixture(scope="module")
def source() -> Source:
    files = [*(ROOT / "bridge").rglob("*.py"), *(ROOT / "voice_flows").rglob("*.py")]
    return Source(ROOT, iter(file for file in files if "simulators" not in file.parts))


def test_a_turn_can_be_followed_by_names_from_webhook_to_document(source: Source):
    """Every step is found by go-to-definition: no closure, no table of callables in between."""
    reached = source.walk(("_Webhooks", "turn"))
    assert [step for step in WAY if step not in reached] == []


def test_each_name_that_is_called_on_the_way_leads_to_one_definition(source: Source):
    """A name means what its module defines or imports: none is left over that is found nowhere."""
    reached = source.walk(("_Webhooks", "turn"))
    assert len(reached) > len(WAY)
    assert {here: names for here in reached if (names := source.unknown(here))} == {}


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action[1])
def test_an_action_can_be_followed_by_names_to_tagor(source: Source, action: tuple[str, str]):
    """From the function in a flow's table through a service to the socket."""
    reached = source.walk(action)
    assert [step for step in ACTIONS[action] if step not in reached] == []


def test_each_name_on_the_way_has_one_definition(source: Source):
    """Two classes of one name would send the reader to the wrong one."""
    assert {name for name, _ in WAY if len(source.classes[name]) > 1} == set()


def test_classes_have_names_of_their_own():
    """Whoever searches for a class finds one, but for those whose reason stands here."""
    everything = Source(ROOT, chain((ROOT / "bridge").rglob("*.py"), (ROOT / "voice_flows").rglob("*.py")))
    doubles = {name for name, alike in everything.classes.items() if len(alike) > 1}
    assert doubles == SAME_NAMES.keys()


class SameThread(Executor):
    """Runs every job at once in the thread that submits it, so that one profile sees all of a webhook."""

    def submit(self, job: "Callable[..., Any]", /, *given: Any, **more: Any) -> "Future[Any]":  # noqa: ANN401 - as the job's
        done: Future[Any] = Future()
        try:
            done.set_result(job(*given, **more))
        except Exception as trouble:  # noqa: BLE001 - as an executor
            done.set_exception(trouble)
        return done


@pytest.fixture
def usual(line: "Line", tagor: "StandIn", monkeypatch: pytest.MonkeyPatch) -> "Line":  # noqa: ARG001 - the line asks it
    """A line on which one profile sees all of a webhook, and which works as in the midst of a day."""
    monkeypatch.setattr(ReplyCheck, "checks_all", False)
    monkeypatch.setattr(pin_attempts, "PLENTY_LASTS", timedelta(days=1))  # however slow this machine is
    overrides = Overrides(executor=lambda _threads, _name: SameThread())
    app = create_app(Settings.read(line.environ), line.clock, line.environ, overrides)
    line.app, line.post = app, wsgi(app)
    return line


@pytest.fixture
def entered(usual: "Line") -> Profile:
    """What the webhook of a right PIN enters, from socket to balance, once a caller before has keyed it."""
    usual.phone().ring().press("1").press("482193")
    phone = usual.phone().ring().press("1")
    with Profile() as profile:
        phone.press("482193")
    return profile


def test_a_webhook_enters_few_functions_in_few_files(entered: Profile):
    """Whoever follows a PIN from webhook to TwiML reads no more than this."""
    functions = entered.ours()
    files = {code.co_filename for code in functions}
    assert "balance" in {code.co_name for code in functions}, "the webhook did not come as far as the balance"
    assert len(functions) <= MAX_FUNCTIONS
    assert len(files) <= MAX_FILES


@pytest.fixture
def key_entered(usual: "Line") -> Profile:
    """What the webhook of a menu key enters, once a caller before has pressed it."""
    usual.phone().ring().press("5").press("4").press("5")
    phone = usual.phone().ring().press("5").press("4")
    with Profile() as profile:
        phone.press("5")
    return profile


def test_a_menu_key_enters_these_functions_and_no_other(key_entered: Profile):
    """The most usual of all webhooks: read the turn, lead it, find words, write them down, save it."""
    entered: dict[str, set[str]] = {}
    for code in key_entered.ours():
        file = Path(code.co_filename).relative_to(ROOT / "bridge").with_suffix("")
        entered.setdefault(str(file), set()).add(code.co_name)
    assert entered == {file: set(names.split()) for file, names in MENU_KEY.items()}
    assert sum(map(len, entered.values())) <= MAX_MENU_KEY
