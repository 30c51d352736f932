"""Faults on demand: what the client meets, and what became of the effect."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES
from bridge.simulators.tagor.corrupted_replies import SPOILED
from bridge.simulators.tagor.faults import DEFAULT_EFFECT
from bridge.simulators.tagor.socket_faults import TROUBLE
from tests.unit.simulators.tagor.conftest import dataset

if TYPE_CHECKING:
    import socket

    from tests.unit.simulators.tagor.conftest import Client

SALDO = "TagorService/GetSaldo"
AN = {"TDOS_Id": "9000000000000000001"}


def records(client: Client):
    return len(client.standin.state()["info_records"])


def everything(plug: socket.socket):
    """All bytes until the stand-in hangs up; a reset counts as the end and is told by None."""
    data = b""
    try:
        while piece := plug.recv(65536):
            data += piece
    except ConnectionResetError:
        return None
    return data


def play(client: Client, fault: str, **options: object) -> bytes | None:
    """Plant a fault on GetSaldo and ask once over a raw socket."""
    client.standin.fault(SALDO, fault, **options)
    with client.plug() as plug:
        plug.sendall(client.request_bytes(SALDO, AN))
        return everything(plug)


def test_every_fault_is_played_somewhere():
    """No name in the table is without its play."""
    assert set(DEFAULT_EFFECT) == set(SPOILED) | set(TROUBLE)


@pytest.mark.parametrize(
    ("fault", "kept"),
    [("reset_before", 0), ("reset_after", 1), ("refuse", 0), ("no_reply", 1), ("truncated", 1)],
)
def test_a_cut_line_keeps_or_drops_the_effect_as_its_name_says(client: Client, fault: str, kept: int):
    """Before the effect nothing is written; after it the record stands although nobody was told."""
    got = play(client, fault, times=1, seconds=0.01)
    assert got is None or b'"Saldo":1234.56}}' not in got
    assert records(client) == kept
    assert client.standin.journal()[-1]["fault"] == fault


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "refuse"])
def test_a_reset_is_a_reset(client: Client, fault: str):
    """The client reads an error, not an end."""
    assert play(client, fault) is None
    assert client.standin.journal()[-1]["status"] is None


def test_a_refusal_for_all_leaves_the_body_unread(client: Client):
    """With * every request is reset once its head is there; the tester's pages still answer."""
    client.standin.fault("*", "refuse")
    with client.plug() as plug:
        plug.sendall(client.request_bytes(SALDO, AN)[:-20])
        assert everything(plug) is None
    assert client.control("DELETE", "/_faults").status == 200
    assert client.ask(SALDO, AN).status == 200


def test_a_truncated_reply_ends_in_the_middle(client: Client):
    """The announced length is the whole, the body is half of it."""
    head, _, body = play(client, "truncated").partition(b"\r\n\r\n")
    announced = int(head.split(b"Content-Length: ")[1].split(b"\r\n")[0])
    assert len(body) == announced // 2


def test_no_reply_holds_the_line_until_the_client_gives_up(client: Client):
    """The effect is there while the client still waits, and hanging up frees the stand-in at once."""
    client.standin.fault(SALDO, "no_reply", seconds=600)
    with client.plug() as plug:
        plug.sendall(client.request_bytes(SALDO, AN))
        plug.settimeout(0.1)
        with pytest.raises(TimeoutError):
            plug.recv(1)
    client.until(lambda: records(client))


@pytest.mark.parametrize("fault", ["delay", "drip_headers", "drip_body", "no_reply"])
def test_a_stop_ends_every_wait(client: Client, fault: str):
    """An outage is quick even while replies are held back for ten minutes."""
    client.standin.fault(SALDO, fault, seconds=600)
    with client.plug() as plug:
        plug.sendall(client.request_bytes(SALDO, AN))
        client.until(client.standin.journal)
        client.standin.stop()
        got = everything(plug)
    assert got is None or b'"Saldo":1234.56}}' not in got


def test_a_delayed_reply_is_whole_and_the_line_goes_on(client: Client):
    """The effect comes at once, the reply later, and the connection carries the next request."""
    client.standin.fault(SALDO, "delay", seconds=0.05, times=1)
    with client.plug() as plug:
        for _ in range(2):
            plug.sendall(client.request_bytes(SALDO, AN))
            assert b'"Saldo":1234.56' in plug.recv(65536)


def test_a_dripped_reply_comes_byte_by_byte_and_whole(client: Client):
    """Head or body arrives in single bytes; the sum is the reply."""
    for fault in ("drip_headers", "drip_body"):
        client.standin.fault(SALDO, fault, seconds=0.0001, times=1)
        assert client.ask(SALDO, AN).response["Saldo"] == 1234.56


def test_dripping_stops_when_the_client_hangs_up(client: Client):
    """A client with a deadline leaves no thread behind."""
    for fault in ("drip_headers", "drip_body"):
        client.standin.fault(SALDO, fault, seconds=0.01, times=1)
        with client.plug() as plug:
            plug.sendall(client.request_bytes(SALDO, AN))
            assert plug.recv(1) == b"H"
    client.standin.stop()
    assert client.standin.journal()[-1]["effect"] == ["info record OPSV"]


@pytest.mark.parametrize("status", [401, 403, 404, 422, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("body", ["json", "html"])
def test_an_error_status_comes_as_told(client: Client, status: int, body: str):
    """JSON or a page, with Retry-After where it belongs, and without an effect."""
    client.standin.fault(SALDO, "status", status=status, body=body, retry_after=7)
    reply = client.ask(SALDO, AN)
    assert reply.status == status
    assert reply.body.startswith(b"{" if body == "json" else b"<!DOCTYPE html>")
    assert reply.headers.get("retry-after") == ("7" if status in (429, 503) else None)
    assert records(client) == 0


@pytest.mark.parametrize("status", [301, 302, 307, 503])
def test_a_redirect_leads_to_another_host(client: Client, status: int):
    """Whoever follows it is found in the journal."""
    client.standin.fault(SALDO, "redirect", status=status, times=1)
    reply = client.ask(SALDO, AN)
    assert reply.status == (302 if status == 503 else status)
    assert reply.headers["location"] == f"http://localhost:{client.standin.port}/elsewhere"
    client.send("GET", "/elsewhere")
    assert client.standin.journal()[-1]["operation"] == "/elsewhere"


def test_bodies_that_are_no_answer(client: Client):
    """200 with nothing, and 200 with a page; the effect took place."""
    client.standin.fault(SALDO, "empty", times=1)
    client.standin.fault(SALDO, "html", times=1)
    empty, page = client.ask(SALDO, AN), client.ask(SALDO, AN)
    assert (empty.status, empty.body) == (200, b"")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert records(client) == 2


@pytest.mark.parametrize(
    ("fault", "options", "response"),
    [
        ("wrong_type", {}, {"Success": True, "Error": "", "Saldo": [1234.56]}),
        ("wrong_type", {"names": ["Success"]}, {"Success": [True], "Error": "", "Saldo": 1234.56}),
        ("null_fields", {}, {"Success": True, "Error": "", "Saldo": None}),
        ("null_fields", {"names": ["Success", "Saldo"]}, {"Success": None, "Error": "", "Saldo": None}),
        ("success_absent", {}, {"Error": "", "Saldo": 1234.56}),
        ("success_false", {}, {"Success": False, "Error": "De bewerking is niet gelukt."}),
    ],
)
def test_spoiled_fields(client: Client, fault: str, options: dict[str, Any], response: dict[str, Any]):
    """Chosen fields are spoiled, or all but the verdict; the rest stays."""
    client.standin.fault(SALDO, fault, **options)
    assert client.ask(SALDO, AN).response == response


def test_fields_inside_datasets_are_spoiled_too(client: Client):
    """The files of ClipToFile are reached, or the whole dataset when it is named."""
    client.standin.fault("TagorService/ClipToFile", "wrong_type", times=1)
    client.standin.fault("TagorService/ClipToFile", "null_fields", names=["dsClipToFileDossiers"], times=1)
    inner, whole = (
        client.ask("TagorService/ClipToFile", {"Telnr": "+32470000001"}).response for _ in range(2)
    )
    rows = inner["dsClipToFileDossiers"]["dsClipToFileDossiers"]["ttClipToFileDossiers"]
    assert rows[0]["TDOS_id"] == {"value": "9000000000000000001"}
    assert whole["dsClipToFileDossiers"] is None


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400", "-0.0"])
def test_numbers_that_are_none(client: Client, value: str):
    """The raw text stands where the amount was, also where the office sends amounts as text."""
    client.standin.fault(SALDO, "nan", value=value)
    for file_id in ("9000000000000000001", "9000000000000000003"):
        assert f'"Saldo": {value}'.encode() in client.ask(SALDO, {"TDOS_Id": file_id}).body


@pytest.mark.parametrize("fault", ["wrong_type", "null_fields", "nan", "success_absent"])
def test_a_reply_that_is_no_json_can_be_spoiled(client: Client, fault: str):
    """An error page in place of the reply breaks nothing."""
    client.standin.fault(SALDO, fault)
    reply = client.ask(SALDO, AN, authorization="", accept="text/html")
    assert (reply.status, reply.json) == (401, {})


def test_a_huge_reply_is_valid_and_huge(client: Client):
    """Well-formed JSON of the wanted size."""
    client.standin.fault(SALDO, "huge", megabytes=2)
    assert len(client.ask(SALDO, AN).response["Error"]) == 2 * 1024 * 1024


def test_a_gzip_bomb_is_small_on_the_wire(client: Client):
    """It unpacks to valid JSON of the wanted size, a gigabyte unless told otherwise."""
    client.standin.fault(SALDO, "gzip_bomb", megabytes=3, times=1)
    client.standin.fault(SALDO, "gzip_bomb")
    small, large = client.ask(SALDO, AN), client.ask(SALDO, AN)
    assert small.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(small.body))["response"]["Error"]) == 3 * 1024 * 1024
    assert len(large.body) < 2 * 1024 * 1024


def test_a_late_effect_comes_by_itself(client: Client):
    """The reply is lost, and the record appears afterwards with a journal line of its own."""
    assert play(client, "reset_after", effect="later", later=0.05, times=1) is None
    assert client.standin.journal()[0]["effect"] == []
    client.until(lambda: records(client))
    assert client.standin.journal()[-1]["fault"] == "late effect"


def test_a_late_effect_happens_once_when_settled(client: Client):
    """The tester need not wait, and the timer finds nothing left to do."""
    client.standin.fault(SALDO, "no_reply", effect="later", later=0.05, seconds=0.01, times=1)
    with client.plug() as plug:
        plug.sendall(client.request_bytes(SALDO, AN))
        everything(plug)
    assert client.control("POST", "/_settle").status == 200
    client.standin.settle()
    assert records(client) == 1


def test_a_late_effect_dies_with_tagor(client: Client):
    """Tagor goes down first: the effect never comes."""
    client.standin.fault(SALDO, "delay", seconds=0, effect="later", later=600, times=1)
    client.ask(SALDO, AN)
    client.standin.stop()
    client.standin.settle()
    assert records(client) == 0


def test_a_late_effect_may_come_too_late(client: Client):
    """The token was revoked meanwhile: no effect, and the journal says why."""
    token = client.login().response["token"]
    client.standin.fault(SALDO, "delay", seconds=0, effect="later", later=600, times=1)
    assert client.ask(SALDO, AN, authorization=f"Tgr {token}").status == 200
    client.standin.controls.revoke_tokens()
    client.standin.settle()
    assert (records(client), client.standin.journal()[-1]["status"]) == (0, 401)


def test_a_refused_request_has_no_late_effect(client: Client):
    """What was not allowed does not happen later either."""
    client.standin.fault(SALDO, "delay", seconds=0, effect="later", times=1)
    assert client.ask(SALDO, AN, authorization="").status == 401
    client.standin.settle()
    assert records(client) == 0


def test_faults_are_met_in_order_and_counted_down(client: Client):
    """The oldest that fits comes first; `skip` spares requests, `times` ends it; others are free."""
    client.standin.fault(SALDO, "status", status=500, times=1)
    client.standin.fault(SALDO, "status", status=502, skip=1, times=2)
    statuses = [client.ask(SALDO, AN).status for _ in range(5)]
    assert statuses == [500, 200, 502, 502, 200]
    assert client.ask("TagorService/KantoorOpen").status == 200
    assert client.standin.fault_book.planted() == []


def test_a_fault_for_all_stays_until_cleared(client: Client):
    """* stands for every operation, and no number of times for ever."""
    client.standin.fault("*", "status", status=503)
    asked = [SALDO, "Config/Ping", "Nothing/Here", SALDO]
    assert {client.ask(operation, AN).status for operation in asked} == {503}
    client.standin.clear_faults()
    assert client.ask(SALDO, AN).status == 200


def test_an_outage_keeps_data_and_port(client: Client):
    """Stopped, nobody listens; started again, the same address answers with the same data."""
    client.ask(SALDO, AN)
    address = client.standin.url
    client.standin.stop()
    client.standin.stop()
    with pytest.raises(ConnectionRefusedError), client.plug():
        pass
    client.standin.start()
    assert (client.standin.start().url, records(client)) == (address, 1)
    assert client.ask(SALDO, AN).status == 200


def test_open_connections_end_with_the_outage(client: Client):
    """An idle kept-alive connection is hung up, not left hanging."""
    with client.plug() as plug:
        plug.sendall(client.request_bytes(SALDO, AN))
        assert b"200 OK" in plug.recv(65536)
        client.standin.stop()
        assert plug.recv(1) == b""


WRITES = {
    "TagorService/SavePaymentPlan": {"TDOS_Id": CASES[0].file_id, "Periodes": 12},
    "TagorService/SetUserDossier": {"UserLogin": "balie", "TelNr": "+32470000001", "Direction": "IN"},
    "Actions/SendSms": {"TPAR_Id": CASES[0].party_id, "CodeSms": "SALDO"},
    "Actions/SendMail": {"TPAR_Id": CASES[0].party_id, "CodeEmail": "SALDO"},
    "TagorService/SendSms": {"TPAR_Id": CASES[0].party_id, "CodeSms": "SALDO"},
    "TagorService/SendMail": {"TPAR_Id": CASES[0].party_id, "CodeEmail": "SALDO"},
    "Message/Add": dataset("WebContext", {"ContextKey": "TDOS_Id", "ContextValue": CASES[0].file_id})
    | dataset("TBERICHTWeb", {"TJOB_bericht": "Bel mij"}),
    "Dossier/AddAttachment": dataset(
        "WebContext", {"ContextKey": "TDOS_Id", "ContextValue": CASES[0].file_id}
    )
    | dataset("AttachmentWeb", {"ttFileName": "a.wav", "FileType": "wav", "FileContent": "UklGRg=="}),
    "Dossier/CreateAgenda": dataset(
        "TAGENDAWeb",
        {"Subject": "Bel terug", "UserName": "balie", "TimeStampScheduled": "2025-03-06T09:00:00"},
    ),
    "Dossier/CreateInfoLine": dataset(
        "TDOSINFOWeb", {"TDOS_Id": CASES[0].file_id, "Omschrijving": "Gebeld."}
    ),
}


def written(client: Client) -> int:
    standin = client.standin
    kept = (
        *(
            standin.records.screens(),
            standin.records.texts(),
            standin.records.mails(),
            standin.records.office_messages(),
            standin.records.plans(CASES[0].file),
        ),
        *(standin.records.attachments(), standin.records.agenda(), standin.records.info_lines(CASES[0].file)),
    )
    return sum(map(len, kept))


@pytest.mark.parametrize("operation", WRITES)
def test_every_write_keeps_effect_and_reply_apart(client: Client, operation: str):
    """A yes without its effect, an error with it, a lost reply whose effect comes late, and an honest one."""
    client.standin.fault(operation, "delay", seconds=0, effect="none", times=1)
    client.standin.fault(operation, "status", status=500, effect="done", times=1)
    client.standin.fault(operation, "delay", seconds=0, effect="later", later=600, times=1)
    told = []
    for _ in range(4):
        status = client.ask(operation, WRITES[operation]).status
        told.append((status, written(client)))
    client.standin.settle()
    assert [*told, written(client)] == [(200, 0), (500, 1), (200, 1), (200, 2), 3]
    effects = [bool(entry["effect"]) for entry in client.standin.journal()]
    assert effects == [False, True, False, True, True]
