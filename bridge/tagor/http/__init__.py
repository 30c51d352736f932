"""HTTP to Tagor: transport, credentials, total deadlines, circuit breakers."""
