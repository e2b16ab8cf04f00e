"""`python -m nlpcards` is the command `nlpcards`."""

from nlpcards.cli.main import run

run()
