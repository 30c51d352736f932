"""Keep every test on this machine."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import pytest

NOWHERE = ".invalid"
"""The ending of names that never exist (RFC 2606); a test may look one up to see what happens."""


class Guard:
    """Lets sockets reach this machine only, and remembers every host beyond it that was tried."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.strays: list[str] = []
        self._look_up = socket.getaddrinfo
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, self._kept_home(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", self._looked_up_at_home)

    def _kept_home(self, connect: Callable[..., Any]) -> Callable[..., Any]:
        def connected(one: socket.socket, address: Any) -> Any:  # noqa: ANN401 - as the socket's own
            if one.family in (socket.AF_INET, socket.AF_INET6):
                self._check(address[0])
            return connect(one, address)

        return connected

    def _looked_up_at_home(self, host: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - as above
        if isinstance(host, str) and host.endswith(NOWHERE):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        if host:
            self._check(host.decode() if isinstance(host, bytes) else host)
        return self._look_up(host, *arguments, **options)

    def _check(self, host: str) -> None:
        try:
            home = host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            home = False
        if not home:
            self.strays.append(host)
            raise OSError("tests reach this machine only")
