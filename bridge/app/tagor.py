"""Opens the way to an office's Tagor: its address and the credential that the office file names."""

from bridge.app.overrides import NO_OVERRIDES, Overrides
from bridge.clock import SYSTEM_CLOCK, Clock
from bridge.office.model import Office
from bridge.settings import SettingsError
from bridge.tagor import ApiKey, CircuitBreakers, ClientLogin, Credential, Tagor, Traced


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
