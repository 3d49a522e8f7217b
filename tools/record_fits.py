"""Record the fits to the recorded neurons, which would take a notebook in a browser a minute.

Run as ``python -m tools.record_fits``.
"""

import json
from pathlib import Path

from neuro_lib import recorded_steps
from neuro_lib.analysis.recorded_fit import fit_recorded
from neuro_lib.data.recordings import CELLS

FILE = Path(__file__).parent.parent / "neuro_lib" / "data" / "recorded_fits.json"


def fitted(cell, adaptation):
    """Parameters of the models that have not seen one sweep each."""
    steps = recorded_steps(cell)
    for left_out in range(len(steps.u)):
        sweeps = [k for k in range(len(steps.u)) if k != left_out]
        model = fit_recorded(steps, sweeps, adaptation=adaptation)
        yield {name: float(f"{getattr(model, name):.4g}") for name in model.quantities()}


if __name__ == "__main__":
    fits = {
        cell: {
            name: list(fitted(cell, adaptation))
            for name, adaptation in {"plain": False, "adaptation": True}.items()
        }
        for cell in CELLS
    }
    FILE.write_text(json.dumps(fits, indent=1) + "\n", "utf-8")
