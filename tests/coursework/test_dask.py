"""A class that many workers grade gets the files that one machine writes, whoever is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack

import nbformat
import pytest

from coursework.grade import __main__ as grade
from coursework.release import ROOT, student_version
from tests.coursework.notebooks import source

pytestmark = pytest.mark.slow

STUDENTS = [f"s{number}" for number in range(4)]
OPTIONS = ["--workers", "1", "--seconds", "60"]


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, each a process of its own as on machines of their own."""
    with ExitStack() as stack:

        def start(*words):
            log = stack.enter_context(open(tmp_path / f"{words[0]}.log", "ab"))
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--scheduler-file", where],
                cwd=tmp_path,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            stack.callback(end, process)
            return process

        where = str(tmp_path / "scheduler.json")
        start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        wait(lambda: (tmp_path / "scheduler.json").exists())
        worker = ("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        workers = [start(*worker, "--name", f"w{k}") for k in range(2)]
        address = json.loads((tmp_path / "scheduler.json").read_text())["address"]
        yield address, workers


def end(process):
    """End a process and all that it started, as if somebody pulled the plug."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait(reached):
    while not reached():
        time.sleep(0.05)


def files(folder):
    """What is in a folder, by name."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.endswith(".new")}


def test_a_killed_worker_loses_nothing_and_the_files_are_the_same(tmp_path, cluster, capsys):
    address, workers = cluster
    for number, student in enumerate(STUDENTS):
        folder = tmp_path / "class" / "submissions" / student
        folder.mkdir(parents=True)
        notebook = (source if number % 2 else student_version)("problems_5")
        nbformat.write(notebook, folder / "problems_5.ipynb")
    command = [sys.executable, ROOT / "tools" / "deploy" / "grade_dask.py", address]
    done = subprocess.Popen(
        [*command, tmp_path / "class", "problems_5", "2", *OPTIONS],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    out = tmp_path / "class" / "graded" / "problems_5"
    wait(lambda: list(out.glob("results/*.json")) or done.poll() is not None)
    assert len(list(out.glob("results/*.json"))) < len(STUDENTS)
    end(workers[0])
    said, _ = done.communicate()
    assert done.returncode == 0, said
    assert said.count(": graded") == 2
    alone = tmp_path / "alone"
    arguments = [str(tmp_path / "class" / "submissions"), "--set", "problems_5", *OPTIONS]
    assert grade.main([*arguments, "--out", str(alone)]) is None
    assert files(out) == files(alone)
    assert len(files(alone)) >= 2 * len(STUDENTS) + 5
