"""Explorers of the chapter on the integrate-and-fire model."""

from math import floor, pi, sin

import matplotlib.pyplot as plt

from neuro_lib.currents import normal_draws, ou_noise
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.pieces import legend, part, times
from neuro_lib.explorers.scene import Choice, Line, Point, Readout, Scene, Slider, Ticks
from neuro_lib.figures import draw_spikes, ink
from neuro_lib.lif import LIF, euler_run, euler_step, lowest_current, rate, run
from neuro_lib.portable import portable, zeros
from neuro_lib.units import MS_PER_S

__all__ = ["explore_euler", "explore_fI", "explore_input", "explore_step"]

U_REST = LIF().u_rest
U_R = LIF().u_r
THETA = LIF().theta
R_FIXED = LIF().R
SPIKE_HEIGHT = 15.0  # mV above threshold; the model leaves a spike's shape open
TOP = THETA + SPIKE_HEIGHT

TAU_M = Slider.of(LIF, "tau_m", 5.0, 50.0, 0.5)
R = Slider.of(LIF, "R", 10.0, 200.0, 1.0)
THETA_SLIDER = Slider.of(LIF, "theta", -60.0, -40.0, 0.5)
T_REF = Slider.of(LIF, "t_ref", 0.0, 10.0, 0.5, default=2.0)
I = Slider(name="I", symbol="I", unit="nA", meaning="input current",
           low=0.0, high=1.0, step=0.01, default=0.4)  # fmt: skip

RATE = Readout("rate", "firing rate", "Hz", 1)
RHEOBASE = Readout("rheobase", "rheobase", "nA", 2)


# A step current: 200 ms, on from 20 to 180 ms.


@portable
def lif_step(tau_m: float, R: float, theta: float, I: float):
    """A neuron under a step current."""
    dt = 0.1
    t = times(2001, dt)
    current = zeros(2001)
    for k in range(200, 1800):
        current[k] = I
    u = zeros(2001)
    spikes = zeros(2001)
    n = run(current, dt, tau_m, R, U_REST, theta, U_R, 0.0, U_REST, u, spikes)
    first = -1.0
    if n > 0:
        first = spikes[0] - 20.0
    rheobase = lowest_current(R, U_REST, theta)
    firing = rate(I, tau_m, R, U_REST, theta, U_R, 0.0)
    top = theta + SPIKE_HEIGHT
    goal = U_REST + R * I
    return t, u, current, part(spikes, 0, n), top, goal, firing, first, rheobase


def _draw_step(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 1), figsize=(5.6, 3.9)
    )
    _draw_membrane(above, values, theta=values["theta"])
    ends = (20, 180)
    above.plot(ends, [values["goal"]] * 2, "--", color=ink("reference"), lw=1.2,
               gid="goal", label="u_rest + R I")  # fmt: skip
    above.set(ylim=(-70, -20))
    legend(above, 4)
    below.plot(values["t"], values["current"], color=ink("current"), gid="current", label="I")
    below.plot((0, 200), [values["rheobase"]] * 2, ":", color=ink("threshold"), gid="rheobase",
               label="rheobase")  # fmt: skip
    below.set(xlabel="time t (ms)", ylabel="I (nA)", xlim=(0, 200), ylim=(-0.05, 1.1))
    legend(below, 2)
    return figure


STEP = Scene(
    name="lif_step",
    run=lif_step,
    parameters=(TAU_M, R, THETA_SLIDER, I),
    outputs=("t", "u", "current", "spikes", "top", "goal", "rate", "first", "rheobase"),
    marks=(
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", "theta", "top"),
        Line("theta", (0, 200), "theta"),
        Line("goal", (20, 180), "goal"),
        Line("current", "t", "current"),
        Line("rheobase", (0, 200), "rheobase"),
    ),
    readouts=(RATE, Readout("first", "first spike after", "ms", 1, "no spike"), RHEOBASE),
    draw=_draw_step,
    alt="Above, the membrane potential over 200 ms: while the current is on it climbs from rest "
    "towards u_rest + R I, and where that lies above the threshold the neuron fires and is "
    "reset, over and over. Below, the step current beside the rheobase.",
)


def explore_step(**values):
    """Explore the neuron under a step current (τ_m, R, θ, I).

    Parameters
    ----------
    **values
        First values of the sliders ``tau_m`` (ms), ``R`` (MΩ), ``theta`` (mV), ``I`` (nA).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_step().run().rheobase
    0.3
    """
    return Explorer(STEP, **values)


# The f-I curve, and 100 ms of the neuron at the operating point.


@portable
def lif_fI(tau_m: float, R: float, theta: float, t_ref: float, I: float):
    """The f-I curve with and without refractory time, and the neuron at one current."""
    n = 501
    currents = zeros(n)
    curve = zeros(n)
    without = zeros(n)
    for k in range(n):
        currents[k] = k / 500.0
        curve[k] = rate(currents[k], tau_m, R, U_REST, theta, U_R, t_ref)
        without[k] = rate(currents[k], tau_m, R, U_REST, theta, U_R, 0.0)
    dt = 0.1
    steady = zeros(1001)
    for k in range(1001):
        steady[k] = I
    u = zeros(1001)
    spikes = zeros(1001)
    count = run(steady, dt, tau_m, R, U_REST, theta, U_R, t_ref, U_REST, u, spikes)
    top = theta + SPIKE_HEIGHT
    firing = rate(I, tau_m, R, U_REST, theta, U_R, t_ref)
    interval = -1.0
    if firing > 0.0:
        interval = MS_PER_S / firing
    rheobase = lowest_current(R, U_REST, theta)
    return (
        currents, curve, without, times(1001, dt), u, part(spikes, 0, count), top,
        firing, interval, rheobase,
    )  # fmt: skip


def _draw_fI(values):
    figure, (above, below) = plt.subplots(2, 1, height_ratios=(3, 2), figsize=(5.6, 4.6))
    above.plot(values["currents"], values["without"], "--", color=ink("reference"), lw=1.2,
               gid="without", label="t_ref = 0")  # fmt: skip
    above.plot(values["currents"], values["curve"], color=ink("filter"), gid="curve",
               label="f–I curve")  # fmt: skip
    above.plot([values["rheobase"]] * 2, (-10, 310), ":", color=ink("threshold"), gid="rheobase",
               label="rheobase")  # fmt: skip
    above.plot([values["I"]], [values["rate"]], "o", ms=8, color=ink("current"), gid="operating",
               label="operating point")  # fmt: skip
    above.set(xlabel="input current I (nA)", ylabel="rate (Hz)", xlim=(-0.02, 1.02), ylim=(-8, 300))
    legend(above, 2, "left", spacing=4)
    _draw_membrane(below, values, theta=values["theta"])
    below.set(xlabel="time t (ms)", xlim=(0, 100), ylim=(-70, -20))
    return figure


FI = Scene(
    name="lif_fI",
    run=lif_fI,
    parameters=(TAU_M, R, THETA_SLIDER, T_REF, I),
    outputs=(
        "currents", "curve", "without", "t", "u", "spikes", "top", "rate", "interval", "rheobase",
    ),
    marks=(
        Line("without", "currents", "without"),
        Line("curve", "currents", "curve"),
        Line("rheobase", "rheobase", (-10, 310)),
        Point("operating", "I", "rate"),
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", "theta", "top"),
        Line("theta", (0, 100), "theta"),
    ),
    readouts=(RATE, Readout("interval", "one spike every", "ms", 1, "no spikes"), RHEOBASE),
    draw=_draw_fI,
    alt="Above, the firing rate against the input current: zero up to the rheobase, then a steep "
    "rise that bends below the dashed curve of a neuron without refractory time. A dot on the "
    "curve marks the present current. Below, the membrane potential at that current.",
)  # fmt: skip


def explore_fI(**values):
    """Explore the f-I curve, with the operating point on it (τ_m, R, θ, t_ref, I).

    Parameters
    ----------
    **values
        First values of the sliders ``tau_m`` (ms), ``R`` (MΩ), ``theta`` (mV), ``t_ref`` (ms),
        ``I`` (nA).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> round(explore_fI(t_ref=0.0).run().rate, 2)
    72.13
    """
    return Explorer(FI, **values)


# Other inputs: pulses, a sine, noise. 400 ms of the same neuron.


@portable
def lif_input(kind: int, I: float, A: float, T: float, tau_m: float):
    """A neuron under pulses (0), a sine (1) or noise (2) of mean I, size A and time scale T."""
    n = 1601
    dt = 0.25  # half a period is a whole number of steps
    t = times(n, dt)
    current = zeros(n)
    if kind == 2:
        normal_draws(current, 1)
        ou_noise(current, A, T, dt)
    half = pi * dt / T  # of the angle that a sine passes in a step
    for k in range(n):
        if kind == 0:
            cycle = t[k] / T + 1e-9
            if cycle - floor(cycle) < 0.5:
                current[k] = A
            else:
                current[k] = -A
        if kind == 1:
            current[k] = A * sin(half) / half * sin(2.0 * pi * t[k] / T + half)  # mean of a step
        current[k] += I
    u = zeros(n)
    spikes = zeros(n)
    count = run(current, dt, tau_m, R_FIXED, U_REST, THETA, U_R, 0.0, U_REST, u, spikes)
    steady = rate(I, tau_m, R_FIXED, U_REST, THETA, U_R, 0.0)
    firing = count / 0.4
    return t, u, current, part(spikes, 0, count), count, firing, steady


def _draw_input(values):
    figure, (above, below) = plt.subplots(
        2, 1, sharex=True, height_ratios=(3, 2), figsize=(5.6, 4.2)
    )
    _draw_membrane(above, {**values, "top": TOP}, theta=THETA)
    above.set(ylim=(-80, -30))
    legend(above, 3)
    below.axhline(LIF().rheobase, ls=":", color=ink("threshold"), label="rheobase")
    below.plot(values["t"], values["current"], color=ink("current"), gid="current", label="I")
    below.set(xlabel="time t (ms)", ylabel="I (nA)", xlim=(0, 400), ylim=(-0.7, 1.4))
    legend(below, 2, spacing=3)
    return figure


INPUT = Scene(
    name="lif_input",
    run=lif_input,
    parameters=(
        Choice(name="kind", meaning="kind of input",
               options=("pulses", "sine", "noise"), default=1),
        Slider(name="I", symbol="I", unit="nA", meaning="mean current",
               low=0.0, high=0.6, step=0.01, default=0.25),
        Slider(name="A", symbol="A", unit="nA", meaning="size of the fluctuation",
               low=0.0, high=0.5, step=0.01, default=0.15),
        Slider(name="T", symbol="T", unit="ms", meaning="period, or noise's memory",
               low=2.0, high=100.0, step=1.0, default=50.0),
        TAU_M,
    ),
    outputs=("t", "u", "current", "spikes", "count", "rate", "steady"),
    marks=(
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", THETA, TOP),
        Line("current", "t", "current"),
    ),
    readouts=(
        Readout("count", "spikes in 400 ms:", "", 0),
        Readout("rate", "mean rate", "Hz", 1),
        Readout("steady", "rate at the mean current alone", "Hz", 1),
    ),
    draw=_draw_input,
    alt="Above, the membrane potential over 400 ms: it follows the input, smoothed and late, and "
    "fires where it reaches the threshold. Below, the input current, which fluctuates about its "
    "mean, beside the rheobase.",
)  # fmt: skip


def explore_input(**values):
    """Explore the neuron under pulses, a sine or noise (kind, I, A, T, τ_m).

    Parameters
    ----------
    **values
        First values: ``kind`` (``"pulses"``, ``"sine"`` or ``"noise"``) and the sliders ``I``
        (mean, nA), ``A`` (size, nA), ``T`` (period or correlation time, ms), ``tau_m`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_input(kind="sine", I=0.25, A=0.0)
    spikes in 400 ms: 0
    mean rate 0.0 Hz
    rate at the mean current alone 0.0 Hz
    """
    return Explorer(INPUT, **values)


# Euler's method beside the exact solution.


@portable
def lif_euler(dt: float, tau_m: float, I: float):
    """A neuron under a constant current for 120 ms: exact, and by Euler's steps of dt."""
    fine = 0.1
    t = times(1201, fine)
    current = zeros(1201)
    for k in range(1201):
        current[k] = I
    u = zeros(1201)
    spikes = zeros(1201)
    count = run(current, fine, tau_m, R_FIXED, U_REST, THETA, U_R, 0.0, U_REST, u, spikes)
    n = floor(120.0 / dt + 1e-9) + 1
    t_euler = times(n, dt)
    u_euler = zeros(n)
    spikes_euler = zeros(n)
    count_euler = euler_run(
        part(current, 0, n), dt, tau_m, R_FIXED, U_REST, THETA, U_R, 0.0, U_REST,
        u_euler, spikes_euler,
    )  # fmt: skip
    # As it is drawn, each step goes to where its slope leads, and only then falls to the reset.
    t_drawn = zeros(len(t_euler) + n - 1)
    drawn = zeros(len(t_drawn))
    drawn[0] = u_euler[0]
    at = 1
    for k in range(1, n):
        t_drawn[at] = t_euler[k]
        drawn[at] = euler_step(u_euler[k - 1], I, dt, tau_m, R_FIXED, U_REST)
        t_drawn[at + 1] = t_euler[k]
        drawn[at + 1] = u_euler[k]
        at += 2
    first = -1.0
    if count > 0:
        first = spikes[0]
    first_euler = -1.0
    if count_euler > 0:
        first_euler = spikes_euler[0]
    return (
        t, u, part(spikes, 0, count), u_euler, t_drawn, drawn,
        part(spikes_euler, 0, count_euler), count, count_euler, first, first_euler,
    )  # fmt: skip


def _draw_euler(values):
    figure, axes = plt.subplots(figsize=(5.6, 3.2))
    _draw_membrane(axes, {**values, "top": TOP}, theta=THETA)
    axes.plot(values["t_drawn"], values["drawn"], color=ink("filter"), lw=1.2, gid="euler",
              label="Euler")  # fmt: skip
    draw_spikes(axes, values["spikes_euler"], TOP + 1, TOP + SPIKE_HEIGHT,
           color=ink("filter"), gid="spikes_euler")  # fmt: skip
    axes.set(xlabel="time t (ms)", xlim=(0, 121), ylim=(-70, -15))
    legend(axes, 4)
    return figure


EULER = Scene(
    name="lif_euler",
    run=lif_euler,
    parameters=(
        Slider(name="dt", symbol="Δt", unit="ms", meaning="Euler's time step",
               low=0.5, high=20.0, step=0.5, default=4.0),
        TAU_M,
        I,
    ),
    outputs=(
        "t", "u", "spikes", "u_euler", "t_drawn", "drawn", "spikes_euler",
        "count", "count_euler", "first", "first_euler",
    ),
    marks=(
        Line("u", "t", "u"),
        Ticks("spikes", "spikes", THETA, TOP),
        Line("euler", "t_drawn", "drawn"),
        Ticks("spikes_euler", "spikes_euler", TOP + 1, TOP + SPIKE_HEIGHT),
    ),
    readouts=(
        Readout("count", "exact: spikes", "", 0),
        Readout("first", "the first at", "ms", 2, "none"),
        Readout("count_euler", "Euler: spikes", "", 0),
        Readout("first_euler", "the first at", "ms", 2, "none"),
    ),
    draw=_draw_euler,
    alt="The membrane potential under a constant current, exact and by Euler's method, with the "
    "spikes of each above. Euler's broken line leaves the curve, more so for longer steps, "
    "overshoots the threshold, and its spikes fall on other times.",
)  # fmt: skip


def explore_euler(**values):
    """Explore what Euler's method makes of the neuron (Δt, τ_m, I).

    Parameters
    ----------
    **values
        First values of the sliders ``dt`` (ms), ``tau_m`` (ms), ``I`` (nA).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_euler(dt=20.0, I=0.25)
    exact: spikes 0
    none
    Euler: spikes 6
    the first at 20.00 ms
    """
    return Explorer(EULER, **values)


def _draw_membrane(axes, values, *, theta):
    """Draw potential, threshold and spikes; what moves carries its gid."""
    t = values["t"]
    axes.plot(t, values["u"], color=ink("voltage"), gid="u", label="u")
    axes.plot((t[0], t[-1]), [theta] * 2, color=ink("threshold"), lw=1.2, gid="theta", label="θ")
    draw_spikes(axes, values["spikes"], theta, values["top"], gid="spikes", label="spike")
    axes.set(ylabel="u (mV)")
