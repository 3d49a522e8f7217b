"""Problem set 4, an unknown neuron: what is given, and the checks."""

from functools import lru_cache
from itertools import combinations

import numpy as np

from neuro_lib.analysis.prediction import noise_of
from neuro_lib.analysis.spikes import above_chance, chance_of, coincidence_factor, coincidences
from neuro_lib.coursework.judges import (
    amount,
    average,
    follow_through,
    judge_function,
    judge_parts,
    recognise_slip,
    sees_plain,
    verdict_on,
)
from neuro_lib.coursework.recorded_cell import check_recorded
from neuro_lib.coursework.unknown import HIGHEST, UnknownNeuron, truth_of
from neuro_lib.coursework.verdict import DIFFERENT, Verdict, judge_array, judge_number
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.models.lif import LIF
from neuro_lib.models.simulation import simulate
from neuro_lib.units import MS_PER_S

__all__ = [
    "check_adaptation",
    "check_firing",
    "check_full",
    "check_gamma",
    "check_itself",
    "check_membrane",
    "check_plain",
    "check_recorded",
    "given",
    "judge_full",
    "judge_gamma",
    "judge_plain",
    "two_trains",
]

# For 300 students the model solution was off by at most 0.2 mV, 1.6 % in R, 6 % in τ_m, 0.1 ms,
# 9 % in b and 5 % in τ_w. The slope of a logarithm missed τ_m by at most 8 %; τ_w by 15.2 % once,
# else by less than 15 %. A pause read off where u leaves the reset came out up to 0.3 ms too long.
NEAR = {"rtol": 0.0, "atol": 0.3}  # mV
RESISTANCE = {"rtol": 0.04}
TIME_CONSTANT = {"rtol": 0.1}
PAUSE = {"rtol": 0.0, "atol": 0.4}  # ms
ADAPTATION = {"rtol": 0.15}
GAMMA = {"rtol": 0.0, "atol": 0.005}
ITSELF = {"rtol": 0.0, "atol": 0.01}
PLAIN = ("tau_m", "R", "u_rest", "theta", "u_r", "t_ref")
FULL = (*PLAIN, "b", "tau_w")
# Shares of the best Γ: up to the first there are no marks, from the second on there are all.
PLAIN_SHARES = 0.5, 0.7
FULL_SHARES = 0.6, 0.8
WINDOW = 2.0  # ms
RAISED = np.arange(0.0, 13.0, 2.0)  # mV, by which a plain neuron's threshold is tried
HARD = np.linspace(1.0, HIGHEST, 9)  # nA, by which a pause may have been measured
LARGEST = 1e6  # of a model's parameters, in their units
FASTEST = 2000.0  # Hz


def given(student):
    """Return the neuron that a student is to identify.

    Parameters
    ----------
    student : Student
        Whose.

    Returns
    -------
    UnknownNeuron
        Always the same for the same id.

    Examples
    --------
    >>> from neuro_lib.coursework import Student
    >>> given(Student(" Ada"))
    UnknownNeuron(student=Student(id='ada'))
    """
    return UnknownNeuron(student)


@sees_plain
def check_membrane(answer, student):
    """Check what the membrane is below threshold, a third of the marks for each number.

    Parameters
    ----------
    answer : array_like
        Resting potential (mV), resistance (MΩ) and time constant (ms), shape ``(3,)``.
    student : Student
        Whose answer it is.
    """
    model = truth_of(student).model
    judges = {
        "resting potential": _number(model.u_rest, "mV", NEAR),
        "resistance": _number(model.R, "MΩ", RESISTANCE, (1 / model.R, "This is a conductance.")),
        "time constant": _number(
            model.tau_m,
            "ms",
            TIME_CONSTANT,
            (np.log(2) * model.tau_m, "This is how long it takes to go half of the way."),
            (model.C, "This is a capacitance."),
        ),
    }
    return judge_parts(answer, "three numbers", judges)


@sees_plain
def check_firing(answer, student, membrane=None):
    """Check threshold, reset and refractory time, a third of the marks for each.

    Parameters
    ----------
    answer : array_like
        Threshold (mV), reset (mV) and refractory time (ms), shape ``(3,)``.
    student : Student
        Whose answer it is.
    membrane : array_like, optional
        The answer to problem 1, from which the refractory time may follow.
    """
    model = truth_of(student).model
    drop = model.theta - model.u_r
    a_drop = "This is how far it falls. Where does it land?"
    by_noise = "A little too high. Among many noisy samples, the highest owes most to the noise."
    judges = {
        "threshold": _number(
            model.theta,
            "mV",
            NEAR,
            (model.u_r, "This is where it lands after a spike."),
            (model.theta + 2 * NEAR["atol"], by_noise),
            u_rest=model.u_rest,
        ),
        "reset": _number(
            model.u_r,
            "mV",
            NEAR,
            (model.u_rest, "After a spike it need not start from rest."),
            (-drop, a_drop),
            (drop, a_drop),
            u_rest=model.u_rest,
        ),
        "refractory time": lambda x: follow_through(
            _number(model.t_ref, "ms", PAUSE)(x),
            x,
            "membrane",
            lambda: check_membrane(membrane, student),
            lambda _: [(pause, 1.0, "") for pause in _pauses_by(model, membrane)],
            **PAUSE,
        ),
    }
    return judge_parts(answer, "three numbers", judges)


@sees_plain
def check_adaptation(answer, student, membrane=None):
    """Check the current that makes the neuron adapt, half of the marks for each number.

    Parameters
    ----------
    answer : array_like
        What a spike adds to the current (nA), and its time constant (ms), shape ``(2,)``.
    student : Student
        Whose answer it is.
    membrane : array_like, optional
        The answer to problem 1, from which the jump may follow.
    """
    model = truth_of(student).model
    tail = model.b * model.tau_w / (model.tau_w - model.tau_m)
    judge_b = _number(
        model.b,
        "nA",
        ADAPTATION,
        (model.b * model.R, "This is in mV. Which current does it?"),
        (tail, "The tail of u is no copy of that of w: the membrane filters it."),
    )
    judges = {
        "jump b": lambda x: follow_through(
            judge_b(x),
            x,
            "membrane",
            lambda: check_membrane(membrane, student),
            lambda _: [(_jump_by(model, membrane), 1.0, "")],
            **ADAPTATION,
        ),
        "time constant": _number(
            model.tau_w, "ms", ADAPTATION, (model.tau_m, "This is the membrane's own.")
        ),
    }
    return judge_parts(answer, "two numbers", judges)


def _parts(answer, count):
    """Earlier numbers from which something may follow; not numbers (NaN), where there are none."""
    there = isinstance(answer, list) and len(answer) == count
    return [amount(part, positive=False) for part in answer] if there else [np.nan] * count


def _pauses_by(model, membrane):
    """Pauses (ms) that an interval tells to whom takes the membrane for another one.

    What they take off is the climb from reset to threshold, under a current that only they know.
    """
    u_rest, R, tau_m = _parts(membrane, 3)
    for I in HARD:
        climb, theirs = (
            tau * np.log((rest + r * I - model.u_r) / (rest + r * I - model.theta))
            if tau > 0 and rest + r * I > model.theta
            else np.nan
            for rest, r, tau in ((model.u_rest, model.R, model.tau_m), (u_rest, R, tau_m))
        )
        yield model.t_ref + climb - theirs


def _jump_by(model, membrane):
    """The jump (nA) that the tail of u tells to whom takes the membrane for another one."""
    _, R, tau_m = _parts(membrane, 3)
    if not (R > 0 and tau_m > 0):
        return np.nan
    filtered = (1 - tau_m / model.tau_w) / (1 - model.tau_m / model.tau_w)
    return model.b * model.R / R * filtered


def _number(right, unit, close, *slips, **from_rest):
    """What judges a number, and knows some wrong ones: each with what is to be said of it."""
    slips = [(wrong, 0.0, said) for wrong, said in slips]
    return lambda x: recognise_slip(
        judge_number(x, right, unit, **close, **from_rest), x, *slips, **close
    )


def two_trains(seed, duration, window):
    """Make arguments for a coincidence factor: a prediction and a reference, doublets in both.

    Parameters
    ----------
    seed : int
        Same seed, same trains.
    duration : float
        Time that was watched (ms); the last fifth of it is silent.
    window : float
        Precision Δ (ms): the larger part of the prediction is about as near as that.

    Returns
    -------
    tuple
        Prediction and reference, arrays of firing times (ms); `duration`, `window`.
    """
    rng = np.random.default_rng(seed)
    single = rng.uniform(10.0, 0.8 * duration, round(duration / 30))
    reference = np.concatenate([single, single[::2] + 1.2 * window])
    near = reference[::2] + 0.6 * window * rng.standard_normal(reference[::2].size)
    predicted = np.concatenate([near, near[::4] + 0.6 * window])
    return np.sort(predicted), np.sort(reference), duration, window


def check_gamma(function, student):
    """Try a student's coincidence factor on a few spike trains.

    Parameters
    ----------
    function : callable
        ``gamma(predicted, reference, duration, window)``, returning Γ.
    student : Student
        Whose function it is.
    """
    trials = [two_trains(35, 2000.0, 2.0), two_trains(2, 3000.0, 4.0), two_trains(3, 1500.0, 3.0)]
    copies = [(p.copy(), r.copy(), *rest) for p, r, *rest in trials]
    return judge_function(function, copies, lambda results: judge_gamma(results, trials))


def judge_gamma(results, trials):
    """Judge the coincidence factors that a function gave.

    Parameters
    ----------
    results : list
        For each trial, what the function returned: a number, or anything else.
    trials : list of tuple
        What it was asked: prediction and reference, duration and window (ms).

    Returns
    -------
    Verdict
        The share of the trials that are right.
    """
    return average(_one_gamma(x, *trial) for x, trial in zip(results, trials, strict=True))


def _one_gamma(found, predicted, reference, duration, window):
    """Judge one coincidence factor."""
    if found is None:
        return Verdict(0.0, "The function returns nothing yet.")
    right = coincidence_factor(predicted, reference, duration=duration, window=window)
    slips = _slips_of_gamma(predicted, reference, duration, window)
    return _number(right, "", GAMMA, *slips)(found)


def _slips_of_gamma(predicted, reference, duration, window):
    """Coincidence factors that are wrong in a known way, each with what to say of it."""
    n, m = predicted.size, reference.size
    pairs = coincidences(predicted, reference, window=window)
    chance = chance_of(n, window, duration)
    near = np.abs(predicted[:, None] - reference) <= window
    one_only = "No spike may belong to two pairs."
    by_duration = "The rate is a number of spikes over the whole `duration`."
    scaled = 0.5 * (1 - chance) * above_chance(pairs, n, m, chance)
    return [
        (pairs / m, "This is a share of hits. False alarms and chance have to count."),
        (2 * pairs / (n + m), "What chance gives has to be taken off."),
        (2 * scaled, "A perfect prediction would not score 1 yet."),
        (scaled / (1 - chance), "The mean number of spikes of the two trains is ½ (n + m)."),
        (above_chance(near.sum(), n, m, chance), one_only),
        (above_chance(near.any(axis=0).sum(), n, m, chance), one_only),
        (above_chance(near.any(axis=1).sum(), n, m, chance), one_only),
        (
            above_chance(pairs, n, m, chance_of(m, window, duration)),
            "The rate is that of the prediction.",
        ),
        (above_chance(pairs, n, m, chance / 2), "The window reaches to both sides of a spike."),
        (
            above_chance(pairs, n, m, MS_PER_S * chance),
            "Is the rate in Hz? With the window in ms, spikes per ms are wanted.",
        ),
        (
            above_chance(coincidences(predicted, reference, window=window / 2), n, m, chance),
            "Two spikes coincide up to a whole `window` apart, to either side.",
        ),
        (above_chance(pairs, n, m, chance_of(n, window, predicted[-1])), by_duration),
        (above_chance(pairs, n, m, chance_of(n, window, reference[-1])), by_duration),
    ]


@sees_plain
def check_itself(answer, student, gamma=None):
    """Check how well the neuron predicts itself, from one recording of the noise to another.

    Parameters
    ----------
    answer : float
        Mean Γ of the three pairs of recordings of the noise.
    student : Student
        Whose answer it is.
    gamma : callable or Verdict, optional
        The function of the problem before, from which the answer may follow.
    """
    noise, trains = _recorded(student)
    factors = [
        coincidence_factor(a, b, duration=noise.duration) for a, b in combinations(trains, 2)
    ]
    right = float(np.mean(factors))
    with_themselves = (right * (len(trains) - 1) + 1) / len(trains)
    alone = "No recording should be compared with itself."
    verdict = _number(right, "", ITSELF, (with_themselves, alone))(answer)
    per_cent = "Γ is at most 1. Is this in per cent?"
    verdict = recognise_slip(verdict, answer, (100 * right, 0.0, per_cent), rtol=0.02)

    def by_a_slip(before):
        for pairs in (combinations(trains, 2), combinations(trains[::-1], 2)):
            slips = [_slips_of_gamma(a, b, noise.duration, WINDOW) for a, b in pairs]
            for each in zip(*slips, strict=True):
                if each[0][1] == before.message:
                    yield float(np.mean([value for value, _ in each])), 1.0, ""

    return follow_through(
        verdict,
        answer,
        "gamma",
        lambda: verdict_on(gamma, check_gamma, student),
        by_a_slip,
        **ITSELF,
    )


@sees_plain
def check_plain(answer, student):
    """Try on noise how well a plain integrate-and-fire neuron predicts the student's.

    Parameters
    ----------
    answer : array_like
        Its τ_m (ms), R (MΩ), u_rest, θ, u_r (mV), and t_ref (ms), shape ``(6,)``.
    student : Student
        Whose answer it is.
    """
    return judge_plain(answer, student, [_recorded(student)])


@sees_plain
def check_full(answer, student, firing=None):
    """Try on noise how well a neuron that adapts predicts the student's.

    Parameters
    ----------
    answer : array_like
        What `check_plain` takes, then b (nA) and τ_w (ms), shape ``(8,)``.
    student : Student
        Whose answer it is.
    firing : array_like, optional
        The answer to problem 2, from which the refractory time may follow.
    """
    return judge_full(answer, student, [_recorded(student)], firing)


def judge_plain(answer, student, recordings):
    """Judge a plain integrate-and-fire neuron by Γ, and by what the best threshold reaches.

    Parameters
    ----------
    answer : array_like
        Its parameters, as `check_plain` takes them.
    student : Student
        Whose answer it is.
    recordings : list of (Current, list of ndarray)
        Currents, and the firing times (ms) of the student's neuron in some trials of each.

    Returns
    -------
    Verdict
        All marks from 70 % of the best Γ on, none up to 50 %.
    """
    truth = truth_of(student).model
    known = {name: getattr(truth, name) for name in PLAIN}

    def best():
        raised = (LIF(**known | {"theta": truth.theta + up}) for up in RAISED)
        return max(_prediction(plain, recordings)[0] for plain in raised)

    return _judge_model(answer, PLAIN, truth, recordings, best, PLAIN_SHARES)


def judge_full(answer, student, recordings, firing=None):
    """Judge a neuron that adapts by Γ, and by what the student's neuron without noise reaches.

    Parameters
    ----------
    answer : array_like
        Its parameters, as `check_full` takes them.
    student, recordings
        See `judge_plain`.
    firing : list, optional
        The answer to problem 2. If the refractory time is wrong in the same way there, it costs
        nothing here: the model is tried with the right one.

    Returns
    -------
    Verdict
        All marks from 80 % of the best Γ on, none up to 60 %.
    """
    truth = truth_of(student).model
    at = FULL.index("t_ref")
    *_, pause = _parts(firing, 3)

    def judged(numbers):
        best = lambda: _prediction(truth, recordings)[0]  # noqa: E731
        return _judge_model(numbers, FULL, truth, recordings, best, FULL_SHARES)

    def with_the_right_one(_):
        if isinstance(answer, list) and len(answer) == len(FULL):
            theirs, tried = list(answer), list(answer)
            theirs[at], tried[at] = pause, truth.t_ref
            verdict = judged(tried)
            yield theirs, verdict.score, verdict.message

    return follow_through(
        judged(answer),
        answer,
        "firing",
        lambda: _number(truth.t_ref, "ms", PAUSE)(pause),
        with_the_right_one,
        **PAUSE,
    )


def _judge_model(answer, names, truth, recordings, best, shares):
    """Judge a model by what it predicts: its parameters need not be those of the neuron."""
    right = [getattr(truth, name) for name in names]
    verdict = judge_array(answer, right, "", atol=np.inf)
    if not verdict.right:
        return verdict
    found = {name: float(x) for name, x in zip(names, answer, strict=True)}
    # Whatever a student sends is simulated here, where no sandbox ends what takes for ever.
    if max(map(abs, found.values())) > LARGEST:
        return Verdict(0.0, f"There is no such neuron: a number is beyond {LARGEST:,.0f}.")
    slip = next(filter(None, (_slip(name, x, truth) for name, x in found.items())), "")
    try:
        model = LIF(**found) if names is PLAIN else FilteredLIF(**found)
        if max(model.highest_rate(I.largest) for I, _ in recordings) > FASTEST:
            raise ValueError(f"it would fire faster than {FASTEST:g} Hz")
        factor, ratio = _prediction(model, recordings)
    except ValueError as error:
        return Verdict(0.0, slip or f"There is no such neuron: {error}.")
    none, all_ = shares
    share = min(max((factor / best() - none) / (all_ - none), 0.0), 1.0)
    said = f"Γ = {round(factor, 2) + 0.0:.2f}."  # not -0.00
    if share < 1:
        said += " " + (slip or _how_often(ratio))
    return Verdict(share, said)


def _prediction(model, recordings):
    """Mean Γ of a model's spikes with those recorded, and how many it fires for each of those."""
    factors, fired, wanted = [], 0, 0
    for I, trains in recordings:
        predicted = simulate(model, I).spike_times
        if 2 * WINDOW * predicted.size >= I.duration:
            raise ValueError("it would fire all the time")
        for train in trains:
            fired, wanted = fired + predicted.size, wanted + train.size
            factors.append(coincidence_factor(predicted, train, duration=I.duration, window=WINDOW))
    return float(np.mean(factors)), fired / wanted


def _how_often(ratio):
    """What is to be said of a model that fires so many times as often as the neuron."""
    if ratio == 0:
        return "It never fires."
    if 0.8 < ratio < 1.25:
        return "It fires about as often as your neuron, but not when it does."
    return f"It fires {ratio:.2g} times as often as your neuron."


def _slip(name, number, truth):
    """What of a parameter looks like a slip of unit, sign or reference."""
    quantity = truth.quantities()[name]
    from_rest = {"u_rest": truth.u_rest} if name in ("theta", "u_r") else {}
    verdict = judge_number(number, getattr(truth, name), quantity.unit, rtol=0.4, **from_rest)
    known = verdict.message not in ("", DIFFERENT)
    return f"{quantity.symbol}: {verdict.message}" if known else ""


@lru_cache(maxsize=4)
def _recorded(student):
    """The noise of problems 5 to 7, and when a student's neuron fires under it in three trials."""
    noise = noise_of(1, duration=20_000.0)
    return noise, [given(student).record(noise, k).spike_times for k in (1, 2, 3)]
