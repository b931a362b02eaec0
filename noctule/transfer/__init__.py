"""Transfer: conversations as files, out and in. What comes in goes through the one door for words, like everything."""

from noctule.transfer.export import export
from noctule.transfer.models import FORMATS, Format, Wanted

__all__ = ["FORMATS", "Format", "Wanted", "export"]
