"""The edges of how an amount is written."""

import pytest

from bridge.speech.numbers import parse_amount


@pytest.mark.parametrize("text", ["1E+999", "1E-999", "-1.5E+1", "0"])
def test_what_str_writes_is_read(text: str):
    """A power of ten has up to three digits."""
    assert str(parse_amount(text)) in (text, "-15")


@pytest.mark.parametrize("text", ["1E+1234", "1E+", "1.E+1", "E+1", "--1", "1.5.5"])
def test_what_str_never_writes_is_refused(text: str):
    """As an error, not as a very large number."""
    with pytest.raises(ValueError, match="figures and a point"):
        parse_amount(text)
