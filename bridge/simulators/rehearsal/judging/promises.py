"""The promises a rehearsal watches, by the names that `docs/security.md` and a broken story give them."""

PROMISES = {
    "INV1": "at most one effect for each confirmed decision",
    "INV2": "no effect without a confirmation that was written down before",
    "INV3": "nothing of a file before its PIN, and never of another file",
    "INV4": "every webhook gets a well-formed document, in 4 seconds and 64 KB",
    "INV5": "every call ends in an answer, a person or a word left, with 3 seconds of silence at most",
    "INV6": "a worker that dies in mid-call leaves nothing half done",
    "INV11": "Tagor is asked nothing that its contract does not have",
    "INV12": "one record at Tagor for each balance that is heard",
    "INV13": "what is told to have happened has happened, and what was denied has not",
    "INV14": "a repeated webhook gets the same bytes",
    "INV16": "closed only when it is closed, and never a dead end",
    "lost": "what was noted is settled, or somebody sees it",
    "note": "one note on the file for each call, and none twice",
    "words": "only sentences that somebody wrote",
    "error": "no error but those that the faults explain",
    "thread": "nothing breaks in the background",
}

PROVED_ELSEWHERE = {
    "INV7": "personal data in no sink: tests/leaks",
    "INV8": "PIN budgets to the number, in parallel: tests/store",
    "INV9": "money to the cent in four languages: tests/speech",
    "INV10": "ids stay text: tests/tagor, tests/fuzz",
    "INV15": "bounded resources over hours: bridge rehearse --live",
}
"""What cannot be seen here, and where it is."""

SECONDS, BYTES = 4.0, 64 * 1024
SILENCE = 3.0
"""The longest answer (seconds, bytes) and the longest silence (seconds)."""
