"""Explorers of the chapter on reversal potential and shunting inhibition."""

from math import log

import matplotlib.pyplot as plt

from neuro_lib.currents import park_miller
from neuro_lib.explorers.explorer import Explorer
from neuro_lib.explorers.pieces import legend, part, times
from neuro_lib.explorers.scene import Line, Point, Readout, Scene, Slider
from neuro_lib.figures import ink
from neuro_lib.lif import LIF
from neuro_lib.portable import Array, portable, zeros
from neuro_lib.responses import add_exponential_psp
from neuro_lib.synapses import ExponentialSynapse, add_psp_share, peak_share, run_synapses, shunted
from neuro_lib.units import MS_PER_S

__all__ = ["explore_background", "explore_reversal", "explore_shunting"]

TAU_M = 20.0  # ms
R = 100.0  # MΩ
C = TAU_M / R
U_REST = LIF().u_rest
OFF = 1e4  # mV; the threshold is out of reach, so that the PSPs themselves are seen
TAU_E = 3.0  # ms
TAU_I = 10.0  # ms
E_E = 0.0  # mV
E_I = -73.0  # mV


def _conductance(name, symbol, meaning, high, step, default):
    return Slider(
        name=name, symbol=symbol, unit="µS", meaning=meaning,
        low=0.0, high=high, step=step, default=default,
    )  # fmt: skip


# One PSP, and its peak against the holding potential.


@portable
def synapse_reversal(E_syn: float, u_hold: float, g_max: float, tau_s: float):
    """PSP from a holding potential, and the peak from each of them."""
    n = 161
    t = times(n, 0.5)
    psp = zeros(n)
    add_psp_share(psp, t, 0.0, g_max, tau_s, TAU_M, C)
    for k in range(n):
        psp[k] *= E_syn - u_hold
    frozen = zeros(n)  # the driving force of rest
    add_exponential_psp(frozen, t, g_max * tau_s * (E_syn - U_REST), tau_s, TAU_M, R)
    share = peak_share(0.0, g_max, tau_s, TAU_M, C)
    always = 0.0
    for k in range(n):
        if abs(frozen[k]) > abs(always):
            always = frozen[k]
    ends = zeros(2)  # of the straight line from -100 mV to 0 mV
    ends[0] = share * (E_syn + 100.0)
    ends[1] = share * E_syn
    return t, psp, frozen, ends, share * (E_syn - u_hold), always, E_syn - u_hold


def _draw_reversal(values):
    figure, (above, below) = plt.subplots(2, 1, height_ratios=(1, 1), figsize=(5.6, 5.0))
    above.plot(values["t"], values["frozen"], "--", color=ink("reference"), lw=1.2,
               gid="frozen", label="current-based")  # fmt: skip
    above.plot(values["t"], values["psp"], color=ink("voltage"), gid="psp",
               label="conductance-based")  # fmt: skip
    above.set(xlabel="time since the spike arrived (ms)", ylabel="PSP (mV)", xlim=(0, 80),
              ylim=(-35, 35))  # fmt: skip
    legend(above, 2, "left", spacing=4)
    below.axhline(0, color=ink("reference"), lw=0.8)
    below.plot((-100, 0), [values["always"]] * 2, "--", color=ink("reference"), lw=1.2,
               gid="always")  # fmt: skip
    below.plot((-100, 0), values["ends"], color=ink("voltage"), gid="amplitude")
    below.plot([values["E_syn"]] * 2, (-35, 35), ":", color=ink("threshold"), gid="E_syn",
               label="E_syn")  # fmt: skip
    below.plot([values["u_hold"]], [values["peak"]], "o", ms=8, color=ink("current"), gid="held",
               label="held here")  # fmt: skip
    below.set(xlabel="holding potential (mV)", ylabel="peak (mV)", xlim=(-102, 2), ylim=(-35, 35))
    legend(below, 2, "left", spacing=4)
    return figure


E_SYN = Slider.of(ExponentialSynapse, "E_syn", -90.0, 0.0, 1.0, default=E_I)
U_HOLD = Slider(name="u_hold", symbol="u_hold", unit="mV", meaning="holding potential",
                low=-100.0, high=0.0, step=1.0, default=-35.0)  # fmt: skip

REVERSAL = Scene(
    name="synapse_reversal",
    run=synapse_reversal,
    parameters=(
        E_SYN,
        U_HOLD,
        _conductance("g_max", "g_max", "peak conductance", 0.02, 0.001, 0.015),
        Slider.of(ExponentialSynapse, "tau_s", 1.0, 8.0, 0.5, default=5.0),
    ),
    outputs=("t", "psp", "frozen", "ends", "peak", "always", "driving"),
    marks=(
        Line("frozen", "t", "frozen"),
        Line("psp", "t", "psp"),
        Line("always", (-100, 0), "always"),
        Line("amplitude", (-100, 0), "ends"),
        Line("E_syn", "E_syn", (-35, 35)),
        Point("held", "u_hold", "peak"),
    ),
    readouts=(
        Readout("driving", "driving force", "mV", 0),
        Readout("peak", "peak of the PSP", "mV", 1),
        Readout("always", "current-based, at any potential", "mV", 1),
    ),
    draw=_draw_reversal,
    alt="Above, the postsynaptic potential of one spike over 80 ms, conductance-based and, dashed, "
    "current-based. Below, its peak against the holding potential: a falling straight line that "
    "crosses zero at the reversal potential, with a dot where the neuron is held, beside the level "
    "line of the current-based synapse.",
)


def explore_reversal(**values):
    """Explore a PSP against the holding potential (E_syn, u_hold, g_max, τ_s).

    Parameters
    ----------
    **values
        First values of the sliders ``E_syn`` (mV), ``u_hold`` (mV), ``g_max`` (µS), ``tau_s`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> round(explore_reversal(u_hold=-73.0).run().peak, 6)
    0.0
    """
    return Explorer(REVERSAL, **values)


# Shunting: one excitatory and one inhibitory spike, together and the sum of each alone.


@portable
def drive(
    u: Array,
    g: Array,
    arrivals: Array,
    which: Array,
    g_e: float,
    g_i: float,
    E_i: float,
    shunting: bool,
):
    """Excite (0) and inhibit (1) the neuron by spikes; fill u and both conductances."""
    peaks = zeros(2)
    peaks[0] = g_e
    peaks[1] = g_i
    tau_s = zeros(2)
    tau_s[0] = TAU_E
    tau_s[1] = TAU_I
    gap = zeros(2)
    gap[0] = E_E - U_REST
    gap[1] = E_i - U_REST
    run_synapses(
        zeros(len(u)), 0.5, TAU_M, R, U_REST, OFF, U_REST, 0.0, U_REST, arrivals, which,
        zeros(2), peaks, tau_s, gap, shunting, OFF, u, g, zeros(1),
    )  # fmt: skip


@portable
def two_spikes(u: Array, g: Array, g_e: float, g_i: float, E_i: float, lead: float, shunting: bool):
    """Excitation at 40 ms, inhibition `lead` before it: fill u and both conductances."""
    arrivals = zeros(2)
    which = zeros(2)
    arrivals[0] = min(40.0, 40.0 - lead)
    arrivals[1] = max(40.0, 40.0 - lead)
    which[0] = 1.0 if lead > 0.0 else 0.0
    which[1] = 1.0 - which[0]
    drive(u, g, arrivals, which, g_e, g_i, E_i, shunting)


@portable
def beside_sum(u: Array, i: Array, total: Array, excited: Array):
    """Make `total` the sum of both alone; give the EPSP's peak alone, with inhibition, i's peak."""
    alone = 0.0
    together = 0.0
    moved = 0.0
    for k in range(len(u)):
        total[k] = excited[k] + i[k] - U_REST
        alone = max(alone, excited[k] - U_REST)
        together = max(together, u[k] - i[k])
        if abs(i[k] - U_REST) > abs(moved):
            moved = i[k] - U_REST
    return alone, together, moved


@portable
def synapse_shunting(g_e: float, g_i: float, E_i: float, lead: float):
    """Both spikes, each alone, and the sum: conductance-based, then current-based."""
    n = 201
    t = times(n, 0.5)
    u = zeros(n)
    g = zeros(len(t) + len(t))
    scratch = zeros(len(g))
    u_i = zeros(n)
    u_e = zeros(n)
    u_sum = zeros(n)
    two_spikes(u_e, scratch, g_e, 0.0, E_i, lead, True)
    two_spikes(u_i, scratch, 0.0, g_i, E_i, lead, True)
    two_spikes(u, g, g_e, g_i, E_i, lead, True)
    alone, together, moved = beside_sum(u, u_i, u_sum, u_e)
    v = zeros(n)
    v_i = zeros(n)
    v_sum = zeros(n)
    two_spikes(u_e, scratch, g_e, 0.0, E_i, lead, False)
    two_spikes(v_i, scratch, 0.0, g_i, E_i, lead, False)
    two_spikes(v, scratch, g_e, g_i, E_i, lead, False)
    v_alone, v_together, v_moved = beside_sum(v, v_i, v_sum, u_e)
    excitation = zeros(n)
    inhibition = zeros(n)
    for k in range(n):
        excitation[k] = g[k]
        inhibition[k] = g[k + len(t)]
    return (
        t, u, u_i, u_sum, v, v_i, v_sum, excitation, inhibition,
        moved, alone, together, v_moved, v_alone, v_together,
    )  # fmt: skip


def _draw_shunting(values):
    figure, axes = plt.subplots(3, 1, sharex=True, height_ratios=(3, 3, 2), figsize=(5.6, 6.4))
    for panel, u, name in zip(axes, "uv", ("conductance-based", "current-based"), strict=False):
        panel.plot(values["t"], values[f"{u}_sum"], "--", color=ink("reference"), lw=2.4,
                   gid=f"{u}_sum", label="sum")  # fmt: skip
        panel.plot(values["t"], values[f"{u}_i"], color=ink("threshold"), lw=1.2, gid=f"{u}_i",
                   label="inhibition")  # fmt: skip
        panel.plot(values["t"], values[u], color=ink("voltage"), gid=u, label="both")
        panel.set(ylabel="u (mV)", ylim=(-92, -25))
        panel.text(0.02, 0.9, name, transform=panel.transAxes, va="top")
    legend(axes[0], 3, "left", spacing=4)
    below = axes[2]
    below.plot(values["t"], values["excitation"], color=ink("current"), gid="excitation",
               label="g_e")  # fmt: skip
    below.plot(values["t"], values["inhibition"], color=ink("threshold"), lw=1.2,
               gid="inhibition", label="g_i")  # fmt: skip
    below.set(xlabel="time t (ms)", xlim=(0, 100), ylim=(-0.003, 0.066))
    below.set_ylabel("g (µS)", labelpad=11)
    legend(below, 2, "left", spacing=4)
    return figure


SHUNTING = Scene(
    name="synapse_shunting",
    run=synapse_shunting,
    parameters=(
        _conductance("g_e", "g_e", "peak of the excitation", 0.03, 0.001, 0.015),
        _conductance("g_i", "g_i", "peak of the inhibition", 0.06, 0.001, 0.03),
        Slider(name="E_i", symbol="E_i", unit="mV", meaning="reversal potential of the inhibition",
               low=-80.0, high=-55.0, step=1.0, default=-65.0),
        Slider(name="lead", symbol="lead", unit="ms", meaning="inhibition comes earlier by",
               low=-20.0, high=35.0, step=1.0, default=5.0),
    ),
    outputs=(
        "t", "u", "u_i", "u_sum", "v", "v_i", "v_sum", "excitation", "inhibition",
        "moved", "alone", "together", "v_moved", "v_alone", "v_together",
    ),
    marks=(
        Line("u_sum", "t", "u_sum"),
        Line("u_i", "t", "u_i"),
        Line("u", "t", "u"),
        Line("v_sum", "t", "v_sum"),
        Line("v_i", "t", "v_i"),
        Line("v", "t", "v"),
        Line("excitation", "t", "excitation"),
        Line("inhibition", "t", "inhibition"),
    ),
    readouts=(
        Readout("moved", "inhibition alone moves u by", "mV", 1),
        Readout("alone", "conductance-based: EPSP alone", "mV", 1),
        Readout("together", "with inhibition", "mV", 1),
        Readout("v_alone", "current-based: EPSP alone", "mV", 1),
        Readout("v_together", "with inhibition", "mV", 1),
    ),
    draw=_draw_shunting,
    alt="The membrane potential over 100 ms, conductance-based above and current-based below it: "
    "under inhibition alone, under excitation and inhibition, and, dashed, the sum of what each "
    "does alone. Above, the potential stays under the sum; below, the two coincide. At the bottom, "
    "the two conductances.",
)  # fmt: skip


def explore_shunting(**values):
    """Explore shunting inhibition beside a neuron that cannot shunt (g_e, g_i, E_i, lead).

    Parameters
    ----------
    **values
        First values of the sliders ``g_e`` (µS), ``g_i`` (µS), ``E_i`` (mV), ``lead`` (ms).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> explore_shunting()
    inhibition alone moves u by 0.0 mV
    conductance-based: EPSP alone 9.5 mV
    with inhibition 7.7 mV
    current-based: EPSP alone 10.5 mV
    with inhibition 10.5 mV
    """
    return Explorer(SHUNTING, **values)


# A background of many presynaptic spikes: two Poisson trains for 200 ms.

G_E = 0.001  # µS, of one spike
G_I = 0.002
LONG = 200.0  # ms
ROOM = 2000  # spikes; at the highest rates there are 1200 on average


@portable
def poisson_gap(state: float, rate: float):
    """Step the generator of `normal_draws`; give an exponential interval at a rate (1/ms)."""
    state = park_miller(state)
    if rate == 0.0:
        return state, 2.0 * LONG
    return state, -log(state / 2147483647.0) / rate


@portable
def background_spikes(nu_e: float, nu_i: float, arrivals: Array, which: Array):
    """Fill in both trains in one order; return the number of spikes."""
    state_e = 12345.0
    state_i = 987654.0
    state_e, next_e = poisson_gap(state_e, nu_e)
    state_i, next_i = poisson_gap(state_i, nu_i)
    n = 0
    while min(next_e, next_i) < LONG and n < len(arrivals):
        arrivals[n] = min(next_e, next_i)
        if next_e <= next_i:
            which[n] = 0.0
            state_e, gap = poisson_gap(state_e, nu_e)
            next_e += gap
        else:
            which[n] = 1.0
            state_i, gap = poisson_gap(state_i, nu_i)
            next_i += gap
        n += 1
    return n


@portable
def synapse_background(nu_e: float, nu_i: float, E_i: float):
    """Poisson excitation and inhibition at total rates (Hz): both kinds of neuron."""
    n = 401
    arrivals = zeros(ROOM)
    which = zeros(ROOM)
    count = background_spikes(nu_e / MS_PER_S, nu_i / MS_PER_S, arrivals, which)
    arrivals = part(arrivals, 0, count)
    which = part(which, 0, count)
    u = zeros(n)
    v = zeros(n)
    g = zeros(len(u) + len(v))
    drive(v, g, arrivals, which, G_E, G_I, E_i, False)
    drive(u, g, arrivals, which, G_E, G_I, E_i, True)
    mean_e = nu_e / MS_PER_S * G_E * TAU_E
    mean_i = nu_i / MS_PER_S * G_I * TAU_I
    tau = shunted(TAU_M, R, mean_e + mean_i)
    push = mean_e * (E_E - U_REST) + mean_i * (E_i - U_REST)
    mean = U_REST + push * tau / C
    frozen = U_REST + push * R
    return times(n, 0.5), u, v, mean, frozen, tau, mean_e + mean_i


def _draw_background(values):
    figure, axes = plt.subplots(figsize=(5.6, 3.8))
    t = values["t"]
    axes.axhline(E_E, color=ink("current"), lw=1.2, label="E_e")
    axes.plot((0, LONG), [values["E_i"]] * 2, color=ink("threshold"), lw=1.2, gid="E_i",
              label="E_i")  # fmt: skip
    axes.plot(t, values["v"], color=ink("reference"), lw=1.2, gid="v", label="current-based")
    axes.plot(t, values["u"], color=ink("voltage"), gid="u", label="conductance-based")
    axes.plot((0, LONG), [values["mean"]] * 2, ":", color=ink("voltage"), lw=1.2, gid="mean",
              label="from mean g")  # fmt: skip
    axes.set(xlabel="time t (ms)", ylabel="u (mV)", xlim=(0, LONG), ylim=(-150, 60))
    legend(axes, 3, "left", spacing=4)
    return figure


def _rate(name, symbol, meaning, high, default):
    return Slider(name=name, symbol=symbol, unit="Hz", meaning=meaning, low=0.0, high=high,
                  step=50.0, default=default)  # fmt: skip


BACKGROUND = Scene(
    name="synapse_background",
    run=synapse_background,
    parameters=(
        _rate("nu_e", "ν_e", "excitatory spikes, in all", 4000.0, 2000.0),
        _rate("nu_i", "ν_i", "inhibitory spikes, in all", 2000.0, 500.0),
        Slider(name="E_i", symbol="E_i", unit="mV", meaning="reversal potential of the inhibition",
               low=-80.0, high=-55.0, step=1.0, default=E_I),
    ),
    outputs=("t", "u", "v", "mean", "frozen", "tau", "g"),
    marks=(
        Line("E_i", (0, LONG), "E_i"),
        Line("v", "t", "v"),
        Line("u", "t", "u"),
        Line("mean", (0, LONG), "mean"),
    ),
    readouts=(
        Readout("g", "mean conductance", "µS", 3),
        Readout("tau", "effective time constant", "ms", 1),
        Readout("mean", "conductance-based settles near", "mV", 0),
        Readout("frozen", "current-based near", "mV", 0),
    ),
    draw=_draw_background,
    alt="The membrane potential over 200 ms under many random excitatory and inhibitory spikes. "
    "The conductance-based neuron stays between the two reversal potentials and fluctuates fast "
    "about its mean; the current-based one, slower, may leave that range.",
)  # fmt: skip


def explore_background(**values):
    """Explore a neuron under many random presynaptic spikes (ν_e, ν_i, E_i).

    Parameters
    ----------
    **values
        First values of the sliders ``nu_e`` (Hz), ``nu_i`` (Hz), ``E_i`` (mV).

    Returns
    -------
    Explorer
        Display it as the last line of a cell.

    Examples
    --------
    >>> round(explore_background(nu_e=0.0, nu_i=0.0).run().tau, 6)
    20.0
    """
    return Explorer(BACKGROUND, **values)
