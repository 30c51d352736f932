"""The search finds a leak that is planted at any place, so finding none means something."""

import logging
import sys
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest
import requests
import structlog
from leaks_canary import CANARY, FILE, PHONE
from leaks_world import World

from bridge.commands import outbox
from bridge.flow.actions import Action
from bridge.operations import logs, metrics
from bridge.store.calls import Calls
from bridge.store.encryption import Sealer
from bridge.store.outbox import Outbox
from bridge.tagor import TagorInvalidResponse
from bridge.tagor.operations.files import FileInfo

Plant = Callable[[pytest.MonkeyPatch, World], None]


def saying(say: Callable[[], object]) -> Plant:
    """Do this with every action."""

    def plant(patch: pytest.MonkeyPatch, _world: World) -> None:
        perform = Action.perform

        def performed(*given: Any) -> Any:  # noqa: ANN401 - as the original
            say()
            return perform(*given)

        patch.setattr(Action, "perform", performed)

    return plant


def log_openly(patch: pytest.MonkeyPatch, world: World) -> None:
    """Log a file number through a log that redacts nothing."""
    patch.setattr(logs, "redact", dict)
    saying(lambda: structlog.get_logger("bridge").debug("asked", file=FILE))(patch, world)


def log_with_values(patch: pytest.MonkeyPatch, world: World) -> None:
    """Log a number as a library does, through a handler of its own."""
    handler = logging.StreamHandler()
    world.on_close(lambda: logging.getLogger("library").removeHandler(handler))
    logging.getLogger("library").addHandler(handler)
    saying(lambda: logging.getLogger("library").warning("no file for %s", PHONE))(patch, world)


def fail_with_values(patch: pytest.MonkeyPatch, _world: World) -> None:
    def facts(*_: object, **__: object) -> None:
        raise TagorInvalidResponse("TagorService/GetDosInfo", f"no such file: {FILE}")

    patch.setattr(FileInfo, "facts", facts)


def ask_by_url(patch: pytest.MonkeyPatch, world: World) -> None:
    address = f"{world.line.api.url}/Recordings.json?From={PHONE}"
    saying(lambda: requests.get(address, timeout=10))(patch, world)


def report_names(patch: pytest.MonkeyPatch, _world: World) -> None:
    patch.setattr(outbox, "outbox_lines", lambda *_: [CANARY.name])


def tell_the_platform(patch: pytest.MonkeyPatch, world: World) -> None:
    patch.setitem(world.line.app.view_functions, "health.alive", lambda: CANARY.name)


def count_by_number(patch: pytest.MonkeyPatch, world: World) -> None:
    """Count under a name that holds a number, as a label that nobody has thought of would."""
    patch.setattr(metrics, "TROUBLE", {PHONE})
    saying(lambda: structlog.get_logger("bridge").warning(PHONE))(patch, world)


def tell_in_a_header(_patch: pytest.MonkeyPatch, world: World) -> None:
    @world.line.app.after_request
    def name(response: Any) -> Any:  # noqa: ANN401 - Flask's
        response.headers["X-Caller"] = PHONE
        return response


def store_openly(patch: pytest.MonkeyPatch, _world: World) -> None:
    patch.setattr(Sealer, "seal", lambda _seal, clear, *_place: clear)
    patch.setattr(Sealer, "open", lambda _seal, stored, *_place: stored)


PLANTS: Mapping[str, tuple[str, Plant]] = {
    "a print": ("stdout", saying(lambda: print(CANARY.name))),  # noqa: T201 - the leak
    "a word to standard error": ("stderr", saying(lambda: sys.stderr.write(CANARY.creditor))),
    "a log that redacts nothing": ("stderr", log_openly),
    "a library with a handler of its own": ("stderr", log_with_values),
    "an exception that quotes": ("errors", fail_with_values),
    "an address with a number": ("urls", ask_by_url),
    "a report with a name": ("commands", report_names),
    "a health page with a name": ("pages", tell_the_platform),
    "a figure with a number": ("figures", count_by_number),
    "a header with a number": ("headers", tell_in_a_header),
    "a store that does not seal": ("disk", store_openly),
}


@pytest.mark.parametrize("planted", PLANTS)
def test_a_planted_leak_is_found(
    planted: str, open_world: Callable[..., World], rng: Random, monkeypatch: pytest.MonkeyPatch
):
    """After one call with one leak its place is named."""
    place, plant = PLANTS[planted]
    world = open_world("pin", rng)
    plant(monkeypatch, world)
    world.visit()
    world.look_around()
    assert place in world.found()


@pytest.mark.parametrize("kept", [Calls, Outbox])
def test_what_is_not_wiped_is_found(
    kept: type, open_world: Callable[..., World], rng: Random, monkeypatch: pytest.MonkeyPatch
):
    """Calls and jobs that nobody wipes still lie encrypted on the disk."""
    for name in {"end", "wipe", "sweep", "complete"} & set(vars(kept)):
        monkeypatch.setattr(kept, name, lambda *_, **__: 0)
    world = open_world("pin", rng)
    world.visit().hang_up()
    world.hours_go_by(3)
    assert world.opened() != []
