"""The experiment of the outlook: how well a simple neuron predicts a complicated one's spikes.

The reference neuron (`hodgkin_huxley`) is driven by noise. Models are fitted to its spikes (`fit`):
the integrate-and-fire neuron with all of its filters, and the same with one ingredient left out,
each fitted anew. Then noise that no fit has seen decides.
"""

from dataclasses import replace

import numpy as np

from neuro_lib.analysis.fit import default_ranges, fit_spikes
from neuro_lib.data.recorded import recorded_prediction
from neuro_lib.inputs.currents import SEEDS, Current, normal_draws, ou_noise
from neuro_lib.inputs.steps import whole_steps
from neuro_lib.models.adex import AdEx
from neuro_lib.models.filtered_lif import FilteredLIF
from neuro_lib.models.hodgkin_huxley import HodgkinHuxley
from neuro_lib.portable import Array, portable
from neuro_lib.units import choice, require_kind, whole

__all__ = ["VARIANTS", "fit_variant", "noise_of", "recorded_delay", "recorded_variant"]

MEAN = 0.1  # nA, of the noise
SIGMA = 0.2  # nA
MEMORY = 10.0  # ms
NOISE_DT = 0.5  # ms
NO_FILTERS = {"a": 0.0, "b": 0.0, "A": 0.0}
DELAY = 4.0  # ms; the reference's spikes may be seen so much later than a model's
ADEX = "the sharp threshold (AdEx)"
VARIANTS = {  # what is left out, and what that fixes
    "nothing": {},
    "spike-triggered adaptation": {"b": 0.0},
    "coupling to the potential": {"a": 0.0},
    "afterdepolarisation": {"A": 0.0},
    "refractory time": {"t_ref": 0.0},
    "all filters (LIF)": NO_FILTERS,
    "all filters and the leak": NO_FILTERS | {"tau_m": 1000.0},
    ADEX: {},
}
LEAKLESS_R = (500.0, 50_000.0)  # MΩ: with τ_m = 1 s, R is as large in proportion


def noise_of(seed, *, duration):
    """Noise of the experiment: Ornstein-Uhlenbeck, the same in Python and in the page.

    Parameters
    ----------
    seed : int
        Same seed, same noise; from 0 to 9999.
    duration : float
        Length (ms), a whole number of steps of 0.5 ms.

    Returns
    -------
    Current
        Mean 0.1 nA, standard deviation 0.2 nA, correlation time 10 ms; values of shape (n,).

    Raises
    ------
    ValueError
        If `seed` or `duration` is out of range, or no such number.

    Examples
    --------
    >>> noise_of(2, duration=1000.0).values.shape
    (2001,)
    """
    steps, _ = whole_steps(duration, NOISE_DT, "length of the noise")
    values = np.empty(steps + 1)
    fill_noise(values, whole("seed", seed, "seed", below=SEEDS))
    return Current(values, NOISE_DT)


@portable
def fill_noise(current: Array, seed: int):
    """Fill in the noise of the experiment, one value per step (nA)."""
    normal_draws(current, seed)
    ou_noise(current, SIGMA, MEMORY, NOISE_DT)
    for k in range(len(current)):
        current[k] += MEAN


def fit_variant(name, I, spike_times, *, start=None, **options):
    """Fit the model that lacks one ingredient.

    Parameters
    ----------
    name : str
        Key of `VARIANTS`: what the model lacks.
    I : Current
        Current that drove the reference neuron, values of shape (n,).
    spike_times : array_like, shape (m,)
        Firing times of the reference neuron (ms).
    start : FilteredLIF or AdEx, optional
        Where the search starts.
    **options
        Options of `fit_spikes`.

    Returns
    -------
    FilteredLIF or AdEx
        The fitted model.

    Raises
    ------
    ValueError
        If there is no variant of this name, or as `fit_spikes` does.

    Examples
    --------
    >>> I = noise_of(1, duration=1000.0)
    >>> fitted = fit_variant("all filters (LIF)", I, [100.0, 250.0], generations=1)
    >>> fitted.a, fitted.b, fitted.A
    (0.0, 0.0, 0.0)
    """
    require_variant(name)
    fixed = VARIANTS[name]
    if start is None:
        rest = round(HodgkinHuxley().u_rest, 1)
        start = FilteredLIF(u_rest=rest, u_r=rest, a=0.001, A=0.01)
        if name == ADEX:  # it is seen to fire where the reference is
            start = AdEx(u_rest=rest, u_r=rest, u_peak=HodgkinHuxley().theta)
    require_kind("start", start, FilteredLIF, AdEx)
    model = replace(start, **fixed)
    ranges = default_ranges(model)
    if "tau_m" in fixed:
        ranges["R"] = LEAKLESS_R
    idle = {"tau_f"} if getattr(model, "A", 0.0) == 0.0 else set()
    if model.a == model.b == 0.0:
        idle.add("tau_w")
    ranges = {name: ends for name, ends in ranges.items() if name not in fixed.keys() | idle}
    return fit_spikes(model, I, spike_times, ranges=ranges, delay=DELAY, **options)


def recorded_variant(name):
    """Model that lacks one ingredient, as it was fitted for the explorer: to 20 s of seed 1.

    Parameters
    ----------
    name : str
        Key of `VARIANTS`: what the model lacks.

    Returns
    -------
    FilteredLIF or AdEx
        The fitted model.

    Raises
    ------
    ValueError
        If there is no variant of this name.

    Examples
    --------
    >>> recorded_variant("all filters (LIF)").b
    0.0
    """
    require_variant(name)
    kind = AdEx if name == ADEX else FilteredLIF
    return kind(**recorded_prediction()["fits"][name])


def recorded_delay(name):
    """Delay of the reference neuron's spikes behind those of a recorded variant.

    Parameters
    ----------
    name : str
        Key of `VARIANTS`: what the model lacks.

    Returns
    -------
    float
        The delay (ms), as it suits the noise that the model was fitted to.

    Raises
    ------
    ValueError
        If there is no variant of this name.

    Examples
    --------
    >>> 0.0 < recorded_delay("nothing") < 4.0
    True
    """
    require_variant(name)
    return recorded_prediction()["delays"][name]


def require_variant(name):
    """Refuse a name that is not in `VARIANTS`."""
    choice("name", name, VARIANTS, "variant")
