"""Lets people of an office see their line and put right what is theirs: behind a name and a password."""
