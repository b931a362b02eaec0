"""What may happen to a server, done to a real one while clients send: what was acknowledged is stored and judged, once.

`make faults` runs the long form and prints a table; a short form of the same is among the ordinary tests (docs/faults.md).
"""
