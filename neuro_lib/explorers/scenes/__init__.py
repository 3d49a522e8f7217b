"""The scenes: one file for each, named after it."""

from importlib import import_module

EXPLORERS = {  # the function in each file that builds the explorer
    "synapse_budget": "explore_budget",
    "volley": "explore_volley",
    "lif_step": "explore_step",
    "lif_fI": "explore_fI",
    "lif_input": "explore_input",
    "lif_euler": "explore_euler",
    "lif_prediction": "explore_prediction",
    "filter_pulse": "explore_pulse",
    "filter_convolution": "explore_convolution",
    "filter_past": "explore_past",
    "filter_psp": "explore_psp",
    "filter_frequency": "explore_frequency",
    "filter_resets": "explore_resets",
    "lif_filters": "explore_filters",
    "adex_plane": "explore_adex",
    "synapse_reversal": "explore_reversal",
    "synapse_shunting": "explore_shunting",
    "synapse_background": "explore_background",
    "dendrites_pair": "explore_branches",
    "dendrites_plateau": "explore_plateau",
    "competition": "explore_competition",
    "recorded_B6": "explore_recorded_B6",
    "recorded_B8": "explore_recorded_B8",
}

IN_TIME = {  # those that run on while the reader looks on, and have a form of their own
    "neuron": "explore_neuron",
    "network": "explore_network",
}


def __getattr__(name):
    """Give `SCENES`, what builds the explorer of each scene, by the scene's name."""
    if name != "SCENES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return {
        scene: getattr(import_module(f"{__name__}.{scene}"), explore)
        for scene, explore in EXPLORERS.items()
    }
