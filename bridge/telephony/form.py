"""Reads the parameters of a signed webhook: an odd value costs its field, and unknown names are ignored."""

import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from bridge.telephony.parameters import ACTED_ON, shapes_of
from bridge.telephony.rejected import WebhookRejected
from bridge.telephony.resplit import ResplitGuard
from bridge.telephony.signature import Pairs

Fields = Mapping[str, str]
"""The parameters that we act on, by name; a value that had not its shape is ""."""

MAX_PARAMETERS = 1000


def parse(body: bytes) -> list[tuple[str, str]]:
    """Split an urlencoded body into names and values as they were signed.

    Bytes that are not UTF-8 become lone surrogates, from which the signed bytes can be made again.

    Raises:
        WebhookRejected: the body is not strictly urlencoded, or holds a parameter without a name.
    """
    if not body.isascii() or body.count(b"&") >= MAX_PARAMETERS:
        raise WebhookRejected("body")
    pairs = []
    # Not `parse_qsl`, which takes three times as long: unsigned requests come through here as well.
    for pair in body.decode().replace("+", " ").split("&") if body else ():
        name, is_pair, value = pair.partition("=")
        if not is_pair:
            raise WebhookRejected("body")
        if not name:
            raise WebhookRejected("names")
        if "%" in pair:
            name = unquote_to_bytes(name).decode(errors="surrogateescape")
            value = unquote_to_bytes(value).decode(errors="surrogateescape")
        pairs.append((name, value))
    return pairs


class FormReader:
    """Reads signed parameters for one account, whose provider gives ids of these shapes.

    Where the parameters are `joined` to be signed, they may have been cut anew (see `resplit`). With
    `recording_in_url` a recording's id is the end of its address, because the provider sends none.
    """

    def __init__(
        self,
        account: str,
        call_id: re.Pattern[str],
        recording_id: re.Pattern[str],
        *,
        joined: bool = True,
        recording_in_url: bool = False,
    ) -> None:
        self._shapes = shapes_of(account, call_id, recording_id)
        self._guard = ResplitGuard(self._shapes) if joined else None
        self._recording_in_url = recording_in_url

    def read(self, path: str, pairs: Pairs, *, needs_call: bool) -> Fields:
        """Give what the webhook tells; with `needs_call` it must name its call.

        Raises:
            WebhookRejected: it is of another account, it names no call where one is needed, a parameter that
                we act on comes twice, or the signed text was cut into other parameters than the provider's.
        """
        fields: dict[str, str] = {}
        for name, value in pairs:
            if name in fields:
                # The signature leaves open how often a pair came, and in which order its values came.
                raise WebhookRejected("names", parameter=name)
            if name in ACTED_ON:
                fields[name] = value if self._shapes[name].fullmatch(value) else ""
            elif name == "RecordingUrl" and self._recording_in_url:
                fields["RecordingSid"] = self._id_in(value)
        if not fields.get("AccountSid"):
            raise WebhookRejected("account" if "AccountSid" in fields else "missing", parameter="AccountSid")
        if needs_call and not fields.get("CallSid"):
            raise WebhookRejected("field" if "CallSid" in fields else "missing", parameter="CallSid")
        if self._guard is not None and self._guard.is_resplit(path, pairs):
            raise WebhookRejected("resplit")
        return fields

    def _id_in(self, address: str) -> str:
        """Give the recording's id that an address ends in, "" when it ends in none."""
        if not self._shapes["RecordingUrl"].fullmatch(address):
            return ""
        return address.rpartition("/")[2].partition(".")[0]
