"""Carries calls of the demo's browser phone: the simulated provider on one side, a web page on the other."""
