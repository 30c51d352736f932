"""The bridge's own public address, which the provider posts to and signs."""

import re
from dataclasses import dataclass
from typing import Self

_BASE = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*)(?P<port>:[1-9][0-9]{0,4})?"
    r"(?P<path>(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)/?"
)
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}
_HIGHEST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """Scheme, host, port (`:8443` or empty) and path prefix of the bridge, as its operator configured them.

    Only unreserved ASCII is allowed, so that every provider signs the same bytes. User names and IPv6 hosts
    are refused: providers and their own libraries disagree on how those are signed.
    """

    scheme: str
    host: str
    port: str
    path: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a configured address.

        Raises:
            ValueError: with a sentence, for an address that not every provider signs in the same way.
        """
        found = _BASE.fullmatch(text)
        if found is None or int((found["port"] or ":0")[1:]) > _HIGHEST_PORT:
            raise ValueError(
                "public_url must look like https://bridge.example.be: lower-case host, no user name, "
                "no query or fragment, at most a port and a plain path"
            )
        return cls(found["scheme"], found["host"], found["port"] or "", found["path"])

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}{self.port}{self.path}"

    @property
    def turns(self) -> str:
        """Give what the address of every turn begins with, to which its number is added.

        Keys, words, silence, the end of a transfer or recording go to a turn; a redirect after words that
        want no answer leads to its `.../on`.
        """
        return f"{self}/voice/turn/"

    def whisper(self, path: str) -> str:
        """Give the address of the words to a colleague who picks up; `path` comes from `whispers.path`."""
        return f"{self}{path}"

    @property
    def acceptance(self) -> str:
        """Give the address to which the colleague's key goes."""
        return f"{self}/voice/whisper/accept"

    def sound(self, file: str) -> str:
        """Give the address of a sound; `file` comes from `sounds.sound_file`."""
        return f"{self}/sounds/{file}"

    @property
    def recording(self) -> str:
        """Give the address to which the provider reports what became of a recording."""
        return f"{self}/voice/recording"

    @property
    def signed_bases(self) -> tuple[str, str]:
        """Give both beginnings a provider may have signed: without a port, and with ours or the scheme's own.

        Twilio drops the port over https and keeps it over http (usage/security); Somleng signs what we wrote.
        """
        bare = f"{self.scheme}://{self.host}"
        return bare + self.path, bare + (self.port or _DEFAULT_PORTS[self.scheme]) + self.path
