"""What the conversations of a chatbot are about: all topics as a table and as a map, and a page about each, where people
name, merge, divide, pin and hide it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from noctule import analysis, chatbots, conversations
from noctule.accounts import Member
from noctule.analysis import Days, Scope, Sum, Topic, TopicFigures, TopicId, Topics
from noctule.base import jobs
from noctule.base.db import Db
from noctule.base.errors import Invalid, NotFound
from noctule.base.ids import parse_id
from noctule.chatbots import Chatbot
from noctule.dashboard import charts
from noctule.dashboard.addresses import Choice, Query, address
from noctule.dashboard.chatbots import may_change
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.gauges import Gauge
from noctule.dashboard.period import PRESETS, Period, period_in, recent, usual
from noctule.dashboard.rendering import render
from noctule.dashboard.rows import ConversationRow, rows_of
from noctule.dashboard.tally import FEW, Change, moved
from noctule.dashboard.topicmap import Circle, topic_map
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.paths import chatbot_in
from noctule.web.services import InServices, InTransaction

router = APIRouter(
    prefix="/b/{chatbot_id}/topics", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED
)
_EXAMPLES = 6
_BECAME = 5  # topics that a new one came from


@dataclass(frozen=True)
class TopicRow:
    topic: Topic
    now: Sum
    conversations: int
    share: str
    drawing: Markup  # behind the name: how much of the largest it is
    href: str
    evidence: str  # its conversations of these days
    change: Change | None
    spark: Markup


@dataclass(frozen=True)
class TopicsPage:
    chatbot: Chatbot
    rows: list[TopicRow]
    strays: int
    found: Topics
    map: Markup
    ranges: list[Choice]
    compared: bool
    problems: list[str]
    showing: Choice | None  # with hidden ones, or without
    working: bool  # somebody waits for a grouping
    may_change: bool
    path: str


@dataclass(frozen=True)
class TopicPage:
    chatbot: Chatbot
    topic: Topic
    figures: TopicFigures | None
    share: str
    mood: str | None
    rows: list[ConversationRow]
    evidence: str
    others: list[Topic]  # it may be merged into
    came_from: list[Topic]
    successor: Topic | None
    form: Form
    saved: bool
    may_change: bool
    path: str


@router.get("")
async def list_topics(
    request: Request, chatbot_id: str, member: InMember, db: InTransaction, known: InServices
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    today = chatbot.calendar.day_of(db.now)
    period, problems = period_in(request.query_params, today, chatbot.calendar)
    hidden = request.query_params.get("hidden") == "1"
    found = await analysis.topics_known(db, chatbot.id, model=known.embedder.ready)
    shown = [one.topic for one in found.told if hidden or not one.topic.hidden]
    rows = await _rows(db, chatbot, shown, period=period, analysed=found.coverage.analysed)
    path, query = f"/b/{chatbot.id}/topics", period.query if period else {}
    page = TopicsPage(
        chatbot,
        rows=rows,
        strays=found.coverage.strays,
        found=found,
        map=topic_map([_circle(row) for row in rows if row.conversations]),
        ranges=_ranges(path, period, today),
        compared=period is not None and period.compares,
        problems=problems,
        showing=_showing(path, query, found, hidden=hidden),
        working=await _working(db, chatbot, found),
        may_change=may_change(member),
        path=path,
    )
    return render(request, "topics/list.html", page)


@router.post("/rebuild")
async def rebuild(chatbot_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    await analysis.rebuild_topics(db, member, chatbot)
    return RedirectResponse(f"/b/{chatbot.id}/topics", 303)


@router.get("/{topic_id}")
async def read_topic(
    request: Request, chatbot_id: str, topic_id: str, *, member: InMember, db: InTransaction, saved: str = ""
) -> Response:
    """One that has ended stays readable: somebody may have kept its address."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    topic = await _topic(db, chatbot, topic_id)
    page = await _about(db, member, chatbot, topic=topic, form=Form({"name": topic.name}), saved=bool(saved))
    return render(request, "topics/show.html", page)


@router.post("/{topic_id}")
async def change_topic(
    request: Request, chatbot_id: str, topic_id: str, *, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    """The form of its name, and the buttons that pin and hide."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    topic = await _topic(db, chatbot, topic_id)
    try:
        await analysis.change_topic(
            db,
            member,
            chatbot,
            topic_id=topic.id,
            name=sent.get("name"),
            pinned=_switch(sent, "pinned"),
            hidden=_switch(sent, "hidden"),
        )
    except Invalid as error:
        page = await _about(db, member, chatbot, topic=topic, form=refused(sent, error), saved=False)
        return render(request, "topics/show.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/topics/{topic.id}?saved=1", 303)


@router.post("/{topic_id}/merge")
async def merge_topics(
    request: Request, chatbot_id: str, topic_id: str, *, member: InMember, db: InTransaction, sent: InForm
) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    topic, into = await _topic(db, chatbot, topic_id), parse_id(sent.get("into", ""))
    try:
        if into is None:
            raise Invalid.field("into", "choose a topic")
        await analysis.merge_topics(db, member, chatbot, topic_id=topic.id, into=TopicId(into))
    except Invalid as error:
        page = await _about(db, member, chatbot, topic=topic, form=refused({"name": topic.name}, error), saved=False)
        return render(request, "topics/show.html", page, status=422)
    return RedirectResponse(f"/b/{chatbot.id}/topics/{into}?saved=1", 303)


@router.post("/{topic_id}/split")
async def split_topic(chatbot_id: str, topic_id: str, member: InMember, db: InTransaction) -> Response:
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    topic = await _topic(db, chatbot, topic_id)
    await analysis.split_topic(db, member, chatbot, topic.id)
    return RedirectResponse("/jobs", 303)


async def _rows(
    db: Db, chatbot: Chatbot, topics: Sequence[Topic], *, period: Period | None, analysed: int
) -> list[TopicRow]:
    """The most conversations first. Lines are of the period, or of the last month."""
    days = period or usual({}, chatbot.calendar.day_of(db.now), chatbot.calendar)
    scope = Scope(chatbot.id, Days(days.first, days.last))
    found = (await analysis.breakdowns(db, scope, ["topic"]))["topic"]
    sums = {one.value: one.now for one in found.parts} if period else await analysis.all_time(db, chatbot.id, "topic")
    whole = found.whole.analysed if period else analysed
    largest = max((one.conversations for one in sums.values()), default=0)

    def row(topic: Topic) -> TopicRow:
        part, now = found.part(str(topic.id)), sums.get(str(topic.id), Sum())
        counts = {day: (one.conversations, 1) for day, one in part.by_day.items()}
        return TopicRow(
            topic,
            now,
            now.conversations,
            share=f"{now.conversations / whole:.1%}" if whole else "–",
            drawing=charts.bar(now.conversations / largest if largest else 0),
            href=f"/b/{chatbot.id}/topics/{topic.id}",
            evidence=_evidence(chatbot, topic, period),
            change=_change(now.conversations, part.before.conversations) if period and period.compares else None,
            spark=Gauge("", "", "", counts, share=False).spark(days),
        )

    return sorted(map(row, topics), key=lambda one: (-one.conversations, one.topic.name))


def _evidence(chatbot: Chatbot, topic: Topic, period: Period | None) -> str:
    """The conversations behind its figures."""
    days: Query = {**period.query, "compare": ""} if period else {}
    return address(f"/b/{chatbot.id}/conversations", days, {"f": [f"topic:is:{topic.id}"]})


def _change(now: int, before: int) -> Change | None:
    """More of a topic is neither good nor bad. None where there is too little to compare."""
    return moved(now, before, share=False) if now + before >= FEW else None


def _circle(row: TopicRow) -> Circle:
    score = row.now.feeling
    tone = "none" if score is None else "pos" if score > 0.2 else "neg" if score < -0.2 else "neu"
    return Circle(row.href, row.topic.name, row.conversations, row.topic.x, row.topic.y, tone)


def _ranges(path: str, period: Period | None, today: date) -> list[Choice]:
    base = Period(today, today)
    return [
        Choice("All time", path, period is None),
        *(
            Choice(
                f"{days} days", address(path, recent(base, days, today).query), bool(period and period.preset == name)
            )
            for name, days in PRESETS.items()
        ),
    ]


def _showing(path: str, query: Query, found: Topics, *, hidden: bool) -> Choice | None:
    many = sum(one.topic.hidden for one in found.told)
    if not many:
        return None
    if hidden:
        return Choice("Leave hidden ones out", address(path, query), here=True)
    return Choice(f"Show {many:,} hidden", address(path, query, {"hidden": "1"}), here=False)


async def _working(db: Db, chatbot: Chatbot, found: Topics) -> bool:
    if found.grouping is None or found.grouping.job_id is None:
        return False
    job = await jobs.state_of(db, chatbot.org_id, found.grouping.job_id)
    return job is not None and job.state in ("queued", "running")


async def _topic(db: Db, chatbot: Chatbot, topic_id: str) -> Topic:
    parsed = parse_id(topic_id)
    found = await analysis.topic(db, chatbot.id, TopicId(parsed)) if parsed else None
    if found is None:
        raise NotFound("There is no such topic.")
    return found


async def _about(db: Db, member: Member, chatbot: Chatbot, *, topic: Topic, form: Form, saved: bool) -> TopicPage:
    told, total = await analysis.topic_told(db, chatbot.id, topic)
    evidence = _evidence(chatbot, topic, None)
    living = await analysis.topics_of(db, chatbot.id)
    successor = await analysis.topic(db, chatbot.id, topic.successor_id) if topic.successor_id else None
    score = told.figures.sentiment if told.figures else None
    return TopicPage(
        chatbot,
        topic,
        told.figures,
        share=f"{told.conversations / total:.1%}" if total else "–",
        mood=None if score is None else analysis.label(score),
        rows=await _examples(db, chatbot, topic, base=evidence),
        evidence=evidence,
        others=sorted((one for one in living if one.id != topic.id), key=lambda one: one.name.casefold()),
        came_from=await analysis.topics_with(db, chatbot.id, topic.came_from[:_BECAME]),
        successor=successor,
        form=form,
        saved=saved,
        may_change=may_change(member) and topic.ended_at is None and chatbot.archived_at is None,
        path=f"/b/{chatbot.id}/topics",
    )


async def _examples(db: Db, chatbot: Chatbot, topic: Topic, *, base: str) -> list[ConversationRow]:
    """Under the words that made them examples, not under their greeting."""
    examples = await analysis.examples_of(db, chatbot.id, topic.id, _EXAMPLES)
    found = [await conversations.conversation(db, [chatbot.id], one.conversation_id) for one in examples]
    rows = await rows_of(db, chatbot, [one for one in found if one], base=base)
    words = {one.conversation_id: one.words for one in examples}
    return [replace(row, title=words[row.conversation.id] or row.title) for row in rows]


def _switch(sent: Mapping[str, str], name: str) -> bool | None:
    return None if name not in sent else sent[name] == "1"
