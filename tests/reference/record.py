"""Record what NEST and Brian2 make of the models of this course, for `tests/test_reference.py`.

Run it with a Python that has both, and none of the course's own code::

    python -m venv /tmp/simulators
    /tmp/simulators/bin/pip install nest-simulator==3.10.0 brian2==2.9.0
    /tmp/simulators/bin/python tests/reference/record.py            # all files
    /tmp/simulators/bin/python tests/reference/record.py lif adex   # some of them

Each file beside this script is a list of runs. A run tells simulator and version, model, time
step, parameters with their units (in the simulator's own names), the input as pairs of duration
(ms) and current (pA), and what came out: spike times (ms) and potentials (mV) at some times (ms).
Nothing in a run comes from neuro_lib, and the tests need neither simulator.
"""

import json
import random
import sys
from pathlib import Path

import brian2 as b2
import nest

HERE = Path(__file__).parent
UNITS = {
    **dict.fromkeys(["C_m"], "pF"),
    **dict.fromkeys(["g_L", "a", "g_Na", "g_K", "g_M", "g_c"], "nS"),
    **dict.fromkeys(["E_L", "E_ex", "E_in", "E_Na", "E_K"], "mV"),
    **dict.fromkeys(["V_m", "V_th", "V_reset", "V_peak", "Delta_T", "V_T"], "mV"),
    **dict.fromkeys(["tau_m", "t_ref", "tau_w", "tau_f", "tau_syn_ex", "tau_syn_in"], "ms"),
    **dict.fromkeys(["tau_max", "tau_ampa", "tau_rise", "tau_nmda"], "ms"),
    **dict.fromkeys(["I_e", "b", "A"], "pA"),
    **dict.fromkeys(["gsl_error_tol", "p"], ""),
    "Mg": "mM",
}


FINE = 1.0 / 512.0  # ms; a power of two, so that a whole ms is a whole number of steps

# Inputs: pairs of duration (ms), in whole ms, and current (pA)

STEP = [[20.0, 0.0], [160.0, 400.0], [20.0, 0.0]]
PULSES = [[6.0, 100.0], *([[12.0, 500.0], [16.0, 100.0]] * 7)]


def noise(mean, spread, seconds, seed):
    """A new current each millisecond, normally distributed."""
    draw = random.Random(seed)
    return [[1.0, round(draw.gauss(mean, spread), 1)] for _ in range(int(1000 * seconds))]


# Simulators


def run_nest(model, parameters, segments, *, dt, every=None, arrivals=()):
    """Drive one neuron of NEST; the current is set from outside, so that it has no delay.

    `arrivals` are pairs of time (ms) and weight (nS, pA or mV, as the model has it).
    """
    nest.ResetKernel()
    nest.resolution = dt
    neuron = nest.Create(model, params=parameters)
    spikes = nest.Create("spike_recorder")
    nest.Connect(neuron, spikes)
    delay = 1.0
    for time, weight in arrivals:
        source = nest.Create("spike_generator", params={"spike_times": [time - delay]})
        nest.Connect(source, neuron, syn_spec={"weight": weight, "delay": delay})
    if every:
        meter = nest.Create("multimeter", params={"record_from": ["V_m"], "interval": every})
        nest.Connect(meter, neuron)
    for duration, current in segments:
        neuron.I_e = current
        nest.Simulate(duration)
    run = {
        "simulator": f"NEST {nest.__version__}",
        "model": model,
        "dt": dt,
        "parameters": with_units(parameters),
        "input": segments,
        "spike_times": spikes.get("events", "times").tolist(),
    }
    if arrivals:
        run["arrivals"] = arrivals
    if every:
        events = meter.get("events")
        run |= {"t": events["times"].tolist(), "V_m": events["V_m"].tolist()}
    return run


def run_brian(
    equations,
    parameters,
    segments,
    *,
    dt,
    method,
    threshold=None,
    reset=None,
    refractory=False,
    start=None,
    every=None,
    record=("V",),
    jumps=(),
):
    """Drive one neuron of Brian2 from `E_L`; the current is constant in each step.

    `jumps` are pairs of a time (ms) and what to add to which conductances then (nS).
    """
    b2.start_scope()
    b2.defaultclock.dt = dt * b2.ms
    each_ms = [current for duration, current in segments for _ in range(round(duration))]
    stimulus = b2.TimedArray(each_ms * b2.pA, dt=1.0 * b2.ms)
    namespace = {name: value * unit_of(name) for name, value in parameters.items()}
    neuron = b2.NeuronGroup(
        1,
        equations + "\nI = stimulus(t) : amp (constant over dt)",
        method=method,
        threshold=threshold,
        reset=reset,
        refractory=refractory,
        namespace=namespace | {"stimulus": stimulus},
    )
    for name in record:
        setattr(neuron, name, namespace["E_L"])
    for name, value in (start or {}).items():
        setattr(neuron, name, value)
    monitors = [b2.StateMonitor(neuron, record, record=0, dt=every * b2.ms)] if every else []
    spikes = [b2.SpikeMonitor(neuron)] if threshold else []
    network, now = b2.Network(neuron, *monitors, *spikes), 0.0
    for time, added in sorted(jumps, key=lambda jump: jump[0]):
        network.run((time - now) * b2.ms)
        now = time
        for name, conductance in added.items():
            setattr(neuron, name, getattr(neuron, name) + conductance * b2.nS)
    network.run((sum(d for d, _ in segments) - now) * b2.ms)
    run = {
        "simulator": f"Brian2 {b2.__version__}",
        "model": equations.strip().splitlines(),
        "method": method,
        "dt": dt,
        "parameters": with_units(parameters),
        "input": segments,
    }
    for monitor in spikes:
        run |= {"threshold": threshold, "reset": reset.splitlines()}
        run |= {"spike_times": (monitor.t / b2.ms).tolist()}
    for monitor in monitors:
        run["t"] = (monitor.t / b2.ms).tolist()
        run |= {name: (getattr(monitor, name)[0] / b2.mV).tolist() for name in record}
    return run


def with_units(parameters):
    """A parameter with its unit beside it."""
    return {name: [value, UNITS[name]] for name, value in parameters.items()}


def unit_of(name):
    """Brian2's unit of a parameter."""
    if name in ("Mg", "p"):
        return 1.0
    factors = {"pF": b2.pF, "nS": b2.nS, "mV": b2.mV, "ms": b2.ms, "pA": b2.pA}
    return factors[UNITS[name]]


# Recordings

LIF = {"C_m": 200.0, "tau_m": 10.0, "E_L": -65.0, "V_reset": -65.0, "V_th": -50.0, "V_m": -65.0}
OTHER_LIF = LIF | {"C_m": 300.0, "tau_m": 21.0, "V_reset": -60.0, "V_th": -52.5}
LIF_EQUATIONS = "dV/dt = (E_L - V) / tau_m + I / C_m : volt (unless refractory)"


def record_lif():
    """Leaky integrate-and-fire: located spikes, and Brian2's on its grid."""
    inputs = {"step": STEP, "pulses": PULSES, "noise": noise(280.0, 250.0, 0.5, seed=1)}
    for name, segments in inputs.items():
        for neuron, t_ref in ((LIF, 2.0), (OTHER_LIF, 5.0)):
            neuron = neuron | {"t_ref": t_ref}
            run = run_nest("iaf_psc_delta_ps", neuron, segments, dt=0.1, every=1.0)
            yield {"name": name} | run
            neuron.pop("V_m")
            if name == "noise":
                continue  # Brian2's resets are late by a step, which noise may amplify
            run = run_brian(
                LIF_EQUATIONS,
                neuron,
                segments,
                dt=FINE,
                method="exact",
                threshold="V >= V_th",
                reset="V = V_reset",
                refractory=t_ref * b2.ms,
            )
            yield {"name": name} | run


FILTERED = LIF | {"C_m": 200.0, "tau_m": 20.0, "t_ref": 0.0}
FILTERED_EQUATIONS = """
dV/dt = (E_L - V) / tau_m + (I - w + f) / C_m : volt
dw/dt = (a * (V - E_L) - w) / tau_w : amp
df/dt = -f / tau_f : amp"""
FILTERS = {  # a, tau_w, b, A, tau_f, V_th; input
    "adapting": (0.0, 100.0, 30.0, 0.0, 5.0, -50.0, [[500.0, 300.0]]),
    "bursting": (0.0, 50.0, 120.0, 1500.0, 5.0, -50.0, [[500.0, 200.0]]),
    "rebound": (30.0, 100.0, 0.0, 0.0, 5.0, -55.0, [[400.0, -300.0], [100.0, 0.0]]),
    "delayed": (-5.0, 150.0, 0.0, 0.0, 5.0, -50.0, [[500.0, 120.0]]),
    "noise": (4.0, 80.0, 25.0, 150.0, 8.0, -50.0, noise(400.0, 100.0, 0.5, seed=2)),
}


def record_filters():
    """LIF with an adaptation current w and an afterdepolarising current f.

    NEST's aeif_psc_delta with Delta_T = 0 is the same without f.
    """
    for name, (a, tau_w, b, A, tau_f, V_th, segments) in FILTERS.items():
        neuron = FILTERED | {"a": a, "tau_w": tau_w, "b": b, "V_th": V_th}
        neuron.pop("V_m")
        run = run_brian(
            FILTERED_EQUATIONS,
            neuron | {"A": A, "tau_f": tau_f},
            segments,
            dt=FINE,
            method="rk4",
            threshold="V >= V_th",
            reset="V = V_reset\nw += b\nf = A",
        )
        yield {"name": name} | run
        if A == 0.0:
            neuron |= {"g_L": neuron["C_m"] / neuron.pop("tau_m"), "Delta_T": 0.0}
            neuron |= {"V_peak": V_th, "V_m": neuron["E_L"], "gsl_error_tol": 1e-10}
            run = run_nest("aeif_psc_delta", neuron, segments, dt=0.002, every=5.0)
            yield {"name": name} | run


# Naud et al. (2008) as Brian2's example of the same name corrects them: C_m, g_L, E_L, a, tau_w,
# b, V_reset, I.
NAUD = {
    "tonic": (200.0, 10.0, -70.0, 2.0, 30.0, 0.0, -58.0, 500.0),
    "adapting": (200.0, 12.0, -70.0, 2.0, 300.0, 60.0, -58.0, 500.0),
    "initial burst": (130.0, 18.0, -58.0, 4.0, 150.0, 120.0, -50.0, 400.0),
    "bursting": (200.0, 10.0, -58.0, 2.0, 120.0, 100.0, -46.0, 210.0),
    "delayed accelerating": (200.0, 12.0, -70.0, -10.0, 300.0, 0.0, -58.0, 300.0),
    "delayed bursting": (100.0, 10.0, -65.0, -10.0, 90.0, 30.0, -47.0, 110.0),
    "transient": (100.0, 10.0, -65.0, 10.0, 90.0, 100.0, -47.0, 180.0),
    "irregular": (100.0, 12.0, -60.0, -11.0, 130.0, 30.0, -48.0, 160.0),
}
ADEX_EQUATIONS = """
dV/dt = (g_L * (E_L - V + Delta_T * exp((V - V_th) / Delta_T)) + I - w) / C_m : volt
dw/dt = (a * (V - E_L) - w) / tau_w : amp"""


def record_adex():
    """AdEx in the eight patterns of Naud et al. (2008)."""
    for name, (C_m, g_L, E_L, a, tau_w, b, V_reset, I) in NAUD.items():
        neuron = {"C_m": C_m, "g_L": g_L, "E_L": E_L, "V_th": -50.0, "Delta_T": 2.0}
        neuron |= {"a": a, "tau_w": tau_w, "b": b, "V_reset": V_reset}
        precise = {"V_peak": 0.0, "t_ref": 0.0, "V_m": E_L, "gsl_error_tol": 1e-10}
        segments = [[400.0, I]]
        run = run_nest("aeif_psc_delta", neuron | precise, segments, dt=0.01, every=5.0)
        yield {"name": name} | run
        if name == "irregular":
            continue  # chaotic: that Brian2's resets are late by a step grows without bound
        # A lower peak: a step of fixed length would overflow in a taller upswing.
        run = run_brian(
            ADEX_EQUATIONS,
            neuron | {"V_peak": -30.0},
            segments,
            dt=FINE / 2,
            method="rk4",
            threshold="V >= V_peak",
            reset="V = V_reset\nw += b",
        )
        yield {"name": name} | run


def record_psp():
    """Responses of the membrane to synaptic currents that decay exponentially, or as α."""
    for tau_s in (0.5, 4.0, 10.0, 25.0):
        for model in ("iaf_psc_exp", "iaf_psc_alpha"):
            neuron = LIF | {"V_th": 0.0, "tau_syn_ex": tau_s, "tau_syn_in": 2.0 * tau_s}
            arrivals = [[5.0, 100.0], [20.0, -60.0]]
            yield run_nest(model, neuron, [[80.0, 0.0]], dt=0.1, every=0.5, arrivals=arrivals)


CONDUCTANCES = {"C_m": 200.0, "g_L": 10.0, "E_L": -65.0, "E_ex": 0.0, "E_in": -65.0}
CONDUCTANCES |= {"tau_syn_ex": 3.0, "tau_syn_in": 10.0, "t_ref": 2.0, "V_reset": -65.0}


def record_synapses():
    """Synapses that open conductances; a positive weight excites, a negative one inhibits.

    NEST's steps here are Runge-Kutta-Fehlberg and as long as dt at most.
    """
    shunting = {"excitation": [[25.0, 15.0]], "inhibition": [[20.0, -30.0]]}
    shunting["both"] = shunting["inhibition"] + shunting["excitation"]
    train = [[5.0 * k, 6.0 if k % 3 else -12.0] for k in range(1, 30)]
    for model in ("iaf_cond_exp", "iaf_cond_alpha"):
        silent = CONDUCTANCES | {"V_th": 1000.0}
        for name, arrivals in shunting.items():
            neuron = silent | {"V_m": -65.0}
            run = run_nest(model, neuron, [[100.0, 0.0]], dt=0.01, every=1.0, arrivals=arrivals)
            yield {"name": name} | run
        for hold in (-55.0, -75.0, -90.0):
            neuron = silent | {"E_in": -75.0, "V_m": hold}
            segments = [[100.0, silent["g_L"] * (hold - silent["E_L"])]]
            run = run_nest(model, neuron, segments, dt=0.01, every=1.0, arrivals=[[5.0, -10.0]])
            yield {"name": f"held at {hold:g} mV"} | run
        neuron = CONDUCTANCES | {"V_th": -50.0, "V_m": -65.0, "E_in": -75.0}
        segments = [[160.0, 170.0]]
        run = run_nest(model, neuron, segments, dt=0.01, every=1.0, arrivals=train)
        yield {"name": "train"} | run


# The regular-spiking cell of Pospischil et al. (2008). NEST has its gates (Traub and Miles 1991)
# without the M current, Brian2 whatever one writes.
TRAUB = {"C_m": 118.4, "g_L": 2.428, "E_L": -70.3, "g_Na": 6632.0, "E_Na": 50.0}
TRAUB |= {"g_K": 710.6, "E_K": -90.0, "V_T": -56.2}
TRAUB_EQUATIONS = """
dV/dt = (g_L*(E_L-V) + g_Na*m**3*h*(E_Na-V) + (g_K*n**4 + g_M*p)*(E_K-V) + I) / C_m : volt
v = (V - V_T) / mV : 1
alpha_m = 0.32*(13-v)/(exp((13-v)/4)-1)/ms : Hz
beta_m = 0.28*(v-40)/(exp((v-40)/5)-1)/ms : Hz
alpha_h = 0.128*exp((17-v)/18)/ms : Hz
beta_h = 4/(1+exp((40-v)/5))/ms : Hz
alpha_n = 0.032*(15-v)/(exp((15-v)/5)-1)/ms : Hz
beta_n = 0.5*exp((10-v)/40)/ms : Hz
p_inf = 1/(1+exp(-(V/mV+35)/10)) : 1
tau_p = tau_max/(3.3*exp((V/mV+35)/20)+exp(-(V/mV+35)/20)) : second
dm/dt = alpha_m*(1-m) - beta_m*m : 1
dh/dt = alpha_h*(1-h) - beta_h*h : 1
dn/dt = alpha_n*(1-n) - beta_n*n : 1
dp/dt = (p_inf-p)/tau_p : 1"""
SETTLED = {x: f"alpha_{x}/(alpha_{x}+beta_{x})" for x in "mhn"} | {"p": "p_inf"}


def record_hodgkin_huxley():
    """Hodgkin-Huxley neuron: NEST without the M current, Brian2 with it."""
    segments = [[20.0, 0.0], [60.0, 250.0], [20.0, -100.0]]
    neuron = TRAUB | {"V_m": -65.0, "t_ref": 0.0}
    run = run_nest("hh_cond_exp_traub", neuron, segments, dt=0.001, every=0.5)
    del run["spike_times"]  # NEST's are the peaks, here the crossings of a level
    yield run
    for segments in ([[20.0, 0.0], [180.0, 200.0]], noise(150.0, 250.0, 0.3, seed=3)):
        yield run_brian(
            TRAUB_EQUATIONS,
            TRAUB | {"g_M": 8.883, "tau_max": 608.0},
            segments,
            dt=FINE,
            method="rk4",
            threshold="V >= -20*mV",
            reset="",
            refractory="V >= -20*mV",
            start=SETTLED,
            every=1.0,
        )


# Soma s and branches 1 and 2, each with the conductances of two synapses that open at t_1, t_2.
BRANCHED = {"C_m": 200.0, "g_L": 20.0, "E_L": -65.0, "g_c": 3.0, "p": 0.05, "Mg": 1.0}
BRANCHED |= {"tau_ampa": 3.0, "tau_rise": 5.0, "tau_nmda": 50.0}
BRANCHED_EQUATIONS = """
dV/dt = (g_L*(E_L-V) + (g_c*(V_1+V_2-2*V) + I) / (1-2*p)) / C_m : volt
dV_1/dt = (g_L*(E_L-V_1) + (g_c*(V-V_1) - G_1*V_1) / p) / C_m : volt
dV_2/dt = (g_L*(E_L-V_2) + (g_c*(V-V_2) - G_2*V_2) / p) / C_m : volt
G_1 = A_1 + (D_1 - O_1) / (1+Mg/3.57*exp(-0.062*V_1/mV)) : siemens
G_2 = A_2 + (D_2 - O_2) / (1+Mg/3.57*exp(-0.062*V_2/mV)) : siemens
dA_1/dt = -A_1 / tau_ampa : siemens
dA_2/dt = -A_2 / tau_ampa : siemens
dD_1/dt = -D_1 / tau_nmda : siemens
dD_2/dt = -D_2 / tau_nmda : siemens
dO_1/dt = -O_1 / tau_rise : siemens
dO_2/dt = -O_2 / tau_rise : siemens"""


def record_dendrites():
    """Soma with two branches: one or both get AMPA and NMDA conductances, below threshold."""
    ratio = BRANCHED["tau_rise"] / BRANCHED["tau_nmda"]
    peak = ratio ** (ratio / (1.0 - ratio)) * (1.0 - ratio)  # of D - O, if both jump to 1
    for ampa, nmda in ((2.0, 6.0), (6.0, 18.0)):
        for t_1, t_2 in ((10.0, None), (10.0, 10.0), (10.0, 25.0)):
            yield run_brian(
                BRANCHED_EQUATIONS,
                BRANCHED,
                [[60.0, 0.0], [40.0, 30.0], [20.0, -30.0]],
                dt=FINE,
                method="rk4",
                every=2.0,
                record=("V", "V_1", "V_2"),
                jumps=[
                    (t, {f"A_{k}": ampa, f"D_{k}": nmda / peak, f"O_{k}": nmda / peak})
                    for k, t in ((1, t_1), (2, t_2))
                    if t is not None
                ],
            ) | {"arrivals": [[t_1, t_2], [ampa, nmda]]}


RECORDINGS = {
    "lif": record_lif,
    "filters": record_filters,
    "adex": record_adex,
    "psp": record_psp,
    "synapses": record_synapses,
    "hodgkin_huxley": record_hodgkin_huxley,
    "dendrites": record_dendrites,
}


def digits(value):
    """Round to what is worth keeping: 1e-11 ms or mV."""
    if isinstance(value, float):
        return round(value, 11)
    if isinstance(value, (list, tuple)):
        return [digits(x) for x in value]
    if isinstance(value, dict):
        return {key: digits(x) for key, x in value.items()}
    return value


def main(names):
    """Record the files of these names, or all."""
    nest.verbosity = nest.VerbosityLevel.ERROR
    for name in names or RECORDINGS:
        record = RECORDINGS[name]
        runs = [json.dumps(digits(run), ensure_ascii=False) for run in record()]
        about = json.dumps(record.__doc__, ensure_ascii=False)
        path = HERE / f"{name}.json"
        text = ",\n".join(runs)
        path.write_text(f'{{"about": {about}, "runs": [\n{text}\n]}}\n', "utf-8")
        print(f"{path.name}: {len(runs)} runs, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
