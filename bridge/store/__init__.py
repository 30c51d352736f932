"""The store: what the bridge remembers of a call while it runs, and how often a file's PIN was tried."""
