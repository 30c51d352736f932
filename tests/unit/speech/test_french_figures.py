"""French numbers for voices of France: Belgians say septante and nonante."""

import pytest

from bridge.speech import in_belgian_words


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Il reste 71 euros à payer.", "Il reste septante et un euros à payer."),
        ("99 centimes", "nonante-neuf centimes"),
        ("70 et 90", "septante et nonante"),
        ("1234 euros et 91 centimes", "1234 euros et nonante et un centimes"),
        ("1280 euros et 56 centimes", "1280 euros et 56 centimes"),
        ("1070 Bruxelles", "mille septante Bruxelles"),
        ("171 euros", "cent septante et un euros"),
        ("2000275 euros", "deux millions deux cent septante-cinq euros"),
        ("80090 euros", "quatre-vingt mille nonante euros"),
        ("300072 euros", "trois cent mille septante-deux euros"),
        ("71200 euros", "septante et un mille deux cents euros"),
        ("90081 euros", "nonante mille quatre-vingt-un euros"),
        ("90080 euros", "nonante mille quatre-vingts euros"),
        ("90100 euros", "nonante mille cent euros"),
        ("90016 euros", "nonante mille seize euros"),
        ("1000090 euros", "un million nonante euros"),
        ("1790000 euros", "un million sept cent nonante mille euros"),
        ("en 1997", "en mille neuf cent nonante-sept"),
    ],
)
def test_what_a_voice_of_france_would_say_in_another_way_is_written_out(text: str, spoken: str):
    """Everything else stays in figures, which every voice reads right."""
    assert in_belgian_words(text) == spoken


@pytest.mark.parametrize(
    "text", ["0 4 7 0, 9 1, 7 2", "B E 6 8, 5 3 9 0", "071", "1.97", "A71", "197000000071"]
)
def test_what_is_no_number_is_left_alone(text: str):
    """Figures one by one, references, and what is too long to be an amount."""
    assert in_belgian_words(text) == text
