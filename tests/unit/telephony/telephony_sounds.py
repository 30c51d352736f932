"""A provider's REST API gone wrong: it answers every request with the bytes a test gave it."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Play = Callable[[socket.socket, threading.Event], None]
"""Answers on a connection whose request is read; the event tells that the test is over."""


def saying(status: str, body: bytes = b"", *headers: str) -> Play:
    """Answer properly, with this status, body and these headers."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers])
    return lambda sock, _over: sock.sendall(head.encode() + b"\r\n\r\n" + body)


def dripping(start: bytes, drop: bytes) -> Play:
    """Say `start`, then a drop at a time, each soon enough for a reader that only waits for the next."""

    def play(sock: socket.socket, over: threading.Event) -> None:
        sock.sendall(start)
        while not over.wait(0.02):
            sock.sendall(drop)

    return play


@contextmanager
def provider(*plays: Play, tls: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[str]]]:
    """Run one on this machine: its address, and the first line of each request in order.

    Each play answers one request, the last one all further ones.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    asked: list[str] = []
    over = threading.Event()
    server = threading.Thread(target=_serve, args=(listening, plays, tls, asked, over))
    server.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listening.getsockname()[1]}", asked
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        server.join()
        listening.close()


def certified(folder: Path) -> tuple[ssl.SSLContext, str]:
    """A server's certificate that vouches for itself, and the file that makes it known."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "the provider of a test")])
    now = dt.datetime.now(dt.UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(host, critical=False)
        .sign(key, SHA256())
    )
    both, alone = folder / "server.pem", folder / "known.pem"
    alone.write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    both.write_bytes(private + alone.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, str(alone)


def _serve(
    listening: socket.socket,
    plays: tuple[Play, ...],
    tls: ssl.SSLContext | None,
    asked: list[str],
    over: threading.Event,
) -> None:
    left = list(plays)
    while not over.is_set():
        with suppress(OSError):  # a client that hangs up is what some tests are about
            sock, _ = listening.accept()
            with tls.wrap_socket(sock, server_side=True) if tls else sock as connection:
                asked.append(_request(connection))
                (left.pop(0) if len(left) > 1 else left[0])(connection, over)


def _request(connection: socket.socket) -> str:
    text = b""
    while b"\r\n\r\n" not in text and (more := connection.recv(4096)):
        text += more
    return text.split(b"\r\n")[0].decode()
