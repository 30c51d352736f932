"""Rehearses a bad day: the whole line on virtual time, made-up callers, and all that can go wrong."""
