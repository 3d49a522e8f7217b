"""The grader: how long a class takes, how that grows; and how long a student's check takes."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter, sleep

import nbformat
import psutil

from coursework.problem_set import problem_sets, source
from neuro_lib.coursework import Student
from tools.benchmarks.row import Row, seconds

SET = "problems_1"
CLASS = 200


def hand_in(folder: Path, count: int) -> None:
    """Write the work of a class into a folder: all of it right, and each under another id."""
    text = nbformat.writes(source(SET))
    for number in range(count):
        student = folder / f"student{number}"
        student.mkdir()
        mine = text.replace('Student(\\"\\")', f'Student(\\"{student.name}\\")')
        (student / f"{SET}.ipynb").write_text(mine, "utf-8")


def grade(count: int, workers: int) -> tuple[float, float]:
    """Grade a class; return the time (s) and the most memory of the grader itself (MB)."""
    with tempfile.TemporaryDirectory() as place:
        submissions = Path(place, "class")
        submissions.mkdir()
        hand_in(submissions, count)
        command = [sys.executable, "-m", "coursework.grade", submissions, "--set", SET]
        command += ["--workers", str(workers), "--out", Path(place, "graded")]
        start, most = perf_counter(), 0
        grader = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        watched = psutil.Process(grader.pid)
        while grader.poll() is None:
            try:
                most = max(most, watched.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            sleep(0.05)
        if grader.wait():
            raise RuntimeError("the grader failed: its reason stands above")
        return perf_counter() - start, most / 1e6


def slowest_check() -> tuple[str, float]:
    """Name of the check that takes longest on a right answer, and its time (ms)."""
    times = {}
    for name in problem_sets():
        times |= {f"{name}: {task}": time for task, time in check_times(source(name))}
    task = max(times, key=times.get)
    return task, times[task]


def check_times(notebook) -> Iterator[tuple[str, float]]:
    """Run a problem set with its solutions; time each check (ms)."""
    names = {}
    for cell in notebook.cells:
        about = cell.metadata.nbgrader
        if cell.cell_type != "code" or about.grade_id.endswith("_figure"):
            continue
        if about.grade_id == "me_answer":
            names["me"] = Student("ada")
        elif about.grade:
            check = compile(cell.source, about.grade_id, "exec")
            yield about.grade_id, 1000 * seconds(partial(exec, check, names), 5)
        else:
            exec(cell.source, names)


def measure(slow: bool) -> Iterator[Row]:
    """Measure all; a class of its full size takes minutes."""
    task, time = slowest_check()
    yield Row(f"the slowest of a student's checks (`{task}`)", time, "ms", 50)
    one, _ = grade(20, workers=1)
    two, small = grade(20, workers=2)
    yield Row("20 submissions: two workers' share of one worker's time", two / one, "", 1 / 1.8)
    if slow:
        half, _ = grade(CLASS // 2, workers=2)
        whole, large = grade(CLASS, workers=2)
        yield Row(f"{CLASS} submissions, two workers", whole / 60, "min", 3)
        yield Row("submissions: twice as many", whole / half, "times", 2.2)
        yield Row(f"the grader's memory: {CLASS} submissions over 20", large / small, "times", 1.2)
