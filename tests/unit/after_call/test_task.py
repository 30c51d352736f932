"""The task that a call leaves on a file: once, whatever Tagor answers and whenever we die."""

from collections.abc import Callable

from after_call_bench import CALL, FILE, FILE_ID, Bench

from bridge.store.decision import DecisionState, NewDecision

CONFIRMED = ("demo", f"{CALL} 7")
TASK = {"file": FILE_ID, "party": None, "task": "not_agreed", "day": "2026-03-04"}


def test_an_employee_is_asked_to_contact_a_caller_who_did_not_accept_a_plan(open_bench: Callable[..., Bench]):
    """In the office's language, with its codes for tasks and the job's reference, of the day of the call."""
    bench = open_bench(
        {
            'default_language = "nl"': 'default_language = "en"',
            '# info_kind = "9000000000000000001"           # Tagor\'s codes for a task': 'info_kind = "71" #',
        }
    )
    ref = bench.leave("task", **TASK | {"day": "2026-03-02"})
    bench.round()
    [line] = bench.tagor.records.info_lines(FILE)
    assert line.text == (
        f"Task of the phone line ({ref}): the defendant requested a payment plan and did not accept it as it "
        "was made. Please contact them."
    )
    [sent] = [e["fields"] for e in bench.tagor.journal() if e["operation"] == "Dossier/CreateInfoLine"]
    assert all(word in str(sent) for word in ("'71'", "2026-03-02"))
    assert bench.counts() == (0, 1, 0)


def test_a_task_is_on_the_file_once_whatever_tagor_answers(bench: Bench, loss: dict[str, object]):
    """An answer that got lost is looked for by the reference."""
    bench.tagor.fault("Dossier/CreateInfoLine", times=1, **loss)
    bench.leave("task", **TASK)
    bench.run_forever()
    assert (len(bench.tagor.records.info_lines(FILE)), bench.counts()) == (1, (0, 1, 0))


def test_a_task_is_on_the_file_once_wherever_the_process_dies(bench: Bench, kill: str):
    """The next process goes on with it."""
    bench.leave("task", **TASK)
    bench.die(kill)
    bench.run_forever()
    assert (len(bench.tagor.records.info_lines(FILE)), bench.counts()) == (1, (0, 1, 0))


def test_a_task_about_a_plan_waits_until_it_is_known_whether_the_plan_was_made(bench: Bench):
    """Whoever hung up while their plan was requested left before anybody knew; a plan left over is a task."""
    decisions = bench.line.app.extensions["bridge"].repositories.decisions
    opened = decisions.open(NewDecision(CONFIRMED[1], CONFIRMED[0], FILE_ID, "plan", b"{}"), bench.now)
    bench.leave("task", **TASK | {"task": "unapproved", "confirmation": CONFIRMED[1]})
    bench.round()
    assert (bench.tagor.records.info_lines(FILE), bench.counts()) == ([], (1, 0, 0))
    assert decisions.mark_sent(opened.id, bench.now)
    assert decisions.settle(opened.id, DecisionState.DONE, bench.now)
    bench.run_forever()
    [line] = bench.tagor.records.info_lines(FILE)
    assert "vroeg een afbetalingsplan en bevestigde het niet" in line.text
