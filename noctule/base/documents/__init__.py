"""Files and pages as text. They come from strangers, so they are taken apart in a process that may die of them."""

from noctule.base.documents.child import Document, NoDocument, read

__all__ = ["Document", "NoDocument", "read"]
