"""Transfer: conversations as files, out and in. What comes in goes through the one door for words, like everything."""

from noctule.transfer.bring import (
    HANDLER,
    bring,
    look_through,
    may_bring,
    store_brought,
    store_pieces,
    sweep_uploads,
)
from noctule.transfer.cells import plain as cell
from noctule.transfer.check import Report
from noctule.transfer.draft import Draft
from noctule.transfer.export import export, template
from noctule.transfer.intake import Intake, Tally, Tell
from noctule.transfer.models import FORMATS, Format, Wanted

__all__ = [
    "FORMATS",
    "HANDLER",
    "Draft",
    "Format",
    "Intake",
    "Report",
    "Tally",
    "Tell",
    "Wanted",
    "bring",
    "cell",
    "export",
    "look_through",
    "may_bring",
    "store_brought",
    "store_pieces",
    "sweep_uploads",
    "template",
]
