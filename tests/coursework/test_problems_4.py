"""Problem set 4 is fair: honest measurements count, and what was not measured earns nothing.

`EFFORT=80 pytest tests/coursework/test_problems_4.py -k identifies` asks of 300 students what is
otherwise asked of a few; the tolerances were chosen so that it passes.
"""

import re
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from coursework.unseen.problems_4 import (
    inputs_gamma,
    mark_full,
    mark_gamma,
    mark_plain,
    recordings,
    trials,
)
from neuro_lib import (
    Current,
    coincidence_factor,
    constant_current,
    ou_current,
    simulate,
    step_current,
)
from neuro_lib.analysis.prediction import noise_of
from neuro_lib.analysis.recorded_fit import recorded_fit
from neuro_lib.coursework import Student, problems_4
from neuro_lib.coursework.problems_4 import FULL, given
from neuro_lib.coursework.recorded_cell import PAUSES, RecordedCell, check_recorded, recorded_cell
from neuro_lib.coursework.unknown import truth_of
from tests.coursework.notebooks import ME, OTHER, checks, read, solved
from tests.effort import examples

MINE = given(ME)
M, THEIRS = truth_of(ME).model, truth_of(OTHER).model
CHECKS = checks("problems_4")
EVERYBODY = [Student(f"s{i}") for i in range(300)]
SOME = EVERYBODY[: examples(4)]
U, TAU = M.u_rest, M.tau_m


def numbers(model, **changed):
    """Parameters of a model, in the order of the problem."""
    return [changed.get(name, getattr(model, name)) for name in FULL]


def plain(model=M, raised=0.0, **changed):
    return numbers(model, **{"theta": model.theta + raised} | changed)[:6]


# Values


MEMBRANE, FIRING, ADAPTATION = [U, M.R, TAU], [M.theta, M.u_r, M.t_ref], [M.b, M.tau_w]
TAIL = M.b * M.tau_w / (M.tau_w - TAU)
FAR = np.array([THEIRS.u_rest, THEIRS.R, THEIRS.tau_m])

WRONG = [
    ("membrane", [U / 1000, M.R / 1000, TAU / 1000], "is it in GΩ?"),
    ("membrane", [U / 1000, M.R / 1000, TAU / 1000], "The time constant: ✗ Not yet. The number is"),
    ("membrane", [-U, -M.R, -TAU], "The resistance: ✗ Not yet. The size is right, the sign is not"),
    ("membrane", [0.0, 1 / M.R, np.log(2) * TAU], "This is a conductance"),
    ("membrane", [0.0, 1 / M.R, np.log(2) * TAU], "half of the way"),
    ("membrane", [U - 1, 0.0, M.C], "This is a capacitance"),
    ("membrane", [M.R, TAU, U], "different number"),
    ("membrane", M.R, "A list of three numbers"),
    ("membrane", f"{U}, {M.R}, {TAU}", "A list of three numbers"),
    ("membrane", [U - 0.5, 1.06 * M.R, 1.15 * TAU], "different number"),  # from a single trial
    ("firing", [M.theta - U, M.u_r - U, M.t_ref / 1000], "measured from the resting potential"),
    ("firing", [M.u_r, M.u_r - M.theta, 0.0], "where it lands after a spike"),
    ("firing", [M.u_r, M.theta - M.u_r, 0.0], "This is how far it falls"),
    ("firing", [M.theta + 0.5, U, 0.0], "owes most to the noise"),
    ("firing", [M.theta + 0.5, U, 0.0], "it need not start from rest"),
    ("firing", [M.theta / 1000, M.u_r / 1000, M.t_ref / 1000], "is it in V?"),
    ("firing", numbers(THEIRS)[3:6], "different number"),
    ("firing", [M.theta, M.u_r], "A list of three numbers"),
    ("adaptation", [1000 * M.b, M.tau_w / 1000], "is it in pA?"),
    ("adaptation", [1000 * M.b, M.tau_w / 1000], "is it in s?"),
    ("adaptation", [M.b * M.R, TAU], "This is in mV"),
    ("adaptation", [-M.b, TAU], "the sign is not"),
    ("adaptation", [0.0, TAU], "the membrane's own"),
    ("adaptation", M.b, "A list of two numbers"),
    ("itself", 1.0, "different number"),
    ("itself", 0.0, "different number"),
    ("itself", [0.8, 0.8, 0.8], "One number is wanted"),
    ("plain", plain()[:5], "The shape is (5,), but (6,)"),
    ("plain", numbers(M), "The shape is (8,), but (6,)"),
    ("plain", "a plain neuron", "Numbers of shape (6,)"),
    ("plain", plain(tau_m=np.nan), "not a finite number"),
    ("plain", plain(raised=-2.0), "times as often as your neuron"),
    ("plain", plain(raised=30.0, R=M.R / 1.5), "never fires"),
    ("plain", plain(R=M.R / 1000), "R: The number is a thousand times too small: is it in GΩ?"),
    ("plain", plain(tau_m=TAU / 1000), "τ_m: The number is a thousand times too small"),
    ("plain", plain(theta=M.theta - U), "θ: This is measured from the resting potential"),
    ("plain", plain(theta=M.u_r - 1), "no such neuron: theta ="),
    ("full", plain(), "The shape is (6,), but (8,)"),
    ("full", numbers(M, b=1000 * M.b), "b: The number is a thousand times too large: is it in pA?"),
    ("full", numbers(M, b=0.0), "times as often as your neuron"),
    ("full", numbers(M, b=-M.b), "b: The size is right, the sign is not"),
    ("full", numbers(M, u_rest=-U), "u_rest: The size is right, the sign is not"),
    ("full", numbers(M, R=9000.0, t_ref=0.0), "no such neuron: it would fire faster than"),
    ("full", numbers(M, b=1e300), "no such neuron: a number is beyond 1,000,000"),
    ("full", numbers(M, t_ref=M.t_ref / 1000, b=0.3 * M.b), "t_ref: The number is a thousand"),
    ("full", numbers(M, tau_m=TAU + 40, b=3 * M.b), "times as often as your neuron"),
]
CELL = recorded_cell(ME)
FIT = recorded_fit(CELL.cell, CELL.left_out - 1, adaptation=True)
GOOD = [FIT.tau_m, FIT.R, -49.0, -65.0, 0.02, 100.0]  # on four sweeps, with this t_ref
WRONG += [
    ("recorded", GOOD[:5], "The shape is (5,), but (6,)"),
    ("recorded", [*GOOD[:2], 4.0, *GOOD[3:]], "It never fires"),
    ("recorded", [2 * FIT.tau_m, *GOOD[1:]], "another membrane's"),
    ("recorded", [FIT.tau_m, FIT.R / 1000, *GOOD[2:]], "another membrane's"),
    ("recorded", [*GOOD[:2], -80.0, -72.0, *GOOD[4:]], "no such neuron: theta ="),
    ("recorded", [*GOOD[:4], 1e300, 100.0], "no such neuron: a number is beyond 10,000"),
    ("recorded", [*GOOD[:4], 0.0, 100.0], "What do the other four sweeps say?"),
]
HALF = [
    ("adaptation", [M.b, TAU], "The time constant: ✗ Not yet. This is the membrane's own"),
    ("adaptation", [M.b, M.tau_w / 1000], "is it in s?"),
    ("adaptation", [TAIL, M.tau_w], "no copy of that of w"),
    ("adaptation", [1000 * M.b, M.tau_w], "is it in pA?"),
    ("adaptation", [None, M.tau_w], "There is nothing here yet"),
]


def halved(predicted, reference, duration, window):
    """Over the sum of both numbers of spikes, and not over their mean."""
    return coincidence_factor(predicted, reference, duration=duration, window=window) / 2


NOISE = noise_of(1, duration=20_000.0)
TRAINS = [MINE.record(NOISE, trial).spike_times for trial in (1, 2, 3)]
BY_HALVES = np.mean([halved(a, b, 20_000.0, 2.0) for a, b in combinations(TRAINS, 2)])
CLIMBS = [
    tau * np.log((U + R * 3.0 - M.u_r) / (U + R * 3.0 - M.theta))
    for R, tau in ((M.R, TAU), (2 * M.R, 0.7 * TAU))
]
LATE = M.t_ref + 6.0
FOLLOWS = [
    ("firing", [U, 2 * M.R, 0.7 * TAU], [M.theta, M.u_r, M.t_ref - np.diff(CLIMBS)[0]], 1.0),
    ("full", [M.theta, M.u_r, LATE], numbers(M, t_ref=LATE), 1.0),
    ("adaptation", [U, 2 * M.R, TAU], [M.b / 2, M.tau_w], 1.0),
    ("itself", halved, BY_HALVES, 1.0),
]
RIGHT = [
    ("membrane", tuple(MEMBRANE)),
    ("membrane", np.array([U + 0.25, 0.97 * M.R, 1.07 * TAU])),
    ("membrane", [round(U, 1), round(M.R), round(TAU, 1)]),
    ("firing", np.array(FIRING)),
    ("firing", [round(M.theta, 1), round(M.u_r, 1), round(M.t_ref, 1)]),
    ("firing", [M.theta - 0.2, M.u_r + 0.2, M.t_ref + 0.3]),
    ("adaptation", (np.float32(0.9 * M.b), np.float64(1.1 * M.tau_w))),
    ("adaptation", [round(M.b, 3), round(M.tau_w)]),
    ("full", tuple(numbers(M))),
    ("full", np.array([float(f"{x:.3g}") for x in numbers(M)])),
    ("full", [TAU, M.R, 0.0, M.theta - U, M.u_r - U, M.t_ref, M.b, M.tau_w]),  # all from rest
    ("full", numbers(M, b=0.9 * M.b, tau_w=1.1 * M.tau_w)),
    ("recorded", np.array(GOOD)),
    ("recorded", (*(round(x, 1) for x in GOOD[:4]), 0.02, 100)),
]


@pytest.mark.parametrize(
    ("task", "answer", "share", "said"),
    [
        ("membrane", [U, M.R, TAU / 1000], 2, "The time constant: ✗ Not yet. The number is"),
        ("membrane", [U, None, TAU], 2, "The resistance: ✗ Not yet. There is nothing"),
        ("membrane", [U, -M.R, 0.7 * TAU], 1, "the sign is not"),
        ("firing", [M.theta, M.u_r, 1000.0], 2, "The refractory time: ✗ Not yet"),
        ("firing", [M.theta + 0.5, M.u_r, 0.0], 1, "owes most to the noise"),
    ],
)
def test_each_of_three_numbers_earns_a_third(task, answer, share, said):
    verdict = CHECKS[task](answer, ME)
    assert verdict.score == pytest.approx(share / 3)
    assert said in verdict.message


def test_a_recording_is_not_compared_with_itself():
    right = solved("problems_4", ME.id)["itself"]
    said = CHECKS["itself"]((2 * right + 1) / 3, ME).message
    assert "compared with itself" in said
    assert "per cent" in CHECKS["itself"](100 * right, ME).message
    assert CHECKS["itself"](round(right, 2), ME).right


def percent(share):
    return f"{100 * share:.0f} %"


def test_the_text_says_how_far_off_an_answer_may_be():
    texts = {c.metadata["nbgrader"]["grade_id"]: c.source for c in read("problems_4").cells}
    said = {
        "membrane_text": [
            f"{problems_4.NEAR['atol']} mV",
            f"$R$ in MΩ ({percent(problems_4.RESISTANCE['rtol'])}",
            f"$\\tau_m$ in ms ({percent(problems_4.TIME_CONSTANT['rtol'])}",
        ],
        "firing_text": [f"{problems_4.NEAR['atol']} mV", f"{problems_4.PAUSE['atol']} ms"],
        "adaptation_text": [f"by {percent(problems_4.ADAPTATION['rtol'])}"],
        "gamma_text": [f"by {problems_4.GAMMA['atol']}."],
        "itself_text": [f"by {problems_4.ITSELF['atol']}."],
        "plain_text": [percent(x) for x in problems_4.PLAIN_SHARES],
        "full_text": [percent(x) for x in problems_4.FULL_SHARES],
    }
    for name, parts in said.items():
        for part in parts:
            assert part in " ".join(texts[name].split()), (name, part)


# Whoever measures with care gets full marks


@pytest.mark.parametrize("student", SOME)
def test_whoever_identifies_the_neuron_gets_full_marks(student):
    """By the model solution, which has nothing but recordings."""
    found = solved("problems_4", student.id)
    for task, check in CHECKS.items():
        assert check(found[task], student).right, task
    assert mark_plain(found["plain"], student).right
    assert mark_full(found["full"], student).right


def mean_u(I, several=10):
    return np.mean([MINE.record(I, trial).u for trial in range(1, several + 1)], axis=0)


def to_one_over_e():
    """Until 1/e of the way is left, after a step upward that stays below threshold."""
    I = step_current(0.08, start=200.0, stop=600.0, duration=600.0, dt=0.1)
    u = mean_u(I, 30)
    rest, top = np.median(u[:2000]), np.median(u[4000:])
    crossed = np.flatnonzero(u > top - (top - rest) / np.e)
    return "membrane", [rest, (top - rest) / 0.08, crossed[crossed > 2000][0] / 10 - 200]


def logarithm():
    """By the slope of a logarithm, on the way back from a step downward."""
    I = step_current(-0.4, start=0.0, stop=200.0, duration=600.0, dt=0.1)
    u = mean_u(I, 20)
    rest = u[4000:].mean()
    t, x = I.t[2000:2250] - 200, np.log(rest - u[2000:2250])
    return "membrane", [rest, (rest - u[1500:2000].mean()) / 0.4, -1 / np.polyfit(t, x, 1)[0]]


def sines():
    """R and τ_m from the gain at two frequencies, rest from the mean."""
    omega = 2 * np.pi * np.array([1, 10]) / 1000
    gains, last = [], slice(10_000, 20_000)  # the second of two seconds
    for w in omega:
        wave = np.exp(1j * w * np.arange(20_001) / 10)
        u = mean_u(Current(0.1 * wave.imag - 0.05, 0.1))[last]
        gains.append(2 * abs(np.mean(u * wave[last].conj())) / 0.1)
    R_squared, slope = np.linalg.solve(
        [[1, -((w * g) ** 2)] for w, g in zip(omega, gains, strict=True)], np.square(gains)
    )
    R = np.sqrt(R_squared)
    return "membrane", [u.mean() + 0.05 * R, R, np.sqrt(slope)]


def line_to_threshold():
    """The threshold by a line through the last millisecond; the pause where u leaves the reset."""
    weak = MINE.record(ou_current(0.15, 0.15, tau=10.0, duration=5000.0, dt=0.1, seed=3))
    last = np.floor(weak.spike_times / 0.1).astype(int)
    last = last[(last > 20) & (last < weak.u.size - 20)]
    before = np.mean([weak.u[last - k] for k in range(10)], axis=1)
    theta = np.polyval(np.polyfit(-np.arange(10), before, 1), 0.5)
    u_r = np.median([weak.u[last + k] for k in range(1, 15)])
    hard = MINE.record(step_current(1.5, start=20.0, stop=400.0, duration=400.0, dt=0.05))
    after = np.floor(hard.spike_times / 0.05).astype(int)
    after = after[after < hard.u.size - 150]
    left = np.mean([hard.u[after + k] for k in range(1, 151)], axis=1) > u_r + 0.5
    return "firing", [theta, u_r, np.argmax(left) * 0.05]


def fine_steps():
    """The threshold at a hundredth of a millisecond, the pause from two intervals."""
    weak = [
        MINE.record(constant_current(0.3, duration=500.0, dt=0.01), trial) for trial in (1, 2, 3)
    ]
    last = [np.floor(one.spike_times / 0.01).astype(int) for one in weak]
    theta = np.mean([one.u[k].mean() for one, k in zip(weak, last, strict=True)])
    u_r = np.mean([one.u[k + 50].mean() for one, k in zip(weak, last, strict=True)])
    first = []
    for I in (2.5, 5.0):  # the climb is nearly in proportion to 1 / I
        kick = constant_current(I, duration=30.0, dt=0.1)
        runs = [MINE.record(kick, trial).spike_times[:2] for trial in range(1, 21)]
        first.append(np.mean([np.diff(run) for run in runs]))
    return "firing", [theta, u_r, 2 * first[1] - first[0]]


def log_of_the_tail():
    """τ_w by a logarithm, b by the size of the tail."""
    drive = step_current(0.8, start=0.0, stop=300.0, duration=800.0, dt=0.1)
    runs = [MINE.record(drive, trial) for trial in range(1, 21)]
    t = drive.t - 300.0
    late = (t > 80) & (t < 230)
    u = np.mean([one.u for one in runs], axis=0)[late] - U
    slope, height = np.polyfit(t[late], np.log(-u), 1)
    tau_w = -1 / slope
    left = np.mean([np.exp(-(300 - one.spike_times) / tau_w).sum() for one in runs])
    return "adaptation", [np.exp(height) * (1 - TAU / tau_w) / M.R / left, tau_w]


def spike_times():
    """B and τ_w by the firing times under a step, over a grid."""
    drive = step_current(0.5, start=0.0, stop=400.0, duration=400.0, dt=0.1)
    runs = [MINE.record(drive, trial).spike_times for trial in range(1, 11)]
    n = min(map(len, runs))
    wanted = np.mean([one[:n] for one in runs], axis=0)

    def off(pair):
        times = simulate(replace(M, b=pair[0], tau_w=pair[1]), drive).spike_times
        return np.sum((times[:n] - wanted) ** 2) if len(times) >= n else np.inf

    grid = [(b, w) for b in np.arange(0.03, 0.11, 0.002) for w in np.arange(50.0, 170.0, 4.0)]
    return "adaptation", list(min(grid, key=off))


@pytest.mark.parametrize(
    "measure",
    [
        to_one_over_e,
        logarithm,
        sines,
        line_to_threshold,
        fine_steps,
        log_of_the_tail,
        spike_times,
    ],
)
def test_other_measurements_count_as_well(measure):
    task, answer = measure()
    assert CHECKS[task](answer, ME).right, answer


# The models, on noise that nobody has seen


@pytest.mark.parametrize(
    ("mark", "answer", "least", "most"),
    [
        (mark_full, numbers(M), 1, 1),
        (mark_full, numbers(M, b=1.15 * M.b, tau_w=0.85 * M.tau_w), 1, 1),
        (mark_full, numbers(M, b=0.0), 0, 0),
        (mark_full, numbers(M, b=0.0, theta=M.theta + 4), 0, 0.3),  # a plain neuron
        (mark_full, numbers(M, theta=M.theta + 2), 0.1, 0.99),
        (mark_full, numbers(M, theta=M.theta + 3), 0, 0.3),
        (mark_full, numbers(M, t_ref=0.0), 0.3, 1),
        (mark_full, numbers(THEIRS), 0, 0.5),
        (mark_full, None, 0, 0),
        (mark_full, [0.0] * 8, 0, 0),
        (mark_full, {"neither number nor list": "FilteredLIF"}, 0, 0),
        (mark_plain, plain(raised=4.0), 0.9, 1),
        (mark_plain, plain(), 0, 0.2),
        (mark_plain, plain(raised=16.0), 0, 0.5),
        (mark_plain, plain(raised=-3.0), 0, 0),
        (mark_plain, plain(tau_m=1000.0), 0, 0),  # no leak
        (mark_plain, [-1.0] * 6, 0, 0),
    ],
)
def test_a_model_earns_by_what_it_predicts(mark, answer, least, most):
    assert least <= mark(answer, ME).score <= most


def test_the_worse_the_model_the_less_it_earns():
    scores = [mark_full(numbers(M, b=x * M.b), ME).score for x in (1.0, 1.5, 2.0, 4.0)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1 and scores[-1] < 0.5


def test_the_true_neuron_does_not_predict_its_own_noise():
    for I, trains in recordings(ME):
        predicted = simulate(M, I).spike_times
        factors = [coincidence_factor(predicted, one, duration=I.duration) for one in trains]
        assert 0.7 < np.mean(factors) < 0.99


@pytest.mark.parametrize("name", ["plain", "full"])
def test_an_endless_model_is_refused_before_it_runs(name):
    """What is simulated is simulated outside the sandbox."""
    for answer in ([1.0, 1e6, U, U + 1e-9, U - 1e-9, 0.0, 0.0, 1.0], [1e308] * 8):
        verdict = CHECKS[name](answer[: 6 if name == "plain" else 8], ME)
        assert verdict.score == 0
        assert "no such neuron" in verdict.message


def test_neighbours_have_answers_of_their_own():
    full_marks = 0
    for student, neighbour in pairwise(EVERYBODY):
        model = truth_of(student).model
        theirs = {
            "membrane": [model.u_rest, model.R, model.tau_m],
            "firing": [model.theta, model.u_r, model.t_ref],
            "adaptation": [model.b, model.tau_w],
        }
        assert all(CHECKS[task](answer, student).right for task, answer in theirs.items())
        scores = [CHECKS[task](answer, neighbour).score for task, answer in theirs.items()]
        full_marks += scores[0] == 1 or scores[1] == 1
        assert sum(scores) < 2.5
    assert full_marks < 10


@pytest.mark.slow
def test_a_neighbours_models_earn_little():
    scores = [
        mark_full(numbers(truth_of(student).model), neighbour).score
        for student, neighbour in pairwise(EVERYBODY[:40])
    ]
    assert np.mean(scores) < 0.3
    assert np.mean(np.equal(scores, 1)) < 0.2


# Γ


def as_array(argument):
    return np.array(argument) if isinstance(argument, list) else argument


def marked(function):
    """The marks that a function earns: run on the hidden inputs, judged from what it returns."""
    return mark_gamma([function(*map(as_array, args)) for args in inputs_gamma(ME)], ME)


def factor(pairs, predicted, reference, duration, window):
    """Γ by the formula, from a number of pairs."""
    n, m = len(predicted), len(reference)
    chance = 2 * window * n / duration
    return (pairs - chance * m) / (0.5 * (n + m)) / (1 - chance)


def paired(predicted, reference, window):
    """Number of pairs: each prediction takes the first spike that is still free."""
    free, pairs = list(reference), 0
    for t in predicted:
        for other in free:
            if abs(t - other) <= window:
                free.remove(other)
                pairs += 1
                break
    return pairs


def simply(predicted, reference, duration, window):
    return factor(paired(predicted, reference, window), predicted, reference, duration, window)


def assignment(predicted, reference, duration, window):
    near = np.abs(predicted[:, None] - reference) <= window
    pairs = near[linear_sum_assignment(near, maximize=True)].sum()
    return np.float32(factor(pairs, predicted, reference, duration, window))


def table(predicted, reference, duration, window):
    """By the best that the beginnings of both trains allow."""
    best = np.zeros((len(predicted) + 1, len(reference) + 1))
    for i, t in enumerate(predicted, 1):
        for k, other in enumerate(reference, 1):
            both = best[i - 1, k - 1] + (abs(t - other) <= window)
            best[i, k] = max(both, best[i - 1, k], best[i, k - 1])
    return round(factor(best[-1, -1], predicted, reference, duration, window), 3)


def library(predicted, reference, duration, window):
    return np.array(coincidence_factor(predicted, reference, duration=duration, window=window))


@pytest.mark.parametrize("style", [simply, assignment, table, library])
def test_gamma_counts_in_any_style(style):
    assert CHECKS["gamma"](style, ME).right
    assert marked(style).right


def shared(count):
    """Γ with spikes that belong to several pairs, counted from the table of who is near whom."""

    def function(p, r, T, w):
        return factor(count(np.abs(p[:, None] - r) <= w), p, r, T, w)

    return function


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        (shared(np.sum), "two pairs"),
        (shared(lambda near: near.any(axis=0).sum()), "two pairs"),
        (shared(lambda near: near.any(axis=1).sum()), "two pairs"),
        (lambda p, r, T, w: paired(p, r, w) / len(r), "a share of hits"),
        (lambda p, r, T, w: 2 * paired(p, r, w) / (len(p) + len(r)), "chance gives"),
        (lambda p, r, T, w: simply(p, r, T, w) * (1 - 2 * w * len(p) / T), "not score 1"),
        (lambda p, r, T, w: simply(p, r, T, w) / 2, "½ (n + m)"),
        (lambda p, r, T, w: simply(p, r, T * len(p) / len(r), w), "that of the prediction"),
        (lambda p, r, T, w: simply(p, r, 2 * T, w), "both sides"),
        (lambda p, r, T, w: simply(p, r, T / 1000, w), "in Hz"),
        (lambda p, r, T, w: factor(paired(p, r, w / 2), p, r, T, w), "a whole `window`"),
        (lambda p, r, T, w: simply(p, r, p[-1], w), "over the whole"),
        (lambda p, r, T, w: simply(p, r, r[-1], w), "over the whole"),
        (lambda p, r, T, w: 100 * simply(p, r, T, w), "different number"),
        (lambda p, r, T, w: -simply(p, r, T, w), "the sign is not"),
        (lambda p, r, T, w: [simply(p, r, T, w)], "a list"),
        (lambda p, r, T, w: 1.0, "different number"),
        (lambda p, r, T, w: np.nan, "not a finite number"),
        (lambda p, r, T, w: None, "returns nothing yet"),
    ],
)
def test_a_slip_in_gamma_earns_nothing_and_is_told_why(slip, said):
    for verdict in (marked(slip), CHECKS["gamma"](slip, ME)):
        assert verdict.score == 0
        assert said in verdict.message


def test_the_window_of_the_chapter_is_right_where_it_is_asked_for_only():
    assert marked(lambda p, r, T, w: simply(p, r, T, 2.0)).score == 0.25


def test_a_call_that_fails_costs_its_own_share_only():
    answers = [simply(*map(as_array, args)) for args in inputs_gamma(ME)]
    answers[1] = None
    assert mark_gamma(answers, ME).score == 0.75


def test_the_hidden_trains_are_not_those_of_the_check():
    public = problems_4.two_trains(35, 2000.0, 2.0)
    assert not any(np.array_equal(public[0], one[0]) for one in trials(ME))


@pytest.mark.slow
def test_a_recorded_cell_can_be_fitted_whatever_is_left_out_and_asked_for():
    """By the model solution, for everybody; and one refractory time's fit is none for another."""
    found = {}
    for who in map(str, range(40)):
        task = recorded_cell(Student(who))
        if task not in found:
            found[task] = solved("problems_4", who, "recorded")["recorded"]
            assert check_recorded(found[task], Student(who)).right, task
    assert len(found) == 12
    of = {recorded_cell(Student(str(k))): Student(str(k)) for k in range(40)}
    shared = copied = 0
    for task, numbers in found.items():
        for pause in set(PAUSES) - {task.t_ref}:
            other = RecordedCell(task.cell, task.left_out, pause)
            shared += check_recorded(numbers, of[other]).right
        fit = recorded_fit(task.cell, task.left_out - 1, adaptation=True)
        published = [fit.tau_m, fit.R, fit.theta, fit.u_r, fit.b, fit.tau_w]
        copied += check_recorded(published, of[task]).right
    guide = (Path(__file__).parents[2] / "docs/guide/coursework.md").read_text("utf-8")
    said = re.search(r"in (\d+) of the twelve cases; .* does in (\d+) of 24", guide)
    assert [int(number) for number in said.groups()] == [copied, shared]
