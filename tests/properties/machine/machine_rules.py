"""What callers, carriers, workers and Tagor may do in any order, and what must hold after each of it."""

import re
from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from machine_calls import CONFIRMS, Talk, begin, end_transfer
from machine_words import judge
from machine_world import World, person

FAULTS = ("status", "html", "empty", "truncated", "reset_after", "refuse", "success_absent", "wrong_type")
OPERATIONS = tuple(
    f"TagorService/{name}"
    for name in (
        *("ClipToFile", "PinToFile", "GetDosInfo", "GetSaldo", "KantoorOpen", "PaymentInfo"),
        *("GetPaymentPlanCriteria", "SavePaymentPlan", "ApprovePaymentPlan"),
    )
)
KEYS = (*"111222340589*#", "111111", "12#", "50#", "*#", "1" * 32)
WORDS = ("", "saldo", "ja", "oui", "1", "afbetalingsplan", "x" * 900)
OUTCOMES = ("answered", "busy", "mailbox")
MAX_CALLS = 3
ENDS = ("caller", "hangup", "end of document")
BOUNDARIES = ("turn: led", "turn: saved")
DAILY = 5
"""Failed PINs that a file bears in a day."""
IDS = {"TDOS_Id", "Dossier_Id"}
DENIED = {"OverrideChecks", "user-login", "IPadres"}
GIVEN_A_NUMBER = {"ClipToFile", "SavePaymentPlan", "ApprovePaymentPlan", "SetUserDossier"}

which = st.integers(0, 9)
troubles = st.tuples(st.sampled_from(OPERATIONS), st.sampled_from(FAULTS))
far = st.sampled_from((5, 6, 7, 8, 4, 3, 2, 1, 0, 12))
"""Questions answered on the way to a plan: 2 bring the balance, 5 the terms; 6 request it, 7 agree."""


class Webhooks(RuleBasedStateMachine):
    """The webhook interface; made anew for each story, in a world that is shared."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world.begin()
        self.people: list[Any] = []
        self.talks: list[Talk] = []

    # Who takes part

    @initialize(language=st.sampled_from(("Dut", "Frn", "Ger", "Eng")), far=far, trouble=st.none() | troubles)
    def two_people(self, language: str, far: int, trouble: tuple[str, str] | None) -> None:
        """One of any language, who phones already, perhaps on a bad day, and one Dutch."""
        if trouble:
            self.world.tagor.fault(*trouble, times=1)
        self.people = [person(self.world.tagor, language), person(self.world.tagor, "Dut")]
        self.ring(0, far, withheld=False)

    def one(self, number: int) -> list[Talk]:
        """One of the calls that go on, if any does: what is drawn must not depend on how calls went."""
        live = [talk for talk in self.talks if talk.live]
        return [live[number % len(live)]] if live else []

    # What callers do

    @rule(who=st.integers(0, 1), far=far, withheld=st.booleans())
    def ring(self, who: int, far: int, *, withheld: bool) -> None:
        """Somebody phones and goes so far on the way to a plan, perhaps from two phones at once."""
        if sum(talk.live for talk in self.talks) < MAX_CALLS:
            self.talks.append(begin(self.world, self.people[who], withheld=withheld))
            self.talks[-1].go_ahead(far)

    @rule(number=which, far=st.integers(1, 4))
    def go_ahead(self, number: int, far: int) -> None:
        """Go on that way."""
        for talk in self.one(number):
            talk.go_ahead(far)

    @rule(number=which, keys=st.sampled_from(KEYS))
    def press(self, number: int, keys: str) -> None:
        """Press any keys, where keys are wanted."""
        for talk in self.one(number):
            if talk.phone.state == "listening":
                talk.press(keys)

    @rule(number=which, words=st.sampled_from(WORDS), outcome=st.sampled_from(OUTCOMES))
    def do_something_else(self, number: int, words: str, outcome: str) -> None:
        """Stay silent or speak; a colleague's phone that rings is answered, or not; word is left."""
        for talk in self.one(number):
            match talk.phone.state:
                case "recording" if words:
                    talk.phone.leave_message(4)
                case "listening" if words:
                    talk.phone.speak(words)
                case "dialling":
                    end_transfer(talk.phone, outcome)
                case _:
                    talk.phone.wait()

    @rule(number=which)
    def hang_up(self, number: int) -> None:
        """Put the handset down."""
        for talk in self.one(number):
            talk.phone.hang_up()

    # What carriers do

    @rule(number=which, times=st.integers(1, 3))
    def duplicate(self, number: int, times: int) -> None:
        """The newest webhook comes again: the same bytes, and Tagor is asked nothing (INV14)."""
        for talk in self.one(number):
            asked, newest = len(self.world.tagor.journal()), talk.phone.turns[-1].body
            if newest:
                assert talk.phone.resend(times) == [newest] * times
                assert len(self.world.tagor.journal()) == asked

    @rule(number=which, turn=which)
    def stale(self, number: int, turn: int) -> None:
        """An old webhook comes again, also after the end: words, and Tagor is asked nothing (T8)."""
        phone = self.talks[number % len(self.talks)].phone
        asked = len(self.world.tagor.journal())
        if phone.turns[turn % len(phone.turns)].body:
            assert b"<Response>" in phone.resend_turn(turn % len(phone.turns))
            assert len(self.world.tagor.journal()) == asked

    @rule(number=which)
    def fall_back(self, number: int) -> None:
        """The provider gave up on an answer: it gets the question again."""
        for talk in self.one(number):
            call = talk.phone.call_id
            status, _, body = self.world.line.webhook("/voice/fallback", call, ErrorCode="11200")
            assert (status, body[-11:]) == (200, b"</Response>")

    # What workers and Tagor suffer

    @rule(worker=st.integers(0, 1))
    def restart(self, worker: int) -> None:
        """A worker is killed between two turns."""
        self.world.restart(worker)

    @rule(boundary=st.sampled_from(BOUNDARIES), number=which, far=st.integers(1, 3))
    def doom(self, boundary: str, number: int, far: int) -> None:
        """A worker dies in the midst of a turn, and the caller goes on all the same."""
        self.world.doomed = boundary
        for talk in self.one(number):
            talk.go_ahead(far)

    @rule(trouble=troubles, times=st.integers(1, 3), number=which)
    def fault(self, trouble: tuple[str, str], times: int, number: int) -> None:
        """Tagor answers badly while somebody goes on."""
        self.world.tagor.fault(*trouble, times=times)
        for talk in self.one(number):
            talk.go_ahead(2)

    @rule()
    def heal(self) -> None:
        """Tagor is well again."""
        self.world.tagor.clear_faults()

    @rule()
    def settle(self) -> None:
        """Time passes, and what is unsettled is looked after."""
        self.world.settle()

    # What must hold

    @invariant()
    def decisions_are_confirmed_and_done_once(self) -> None:
        """INV1, INV2: no more of anything on a file than key 1 confirmed, each at a turn of its own."""
        for someone in self.people:
            done = Counter[str]()
            for (kind, _), times in self.world.tagor.records.effects(someone.case.file).items():
                done[kind] += times
            for kind in CONFIRMS:
                talks = [talk for talk in self.talks if talk.person is someone]
                confirmed = sum(len(talk.confirmed[kind]) for talk in talks)
                assert done[kind] <= confirmed, f"{kind}: {done[kind]} done, {confirmed} confirmed"

    @invariant()
    def strangers_hear_nothing(self) -> None:
        """INV3: a creditor's name and a balance are heard only where that file's PIN was keyed in."""
        for talk in self.talks:
            heard = " ".join(one.text for one in talk.phone.heard)
            for someone in self.people:
                allowed = someone is talk.person and talk.proven
                assert allowed or someone.creditor not in heard, "a stranger heard whose file it is"
            assert talk.proven or not re.search(r"1\s?234 ", heard), "a stranger heard a balance"

    @invariant()
    def nobody_is_left_in_silence(self) -> None:
        """INV4, INV5: every answer could be played, and every call that ended was ended by words."""
        for talk in self.talks:
            assert talk.live or talk.phone.ended_by in ENDS, talk.phone.ended_by
            assert all(turn.body or turn.fault for turn in talk.phone.turns)
            assert set(talk.phone.dialled) <= {self.world.line.switchboard, "+3220000011", "+32460000012"}

    @invariant()
    def pins_are_tried_within_budget(self) -> None:
        """INV8: no more PINs of a file are tried than may be wrong in a day, and were right."""
        asked = Counter(
            entry["fields"].get("Dossier")
            for entry in self.world.tagor.journal()
            if entry["operation"].endswith("PinToFile")
        )
        for someone in self.people:
            right = sum(talk.right for talk in self.talks if talk.person is someone)
            assert asked[someone.case.file] <= DAILY + right + self.world.deaths

    @invariant()
    def tagor_is_asked_what_the_contract_has(self) -> None:
        """INV11: no field that widens rights, no number where it would be stored."""
        for entry in self.world.tagor.journal():
            assert entry["unexpected"] == []
            assert not DENIED & set(entry["fields"])
            name = entry["operation"].rpartition("/")[2]
            assert name in GIVEN_A_NUMBER or "Telnr" not in entry["fields"]

    @invariant()
    def ids_stay_as_they_are(self) -> None:
        """INV10: Tagor is asked about a file by the very id it gave."""
        ids = {someone.case.file_id for someone in self.people}
        for entry in self.world.tagor.journal():
            assert {entry["fields"][name] for name in IDS & set(entry["fields"])} <= ids

    @invariant()
    def what_is_heard_is_so(self) -> None:
        """INV9, INV13: balances to the cent, and nothing is called done that Tagor has not done."""
        for talk in self.talks:
            judge(talk, self.world.tagor, self.world.line.clock.now().date())

    @invariant()
    def a_balance_leaves_one_note_for_each_proof(self) -> None:
        """INV12: no more notes on a file than its PIN was keyed in, and workers died over it."""
        for someone in self.people:
            right = sum(talk.right for talk in self.talks if talk.person is someone)
            assert self.world.line.notes().count(someone.case.file_id) <= right + self.world.deaths

    def teardown(self) -> None:
        """INV7: nothing of anybody is in the log; and whoever is still on the phone hangs up."""
        for talk in self.talks:
            if talk.live:
                talk.phone.hang_up()
        told = self.world.log.getvalue()
        for someone in self.people:
            case = someone.case
            for private in (case.pin, case.phone, case.name, case.creditor, case.file, case.file_id):
                assert str(private) not in told, "the log tells"
