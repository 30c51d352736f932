"""Holds the office's questionnaires about a debtor's situation, and what was answered."""

from typing import NamedTuple

from bridge.simulators.tagor.codes import id_of
from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.wire_format import Id

MODEL = id_of("TCFGSOLVRAPMOD", "SITUATIE")


class Question(NamedTuple):
    """One question: `type` says what an answer is (combo, logical, decimal, character).

    The choices of a `combo` stand in `description`, as `code=words,code=words`.
    """

    id: Id
    name: str
    description: str
    type: str


QUESTIONS = (
    Question(
        Id("9000000000000000560"),
        "Hoe verdient u uw inkomen?",
        "W1=Werknemer,W2=Zelfstandige,W3=Werkloos,W4=Gepensioneerd",
        "combo",
    ),
    Question(Id("9000000000000000558"), "Zorgt u voor kinderen?", "", "logical"),
    Question(Id("9000000000000000556"), "Hoeveel komt er per maand binnen?", "", "decimal"),
    Question(Id("9000000000000000554"), "Hoeveel betaalt u per maand voor uw woning?", "", "decimal"),
)


class SolvencyStore:
    """Reads and writes answers inside the database's current transaction."""

    def __init__(self, database: OfficeDatabase) -> None:
        self._database = database

    def answers(self, file_id: str, party_id: str) -> dict[str, str]:
        """Return what was answered on a file by a party, by the questions' ids."""
        query = "SELECT question_id, value FROM solvency WHERE file_id = ? AND party_id = ?"
        return {row["question_id"]: row["value"] for row in self._database.all(query, file_id, party_id)}

    def save(self, file_id: str, party_id: str, question_id: str, value: str) -> None:
        """Keep an answer in place of an earlier one."""
        statement = "INSERT OR REPLACE INTO solvency VALUES (?, ?, ?, ?)"
        self._database.write("solvency answer", statement, file_id, party_id, question_id, value)
