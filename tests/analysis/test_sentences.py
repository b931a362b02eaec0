"""What the steps say of single sentences and short talks."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bench import labelled
from bench.labelled import judged
from noctule.analysis.pipeline import Asked, asked_in
from noctule.base.language import Language
from noctule.chatbots import analysis_in
from noctule.conversations import Role


def test_anger_is_forgotten_when_the_talk_went_well() -> None:
    angry = ("user", "I'm sick of your excuses, this is the worst service ever!")
    well: list[tuple[Role, str]] = [
        ("assistant", "I have refunded the whole amount, and the new one is booked for today."),
        ("user", "Oh great, thank you so much!"),
        ("assistant", "Is there anything else?"),
        ("user", "No, that worked, thanks!"),
    ]
    assert "frustrated_user" in {flag.name for flag in judged(angry, ("assistant", "One moment.")).flags}
    work = judged(angry, *well)
    assert "frustrated_user" not in {flag.name for flag in work.flags}
    assert "frustrated_user" in {flag.name for found in work.flagged.values() for flag in found}


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("This is not bad at all, I am impressed.", 0.2, 1),
        ("This is not good at all.", -1, -0.2),
        ("What a waste of time.", -1, -0.2),
        ("It does not work.", -1, -0.2),
        ("Could you please help me with my booking?", -0.2, 0.2),
        ("What does error 504 mean?", -0.25, 0.2),
        ("I love it 😍", 0.4, 1),
        ("still broken 😡", -1, -0.3),
        ("It is terrible!!!", -1, -0.6),
        ("soooo goooood", 0.2, 1),
        ("ok", -0.2, 0.2),
        ("Yes, sure.", -0.2, 0.2),
        ("nope", -0.2, 0.2),
        ("😡😡", -1, -0.4),
        ("👍", 0.2, 1),
    ],
)
def test_feeling_of_single_sentences(text: str, least: float, most: float) -> None:
    work = judged(("user", f"Hello there. {text}"))
    assert work.sentiment is not None
    assert least <= work.sentiment <= most


def test_a_talk_that_fails_differs_from_one_that_ends_well() -> None:
    well = judged(
        ("user", "I want to book a table for two tonight please."),
        ("assistant", "Your table for two at 8 pm is booked."),
        ("user", "Great, thank you!"),
        ("assistant", "You're welcome. Goodbye!"),
    )
    badly = judged(
        ("user", "I want to book a table for two tonight please."),
        ("assistant", "I am sorry, I am unable to do that."),
        ("user", "Why not? I already told you, this is ridiculous. A table for two tonight!"),
        ("assistant", "I am sorry, I am unable to do that."),
        ("user", "Useless. Never mind, I will call them myself."),
    )
    assert well.ending and badly.ending
    assert well.ending.outcome == "fully_resolved"
    assert badly.ending.outcome == "capability_failure"
    assert (well.ending.unresolved or 1) < 0.2
    assert (badly.ending.unresolved or 0) > 0.8
    assert (well.dissatisfaction or 0) < 0.2
    assert (badly.dissatisfaction or 0) > 0.7
    assert {"frustrated_user"} == {flag.name for flag in badly.flags}
    assert badly.ending.unanswered
    assert not well.ending.unanswered
    assert well.title == "I want to book a table for two tonight please."
    assert well.summary == "I want to book a table for two tonight please. (fully resolved)"
    assert well.intent == "book"


def test_an_excuse_makes_nobody_unhappy_by_itself() -> None:
    taken = judged(
        ("user", "Please change the address of order 5521 and add a gift note."),
        ("assistant", "I've changed the address. Unfortunately a gift note can't be added any more."),
        ("user", "ok, the address was the main thing"),
    )
    assert (taken.dissatisfaction or 1) < 0.5
    assert taken.flags == []


def test_what_works_in_the_end_is_resolved() -> None:
    tried = judged(
        ("user", "My card keeps getting declined."),
        ("assistant", "Your bank declined the payment."),
        ("user", "Tried again, same error."),
        ("assistant", "Then please try another card."),
        ("user", "That worked."),
    )
    assert tried.ending
    assert (tried.ending.outcome, tried.ending.unanswered) == ("fully_resolved", False)
    assert (tried.ending.unresolved or 1) < 0.5


def test_the_same_answer_again_resolves_nothing() -> None:
    link: tuple[Role, str] = ("assistant", "Click Forgot password on the sign-in page.")
    looped = judged(
        ("user", "I forgot my password"), link, ("user", "I did. No mail."), link, ("user", "This is useless")
    )
    assert looped.ending
    assert looped.ending.outcome == "capability_failure"


def test_what_is_asked_is_neither_done_nor_an_answer() -> None:
    asked = judged(
        ("user", "I need a table."),
        ("assistant", "For what time should the reservation be made?"),
        ("user", "At eight."),
        ("assistant", "Please tell me your name."),
        ("user", "Kim."),
        ("assistant", "One moment, let me check that."),
    )
    assert [answer.outcome for answer in asked.answers.values()] == ["other", "other", "other"]


@pytest.mark.parametrize(
    ("said", "escalated", "unanswered"),
    [("I want to talk to a human", True, True), ("How long are you open?", False, True), ("hello", False, False)],
)
def test_nobody_answers(said: str, escalated: bool, unanswered: bool) -> None:
    ending = judged(("user", said)).ending
    assert ending
    assert (ending.outcome, ending.unresolved) == (None, None)
    assert (ending.escalated, ending.unanswered) == (escalated, unanswered)


@pytest.mark.parametrize(
    "said",
    [
        "That makes sense now, thanks.",
        "What's the API rate limit on the Starter plan?",
        "Can you tell me what the weather will be like?",
        "Can you find another hotel on the north side?",
    ],
)
def test_what_sounds_like_a_flag_and_is_none(said: str) -> None:
    assert list(labelled.flags_in(said)) == []


def test_what_the_user_calls_no_answer_dodges() -> None:
    work = judged(
        ("user", "Do you have the certificate?"),
        ("assistant", "Security matters a great deal to everybody who works here."),
        ("user", "That's not what I asked."),
    )
    (answer,) = work.answers.values()
    assert answer.behavior
    assert answer.behavior.value == "dodging"


def test_a_no_to_more_help_is_no_displeasure() -> None:
    work = judged(
        ("user", "I need a ride."),
        ("assistant", "Booked. Is there anything else I can do?"),
        ("user", "No, that's all."),
    )
    assert list(work.dissatisfied.values())[-1] < 0.15


def test_steps_are_not_too_many_words() -> None:
    steps = "\n".join(f"{number}. Open the page and choose the entry that you were told about." for number in range(12))
    for text, behavior in ((steps, "helpful"), (steps.replace("\n", " ").replace(".", ""), "verbose")):
        (answer,) = judged(("user", "Where is it?"), ("assistant", text)).answers.values()
        assert answer.behavior
        assert answer.behavior.value == behavior


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (
            ("hi", "skype stopped working", "roy 1472", "ok", "it is now updated and working fine"),
            "Skype stopped working",
        ),
        (("my name is Jo", "woodbridge virginia", "yes i like it", "two pizzas and a salad"), "Two pizzas and a salad"),
        (("Hello", "I am Ben. I want to plan a party."), "I want to plan a party."),
        (("are dogs allowed", "ok then we'll look elsewhere"), "Are dogs allowed"),
        (("hi",), "Hi"),
    ],
)
def test_a_title_is_what_was_wanted(said: tuple[str, ...], title: str) -> None:
    turns: list[tuple[Role, str]] = [("user", one) for one in said]
    assert judged(*turns).title == title


def test_a_language_we_do_not_judge_has_a_title_and_no_verdict() -> None:
    work = judged(
        ("user", "Hallo, ich möchte bitte meine Rechnung vom März noch einmal haben."), ("assistant", "Gern.")
    )
    assert work.language == Language("de", work.language.confidence if work.language else 0)
    assert (work.sentiment, work.dissatisfaction, work.ending, work.intent) == (None, None, None, None)
    assert work.flags == []
    assert work.title == "Ich möchte bitte meine Rechnung vom März noch einmal haben."


LANGUAGES = {
    "en": "Where can I find the invoice for last month, please?",
    "de": "Wo finde ich bitte die Rechnung vom letzten Monat?",
    "fr": "Où puis-je trouver la facture du mois dernier ?",
    "es": "¿Dónde puedo encontrar la factura del mes pasado?",
    "it": "Dove posso trovare la fattura del mese scorso?",
    "pt": "Onde posso encontrar a fatura do mês passado? Obrigado.",
    "nl": "Waar kan ik de factuur van vorige maand vinden?",
    "pl": "Gdzie mogę znaleźć fakturę z zeszłego miesiąca?",
    "tr": "Geçen ayın faturasını nerede bulabilirim?",
    "ru": "Где я могу найти счёт за прошлый месяц?",
    "ar": "أين يمكنني العثور على فاتورة الشهر الماضي؟",
    "he": "איפה אפשר למצוא את החשבונית של החודש שעבר?",
    "hi": "मुझे पिछले महीने का बिल कहाँ मिलेगा?",
    "ja": "先月の請求書はどこで見られますか？",
    "ko": "지난달 청구서는 어디에서 볼 수 있나요?",
    "zh": "请问上个月的发票在哪里可以找到？",
}


@pytest.mark.parametrize(("code", "text"), LANGUAGES.items())
def test_sixteen_languages_are_told_and_only_english_is_judged(code: str, text: str) -> None:
    work = judged(("user", text), ("assistant", "…"))
    assert work.language
    assert work.language.code == code
    assert (work.sentiment is None) == (code != "en")
    assert work.title
    assert len(work.title) <= 80


turns = some.lists(
    some.tuples(
        some.sampled_from(("user", "assistant", "system")),
        some.one_of(
            some.text(max_size=200),
            some.sampled_from(
                [
                    "",
                    "no",
                    "👩‍👩‍👧" * 50,
                    "```\nwhile True: pass\n```",
                    "!" * 300,
                    "not " * 300,
                    "a@" * 500,
                    "thank you " * 200,
                ]
            ),
        ),
    ),
    max_size=12,
)


@given(turns)
def test_whatever_is_said_is_judged_within_bounds(said: list[tuple[Role, str]]) -> None:
    work = judged(*said)
    for message in work.messages:
        for chunk in work.chunks.get(message.id, []):
            assert message.content[chunk.start : chunk.end] == chunk.text_chunk
            assert -1 <= chunk.score <= 1
    unresolved = work.ending.unresolved if work.ending else None
    chances = [*work.dissatisfied.values(), work.dissatisfaction or 0.0, unresolved or 0.0]
    assert all(0 <= one <= 1 for one in chances)
    assert all(0 <= mark <= 1 for answer in work.answers.values() for mark in (answer.quality or {}).values())
    assert len(work.title or "") <= 80
    assert len(work.summary or "") <= 80


@pytest.mark.parametrize(
    "piece", ["word ", "a", "no!? ", "a@b", "thanks. ", "cancel my ", "is it ", "😡", "i can ", "need now "]
)
def test_a_long_message_takes_little_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = process_time()
    judged(("user", text), ("assistant", text), ("user", text))
    assert process_time() - began < 3


def test_switches_leave_no_trace() -> None:
    said: list[tuple[Role, str]] = [
        ("user", "I want to cancel my subscription, this is terrible."),
        ("assistant", "Done, it is cancelled."),
    ]
    nobody = judged(*said, asked=Asked(user=False))
    assert (nobody.sentiment, nobody.dissatisfaction, nobody.flags, nobody.intent) == (None, None, [], None)
    assert "switched off" in nobody.reason
    assert nobody.ending
    nothing = judged(*said, asked=Asked(assistant=False))
    assert nothing.ending is None
    assert all((one.behavior, one.outcome, one.quality) == (None, None, None) for one in nothing.answers.values())
    one = judged(*said, asked=Asked(off=frozenset({"sentiment", "quality"})))
    assert (one.sentiment, [answer.quality for answer in one.answers.values()]) == (None, [None])
    assert one.flags


def test_a_team_adds_flags_of_its_own() -> None:
    settings = analysis_in(
        {
            "flags": True,
            "definitions": {
                "flags": {
                    "legal_threat": {
                        "words": ["lawyer"],
                        "phrases": ["see you in court"],
                        "examples": ["I will sue your company"],
                    },
                    "churn_risk": {"enabled": False},
                    "urgent_request": {"phrases": ["code red"]},
                }
            },
        }
    )
    asked = asked_in(settings, user=True, assistant=True)

    def flags(text: str) -> set[str]:
        return {flag.name for flag in judged(("user", f"Hello there, {text}"), asked=asked).flags}

    assert flags("my lawyer will call you.") == {"legal_threat"}
    assert flags("we have a code red in the office.") == {"urgent_request"}
    assert flags("please cancel my subscription.") == set()
    assert flags("the lawyers met.") == set()
    assert {flag.name for flag in judged(("user", "I will sue the company"), asked=asked).flags} == {"legal_threat"}
