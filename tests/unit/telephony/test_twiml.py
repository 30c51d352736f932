"""TwiML: the provider's own rule, with its path in the provider's documents, above the tests it governs."""

from __future__ import annotations

import dataclasses
import random
import re
from itertools import product
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from bridge.conversation.reply import Answer, DialTarget, LocalizedGather, ReplyEnd, Said, Whisper
from bridge.flow.turn_output import Gather, HangUp, Record, Redirect
from bridge.speech import RecordedWords
from bridge.telephony import voices
from bridge.telephony.document import MAX_SAY_CHARACTERS, clean, slow_down, split
from bridge.telephony.providers import TWILIO
from bridge.telephony.reply_check import MAX_BYTES, UnfitReplyError
from bridge.telephony.twiml import MAX_SPOKEN_CHARACTERS, Renderer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bridge.telephony.provider import Provider

PUBLIC = "https://bridge.example.be/line"
TURN = PUBLIC + "/voice/turn/4" + TWILIO.fragment
PLAIN = dataclasses.replace(
    TWILIO,
    name="plain",
    speech_recognition={},
    fragment="",
    empty_result=False,
    ssml=False,
    dial_extras=False,
    whisper=False,
    sip=False,
    record_trim=False,
)
HELLO = (Said("Goedendag.", "nl"),)
NUMBER, OURS = "+3225550100", "+3225550199"


def listening(
    digits: tuple[int, int], seconds: int, language: str, hints: tuple[str, ...] = ()
) -> LocalizedGather:
    return LocalizedGather(Gather("Call.step", digits, seconds), language, hints)


def read(reply: bytes) -> ET.Element:
    return ET.fromstring(reply)  # noqa: S314 - our own bytes


def render(then: ReplyEnd, said: Sequence[Said] = HELLO, provider: Provider = TWILIO) -> ET.Element:
    renderer = Renderer(PUBLIC, provider, voices.choose(provider.voices))
    return read(renderer.render(Answer(tuple(said), then, turn=4)))


def only(root: ET.Element, tag: str) -> ET.Element:
    (found,) = root.iter(tag)
    return found


# voice/twiml/gather: without input the next verb runs, with no webhook unless actionOnEmptyResult is set.
# Without an action the current address is asked again.
def test_a_gather_is_followed_by_a_redirect_to_its_own_action():
    """A caller who says nothing is heard, on every provider."""
    root = render(listening((1, 1), 5, "nl"))
    assert [verb.tag for verb in root] == ["Gather", "Redirect"]
    assert root[0].get("action") == root[1].text == TURN
    assert root[0].get("method") == root[1].get("method") == "POST"
    assert root[0].get("actionOnEmptyResult") == "true"


# voice/twiml/gather: nested Say is played "while waiting for input"; a key pressed ends it.
def test_the_words_before_a_gather_stand_in_it():
    """A caller who knows the menu need not listen to it."""
    root = render(listening((1, 1), 5, "nl"))
    assert only(root[0], "Say").text == "Goedendag."


# voice/twiml/gather: numDigits submits at once; finishOnKey (default #) ends the input earlier.
@pytest.mark.parametrize(
    ("digits", "num"), [((1, 1), "1"), ((0, 1), "1"), ((6, 6), "6"), ((1, 12), "32"), ((2, 6), "32")]
)
def test_a_fixed_number_of_keys_is_submitted_at_once(digits: tuple[int, int], num: str):
    """A PIN needs no hash; a file number ends with one, or where no honest caller presses on."""
    gather = only(render(listening(digits, 7, "nl")), "Gather")
    assert (gather.get("numDigits"), gather.get("finishOnKey"), gather.get("timeout")) == (num, "#", "7")


# voice/twiml/gather, speechModel: a language and a model that do not go together fail it, without failover.
@pytest.mark.parametrize(
    ("language", "locale", "model"),
    [
        ("nl", "nl-BE", "deepgram_nova-3"),
        ("fr", "fr-FR", "experimental_utterances"),
        ("de", "de-DE", None),
        ("en", "en-GB", None),
    ],
)
def test_a_menu_takes_words_in_its_language(language: str, locale: str, model: str | None):
    """Words are recognised with hints, uncensored, and the keypad works as before."""
    gather = only(render(listening((1, 1), 5, language, ("saldo", "plan, betalen"))), "Gather")
    assert gather.get("input") == "dtmf speech"
    assert gather.get("language") == locale
    assert gather.get("speechModel") == model
    assert gather.get("hints") == "saldo,plan betalen"
    assert (gather.get("speechTimeout"), gather.get("profanityFilter")) == ("2", "false")


@pytest.mark.parametrize("hints", [(), ("", "\x00", ",")])
def test_without_hints_only_the_keypad_is_heard(hints: tuple[str, ...]):
    """A PIN is never spoken aloud."""
    gather = only(render(listening((6, 6), 5, "nl", hints)), "Gather")
    assert gather.get("input") == "dtmf"
    assert not {"language", "hints", "speechTimeout", "speechModel", "profanityFilter"} & set(gather.keys())


# voice/twiml/dial: timeLimit in seconds, 4 h unless given; callerId must be a number of the account's own.
def test_a_transfer_shows_the_offices_number_and_has_an_end():
    """A call that is forgotten does not run for hours."""
    dial = only(render(DialTarget(NUMBER, OURS, 20)), "Dial")
    assert dial.attrib == {
        "action": TURN,
        "method": "POST",
        "callerId": OURS,
        "timeout": "20",
        "timeLimit": "3600",
        "answerOnBridge": "true",
    }
    assert only(dial, "Number").text == NUMBER


# voice/twiml/record: finishOnKey is any key, timeout seconds of silence; an empty recording calls no action.
def test_a_voicemail_that_stays_empty_is_not_the_end():
    """A caller who records nothing goes on to the next turn."""
    root = render(Record(120))
    assert [verb.tag for verb in root] == ["Say", "Record", "Redirect"]
    assert root[1].attrib == {
        "action": TURN,
        "method": "POST",
        "maxLength": "120",
        "timeout": "5",
        "finishOnKey": "1234567890*#",
        "playBeep": "true",
        "trim": "trim-silence",
        "recordingStatusCallback": PUBLIC + "/voice/recording" + TWILIO.fragment,
        "recordingStatusCallbackEvent": "completed absent",
        "recordingStatusCallbackMethod": "POST",
    }
    assert root[2].text == TURN


# voice/twiml/number, url: played to whoever answers, before the two are connected.
@pytest.mark.parametrize(
    ("whisper", "path"),
    [
        (Whisper("demo", "nl", known=True, wish="payment_plan"), "demo/nl/known/payment_plan"),
        (Whisper("office-2", "de", known=False), "office-2/de/unknown/-"),
    ],
)
def test_who_picks_up_is_told_before_the_caller_is_connected(whisper: Whisper, path: str):
    """The address says which office, which language, whether known, and what for; nothing of a file."""
    number = only(render(DialTarget(NUMBER, OURS, whisper=whisper)), "Number")
    assert number.text == NUMBER
    assert number.attrib == {"url": f"{PUBLIC}/voice/whisper/{path}{TWILIO.fragment}", "method": "POST"}


# voice/twiml/sip: headers stand behind a question mark, and a document may be played there too.
def test_an_offices_own_exchange_is_rung_in_place_of_its_number():
    """The file's id travels in a header, for the screen of whoever picks up."""
    address = "sip:desk@pbx.example.be:5061;transport=tls"
    dial = DialTarget(NUMBER, OURS, whisper=Whisper("demo", "fr", known=True), sip=address, file="2023 / 17")
    sip = only(render(dial), "Sip")
    assert sip.text == address + "?X-Tagor-File=2023%20%2F%2017"
    assert sip.get("url") == f"{PUBLIC}/voice/whisper/demo/fr/known/-{TWILIO.fragment}"
    assert only(render(dataclasses.replace(dial, file="")), "Sip").text == address


def test_a_provider_that_cannot_whisper_or_ring_an_exchange_rings_the_number():
    """The caller is connected all the same."""
    whisper = Whisper("demo", "nl", known=True)
    dial = DialTarget(NUMBER, OURS, whisper=whisper, sip="sip:desk@pbx.example.be;transport=tls", file="17")
    number = only(render(dial, provider=PLAIN), "Number")
    assert (number.text, number.attrib) == (NUMBER, {})


@pytest.mark.parametrize(
    "whisper",
    [
        Whisper("", "nl", known=True),
        Whisper("De Demo", "nl", known=True),
        Whisper("demo", "it", known=True),
        Whisper("demo", "nl", known=True, wish="Balance"),
        Whisper("demo", "nl", known=True, wish="a/b"),
    ],
)
def test_a_whisper_about_nothing_we_know_is_our_mistake(whisper: Whisper):
    """An address is never made of anything but our own words."""
    with pytest.raises(ValueError, match="a whisper names an office, one of our languages and a flow"):
        render(DialTarget(NUMBER, OURS, whisper=whisper))


# voice/twiml/gather: without actionOnEmptyResult silence goes on to the next verb, here to the end.
def test_a_whisper_asks_twice_for_a_key_and_then_leaves():
    """A mailbox says nothing and presses nothing, so it is not connected."""
    renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices))
    root = read(renderer.whisper([Said("Een beller.", "nl")], [Said("Toets 1.", "nl")]))
    assert [verb.tag for verb in root] == ["Gather", "Gather", "Hangup"]
    assert [only(round_, "Say").text for round_ in root[:2]] == ["Een beller.", "Toets 1."]
    assert root[0].attrib == {
        "input": "dtmf",
        "action": PUBLIC + "/voice/whisper/accept" + TWILIO.fragment,
        "method": "POST",
        "timeout": "6",
        "numDigits": "1",
        "finishOnKey": "#",
    }


# voice/twiml/redirect: the URL is the element's text.
def test_going_on_has_its_own_address():
    """Words that want no answer are followed by a nudge, which is no silence."""
    root = render(Redirect())
    assert [verb.tag for verb in root] == ["Say", "Redirect"]
    assert root[1].text == PUBLIC + "/voice/turn/4/on" + TWILIO.fragment


def test_hanging_up_is_said_and_done():
    """A call ends with words, or without any."""
    assert [verb.tag for verb in render(HangUp())] == ["Say", "Hangup"]
    assert [verb.tag for verb in render(HangUp(), ())] == ["Hangup"]


# voice/twiml/say/text-speech: the voice's locale must be the language attribute.
def test_every_language_speaks_with_its_own_voice():
    """One answer may hold several languages."""
    root = render(HangUp(), [Said("a", language) for language in voices.PINNED])
    assert [(say.get("voice"), say.get("language")) for say in root.iter("Say")] == [
        (voice.name, voice.locale) for voice in voices.PINNED.values()
    ]


def test_a_voice_of_france_says_numbers_as_belgians_do():
    """Where the pinned voice has vanished, the second one gets septante and nonante in words."""
    told = [Said("Il reste 91 euros.", "fr"), Said("Er staat nog 91 euro open.", "nl")]
    second = Renderer(PUBLIC, TWILIO, {**voices.PINNED, "fr": voices.SECOND["fr"]})
    spoken = [say.text for say in read(second.render(Answer(tuple(told), HangUp(), turn=4))).iter("Say")]
    assert spoken == ["Il reste nonante et un euros.", told[1].text]
    assert only(render(HangUp(), told[:1]), "Say").text == told[0].text


def test_a_language_without_a_voice_is_our_mistake():
    """The caller hears the last words instead of the wrong voice."""
    with pytest.raises(KeyError):
        render(HangUp(), [Said("Ciao", "it")])


# voice/twiml/say: SSML tags within Say; not counted as characters.
def test_slow_words_are_slow_on_every_provider():
    """Key 8: by a speaking rate where there is one, by commas elsewhere."""
    slow = [Said("Op dit dossier staat nog 12 euro open. Dag.", "nl", slow=True)]
    prosody = only(render(HangUp(), slow), "prosody")
    assert (prosody.get("rate"), prosody.text) == ("80%", slow[0].text)
    plain = only(render(HangUp(), slow, PLAIN), "Say")
    assert plain.text == "Op dit dossier, staat nog 12, euro open. Dag."


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("", ""),
        ("een", "een"),
        ("een twee drie", "een twee drie"),
        ("een twee drie vier", "een twee drie, vier"),
        ("een twee drie. vier", "een twee drie. vier"),
        ("1 2 3 4 5 6 7", "1 2 3, 4 5 6, 7"),
    ],
)
def test_a_breath_after_every_third_word(text: str, spoken: str):
    """The portable way to speak slowly adds nothing but commas."""
    assert slow_down(text) == spoken


def test_a_provider_without_extras_gets_only_what_all_understand():
    """No attribute of Twilio's own reaches another provider, and no fragment changes what it signs."""
    gather = only(render(listening((1, 1), 5, "nl", ("saldo",)), HELLO, PLAIN), "Gather")
    assert gather.attrib == {
        "action": PUBLIC + "/voice/turn/4",
        "method": "POST",
        "input": "dtmf",
        "timeout": "5",
        "numDigits": "1",
        "finishOnKey": "#",
    }
    dial = only(render(DialTarget(NUMBER, OURS), HELLO, PLAIN), "Dial")
    assert dial.attrib == {
        "action": PUBLIC + "/voice/turn/4",
        "method": "POST",
        "callerId": OURS,
        "timeout": "25",
    }


# usage/webhooks/webhooks-connection-overrides: 15 s for all attempts together; ct, rt in ms, rc retries.
def test_both_attempts_fit_into_the_time_a_call_waits():
    """The provider's second try must not come too late to be spoken."""
    override = dict(part.split("=") for part in TWILIO.fragment[1:].split("&"))
    assert (1 + int(override["rc"])) * (int(override["ct"]) + int(override["rt"])) < 15_000
    assert override["rp"] == "ct,rt,5xx"


# voice/twiml/say: Polly speaks 3,000 characters, and a longer Say is not spoken at all.
def test_long_words_are_split_where_a_sentence_ends():
    """Nothing is lost, and no prompt is longer than the voice's limit."""
    sentences = [f"Dit is zin nummer {number}." for number in range(300)]
    said = [say.text for say in render(HangUp(), [Said(" ".join(sentences), "nl")]).iter("Say")]
    assert len(said) == 3
    assert all(len(text) <= MAX_SAY_CHARACTERS and text.endswith(".") for text in said)
    assert " ".join(said) == " ".join(sentences)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("kort", ["kort"]),
        ("Een zin. Nog een.", ["Een zin.", "Nog een."]),
        ("Een! Twee? Drie.", ["Een! Twee?", "Drie."]),
        ("woordje woordje woord", ["woordje", "woordje", "woord"]),
        ("x" * 25, ["x" * 10, "x" * 10, "x" * 5]),
    ],
)
def test_pieces_are_cut_at_the_best_place(text: str, parts: list[str]):
    """After a sentence, else between words, else inside one."""
    assert list(split(text, 11 if " " in text else 10)) == parts


# usage/... 11750: a document of 64 kB or more is not read.
@pytest.mark.parametrize("letter", ["&", "<", "é", "\U0001f642", "x"])
def test_however_much_is_said_the_document_stays_readable(letter: str):
    """Ten minutes of any letters still fit, and what is beyond is not spoken."""
    words = [Said(letter * 4000, "nl"), Said(letter * 4000, "nl", slow=True), Said(letter * 4000, "nl")] * 2
    renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices))
    reply = renderer.render(Answer(tuple(words), listening((1, 1), 5, "nl"), 9999))
    assert len(reply) < MAX_BYTES
    assert sum(len("".join(say.itertext())) for say in read(reply).iter("Say")) == MAX_SPOKEN_CHARACTERS


def test_fallback_document_need_nobody():
    """An apology and the switchboard, with no webhook to come back to."""
    renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices))
    root = read(renderer.fallback_document(HELLO, DialTarget(NUMBER, OURS), [Said("Tot later.", "nl")]))
    assert [verb.tag for verb in root] == ["Say", "Dial", "Say", "Hangup"]
    assert "action" not in root[1].keys()  # noqa: SIM118 - an Element is no dict
    assert [verb.tag for verb in read(renderer.fallback_document(HELLO))] == ["Say", "Hangup"]


@pytest.mark.parametrize(
    "then",
    [
        DialTarget("0470 00 00 00", OURS),
        DialTarget(NUMBER, "anonymous"),
        DialTarget(NUMBER, OURS, 0),
        listening((0, 0), 5, "nl"),
        listening((33, 33), 5, "nl"),
        listening((1, 1), 0, "nl"),
        listening((1, 1), 5, "nl", ("x" * 101,)),
        listening((1, 1), 5, "nl", ("x",) * 501),
        Record(0),
        Record(100_000),
    ],
)
def test_an_answer_the_provider_cannot_run_never_leaves(then: ReplyEnd):
    """A wrong number, time or length is our error, not the caller's silence."""
    with pytest.raises(UnfitReplyError):
        render(then)


PAYLOADS = [
    *[f"Jan{chr(point)}sen" for point in [*range(9), 11, 12, *range(14, 32), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF]],
    *[f"a{chr(point)}b" for point in (0x7F, 0x80, 0x85, 0x9F, 0xAD, 0x200B, 0x2028, 0x2029, 0xFEFF)],
    *[f"a{chr(point)}b" for point in (0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2069, 0x61C, 0x200E)],
    *(
        "</Say><Dial>0900</Dial><Say>",
        "<Say>x</Say>",
        "</Gather><Hangup/>",
        "<Dial><Number>+44</Number></Dial>",
    ),
    *("]]>", "<![CDATA[x]]>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;", "&#0;", "&#x1F;", "&amp;lt;"),
    *(
        "<?xml version='1.0'?>",
        "<!-- x -->",
        "--><Hangup/>",
        "<audio src='http://x/y.mp3'/>",
        "<speak>x</speak>",
    ),
    *("<break time='60s'/>", "<prosody rate='1%'>x</prosody>", "<?php x ?>", "\" onload='x'", "'\"<>&"),
    *(
        "é à ç ß ü œ",
        "\U0001f642\U0001f468\u200d\U0001f469",
        "Z͑ͫa̴l̸g̵o",
        "\U0010ffff",
        "x" * 100_000,
        "x " * 50_000,
    ),
    *(
        "",
        " ",
        "\t\r\n",
        "0" * 3000,
        "%s {name} $(x)",
        "Robert'); DROP TABLE",
        "http://x.be/?a=b&c=d",
        "1 2 3",
    ),
    *(
        "<Redirect>http://x.be</Redirect>",
        "<Play>http://x.be/a.wav</Play>",
        "</Response>",
        "<Pause length='9'/>",
    ),
]
PLACES = [
    *product(("Beste {}.", "{}", "Van {} aan {}."), (False, True), (HangUp(), listening((1, 1), 5, "nl"))),
    ("{} euro.", False, Redirect()),
    ("{} euro.", True, Record(60)),
]


def test_the_list_of_payloads_is_as_long_as_promised():
    """Ninety payloads that a text field can hold are tried in every place of a document."""
    assert len(PAYLOADS) == 90
    assert len(PLACES) == 14


@pytest.mark.parametrize("place", PLACES, ids=range(14))
def test_no_text_from_outside_makes_markup(place: tuple[str, bool, ReplyEnd]):
    """Whatever Tagor holds, the document is well-formed and has the verbs of its harmless twin."""
    words, slow, then = place

    def verbs(text: str) -> tuple[str, set[str]]:
        said = [Said("Goedendag.", "nl"), Said(words.replace("{}", text), "nl", slow)]
        root = render(then, said)
        return "".join(verb.tag for verb in root if verb.tag != "Say"), {verb.tag for verb in root.iter()}

    for payload in PAYLOADS:
        outline, tags = verbs(payload)
        twin_outline, twin_tags = verbs("Janssens")
        assert outline == twin_outline
        assert tags <= twin_tags


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_what_is_spoken_is_what_was_written(payload: str):
    """Visible text survives as it is; what no voice can say is gone."""
    spoken = clean(payload)
    assert spoken.isprintable()
    assert re.sub(r"\s", "", spoken) == "".join(one for one in payload if one.isprintable() and one != " ")


def test_random_text_never_breaks_a_reply():
    """1,000 strings of any code points, markup and controls among them."""
    seed = 71_993
    dice = random.Random(seed)
    short = [payload for payload in PAYLOADS if len(payload) < 100]
    for _ in range(1_000):
        points = [
            dice.choice((dice.randrange(0x80), dice.randrange(0x110000))) for _ in range(dice.randint(0, 60))
        ]
        text = "".join(map(chr, points)) + dice.choice(short)
        root = render(listening((1, 1), 5, "nl", (text[:100],)), [Said(text, "fr", slow=dice.random() < 0.5)])
        assert {verb.tag for verb in root.iter()} <= {"Response", "Gather", "Say", "prosody", "Redirect"}, (
            seed
        )


# voice/twiml/gather and voice/twiml/play: a Gather may hold Play beside Say.
@pytest.mark.parametrize(
    ("slow", "words", "heard"),
    [
        (False, "Nog 5 euro open.", ["Play", "Say", "Play"]),
        (True, "Nog 5 euro open.", ["Say"]),
        (False, "x" * (MAX_SPOKEN_CHARACTERS + 1), ["Say", "Say", "Say"]),
    ],
)
def test_recorded_words_are_played_around_a_spoken_value(slow: bool, words: str, heard: list[str]):  # noqa: FBT001 - a caller's wish
    """None is slowed down or cut: whoever wants it slower, or hears too much, hears a voice."""
    sound = f"{PUBLIC}/sounds/nl-Balance.tell.text.1-0123456789abcdef.wav"
    recorded = RecordedWords("nl-Balance.tell.text.1", b"")
    said = Said(words, "nl", slow, (recorded, "5 euro", recorded))
    renderer = Renderer(PUBLIC, TWILIO, voices.choose(TWILIO.voices), recorded={recorded.name: sound})
    root = read(renderer.render(Answer((said,), listening((1, 1), 5, "nl"), turn=4)))
    assert [verb.tag for verb in root[0]] == heard
    assert {played.text for played in root.iter("Play")} == ({sound} if "Play" in heard else set())
