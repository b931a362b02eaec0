"""Demo data: conversations that never happened, made by us from a seed, so that every page can be seen alive."""

from noctule.demo.drafts import drafts
from noctule.demo.house import OWNER, VISITOR, NoDemo, Visitor, open_house
from noctule.demo.load import HANDLER, load, store_demo
from noctule.demo.scripts import BOTS

__all__ = ["BOTS", "HANDLER", "OWNER", "VISITOR", "NoDemo", "Visitor", "drafts", "load", "open_house", "store_demo"]
