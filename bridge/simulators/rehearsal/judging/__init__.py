"""Decides whether a played call kept every promise, and how it ended."""
