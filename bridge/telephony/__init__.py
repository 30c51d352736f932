"""The provider's side of a call: who posted this, what was heard, and the reply that is spoken."""
