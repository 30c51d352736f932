"""Rehearses on real processes: gunicorn, sockets, a real database, workers that are killed."""
