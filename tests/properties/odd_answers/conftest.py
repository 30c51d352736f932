"""Lets the test find the stories beside it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours
