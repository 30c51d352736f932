"""The house's own rules are held against the bridge only when the phone is strict."""

from typing import TYPE_CHECKING

import pytest

from bridge.simulators.provider.errors import HOUSE_RULE, DocumentRefused

if TYPE_CHECKING:
    from tests.unit.simulators.provider.conftest import Office

GATHER = '<Gather action="/x" method="POST" actionOnEmptyResult="true"/>'
REDIRECT = '<Redirect method="POST">/x</Redirect>'


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        (GATHER, "<Gather> needs a <Redirect> after it: silence would fall off the end"),
        (REDIRECT + GATHER, "<Gather> needs a <Redirect> after it"),
        ('<Gather method="POST" actionOnEmptyResult="true"/>' + REDIRECT, "<Gather> needs action"),
        ('<Gather action="/x" method="POST"/>' + REDIRECT, "<Gather> needs actionOnEmptyResult"),
        ('<Gather action="/x" actionOnEmptyResult="true"/>' + REDIRECT, '<Gather> needs method="POST"'),
        ('<Gather action="/x" method="GET" actionOnEmptyResult="true"/>', '<Gather> needs method="POST"'),
        ("<Redirect>/x</Redirect>", '<Redirect> needs method="POST"'),
        ('<Redirect method="POST">/x?name=a%20b</Redirect>', "<Redirect> has a URL with other characters"),
        ('<Redirect method="POST">/x~</Redirect>', "<Redirect> has a URL with other characters"),
        ("<Record/>", "<Record> needs action"),
        ('<Record action="/x"/>', '<Record> needs method="POST"'),
        (
            '<Record action="/x" method="POST" recordingStatusCallback="/a+b"/>',
            "<Record> has a URL with other",
        ),
        ("<Say>hallo</Say>", "<Say> needs voice and language"),
        ('<Say language="nl-BE">hallo</Say>', "<Say> needs voice and language"),
        ("<Play>/silence.mp3</Play>", "<Play> must play a .wav file"),
        ("<Dial><Number>+3225550100</Number></Dial>", "<Dial> needs callerId"),
        ('<Dial action="/x"><Sip>sip:a@b.be</Sip></Dial>', '<Dial> needs method="POST"'),
        (
            '<Gather action="/x" method="POST" actionOnEmptyResult="true"><Say>a</Say></Gather>',
            "<Say> needs voice",
        ),
    ],
)
def test_a_breach_of_the_house_rules_is_raised(office: "Office", inside: str, sentence: str):
    """Each rule, in the words a developer needs."""
    office.says("/voice", inside)
    with pytest.raises(DocumentRefused, match="house rule: line 1: ") as refused:
        office.phone().ring()
    assert refused.value.sentence.startswith(f"line 1: {sentence}")
    assert refused.value.code == HOUSE_RULE


def test_connection_overrides_are_fine_in_a_url(office: "Office"):
    """Twilio reads them from the fragment; nobody signs it."""
    url = "/turn/2?id=a-b_c.1#ct=2000&amp;rt=5000&amp;rc=1&amp;rp=ct,rt,5xx&amp;e=dublin,frankfurt"
    office.says("/voice", f'<Redirect method="POST">{url}</Redirect>')
    office.says("/turn/2", "<Hangup/>")
    assert office.phone().ring().ended_by == "hangup"


def test_a_phone_that_is_not_strict_plays_on(office: "Office"):
    """A provider knows nothing of our rules."""
    office.says("/voice", "<Say>hallo</Say>", "<Hangup/>")
    assert office.phone(strict=False).ring().ended_by == "hangup"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_webhook_is_never_answered_with_a_redirect(office: "Office", status: int):
    """The keys would get lost on the way."""
    office.answers("/voice", status=status, headers={"Location": "/voice/"})
    office.says("/voice/", "<Hangup/>")
    with pytest.raises(DocumentRefused, match="house rule: a webhook must not be answered with a redirect"):
        office.phone().ring()
