"""NEST and Brian2, asked independently, get the same potentials and spikes.

What they made of the models was recorded once, by `tests/reference/record.py`; a recording tells
the simulator, its version, model and parameters in its own names and units. Each tolerance follows
from how the simulator steps:

- *Located* spikes (NEST's ``_ps`` models), and the potential of a linear membrane: NEST is exact
  up to rounding there, and recordings keep 11 digits after the point.
- *Grid spikes*: a spike is noticed at the end of a step, and the reset comes as late. NEST reports
  the step's end, Brian2 its start. So the first spike is good to one step; and since each reset is
  late by up to one more, the k-th is good to k steps.
- *NEST's AdEx* resets within a step, where its adaptive solver is; the report alone is on the grid.
  So all spikes are good to one step, apart from the solver's own error.
- *Runge and Kutta's* steps of fourth order here are 1/512 ms: their error is below 1e-6 mV where
  nothing is faster than 0.1 ms.
"""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import neuro_lib
from neuro_lib import (
    LIF,
    AdEx,
    AlphaSynapse,
    BranchedLIF,
    Current,
    ExponentialSynapse,
    FilteredLIF,
    HodgkinHuxley,
    SynapticInput,
    alpha_psp,
    exponential_psp,
    simulate,
    simulate_branches,
    simulate_synapses,
)

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "tests" / "reference"
HEAVIEST = 200_000  # bytes of one file
EXACT = 1e-9  # ms or mV
PER_NANO = 1000.0  # pA in a nA, pF in a nF, nS in a µS; and 1000 / nS are MΩ


def recordings(name):
    """Runs of a file, each with a name for pytest."""
    runs = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))["runs"]
    return [
        pytest.param(run, id=f"{run['simulator']}-{run.get('name', '')}-{k}")
        for k, run in enumerate(runs)
    ]


def value(run, name):
    """A parameter in the units of this project: nA, nF and µS in place of pA, pF and nS."""
    number, unit = run["parameters"][name]
    return number / {"pA": PER_NANO, "pF": PER_NANO, "nS": PER_NANO}.get(unit, 1.0)


def has(run, name):
    return name in run["parameters"]


def current(run, dt=1.0):
    """Input of a run; its durations are whole milliseconds."""
    values = [I / PER_NANO for length, I in run["input"] for _ in range(round(length / dt))]
    return Current([*values, 0.0], dt=dt)


def membrane(run):
    """Parameters that all integrate-and-fire neurons share."""
    if has(run, "tau_m"):
        tau_m = value(run, "tau_m")
    else:
        tau_m = value(run, "C_m") / value(run, "g_L")
    return {"tau_m": tau_m, "R": tau_m / value(run, "C_m"), "u_rest": value(run, "E_L")}


def lif(run):
    names = {"theta": "V_th", "u_r": "V_reset", "t_ref": "t_ref"}
    given = {ours: value(run, theirs) for ours, theirs in names.items() if has(run, theirs)}
    return LIF(**membrane(run), **given)


def assert_spikes(found, run, *, late):
    """Assert that the k-th spike, from 1 on, is within `late(k)` of the recorded one."""
    expected = np.array(run["spike_times"])
    assert found.size == expected.size
    assert np.all(np.abs(found - expected) <= late(1 + np.arange(found.size))), found - expected


def recorded(run, u, dt, name="V_m"):
    """Potential at the times of the recording, and the recording."""
    return u[np.rint(np.array(run["t"]) / dt).astype(int)], np.array(run[name])


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_recording_is_small_and_tells_where_it_comes_from(path):
    assert path.stat().st_size < HEAVIEST
    content = json.loads(path.read_text("utf-8"))
    assert content["about"]
    for run in content["runs"]:
        assert run["simulator"] in ("NEST 3.10.0", "Brian2 2.9.0")
        assert {"model", "dt", "parameters", "input"} <= run.keys()
        assert all(len(entry) == 2 for entry in run["parameters"].values())


@pytest.mark.parametrize("run", recordings("lif"))
def test_lif(run):
    trace = simulate(lif(run), current(run))
    if run["model"] == "iaf_psc_delta_ps":
        assert_spikes(trace.spike_times, run, late=lambda k: EXACT)
        np.testing.assert_allclose(*recorded(run, trace.u, 1.0), rtol=0, atol=EXACT)
    else:
        assert_spikes(trace.spike_times, run, late=lambda k: k * run["dt"])


@pytest.mark.parametrize("run", recordings("filters"))
def test_filters(run):
    names = ("a", "b", "tau_w", "A", "tau_f")
    filters = {name: value(run, name) for name in names if has(run, name)}
    neuron = FilteredLIF(
        **membrane(run), **filters, theta=value(run, "V_th"), u_r=value(run, "V_reset")
    )
    trace = simulate(neuron, current(run))
    assert_spikes(trace.spike_times, run, late=lambda k: k * run["dt"])


@pytest.mark.parametrize("run", recordings("adex"))
def test_adex(run):
    names = {"theta_rh": "V_th", "u_r": "V_reset", "u_peak": "V_peak", "Delta_T": "Delta_T"}
    names |= {name: name for name in ("a", "b", "tau_w")}
    neuron = AdEx(**membrane(run), **{ours: value(run, theirs) for ours, theirs in names.items()})
    trace = simulate(neuron, current(run, dt=0.5))
    if run["simulator"].startswith("NEST"):
        assert_spikes(trace.spike_times, run, late=lambda k: run["dt"])
    else:
        assert_spikes(trace.spike_times, run, late=lambda k: k * run["dt"])


@pytest.mark.parametrize("run", recordings("psp"))
def test_psp(run):
    psp = {"iaf_psc_exp": exponential_psp, "iaf_psc_alpha": alpha_psp}[run["model"]]
    area = {"iaf_psc_exp": 1.0, "iaf_psc_alpha": np.e}[run["model"]]
    t, u = np.array(run["t"]), np.full(len(run["t"]), value(run, "E_L"))
    for arrival, weight in run["arrivals"]:
        tau_s = value(run, "tau_syn_ex" if weight > 0 else "tau_syn_in")
        charge = area * weight / PER_NANO * tau_s  # of a current that peaks at the weight
        u += psp(lif(run), charge, t - arrival, tau_s=tau_s)
    np.testing.assert_allclose(u, run["V_m"], rtol=0, atol=EXACT)


@pytest.mark.parametrize("run", recordings("synapses"))
def test_synapses(run):
    kind = {"iaf_cond_exp": ExponentialSynapse, "iaf_cond_alpha": AlphaSynapse}[run["model"]]
    inputs = []
    for arrival, weight in run["arrivals"]:
        which = "ex" if weight > 0 else "in"
        tau_s, E_syn = value(run, f"tau_syn_{which}"), value(run, f"E_{which}")
        inputs.append((kind(g_max=abs(weight) / PER_NANO, tau_s=tau_s, E_syn=E_syn), [arrival]))
    I = current(run, dt=0.1)
    trace = simulate_synapses(lif(run), I, inputs, u_start=value(run, "V_m"))
    assert_spikes(trace.spike_times, run, late=lambda k: k * run["dt"])
    # After a late reset u is late: by what it moves meanwhile, at 65 mV * 6 nS / 200 pF at most.
    late = 2.0 * len(run["spike_times"]) * run["dt"]
    here, there = recorded(run, trace.u, 0.1)
    np.testing.assert_allclose(here, there, rtol=0, atol=max(1e-6, late))


@pytest.mark.parametrize("run", recordings("hodgkin_huxley"))
def test_hodgkin_huxley(run):
    names = {"C": "C_m", "u_T": "V_T"} | {x: x for x in ("g_L", "g_Na", "g_K")}
    names |= {x: x for x in ("E_L", "E_Na", "E_K")}
    given = {ours: value(run, theirs) for ours, theirs in names.items()}
    given |= {"g_M": value(run, "g_M"), "tau_max": 608.0} if has(run, "g_M") else {"g_M": 0.0}
    start = value(run, "V_m") if has(run, "V_m") else value(run, "E_L")
    trace = simulate(HodgkinHuxley(**given), current(run, dt=0.02), u_start=start)
    late = 1e-4  # ms, as the model's docstring says; an upswing is no steeper than 400 mV/ms
    here, there = recorded(run, trace.u, 0.02, "V_m" if "V_m" in run else "V")
    np.testing.assert_allclose(here, there, rtol=0, atol=400.0 * late)
    if "spike_times" in run:
        assert_spikes(trace.spike_times, run, late=lambda k: run["dt"] + late)
    assert trace.spike_count > 3


@pytest.mark.parametrize("run", recordings("dendrites"))
def test_dendrites(run):
    names = ("tau_ampa", "tau_rise", "tau_nmda", "p", "g_c", "Mg")
    neuron = BranchedLIF(**membrane(run), **{name: value(run, name) for name in names}, theta=0.0)
    times, (ampa, nmda) = run["arrivals"]
    inputs = [
        SynapticInput(site=site, times=time, ampa=ampa / PER_NANO, nmda=nmda / PER_NANO)
        for site, time in enumerate(times, start=1)
        if time is not None
    ]
    trace = simulate_branches(neuron, inputs, current(run, dt=0.05))
    for u, name in ((trace.u, "V"), (trace.u_d[0], "V_1"), (trace.u_d[1], "V_2")):
        here, there = recorded(run, u, 0.05, name)
        np.testing.assert_allclose(here, there, rtol=0, atol=1e-6)


# The page that tells the names


def notation():
    """Rows of its tables of names: what stands as code in the columns Code and NEST."""
    for line in (ROOT / "docs" / "reference" / "notation.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 5 and not set(line) <= set("|:-"):
            yield tuple(re.findall(r"`([\w .*/]+)`", cell) for cell in cells[2:4])


def test_the_notation_has_the_names_of_the_code():
    models = (LIF, FilteredLIF, AdEx, ExponentialSynapse, BranchedLIF, HodgkinHuxley)
    names = {name for model in models for name in model.quantities()}
    names |= {"u", "w", "C", "I", "dt", "spike_times", "charge", "magnesium_block"}
    written = {name for ours, _ in notation() for name in ours}
    assert len(written) > 30
    assert written <= names


def test_the_notation_of_kernels_and_measures_has_the_names_of_the_code():
    text = (ROOT / "docs" / "reference" / "notation.md").read_text("utf-8")
    table = text.partition("## Kernels and measures")[2].partition("\n## ")[0]
    written = re.findall(r"`(\w+)` \|$", table, re.MULTILINE)
    assert len(written) > 10
    for name in written:
        assert hasattr(neuro_lib, name) or hasattr(LIF, name), name


def test_the_notation_has_the_names_of_the_recordings_of_nest():
    written = " ".join(name for _, theirs in notation() for name in theirs)
    for path in FOLDER.glob("*.json"):
        for run in json.loads(path.read_text("utf-8"))["runs"]:
            if run["simulator"].startswith("NEST"):
                for name in run["parameters"].keys() - {"gsl_error_tol"}:
                    assert re.search(rf"\b{name}\b", written), name
