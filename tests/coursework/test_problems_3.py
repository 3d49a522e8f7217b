"""Problem set 3 is fair: right answers in any style count, wrong ones get what they deserve.

`EFFORT=8 pytest tests/coursework/test_problems_3.py` asks of 300 students what is asked of 40 here.
"""

import numpy as np
import pytest
from scipy import integrate

from coursework.grade.runner import call
from coursework.unseen.problems_3 import inputs_potential, mark_potential, trials
from neuro_lib import constant_current, firing_pattern, simulate_synapses
from neuro_lib.coursework import Student
from neuro_lib.coursework.problems_3 import DT, STEP_TIMES, given, step_spikes
from tests.coursework.notebooks import ME, OTHER, checks, solved
from tests.effort import examples, some

MINE = given(ME)
L = MINE.lif
CHECKS = checks("problems_3")
NUMBERS = set(CHECKS) - {"filters", "potential"}
EVERYBODY = [Student(f"s{i}") for i in range(300)]
SOME = EVERYBODY[: examples(40)]
EXACT = {"rtol": 1e-9, "atol": 1e-10}


def marked(answer, student=ME):
    """The marks that a function earns: called as the grader does, judged from what it returns."""
    results = [call(answer, arguments)[0] for arguments in inputs_potential(student)]
    return mark_potential(results, student)


# What the checks take for right, by another way than theirs


def membrane(lif, synapses, t, u):
    """Slope of the potential, from the equation of the membrane with synapses."""
    currents = sum(g(t) * (E - u) for g, E in synapses)
    return ((lif.u_rest - u) / lif.R + currents) / lif.C


def peak(lif, synapses, start, stop):
    """Highest potential between the arrival of a spike and the end, from the equation."""
    done = integrate.solve_ivp(
        lambda t, u: membrane(lif, synapses, t, u),
        (start, stop),
        [lif.u_rest],
        dense_output=True,
        max_step=1.0,
        **EXACT,
    )
    return done.sol(np.linspace(start, stop, 20001))[0].max()


@pytest.mark.parametrize("student", EVERYBODY[: examples(40)])
def test_the_adaptation_step_is_that_of_the_linear_equations(student):
    """In the steady state: w loses over an interval what a spike adds, and u ends at theta."""
    g = given(student)
    lif, tau_w = g.lif, g.tau_w
    kept_u, kept_w = np.exp(-g.interval / np.array([lif.tau_m, tau_w]))
    u_inf = lif.u_rest + lif.R * g.I_step
    without_w = u_inf + (lif.u_r - u_inf) * kept_u
    per_w = lif.R * tau_w / (tau_w - lif.tau_m) * (kept_w - kept_u)
    w_after_spike = (without_w - lif.theta) / per_w
    assert CHECKS["b_steady"](w_after_spike * (1 - kept_w), student).right


@pytest.mark.parametrize("student", EVERYBODY[: examples(20)])
def test_open_synapses_do_what_the_differential_equation_says(student):
    g = given(student)
    synapses = [(lambda t, x=x: x, E) for x, E in zip(g.g_open, g.E_open, strict=True)]
    done = integrate.solve_ivp(
        lambda t, u: membrane(g.lif, synapses, t, u),
        (0.0, 200.0),
        [g.lif.u_rest],
        t_eval=[0.0, 1.0, 200.0],
        **EXACT,
    )
    start, later, end = done.y[0]
    tau = -1.0 / np.log((end - later) / (end - start))
    assert CHECKS["open_state"]([tau, end], student).right


@pytest.mark.parametrize("student", EVERYBODY[: examples(20)])
def test_the_shunt_takes_what_the_differential_equation_says(student):
    g = given(student)
    e = (lambda t: float(g.excitation.conductance(t - g.t_e)), 0.0)
    i = (lambda t: float(g.inhibition.conductance(t - g.t_i)), g.lif.u_rest)
    both, alone = (peak(g.lif, x, g.t_e, g.t_e + 30.0) - g.lif.u_rest for x in ([e, i], [e]))
    assert CHECKS["shunting"](both / alone, student).right


@pytest.mark.parametrize("student", EVERYBODY[: examples(40)])
def test_the_divider_is_that_of_kirchhoff(student):
    g = given(student).branched
    leaks = np.array([1 - 2 * g.p, g.p, g.p]) / g.R
    coupling = g.g_c * np.array([[2.0, -1.0, -1.0], [-1.0, 1.0, 0.0], [-1.0, 0.0, 1.0]])
    into_branch, into_soma = (
        np.linalg.solve(np.diag(leaks) + coupling, x) for x in ([0, 1, 0], [1, 0, 0])
    )
    shares = [into_branch[0] / into_branch[1], into_soma[1] / into_soma[0]]
    assert CHECKS["attenuation"](shares, student).right


@pytest.mark.parametrize("student", EVERYBODY[: examples(40)])
def test_the_fixed_points_meet_where_and_when_they_should(student):
    adex = given(student).adex
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if adex.fixed_points(I=middle) else (low, middle)
    points = [point.u for point in adex.fixed_points(I=low - 1e-9)]
    assert CHECKS["merging"]([np.mean(points), low], student).right


def test_the_reversal_is_where_a_psp_vanishes():
    """Measured again, by a synapse that reverses there, the peaks are the given ones."""
    E = solved("problems_3", ME.id)["reversal"]
    shares = np.array(MINE.peaks) / (E - np.array(MINE.holds))
    assert shares == pytest.approx(shares.mean(), abs=0.003)
    assert CHECKS["reversal"](E, ME).right


# Values


def cases(student):
    """Wrong answers, half right ones and right ones of a student."""
    g, names = given(student), solved("problems_3", student.id)
    lif, R, rest = g.lif, g.lif.R, g.lif.u_rest
    filters, b = names["filters"], names["b_steady"]
    adapting, bursting, rebound = filters
    plain = [0.0, 100.0, 0.0, 0.0, 5.0]
    kept = np.exp(-g.interval / g.tau_w)
    (u, I), (tau, goal), (inwards, outwards) = (
        names[task] for task in ("merging", "open_state", "attenuation")
    )
    E, ratio = names["reversal"], names["shunting"]
    g_e, g_i = g.g_open
    load = R * (g_e + g_i)
    pull = R * np.dot(g.g_open, g.E_open)
    distance = g.adex.theta_rh - rest
    follows = (1 + g.adex.a * R) * (distance - g.adex.Delta_T) / R
    small = g.branched.p / R, (1 - 2 * g.branched.p) / R
    g_c = g.branched.g_c
    nano = [[1000 * row[0], row[1], *(1000 * x for x in row[2:4]), row[4]] for row in filters]
    wrong = [
        ("filters", [plain] * 3, "called tonic"),
        ("filters", [rebound, adapting, bursting], "What your neuron does is called"),
        ("filters", nano, "Is it in pA?"),
        ("filters", [[row[0], row[1] / 1000, *row[2:]] for row in filters], "Is it in s?"),
        ("filters", [[-x for x in row] for row in filters], "tau_w may be from 5 to 1000 ms"),
        ("filters", [[0.0, 100.0, 0.0]] * 3, "The shape is (3,)"),
        ("filters", adapting, "three rows"),
        ("filters", {"adapting": adapting}, "three rows"),
        ("filters", [[-0.1, 100.0, 0.0, 0.0, 5.0]] * 3, "must be ≥ -1/R"),
        ("filters", [[0.0, 100.0, np.nan, 0.0, 5.0]] * 3, "finite"),
        ("filters", ["b > 0", "A > 0", "a > 0"], "text"),
        ("b_steady", 1000 * b, "is it in pA?"),
        ("b_steady", b / 1000, "is it in µA?"),
        ("b_steady", -b, "the sign is not"),
        ("b_steady", -2.7 * b, "the intervals would shrink"),
        ("b_steady", b / (1 - kept), "right after a spike"),
        ("b_steady", b * kept / (1 - kept), "right before a spike"),
        ("b_steady", 0.0, "too often"),
        ("b_steady", 1.1 * b, "too rarely"),
        ("b_steady", [b], "a list"),
        ("b_steady", 1e9 * b, "too rarely"),
        ("merging", I, "two numbers"),
        ("merging", [I, u], "different number"),
        ("merging", [g.adex.theta_rh, distance / R], "a sharp threshold"),
        ("reversal", -E, "the sign is not"),
        ("reversal", E / 1000, "is it in V?"),
        ("reversal", E - rest, "measured from the resting potential"),
        ("reversal", np.polyfit(g.holds, g.peaks, 1)[1], "held at 0 mV"),
        ("reversal", g.holds[np.argmin(np.abs(g.peaks))], "the smallest"),
        ("reversal", rest, "need not reverse"),
        ("open_state", goal, "two numbers"),
        ("open_state", [goal, tau], "different number"),
        ("shunting", 1 / ratio, "other way round"),
        ("shunting", 1 - ratio, "that is lost"),
        ("shunting", 100 * ratio, "in percent"),
        ("shunting", 1.0, "current-based"),
        ("shunting", 1 / (1 + R * g.inhibition.g_max), "stay at its peak"),
        ("shunting", -ratio, "the sign is not"),
        ("attenuation", [outwards, inwards], "This is the way out"),
        ("attenuation", [100 * inwards, 100 * outwards], "in percent"),
        ("attenuation", [1 - inwards, 1 - outwards], "that is lost"),
        ("attenuation", inwards, "two numbers"),
    ]
    half = [
        ("merging", [g.adex.theta_rh, I], "w pulls, too"),
        ("merging", [g.adex.theta_rh, follows], "w pulls, too"),
        ("merging", [u - 1, I - (1 + g.adex.a * R) / R], "different number"),
        ("open_state", [lif.tau_m / load, (rest + pull) / load], "own leak"),
        ("merging", [u - rest, I], "measured from the resting potential"),
        ("merging", [u, 1000 * I], "is it in pA?"),
        ("merging", [u, (distance - g.adex.Delta_T) / R], "with a = 0"),
        ("merging", [u, None], "The current: ✗ Not yet. There is nothing"),
        ("open_state", [tau / 1000, goal], "is it in s?"),
        ("open_state", [lif.tau_m / load, goal], "own leak"),
        ("open_state", [lif.tau_m * (1 + load), goal], "faster"),
        ("open_state", [lif.tau_m / (1 + R * g_i), goal], "two synapses"),
        ("open_state", [lif.tau_m, goal], "closed"),
        ("open_state", [tau, goal - rest], "measured from the resting potential"),
        ("open_state", [tau, pull / load], "own battery"),
        ("open_state", [tau, rest + pull - load * rest], "current-based"),
        ("open_state", [tau, np.mean([rest, *g.E_open])], "do not count alike"),
        ("attenuation", [outwards, outwards], "This is the way out"),
        ("attenuation", [g_c / (g_c + small[1]), outwards], "two branches"),
        ("attenuation", [g_c / (2 * g_c + small[1]), outwards], "no short circuit"),
        ("attenuation", [inwards, g_c / (g_c + 1 / R)], "Only its own membrane"),
        ("attenuation", [inwards, 1 / outwards], "the other way round"),
    ]
    right = [
        ("filters", np.array(filters)),
        ("filters", tuple(tuple(float(f"{x:.4g}") for x in row) for row in filters)),
        ("filters", [adapting, bursting, [0.05, 120, 0, 0, 5]]),  # another way to rebound
        ("filters", [adapting, bursting, [rebound[0], rebound[1], 2.0, 0.0, 5.0]]),  # and b besides
        ("b_steady", np.float64(b)),
        ("b_steady", float(f"{b:.3g}")),
        ("merging", (u, I)),
        ("merging", np.array([round(u, 1), float(f"{I:.3g}")])),
        ("reversal", np.array(E)),
        ("reversal", round(E, 1)),
        ("reversal", np.interp(0.0, g.peaks, g.holds)),  # from the two next to it
        ("open_state", [round(tau, 2), round(goal, 2)]),
        ("open_state", np.array([tau, goal])),
        ("shunting", float(f"{ratio:.3g}")),
        ("attenuation", (inwards, outwards)),
        ("attenuation", [round(inwards, 3), round(outwards, 3)]),
    ]
    return wrong, half, right


WRONG, HALF, RIGHT = cases(ME)
THEIRS = solved("problems_3", OTHER.id)
WRONG += [(task, THEIRS[task], "") for task in CHECKS if task in NUMBERS]


def test_a_third_of_the_points_for_each_row_of_filters():
    filters = solved("problems_3", ME.id)["filters"]
    for k, name in enumerate(("adapting", "bursting", "rebound")):
        broken = list(filters)
        broken[k] = [0.0, 100.0, 0.0, 0.0, 5.0]
        verdict = CHECKS["filters"](broken, ME)
        assert verdict.score == pytest.approx(2 / 3)
        assert verdict.message.startswith(f"The {name} row: ✗ Not yet.")


def test_the_patterns_must_be_of_the_wanted_size():
    adapting, bursting, rebound = solved("problems_3", ME.id)["filters"]
    for factor, said in ((0.5, "too little"), (1.5, "too much")):
        row = [*adapting[:2], factor * adapting[2], *adapting[3:]]
        assert said in CHECKS["filters"]([row, bursting, rebound], ME).message
    unit = L.rheobase
    for b, said in ((2.0, "too few"), (0.3, "too many")):
        row = [0.0, 50.0, b * unit, 10 * unit, 5.0]
        if firing_pattern(step_spikes(L, row, MINE.I_step), **STEP_TIMES) == "bursting":
            assert said in CHECKS["filters"]([adapting, row, rebound], ME).message


# The membrane with synapses


def exact(g, E, dt, tau_m, R, u_rest):
    """Each step to the weighted mean of the batteries, one number at a time."""
    u = [u_rest]
    for k in range(g.shape[1] - 1):
        leaks, pull = 1.0, u_rest
        for j in range(len(E)):
            leaks += R * g[j, k]
            pull += R * g[j, k] * E[j]
        u.append(pull / leaks + (u[k] - pull / leaks) * np.exp(-dt * leaks / tau_m))
    return u


def euler(g, E, dt, tau_m, R, u_rest):
    u = np.full(g.shape[1], u_rest)
    for k in range(u.size - 1):
        u[k + 1] = u[k] + dt / tau_m * (u_rest - u[k] + R * g[:, k] @ (E - u[k]))
    return u


def outward(g, E, dt, tau_m, R, u_rest):
    """The sign of other texts: currents that flow out, taken from the leak."""
    C, u = tau_m / R, [u_rest]
    for now in g.T[:-1]:
        out = sum(now * (u[-1] - E)) + (u[-1] - u_rest) / R
        u.append(u[-1] - dt * out / C)
    return tuple(u)


def one_step_late(*arguments):
    return np.append(arguments[5], exact(*arguments)[:-1])


def one_step_early(*arguments):
    u = exact(*arguments)
    return [*u[1:], u[-1]]


def by_ode(g, E, dt, tau_m, R, u_rest):
    t = dt * np.arange(g.shape[1])

    def slope(now, u):
        k = min(int(now / dt), len(t) - 1)
        return (u_rest - u + R * np.sum(g[:, k] * (E - u))) / tau_m

    return integrate.solve_ivp(slope, (0, t[-1]), [u_rest], t_eval=t, max_step=2 * dt).y[0]


def by_formula(g, E, dt, tau_m, R, u_rest):
    """The integral, with cumulative sums."""
    leaks = 1 + R * g.sum(axis=0)
    fall = np.append(0.0, np.cumsum(leaks[:-1]) * dt / tau_m)
    goals = (u_rest + R * (E @ g)) / leaks
    steps = goals[:-1] * (np.exp(fall[1:]) - np.exp(fall[:-1]))
    return np.exp(-fall) * (u_rest + np.append(0.0, np.cumsum(steps)))


STYLES = [exact, euler, outward, one_step_late, one_step_early, by_ode, by_formula]


@pytest.mark.parametrize("style", STYLES)
def test_a_membrane_counts_in_any_style(style):
    assert CHECKS["potential"](style, ME).right
    assert marked(style).right


@pytest.mark.parametrize("student", EVERYBODY[: examples(60)])
def test_the_plainest_membrane_is_right_for_everybody(student):
    """The tolerance has room for the step, whatever neuron and synapses a student gets."""
    for style in (euler, one_step_late):
        assert CHECKS["potential"](style, student).right
        assert marked(style, student).right


def frozen(g, E, dt, tau_m, R, u_rest):
    u = [u_rest]
    for now in g.T[:-1]:
        u.append(u[-1] + dt / tau_m * (u_rest - u[-1] + R * now @ (E - u_rest)))
    return u


def without_shunt(g, E, dt, tau_m, R, u_rest):
    u = [u_rest]
    for now in g.T[:-1]:
        goal = (u_rest + R * now @ E) / (1 + R * now.sum())
        u.append(goal + (u[-1] - goal) * np.exp(-dt / tau_m))
    return u


def without_leak(g, E, dt, tau_m, R, u_rest):
    u = [u_rest]
    for now in g.T[:-1]:
        u.append(u[-1] + dt * R / tau_m * now @ (E - u[-1]))
    return u


def shunted(membrane):
    """What a membrane leaves of the EPSP."""
    t = np.arange(0.0, MINE.t_e + 40.0, DT)
    g_e = MINE.excitation.conductance(t - MINE.t_e)
    g_i = MINE.inhibition.conductance(t - MINE.t_i)
    E = np.array([MINE.excitation.E_syn, MINE.inhibition.E_syn])
    both, alone = (
        np.max(membrane(g, E, DT, L.tau_m, L.R, L.u_rest)) - L.u_rest
        for g in (np.array([g_e, g_i]), np.array([g_e, 0 * g_i]))
    )
    return both / alone


FOLLOWS = [
    ("shunting", frozen, shunted(frozen), 1.0),
    ("shunting", without_shunt, shunted(without_shunt), 1.0),
]


def wrong_way(g, E, dt, tau_m, R, u_rest):
    u = [u_rest]
    for now in g.T[:-1]:
        u.append(u[-1] + dt / tau_m * (u_rest - u[-1] + R * now @ (u[-1] - E)))
    return u


def mine_for_all(g, E, dt, tau_m, R, u_rest):
    return exact(g, E, dt, L.tau_m, L.R, L.u_rest)


@pytest.mark.parametrize(
    ("slip", "least", "most", "said"),
    [
        (frozen, 0, 0, "yours is that at rest"),
        (without_shunt, 0, 0, "too slowly"),
        (without_leak, 0, 0, ""),
        (wrong_way, 0, 0, "beyond its battery"),
        (lambda *a: np.array(exact(*a)) - a[5], 0, 0, "measured from the resting potential"),
        (lambda *a: np.array(exact(*a)) / 1000, 0, 0, "is it in V?"),
        (lambda *a: exact(1000 * a[0], *a[1:]), 0, 0, ""),  # nS for µS
        (lambda *a: exact(a[0] / 1000, *a[1:]), 0, 0, ""),
        (lambda *a: exact(*a[:2], a[2] / 1000, *a[3:]), 0, 0, ""),  # s for ms
        (lambda *a: exact(a[0][:1], a[1][:1], *a[2:]), 0.25, 0.25, ""),  # the first synapse only
        (lambda *a: exact(a[0], 0 * a[1], *a[2:]), 0, 0, ""),  # all excite
        (lambda *a: exact(a[0][:, ::-1], *a[1:]), 0, 0, ""),
        (lambda *a: np.array(exact(*a))[1:], 0, 0, "The shape is"),
        (lambda *a: np.array([exact(*a)]), 0, 0, "The shape is"),
        (lambda *a: np.full(a[0].shape[1], a[5]), 0, 0, "different numbers"),
        (lambda *a: 7.0, 0, 0, "The shape is not"),
        (lambda *a: "rising", 0, 0, "text"),
        (lambda *a: [np.nan] * a[0].shape[1], 0, 0, "not a finite number"),
        (lambda *a: None, 0, 0, "returns nothing yet"),
        (mine_for_all, 0.5, 0.5, ""),
    ],
)
def test_a_slip_in_the_membrane_costs_what_it_breaks(slip, least, most, said):
    verdict = marked(slip)
    assert least <= verdict.score <= most
    assert said in verdict.message


def test_a_call_that_fails_costs_its_own_share_only():
    results = [call(exact, arguments)[0] for arguments in inputs_potential(ME)]
    results[1] = None
    assert mark_potential(results, ME).score == 0.75


def test_the_hidden_synapses_do_not_tell_by_themselves():
    """Each trial moves the potential by far more than it may be off."""
    for lif, g, E in trials(ME):
        assert np.ptp(exact(g, E, DT, lif.tau_m, lif.R, lif.u_rest)) > 2.0


# Everybody's own


def test_everybody_can_solve_every_problem_and_nobody_for_the_next():
    full = dict.fromkeys(CHECKS, 0)
    for student, neighbour in zip(SOME, [*SOME[1:], SOME[0]], strict=True):
        for task, check in CHECKS.items():
            answer = solved("problems_3", student.id)[task]
            assert check(answer, student).right, (student, task)
            if task != "potential":
                full[task] += check(answer, neighbour).right
    assert max(full.values()) <= max(1, len(SOME) / 10), full


@pytest.mark.parametrize("student", EVERYBODY[: examples(30)])
def test_a_slip_is_no_right_answer_for_anybody(student):
    wrong, half, right = cases(student)
    for score, slips in ((0.0, wrong), (0.5, half)):
        for task, answer, said in slips:
            assert CHECKS[task](answer, student).score == score, (task, said)
    for task, answer in right:
        assert CHECKS[task](answer, student).right, task


@pytest.mark.slow
def test_everybody_has_a_neuron_that_could_be():
    quiet = constant_current(0.0, duration=60.0, dt=0.1)
    for student in some(EVERYBODY):
        g = given(student)
        names = solved("problems_3", student.id, "reversal", "potential", "shunting")
        assert 0.08 <= g.lif.C < 0.34  # nF
        assert g.lif.firing_rate(g.I_step) > 1000 / g.interval > 20
        assert -85 < names["reversal"] < -55
        e, i = (g.excitation, [g.t_e]), (g.inhibition, [g.t_i])
        assert not simulate_synapses(g.lif, quiet, [e]).spike_count
        assert np.ptp(simulate_synapses(g.lif, quiet, [i]).u) == 0
        assert 0.5 < names["shunting"] < 0.97
