"""Checks before a call comes in: flows, words, office files, drawings, recorded calls, the running line."""
