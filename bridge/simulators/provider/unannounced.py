"""Draws what a provider posts unannounced: fields of other products, of carriers and of third parties.

Seen in Twilio's requests and in public records of them. A bridge takes what its turn needs and ignores the
rest, so the values here are as awkward as those that were seen.
"""

import json
from collections.abc import Callable
from random import Random
from typing import NamedTuple

Pairs = tuple[tuple[str, str], ...]
Unannounced = Callable[[Random], Pairs]
"""Draws the fields that a request carries besides those the bridge reads; names may repeat."""
Results = Callable[[Pairs, Random], Pairs]
"""Draws how the results of a verb, which are given, are written."""


class AddressForms(NamedTuple):
    """Says how a call's parties are written, with `{}` for the number (E.164)."""

    caller: str = "{}"
    called: str = "{}"


NUMBERS = AddressForms()
OTHER_ADDRESSES = (
    AddressForms("sip:{}@carrier.example.com", "sip:{}@office.sip.example.com;transport=tls"),
    AddressForms("sips:{}@carrier.example.com:5061"),
    AddressForms("client:anna"),
    AddressForms("whatsapp:{}", "whatsapp:{}"),
)
"""Parties of calls that come from other networks; only `whatsapp:` proves a number to be the caller's."""

SIP_FIELDS: Pairs = (
    ("SipHeader_X-Language", "nl"),
    ("SipHeader_X-CallerName", "Digits BVBA"),
    (f"SipHeader_X-{'Long' * 14}", "a name of 70 characters"),
    ("SipCallId", "1-2345@198.51.100.7"),
    ("SipDomain", "office.sip.example.com"),
    ("SipSourceIp", "198.51.100.7"),
    ("SipResponseCode", "200"),
)
OTHER_FIELDS: Pairs = (
    ("CallerName", "Digits BVBA"),
    ("CallToken", "%7B%22parentCallInfoToken%22%3A%22x%22%7D"),
    ("StirVerstat", "TN-Validation-Passed-A"),
    ("ForwardedFrom", ""),
    ("_new", "1"),
    ("2FA", "off"),
    ("P[0]", "a&b=c"),
    ("Param[0]", "Digits=1"),
    ("Tag", "one"),
    ("Tag", "two"),
)
ADD_ONS = {"status": "successful", "results": {"caller": {"Digits": "1", "CallStatus": "completed"}}}
"""The result of an add-on: JSON of a third party, which may hold any word."""
MANY = 120
"""How many fields of add-ons a request may carry."""


def nothing(_random: Random) -> Pairs:
    """Draw nothing: the request has only its own fields."""
    return ()


def everything_seen(random: Random) -> Pairs:
    """Draw everything that was seen: always a few fields, and more than a hundred now and then."""
    drawn = [*random.sample(SIP_FIELDS, random.randint(1, len(SIP_FIELDS))), *OTHER_FIELDS]
    drawn.append(("AddOns", json.dumps(ADD_ONS)))
    if random.random() < 0.2:  # noqa: PLR2004 - now and then
        drawn += [(f"AddOn_{number}", str(number)) for number in range(MANY)]
    random.shuffle(drawn)
    return tuple(drawn)


MISSED_CODES = ("486", "408", "603")
"""SIP response codes of a colleague who is busy, does not pick up, or declines."""
ODD_VALUES: Pairs = (
    ("Confidence", "NaN"),
    ("DialCallDuration", "12.5"),
    ("CallDuration", "12.5"),
    ("ErrorCode", ""),
)
"""Values that were seen in fields the bridge can do without."""
SOMETIMES_ABSENT = "Confidence"
"""The result that is left out now and then."""
SIP_RESULTS: Pairs = (
    ("DialSipCallId", "2-3456@198.51.100.7"),
    ("DialSipHeader_X-Queue", "klanten"),
    ("DialSipHeader_X-CallerName", "Digits BVBA"),
)
"""What a Dial tells of a colleague who was rung over SIP, besides the response code."""


def as_documented(result: Pairs, _random: Random) -> Pairs:
    """Write the results as the documentation does."""
    return result


def with_odd_values(result: Pairs, random: Random) -> Pairs:
    """Put an odd value in place of each result that the bridge can do without, or leave it out.

    A Dial's results get those of a colleague who was rung over SIP.
    """
    odd = dict(ODD_VALUES)
    absent = random.choice(("", SOMETIMES_ABSENT))
    written = tuple((name, odd.get(name, value)) for name, value in result if name != absent)
    if not any(name == "DialCallStatus" for name, _ in result):
        return written
    code = random.choice(("200", *MISSED_CODES))
    return (*written, *SIP_RESULTS, ("DialSipResponseCode", code))


def with_unclear_dials(result: Pairs, random: Random) -> Pairs:
    """Write odd values, and leave it unclear now and then how a Dial ended.

    A Dial that nobody took may have no status and no SIP code, or a status that is none; for one that was
    taken it is only not told whether the two were bridged.
    """
    written = dict(result)
    if "DialCallStatus" not in written or random.random() < 0.5:  # noqa: PLR2004 - every other one
        return with_odd_values(result, random)
    if written["DialBridged"] == "true":
        return with_odd_values((*(written | {"DialBridged": ""}).items(),), random)
    if written["DialCallStatus"] == "completed":  # a mailbox: without DialBridged nobody could tell it apart
        return with_odd_values(result, random)
    code = random.choice(("", *MISSED_CODES))
    unclear = {"DialCallStatus": random.choice(("", "queued")), "DialBridged": ""}
    return (*(written | unclear | ({"DialSipResponseCode": code} if code else {})).items(),)
