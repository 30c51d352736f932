"""The office's own people: who they are, who may see which files, and what stands on their screens."""

from typing import Annotated

from pydantic import Field

from bridge.tagor.employee_models import User
from bridge.tagor.http.response import Content
from bridge.tagor.schema.answer import Answer, ServiceAnswer
from bridge.tagor.schema.context import nested
from bridge.tagor.schema.fields import TagorId, Text
from bridge.tagor.schema.operation import Effect, Encoding, Operation


class _User(Answer):
    id: TagorId
    login: Text = Field("", alias="username")
    name: Text = ""
    landline: Text = ""
    cellphone: Text = ""


class _Users(Answer):
    users: Annotated[list[_User], nested("dsTUSERWeb", "ttTUSERWeb")] = Field(alias="dsTUSERWeb")


def _read_users(content: Content) -> tuple[User, ...]:
    return tuple(User(**user.model_dump()) for user in _Users.model_validate(content).users)


# By id only: the context key for a login, `user-login`, would have the bridge act as that user.
USER_GET = Operation(path="User/Get", fields=("TUSER_Id",), dialect=Encoding.DATASET, read=_read_users)
USER_CAN_ACCESS = Operation(
    path="User/CanAccess", fields=("TQDOSSOORT_Id", "TPAR_Id"), dialect=Encoding.DATASET, read=_read_users
)
# The number is what the employee sees; nothing says that it is stored, as `Telnr` elsewhere is.
SET_USER_DOSSIER = Operation(
    path="TagorService/SetUserDossier",
    fields=("UserLogin", "DosId", "TelNr", "Direction"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)
