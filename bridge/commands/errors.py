"""Tells mistakes in sentences: what an operator can mend never ends a command with a traceback."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

BAD_SETTINGS = 78
"""The exit status for wrong settings; it is EX_CONFIG of sysexits.h, which process managers know."""

F = TypeVar("F", bound=Callable[..., Any])


def tells_errors(function: F) -> F:
    """Make a command print its errors as sentences and end with status 78 for settings, else 1."""

    @wraps(function)
    def command(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's own arguments
        try:
            return function(*args, **kwargs)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            status = _status(error)
            if status is None:
                raise
            click.echo(_sentence(error), err=True)
            sys.exit(status)

    return command  # type: ignore[return-value]  # the same function with the same arguments


def _status(error: Exception) -> int | None:
    """Return the exit status of an error that an operator can mend; None for a mistake of the program."""
    # These rooms are imported only now: a command that ends well needs few of them.
    from bridge.checks.provider_numbers import CannotConnect
    from bridge.flow.errors import FlowError
    from bridge.office.reading import OfficeError
    from bridge.operations.reload import ReloadError
    from bridge.operations.restart import RestartError
    from bridge.settings import SettingsError
    from bridge.simulators.demo import DemoError
    from bridge.simulators.provider.errors import HandsetError
    from bridge.simulators.tagor import PortBusy
    from bridge.speech import CatalogueError
    from bridge.store.errors import StoreError
    from bridge.telephony.hosted_functions import HostingError
    from bridge.telephony.number_setup import NumberError

    if isinstance(error, SettingsError):
        return BAD_SETTINGS
    told = (
        OfficeError,
        CatalogueError,
        FlowError,
        StoreError,
        DemoError,
        PortBusy,
        HandsetError,
        RestartError,
        ReloadError,
        CannotConnect,
        NumberError,
        HostingError,
    )
    return 1 if isinstance(error, (*told, OSError)) else None


def _sentence(error: Exception) -> str:
    # `PortBusy` and others are OSErrors as well, but bring a sentence of their own.
    if isinstance(error, OSError) and type(error).__module__ == "builtins":
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}. See that the file or folder exists and may be written."
    return str(error)
