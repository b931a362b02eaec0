"""Knowledge: what a team teaches its agents. Sources, the passages cut from them, and finding the ones that answer.

PostgreSQL ranks no text as BM25 does, so the ranking is our own, over tables of its; meanings come from MiniLM and are mixed
in where a passage is English (docs/decisions/0009-retrieval.md).
"""

from noctule.knowledge.chunk import sentences
from noctule.knowledge.find import search
from noctule.knowledge.models import KINDS, Answer, Draft, Found, Hit, Kind, Learned, Source, SourceId, Version
from noctule.knowledge.read import Reader
from noctule.knowledge.sources import (
    HANDLER,
    add,
    cancel_training,
    give_up,
    latest_training,
    remove,
    replace,
    retrain,
    roll_back,
)
from noctule.knowledge.store.index import versions
from noctule.knowledge.store.search import passages_among, passages_of
from noctule.knowledge.store.sources import learned, sources_after, sources_named, sources_with, text_of
from noctule.knowledge.train import training
from noctule.knowledge.vectors import EMBED, embedding

__all__ = [
    "EMBED",
    "HANDLER",
    "KINDS",
    "Answer",
    "Draft",
    "Found",
    "Hit",
    "Kind",
    "Learned",
    "Reader",
    "Source",
    "SourceId",
    "Version",
    "add",
    "cancel_training",
    "embedding",
    "give_up",
    "latest_training",
    "learned",
    "passages_among",
    "passages_of",
    "remove",
    "replace",
    "retrain",
    "roll_back",
    "search",
    "sentences",
    "sources_after",
    "sources_named",
    "sources_with",
    "text_of",
    "training",
    "versions",
]
