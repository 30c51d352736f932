"""The functions that a provider hosts: read as they run, replaced as a whole, and never half believed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from telephony_sounds import provider, saying

from bridge.simulators.provider.api import RestApi
from bridge.telephony.hosted_functions import Hosted, HostedFunctions, HostingError
from bridge.telephony.provider import FunctionsApi

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT, TOKEN, NAME = "AC" + "0a" * 16, "a token of the test account", "bridge-fallback-test"
ONE, OTHER = {"/fallback-one": "exports.handler = 1;"}, {"/fallback-other": 'exports.handler = "é";'}
SERVICE = {"sid": "ZS" + "0" * 32}
ENVIRONMENT = {
    "sid": "ZE" + "0" * 32,
    "unique_name": "production",
    "domain_name": "a-1234.twil.io",
    "build_sid": "ZB" + "0" * 32,
}


@pytest.fixture
def api() -> Iterator[RestApi]:
    """An account that hosts nothing yet."""
    with RestApi(ACCOUNT, TOKEN) as running:
        yield running


def ours(url: str, token: str = TOKEN, waited: list[float] | None = None) -> HostedFunctions:
    rest = ([] if waited is None else waited).append
    return HostedFunctions(FunctionsApi(address=url, uploads=url), ACCOUNT, token, NAME, rest=rest)


def test_nothing_runs_before_anything_was_deployed(api: RestApi):
    """Neither without a service, nor in one whose functions were never built."""
    assert ours(api.url).read() is None
    api.functions.fails = True
    with pytest.raises(HostingError, match="could not build"):
        ours(api.url).replace(ONE)
    assert ours(api.url).read() is None


def test_what_was_replaced_runs(api: RestApi):
    """All functions of the service and no other; a second time changes them in the same place."""
    first = ours(api.url).replace(ONE)
    assert first == ours(api.url).read() == Hosted(f"{NAME}-1234.twil.io", ONE)
    assert first.address("/fallback-one") == f"https://{NAME}-1234.twil.io/fallback-one"
    both = {"/fallback-one": "exports.handler = 2;", **OTHER}
    assert ours(api.url).replace(both) == ours(api.url).read() == Hosted(first.domain, both)
    ours(api.url).replace(OTHER)
    assert ours(api.url).read() == Hosted(first.domain, OTHER)


def test_a_build_is_waited_for(api: RestApi):
    """It is looked at once a second, for a minute at most."""
    api.functions.build_looks = 3
    waited = list[float]()
    ours(api.url, waited=waited).replace(ONE)
    assert waited == [1.0, 1.0, 1.0]
    api.functions.build_looks = 1000
    with pytest.raises(HostingError, match="within a minute"):
        ours(api.url, waited=waited).replace(OTHER)
    assert len(waited) == 63


def test_a_wrong_token_is_told_without_it(api: RestApi):
    """With the settings to look at."""
    with pytest.raises(HostingError, match="BRIDGE_ACCOUNT and BRIDGE_TOKENS") as caught:
        ours(api.url, "another secret").read()
    assert "another secret" not in str(caught.value)


def test_a_provider_that_is_away_is_told():
    """By what went wrong, without an address."""
    with pytest.raises(HostingError, match="ConnectionRefusedError"):
        ours("http://127.0.0.1:1").read()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([b"no JSON"], "cannot be read"),
        ([b"[" * 99_999], "cannot be read"),
        ([b"[]"], "cannot be read"),
        ([{}], "cannot be read"),
        ([{"sid": "ZS1/../../Accounts"}], "cannot be read"),
        ([SERVICE, {"environments": [{**ENVIRONMENT, "build_sid": "1"}]}], "cannot be read"),
        (
            [SERVICE, {"environments": [{**ENVIRONMENT, "domain_name": "example.com"}]}, {}],
            "no usable domain",
        ),
    ],
)
def test_an_answer_of_another_shape_is_no_hosted_function(answers: list[Any], sentence: str):
    """Ids become parts of addresses, and the domain a number's fallback."""
    said = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in answers]
    plays = [saying("200 OK", body) for body in said]
    with provider(*plays) as (url, _), pytest.raises(HostingError, match=sentence):
        ours(url).read()


@pytest.mark.parametrize("rows", [None, 1, [], [1], [{"unique_name": "staging"}]])
def test_what_is_no_environment_of_ours_counts_for_nothing(rows: object):
    """So nothing runs there."""
    plays = [saying("200 OK", json.dumps(told).encode()) for told in (SERVICE, {"environments": rows})]
    with provider(*plays) as (url, _):
        assert ours(url).read() is None


def test_another_status_is_told():
    """What it is about, too."""
    with (
        provider(saying("500 Internal Server Error")) as (url, _),
        pytest.raises(HostingError, match="about its functions with status 500"),
    ):
        ours(url).read()


@pytest.mark.parametrize("name", ["address", "uploads"])
def test_an_address_that_cannot_be_the_providers_is_refused(name: str):
    """Encrypted, or this machine."""
    places = {"address": "https://a.example", "uploads": "https://b.example", name: "http://a.example"}
    with pytest.raises(ValueError, match="must look like https"):
        HostedFunctions(FunctionsApi(**places), ACCOUNT, TOKEN, NAME)
