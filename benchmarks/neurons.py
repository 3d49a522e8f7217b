"""The models: one neuron, many neurons, and the same job done by Brian2 and NEST."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.row import Row, seconds
from neuro_lib import LIF, constant_current, count_spikes, simulate

SECOND = 1000.0  # ms
DT = 0.1  # ms
CURRENTS = np.linspace(0.0, 0.5, 10_000)  # nA, one per neuron

ONE = "one neuron, 1 s at 0.1 ms"
MANY = "10,000 neurons × 1 s at 0.1 ms, each its own current, spikes counted"


def measure(python: str) -> Iterator[Row]:
    """Time the models, and beside them the simulators that a Python has."""
    lif = LIF()
    one = constant_current(0.4, duration=SECOND, dt=DT)
    many = constant_current(CURRENTS, duration=SECOND, dt=DT)
    others = list(simulators(python))
    yield Row(ONE, 1e3 * seconds(lambda: simulate(lif, one), 200), "ms", 0.1)
    for name, found in others:
        yield Row(f"{ONE}: {name}", 1e3 * found["one"], "ms")
    yield Row(MANY, seconds(lambda: count_spikes(lif, many)), "s", 0.05)
    for name, found in others:
        yield Row(f"{MANY}: {name}", found["many"], "s")
    yield Row("`import neuro_lib`", seconds(fresh_import) - seconds(fresh_python), "s", 0.5)


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


def fresh_import():
    """Import the package in a Python of its own."""
    subprocess.run([sys.executable, "-c", "import neuro_lib"], check=True)


def fresh_python():
    """Start a Python that does nothing."""
    subprocess.run([sys.executable, "-c", ""], check=True)
