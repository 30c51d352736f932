"""The phone line of a bailiff's office: calls come in at `telephony`, `flow` leads, `tagor` answers."""
