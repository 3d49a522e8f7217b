"""The rooms of the package: imports lead down, never up, and never round in a ring."""

import ast
from pathlib import Path

import pytest

from tests.cases import each

PACKAGE = Path(__file__).parent.parent / "neuro_lib"
FLOORS = [  # from the ground; a room knows those below, and none beside it
    {"values"},
    {"units"},
    {"portable"},
    {"inputs", "data"},
    {"models"},
    {"analysis"},
    {"figures"},
    {"explorers", "coursework"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
FACADES = {"_lazy", "_moved"}  # serve the packages themselves; they import by name, when asked


def name_of(path):
    """Dotted name of a module inside the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {name_of(path): path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE}
MODULES |= {name: PACKAGE / f"{name}.py" for name in ("values", "units")}


def imported(text):
    """Names that a module imports from the package, at its head or inside a function."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name the whole path"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def arrows(name, text):
    """Modules of the package that a module imports."""
    for full in imported(text):
        package, *parts = full.split(".")
        if package == "neuro_lib" and FACADES.isdisjoint(parts):
            homes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
            homes = [home for home in homes if home in MODULES]
            assert homes, f"{name} imports from the facade: {full}"
            yield homes[0]


def wrong(name, text):
    """Arrows that lead up, or to a room beside the own."""
    room = name.partition(".")[0]
    others = (other.partition(".")[0] for other in arrows(name, text))
    return [other for other in others if other != room and FLOOR[other] >= FLOOR[room]]


def test_every_module_is_in_a_room():
    assert {name.partition(".")[0] for name in MODULES} == FLOOR.keys()
    alone = {path.stem for path in PACKAGE.glob("*.py")}
    assert alone == {"__init__", "values", "units", *FACADES}


@each("name", sorted(MODULES))
def test_imports_lead_down(name):
    assert wrong(name, MODULES[name].read_text("utf-8")) == []


def test_an_arrow_up_or_to_the_side_is_seen_wherever_it_stands():
    assert wrong("models.lif", "def f():\n    from neuro_lib.analysis.fit import fit_spikes")
    assert wrong("inputs.trains", "import neuro_lib.data.facts")
    assert not wrong("analysis.fit", "from neuro_lib.models.lif import LIF")
    with pytest.raises(AssertionError, match="facade"):
        wrong("models.lif", "from neuro_lib import LIF")


def test_no_imports_run_in_a_ring():
    below = {name: set(arrows(name, path.read_text("utf-8"))) for name, path in MODULES.items()}
    while free := {name for name, others in below.items() if not others & below.keys() - {name}}:
        below = {name: others for name, others in below.items() if name not in free}
    assert not below


def test_the_root_is_found_at_a_glance():
    made = {"_build", "build", "dist"}
    visible = {path.name for path in PACKAGE.parent.iterdir() if not path.name.startswith(".")}
    assert len(visible - made - {"__pycache__"}) <= 22
