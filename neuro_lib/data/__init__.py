"""Facts with their sources, and what was recorded."""

from neuro_lib._lazy import lazily

HOMES = {  # of each public name: the module that it is imported from when it is first used
    "FACTS": "data.facts",
    "recorded_steps": "data.recordings",
    "recorded_trains": "data.recordings",
}

__all__ = list(HOMES)
__getattr__, __dir__ = lazily(__name__, HOMES)
