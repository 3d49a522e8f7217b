"""A module on the spot."""

import importlib.util
import itertools
import sys

import pytest


@pytest.fixture(scope="session")
def define(tmp_path_factory):
    """A function that writes a module into a file, imports it, and returns it."""
    directory, serial = tmp_path_factory.mktemp("modules"), itertools.count()

    def define(source):
        name = f"portable_snippet_{next(serial)}"
        path = directory / f"{name}.py"
        path.write_text(source)
        spec = importlib.util.spec_from_file_location(name, path)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return define
