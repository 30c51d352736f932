"""The promises that a rehearsal watches, by the names that `docs/security.md` and a broken scenario use."""

PROMISES = {
    "INV1": "at most one effect for each confirmed decision",
    "INV2": "no effect without a confirmation that was written down before",
    "INV3": "nothing of a file before its PIN, and never of another file",
    "INV4": "every webhook gets a well-formed document, in 4 seconds and 64 KB",
    "INV5": "every call ends in an answer, a person or a word left, with 3 seconds of silence at most",
    "INV6": "a worker that dies in mid-call leaves nothing half done",
    "INV7": "no name, number or PIN in the log, and nothing of a call once it is over",
    "INV8": "a file's PIN is tried five times a day at most, and a round counts once, with a verdict only",
    "INV9": "amounts, dates and plans are heard to the cent as Tagor has them, in the caller's language",
    "INV10": "Tagor is asked about files and people by their own ids, digit by digit",
    "INV11": "Tagor is asked nothing that its contract does not have",
    "INV12": "one record at Tagor for each balance that is heard",
    "INV13": "what is told to have happened has happened, and what was denied has not",
    "INV14": "a repeated webhook gets the same bytes",
    "INV16": "closed only when it is closed, and never a dead end",
    "lost": "what was noted is settled, or an employee has a task",
    "note": "one note on the file for each call, none twice, and nothing in it that nobody heard",
    "asked": "a question lets go after four rounds, and * tells again all that led to it",
    "words": "only sentences that somebody wrote",
    "error": "no error but those that the faults explain",
    "thread": "nothing breaks in the background",
}

PROVED_ELSEWHERE = {"INV15": "bounded resources over hours: bridge rehearse --live"}
"""What cannot be seen here, and where it is proved."""

SECONDS, BYTES = 4.0, 64 * 1024
"""The longest answer, in time and in size."""
SILENCE, HEALTHY_SILENCE = 3.0, 1.2
"""The longest silence in seconds: whatever happens, and while nothing is wrong."""
