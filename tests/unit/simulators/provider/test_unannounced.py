"""What the provider posts unannounced is what was seen of it: odd values, absent ones, and headers of SIP."""

from random import Random

from bridge.simulators.provider.unannounced import with_odd_values

SPOKEN = (("SpeechResult", "saldo"), ("Confidence", "0.91"))
DIALLED = (("DialCallStatus", "busy"), ("DialCallDuration", "0"))


def test_how_sure_the_recogniser_is_may_be_no_number_or_absent():
    """The words themselves always come as they were said."""
    written = [with_odd_values(SPOKEN, Random(seed)) for seed in range(20)]
    assert {*written} == {(("SpeechResult", "saldo"), ("Confidence", "NaN")), (("SpeechResult", "saldo"),)}


def test_a_dial_over_sip_brings_its_call_its_headers_and_a_code():
    """The headers are the colleague's exchange's own; what was not dialled brings none of them."""
    written = dict(with_odd_values(DIALLED, Random(1)))
    assert written.items() >= {"DialCallStatus": "busy", "DialCallDuration": "12.5"}.items()
    assert {name.partition("_")[0] for name in written} >= {
        "DialSipCallId",
        "DialSipHeader",
        "DialSipResponseCode",
    }
    assert not any(name.startswith("Dial") for name, _ in with_odd_values(SPOKEN, Random(1)))
