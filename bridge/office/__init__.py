"""One office as its own people wrote it down: who it is, when it is open, whom it lets in and may dial."""
