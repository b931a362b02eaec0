"""One conversation put together: a course that it takes, a scene it is about, and words chosen from both."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from noctule.demo.people import Actor
from noctule.demo.scripts import Bot, Scene, Script, Voice, script, voice
from noctule.demo.times import went_wrong

Said = list[tuple[Literal["user", "assistant"], str]]
Course = Literal["quick", "solved", "corrected", "long", "left", "failed", "handed_over", "leaving"]

# How often each course is taken: before the prompt was changed, after it, and in the bad week.
_BEFORE: dict[Course, int] = {"quick": 16, "solved": 30, "corrected": 12, "long": 6, "left": 6, "failed": 17, "handed_over": 10, "leaving": 3}  # fmt: skip
_AFTER: dict[Course, int] = {"quick": 20, "solved": 46, "corrected": 8, "long": 11, "left": 4, "failed": 5, "handed_over": 5, "leaving": 1}  # fmt: skip
_BAD: dict[Course, int] = {"quick": 6, "solved": 12, "corrected": 8, "long": 3, "left": 8, "failed": 56, "handed_over": 15, "leaving": 12}  # fmt: skip
_GAP: dict[Course, int] = {"failed": 5, "handed_over": 3, "leaving": 1}
_SALES: dict[Course, int] = {"failed": 1, "leaving": 0}
_SUBJECT_OF_THE_BAD_WEEK = "delivery"
_HURRY, _FOLLOWS, _CLOSES, _RIVALS, _CARELESS = 0.06, 0.5, 0.7, 0.4, 0.15  # how often each happens
_GAP_DAYS = 16  # since when people ask for what nobody wrote down


@dataclass(frozen=True)
class Play:
    about: str
    said: Said
    tool: str
    course: Course


def play(slug: str, bot: Bot, actor: Actor, *, ago: int, chance: Random) -> Play:
    """`ago`: how many days it is since then."""
    lines = script(slug, actor.language)
    scene = _scene(bot, lines, ago=ago, chance=chance)
    course = _course(bot, scene, ago=ago, chance=chance)
    words = _words(lines, actor, chance)
    stage = _Stage(lines, voice(actor.language), words=words, chance=chance)
    return Play(scene.about, stage.perform(scene, course), scene.tool, course)


def _scene(bot: Bot, lines: Script, *, ago: int, chance: Random) -> Scene:
    def weight(scene: Scene) -> float:
        if scene.kind == "gap":
            return scene.weight * (2.2 if ago < _GAP_DAYS else 0.15)
        wrong = went_wrong(bot, ago) and scene.about == _SUBJECT_OF_THE_BAD_WEEK
        return scene.weight * (5 if wrong else 1)

    return chance.choices(lines.scenes, [weight(one) for one in lines.scenes])[0]


def _course(bot: Bot, scene: Scene, *, ago: int, chance: Random) -> Course:
    courses: dict[Course, int] = _BAD if went_wrong(bot, ago) else _AFTER if ago < bot.changed_days_ago else _BEFORE
    if scene.kind == "gap":
        courses = _GAP
    elif scene.kind == "sales":
        courses = courses | _SALES
    return chance.choices(list(courses), list(courses.values()))[0]


def _words(lines: Script, actor: Actor, chance: Random) -> dict[str, str]:
    products, days = lines.words["product"], lines.words["day"]
    chosen = {name: chance.choice(some) for name, some in lines.words.items()}
    return {
        **chosen,
        "product2": next(one for one in chance.sample(products, 2) if one != chosen["product"]),
        "day2": next(one for one in chance.sample(days, 2) if one != chosen["day"]),
        "order": f"HM-{chance.randint(20_000, 99_999)}",
        "amount": f"{chance.randint(12, 240)}.{chance.choice(('00', '50', '90', '95'))}",
        "n": str(chance.randint(2, 9)),
        "name": actor.name,
        "company": actor.company.get("name", "our workspace"),
        "plan": actor.person.get("plan", "business"),
    }


class _Stage:
    def __init__(self, lines: Script, voice: Voice, *, words: dict[str, str], chance: Random) -> None:
        self._lines, self._voice, self._words, self._chance = lines, voice, words, chance
        self._said: Said = []

    def perform(self, scene: Scene, course: Course) -> Said:
        ask, answer = self._chance.choice(scene.asks)
        hurry = f" {self._pick(self._voice.hurry)}" if self._chance.random() < _HURRY else ""
        hello = self._pick(self._voice.hello)
        self._user(hello + (ask[0].upper() + ask[1:] if hello.endswith("! ") else ask) + hurry)
        if course in ("solved", "corrected", "long", "handed_over") and scene.probes and self._chance.random() < 0.6:
            self._assistant_asks(scene)
        if course in ("failed", "handed_over", "leaving"):
            self._fall(scene, course)
        elif course == "left":
            self._assistant(scene.probes[0][0] if scene.probes else self._pick(scene.fails))
        else:
            self._help(scene, course, answer=answer)
        return self._said

    def _help(self, scene: Scene, course: Course, *, answer: str) -> None:
        others = tuple(other for _, other in scene.asks if other != answer)
        if course == "corrected" and others:
            self._assistant(self._pick(others))
            self._user(self._pick(self._voice.corrects))
            answer = self._pick(self._voice.retries) + answer
        self._assistant(answer)
        if course == "quick":
            return
        if scene.follows and self._chance.random() < _FOLLOWS:
            self._user_asks(scene)
        for _ in range(self._chance.randint(2, 5) if course == "long" else 0):
            self._one_more()
        self._user(self._pick(self._voice.thanks))
        if self._chance.random() < _CLOSES:
            self._assistant(self._pick(self._voice.closes))

    def _one_more(self) -> None:
        """Another question of the same person."""
        other = self._chance.choice([one for one in self._lines.scenes if not one.kind])
        ask, answer = self._chance.choice(other.asks)
        if any(self._filled(ask).lower() in text.lower() for _, text in self._said):
            return
        self._user(self._pick(self._voice.also) + ask)
        self._assistant(answer)
        if other.follows and self._chance.random() < _FOLLOWS:
            self._user_asks(other)

    def _fall(self, scene: Scene, course: Course) -> None:
        self._assistant(self._pick(scene.fails))
        for _ in range(self._chance.choice((0, 1, 1, 2) if course == "handed_over" else (1, 1, 2))):
            self._user(self._pick(self._voice.annoyed))
            self._assistant(self._pick(self._voice.sorry))
        if course == "failed":
            self._user(self._pick(self._voice.furious))
            return
        if course == "leaving":
            self._user(self._pick(self._voice.leaves))
            self._assistant(self._pick(self._voice.sorry))
            if self._chance.random() < _RIVALS:
                self._user(self._pick(self._voice.rivals))
                return
        self._user(self._pick(self._voice.person))
        self._assistant(self._pick(self._voice.handover))
        self._user(self._pick(self._voice.agree))

    def _assistant_asks(self, scene: Scene) -> None:
        asked, answer = self._chance.choice(scene.probes)
        self._assistant(asked)
        self._user(answer)

    def _user_asks(self, scene: Scene) -> None:
        asked, answer = self._chance.choice(scene.follows)
        self._user(asked)
        self._assistant(answer)

    def _pick(self, some: tuple[str, ...]) -> str:
        """Not what was said already, as long as there is something else."""
        fresh = [one for one in some if one and not any(self._filled(one) in text for _, text in self._said)]
        return self._chance.choice(some if "" in some else fresh or some)

    def _filled(self, text: str) -> str:
        return text.format_map(self._words)

    def _user(self, text: str) -> None:
        """People write as they like: some without capitals, some without the last full stop."""
        text = self._filled(text)
        how = self._chance.random()
        self._said.append(("user", text.lower().rstrip(".") if how < _CARELESS else text[0].upper() + text[1:]))

    def _assistant(self, text: str) -> None:
        text = self._filled(text)
        self._said.append(("assistant", text[0].upper() + text[1:]))
