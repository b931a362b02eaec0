"""The small net, with layers made by hand: what it reads, and that neighbours count."""

import numpy as np

from noctule.analysis.net import LONGEST, Layers, Net, Vocabulary, Words
from noctule.analysis.sentiment import score_of
from noctule.analysis.weights import model


def net() -> Net:
    """Words of one number; the first look says whether `not` stands before, the second nothing."""
    near = np.zeros((3, 1), np.float16)
    near[0], near[1] = -20, 1  # the one before, the word itself
    out = np.array([[0, 0, 1], [0, 0, 0], [0, 0, 0]], np.float16)  # the strongest word makes it positive
    vocabulary = Vocabulary("not\ngood\ndont", np.array([0, 10, 4, 7], np.int8).tobytes(), [0.5])
    layers = Layers(
        near=near.tobytes(),
        near_bias=[0.0],
        far=np.zeros((3, 1), np.float16).tobytes(),
        far_bias=[0.0],
        out=out.tobytes(),
        out_bias=[0.5, 0.0, 0.0],
    )
    return Net(Words(vocabulary), layers)


def test_a_word_is_read_beside_its_neighbours() -> None:
    made = net()
    assert made.logits(["Good"]) == [0.5, 0.0, 2.0]
    assert made.logits(["not", "good"]) == [0.5, 0.0, 5.0], "of `good` nothing is left behind `not`"
    assert made.logits(["don't"]) == [0.5, 0.0, 3.5], "known without its apostrophe"


def test_nothing_and_everything_can_be_read() -> None:
    made = net()
    assert made.logits([]) == made.logits(["unheard"]) == [0.5, 0.0, 0.0]
    assert made.logits(["good"] * LONGEST) == made.logits(["good"] * (LONGEST + 50))


def test_words_together_mean_something_else() -> None:
    assert model().score(["the", "service", "was", "good"]) > 0.3
    assert model().score(["the", "service", "was", "not", "good"]) < -0.1
    assert score_of("It could not have been better, thank you so much!") > 0
    assert abs(score_of("Please help me to book a flight to Berlin, thanks.")) <= 0.3
