"""Holds the office's questionnaires about a debtor's situation, and what was answered."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bridge.simulators.tagor.codes import id_of
from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.wire_format import Id


class SheetQuestion(NamedTuple):
    """One question: `type` says what an answer is (combo, logical, decimal, integer, character).

    The choices of a `combo` stand in `description`, as `code=words,code=words`.
    """

    id: Id
    name: str
    description: str
    type: str


WORDS: Mapping[str, tuple[str, ...]] = {
    "SITUATIE": (
        "Hoe verdient u uw inkomen?",
        "W1=Werknemer,W2=Zelfstandige,W3=Werkloos,W4=Gepensioneerd",
        "Zorgt u voor kinderen?",
        "Hoeveel komt er per maand binnen?",
        "Hoeveel betaalt u per maand voor uw woning?",
        "Met hoeveel woont u samen?",
        "Wilt u nog iets toevoegen?",
    ),
    "SITUATION": (
        "Comment gagnez-vous votre vie ?",
        "W1=Salarié,W2=Indépendant,W3=Sans emploi,W4=Retraité",
        "Avez-vous des enfants à charge ?",
        "Combien recevez-vous par mois ?",
        "Combien payez-vous par mois pour votre logement ?",
        "Combien êtes-vous dans votre ménage ?",
        "Voulez-vous ajouter quelque chose ?",
    ),
    "LAGE": (
        "Wovon leben Sie?",
        "W1=Angestellt,W2=Selbstständig,W3=Arbeitslos,W4=Im Ruhestand",
        "Sorgen Sie für Kinder?",
        "Wie viel nehmen Sie im Monat ein?",
        "Wie viel zahlen Sie im Monat für Ihre Wohnung?",
        "Wie viele Personen wohnen bei Ihnen?",
        "Möchten Sie etwas hinzufügen?",
    ),
    "MEANS": (
        "How do you earn your living?",
        "W1=Employed,W2=Self-employed,W3=Without work,W4=Retired",
        "Do you look after children?",
        "How much do you receive a month?",
        "How much do you pay a month for your home?",
        "How many people live with you?",
        "Would you like to add anything?",
    ),
}
"""What the questionnaires ask, by their codes: the first question, its choices, then the others."""
_FIRST_QUESTION = 9_000_000_000_000_000_560


def _questions(number: int, words: tuple[str, ...]) -> Iterator[SheetQuestion]:
    first, choices, children, income, home, household, more = words
    # Each questionnaire has ids of its own, and none of them follows from the one before.
    ids = (Id(_FIRST_QUESTION - 2 * place - 100 * number) for place in range(6))
    yield SheetQuestion(next(ids), first, choices, "combo")
    yield SheetQuestion(next(ids), children, "", "logical")
    yield SheetQuestion(next(ids), income, "", "decimal")
    yield SheetQuestion(next(ids), home, "", "decimal")
    yield SheetQuestion(next(ids), household, "", "integer")
    yield SheetQuestion(next(ids), more, "", "character")


QUESTIONNAIRES: Mapping[str, tuple[SheetQuestion, ...]] = {
    id_of("TCFGSOLVRAPMOD", code): tuple(_questions(number, words))
    for number, (code, words) in enumerate(WORDS.items())
}
"""The questions of each questionnaire, by its id."""
MODEL = id_of("TCFGSOLVRAPMOD", "SITUATIE")
"""The questionnaire in Dutch."""


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
