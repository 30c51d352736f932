"""A browser before the console, and the people who may open it."""

import re
from typing import TYPE_CHECKING, Any

from flask import Flask

from bridge.web.console.context import ConsoleOffice

if TYPE_CHECKING:
    from flask.testing import FlaskClient

ORIGIN = {"Origin": "http://localhost"}
PASSWORD = "twelve signs or more"
PEOPLE = {
    "sara": ("see", "*"),
    "otto": ("operate", "*"),
    "anna": ("administer", "*"),
    "hugo": ("administer", "aalst"),
}
OFFICES = (
    ConsoleOffice("demo", ("nl", "fr"), ("post", "trust")),
    ConsoleOffice("aalst", ("nl",), ("post",), {"nl": "Kantoor aalst"}),
)


class Visitor:
    """A browser before the console, which carries the tokens of the forms it was shown."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, address: str, **more: Any) -> Any:  # noqa: ANN401 - Flask's
        return self.client.get(f"/console{address}", **more)

    def token(self, address: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(address).text)
        assert found
        return found[1]

    def post(self, address: str, *, shown: str = "/work", **form: str) -> Any:  # noqa: ANN401 - as above
        form = {"csrf_token": self.token(shown), **form}
        return self.client.post(f"/console{address}", data=form, headers=ORIGIN)

    def log_in(self, name: str, password: str = PASSWORD) -> Any:  # noqa: ANN401 - as above
        return self.post("/login", shown="/login", name=name, password=password)
