"""Do beforehand what Python in the browser would do at its starts. Run by `python.mjs`.

Matplotlib looks through its fonts and describes its artists, and the scenes of the explorers are
translated.
"""

import json
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path

os.environ["MPLBACKEND"] = "agg"
os.environ["XDG_CACHE_HOME"] = "/cache"

sys.path += [f"/tree/{name}" for name in ("kernel", "numerics", "course")]

import matplotlib.pyplot  # noqa: F401, all its artists
from browser.artists import KNOWN, described

from neuro_lib.explorers import SCENES

# What was left out is not missed: not by SciPy either, which students may want.
for part in ("fft", "integrate", "interpolate", "optimize", "signal", "stats"):
    import_module(f"scipy.{part}")

for explore in SCENES.values():
    explore().html()

# Pyodide's Matplotlib keeps the list of its fonts beside itself: that is in the tree.
if not Path("/tree/numerics/matplotlib/fontlist.json").exists():
    raise FileNotFoundError("Matplotlib keeps the list of its fonts elsewhere")
KNOWN.write_text(json.dumps(described()))
if os.path.exists("/cache"):
    shutil.copytree("/cache", "/tree/course/browser/cache")
