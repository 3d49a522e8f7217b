"""Run a submission behind a wall: bubblewrap, and a watch over what it uses up.

Inside there is no network, no home, no other process, and no file but Python, its packages and
`neuro_lib`; a small folder in memory is all that can be written to. Bubblewrap cannot bound the
memory and the number of processes together, so a watch looks at them and ends what exceeds them.
It cannot see memory that no process has mapped, as a nameless file of `memfd_create`: only the size
and the number of such files bound that.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import matplotlib.font_manager  # when imported, it writes its list of fonts
import psutil

import neuro_lib

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What a submission may use up."""

    seconds: float = 120.0
    memory: int = 2000 * MEGABYTE  # of all its processes together
    processes: int = 32
    file: int = 50 * MEGABYTE
    output: int = 4 * MEGABYTE


@dataclass(frozen=True)
class Outcome:
    """What came out, and why the run was ended, if it was."""

    output: bytes
    trouble: str = ""


def missing() -> str:
    """Say why there can be no sandbox here; nothing if there can."""
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed (Debian, Ubuntu: apt-get install bubblewrap)"
    tried = subprocess.run([*_wall(Limits()), "/usr/bin/true"], capture_output=True, text=True)
    return f"bubblewrap does not work here: {tried.stderr.strip()}" if tried.returncode else ""


def run(request: bytes, limits: Limits, *, walled: bool = True) -> Outcome:
    """Run `runner.py` on a request; return what it printed."""
    if walled:
        command = [*_wall(limits), _python(), "-IS", "/course/runner.py"]
    else:
        command = [sys.executable, "-I", str(Path(__file__).with_name("runner.py"))]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=None if not walled else {},  # the first process inside would show ours to all
        start_new_session=True,
    )
    output = bytearray()
    threads = [
        threading.Thread(target=_feed, args=(process.stdin, request), daemon=True),
        threading.Thread(target=_read, args=(process.stdout, output, limits.output), daemon=True),
    ]
    for thread in threads:
        thread.start()
    trouble = _watch(process, output, limits)
    _end(process)
    for thread in threads:
        thread.join()
    process.stdout.close()
    return Outcome(bytes(output[: limits.output]), trouble)


def _wall(limits):
    """The command before the command.

    What is bound stands at a place of its own inside, wherever it lives outside: folders above
    it would exist inside as well, and tell of the machine.
    """
    command = [shutil.which("prlimit"), f"--fsize={limits.file}", "--core=0", "--nofile=64"]
    command += [f"--cpu={round(2 * limits.seconds)}", shutil.which("bwrap")]
    command += ["--unshare-all", "--die-with-parent"]
    command += ["--new-session", "--clearenv", "--cap-drop", "ALL"]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(limits.file), "--tmpfs", "/tmp"]
    for name in ("/bin", "/lib", "/lib64", "/sbin"):
        path = Path(name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), name]
        elif path.exists():
            command += ["--ro-bind", name, name]
    command += ["--ro-bind", "/usr", "/usr"]
    if _python().startswith("/course"):
        command += ["--ro-bind", sys.base_prefix, "/course/python"]
        command += ["--setenv", "LD_LIBRARY_PATH", "/course/python/lib"]
    for number, path in enumerate(_packages()):
        command += ["--ro-bind", path, f"/course/packages/{number}"]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    command += ["--ro-bind", *neuro_lib.__path__, "/course/neuro_lib"]
    command += ["--ro-bind", str(Path(__file__).with_name("runner.py")), "/course/runner.py"]
    command += ["--ro-bind", matplotlib.get_cachedir(), "/course/matplotlib"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    command += ["--setenv", "HOME", "/tmp", "--setenv", "PATH", "/usr/bin"]
    command += ["--setenv", "OPENBLAS_NUM_THREADS", "1", "--"]  # the workers fill the cores
    return command


def _python():
    """Where Python is inside; not by its link in a virtual environment, which leads outside."""
    base = Path(sys.base_prefix)
    inside = base if base.is_relative_to("/usr") else Path("/course/python")
    return str(inside / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")


def _packages():
    """Folders of the packages that there are for us, the first to be searched first."""
    folders = (path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))
    return [path for path in dict.fromkeys(folders) if Path(path).is_dir()]


def _feed(stream, request):
    with suppress(BrokenPipeError), stream:
        stream.write(request)


def _read(stream, output, most):
    while len(output) <= most and (part := os.read(stream.fileno(), 1 << 16)):
        output += part


def _watch(process, output, limits):
    """Wait for the end of a process, or for a reason to end it, and return that."""
    until = time.monotonic() + limits.seconds
    tree = psutil.Process(process.pid)
    while process.poll() is None:
        if time.monotonic() > until:
            return f"it ran for more than {limits.seconds:g} s"
        if len(output) > limits.output:
            return f"it put out more than {limits.output / 1e6:g} MB"
        try:
            family = [tree, *tree.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
        if len(family) > limits.processes:
            return f"it started more than {limits.processes} processes"
        if sum(map(_memory, family)) > limits.memory:
            return f"it took more than {limits.memory / 1e6:g} MB of memory"
        time.sleep(0.05)  # more often, it would cost as much as a tenth of a core
    return ""


def _memory(process):
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def _end(process):
    """End a process and its family; in the sandbox nothing outlives its first process."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    for member in (process, *family):
        with suppress(psutil.NoSuchProcess):
            member.kill()
    process.wait()
