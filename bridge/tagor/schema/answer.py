"""What every answer of Tagor is checked for before anything in it is believed."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from bridge.tagor.http.response import Content
from bridge.tagor.schema.fields import LooseBool
from bridge.tagor.schema.operation import SaidNoError


class Answer(BaseModel):
    """A part of an answer under Tagor's names; fields it does not name are dropped unread."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Verdict(Answer):
    """Whether a service call succeeded; an answer that does not say so is broken."""

    success: LooseBool = Field(alias="Success")


class ServiceAnswer(Verdict):
    """An answer whose other fields hold only when it succeeded."""

    @classmethod
    def granted(cls, content: Content) -> Self:
        """Return the answer; raises `SaidNoError` if Tagor said no, `ValueError` if it is broken."""
        if answer := cls.unless_no(content):
            return answer
        raise SaidNoError

    @classmethod
    def unless_no(cls, content: Content) -> Self | None:
        """Return the answer, None if Tagor said no; raises `ValueError` if it is broken."""
        return cls.model_validate(content) if Verdict.model_validate(content).success else None
