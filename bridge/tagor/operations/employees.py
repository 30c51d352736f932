"""Asks about the office's employees: who they are, who may see which files, what stands on their screens."""

from typing import Annotated

from pydantic import Field

from bridge.tagor.employee_models import User
from bridge.tagor.errors import TagorInvalidResponse
from bridge.tagor.http.deadline import Deadline
from bridge.tagor.manager import HasManager, kind_id_of, manager_of
from bridge.tagor.operations.codes import GET_LIST
from bridge.tagor.schema.answer import AnswerModel, ServiceAnswer, nested, table_reader
from bridge.tagor.schema.fields import Content, Flag, TagorId, Text
from bridge.tagor.schema.operation import Effect, Encoding, Operation, checked, checked_if_given
from bridge.tagor.session import TagorSession


class _User(AnswerModel):
    id: TagorId
    login: Text = Field("", alias="username")
    name: Text = ""
    landline: Text = ""
    cellphone: Text = ""


class _Users(AnswerModel):
    users: Annotated[list[_User], nested("dsTUSERWeb", "ttTUSERWeb", readable=_User)] = Field(
        alias="dsTUSERWeb"
    )


def _read_users(content: Content) -> tuple[User, ...]:
    return tuple(User(**user.model_dump()) for user in _Users.model_validate(content).users)


# By id only: the context key for a login, `user-login`, would have the bridge act as that user.
USER_GET = Operation(path="User/Get", fields=("TUSER_Id",), encoding=Encoding.DATASET, read=_read_users)
USER_CAN_ACCESS = Operation(
    path="User/CanAccess", fields=("TQDOSSOORT_Id", "TPAR_Id"), encoding=Encoding.DATASET, read=_read_users
)
# The number is what the employee sees; nothing says that it is stored, as `Telnr` elsewhere is.
SET_USER_DOSSIER = Operation(
    path="TagorService/SetUserDossier",
    fields=("UserLogin", "DosId", "TelNr", "Direction"),
    read=ServiceAnswer.granted,
    effect=Effect.WRITE,
)


class _Toggle(AnswerModel):
    code: Text = Field(alias="type_code")
    on: Flag = Field(alias="data")


class _Asset(AnswerModel):
    id: TagorId


_toggles = table_reader("ConfigWeb", _Toggle)
_assets = table_reader("CodeWeb", _Asset)


def _read_toggles(content: Content) -> dict[str, bool]:
    return {toggle.code: toggle.on for toggle in _toggles(content)}


def _read_assets(content: Content) -> frozenset[str]:
    return frozenset(asset.id for asset in _assets(content))


GET_PERMISSIONS = Operation(path="User/GetPermissions", encoding=Encoding.DATASET, read=_read_toggles)
GET_PERMISSIONS_LIST = Operation(
    path="User/GetPermissionsList", fields=("TYPE",), encoding=Encoding.DATASET, read=_read_assets
)
KINDS_OF_FILES = "TQDOSSOORT"


class Employees:
    """Questions about the office's employees and their screens (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def user(self, user: str, *, deadline: Deadline) -> User | None:
        """Ask who a user (id) is; None if Tagor knows none."""
        found = self._session.ask(USER_GET, deadline, checked("the user id", user))
        if [one.id for one in found] in ([], [user]):
            return found[0] if found else None
        raise TagorInvalidResponse(USER_GET.path, "Tagor tells of another user: use the switchboard.")

    def colleagues(self, *, kind: str = "", party: str = "", deadline: Deadline) -> tuple[User, ...]:
        """Ask who may see the files of a kind (id), or those of a party (id), or of both."""
        if not kind and not party:
            raise ValueError("The colleagues cannot be asked of Tagor: give a kind of file or a party.")
        values = (
            checked_if_given("the kind of file", kind or None),
            checked_if_given("the party id", party or None),
        )
        return self._session.ask(USER_CAN_ACCESS, deadline, *values)

    def logins(self, *, deadline: Deadline) -> frozenset[str]:
        """Ask for the logins, in small letters, of all who may see any kind of file."""
        kinds = [kind.id for kind in self._session.ask(GET_LIST, deadline, KINDS_OF_FILES) if kind.id]
        users = (user for kind in kinds for user in self.colleagues(kind=kind, deadline=deadline))
        return frozenset(user.login.lower() for user in users if user.login)

    def permissions(self, *, deadline: Deadline) -> dict[str, bool]:
        """Ask which permissions the user has that the bridge asks as: by Tagor's code, whether it is on."""
        return self._session.ask(GET_PERMISSIONS, deadline)

    def kinds_within_reach(self, *, deadline: Deadline) -> frozenset[str]:
        """Ask which kinds of file (ids) the user may see that the bridge asks as."""
        return self._session.ask(GET_PERMISSIONS_LIST, deadline, KINDS_OF_FILES)

    def manager(self, facts: HasManager, party: str | None, *, deadline: Deadline) -> User | None:
        """Ask who manages a file, by its facts and one of its defendants (id); None if nobody can be named.

        Tagor names a manager by id or by login. A login is looked for among those who may see files of the
        file's kind, or, where the office gave that kind a name of its own, the files of the defendant.
        """
        named = manager_of(facts.manager, file=facts.name)
        if named is None:
            return None
        if named.id:
            return self.user(named.id, deadline=deadline)
        kind = kind_id_of(facts.kind)
        whose = "" if kind else party or ""
        if not kind and not whose:
            return None
        return named.among(self.colleagues(kind=kind, party=whose, deadline=deadline))

    def show_file(self, user: str, *, caller: str, file: str | None, deadline: Deadline) -> None:
        """Change Tagor: show on a user's screen (by login) who calls (E.164), and the file (id) if known."""
        values = (
            checked("the login", user),
            checked_if_given("the file id", file),
            checked("the phone number", caller),
        )
        self._session.ask(SET_USER_DOSSIER, deadline, *values, "IN")
