"""Opens the way to an office's Tagor: its address and the credential that the office file names."""

import pkgutil
from collections.abc import Mapping
from contextlib import closing
from importlib import import_module

import bridge.tagor.operations
from bridge.app.overrides import NO_OVERRIDES, Overrides
from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.office.model import Office
from bridge.settings import SettingsError
from bridge.tagor import (
    ApiKey,
    CircuitBreakers,
    ClientLogin,
    Credential,
    Deadline,
    NotSendable,
    Reference,
    Tagor,
    Traced,
)
from bridge.tagor.login import LOGIN_TOKEN
from bridge.tagor.schema.operation import Operation

LOOKUP_SECONDS = 10.0
"""Seconds that Tagor has to say which file is behind a reference."""


def office_tagor(
    office: Office,
    *,
    demo: bool,
    threads: int,
    clock: Clock = SYSTEM_CLOCK,
    overrides: Overrides = NO_OVERRIDES,
    breakers: CircuitBreakers | None = None,
    traced: Traced | None = None,
) -> Tagor:
    """Make the client of an office's Tagor; without `breakers` it is asked every time, however ill it is.

    Raises:
        SettingsError: the address or the credential cannot be used as it is.
    """
    access = office.tagor
    try:
        return Tagor(
            access.url,
            _credential(office),
            ca_file=str(access.ca_file) if access.ca_file else None,
            pool=threads,
            allow_http=demo,
            clock=clock,
            adapters=overrides.adapters,
            make_future=overrides.promise,
            breakers=breakers,
            traced=traced,
        )
    except ValueError as error:
        raise SettingsError((f"offices/{office.key}.toml, [tagor]: {error}",)) from None


def _credential(office: Office) -> Credential:
    access = office.tagor
    if access.key is not None:
        return ApiKey(access.key.get_secret_value())
    if access.client_id is None or access.client_secret is None:
        raise ValueError(f"offices/{office.key}.toml: [tagor] names neither a key nor a login")
    return ClientLogin(access.client_id.get_secret_value(), access.client_secret.get_secret_value())


def locked_names(office: Office, number: str, *, demo: bool) -> set[str]:
    """Give the names under which wrong PINs of a file are counted: its number, and the id behind a reference.

    An office whose callers key in references counts on the file, whatever the reference.

    Raises:
        TagorError: Tagor does not say now which file is behind the reference.
    """
    names = {number}
    if office.identification.way in ("reference_pin", "house_number"):
        with closing(office_tagor(office, demo=demo, threads=1)) as tagor:
            try:
                found = tagor.callers.by_reference(number, deadline=Deadline(SYSTEM_CLOCK, LOOKUP_SECONDS))
            except NotSendable:  # what Tagor can have no file of is a reference to none
                return names
        if isinstance(found, Reference):
            names.add(found.file)
    return names


def subjects() -> Mapping[str, str]:
    """Give what each operation of Tagor is about, by its path: the module that asks it, as in `payments`."""
    rooms = bridge.tagor.operations
    modules = [import_module(f"{rooms.__name__}.{one.name}") for one in pkgutil.iter_modules(rooms.__path__)]
    return {
        operation.path: module.__name__.rpartition(".")[2]
        for module in modules
        for operation in vars(module).values()
        if isinstance(operation, Operation)
    } | {LOGIN_TOKEN.path: "login"}
