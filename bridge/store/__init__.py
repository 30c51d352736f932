"""The store: what a call knows while it runs, what it has decided, promised and left to be done."""
