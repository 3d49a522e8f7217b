"""The wall: nothing of the grader is seen inside, and what is used up there is bounded."""

import json
import os
import subprocess
import sys

import pytest

from coursework.grade import sandbox

pytestmark = pytest.mark.slow

CHILD = """
import ctypes, mmap, multiprocessing, os, socket, subprocess, threading, time
libc = ctypes.CDLL(None, use_errno=True)
"""


def run(code, **limits):
    """Run a cell alone; return what it left as `x`, its error, and why it was ended."""
    said = []

    def hear(line):
        said.append(json.loads(line))
        return b""

    request = {"cells": [CHILD + code], "values": ["x"], "functions": []}
    trouble = sandbox.run(json.dumps(request).encode(), sandbox.Limits(**limits), hear)
    cell = next((one for one in said if "cell" in one), {"answers": {}, "error": ""})
    return json.loads(cell["answers"].get("x", "null")), cell["error"], trouble


PATHS = [
    "/proc/sys/kernel/hostname",
    "/proc/sys/vm/drop_caches",
    "/proc/sysrq-trigger",
    "/dev/x",
    "/usr/x",
]
# Memory that no process owns, or that outlives whoever took it.
CALLS = [
    "libc.memfd_create(b'x', 0)",
    "libc.shmget(0, 1000, 0o1600)",
    "libc.msgget(0, 0o1600)",
    "libc.unshare(0x10000000)",  # a user namespace, with file systems of its own in memory
    "libc.mmap(None, 4096, 3, 0x21, -1, 0)",
    "libc.mount(b'x', b'/tmp', b'tmpfs', 0, None)",
]
LOOK = f"""
def opens(path):
    try:
        return bool(open(path, "w").write("1"))
    except OSError:
        return False

def works():
    t = threading.Thread(target=time.sleep, args=(0.01,)); t.start(); t.join()
    told = subprocess.run(["/bin/sh", "-c", "echo 7"], capture_output=True, text=True)
    with multiprocessing.Pool(2) as pool:
        return pool.map(abs, [-int(told.stdout)])[0]

def room(path):
    with open(path, "wb", buffering=0) as file:
        try:
            return sum(file.write(bytes(100_000)) for _ in range(1000))
        except OSError:
            return file.tell()

x = [
    [opens(path) for path in {PATHS}],
    [{", ".join(CALLS)}],
    len(open("/proc/1/environ").read()) + ("SECRET_OF_THE_GRADER" in os.environ),
    sum(os.path.exists(path) for path in ("/home", "/root", "/var", "/opt", "/mnt")),
    works(),
    room("/dev/shm/x"),
]
"""


@pytest.fixture(scope="module")
def seen():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SECRET_OF_THE_GRADER", "token")
        x, error, trouble = run(LOOK)
    assert not error and not trouble
    return x


def test_what_is_not_the_submissions_cannot_be_written(seen):
    assert dict(zip(PATHS, seen[0], strict=True)) == dict.fromkeys(PATHS, False)


def test_memory_that_no_process_owns_is_refused(seen):
    assert dict(zip(CALLS, seen[1], strict=True)) == dict.fromkeys(CALLS, -1)


def test_the_environment_is_nobodys(seen):
    assert seen[2] == 0


def test_nothing_above_a_clone_exists_inside(seen):
    assert seen[3] == 0
    assert os.path.exists("/var")


def test_threads_and_processes_that_honest_work_needs_are_there(seen):
    assert seen[4] == 7


def test_what_the_locks_of_processes_need_is_small(seen):
    """Their memory is shared, so that the watch does not see it."""
    assert 0 < seen[5] <= 1_100_000


def test_threads_are_counted():
    code = "[threading.Thread(target=time.sleep, args=(60,)).start() for _ in range(1000)]"
    *_, trouble = run(code + "\ntime.sleep(60)", threads=100)
    assert trouble == "it started more than 100 threads"


def test_busy_neighbours_cost_no_time():
    """By the clock, it takes several times what it computes."""
    code = "until = time.process_time() + 2\nwhile time.process_time() < until: pass\nx = 1"
    neighbours = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        assert run(code, seconds=6) == (1, "", "")
    finally:
        for each in neighbours:
            each.kill()
            each.wait()


def test_computing_is_counted_for_all_processes_together():
    code = "[os.fork() for _ in range(2)]\nwhile True: pass"
    *_, trouble = run(code, seconds=6)
    assert trouble == "it ran for more than 6 s"


def test_whoever_waits_for_ever_is_ended():
    *_, trouble = run("time.sleep(600)", seconds=5)
    assert trouble == "it waited for more than 5 s"


def test_a_question_is_not_waited_for():
    assert run("input('?')")[1].startswith("EOFError")


def test_where_systemd_can_bound_a_group_it_does(tmp_path, monkeypatch):
    """A stand-in for it, which writes down what it is asked for and runs the rest."""
    stand_in = tmp_path / "systemd-run"
    said = tmp_path / "said"
    stand_in.write_text(f"""#!/bin/sh
echo "$@" >> {said}
while [ "$1" != -- ]; do shift; done; shift
exec "$@"
""")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    sandbox._group.cache_clear()
    try:
        limits = {"memory": 700 * sandbox.MEGABYTE, "threads": 100}
        assert run("x = len(open('/proc/1/environ').read())", **limits) == (0, "", "")
    finally:
        sandbox._group.cache_clear()
    tried, ran = said.read_text().splitlines()
    assert tried.endswith("-- /bin/true") and "bwrap" in ran
    for line in (tried, ran):
        assert "--scope" in line
        assert "MemoryMax=700000000 --property=MemorySwapMax=0 --property=TasksMax=116" in line
