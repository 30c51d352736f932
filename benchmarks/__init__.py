"""Measures what the bridge costs beside plain apps on the same server; `make bench` runs it."""
