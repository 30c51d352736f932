"""An office's own neighbours, and the almanac that its hours are held against."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode hides a test's neighbours
