"""Describes requests and answers: how each is written, and how each field is read or left empty."""
