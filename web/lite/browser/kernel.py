"""What the kernel does differently in the browser."""

import warnings
from importlib import import_module

import pyodide_js
from browser import artists
from pyodide_kernel import kernel

# What stands in a cell that calls a function of neuro_lib which imports SciPy then.
USE_SCIPY = ("fit_", "fft")


def load_ipython_extension(shell):
    """Complete names without Jedi, which is not shipped; bring SciPy before it is wanted."""
    shell.Completer.use_jedi = False
    warnings.filterwarnings("ignore", "Unable to import Axes3D")  # nor are plots in 3D
    load = kernel._load_packages_from_imports

    async def load_packages(code):
        if any(name in code for name in USE_SCIPY):
            await pyodide_js.loadPackage("scipy")
        await load(code)

    kernel._load_packages_from_imports = load_packages
    artists.remember()
    # Every notebook begins with these: they are brought while the page is still being drawn.
    for module in ("matplotlib.pyplot", "neuro_lib.explorers.widget"):
        import_module(module)
