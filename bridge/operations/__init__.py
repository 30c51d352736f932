"""What the people who run the line look at: logs that give nobody away, and health."""
