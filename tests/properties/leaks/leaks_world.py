"""A line at which everything may go wrong: Tagor's faults and loose tongue, dying workers, crashes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import parse_qsl

import pytest
from click.testing import CliRunner
from leaks_caller import Caller
from leaks_canary import CANARY, ELSEWHERE, FILE, METRICS, OTHER_FILE, PHONE, PIN, Scanner, Secrets, canaries
from leaks_sinks import Sinks

from bridge.app.create import open_repositories
from bridge.clock import Clock
from bridge.commands.check import doctor
from bridge.commands.outbox import outbox
from bridge.commands.report import report
from bridge.flow.actions import Action
from bridge.settings import Settings
from bridge.simulators.provider.wire import Form, NoAnswer, Reply
from bridge.simulators.tagor import Case
from bridge.simulators.tagor.operations import OPERATIONS
from bridge.simulators.tagor.wire import Rejected
from bridge.store.encryption import Sealer
from bridge.telephony.twiml import Renderer

if TYPE_CHECKING:
    from shared_line import Line

    from bridge.simulators.provider.phone import Phone

LONG_PIN = {"pin_digits = 6 ": "pin_digits = 8 "}
LOGIN = {
    'key_env = "TAGOR_KEY" ': 'client_id_env = "TAGOR_CLIENT_ID"\nclient_secret_env = "TAGOR_CLIENT_SECRET"\n'
    "pin_scheme = true #",
    "# slips = true ": "slips = true ",
}
ACCEPTED = 'accepted_by = "mr. Voorbeeld"\naccepted_on = 2026-12-01 #'
CALLER_NUMBER = "caller number"
"""The kind of office to which a number proves a file, if it stands for only one."""
OFFICES: Mapping[str, Mapping[str, str]] = {
    "pin": {},
    "pin, with a login and the caller's own credential": LOGIN,
    "reference and pin": {'way = "pin" ': 'way = "reference_pin" '},
    "house number": {'way = "pin" ': f'way = "house_number"\n{ACCEPTED}'},
    CALLER_NUMBER: {'way = "pin" ': f'way = "caller_number"\n{ACCEPTED}'},
    "pin, which opens all files": {"# open = true ": f"open = true\n{ACCEPTED}"},
}
"""Kinds of office, by how callers and the bridge itself prove who they are."""

TROUBLES: tuple[Mapping[str, Any], ...] = (
    *(
        {"fault": name}
        for name in ("reset_before", "reset_after", "empty", "html", "truncated", "wrong_type")
    ),
    *({"fault": name} for name in ("null_fields", "nan", "success_false", "success_absent", "gzip_bomb")),
    *({"fault": "status", "status": status, "body": "html"} for status in (401, 403, 404, 500, 503)),
    {"fault": "status", "status": 500, "effect": "done"},
    {"fault": "reset_after", "effect": "later"},
    {"fault": "redirect"},
)
BOUNDARIES = (*("turn: led", "turn: saved") * 3, "written", "marked as sent", "answered", "settled")
CRASHES = ("action", "document")
COMMANDS = ((report, "decisions"), (report, "callbacks"), (outbox,), (doctor,), (doctor, "--fallback"))
EVERY = 10
"""Calls between two looks at the disk and at what commands print."""


class Killed(BaseException):
    """The worker is gone: nothing in it catches that."""


@dataclass
class Tally:
    """What was done to the line, so that nobody believes a run in which nothing happened."""

    calls: int = 0
    turns: int = 0
    identified: int = 0
    voicemails: int = 0
    faults: int = 0
    gossip: int = 0
    kills: int = 0
    crashes: int = 0
    sealed: int = 0


class World:
    """One line with its Tagor and provider, led through calls by `rng`; `watched` opens one."""

    def __init__(self, line: "Line", rng: Random, sinks: Sinks, case: Case) -> None:
        self.line, self.sinks, self.tally = line, sinks, Tally()
        self._rng = rng
        settings = Settings.read(line.environ)
        self._sealed: dict[bytes, bytes] = {}
        self._books = open_repositories(settings)
        self._doomed = self._crashing = self._telling = ""
        self._spared = 0
        self._on_disk: set[str] = set()
        self._undo = ExitStack()
        self._undo.enter_context(patch.object(Sealer, "seal", self._sealing(Sealer.seal)))
        line.tagor.controls.add_case(case)
        keys = (line.tagor.key, "stand-in-login")
        self.known = canaries(Secrets(line.account, line.token, keys, line.environ["BRIDGE_SECRET"]))
        self._everything = " ".join(self.known.values())
        self._start()

    def visit(self) -> "Phone":
        """The canary phones, proves who they are, hears the balance, and stays on the line."""
        return self.line.phone(PHONE, post=self.post).ring().press("1").press(PIN)

    def hours_go_by(self, hours: float) -> None:
        """The background does its work meanwhile, and wipes what must not stay."""
        self._pass(hours)
        self._books.sweep(self.line.clock.now())

    def play(self, calls: int) -> None:
        """Play that many calls, each on a day of its own, and look around now and then."""
        for number in range(calls):
            self._befall()
            self._call()
            self._day_goes_by()
            if number % EVERY == 0:
                self.look_around()

    def end(self) -> None:
        """Let all that is left be done, and so much time pass that the rest must be wiped."""
        self.line.tagor.settle()
        for days in (1, 1, 8, 91, 91):
            self.hours_go_by(24 * days)
        self.look_around()

    def found(self) -> dict[str, list[str]]:
        """The canaries that got out, by place; empty when there is none."""
        tokens = {f"token {number}": token for number, token in enumerate(self.line.tagor.tagor.tokens._ends)}
        scanner = Scanner(self.known | tokens)
        seen = {place: scanner.in_text(text) for place, text in self.sinks.texts().items()}
        seen["disk"] = sorted(self._on_disk)
        return {place: names for place, names in seen.items() if names}

    def opened(self) -> list[str]:
        """The canaries in all that was sealed and still lies on the disk, or the end of it."""
        disk = self._disk()
        left = (clear for sealed, clear in self._sealed.items() if sealed[-64:] in disk)
        return Scanner(self.known).in_bytes(b"\n".join(left))

    def look_around(self) -> None:
        """Run what the office runs, ask what platform and Prometheus ask, and search the disk as it lies."""
        self._on_disk |= set(Scanner(self.known).in_bytes(self._disk()))
        for command, *options in COMMANDS:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("bridge.checks.public_line.post", self._walk)
                result = CliRunner().invoke(command, options, env=self.line.environ)
            self.sinks.commands.append(f"{result.output} {result.exception!r}")
        pages = self.line.app.test_client()
        self.sinks.pages += [pages.get(path).get_data(as_text=True) for path in ("/healthz", "/readyz")]
        figures = pages.get("/metrics", headers={"Authorization": f"Bearer {METRICS}"})
        assert figures.status_code == 200
        self.sinks.figures.append(figures.get_data(as_text=True))

    def post(self, url: str, form: Form | None, headers: Mapping[str, str]) -> Reply:
        """Deliver a webhook; when it kills the worker, the next one takes its place."""
        self.sinks.urls.append(url)
        self.tally.turns += 1
        try:
            status, told, body = self.line.post(url, form, headers)
        except Killed:
            self.tally.kills += 1
            self.close()
            self._start()
            raise NoAnswer("broken", 11206, "the worker is gone") from None
        self.sinks.reply(told, body)
        return status, told, body

    def _walk(self, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post what the doctor walks over the public address, which is this line's own."""
        return self.line.post(address, parse_qsl(body.decode()), headers)[0]

    def disturb(self, patch: pytest.MonkeyPatch) -> None:
        """Let actions and documents break, and Tagor tell everything, when they are chosen to."""
        perform, render = Action.perform, Renderer.render

        def crashing(place: str, work: Callable[..., Any]) -> Callable[..., Any]:
            def done(*given: Any) -> Any:  # noqa: ANN401 - as the original
                self._crash(place)
                return work(*given)

            return done

        patch.setattr(Action, "perform", crashing("action", perform))
        patch.setattr(Renderer, "render", crashing("document", render))
        for name, operation in OPERATIONS.items():
            patch.setitem(OPERATIONS, name, replace(operation, work=self._gossiping(name, operation.work)))

    def on_close(self, work: Callable[[], object]) -> None:
        """Have something undone in the end."""
        self._undo.callback(work)

    def close(self) -> None:
        """What the end of a process closes."""
        self._undo.close()
        for context in self.line.app.extensions["bridge"].contexts.values():
            context.executor.shutdown()
        self.line.close()

    def _start(self) -> None:
        clock = self.line.clock
        self.line.start(Clock(clock.now, clock.monotonic, clock.sleep, self._passed))

    def _call(self) -> None:
        rng = self._rng
        phone = self.line.phone(
            ELSEWHERE if rng.random() < 0.15 else PHONE,
            post=self.post,
            strict=False,
            seed=rng.getrandbits(60),
            reports=rng.choice(("once", "once", "twice", "lost")),
        )
        Caller(phone, rng).call()
        heard = " ".join(one.text for one in phone.heard)
        self.tally.calls += 1
        self.tally.identified += "7319 eu" in heard.lower() or "861 eu" in heard.lower()
        self.tally.voicemails += any("voicemail" in turn.did for turn in phone.turns)

    def _befall(self) -> None:
        """Choose what goes wrong in the next call."""
        match self._rng.choices(("nothing", "fault", "gossip", "death", "crash"), (30, 30, 10, 15, 15))[0]:
            case "fault":
                self.tally.faults += 1
                trouble, times = self._rng.choice(TROUBLES), self._rng.choice((1, 2, 9))
                self.line.tagor.fault(self._endpoint(), **trouble, times=times)
            case "gossip":
                self._telling = self._endpoint()
            case "death":
                self._doomed, self._spared = self._rng.choice(BOUNDARIES), self._rng.randrange(8)
            case "crash":
                self._crashing, self._spared = self._rng.choice(CRASHES), self._rng.randrange(8)

    def _endpoint(self) -> str:
        """One that is asked in this kind of call more often than not."""
        asked = {entry["operation"] for entry in self.line.tagor.journal()}
        return self._rng.choice(["*", *sorted(asked & OPERATIONS.keys())])

    def _day_goes_by(self) -> None:
        """The background does its work, first with the trouble that there is, then without."""
        self._doomed = self._crashing = ""
        self._pass(0.02)
        self.line.tagor.clear_faults()
        self._telling = ""
        for hours in (0.02, 0.3, 3, 22):
            self._pass(hours)
        self._books.sweep(self.line.clock.now())
        for file in (FILE, OTHER_FILE):
            self._books.pin_attempts.unlock("demo", file)

    def _pass(self, hours: float) -> None:
        self.line.clock.move(hours=hours)
        bridge = self.line.app.extensions["bridge"]
        settler, courier = bridge.reconciler, bridge.outbox_worker
        while settler.round() + courier.round():
            pass

    def _passed(self, boundary: str) -> None:
        if self._doomed and boundary.endswith(self._doomed) and self._hits():
            self._doomed = ""
            raise Killed

    def _crash(self, place: str) -> None:
        if place == self._crashing and self._hits():
            self._crashing = ""
            self.tally.crashes += 1
            raise RuntimeError(self._everything)

    def _hits(self) -> bool:
        """Whether enough of them were spared; what belongs to a decision comes once in a call at most."""
        self._spared -= 1
        return self._spared < 0 or (bool(self._doomed) and not self._doomed.startswith("turn"))

    def _gossiping(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def done(*given: Any) -> Any:  # noqa: ANN401 - as the original
            if self._telling in (name, "*"):
                self.tally.gossip += 1
                raise Rejected(
                    self._rng.choice((200, 400, 500)), "", {"Success": False, "Error": self._everything}
                )
            return work(*given)

        return done

    def _disk(self) -> bytes:
        return b"".join(file.read_bytes() for file in sorted(self.line.folder.glob("bridge.db*")))

    def _sealing(self, seal: Callable[..., bytes]) -> Callable[..., bytes]:
        """Remember what each sealed value holds: in a deleted page nothing else tells."""

        def sealing(sealer: Sealer, clear: bytes, *place: str | int) -> bytes:
            sealed = seal(sealer, clear, *place)
            self._sealed[sealed] = clear
            self.tally.sealed += 1
            return sealed

        return sealing


@contextmanager
def watched(line: "Line", rng: Random, case: Case = CANARY) -> Iterator[World]:
    """A world at DEBUG in which every sink is caught, whose callers phone about this case."""
    line.environ["BRIDGE_LOG_LEVEL"] = "DEBUG"
    sinks = Sinks()
    with ExitStack() as undo:
        for stream in sinks.streams():
            undo.enter_context(stream)
        patch = undo.enter_context(pytest.MonkeyPatch.context())
        world = World(line, rng, sinks, case)
        world.disturb(patch)
        sinks.listen(patch)
        undo.callback(world.close)
        yield world
