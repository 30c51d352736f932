"""After the call: whichever worker is alive does what the call has promised."""
