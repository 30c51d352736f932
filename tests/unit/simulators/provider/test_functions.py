"""The provider's host of functions: what was deployed answers webhooks, and nothing else does."""

from collections.abc import Iterator

import pytest
import requests
from shared_programs import needed

from bridge.simulators.provider.account import TWILIO
from bridge.simulators.provider.api import RestApi
from bridge.simulators.provider.functions import run_function
from bridge.simulators.provider.profiles import PROFILES
from bridge.telephony.hosted_functions import HostedFunctions
from bridge.telephony.provider import FunctionsApi

ACCOUNT, TOKEN = "AC" + "0" * 32, "a token of the test account"
ECHO = """
exports.handler = function (context, event, callback) {
  const response = new Twilio.Response();
  response.appendHeader("Content-Type", "text/xml");
  response.setBody(`<Response><Say>${event.Digits}</Say></Response>`);
  return callback(null, response);
};
"""


@pytest.fixture
def api() -> Iterator[RestApi]:
    with RestApi(ACCOUNT, TOKEN) as running:
        yield running


def test_what_is_deployed_answers_webhooks(api: RestApi):
    """By its domain and path, with the webhook's parameters; elsewhere there is nothing."""
    needed("node", "nodejs")
    places = FunctionsApi(address=api.url, uploads=api.url)
    ours = HostedFunctions(places, ACCOUNT, TOKEN, "echo", rest=lambda _: None)
    address = ours.replace({"/echo": ECHO}).address("/echo")
    assert api.functions.run(address, {"Digits": "7"}) == (
        200,
        {"Content-Type": "text/xml"},
        b"<Response><Say>7</Say></Response>",
    )
    assert api.functions.run(f"{address}x", {})[0] == 404
    assert api.functions.run("https://elsewhere.twil.io/echo", {})[0] == 404


def test_without_node_nothing_can_run(monkeypatch: pytest.MonkeyPatch):
    """And it says what to install."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RuntimeError, match="install nodejs"):
        run_function(ECHO, {})


def _known(api: RestApi) -> tuple[str, str]:
    """A service and a function of it, by their ids."""
    auth = (ACCOUNT, TOKEN)

    def made(place: str, form: dict[str, str]) -> str:
        answer = requests.post(f"{api.url}{place}", data=form, auth=auth, timeout=5)
        assert answer.status_code == 201
        return str(answer.json()["sid"])

    service = made("/v1/Services", {"UniqueName": "echo"})
    return service, made(f"/v1/Services/{service}/Functions", {"FriendlyName": "/echo"})


@pytest.mark.parametrize(
    ("function", "kind", "visibility", "status"),
    [
        ("", "application/javascript", "protected", 201),
        ("ZH" + "9" * 32, "application/javascript", "protected", 404),
        ("", "text/plain", "protected", 400),
        ("", "application/javascript", "public", 400),
    ],
)
def test_a_version_is_taken_as_the_provider_takes_it(
    api: RestApi, function: str, kind: str, visibility: str, status: int
):
    """JavaScript, for its own webhooks only, of a function that there is."""
    service, known = _known(api)
    answer = requests.post(
        f"{api.url}/v1/Services/{service}/Functions/{function or known}/Versions",
        data={"Path": "/echo", "Visibility": visibility},
        files={"Content": ("function.js", ECHO, kind)},
        auth=(ACCOUNT, TOKEN),
        timeout=5,
    )
    assert answer.status_code == status


@pytest.mark.parametrize("place", ["", "/Functions/ZH1/Versions/ZN1/Content"])
def test_what_is_not_there_is_not_found(api: RestApi, place: str):
    """A service by a name that was never given, and a version that was never uploaded."""
    service = f"{_known(api)[0]}{place}" if place else "nobody"
    assert (
        requests.get(f"{api.url}/v1/Services/{service}", auth=(ACCOUNT, TOKEN), timeout=5).status_code == 404
    )


def test_other_providers_host_no_functions():
    """Only Twilio does; and nobody asks without the account's token."""
    assert [name for name, profile in PROFILES.items() if profile.functions] == ["twilio"]
    with RestApi(ACCOUNT, TOKEN, profile=PROFILES["somleng"]) as other:
        assert requests.get(f"{other.url}/v1/Services/x", auth=(ACCOUNT, TOKEN), timeout=5).status_code == 404
    with RestApi(ACCOUNT, TOKEN, profile=TWILIO) as api:
        assert requests.get(f"{api.url}/v1/Services/x", timeout=5).status_code == 401
