"""Conversations on their way out: read in short transactions, written as a stream, never all of them in memory.

They come in the order of their ids, which never change, so that none is missed or told twice while people talk on.
"""

from collections.abc import AsyncIterator, Sequence

import msgspec

from noctule import analysis, chatbots, conversations
from noctule.analysis import Narrowing
from noctule.base.clock import iso
from noctule.base.db import Database, Db
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId
from noctule.transfer import document, store
from noctule.transfer.models import Part, Wanted, Words
from noctule.transfer.table import Table

CONVERSATIONS = 200  # in one transaction
PAGE = 500  # messages in one transaction
LONGEST_PART = 250  # messages; a longer conversation goes out in several parts


async def export(database: Database, wanted: Wanted) -> AsyncIterator[bytes]:
    """The file, piece by piece."""
    if wanted.format == "csv":
        async for piece in _table(database, wanted):
            yield piece
    elif wanted.format == "jsonl":
        async for part in _parts(database, wanted):
            yield document.encode(part, with_analysis=wanted.analysis) + b"\n"
    else:
        chatbot = {"id": str(wanted.chatbot.id), "name": wanted.chatbot.name, "settings": wanted.chatbot.settings}
        head = msgspec.json.encode({"chatbot": chatbot, "exported_at": iso(database.clock())})
        yield head[:-1] + b',"conversations":['
        before = b"\n"
        async for part in _parts(database, wanted):
            yield before + document.encode(part, with_analysis=wanted.analysis)
            before = b",\n"
        yield b"\n]}\n"


async def template(database: Database, chatbot_id: ChatbotId) -> bytes:
    """A CSV file for an import to fill in: the header with the custom fields of the chatbot."""
    return Table(await _custom_fields(database, chatbot_id), analysis=False).header()


async def _table(database: Database, wanted: Wanted) -> AsyncIterator[bytes]:
    table = Table(await _custom_fields(database, wanted.chatbot.id), analysis=wanted.analysis)
    yield table.header()
    async for part in _parts(database, wanted):
        if part.words:
            yield table.rows(part)


async def _custom_fields(database: Database, chatbot_id: ChatbotId) -> list[str]:
    """Those that somebody declared or that were seen, in the order of the alphabet."""
    async with database.transaction() as db:
        ingests = await chatbots.ingests_of(db, [chatbot_id])
    return sorted({key for ingest in ingests for key in ingest.occurrences})


async def _parts(database: Database, wanted: Wanted) -> AsyncIterator[Part]:
    after: ConversationId | None = None
    while True:
        async with database.transaction() as db:
            found = await _next(db, wanted, after)
        if not found:
            return
        after = found[-1].id
        asked_for = [one for one in found if wanted.holds(one.last_message_at)]
        if asked_for:
            async for part in _parts_of(database, wanted, asked_for):
                yield part


async def _next(db: Db, wanted: Wanted, after: ConversationId | None) -> list[Conversation]:
    if wanted.person_id is not None:
        return await conversations.conversations_with(
            db, wanted.chatbot.id, wanted.person_id, after=after, limit=CONVERSATIONS
        )
    if wanted.narrowing in (None, Narrowing()):
        return await conversations.conversations_in_order(db, wanted.chatbot.id, after=after, limit=CONVERSATIONS)
    return await analysis.matching_in_order(db, wanted.chatbot.id, wanted.narrowing, after=after, limit=CONVERSATIONS)


async def _parts_of(database: Database, wanted: Wanted, found: Sequence[Conversation]) -> AsyncIterator[Part]:
    silence = chatbots.silence_in(wanted.chatbot.settings.get("lifecycle"))
    async with database.transaction() as db:
        ids = [one.id for one in found]
        judgements = await analysis.judgements_of(db, wanted.chatbot.id, ids) if wanted.analysis else {}
    async for conversation, number, more, words in _stretches(database, wanted, found):
        state = conversations.state_of(conversation, silence, database.clock())
        yield Part(conversation, state, judgements.get(conversation.id), number, more, words)


async def _stretches(
    database: Database, wanted: Wanted, found: Sequence[Conversation]
) -> AsyncIterator[tuple[Conversation, int, bool, list[Words]]]:
    """Each conversation with its messages, the long ones in numbered stretches; whether another follows."""
    stream = _words(database, wanted, found)
    words = await anext(stream, None)
    for conversation in found:
        number, held = 1, list[Words]()
        while words is not None and words.conversation_id == conversation.id:
            if len(held) == LONGEST_PART:
                yield conversation, number, True, held
                number, held = number + 1, []
            held.append(words)
            words = await anext(stream, None)
        yield conversation, number, False, held


async def _words(database: Database, wanted: Wanted, found: Sequence[Conversation]) -> AsyncIterator[Words]:
    ids = [one.id for one in found]
    place = None
    while ids:
        async with database.transaction() as db:
            page = await store.words_after(db, wanted.chatbot.id, ids, place=place, limit=PAGE)
        for words in page:
            yield words
        if len(page) < PAGE:
            return
        place = page[-1].place
        ids = ids[ids.index(place[0]) :]
