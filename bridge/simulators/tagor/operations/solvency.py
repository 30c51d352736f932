"""Asks about a debtor's situation: the office's questionnaires, their questions, and the answers."""

import re

from bridge.simulators.tagor import codes
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.records import File, Party
from bridge.simulators.tagor.registry import table
from bridge.simulators.tagor.solvency import QUESTIONNAIRES, SheetQuestion
from bridge.simulators.tagor.tables import Rows
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import Id

_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


@table("SolvencyReport/GetList")
def models(_tagor: SimulatedTagor, _request: Request, _caller: Caller) -> Rows:
    """Return the questionnaires that the office has, the same for every kind of file."""
    return Rows([code.row("Dut") for code in codes.in_table("TCFGSOLVRAPMOD")])


@table("SolvencyReport/Get")
def questions(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the questions of a questionnaire, with what was answered if the context names file and party."""
    asked = _asked(request)
    named = request.context.get("tdos_id", "")
    answers: dict[str, str] = {}
    if named:
        file, party = _whose(tagor, request)
        answers = tagor.solvency.answers(file.id, party.id)
    return Rows([question._asdict() | {"val": answers.get(question.id, "")} for question in asked])


@table("SolvencyReport/Save")
def save(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Keep answers of a party on a file; a question that is not in the rows keeps its answer."""
    asked = {question.id: question for question in _asked(request)}
    file, party = _whose(tagor, request)
    for row in map(Request, request.rows("SolvencyReport")):
        question = asked.get(Id(row.text("id")))
        if question is None or not _fits(question, row.text("val")):
            raise Refusal("Dit antwoord past niet bij de vraag.")
        tagor.solvency.save(file.id, party.id, question.id, row.text("val"))
    return Rows(context={"success": "true"})


def _asked(request: Request) -> tuple[SheetQuestion, ...]:
    model = request.context.get("tcfgsolvrapmod_id", "")
    if model not in QUESTIONNAIRES:
        raise Refusal("TCFGSOLVRAPMOD_Id is niet gekend.")
    return QUESTIONNAIRES[model]


def _whose(tagor: SimulatedTagor, request: Request) -> tuple[File, Party]:
    file = tagor.file_in(request)
    return file, tagor.defendant(file, request.context.get("tpar_id", ""))


def _fits(question: SheetQuestion, value: str) -> bool:
    match question.type:
        case "combo":
            return value in [choice.partition("=")[0] for choice in question.description.split(",")]
        case "logical":
            return value in ("true", "false")
        case "decimal":
            return _DECIMAL.fullmatch(value) is not None
        case "integer":
            return value.isdecimal()
        case _:
            return bool(value)
