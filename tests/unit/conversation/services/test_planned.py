"""What is planned on a file: the next entry of a public kind, by name, day and time, and nothing else."""

from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

import pytest

from bridge.flow.action_context import IdentifiedFile
from bridge.tagor import TagorError
from bridge.tagor.operations.codes import Codes
from voice_flows.answers import PlannedTask

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.services.conftest import Acts

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")
VISIT = "2026-04-02T14:30:00"


@pytest.fixture(autouse=True)
def _agenda(tagor: "StandIn") -> None:
    """A visit to come, one that is over, one that is called off, and what only the office may know."""
    for kind, at, blocked in (
        ("NAZICHT", "2026-03-10T09:00:00", False),
        ("BEZOEK", "2026-02-02T14:30:00", False),
        ("BEZOEK", "2026-03-20T14:30:00", True),
        ("BEZOEK", "2026-05-01T14:30:00", False),
        ("BEZOEK", VISIT, False),
    ):
        tagor.controls.schedule(AN.id, kind, at, blocked=blocked)


@pytest.mark.parametrize(("language", "name"), [("nl", "Bezoek ter plaatse"), ("de", "Besuch vor Ort")])
def test_the_next_public_entry_is_told(acts: "Acts", language: str, name: str):
    """In the words of the caller's language."""
    assert acts().planned.next_task(AN, language) == PlannedTask(date(2026, 4, 2), time(14, 30), name)


def test_an_entry_without_a_time_is_a_day_only(acts: "Acts", tagor: "StandIn"):
    """Tagor writes a day as its midnight."""
    tagor.controls.schedule(AN.id, "BEZOEK", "2026-03-12T00:00:00")
    assert acts().planned.next_task(AN, "en") == PlannedTask(date(2026, 3, 12), None, "Visit")


def test_what_was_done_is_not_told(acts: "Acts", tagor: "StandIn"):
    """Nor is an entry whose status Tagor does not say: it may be over."""
    job = tagor.controls.schedule(AN.id, "BEZOEK", "2026-03-12T10:00:00")
    assert acts().planned.next_task(AN, "nl").day == date(2026, 3, 12)
    tagor.controls.finish(job)
    assert acts().planned.next_task(AN, "nl").day == date(2026, 4, 2)
    tagor.fault("Dossier/GetAgenda", "replace_fields", names=["TQSTATUS_Id"], value="null")
    assert acts().planned.next_task(AN, "nl") is None


@pytest.mark.parametrize("office", [{'over = ["KLAAR"]': "over = []"}])
def test_an_office_may_say_of_no_status_that_it_is_over(acts: "Acts", tagor: "StandIn"):
    """Then every status is told, and none."""
    tagor.fault("Dossier/GetAgenda", "replace_fields", names=["TQSTATUS_Id"], value="null")
    assert acts().planned.next_task(AN, "nl").day == date(2026, 4, 2)


@pytest.mark.parametrize(
    ("names", "value", "name"),
    [
        (["TJOBM_Id"], "absent", "Visite sur place"),
        (["TJOBM_Id", "TJOBM_Omschr"], "absent", None),
        (["TJOBM_Id", "TJOBM_Omschr"], '"Bezoek"', None),
    ],
)
def test_the_earlier_generation_names_a_kind_in_dutch(
    acts: "Acts", tagor: "StandIn", names: list[str], value: str, name: str | None
):
    """It tells no id of it; a kind without id and name, or with others, is not the public one."""
    tagor.fault("Dossier/GetAgenda", "replace_fields", names=names, value=value)
    task = acts().planned.next_task(AN, "fr")
    assert (task and task.name) == name


@pytest.mark.parametrize("value", ["null", '"02/04/2026"', '"1970-01-01T00:00:00"', "[]"])
def test_a_moment_that_is_not_certain_is_not_told(acts: "Acts", tagor: "StandIn", value: str):
    """It costs the sentence."""
    tagor.fault("Dossier/GetAgenda", "replace_fields", names=["TimeStampScheduled"], value=value)
    assert acts().planned.next_task(AN, "nl") is None


def test_words_that_one_language_lacks_are_the_offices_own(acts: "Acts", monkeypatch: pytest.MonkeyPatch):
    """What has no name at all is not told."""
    words = Codes.words
    for lacking in ("fr", "nl"):

        def asked(
            codes: Codes, table: str, values: object, language: str, lacking: str = lacking, **more: object
        ) -> object:
            return {} if language == lacking else words(codes, table, values, language, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(Codes, "words", asked)
        task = acts().planned.next_task(AN, "fr")
        assert (task and task.name) == ("Bezoek ter plaatse" if lacking == "fr" else None)


@pytest.mark.parametrize("office", [{'public = ["BEZOEK"]': "public = []"}])
def test_an_office_that_names_nothing_public_tells_nothing(acts: "Acts", line: "Line"):
    """Tagor is not even asked."""
    assert acts().planned.next_task(AN, "nl") is None
    assert line.asked("GetAgenda") == []


@pytest.mark.parametrize("proof", ["house_number", "caller_number"])
def test_a_weak_proof_is_told_nothing(acts: "Acts", line: "Line", proof: str):
    """A neighbour must not learn when somebody is expected."""
    assert acts().planned.next_task(replace(AN, proof=proof), "nl") is None
    assert line.asked("GetAgenda") == []


@pytest.mark.parametrize("endpoint", ["Dossier/GetAgenda", "Code/GetList"])
def test_an_agenda_that_cannot_be_read_is_not_called_empty(acts: "Acts", tagor: "StandIn", endpoint: str):
    """The action says so."""
    tagor.fault(endpoint, "status", status=500)
    with pytest.raises(TagorError):
        acts().planned.next_task(AN, "nl")
