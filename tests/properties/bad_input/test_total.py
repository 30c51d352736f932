"""The bad inputs are as many as were promised, class by class."""

from bad_input_caller import CALLER_IDS, DTMF, SPEECH, UNICODE_DIGITS
from bad_input_configuration import OFFICES, SETTINGS
from bad_input_recordings import REPORTS
from bad_input_requests import REFUSED, SAME
from bad_input_sequences import SEQUENCES
from bad_input_tagor import AMOUNTS, DATES, IDS, JSON_SHAPES, NUMBERS, PAYLOADS, TEXT_FIELDS

PROMISED = {
    "strings of keys": (DTMF, 256),
    "digits of other scripts": (UNICODE_DIGITS, 20),
    "caller ids": (CALLER_IDS, 60),
    "texts of Tagor": ([(field, text) for field in TEXT_FIELDS for text in PAYLOADS], 1260),
    "shapes of Tagor's answers": (JSON_SHAPES, 392),
    "amounts": (AMOUNTS, 160),
    "ids": ([*IDS, *NUMBERS], 24),
    "dates": ([*DATES], 20),
    "requests": ([*SAME, *REFUSED], 50),
    "sequences": ([sequence.name for sequence in SEQUENCES], 40),
    "utterances": (SPEECH, 40),
    "reports of recordings": ([str(report) for report in REPORTS], 30),
    "configurations": ([*SETTINGS, *OFFICES], 40),
}


def test_2392_bad_inputs_no_two_alike():
    """No class is short of one, and none counts one twice."""
    sizes = {name: (len(cases), len(set(cases))) for name, (cases, _) in PROMISED.items()}
    assert sizes == {name: (wanted, wanted) for name, (_, wanted) in PROMISED.items()}
    assert sum(wanted for _, wanted in PROMISED.values()) == 2392
