"""How the store's tables came about, one revision after the other."""
