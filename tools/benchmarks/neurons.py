"""The models: one neuron, many neurons, and the same job done by Brian2 and NEST."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
from scipy.integrate import solve_ivp

from neuro_lib import (
    LIF,
    AdEx,
    Current,
    FilteredLIF,
    constant_current,
    convolve,
    count_spikes,
    recorded_steps,
    simulate,
)
from neuro_lib.analysis.recorded_fit import fit_recorded
from tools.benchmarks.row import Row, seconds

SECOND = 1000.0  # ms
DT = 0.1  # ms
CURRENTS = np.linspace(0.0, 0.5, 10_000)  # nA, one per neuron

ADEX_CURRENTS = np.linspace(0.2, 0.6, 1_000)  # nA
ADEX_CURRENT = 0.5  # nA

# The jobs, by the name under which the simulators beside ours report them.
JOBS = {
    "one": "one LIF, 1 s at 0.1 ms",
    "many": "10,000 LIF × 1 s at 0.1 ms, each its own current, spikes counted",
    "one AdEx": "one AdEx, 1 s at 0.1 ms",
    "many AdEx": "1,000 AdEx × 1 s at 0.1 ms, each its own current, spikes counted",
    "many filtered": "10,000 FilteredLIF × 1 s at 0.1 ms, each its own current, spikes counted",
}
GROWTH = 2.2  # what may become of the time of twice the work: a linear one, and some noise


def measure(python: str) -> Iterator[Row]:
    """Time the models, and beside them the simulators that a Python has."""
    others = list(simulators(python))
    lif, adex, filtered = LIF(), AdEx(), FilteredLIF(tau_m=20.0, R=100.0)
    one = constant_current(0.4, duration=SECOND, dt=DT)
    many = constant_current(CURRENTS, duration=SECOND, dt=DT)
    one_adex = constant_current(ADEX_CURRENT, duration=SECOND, dt=DT)
    many_adex = constant_current(ADEX_CURRENTS, duration=SECOND, dt=DT)

    def job(name, value, unit, limit):
        yield Row(JOBS[name], value, unit, limit)
        for other, found in others:
            if name in found:
                in_unit = found[name] * (1e3 if unit == "ms" else 1.0)
                yield Row(f"{JOBS[name]}: {other}", in_unit, unit)

    yield from job("one", 1e3 * seconds(lambda: simulate(lif, one), 200), "ms", 0.1)
    yield from job("many", seconds(lambda: count_spikes(lif, many)), "s", 0.05)
    yield from job("one AdEx", 1e3 * seconds(lambda: simulate(adex, one_adex), 100), "ms", 1)
    by_solver = 1e3 * seconds(lambda: adex_by_solve_ivp(adex, ADEX_CURRENT), 3)
    yield Row(f"{JOBS['one AdEx']}: SciPy's `solve_ivp`", by_solver, "ms")
    yield from job("many AdEx", seconds(lambda: count_spikes(adex, many_adex)), "s", 0.3)
    yield from job("many filtered", seconds(lambda: count_spikes(filtered, many)), "s", 0.2)
    yield from convolutions()
    for model, I in ((lif, 0.4), (filtered, 0.3), (adex, ADEX_CURRENT)):
        yield from growth(model, I)
    yield from fits()
    yield from beginnings()


def fits() -> Iterator[Row]:
    """Time the fit to a recorded cell, to as many of its sweeps as a reader's fit may see."""
    steps = recorded_steps("B6")
    for adaptation, kind in ((False, "an LIF"), (True, "an LIF with adaptation")):
        took = seconds(lambda a=adaptation: fit_recorded(steps, [0, 1, 3, 4], adaptation=a), 3)
        yield Row(f"{kind} fitted to four sweeps of the recorded cell B6", took, "s", 20)


def convolutions() -> Iterator[Row]:
    """Time the filtering of a long current."""
    noise = Current(np.random.default_rng(0).normal(0.2, 0.1, 1_000_000), DT)
    for method, limit in (("recurrence", 15), ("fft", 200)):
        took = 1e3 * seconds(lambda method=method: convolve(LIF(), noise, method=method))
        yield Row(f"convolution of 1,000,000 samples, method {method!r}", took, "ms", limit)


def growth(model, I) -> Iterator[Row]:
    """Compare the times of a job and of one of twice the size."""

    def counting(neurons, duration):
        current = constant_current(np.linspace(0.5 * I, I, neurons), duration=duration, dt=DT)
        return seconds(lambda: count_spikes(model, current))

    def running(duration):
        current = constant_current(I, duration=duration, dt=DT)
        return seconds(lambda: simulate(model, current), 100)

    name = type(model).__name__
    base = counting(1_000, SECOND)
    yield Row(f"{name}: twice the neurons", counting(2_000, SECOND) / base, "times", GROWTH)
    yield Row(f"{name}: twice the steps", counting(1_000, 2 * SECOND) / base, "times", GROWTH)
    long = running(2 * SECOND) / running(SECOND)
    yield Row(f"{name}: twice the steps of one neuron", long, "times", GROWTH)


def adex_by_solve_ivp(m, I) -> int:
    """Count the spikes of one AdEx in a second with SciPy, as precisely as `simulate` does."""

    def slope(t, y):
        upswing = m.Delta_T * np.exp((y[0] - m.theta_rh) / m.Delta_T)
        du = (m.u_rest - y[0] + upswing + m.R * (I - y[1])) / m.tau_m
        return du, (m.a * (y[0] - m.u_rest) - y[1]) / m.tau_w

    def fires(t, y):
        return y[0] - m.u_peak

    fires.terminal = True
    t, y, spikes = 0.0, (m.u_rest, 0.0), 0
    while t < SECOND:
        course = solve_ivp(
            slope, (t, SECOND), y, events=fires, method="DOP853", rtol=1e-9, atol=1e-9
        )
        t, y = course.t[-1], (m.u_r, course.y[1, -1] + m.b)
        spikes += course.status
    return spikes


def simulators(python: str) -> Iterator[tuple[str, dict]]:
    """Run `with_brian2.py` and `with_nest.py`: what each prints, by name and version."""
    for name in ("Brian2", "NEST"):
        print(f"measuring {name} ...", flush=True)
        script = Path(__file__).with_name(f"with_{name.lower()}.py")
        run = subprocess.run([python, script], capture_output=True, text=True)
        if run.returncode == 0:
            found = json.loads(run.stdout.splitlines()[-1])
            yield f"{name} {found['version']}", found
        elif "ModuleNotFoundError" in run.stderr:
            print(f"{name} is not installed, so it is not measured beside ours.")
        else:
            sys.exit(run.stderr)


def beginnings() -> Iterator[Row]:
    """Time what a reader's first cells do, in a Python of its own that has nothing compiled."""
    ours, numpys = (seconds(partial(fresh, f"import {name}")) for name in ("neuro_lib", "numpy"))
    yield Row("`import neuro_lib`, beyond NumPy's own import", ours - numpys, "s", 0.1)
    for what, (imports, call) in FIRST.items():
        times = [float(fresh(f"{imports}\n{CLOCK.format(call)}")) for _ in range(5)]
        yield Row(f"the first {what} in a fresh kernel, empty cache", median(times), "s", 0.5)


FIRST = {  # what is imported, and what is timed
    "`simulate` (200 ms of one LIF)": (
        "from neuro_lib import LIF, simulate, step_current",
        "simulate(LIF(), step_current(0.4, start=20.0, stop=180.0, duration=200.0, dt=0.1))",
    ),
    "`explore_step()`, Matplotlib imported": (
        "import matplotlib.pyplot\nfrom neuro_lib.explorers import explore_step",
        "explore_step().html()",
    ),
}
CLOCK = """
from time import perf_counter
start = perf_counter()
{}
print(perf_counter() - start)"""


def fresh(program: str) -> str:
    """Run a program in a Python of its own, with an empty cache; return what it prints."""
    with TemporaryDirectory() as cache:
        environment = os.environ | {"XDG_CACHE_HOME": cache}
        return subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
