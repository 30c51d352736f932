"""The store keeps what a call knows while it runs, and what it decided, promised and left to be done."""
