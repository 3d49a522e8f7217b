"""Do beforehand what Python in the browser would do at its first start. Run by `python.mjs`.

Matplotlib looks through its fonts, and the scenes of the explorers are translated.
"""

import os
import shutil
from importlib import import_module
from pathlib import Path

os.environ["MPLBACKEND"] = "agg"
os.environ["XDG_CACHE_HOME"] = "/cache"

import matplotlib

from neuro_lib.explorers import SCENES

# What was left out is not missed: not by SciPy either, which students may want.
for part in ("fft", "integrate", "interpolate", "optimize", "signal", "stats"):
    import_module(f"scipy.{part}")

for explore in SCENES.values():
    explore().html()

# Pyodide's Matplotlib keeps the list of its fonts beside itself.
shutil.copy(Path(matplotlib.__file__).with_name("fontlist.json"), "/tree/numerics/matplotlib")
if os.path.exists("/cache"):
    shutil.copytree("/cache", "/tree/course/browser/cache")
