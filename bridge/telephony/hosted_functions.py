"""Reads and replaces the functions that a provider hosts for the line (Twilio's Serverless API).

A service has functions; each version of one is uploaded, versions are built together, and a build is deployed
to an environment, which has a domain of its own. What an environment runs is therefore told by its build.
"""

import http
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from bridge.telephony.provider import FunctionsApi
from bridge.telephony.rest import File, Form, NoRestAnswer, RestClient, is_api

_MAX_JSON_BYTES: Final = 1_000_000
_ENVIRONMENT: Final = "production"
_RUNTIME: Final = "node22"
_BUILD_LOOKS: Final = 60
_ID = re.compile(r"Z[A-Z][0-9a-f]{32}")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.twil\.io")

Row = Mapping[str, object]
_UNREADABLE = (
    "the provider's answer about its functions cannot be read: check that BRIDGE_PROVIDER_API is its address"
)


class HostingError(Exception):
    """The provider could not be asked about its functions, or does not run them; the sentence says why."""


class _NotThere(HostingError):
    """What was asked about is not there."""


class Hosted(NamedTuple):
    """What runs at the provider: the domain, and the source of each function by its path."""

    domain: str
    functions: Mapping[str, str]

    def address(self, path: str) -> str:
        """Give the address of the function at this path."""
        return f"https://{self.domain}{path}"


class HostedFunctions:
    """The functions of one service (`name`) of an account.

    Args:
        api: the provider's addresses.
        account: the account's id.
        token: the account's token.
        name: the service's unique name, which becomes part of its domain.
        seconds: how long one request may take.
        rest: waits so many seconds between two looks at a build.
        ca_file: the only authority to trust, if not the public ones.
    """

    def __init__(
        self,
        api: FunctionsApi,
        account: str,
        token: str,
        name: str,
        *,
        seconds: float = 10.0,
        rest: Callable[[float], None] = time.sleep,
        ca_file: str | None = None,
    ) -> None:
        if not (is_api(api.address) and is_api(api.uploads)):
            raise ValueError("the provider's address must look like https://serverless.twilio.com")
        self._rest, self._uploads = (
            RestClient(place, account, token, bearer=False, seconds=seconds, ca_file=ca_file)
            for place in (api.address, api.uploads)
        )
        self._name, self._pause = name, rest

    def read(self) -> Hosted | None:
        """Tell what runs there; None where there is no such service, or none that was ever deployed.

        Raises:
            HostingError: the provider gave no usable answer.
        """
        service = self._service()
        environment = self._environment(service) if service else None
        if not environment or not environment.get("build_sid"):
            return None
        build = self._ask("GET", f"{service}/Builds/{_id(environment, 'build_sid')}")
        versions = _rows(build, "function_versions")
        sources = {str(one.get("path")): self._source(service, one) for one in versions}
        return Hosted(_domain(environment), sources)

    def replace(self, functions: Mapping[str, str]) -> Hosted:
        """Let exactly these functions run there, by their paths; gives what runs then.

        Raises:
            HostingError: they do not run; what ran before may still run.
        """
        service = self._service() or self._made("/v1/Services", self._described())
        known = {
            str(one.get("friendly_name")): one for one in self._listed(service, "Functions", "functions")
        }
        versions = [
            self._uploaded(
                service,
                _id(known[path]) if path in known else self._new_function(service, path),
                path,
                source,
            )
            for path, source in functions.items()
        ]
        build = self._built(service, versions)
        environment = self._environment(service)
        if environment is None:
            environment = self._ask("POST", f"{service}/Environments", {"UniqueName": _ENVIRONMENT})
        self._ask("POST", f"{service}/Environments/{_id(environment)}/Deployments", {"BuildSid": build})
        return Hosted(_domain(environment), dict(functions))

    def _service(self) -> str:
        """Give the path of our service, "" while there is none."""
        try:
            return f"/v1/Services/{_id(self._ask('GET', f'/v1/Services/{self._name}'))}"
        except _NotThere:
            return ""

    def _described(self) -> dict[str, str]:
        # The function needs no way into the account, so it gets none.
        return {"UniqueName": self._name, "FriendlyName": self._name, "IncludeCredentials": "false"}

    def _made(self, place: str, form: Mapping[str, str]) -> str:
        return f"{place}/{_id(self._ask('POST', place, form))}"

    def _new_function(self, service: str, path: str) -> str:
        return _id(self._ask("POST", f"{service}/Functions", {"FriendlyName": path}))

    def _uploaded(self, service: str, function: str, path: str, source: str) -> str:
        place = f"{service}/Functions/{function}/Versions"
        file = ("Content", "function.js", source.encode(), "application/javascript")
        return _id(self._ask("POST", place, {"Path": path, "Visibility": "protected"}, file=file))

    def _built(self, service: str, versions: Sequence[str]) -> str:
        """Build these versions, and wait until that is done."""
        made = self._ask("POST", f"{service}/Builds", {"FunctionVersions": versions, "Runtime": _RUNTIME})
        build = _id(made)
        for _ in range(_BUILD_LOOKS):
            status = self._ask("GET", f"{service}/Builds/{build}/Status").get("status")
            if status == "completed":
                return build
            if status == "failed":
                raise HostingError("the provider could not build the function: look at its console")
            self._pause(1.0)
        raise HostingError("the provider did not build the function within a minute: try again")

    def _environment(self, service: str) -> Row | None:
        rows = self._listed(service, "Environments", "environments")
        return next((one for one in rows if one.get("unique_name") == _ENVIRONMENT), None)

    def _source(self, service: str, version: Row) -> str:
        function, this = _id(version, "function_sid"), _id(version)
        told = self._ask("GET", f"{service}/Functions/{function}/Versions/{this}/Content")
        return str(told.get("content"))

    def _listed(self, service: str, resource: str, name: str) -> list[Row]:
        return _rows(self._ask("GET", f"{service}/{resource}?PageSize=100"), name)

    def _ask(self, method: str, path: str, form: Form | None = None, *, file: File | None = None) -> Row:
        client = self._uploads if file else self._rest
        try:
            answer = client.request(method, path, _MAX_JSON_BYTES, form=form, file=file)
        except NoRestAnswer as error:
            raise HostingError(
                f"the provider did not answer about its functions ({error}): see that this machine reaches it"
            ) from None
        if answer.status in {http.HTTPStatus.UNAUTHORIZED, http.HTTPStatus.FORBIDDEN}:
            raise HostingError("the provider refused the account: check BRIDGE_ACCOUNT and BRIDGE_TOKENS")
        if answer.status not in {http.HTTPStatus.OK, http.HTTPStatus.CREATED}:
            kind = _NotThere if answer.status == http.HTTPStatus.NOT_FOUND else HostingError
            raise kind(
                f"the provider answered about its functions with status {answer.status}: look whether it "
                "reports a failure, and try again"
            )
        return _json(answer.body)


def _json(body: bytes) -> Row:
    try:
        told: object = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise HostingError(_UNREADABLE)
    return told


def _rows(told: Row, name: str) -> list[Row]:
    rows = told.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _id(row: Row, name: str = "sid") -> str:
    """Give an id that becomes part of an address, so it has its shape or there is none."""
    found = str(row.get(name))
    if not _ID.fullmatch(found):
        raise HostingError(_UNREADABLE)
    return found


def _domain(environment: Row) -> str:
    """Give the domain, which becomes a number's fallback, so it must be one of the provider's."""
    found = str(environment.get("domain_name"))
    if not _DOMAIN.fullmatch(found):
        raise HostingError("the provider told no usable domain of its functions: look at its console")
    return found
