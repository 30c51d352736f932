"""Asks when a file comes before a court, and what a court decided."""

from pydantic import Field

from bridge.tagor.file_models import CourtDate, Title
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.schema.answer import AnswerModel, table_reader
from bridge.tagor.schema.fields import Content, Day, Moment, Text
from bridge.tagor.schema.operation import Encoding, Operation, checked
from bridge.tagor.session import TagorSession


class _Court(AnswerModel):
    court_id: Text = Field("", alias="TQRB_Id")
    chamber_id: Text = Field("", alias="TQKAMER_Id")
    text: Text = Field("", alias="Omschrijving")


class _Appearance(_Court):
    at: Moment = Field(None, alias="TimeStampVerschijning")
    place: Text = Field("", alias="Plaats")


class _Title(_Court):
    day: Day = Field(None, alias="TimeStampTitel")


# No row is left out: a caller may hear that no hearing is planned.
_appearances = table_reader("TDOSVERSCHIJNINGWeb", _Appearance, every_row=True)
_titles = table_reader("TDOSTITELWeb", _Title)


def _read_appearances(content: Content) -> tuple[CourtDate, ...]:
    return tuple(CourtDate(**row.model_dump()) for row in _appearances(content))


def _read_titles(content: Content) -> tuple[Title, ...]:
    return tuple(Title(**row.model_dump()) for row in _titles(content))


GET_APPEARANCE = Operation(
    path="Dossier/GetAppearance", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_appearances
)
GET_TITLE = Operation(
    path="Dossier/GetTitle", fields=("TDOS_Id",), encoding=Encoding.DATASET, read=_read_titles
)


class Courts:
    """Questions about courts (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def appearances(self, file: str, *, deadline: Deadline) -> tuple[CourtDate, ...]:
        """Ask for the appearances of a file (id), also for those that are over."""
        return self._session.ask(GET_APPEARANCE, deadline, checked("the file id", file))

    def titles(self, file: str, *, deadline: Deadline) -> tuple[Title, ...]:
        """Ask for the titles on a file (id)."""
        return self._session.ask(GET_TITLE, deadline, checked("the file id", file))
