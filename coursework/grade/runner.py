"""Run a submission's cells inside the sandbox, and tell what each has computed, as plain data.

It reads one line of JSON: the `cells` to run, the names of the `values` wanted, and those of the
`functions` that are to be called. After each cell it writes a line: which values have changed, and
the cell's error. What was answered is therefore out before a later cell can lose it. When all
cells have run it says so. Only then do inputs for the functions arrive, those of one function
after another; each is called in a process of its own, which ends with that, and in which names mean
what they meant where the function was written: its check in the notebook comes right after it.

It knows no right answer, so that none can be taken from it; and what it prints is only believed to
be what the submission says.
"""

import contextlib
import io
import json
import os
import shutil
import site
import sys
from pathlib import Path


def call(function, arguments):
    """Return what a function gives, as plain data, and its error."""
    try:
        import numpy as np

        from neuro_lib.coursework.answers import returned

        arguments = [np.array(a) if isinstance(a, list) else a for a in arguments]
        return returned(function, arguments), ""
    except BaseException as error:
        return None, _said(error)


def main():
    """Read a request, run it, say what came of it."""
    listening, speaking = os.dup(0), os.dup(1)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # the submission's own input and output lead nowhere
        os.dup2(silence, stream)
    request = json.loads(_line(listening))
    _set_up()
    shell = _shell()
    said, written = {}, {}
    for number, source in enumerate(request["cells"]):
        error = _run(shell, source)
        there = shell.user_ns
        values = {name: _text(there[name]) for name in request["values"] if name in there}
        changed = {name: text for name, text in values.items() if said.get(name) != text}
        for name in request["functions"]:
            if name in there and there[name] is not written.get(name, {}).get(name):
                written[name] = dict(there)
        said.update(changed)
        _say(speaking, {"cell": number, "error": error, "answers": changed})
    _say(speaking, {"ran": True})
    for name in request["functions"]:
        child = os.fork()
        if child == 0:
            shell.user_ns.update(written.get(name, {}))
            _answer_calls(shell.user_ns.get(name), listening, speaking)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            _say(speaking, {"results": [], "error": "the process ended"})
    os._exit(0)


def _answer_calls(function, listening, speaking):
    """Read the arguments of each call; say what the function returned, and its first error."""
    calls = [call(function, arguments) for arguments in json.loads(_line(listening))]
    error = next((error for _, error in calls if error), "")
    _say(speaking, {"results": [result for result, _ in calls], "error": error})


def _set_up():
    """Make the packages known, and have them write where something can be written."""
    if len(sys.argv) > 1:  # without a sandbox: where the project stands
        sys.path.insert(0, sys.argv[1])
    else:
        sys.path.insert(0, "/course")
        for folder in sorted(Path("/course/packages").iterdir(), key=lambda path: int(path.name)):
            site.addsitedir(str(folder))
        site.sethelper()  # `help`, which is missing with -S
        shutil.copytree("/course/matplotlib", "/tmp/matplotlib", dirs_exist_ok=True)
        os.environ["MPLCONFIGDIR"] = "/tmp/matplotlib"
        os.environ["IPYTHONDIR"] = "/tmp/ipython"
    os.environ["MPLBACKEND"] = "agg"
    os.environ["NUMBA_DISABLE_JIT"] = "1"  # what runs once is not worth compiling


def _shell():
    """Return what runs cells as a notebook does, magics included."""
    import matplotlib.pyplot as plt
    from IPython.core.interactiveshell import InteractiveShell

    switch = plt.switch_backend

    def switch_if_possible(name):
        """Change the back end; one that wants a window is not here, and that costs nothing."""
        with contextlib.suppress(ImportError):
            switch(name)

    plt.switch_backend = switch_if_possible

    class Shell(InteractiveShell):
        """A shell in which a magic that fails costs nothing: what it is for is not here."""

        def enable_gui(self, gui=None):
            """There is no window."""

        def enable_matplotlib(self, gui=None):
            """Leave the drawing to the back end that there is."""
            return gui, "agg"

        def run_line_magic(self, *arguments, **more):
            """Run a magic, if it can be run: no package is installed, no display set up."""
            with contextlib.suppress(Exception):
                return super().run_line_magic(*arguments, **more)

        def run_cell_magic(self, name, line, cell):
            """Run a cell's magic; of one that is not here, what stands below it."""
            if self.find_cell_magic(name) is not None:
                return super().run_cell_magic(name, line, cell)
            exec(compile(self.transform_cell(cell), "<cell>", "exec"), self.user_ns)

    shell = Shell.instance()
    shell.history_manager.enabled = False
    return shell


def _run(shell, source):
    """Run a cell; return its error, or nothing."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        try:
            done = shell.run_cell(source, store_history=False)
            error = done.error_before_exec or done.error_in_exec
        except BaseException as raised:
            error = raised
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")  # as a notebook does
    return _said(error) if error is not None else ""


def _text(value):
    from neuro_lib.coursework.answers import plain

    return json.dumps(plain(value))


def _said(error):
    """An error in words; its own may fail as well."""
    try:
        return f"{type(error).__name__}: {error}"[:300]
    except BaseException:
        return type(error).__name__


def _line(stream):
    """Read one line, and nothing beyond it."""
    line = bytearray()
    while not line.endswith(b"\n") and (part := os.read(stream, 1 << 16)):
        line += part
    return line


def _say(stream, what):
    text = memoryview(json.dumps(what).encode() + b"\n")
    while text:
        text = text[os.write(stream, text) :]


if __name__ == "__main__":
    main()
