"""Hosts functions as Twilio's Serverless API does, and runs them with node as it would for a webhook."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from bridge.simulators.provider.wire import Reply

_SERVICE = "/v1/Services/<service>"
_URLS = Map(
    [
        Rule("/v1/Services", endpoint="new_service", methods=["POST"]),
        Rule(_SERVICE, endpoint="service", methods=["GET"]),
        Rule(f"{_SERVICE}/Functions", endpoint="functions", methods=["GET"]),
        Rule(f"{_SERVICE}/Functions", endpoint="new_function", methods=["POST"]),
        Rule(f"{_SERVICE}/Functions/<function>/Versions", endpoint="new_version", methods=["POST"]),
        Rule(f"{_SERVICE}/Functions/<function>/Versions/<name>/Content", endpoint="content", methods=["GET"]),
        Rule(f"{_SERVICE}/Builds", endpoint="new_build", methods=["POST"]),
        Rule(f"{_SERVICE}/Builds/<name>", endpoint="build", methods=["GET"]),
        Rule(f"{_SERVICE}/Builds/<name>/Status", endpoint="status", methods=["GET"]),
        Rule(f"{_SERVICE}/Environments", endpoint="environments", methods=["GET"]),
        Rule(f"{_SERVICE}/Environments", endpoint="new_environment", methods=["POST"]),
        Rule(f"{_SERVICE}/Environments/<name>/Deployments", endpoint="deployment", methods=["POST"]),
    ]
)
# What a function finds around it, and one run of it whose answer is printed.
_RUN = """
global.Twilio = {{ Response: class {{
  headers = {{}};
  appendHeader(name, value) {{ this.headers[name] = value; }}
  setBody(body) {{ this.body = body; }}
}} }};
{source}
exports.handler({{}}, {event}, (trouble, response) => console.log(JSON.stringify(response)));
"""

Row = dict[str, Any]
PathValues = Mapping[str, str]


def run_function(source: str, event: Mapping[str, str]) -> Reply:
    """Run a function's source for one webhook with these parameters; raises RuntimeError without node."""
    node = shutil.which("node")
    if node is None:
        raise RuntimeError("a hosted function is JavaScript: install nodejs to run it")
    script = _RUN.format(source=source, event=json.dumps(event))
    done = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)  # noqa: S603 - ours
    told = json.loads(done.stdout)
    return 200, told["headers"], told["body"].encode()


@dataclass
class _Service:
    row: Row
    functions: list[Row] = field(default_factory=list)
    versions: dict[str, Row] = field(default_factory=dict)
    builds: dict[str, Row] = field(default_factory=dict)
    environments: list[Row] = field(default_factory=list)


class FunctionHost:
    """The functions of one account.

    `build_looks` is how often a build is still being made when somebody looks; with `fails`, none succeeds.
    """

    def __init__(self) -> None:
        self.build_looks, self.fails = 0, False
        self._services: list[_Service] = []
        self._made = 0

    def answer(self, request: Request) -> Response:
        """Answer one request of the API; raises werkzeug's HTTPException as a WSGI application would."""
        with request:  # files that came with it are closed
            return self._answer(request)

    def _answer(self, request: Request) -> Response:
        endpoint, values = _URLS.bind_to_environ(request.environ).match()
        if endpoint == "new_service":
            return _json(self._new_service(request), 201)
        service = self._found(values["service"])
        row = getattr(self, f"_{endpoint}")(service, request, values)
        return _json(row, 201 if request.method == "POST" else 200)

    def run(self, url: str, event: Mapping[str, str]) -> Reply:
        """Answer a webhook to the address of a hosted function as the function does; 404 where none is."""
        place = urlsplit(url)
        for service in self._services:
            for environment in service.environments:
                if environment["domain_name"] == place.netloc and environment["build_sid"]:
                    build = service.builds[environment["build_sid"]]
                    for version in build["function_versions"]:
                        if version["path"] == place.path:
                            return run_function(service.versions[version["sid"]]["content"], event)
        return 404, {}, b""

    def _sid(self, kind: str) -> str:
        self._made += 1
        return f"Z{kind}{self._made:032x}"

    def _found(self, name: str) -> _Service:
        for service in self._services:
            if name in {service.row["sid"], service.row["unique_name"]}:
                return service
        raise NotFound

    def _new_service(self, request: Request) -> Row:
        row = {"sid": self._sid("S"), "unique_name": request.form["UniqueName"]}
        self._services.append(_Service(row))
        return row

    def _service(self, service: _Service, _request: Request, _values: PathValues) -> Row:
        return service.row

    def _functions(self, service: _Service, _request: Request, _values: PathValues) -> Row:
        return {"functions": service.functions}

    def _new_function(self, service: _Service, request: Request, _values: PathValues) -> Row:
        row = {"sid": self._sid("H"), "friendly_name": request.form["FriendlyName"]}
        service.functions.append(row)
        return row

    def _new_version(self, service: _Service, request: Request, values: PathValues) -> Row:
        if values["function"] not in {row["sid"] for row in service.functions}:
            raise NotFound
        file = request.files["Content"]
        if file.mimetype != "application/javascript" or request.form["Visibility"] != "protected":
            raise BadRequest
        row = {"sid": self._sid("N"), "function_sid": values["function"], "path": request.form["Path"]}
        service.versions[row["sid"]] = {**row, "content": file.read().decode()}
        return row

    def _content(self, service: _Service, _request: Request, values: PathValues) -> Row:
        version = service.versions.get(values["name"])
        if version is None:
            raise NotFound
        return {"sid": version["sid"], "content": version["content"]}

    def _new_build(self, service: _Service, request: Request, _values: PathValues) -> Row:
        named = [service.versions[str(one)] for one in request.form.getlist("FunctionVersions")]
        told = ("sid", "function_sid", "path")
        versions: list[Row] = [{name: one[name] for name in told} for one in named]
        row: Row = {"sid": self._sid("B"), "function_versions": versions, "looks": 0}
        service.builds[row["sid"]] = row
        return row

    def _build(self, service: _Service, _request: Request, values: PathValues) -> Row:
        return service.builds[values["name"]]

    def _status(self, service: _Service, _request: Request, values: PathValues) -> Row:
        build = service.builds[values["name"]]
        build["looks"] += 1
        ended = "failed" if self.fails else "completed"
        return {"sid": build["sid"], "status": ended if build["looks"] > self.build_looks else "building"}

    def _environments(self, service: _Service, _request: Request, _values: PathValues) -> Row:
        return {"environments": service.environments}

    def _new_environment(self, service: _Service, request: Request, _values: PathValues) -> Row:
        domain = f"{service.row['unique_name']}-1234.twil.io"
        name = request.form["UniqueName"]
        row = {"sid": self._sid("E"), "unique_name": name, "domain_name": domain, "build_sid": None}
        service.environments.append(row)
        return row

    def _deployment(self, service: _Service, request: Request, values: PathValues) -> Row:
        [environment] = [row for row in service.environments if row["sid"] == values["name"]]
        environment["build_sid"] = request.form["BuildSid"]
        return {"sid": self._sid("D"), "build_sid": environment["build_sid"]}


def _json(content: Mapping[str, object], status: int) -> Response:
    return Response(json.dumps(content), status=status, mimetype="application/json")
