"""Run a submission behind a wall: bubblewrap, and a watch over what it uses up.

Inside there is no network, no home, no other process, and no file but Python, its packages and
`neuro_lib`; a small folder in memory is all that can be written to. Bubblewrap cannot bound what
all processes use together, so a watch adds it up and ends what exceeds the limits. Memory that the
watch would not see, since no process needs to have it mapped, the kernel refuses (`forbidden`).
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib.font_manager  # when imported, it writes its list of fonts
import psutil

import neuro_lib
from coursework.grade.forbidden import filter_of_calls

MEGABYTE = 1_000_000
BUSY = (psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP)  # or would be, if there were a core


@dataclass(frozen=True)
class Limits:
    """What a submission may use up, all its processes together."""

    seconds: float = 120.0  # of computing, and of waiting: what neighbours use up does not count
    memory: int = 2000 * MEGABYTE
    processes: int = 32
    threads: int = 128
    file: int = 50 * MEGABYTE
    output: int = 8 * MEGABYTE


@dataclass
class _Output:
    """How much a run has put out."""

    size: int = 0


def missing() -> str:
    """Say why there can be no sandbox here; nothing if there can."""
    for program, package in (("bwrap", "bubblewrap"), ("prlimit", "util-linux")):
        if not shutil.which(program):
            return f"{package} is not installed (Debian, Ubuntu: apt-get install {package})"
    with _filter() as calls:
        command = [*_wall(Limits(), calls.fileno()), "/usr/bin/true"]
        tried = subprocess.run(command, capture_output=True, text=True, pass_fds=[calls.fileno()])
    return f"bubblewrap does not work here: {tried.stderr.strip()}" if tried.returncode else ""


def run(
    request: bytes,
    limits: Limits,
    hear: Callable[[bytes], bytes],
    *,
    walled: bool = True,
) -> str:
    """Run `runner.py` on a line; return why it was ended, if it was.

    `hear` takes each line that it puts out, and may answer.
    """
    runner = Path(__file__).with_name("runner.py")
    with _filter() as calls:
        if walled:
            command = [*_group(limits), *_wall(limits, calls.fileno())]
            command += [_python(), "-IS", "/course/runner.py"]
        else:
            command = [sys.executable, "-I", str(runner), str(runner.parents[2])]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_session() if walled else None,
            pass_fds=[calls.fileno()] if walled else [],
            start_new_session=True,
        )
    output = _Output()
    threads = [
        threading.Thread(target=_feed, args=(process.stdin, request), daemon=True),
        threading.Thread(target=_listen, args=(process, output, limits, hear), daemon=True),
    ]
    for thread in threads:
        thread.start()
    trouble = _watch(process, output, limits)
    _end(process)
    for thread in threads:
        thread.join()
    with suppress(BrokenPipeError):
        process.stdin.close()
    process.stdout.close()
    return trouble


def _filter():
    """A file of the calls that the kernel refuses."""
    file = tempfile.TemporaryFile()  # noqa: SIM115, whoever asks for it closes it
    file.write(filter_of_calls())
    file.seek(0)
    return file


def _session():
    """The way to the user's systemd, and nothing else of our environment."""
    wanted = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
    return {name: os.environ[name] for name in wanted if name in os.environ}


@cache
def _group(limits):
    """What puts a run into a control group of its own, where the kernel itself bounds it.

    Only where there is a systemd that does that for this user; the watch is there in any case.
    """
    program = shutil.which("systemd-run")
    if not program:
        return ()
    whose = () if os.getuid() == 0 else ("--user",)
    bounds = (f"MemoryMax={limits.memory}", "MemorySwapMax=0", f"TasksMax={limits.threads + 16}")
    command = (program, *whose, "--scope", "--quiet", "--collect")
    command += (*(f"--property={bound}" for bound in bounds), "--")
    tried = subprocess.run([*command, "/bin/true"], capture_output=True, env=_session())
    return () if tried.returncode else command


@cache
def _knows(option):
    """Whether this bubblewrap is new enough for an option."""
    said = subprocess.run([shutil.which("bwrap"), "--help"], capture_output=True, text=True)
    return option in said.stdout


def _wall(limits, calls):
    """The command before the command.

    What is bound stands at a place of its own inside, wherever it lives outside: folders above
    it would exist inside as well, and tell of the machine.
    """
    # The first process inside would show its environment to all: it gets none.
    command = [
        "/usr/bin/env",
        "-i",
        shutil.which("prlimit"),
        f"--fsize={limits.file}",
        "--core=0",
        "--nofile=64",
    ]
    command += [f"--cpu={round(2 * limits.seconds)}", shutil.which("bwrap")]
    command += ["--unshare-user", "--unshare-all", "--die-with-parent", "--new-session"]
    if _knows("--disable-userns"):
        command += ["--disable-userns"]
    command += ["--clearenv", "--cap-drop", "ALL", "--seccomp", str(calls)]
    command += ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--dev", "/dev"]
    command += ["--size", str(limits.file), "--tmpfs", "/tmp"]
    command += ["--size", str(MEGABYTE), "--tmpfs", "/dev/shm"]  # for the locks of processes
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
    command += ["--setenv", "PIP_RETRIES", "0"]  # there is no network to wait for
    command += ["--setenv", "OPENBLAS_NUM_THREADS", "1", "--"]  # the workers fill the cores
    return [*command, *_bound(limits)]


def _bound(limits):
    """What has the kernel itself bound the number of processes and threads, as far as it can.

    Root has no such bound; and before Linux 5.14 it counts what the user has outside as well.
    """
    kernel = tuple(int(n) for n in re.findall(r"\d+", platform.release())[:2])
    if os.getuid() == 0 or kernel < (5, 14):
        return []
    return ["/usr/bin/prlimit", f"--nproc={limits.threads + 16}", "--"]


def _python():
    """Where Python is inside; not by its link in a virtual environment, which leads outside."""
    base = Path(sys.base_prefix)
    inside = base if base.is_relative_to("/usr") else Path("/course/python")
    return str(inside / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}")


def _packages():
    """Folders of the packages that there are for us, the first to be searched first."""
    folders = (path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))
    return [path for path in dict.fromkeys(folders) if Path(path).is_dir()]


def _feed(stream, text):
    with suppress(BrokenPipeError):
        stream.write(text + b"\n")
        stream.flush()


def _listen(process, output, limits, hear):
    """Pass on each line that a process puts out, and to the process what is answered."""
    line = bytearray()
    while output.size <= limits.output and (part := os.read(process.stdout.fileno(), 1 << 16)):
        output.size += len(part)
        *lines, rest = part.split(b"\n")
        for more in lines:
            if answer := hear(bytes(line + more)):
                _feed(process.stdin, answer)
            line.clear()
        line += rest


def _watch(process, output, limits):
    """Wait for the end of a process, or for a reason to end it, and return that.

    A run is not ended by the clock, which goes on while neighbours have the cores: its time is what
    it computes, and what it waits, with nothing that could go on.
    """
    tree = psutil.Process(process.pid)
    seconds, computed, waited, now = limits.seconds, 0.0, 0.0, time.monotonic()
    while process.poll() is None:
        if output.size > limits.output:
            return f"it put out more than {limits.output / 1e6:g} MB"
        try:
            family = [tree, *tree.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
        if len(family) > limits.processes:
            return f"it started more than {limits.processes} processes"
        before, then = computed, now
        computed, memory, threads, busy = (sum(x) for x in zip(*map(_used, family), strict=True))
        now = time.monotonic()
        waited += 0.0 if busy or computed > before else now - then
        for amount, most, said in (
            (computed, seconds, f"it ran for more than {seconds:g} s"),
            (waited, seconds, f"it waited for more than {seconds:g} s"),
            (memory, limits.memory, f"it took more than {limits.memory / 1e6:g} MB of memory"),
            (threads, limits.threads, f"it started more than {limits.threads} threads"),
        ):
            if amount > most:
                return said
        time.sleep(0.05)  # more often, it would cost as much as a tenth of a core
    return ""


def _used(process):
    """Seconds of computing, with those of ended children; memory; threads; whether it is busy."""
    try:
        with process.oneshot():
            times, memory = process.cpu_times(), process.memory_info().rss
            return sum(times[:4]), memory, process.num_threads(), process.status() in BUSY
    except psutil.Error:
        return 0.0, 0, 0, True


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
