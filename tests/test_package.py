"""The package as a whole: light to import, and open about what it offers."""

import subprocess
import sys

import neuro_lib

WIDGETS = {"ipywidgets", "anywidget", "IPython"}
LATE = {"numba", "scipy", "pscript", "schemdraw"}
HEAVY = {"matplotlib"} | WIDGETS | LATE


def imported_by(*modules):
    """Which of the heavy packages a fresh interpreter has loaded after importing modules."""
    program = f"import {', '.join(modules)}, sys; print(*({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_heavy():
    assert not imported_by("neuro_lib")


def test_figures_need_no_widgets():
    assert not imported_by("neuro_lib.figures") & (WIDGETS | LATE)


def test_explorers_import_what_they_need_when_they_need_it():
    assert not imported_by("neuro_lib.explorers") & (WIDGETS | LATE)


def test_a_star_import_gives_the_facade_and_nothing_else():
    names = {}
    exec("from neuro_lib import *", names)
    assert sorted(names.keys() - {"__builtins__"}) == sorted(neuro_lib.__all__)
