"""After the call: what it has promised is done, by whichever worker is alive."""
