"""The simulated world of a rehearsal: virtual time, a faulty database, workers without sockets."""
