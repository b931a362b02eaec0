"""The frame around every page of somebody who is signed in: who it is, which chatbots there are, what work is going on.

A router asks for it once, `APIRouter(dependencies=FRAMED)`, and `render` hands it to the template: pages stay about
themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from fastapi import Depends, Request

from noctule import chatbots
from noctule.accounts import Member
from noctule.base import jobs
from noctule.base.jobs import JobState
from noctule.chatbots import Chatbot
from noctule.dashboard.places import KEYS, Place, of_chatbot, of_organization
from noctule.web.callers import InMember
from noctule.web.services import InDatabase

_JOBS = 5
_LISTED = 8
_NAMES = {
    "import_conversations": "Importing conversations",
    "group_topics": "Grouping conversations into topics",
    "split_topic": "Dividing a topic",
    "train_knowledge": "Training",
    "calendar_changed": "Counting days in the new time zone",
    "embed_passages": "Training",  # the same job, further on
    "erase_person": "Erasing a person",
    "load_demo": "Loading demo data",
    "reanalyse": "Judging conversations again",
}


@dataclass(frozen=True)
class Work:
    """A job in words."""

    name: str
    state: str
    done: int
    total: int | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    chatbot: Chatbot | None = None  # whose conversations it works on
    facts: tuple[str, ...] = ()  # what it works on and what came of it


@dataclass(frozen=True)
class Frame:
    member: Member
    chatbot: Chatbot | None  # whose page this is
    chatbots: list[Chatbot]
    jobs: list[Work]  # that are not over, those under way first

    @property
    def near(self) -> list[Chatbot]:
        """For the switcher: the first few, those that are archived after the others."""
        return sorted(self.chatbots, key=lambda one: one.archived_at is not None)[:_LISTED]

    @property
    def title(self) -> str:
        return self.chatbot.name if self.chatbot else "Noctule"

    @property
    def places(self) -> list[Place]:
        return [*(of_chatbot(self.chatbot.id) if self.chatbot else []), *of_organization()]

    @property
    def groups(self) -> list[tuple[str, list[Place]]]:
        return [(group, list(places)) for group, places in groupby(self.places, key=lambda one: one.group)]

    @property
    def keys(self) -> list[tuple[list[str], str]]:
        return KEYS


def work_of(job: JobState, known: Sequence[Chatbot] = ()) -> Work:
    name = _NAMES.get(job.handler, job.handler.replace("_", " ").capitalize())
    chatbot = next((one for one in known if str(one.id) == job.args.get("chatbot_id")), None)
    return Work(
        name, job.state, job.done, job.total, job.error, job.created_at, job.finished_at, chatbot, _facts(job)
    )  # fmt: skip


def _facts(job: JobState) -> tuple[str, ...]:
    told = job.result or {}
    form = told.get("mapping", {}).get("format")
    stored, repeated = told.get("messages_stored", 0), told.get("messages_repeated", 0)
    facts = {
        f"{form} file": form,
        f"{stored:,} message{'' if stored == 1 else 's'} stored": stored,
        f"{repeated:,} known already": repeated,
        "left unjudged": job.args.get("judged") is False,
    }
    return tuple(words for words, holds in facts.items() if holds)


async def frame(request: Request, member: InMember, database: InDatabase) -> None:
    """In a transaction of its own: a page may go on to something that takes long, such as a password."""
    here = request.path_params.get("chatbot_id")
    async with database.transaction() as db:
        known = await chatbots.chatbots_of(db, member.org_id)
        latest = await jobs.jobs_of(db, member.org_id, limit=_JOBS)
    request.state.frame = Frame(
        member,
        chatbot=next((one for one in known if str(one.id) == here), None),
        chatbots=known,
        jobs=[work_of(one) for state in ("running", "queued") for one in latest if one.state == state],
    )


FRAMED = [Depends(frame)]
