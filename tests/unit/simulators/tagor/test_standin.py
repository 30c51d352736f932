"""Starting, a busy port, a database on disk, and the blocking form for the command line."""

from __future__ import annotations

import queue
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from bridge.simulators.tagor import PortBusy, StandIn, serve

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.simulators.tagor.conftest import Client


def test_a_busy_port_is_a_sentence():
    """The operator is told which port it is and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortBusy, match=f"^Port {port} on 127.0.0.1 cannot be used: stop what runs there"):
            serve(port)


def test_books_on_disk_survive(client: Client, tmp_path: Path):
    """Closed and opened again, what was written is still there, and the cases are not added twice."""
    path = str(tmp_path / "tagor.sqlite")
    for count in (1, 2):
        with StandIn(database=path) as standin:
            type(client)(standin).ask("TagorService/GetSaldo", {"TDOS_Id": "9000000000000000001"})
            assert len(standin.state()["info_records"]) == count


def test_an_office_may_have_its_own_base_key_and_login(client: Client):
    """Nothing about the address or the credentials is fixed."""
    with StandIn(base="/v1/rest", api_key="another", client=("a", "b")) as standin:
        other = type(client)(standin)
        asked = {"body": b'{"request": {}}', "Authorization": "Tgr another"}
        login = b"grant_type=client_credentials&client_id=a&client_secret=b"
        assert standin.url == f"http://127.0.0.1:{standin.port}/v1/rest"
        assert other.send("POST", "/v1/rest/TagorService/KantoorOpen", **asked).status == 200
        assert other.send("POST", "/v1/web/TagorService/KantoorOpen", **asked).status == 404
        assert other.send("POST", "/v1/rest/Login/Token", login).status == 200


def test_serve_goes_on_until_it_is_stopped(client: Client):
    """The command line's form tells when it is ready, answers, and frees its port at the end."""
    started: queue.Queue[StandIn] = queue.Queue()
    stop = threading.Event()
    serving = threading.Thread(target=serve, args=(0,), kwargs={"ready": started.put, "stop": stop})
    serving.start()
    standin = started.get(timeout=10)
    assert type(client)(standin).ask("Config/Ping").status == 200
    stop.set()
    serving.join()
    with pytest.raises(ConnectionRefusedError):
        type(client)(standin).ask("Config/Ping")
