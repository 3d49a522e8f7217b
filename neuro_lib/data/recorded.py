"""What a page cannot compute while a slider moves: recorded by tools/record_prediction.py."""

import json
from functools import cache
from importlib.resources import files

__all__ = ["recorded_prediction"]


@cache
def recorded_prediction():
    """Give the reference neuron's answer to noise, and the models that were fitted to it.

    `neuro_lib.analysis.prediction` is the experiment.

    Returns
    -------
    dict
        Under noise that no fit has seen, ``"spikes"`` (ms), and ``"potential"``, every 2 ms of the
        first 300 ms (mV); by what the model lacks, ``"fits"``, its parameters by name, and
        ``"delays"``, by how much (ms) the reference's spikes are seen later than the model's.

    Examples
    --------
    >>> recorded_prediction()["spikes"][:2]  # ms
    [17.97, 43.09]
    """
    return json.loads((files("neuro_lib.data") / "prediction.json").read_text("utf-8"))
