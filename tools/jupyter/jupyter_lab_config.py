"""JupyterLab as `make lab` opens it: with our extension beside those that are installed."""

from pathlib import Path

c = get_config()  # noqa: F821  # which Jupyter puts here
c.LabApp.extra_labextensions_path = [str(Path(__file__).parent / "labextensions")]
