"""A telephone provider that can be run: it rings the bridge, walks its documents strictly, plays a caller."""
