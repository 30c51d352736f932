"""Reads the parameters of a signed webhook: an odd value costs its field, and unknown names are ignored."""

import re
from collections import Counter
from collections.abc import Mapping
from urllib.parse import parse_qsl

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
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="surrogateescape",
            max_num_fields=MAX_PARAMETERS,
        )
    except ValueError:
        raise WebhookRejected("body") from None
    if not all(name for name, _ in pairs):
        raise WebhookRejected("names")
    return pairs


class FormReader:
    """Reads signed parameters for one account, whose provider gives ids of these shapes."""

    def __init__(self, account: str, call_id: re.Pattern[str], recording_id: re.Pattern[str]) -> None:
        self._shapes = shapes_of(account, call_id, recording_id)
        self._guard = ResplitGuard(self._shapes)

    def read(self, path: str, pairs: Pairs, *, needs_call: bool) -> Fields:
        """Give what the webhook tells; with `needs_call` it must name its call.

        Raises:
            WebhookRejected: it is of another account, it names no call where one is needed, or the signed
                text was cut into other parameters than the provider's.
        """
        self._refuse_repeated(pairs)
        given = dict(pairs)
        fields = {
            name: value if self._shapes[name].fullmatch(value) else ""
            for name, value in given.items()
            if name in ACTED_ON
        }
        if not fields.get("AccountSid"):
            raise WebhookRejected("account" if "AccountSid" in given else "missing", parameter="AccountSid")
        if needs_call and not fields.get("CallSid"):
            raise WebhookRejected("field" if "CallSid" in given else "missing", parameter="CallSid")
        if self._guard.is_resplit(path, pairs):
            raise WebhookRejected("resplit")
        return fields

    def _refuse_repeated(self, pairs: Pairs) -> None:
        """Refuse what the signature leaves open: how often a pair came, and in which order values came."""
        repeated = [name for (name, _), times in Counter(pairs).items() if times > 1 and name in self._shapes]
        times = Counter(name for name, _ in pairs)
        for name in (*repeated, *sorted(ACTED_ON)):
            if times[name] > 1:
                raise WebhookRejected("names", parameter=name)
