"""Carries requests to Tagor over HTTP: connections, credentials, total deadlines, circuit breakers."""
