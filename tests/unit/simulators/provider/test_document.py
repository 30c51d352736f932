"""The strict reader: one case per way a document can be wrong, under the provider's rule and its doc path."""

from dataclasses import replace

import pytest

from bridge.simulators.provider.account import TWILIO, Profile
from bridge.simulators.provider.document import read
from bridge.simulators.provider.errors import DocumentRefused
from bridge.simulators.provider.markup import Verb

VOICED = '<Say voice="Polly.Lisa-Neural" language="nl-BE">{}</Say>'
PORTABLE = replace(TWILIO, name="somleng", capabilities=frozenset({"empty_result"}))


def verbs(inside: str, profile: Profile = TWILIO) -> list[Verb]:
    return read(f"<Response>{inside}</Response>".encode(), "text/xml; charset=utf-8", profile)


def refusal(inside: str, profile: Profile = TWILIO) -> str:
    with pytest.raises(DocumentRefused) as refused:
        verbs(inside, profile)
    return str(refused.value).replace("line 1: ", "").removeprefix("12200: ")


def body_refusal(body: bytes | str, content_type: str = "text/xml") -> str:
    with pytest.raises(DocumentRefused) as refused:
        read(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body, content_type, TWILIO)
    return str(refused.value)


# Data formats, twilio.com/docs/voice/twiml
# text/xml, application/xml and text/html are TwiML; text/plain is spoken; audio/* is played.


@pytest.mark.parametrize("kind", ["text/xml", "application/xml; charset=utf-8", "TEXT/HTML", "text/plain"])
def test_these_content_types_are_read_as_documents(kind: str):
    """Also text/plain, when markup stands in it."""
    assert [verb.name for verb in read(b"<Response><Hangup/></Response>", kind, TWILIO)] == ["Hangup"]


def test_plain_text_is_spoken_aloud():
    """An error page in plain text would be read to the caller: the walker lets a test hear it."""
    assert read(b"Internal Server Error", "text/plain", TWILIO)[0].words == "Internal Server Error"


def test_audio_is_played():
    """The body itself is the sound."""
    assert [verb.name for verb in read(b"RIFF", "audio/wav", TWILIO)] == ["Play"]


@pytest.mark.parametrize("kind", ["", "application/json", "text/css"])
def test_other_content_types_are_refused(kind: str):
    """12300."""
    assert body_refusal("<Response/>", kind).startswith("12300: content type ")


# twilio.com/docs/api/errors/11750: TwiML response body too large, 64 kB.


def test_64_kilobytes_are_allowed_and_no_byte_more():
    """The limit counts bytes, not characters."""
    exact = b"<Response><!--" + b"x" * (65536 - 28) + b"--></Response>"
    assert len(exact) == 65536
    assert read(exact, "text/xml", TWILIO) == []
    assert body_refusal(exact + b"\n") == "11750: the document is larger than 64 kB"


# twilio.com/docs/api/errors/12100: document parse failure; /12102: the root element must be Response.


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "12100: the document is empty or something stands before its first tag"),
        (" <Response/>", "12100: the document is empty or something stands before its first tag"),
        ("\ufeff<Response/>", "12100: the document is empty or something stands before its first tag"),
        ('\n<?xml version="1.0"?><Response/>', "12100: the document is empty or something stands"),
        (b"<Response>\xff</Response>", "12100: the document is not UTF-8"),
        ("<Response>", "12100: line 1: not well-formed XML: no element found"),
        (
            "<Response></Response><Response/>",
            "12100: line 1: not well-formed XML: junk after document element",
        ),
        ("<Response><Say>a & b</Say></Response>", "12100: line 1: not well-formed XML: not well-formed"),
        ("<Response>\n<Say></Response>", "12100: line 2: not well-formed XML: mismatched tag"),
        (
            '<Response><Gather timeout="5" timeout="6"/></Response>',
            "12100: line 1: not well-formed XML: duplicate",
        ),
        ("<Response>\x07</Response>", "12100: line 1: not well-formed XML"),
        ("<Response>\ufffe</Response>", "12100: line 1: not well-formed XML"),
        ("<Response>&#7;</Response>", "12100: line 1: not well-formed XML: reference to invalid character"),
        (
            "<Response>&#55296;</Response>",
            "12100: line 1: not well-formed XML: reference to invalid character",
        ),
        ("<Response>\ud800</Response>", "12100: the document is not UTF-8"),
        ("<Response>&euro;</Response>", "12100: line 1: not well-formed XML: undefined entity"),
        ("<!DOCTYPE Response><Response/>", "12100: a document type declaration has no place"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><Response>&a;</Response>', "12100: a document type declaration"),
        ("<?php echo 1 ?><Response/>", "12100: a processing instruction has no place"),
        ("<response/>", "12102: the root element is <response>, it must be <Response>"),
        ("<html><body>502 Bad Gateway</body></html>", "12102: the root element is <html>"),
    ],
)
def test_what_is_no_document(body: str | bytes, sentence: str):
    """Anything but one well-formed Response in UTF-8 is refused with the line."""
    assert body_refusal(body).startswith(sentence)


def test_comments_and_the_usual_escapes_are_fine():
    """CDATA and the five escapes mean text."""
    inside = VOICED.format("&lt;Jan &amp; <![CDATA[<Piet>]]>&#233;")
    assert verbs(f"<!-- a note -->{inside}")[0].words == "<Jan & <Piet>é"


# twilio.com/docs/api/errors/12200: schema; verbs and attributes are case-sensitive.


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<say>hi</say>", "<say> is not a verb: did you mean Say?"),
        ("<Enqueue>x</Enqueue>", "<Enqueue> is not a verb"),
        ("<Response/>", "<Response> is not a verb"),
        ("hello", "<Response> takes no text"),
        ("<Number>+3225550100</Number>", "<Number> cannot stand inside <Response>"),
        ("<break/>", "<break> cannot stand inside <Response>"),
        ("<Hangup/>\n<Reject/>", "line 2: <Reject> must be the first verb"),
        ("<Hangup>now</Hangup>", "<Hangup> takes no text"),
        ('<Hangup reason="busy"/>', "<Hangup> knows no attribute reason"),
        ('<Reject reason="closed"/>', "<Reject> attribute reason must be one of rejected, busy"),
        ('<Pause length="0"/>', "<Pause> attribute length must be a whole number from 1 to 600"),
        ('<Redirect method="PUT">/x</Redirect>', "<Redirect> attribute method must be one of GET"),
        ("<Redirect/>", "<Redirect> holds text that must be an http(s) or relative URL"),
        ("<Redirect>ftp://a.be/x</Redirect>", "<Redirect> holds text that must be an http(s)"),
        ("<Redirect>https://a_b.be/x</Redirect>", "<Redirect> holds text that must be"),
        ("<Redirect>/a b</Redirect>", "<Redirect> holds text that must be"),
        ("<Redirect>/é</Redirect>", "<Redirect> holds text that must be"),
        ("<Play/>", "<Play> holds text that must be"),
        ('<Play loop="1001">/a.wav</Play>', "<Play> attribute loop must be a whole number from 0"),
    ],
)
def test_schema(inside: str, sentence: str):
    """Unknown verbs and attributes, misplaced verbs, values out of range: each with its line."""
    assert refusal(inside).startswith(sentence)


def test_the_response_itself_takes_no_attribute():
    """Not even a namespace."""
    assert "knows no attribute xmlns" in body_refusal('<Response xmlns="urn:x"/>')


# twilio.com/docs/voice/twiml/say: voice and language must go together; /text-speech: at most 3000 characters.


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<Say/>", "13520: <Say> has no words"),
        ("<Say>  \n </Say>", "13520: <Say> has no words"),
        ("<Say><s> </s></Say>", "13520: <Say> has no words"),
        (f"<Say>{'x' * 3001}</Say>", "13520: <Say> is longer than 3000 characters"),
        ('<Say language="nl_BE">a</Say>', "<Say> attribute language must be a language tag"),
        ('<Say language="pl-PL">a</Say>', "13512: <Say> twilio speaks no pl-PL in the pinned table"),
        ('<Say voice="alice">a</Say>', "13511: <Say> voice alice does not speak any language"),
        ('<Say voice="Polly.Lisa-Neural" language="nl-NL">a</Say>', "13511: <Say> voice Polly.Lisa-Neural"),
        ('<Say voice="Polly.Lisa-Generative" language="nl-BE">a</Say>', "13511: <Say> voice Polly.Lisa-G"),
        ('<Say voice="Google.nl-BE-Wavenet-A" language="nl-BE">a</Say>', "13511: <Say> voice Google.nl-BE"),
        ('<Say loop="-1">a</Say>', "<Say> attribute loop must be"),
        ('<Say rate="slow">a</Say>', "<Say> knows no attribute rate"),
    ],
)
def test_say(inside: str, sentence: str):
    """Words, and a voice that speaks their language."""
    assert refusal(inside).startswith(sentence)


def test_three_thousand_characters_can_be_spoken():
    """Tags do not count."""
    assert verbs(VOICED.format(f"<s>{'x' * 3000}</s>"))


# SSML, twilio.com/docs/voice/twiml/say/text-speech - tags and what they may hold.


@pytest.mark.parametrize(
    "inside",
    [
        '<break strength="weak" time="500ms"/>een',
        '<break time="1.5s"/>een',
        '<lang xml:lang="fr-FR">bonjour</lang>',
        "<p><s>een</s><s>twee</s></p>",
        '<phoneme alphabet="ipa" ph="pa">p</phoneme>',
        '<prosody rate="85%" volume="+6dB" pitch="-10%">een</prosody>',
        '<say-as interpret-as="digits">123</say-as>',
        '<sub alias="Belgische frank">bef</sub>',
        '<w role="amazon:VB">lees</w>',
    ],
)
def test_ssml_that_is_spoken(inside: str):
    """Each tag in its plain use."""
    assert verbs(VOICED.format(inside))


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<speak>een</speak>", "<speak> is not a verb"),
        ('<amazon:effect name="whispered">een</amazon:effect>', "<amazon:effect> is not a verb"),
        ('<prosody rate="very slow">een</prosody>', "<prosody> attribute rate must be x-slow, slow"),
        ('<break time="11s"/>een', "<break> attribute time must be 0 to 10 seconds"),
        (
            '<say-as interpret-as="money">5</say-as>',
            "<say-as> attribute interpret-as must be one of telephone",
        ),
        ("<s><p>een</p></s>", "<p> cannot stand inside <s>"),
        ("<break>een</break>", "<break> takes no text"),
        ("<Say>een</Say>", "<Say> cannot stand inside <Say>"),
        ("<emphasis>een</emphasis>", "<Say> a neural voice knows no <emphasis>"),
    ],
)
def test_ssml_that_is_refused(inside: str, sentence: str):
    """Tags nobody speaks, and tags in the wrong place."""
    assert refusal(VOICED.format(inside)).startswith(sentence)


# twilio.com/docs/voice/twiml/gather: attributes; only Say, Play and Pause may be nested (13320).


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ('<Gather numDigits="0"/>', "<Gather> attribute numDigits must be a whole number from 1"),
        ('<Gather numDigits="six"/>', "<Gather> attribute numDigits must be"),
        ('<Gather numDigits="٣"/>', "<Gather> attribute numDigits must be"),
        ('<Gather timeout="0"/>', "<Gather> attribute timeout must be a whole number from 1 to 120"),
        ('<Gather timeout="121"/>', "<Gather> attribute timeout must be"),
        ('<Gather finishOnKey="##"/>', "<Gather> attribute finishOnKey must be one key"),
        ('<Gather finishOnKey="A"/>', "<Gather> attribute finishOnKey must be one key"),
        ('<Gather actionOnEmptyResult="yes"/>', "<Gather> attribute actionOnEmptyResult must be one"),
        ("<Gather input=\"['dtmf', 'speech']\"/>", "<Gather> attribute input must be one of dtmf"),
        ('<Gather num_digits="6"/>', "<Gather> knows no attribute num_digits: did you mean numDigits?"),
        ('<Gather action=""/>', "<Gather> attribute action must be an http(s) or relative URL"),
        ("<Gather>uw pincode</Gather>", "<Gather> takes no text"),
        ("<Gather><Dial>+3225550100</Dial></Gather>", "13320: <Dial> cannot stand inside <Gather>"),
        ("<Gather><Redirect>/x</Redirect></Gather>", "13320: <Redirect> cannot stand inside <Gather>"),
        ("<Gather><Gather/></Gather>", "13320: <Gather> cannot stand inside <Gather>"),
        ("<Gather><Say/></Gather>", "13520: <Say> has no words"),
    ],
)
def test_gather(inside: str, sentence: str):
    """Typos and values the SDK lets through."""
    assert refusal(inside).startswith(sentence)


# twilio.com/docs/voice/twiml/gather#speechmodel, /api/errors/13327, /13331, /13335.


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ("", "13331: <Gather> language missing is not understood"),
        ('language="fr-BE"', "13331: <Gather> language fr-BE is not understood"),
        ('language="nl-BE" speechModel="phone_call"', "<Gather> speechModel phone_call does not know"),
        (
            'language="nl-BE" speechModel="deepgram_nova-3" speechTimeout="auto"',
            "13335: <Gather> speechTimeout=auto cannot go with a speechModel",
        ),
        ('language="nl-BE" speechTimeout="0"', "13327: <Gather> attribute speechTimeout must be"),
        (f'language="nl-BE" hints="{"x" * 101}"', "<Gather> attribute hints must be at most 500"),
        (f'language="nl-BE" hints="{",".join(["x"] * 501)}"', "<Gather> attribute hints must be"),
    ],
)
def test_speech(attributes: str, sentence: str):
    """A pair of language and model nobody understands makes the whole Gather fail."""
    assert refusal(f'<Gather input="dtmf speech" {attributes}/>').startswith(sentence)


# twilio.com/docs/voice/twiml/dial, /number, /sip.


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<Dial/>", "<Dial> holds text that must be a number in E.164 form"),
        ("<Dial>02 555 01 00</Dial>", "<Dial> holds text that must be a number in E.164"),
        ('<Dial timeout="4">+3225550100</Dial>', "<Dial> attribute timeout must be a whole number"),
        ('<Dial timeout="601">+3225550100</Dial>', "<Dial> attribute timeout must be"),
        ("<Dial>+3225550100<Number>+3225550101</Number></Dial>", "<Dial> holds a number and nested"),
        ("<Dial><Number>0032</Number></Dial>", "<Number> holds text that must be a number in E.164"),
        ("<Dial><Number/></Dial>", "<Number> holds text that must be"),
        ("<Dial><Sip>kantoor@pbx.be</Sip></Dial>", "<Sip> holds text that must be a sip: address"),
        (f"<Dial><Sip>sip:{'a' * 250}@b.be</Sip></Dial>", "<Sip> holds text that must be"),
        (f"<Dial>{'<Number>+3225550100</Number>' * 11}</Dial>", "<Dial> rings more than 10 places"),
        ("<Dial><Say>hi</Say></Dial>", "<Say> cannot stand inside <Dial>"),
        ('<Dial callerId="Jan Janssens">+3225550100</Dial>', "<Dial> attribute callerId must be"),
    ],
)
def test_dial(inside: str, sentence: str):
    """Whom to ring, for how long, and as whom."""
    assert refusal(inside).startswith(sentence)


def test_a_sip_target_may_carry_the_file_in_a_header():
    """The office's own switchboard gets the reference for its screen-pop."""
    headers = "X-Dossier=20230118&amp;User-to-User=32%3Bencoding%3Dhex"
    target = f"sip:desk@pbx.example.be;transport=tls;region=ie1?{headers}"
    assert verbs(f'<Dial action="/x" method="POST" answerOnBridge="true"><Sip>{target}</Sip></Dial>')


# twilio.com/docs/voice/twiml/record.


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ('maxLength="0"', "attribute maxLength must be a whole number from 1 to 14400"),
        ('maxLength="14401"', "attribute maxLength must be"),
        ('timeout="-1"', "attribute timeout must be a whole number from 0"),
        ('finishOnKey="AB"', "attribute finishOnKey must be keys out of 1234567890*#, or empty"),
        ('playBeep="no"', "attribute playBeep must be one of true, false"),
        ('trim="yes"', "attribute trim must be one of trim-silence, do-not-trim"),
        ('transcribe="true"', "knows no attribute transcribe"),
    ],
)
def test_record(attributes: str, sentence: str):
    """Transcription is American English only, so it is no attribute here."""
    assert refusal(f"<Record {attributes}/>").startswith(f"<Record> {sentence}")


# What only some providers have.


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        ("<Pause/>", "<Pause> somleng does not play it (capability pause)"),
        ("<Gather><Pause/></Gather>", "<Pause> somleng does not play it (capability pause)"),
        (VOICED.format("<s>een</s>"), "<s> somleng does not play it (capability ssml)"),
        ('<Gather input="speech"/>', "<Gather> somleng hears no speech: input must be dtmf"),
        ('<Gather hints="ja"/>', "<Gather> somleng has no attribute hints (capability speech)"),
        (
            '<Dial timeLimit="60">+3225550100</Dial>',
            "<Dial> somleng has no attribute timeLimit (capability dial_ex",
        ),
        ('<Record trim="do-not-trim"/>', "<Record> somleng has no attribute trim (capability record_trim)"),
    ],
)
def test_what_a_provider_cannot_play_is_refused(inside: str, sentence: str):
    """A profile is data: what it has no flag for is not in its grammar."""
    assert refusal(inside, PORTABLE).startswith(sentence)


def test_the_portable_subset_is_played_everywhere():
    """The verbs and attributes that every provider has are played without any capability."""
    gather = (
        '<Gather input="dtmf" action="/x" method="POST" timeout="5" numDigits="1" actionOnEmptyResult="true">'
    )
    inside = (
        f"{gather}{VOICED.format('een')}<Play>/s.wav</Play></Gather><Redirect method='POST'>/y</Redirect>"
    )
    assert [verb.name for verb in verbs(inside, PORTABLE)] == ["Gather", "Redirect"]
