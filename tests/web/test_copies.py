"""The notebooks' copies: what their roles stand for, written out."""

from types import SimpleNamespace

import pytest
from copies import resolved, show
from pybtex.database import Entry, Person

KNOWN = SimpleNamespace(
    entries={
        "one": Entry(
            "book", {"year": "1907", "doi": "10.1/a"}, {"author": [Person("Lapicque, L.")]}
        ),
        "many": Entry(
            "article",
            {"year": "2015"},
            {"author": [Person("van Aerde, K."), Person("B, C"), Person("D, E")]},
        ),
    },
    equations={"eq:here": ("chapters/a", 6), "eq:there": ("chapters/b", 2)},
    exercises={"ex-here": "chapters/a", "ex-there": "chapters/b"},
    titles={"chapters/a": "A", "chapters/b": "On B", "docs/reference/notation": "Notation"},
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{cite:t}`one`", "Lapicque ([1907](https://doi.org/10.1/a))"),
        (
            "{cite:p}`one,many`",
            "([Lapicque, 1907](https://doi.org/10.1/a); van Aerde et al., 2015)",
        ),
        ("{doc}`b`, {doc}`on trees </chapters/b>`", "[On B](b.ipynb), [on trees](b.ipynb)"),
        ("{doc}`/docs/reference/notation`", "*Notation*"),
        ("{eq}`eq:here`, {eq}`eq:there`", "(6), (2) of *On B*"),
        ("{ref}`prove <ex-here>`", "{ref}`prove <ex-here>`"),
        ("{ref}`prove <ex-there>`", "prove (in *On B*)"),
        (
            "[0.4 nA](live:lif_step.I) and [$\\theta$](live:lif_step.theta/u) at [b](b.ipynb)",
            "0.4 nA and $\\theta$ at [b](b.ipynb)",
        ),
        ("$$\nx\n$$ (eq:here)", "$$\nx \\tag{6}\n$$"),
    ],
)
def test_role_is_written_out(text, told):
    assert resolved(text, "chapters/a", KNOWN) == told


def test_outputs_of_the_build_come_without_widgets_and_with_what_they_share_once():
    def cell(name, **data):
        outputs = [{"output_type": "execute_result", "data": data}]
        return {"cell_type": "code", "id": name, "metadata": {}, "source": "", "outputs": outputs}

    widget = "application/vnd.jupyter.widget-view+json"
    executed = {"cells": [cell(n, **{"text/html": ["S", n], widget: {}}) for n in "ab"]}
    notebook = show({"cells": [cell("a"), cell("b")]}, executed, "S")
    assert [c["outputs"][0]["data"] for c in notebook["cells"]] == [
        {"text/html": "Sa"},
        {"text/html": "b"},
    ]
    assert all(c["metadata"]["trusted"] for c in notebook["cells"])
