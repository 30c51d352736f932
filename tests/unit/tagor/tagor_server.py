"""A scripted Tagor on a real socket: it records what it is asked and misbehaves exactly as told."""

import json
import socket
import ssl
import struct
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request as the scripted Tagor received it."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def request(self) -> Any:  # noqa: ANN401 - whatever was sent
        return json.loads(self.body)["request"]


Play = Callable[[socket.socket, "ScriptedTagor"], None]


def http(status: int, body: bytes = b"", *headers: str, length: int | None = None) -> Play:
    """Answer with a complete HTTP response; `length` lies about its size."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {size}", *headers, "", ""]
    return raw("\r\n".join(lines).encode("latin-1") + body, close=size != len(body))


def says(content: object, envelope: str = "response") -> Play:
    """Answer 200 with `content` in the envelope."""
    return http(200, json.dumps({envelope: content}).encode(), "Content-Type: application/json")


def raw(data: bytes, *, close: bool = True) -> Play:
    """Answer with these very bytes."""

    def play(sock: socket.socket, _: "ScriptedTagor") -> None:
        sock.sendall(data)
        if close:
            sock.shutdown(socket.SHUT_RDWR)

    return play


def stall(first: bytes = b"") -> Play:
    """Answer with `first`, then keep quiet until the test is over."""

    def play(sock: socket.socket, server: "ScriptedTagor") -> None:
        sock.sendall(first)
        server.over.wait()

    return play


def reset(sock: socket.socket, _: object = None) -> None:
    """Break the connection off as a crashed machine does."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    # A TLS socket would say goodbye first.
    socket.socket(fileno=sock.detach()).close()


def drip(head: bytes, drop: bytes, beat: Callable[[], object]) -> Play:
    """Answer with `head`, then `drop` again and again for ever, calling `beat` before each."""

    def play(sock: socket.socket, server: "ScriptedTagor") -> None:
        sock.sendall(head)
        while not server.over.is_set():
            beat()
            sock.sendall(drop)

    return play


class ScriptedTagor:
    """A server that plays, for each endpoint, the answers it was told, the last one again and again."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.over = threading.Event()
        self.asked: list[Asked] = []
        self.connections = 0
        self.on_accept: list[Play] = []
        self._plays: dict[str, list[Play]] = defaultdict(list)
        self._context = context
        self._threads: list[threading.Thread] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._spawn(self._accept)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}/v1/web"

    def plays(self, path: str, *plays: Play) -> None:
        self._plays[path] = list(plays)

    def always_plays(self, play: Play) -> None:
        self._plays = defaultdict(lambda: [play])

    def stop_listening(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def stop(self) -> None:
        self.over.set()
        self.stop_listening()
        with self._lock:
            for sock in self._open:
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                self._spawn(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError), ExitStack() as stack:
            if self.on_accept:
                self.on_accept.pop(0)(sock, self)
            with self._lock:
                self._open.add(sock)
            stack.callback(sock.close)
            if self._context:
                sock = stack.enter_context(self._context.wrap_socket(sock, server_side=True))
                with self._lock:
                    self._open.add(sock)
            while not self.over.is_set() and (asked := self._read(sock)):
                self._next(asked)(sock, self)

    def _read(self, sock: socket.socket) -> Asked | None:
        data = b""
        while b"\r\n\r\n" not in data:
            if not (more := sock.recv(65_536)):
                return None
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        while len(body) < int(headers["content-length"]):
            body += sock.recv(65_536)
        return Asked(first.split(" ")[1].removeprefix("/v1/web/"), headers, body)

    def _next(self, asked: Asked) -> Play:
        with self._lock:
            self.asked.append(asked)
            plays = self._plays[asked.path]
            return plays.pop(0) if len(plays) > 1 else plays[0]


class FakeClock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def tick(self, seconds: float = 1.0) -> None:
        self.now += seconds
