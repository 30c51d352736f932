"""Shows the line in a browser: the demo's telephone, and the flows as pages. No call depends on it."""
