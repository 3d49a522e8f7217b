"""The package as a whole: light to import, and open about what it offers."""

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import pytest

import neuro_lib
from neuro_lib import explorers
from neuro_lib._moved import MOVED

WIDGETS = {"ipywidgets", "anywidget", "IPython"}
LATE = {"numba", "scipy", "schemdraw"}
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


def test_the_facade_brings_no_plots_and_no_compiler_with_it_but_what_is_used():
    program = (
        "from neuro_lib import LIF, simulate; LIF(); import sys; print({1} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program.replace("{1}", str(HEAVY))], capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()", done.stderr


@pytest.mark.parametrize("package", [neuro_lib, explorers], ids=lambda package: package.__name__)
def test_each_public_name_is_there_and_listed_and_no_other(package):
    for name, home in package.HOMES.items():
        assert getattr(package, name) is getattr(import_module(f"neuro_lib.{home}"), name) or (
            name == "SCENES"
        )
    assert {*package.__all__} <= {*dir(package)}
    with pytest.raises(AttributeError, match=f"{package.__name__}.* no attribute 'no_such_name'"):
        _ = package.no_such_name


@pytest.mark.parametrize("old", MOVED)
def test_a_moved_module_imports_by_its_old_name_with_a_word_on_the_new(old):
    homes = [import_module(f"neuro_lib.{home}") for home in MOVED[old]]
    with pytest.warns(DeprecationWarning, match=homes[0].__name__):
        module = import_module(f"neuro_lib.{old}")
    for home in homes:
        own = getattr(home, "__all__", [name for name in vars(home) if not name.startswith("_")])
        assert own
        assert all(getattr(module, name) is getattr(home, name) for name in own)
    del sys.modules[module.__name__]


def test_the_word_names_the_line_that_imports():
    program = "import warnings; warnings.simplefilter('error')\n\nfrom neuro_lib.lif import LIF"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 1
    assert "DeprecationWarning: neuro_lib.lif has moved: import from neuro_lib.models.lif" in (
        done.stderr
    )
    assert 'File "<string>", line 3' in done.stderr


def test_a_module_that_never_was_is_not_found():
    assert find_spec("neuro_lib.no_such_module") is None
