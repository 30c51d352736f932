"""Errors of commands as sentences: whatever an operator can mend is told without a traceback."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import click

from bridge.flow.errors import FlowError
from bridge.office.reading import OfficeError
from bridge.settings import SettingsError
from bridge.simulators.demo import DemoError
from bridge.simulators.provider.errors import HandsetError
from bridge.simulators.tagor import PortBusy
from bridge.speech import CatalogueError
from bridge.store.errors import StoreError

BAD_SETTINGS = 78
F = TypeVar("F", bound=Callable[..., Any])


@contextmanager
def _sentences() -> Iterator[None]:
    """Whatever an operator can mend is told in sentences, never as a traceback."""
    try:
        yield
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_SETTINGS)
    except (OfficeError, CatalogueError, FlowError, StoreError, DemoError, PortBusy, HandsetError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)


def told(function: F) -> F:
    """Run a command so that its errors are sentences: status 78 for settings, else 1."""

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's own arguments
        with _sentences():
            return function(*args, **kwargs)

    return command  # type: ignore[return-value]  # the same function, told in sentences
