"""A request that is still arriving: when all of it is here, and what is too large for any of ours."""

import pytest
from gunicorn.config import Config

from bridge.app.incoming_request import MAX_BODY_BYTES, MAX_HEAD_BYTES, IncomingRequest, RequestTooLargeError

HEAD = b"POST /voice HTTP/1.1\r\nHost: x\r\n"
FORM = HEAD + b"Content-Length: 9\r\n\r\nCallSid=1"
CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nCall\r\n5\r\nSid=1\r\n0\r\n\r\n"
TRAILERS = CHUNKS.replace(b"0\r\n\r\n", b"0\r\nX-Late: 1\r\n\r\n")


def incoming() -> IncomingRequest:
    return IncomingRequest(Config(), ("127.0.0.1", 1))


@pytest.mark.parametrize(
    "whole", [HEAD + b"\r\n", FORM, CHUNKS, TRAILERS], ids=["head", "form", "chunks", "trailers"]
)
def test_a_request_is_whole_with_its_last_byte(whole: bytes):
    """Byte by byte it is whole at the last one; all at once, and with the next request behind it, too."""
    request = incoming()
    assert [request.add(bytes([byte])) for byte in whole] == [False] * (len(whole) - 1) + [True]
    assert incoming().add(whole)
    assert incoming().add(whole + FORM[:20])
    assert request.received == whole


@pytest.mark.parametrize(
    "malformed",
    [
        HEAD + b"Content-Length: x\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"\x16\x03\x01\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n0\r\n\r\n",
    ],
)
def test_what_gunicorn_refuses_is_handed_to_it(malformed: bytes):
    """It waits for nothing more, and answers as it always does."""
    assert incoming().add(malformed)


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (HEAD + b"X: " + b"x" * MAX_HEAD_BYTES, b"431"),
        (HEAD + b"Content-Length: %d\r\n\r\n" % (MAX_HEAD_BYTES + MAX_BODY_BYTES), b"413"),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n" + b"x" * (MAX_HEAD_BYTES + MAX_BODY_BYTES),
            b"413",
        ),
    ],
)
def test_a_request_larger_than_any_of_ours_is_refused(received: bytes, status: bytes):
    """It is never collected to its end, so that nobody fills the memory."""
    with pytest.raises(RequestTooLargeError) as refused:
        incoming().add(received)
    assert refused.value.answer.split(b" ")[1] == status


def test_a_body_of_the_largest_size_is_collected():
    """The webhook verifier, which knows the exact limit, has its say."""
    request = incoming()
    assert not request.add(HEAD + b"Content-Length: %d\r\n\r\n" % MAX_BODY_BYTES)
    assert request.add(b"x" * MAX_BODY_BYTES)


def test_a_client_may_wait_for_leave_to_send_its_body():
    """Curl does so with large forms."""
    request = incoming()
    assert not request.add(HEAD + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n")
    assert request.waits_for_leave
    assert request.add(b"CallSid=1")
