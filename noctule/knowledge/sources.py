"""Sources come, change and go; each change that has to be read causes a training, which its caller may watch."""

from collections.abc import Sequence
from uuid import UUID

from noctule.accounts import Caller, note
from noctule.base import jobs
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import new_id
from noctule.base.jobs import JobState
from noctule.chatbots import Chatbot, ChatbotArchived, ChatbotId
from noctule.knowledge.models import Draft, Source, SourceId
from noctule.knowledge.store import index
from noctule.knowledge.store import sources as store

HANDLER = "train_knowledge"


def may_teach(caller: Caller, chatbot: Chatbot) -> None:
    """Owners, admins, and programs, unless the chatbot is archived. Raises Denied."""
    caller.must_be("admin")
    if chatbot.archived_at is not None:
        raise ChatbotArchived


async def add(db: Db, caller: Caller, chatbot: Chatbot, drafts: Sequence[Draft]) -> tuple[list[Source], JobState]:
    """In the order given. Whose id of the caller is known already is replaced, so that sending all again is safe."""
    await _begin(db, caller, chatbot)
    named = await store.lock_named(db, chatbot.id, [draft.external_id for draft in drafts if draft.external_id])
    ids: list[SourceId] = []
    new: list[tuple[SourceId, Draft]] = []
    for draft in drafts:
        known = named.get(draft.external_id or "")
        ids.append(known or SourceId(new_id()))
        if known:
            await _replace(db, chatbot, known, draft)
        else:
            new.append((ids[-1], draft))
    await store.insert_sources(db, chatbot.id, [one for one, _ in new], [draft for _, draft in new])
    for source_id, draft in new:
        await _keep_file(db, chatbot, source_id, draft)
    await note(db, caller, action="sources.added", target=chatbot.id, sources=len(drafts))
    return await store.sources_with(db, chatbot.id, ids), await _train_soon(db, chatbot)


async def replace(
    db: Db, caller: Caller, chatbot: Chatbot, *, source_id: SourceId, draft: Draft
) -> tuple[Source, JobState]:
    """Name and title stay unless they are given. Raises NotFound, and Invalid for the name of another source."""
    await _begin(db, caller, chatbot)
    named = await store.lock_named(db, chatbot.id, [draft.external_id] if draft.external_id else [])
    if set(named.values()) - {source_id}:
        raise Invalid.field("external_id", "is the name of another source")
    await _replace(db, chatbot, source_id, draft)
    await note(db, caller, action="source.replaced", target=source_id, chatbot=str(chatbot.id))
    [source] = await store.sources_with(db, chatbot.id, [source_id])
    return source, await _train_soon(db, chatbot)


async def remove(db: Db, caller: Caller, chatbot: Chatbot, source_id: SourceId) -> None:
    """At once, from every version of the index."""
    await _begin(db, caller, chatbot)
    digests = await index.digests_of(db, chatbot.id, source_id)
    passages = await store.delete_source(db, chatbot.id, source_id)
    if passages is None:
        raise NotFound("There is no such source.")
    await index.forget_vectors(db, chatbot.id, digests)
    await index.count_dead(db, chatbot.id, passages)
    await note(db, caller, action="source.deleted", target=source_id, chatbot=str(chatbot.id))


async def retrain(db: Db, caller: Caller, chatbot: Chatbot) -> JobState:
    """Read all pages again, try again what failed, and build a new version of the index."""
    await _begin(db, caller, chatbot)
    await store.read_again(db, chatbot.id)
    await note(db, caller, action="knowledge.trained", target=chatbot.id)
    return await _train_soon(db, chatbot)


async def give_up(db: Db, job: JobState) -> None:
    """Its training is about to be cancelled: what it has not read says so, unless another training is to read it."""
    chatbot_id = ChatbotId(UUID(job.args["chatbot_id"]))
    state = await index.lock_state(db, chatbot_id)
    if state is not None and state.job_id == job.id and job.state in ("queued", "running"):
        await store.leave_unread(db, chatbot_id, "The training was cancelled.")


async def latest_training(db: Db, chatbot: Chatbot) -> JobState | None:
    """The one under way or the last one, while its job is remembered."""
    state = await index.state(db, chatbot.id)
    return await jobs.state_of(db, chatbot.org_id, state.job_id) if state and state.job_id else None


async def cancel_training(db: Db, caller: Caller, chatbot: Chatbot) -> None:
    """What is done stays; a training that has ended stays as it is."""
    caller.must_be("admin")
    job = await latest_training(db, chatbot)
    if job is None:
        return
    await give_up(db, job)
    if await jobs.cancel(db, chatbot.org_id, job.id):
        await note(db, caller, action="job.cancelled", target=job.id, kind=job.handler)


async def roll_back(db: Db, caller: Caller, chatbot: Chatbot) -> None:
    """Answer as before the last training, until the next one. What was deleted stays deleted."""
    await _begin(db, caller, chatbot)
    if not await index.roll_back(db, chatbot.id):
        raise NotFound("There is no earlier version to go back to.")
    await note(db, caller, action="knowledge.rolled_back", target=chatbot.id)


async def _begin(db: Db, caller: Caller, chatbot: Chatbot) -> None:
    """Everybody takes this lock first, the training too: no two wait for each other in a circle."""
    may_teach(caller, chatbot)
    await index.make_state(db, chatbot.id)
    await index.lock_state(db, chatbot.id)


async def _replace(db: Db, chatbot: Chatbot, source_id: SourceId, draft: Draft) -> None:
    if not await store.replace_source(db, chatbot.id, source_id, draft):
        raise NotFound("There is no such source.")
    await _keep_file(db, chatbot, source_id, draft)


async def _keep_file(db: Db, chatbot: Chatbot, source_id: SourceId, draft: Draft) -> None:
    if draft.file is not None and draft.file_name is not None:
        await store.keep_file(db, chatbot.id, source_id, name=draft.file_name, content=draft.file)


async def _train_soon(db: Db, chatbot: Chatbot) -> JobState:
    """A training that still waits does this too."""
    state = await index.state(db, chatbot.id)
    if state is not None and state.job_id is not None:
        job = await jobs.state_of(db, chatbot.org_id, state.job_id)
        if job is not None and job.state == "queued":
            return job
    job_id = new_id()
    await index.set_job(db, chatbot.id, job_id)
    total = await store.count_waiting(db, chatbot.id)
    return await jobs.start(
        db, chatbot.org_id, HANDLER, job_id=job_id, args={"chatbot_id": str(chatbot.id)}, total=total
    )
