"""Good input made bad: cut, doubled, spliced with what has broken parsers before."""

from collections.abc import Sequence
from random import Random

HOT = [
    *(
        "",
        "\x00",
        "\x1f",
        "\x7f",
        "\x85",
        "\u200b",
        "\u202e",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "\ud800",
        "\U0010ffff",
    ),
    *("0", "-0", "1", "-1", "00", "0.005", "1e400", "1e-400", "NaN", "Infinity", "null", "true", "9" * 40),
    *(
        "12,50",
        "1.234,56",
        "\u0663",
        "\u00b2",
        "\uff13",
        "2026-02-30",
        "0000-00-00",
        "9999-12-31",
        "T24:00:00",
    ),
    *("%", "%00", "%zz", "%C3", "&", "&&", "=", "==", "+", ";", "#", "?", "/", "\\", '"', "'", "`", "|", ":"),
    *("[", "]", "{", "}", "[" * 999, "{}", "[]", '"""', "\r\n", "\n", "\t", " ", "e\u0301", "\U0001f600"),
    *("<", ">", "&amp;", "]]>", "<!DOCTYPE", "{owed}", "%s", "x" * 5000),
]


def mutated(text: str, rng: Random, more: Sequence[str] = ()) -> str:
    """The text, changed in one to four places."""
    for _ in range(rng.randint(1, 4)):
        at, to = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        to = min(to, at + rng.choice((0, 1, 1, 2, 8, 200)))
        match rng.randrange(6):
            case 0:
                text = text[:at] + text[to:]
            case 1:
                text = text[:to] + text[at:to] + text[to:]
            case 2:
                text = text[:at] + chr(rng.choice((rng.randrange(128), rng.randrange(0x3000)))) + text[to:]
            case 3 if more:
                text = text[:at] + rng.choice(more) + text[to:]
            case _:
                text = text[:at] + rng.choice(HOT) + text[to:]
    return text
