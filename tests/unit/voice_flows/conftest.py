"""Lets the tests of the flows' actions find their neighbours, which pytest's importlib mode hides."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
