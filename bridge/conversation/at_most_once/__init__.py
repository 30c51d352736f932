"""Writes that must happen at most once: stored, sent once, reconciled with Tagor."""
