"""The apps that the bridge is measured against; each imports only what it needs, because its start counts."""
