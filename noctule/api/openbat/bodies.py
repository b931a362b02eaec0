"""What the bodies of all doors share; it stands on the lowest floor, because files hold bodies too."""

from noctule.base.bodies import Content, Id, Json, Name, checked, encoded, given, parse

__all__ = ["Content", "Id", "Json", "Name", "checked", "encoded", "given", "parse"]
