"""Who manages a file and who may see it: the number a caller may be passed on to, or nobody's."""

import dataclasses
import random
from typing import Any

import pytest
from tagor_questions import FILE, NUMBER, PARTY, YES, context, dataset
from tagor_server import ScriptedTagor, says
from tagor_staff_questions import AN, KIND, LOGIN, USER, USER_ROW

from bridge.tagor import Deadline, FileFacts, Manager, Tagor, TagorInvalidResponse, User, manager_of

KINDS = "Code/GetList"
GET, CAN_ACCESS, SHOW = "User/Get", "User/CanAccess", "TagorService/SetUserDossier"
TOM = User("902", "tom.hendrickx", "Tom Hendrickx", "", "")
SEED = 20261122


def users(*rows: dict[str, Any]) -> dict[str, Any]:
    return dataset("dsTUSERWeb", "ttTUSERWeb", *rows)


@pytest.fixture
def facts(tagor: Tagor, server: ScriptedTagor, by: Deadline) -> FileFacts:
    """What Tagor tells about a file of a kind it names by id; nothing else was asked so far."""
    told = tagor.files.facts(FILE, PARTY, deadline=by)
    server.asked.clear()
    return dataclasses.replace(told, kind=f"DSO{KIND}")


@pytest.mark.parametrize(
    ("code", "manager"),
    [
        ("DBH9000000000000000901", Manager(id="9000000000000000901")),
        ("DBH1", Manager(id="1")),
        ("jdw", Manager(login="jdw")),
        ("an.verbeke", Manager(login="an.verbeke")),
        ("AN.VERBEKE@dewilde.example", Manager(login="AN.VERBEKE@dewilde.example")),
        ("dbh12", Manager(login="dbh12")),
        ("x" * 64, Manager(login="x" * 64)),
        ("7", Manager(login="7")),
    ],
)
def test_a_manager_is_named_by_id_or_by_login(code: str, manager: Manager):
    """Parameter 259 says which; the prefix tells them apart."""
    assert manager_of(code) == manager
    assert manager_of(code, file="20230118") == manager


def test_the_name_of_the_file_names_nobody():
    """The third way of parameter 259 tells which file it is, and that is known."""
    assert manager_of("20230118", file="20230118") is None
    assert manager_of("jdw", file="jdw") is None


HOSTILE = [
    *("", " ", "DBH", "DBH ", "DBH1 ", " DBH1", "DBH-1", "DBH+1", "DBH1.0", "DBH1e9", "DBH0x1F", "DBHjan"),
    *("DBH1;2", "DBH12\n", "DBH\u0661\u0662", "DBH\uff11", "DBH\u00b2", "DBH" + "9" * 21),
    *("DBH" + "9" * 100_000, "DBHDBH1", "D\u0392H1", "x" * 65, "x" * 100_000, "jan\n", "jan\x00", "\x1bjan"),
    *("jan jansen", "jan\u00a0", "\u202ejan", "j\u00e4n", "j\u0430n", "'; DROP TABLE users; --"),
    *("' OR '1'='1", "jan'--", 'jan"', "jan|7", "jan:7", "jan/7", "jan\\7", "../users", "{jan}", "<jan>"),
    *("jan&x", "%s", "$(jan)", "+32900123456", "tel:090012345", "sip:x@example.com", ".jan", "jan.", "@"),
    *("-", "\ud800", "2023/118"),
]


def test_a_code_that_can_be_no_user_names_nobody(tagor: Tagor, facts: FileFacts, by: Deadline):
    """It is not asked of Tagor either; the switchboard rings instead."""
    for code in HOSTILE:
        assert manager_of(code) is None, ascii(code)
        assert tagor.employees.manager(dataclasses.replace(facts, manager=code), PARTY, deadline=by) is None


def test_no_code_at_all_becomes_anything_but_digits_or_a_login():
    """Four thousand codes of the signs that could hurt: what is sent on is harmless, whoever wrote it."""
    draw = random.Random(SEED)
    signs = "DBH019jan .@-_|:;'\"/\\<>&%\n\x00\u0661\u202e+"
    for _ in range(4_000):
        code = "".join(draw.choices(signs, k=draw.randint(0, 8)))
        if manager := manager_of(code):
            kept = manager.id or manager.login
            assert bool(manager.id) is not bool(manager.login), f"seed {SEED}: {code!r}"
            assert kept.isascii(), f"seed {SEED}: {code!r}"
            assert not set(kept) & set(" |:;'\"/\\<>&%\n\x00+"), f"seed {SEED}: {code!r}"
            assert kept.isdigit() or not manager.id, f"seed {SEED}: {code!r}"


def test_nobody_is_looked_for_by_the_name_of_a_file(
    server: ScriptedTagor, tagor: Tagor, facts: FileFacts, by: Deadline
):
    """It could be somebody's login."""
    assert tagor.employees.manager(dataclasses.replace(facts, manager=facts.name), PARTY, deadline=by) is None
    assert server.asked == []


@pytest.mark.parametrize("id_", [USER, int(USER)])
def test_a_manager_named_by_id_is_asked_for_by_id(
    id_: object, *, server: ScriptedTagor, tagor: Tagor, facts: FileFacts, by: Deadline
):
    """One request, and the answer is that very user."""
    server.plays(GET, says(users(USER_ROW | {"id": id_})))
    assert tagor.employees.manager(dataclasses.replace(facts, manager=f"DBH{USER}"), None, deadline=by) == AN
    assert [(asked.path, asked.request) for asked in server.asked] == [(GET, context(TUSER_Id=USER))]


@pytest.mark.parametrize("code", [LOGIN, LOGIN.upper()])
def test_a_manager_named_by_login_is_one_of_those_who_may_see_the_file(
    code: str, *, server: ScriptedTagor, tagor: Tagor, facts: FileFacts, by: Deadline
):
    """Users cannot be asked for by login: that context key would have the bridge act as them."""
    server.plays(CAN_ACCESS, says(users({"id": "902", "username": "tom.hendrickx"}, USER_ROW)))
    assert tagor.employees.manager(dataclasses.replace(facts, manager=code), PARTY, deadline=by) == AN
    asked = [(asked.path, asked.request) for asked in server.asked]
    assert asked == [(CAN_ACCESS, context(TQDOSSOORT_Id=KIND))]


def test_a_manager_who_may_not_see_the_file_is_nobody(tagor: Tagor, facts: FileFacts, by: Deadline):
    """Somebody else is not taken for them, neither is a user without a login."""
    assert tagor.employees.manager(dataclasses.replace(facts, manager="tom"), PARTY, deadline=by) is None
    assert Manager(login="tom").among([AN, User("7", "", "", "", "")]) is None
    assert Manager(id="7").among([AN, TOM]) is None
    assert Manager(id="902").among([AN, TOM]) is TOM


@pytest.mark.parametrize("kind", ["MINNELIJK", "", "DSO", "DSOx", "DSO1 ", "dso1", "DSO\u0661"])
def test_where_a_kind_of_file_has_a_name_of_its_own_the_defendant_will_do(
    kind: str, *, server: ScriptedTagor, tagor: Tagor, facts: FileFacts, by: Deadline
):
    """Such a kind has no id to ask with; without a defendant either, nothing is sent."""
    mapped = dataclasses.replace(facts, manager=LOGIN, kind=kind)
    assert tagor.employees.manager(mapped, None, deadline=by) is None
    assert server.asked == []
    assert tagor.employees.manager(mapped, PARTY, deadline=by) == AN
    assert [asked.request for asked in server.asked] == [context(TPAR_Id=PARTY)]


def test_a_user_without_an_id_is_nobody_and_an_odd_number_is_none(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """One row that cannot be read costs that row; one number costs that number."""
    server.plays(CAN_ACCESS, says(users({"username": LOGIN}, USER_ROW | {"landline": ["+32"]})))
    [found] = tagor.employees.colleagues(kind=KIND, deadline=by)
    assert (found.id, found.landline) == (USER, "")


@pytest.mark.parametrize("rows", [(USER_ROW | {"id": "12"},), (USER_ROW, USER_ROW), (USER_ROW, {"id": "12"})])
def test_another_user_than_asked_for_is_no_answer(
    rows: tuple[dict[str, Any], ...], *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Whoever is rung about a file is its manager, or the switchboard."""
    server.plays(GET, says(users(*rows)))
    with pytest.raises(TagorInvalidResponse, match="use the switchboard"):
        tagor.employees.user(USER, deadline=by)


def test_a_number_is_told_as_tagor_has_it_but_clean(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Whether it may be dialled is not for Tagor to say."""
    row = USER_ROW | {"landline": " 09\n223\t34 46\u202e", "cellphone": "9" * 100_000, "name": "An\x00 V."}
    server.plays(GET, says(users(row)))
    told = tagor.employees.user(USER, deadline=by)
    assert told
    assert (told.landline, told.name, len(told.cellphone)) == ("09 223 34 46", "An V.", 200)


def test_logins_are_those_of_all_who_may_see_any_kind_of_file(
    server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Asked for each kind, in small letters; a user without a login is none."""
    rows = [{"Tabel": "TQDOSSOORT", "Id": kind} for kind in (KIND, "9000000000000000022")]
    server.plays(KINDS, says(dataset("dsCodetabelIDs", "ttCodetabelIDs", *rows)))
    server.plays(
        CAN_ACCESS, says(users(USER_ROW | {"username": "An.V"})), says(users(USER_ROW | {"username": ""}))
    )
    assert tagor.employees.logins(deadline=by) == {"an.v"}
    asked = [asked.request for asked in server.asked]
    assert asked == [context(table="TQDOSSOORT"), *(context(TQDOSSOORT_Id=row["Id"]) for row in rows)]


def test_colleagues_of_nothing_are_not_asked_for(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """It would mean everybody, or nobody."""
    with pytest.raises(ValueError, match="The colleagues cannot be asked"):
        tagor.employees.colleagues(deadline=by)
    assert server.connections == 0


def test_a_caller_nobody_knows_is_shown_by_number_only(server: ScriptedTagor, tagor: Tagor, by: Deadline):
    """Then no file is named."""
    server.plays(SHOW, says(YES))
    tagor.employees.show_file(LOGIN, caller=NUMBER, file=None, deadline=by)
    assert server.asked[0].request == {"UserLogin": LOGIN, "TelNr": NUMBER, "Direction": "IN"}
