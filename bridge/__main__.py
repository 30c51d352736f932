"""`python -m bridge` is the same as `bridge`."""

from bridge.commands.main import main

main()
