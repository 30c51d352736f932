"""Plays scenarios: random callers, random faults, webhooks that are lost, repeated or late."""
