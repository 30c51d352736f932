"""Logs the office in to Tagor: an id and a secret are exchanged for a token."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bridge.tagor.http.auth import LOGIN, TokenResponse
from bridge.tagor.schema.answer import AnswerModel, SaidNoError
from bridge.tagor.schema.fields import Content, Count
from bridge.tagor.schema.operation import Encoding, Operation


class _LoginAnswer(AnswerModel):
    token: Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,4096}\z", strict=True)] = Field(
        repr=False
    )
    seconds: Annotated[Count, Field(ge=1)] = Field(alias="expires_in")


def _read_token(content: Content) -> TokenResponse:
    if content.get("error") and not content.get("token"):
        raise SaidNoError
    answer = _LoginAnswer.model_validate(content)
    return TokenResponse(answer.token, answer.seconds)


LOGIN_TOKEN = Operation(
    path=LOGIN,
    fields=("grant_type", "client_id", "client_secret"),
    encoding=Encoding.FORM,
    signed=False,
    read=_read_token,
    refused_by=(400, 401, 403),
)
