"""The seal: only this bridge reads what it wrote, also after its secret was changed."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_former import formerly_sealed

from bridge.store.encryption import Sealer
from bridge.store.errors import DecryptionFailed

SEAL = Sealer(["first"])


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_to_the_same_bytes(clear: bytes):
    assert SEAL.open(SEAL.seal(clear)) == clear


def test_the_same_bytes_are_never_sealed_alike_twice():
    assert len({SEAL.seal(b"482913") for _ in range(100)}) == 100


def test_the_sealed_bytes_do_not_show_the_clear_ones():
    assert b"482913" not in SEAL.seal(b"482913")


@pytest.mark.parametrize(
    "harm",
    [
        lambda s: s[:-1],
        *(lambda s, at=at: s[:at] + bytes([s[at] ^ 1]) + s[at + 1 :] for at in (0, 1, 5, 20)),
        lambda s: s[:17],
        lambda s: s[:9],
        lambda _: b"",
        lambda _: b"\xff",
    ],
)
def test_changed_bytes_do_not_open(harm: Callable[[bytes], bytes]):
    sealed = SEAL.seal(b"balance")
    assert harm(sealed) != sealed
    with pytest.raises(DecryptionFailed):
        SEAL.open(harm(sealed))


def test_what_belongs_to_another_place_does_not_open():
    """Whoever can write into the database cannot give one call the state of another."""
    sealed = SEAL.seal(b"balance", "turns", "one call", 3)
    assert SEAL.open(sealed, "turns", "one call", 3) == b"balance"
    for place in (("turns", "one call", 4), ("turns", "another", 3), ("calls", "one call"), ()):
        with pytest.raises(DecryptionFailed):
            SEAL.open(sealed, *place)


def test_what_an_earlier_version_sealed_is_still_read_under_every_secret():
    """It used Fernet, whose key comes from the same secret."""
    former = formerly_sealed("first", b"balance")
    assert Sealer(["second", "first"]).open(former, "calls", "one call") == b"balance"
    with pytest.raises(DecryptionFailed):
        Sealer(["second"]).open(former, "calls", "one call")


def test_another_secret_does_not_open():
    with pytest.raises(DecryptionFailed, match="secret"):
        Sealer(["second"]).open(SEAL.seal(b"balance"))


def test_a_new_secret_in_front_still_opens_what_the_old_one_sealed():
    assert Sealer(["second", "first"]).open(SEAL.seal(b"balance")) == b"balance"


def test_the_first_secret_seals():
    assert Sealer(["second"]).open(Sealer(["second", "first"]).seal(b"balance")) == b"balance"


def test_a_dropped_secret_opens_nothing_any_more():
    sealed = SEAL.seal(b"balance")
    with pytest.raises(DecryptionFailed):
        Sealer(["second", "third"]).open(sealed)


@pytest.mark.parametrize("keys", [[], [""], ["good", ""]])
def test_a_missing_secret_is_refused_with_a_sentence(keys: list[str]):
    with pytest.raises(ValueError, match="at least one secret"):
        Sealer(keys)


def test_a_pseudonym_is_the_same_every_time_and_tells_nothing():
    name = SEAL.pseudonym("file", "gent", "12345")
    assert name == Sealer(["first"]).pseudonym("file", "gent", "12345")
    assert "12345" not in name
    assert len(name) == 64


def test_a_pseudonym_cannot_be_made_without_the_secret():
    plain = {hashlib.sha256(text).hexdigest() for text in (b"12345", b'["12345"]')}
    assert SEAL.pseudonym("12345") not in plain | {Sealer(["second"]).pseudonym("12345")}


def test_where_one_part_ends_makes_a_difference():
    assert SEAL.pseudonym("gent1", "2") != SEAL.pseudonym("gent", "12")


def test_pseudonyms_are_known_under_every_secret_the_first_one_first():
    both = Sealer(["second", "first"])
    assert both.pseudonyms("x") == (Sealer(["second"]).pseudonym("x"), SEAL.pseudonym("x"))
    assert both.pseudonym("x") == both.pseudonyms("x")[0]
