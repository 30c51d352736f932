"""Tagor's operations, one file per subject: what is sent, and how the answer is read."""
