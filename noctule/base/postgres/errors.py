"""What can be wrong with a PostgreSQL folder, each in one line for the person at the terminal."""


class AlreadyRunning(Exception):
    """Another live process owns this data folder."""


class CannotStart(Exception):
    """PostgreSQL does not start; the text names the path and the reason."""
