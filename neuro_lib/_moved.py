"""Modules that have moved still import by their old names, with a warning that names the new."""

import sys
import warnings
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec

MOVED = {  # where what a module held is now
    "adaptation": ("models.filtered_lif",),
    "adex": ("models.adex",),
    "counts": ("data.counts",),
    "currents": ("inputs.currents",),
    "dendrites": ("models.nmda", "models.branched_lif"),
    "explorers.analytic_solution": (
        "explorers.scenes.filter_pulse",
        "explorers.scenes.filter_convolution",
        "explorers.scenes.filter_past",
        "explorers.scenes.filter_psp",
        "explorers.scenes.filter_frequency",
        "explorers.scenes.filter_resets",
    ),
    "explorers.dendrites": (
        "explorers.scenes.dendrites_plateau",
        "explorers.scenes.dendrites_pair",
    ),
    "explorers.if_model": (
        "explorers.scenes.lif_step",
        "explorers.scenes.lif_fI",
        "explorers.scenes.lif_input",
        "explorers.scenes.lif_euler",
    ),
    "explorers.limitations": ("explorers.scenes.lif_filters", "explorers.scenes.adex_plane"),
    "explorers.network": ("explorers.scenes.competition",),
    "explorers.numbers": ("explorers.scenes.synapse_budget", "explorers.scenes.volley"),
    "explorers.outlook": ("explorers.scenes.lif_prediction",),
    "explorers.pieces": ("explorers.scenes.pieces",),
    "explorers.synapses": (
        "explorers.scenes.synapse_reversal",
        "explorers.scenes.synapse_shunting",
        "explorers.scenes.synapse_background",
    ),
    "facts": ("data.facts",),
    "filters": ("analysis.filters",),
    "fit": ("analysis.fit",),
    "hodgkin_huxley": ("models.hodgkin_huxley",),
    "lif": ("models.lif",),
    "network": ("models.competition",),
    "patterns": ("analysis.patterns",),
    "population": ("models.population",),
    "prediction": ("analysis.prediction",),
    "responses": ("analysis.responses",),
    "series": ("models.series",),
    "simulation": ("models.simulation",),
    "spikes": ("analysis.spikes",),
    "synapses": (
        "models.synapses",
        "models.conductance_lif",
        "analysis.synaptic_responses",
        "inputs.trains",
    ),
    "trace": ("models.trace",),
    "volleys": ("analysis.volleys",),
}


class OldNames(MetaPathFinder, Loader):
    """Finds a module by its old name, where no module has that name any more."""

    def find_spec(self, fullname, path=None, target=None):
        """Give the module if it is one that has moved."""
        package, _, name = fullname.partition(".")
        if package == "neuro_lib" and name in MOVED:
            return ModuleSpec(fullname, self)
        return None

    def exec_module(self, module):
        """Fill it with what is now elsewhere, and say where."""
        homes = [f"neuro_lib.{home}" for home in MOVED[module.__name__.partition(".")[2]]]
        for home in homes:
            own = {
                name: value for name, value in vars(import_module(home)).items() if name[:2] != "__"
            }
            vars(module).update(own)
        message = f"{module.__name__} has moved: import from {', '.join(homes)}"
        warnings.warn(message, DeprecationWarning, stacklevel=2)


def install():
    """Let Python find the old names, after all others."""
    sys.meta_path.append(OldNames())
