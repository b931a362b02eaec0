"""What the faces share: who is calling, how fast they may, how an error leaves, what every answer carries.

It knows HTTP and the domains, but no wire shape: those belong to the faces above.
"""
