"""Noctule: the open home of a team's chatbots."""

__version__ = "0.1.0"
