"""The line on real machines, seen from outside: no call is lost, whatever happens to a machine."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
import shared_postgres

from bridge.simulators.provider.phone import Phone
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.rehearsal.live.deployment import deploy
from bridge.simulators.rehearsal.live.faults import (
    RecurringFault,
    freeze_database,
    kill_a_worker,
    send_halves,
)
from bridge.simulators.rehearsal.live.live import rehearse_live, undone
from bridge.simulators.rehearsal.live.load import CallArrivals, phone_in
from bridge.simulators.rehearsal.live.machine import Machine, until
from bridge.simulators.rehearsal.live.router import Router
from bridge.simulators.rehearsal.live.site import LiveDeployment
from bridge.simulators.tagor import Case

FEW = 24
WRONG = "000000"
SOMEBODY = 90_000
"""The first of the files that nobody else phones about."""


@pytest.fixture(scope="module")
def recognizer() -> PromptRecognizer:
    return PromptRecognizer()


@pytest.fixture
def site() -> Iterator[LiveDeployment]:
    """Two machines with two workers each, on one PostgreSQL."""
    with LiveDeployment.open(shared_postgres.server()) as running:
        yield running


@pytest.fixture(scope="module")
def small() -> Iterator[LiveDeployment]:
    """One machine with one worker, on SQLite."""
    with LiveDeployment.open(machines=1, workers=1) as running:
        yield running


def test_no_call_is_lost_when_a_worker_is_killed_and_then_its_machine_is_replaced(
    site: LiveDeployment, recognizer: PromptRecognizer, rng: Random
):
    """24 calls go to any of four workers turn by turn; all end as they should, nothing is done twice."""
    machine = rng.choice(site.machines)

    def strike() -> None:
        kill_a_worker(machine, rng)
        machine.restart()

    cases = [site.open_file(number) for number in range(FEW)]
    crowd = phone_in(site, cases, CallArrivals(0.15, 0.3), str(rng.random()), recognizer, meanwhile=strike)
    assert crowd.broken == []
    assert undone(site, crowd) == []
    assert crowd.ends["agreed"] + crowd.ends["noted"] > FEW // 2


@pytest.mark.parametrize("strike", [send_halves, freeze_database])
def test_no_call_is_lost_while_a_machine_is_besieged_or_the_database_stands_still(
    site: LiveDeployment, recognizer: PromptRecognizer, rng: Random, strike: Callable[[Machine, Random], None]
):
    """200 half-sent requests at a time, or a PostgreSQL that is stopped and not dead."""
    cases = [site.open_file(number) for number in range(FEW // 2)]
    trouble = RecurringFault(site, rng, 0.5, strike)
    with trouble.striking():
        crowd = phone_in(site, cases, CallArrivals(0.5, 0.3), str(rng.random()), recognizer)
    assert trouble.struck
    assert crowd.broken == []
    assert undone(site, crowd) == []


def test_a_caller_whose_step_is_gone_after_a_deployment_hears_one_sentence_and_reaches_a_colleague(
    small: LiveDeployment, recognizer: PromptRecognizer, rng: Random
):
    cases = [small.open_file(number) for number in range(3)]
    assert deploy(small, cases, str(rng.random()), recognizer) == []


def test_a_reloaded_machine_runs_the_new_code_also_of_what_its_configuration_had_read(small: LiveDeployment):
    [machine] = small.machines
    settings = machine.release.folder / "bridge" / "settings.py"
    proof = settings.with_name("proof")
    settings.write_text(settings.read_text("utf-8") + f"\nPath({str(proof)!r}).touch()\n", "utf-8")
    machine.reload()
    assert until(proof.exists)


@pytest.mark.rehearsal
@pytest.mark.timeout(7200)
def test_2_000_calls_at_once_and_200_in_trouble_end_as_they_should():
    report = rehearse_live(database=shared_postgres.server())
    print(report)  # noqa: T201 - the figures are what it is played for
    assert report.is_kept, str(report)


@pytest.mark.rehearsal
@pytest.mark.timeout(7200)
def test_memory_stays_as_it_is_through_half_an_hour_of_calls():
    report = rehearse_live(1, database=shared_postgres.server(), minutes=30)
    print(report)  # noqa: T201 - as above
    assert report.is_kept, str(report)


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_64_callers_with_a_wrong_pin_on_four_workers_ask_tagor_exactly_five_times(site: LiveDeployment):
    case = site.open_file(SOMEBODY)
    assert wrong_tries(site, [case] * 64) == {case.file: 5}


@pytest.mark.rehearsal
@pytest.mark.timeout(1800)
def test_64_callers_with_a_wrong_pin_ask_tagor_at_most_five_times_when_postgresql_dies_meanwhile():
    server = shared_postgres.OwnServer()
    with LiveDeployment.open(server.address) as site, ThreadPoolExecutor(1) as other:
        case = site.open_file(SOMEBODY)
        asked = other.submit(wrong_tries, site, [case] * 64)
        server.crash()
        server.start()
        assert asked.result()[case.file] <= 5


def wrong_tries(site: LiveDeployment, cases: list[Case]) -> Counter[str]:
    """Phone about every case at the same moment with a wrong PIN; how often Tagor was asked about a file."""
    router = Router([machine.address for machine in site.machines])

    def call(place: int) -> None:
        rng, case = Random(place), cases[place]
        phone = Phone(
            site.number,
            f"+32472{place:06d}",
            post=router.way(rng),
            strict=False,
            seed=place,
            elapse=time.sleep,
        )
        phone.ring()
        for keys in ("1", WRONG, f"{case.file}#"):
            if phone.state == "listening":
                phone.press(keys)
        if phone.state != "over":
            phone.hang_up()

    with ThreadPoolExecutor(len(cases)) as callers:
        list(callers.map(call, range(len(cases))))
    router.close()
    asked = [entry for entry in site.tagor.journal() if entry["operation"] == "TagorService/PinToFile"]
    return Counter(entry["fields"]["Dossier"] for entry in asked)
