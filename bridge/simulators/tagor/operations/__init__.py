"""The operations of Tagor, one module per subject; importing this package registers them all."""

from importlib import import_module
from pkgutil import iter_modules

from bridge.simulators.tagor.registry import OPERATIONS, find

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")

__all__ = ["OPERATIONS", "find"]
