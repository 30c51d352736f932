"""What Tagor can be asked, one module per subject; importing this package registers all of it."""

from bridge.standin.operations import file, identification, login, office, plan
from bridge.standin.registry import OPERATIONS, find

__all__ = ["OPERATIONS", "file", "find", "identification", "login", "office", "plan"]
