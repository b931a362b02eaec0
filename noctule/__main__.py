"""`python -m noctule` is the `noctule` command."""

from noctule.main.cli import run

run()
