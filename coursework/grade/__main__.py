"""Mark the submissions of a class: `make grade SUBMISSIONS=class.zip SET=problems_1`."""

import argparse
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from coursework.grade import sandbox
from coursework.grade.collect import Roster, collect
from coursework.grade.marking import mark
from coursework.grade.results import read_by_hand, write
from coursework.problem_set import ProblemSet
from coursework.release import OUT, problem_sets


def arguments_of(given):
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m coursework.grade", description=__doc__)
    parser.add_argument("submissions", type=Path, help="a folder, or the zip of your LMS")
    parser.add_argument("--set", default="problems_1", choices=problem_sets())
    parser.add_argument("--roster", type=Path, help="CSV with the columns id, name, lms_id")
    parser.add_argument("--by-hand", type=Path, help="CSV: student, problem, marks, comment")
    parser.add_argument("--out", type=Path, help="where the results go")
    parser.add_argument("--workers", type=int, default=2, help="submissions at a time")
    parser.add_argument("--seconds", type=float, default=120.0, help="for one submission")
    parser.add_argument("--memory", type=int, default=2000, help="for one submission, in MB")
    parser.add_argument(
        "--without-sandbox",
        action="store_true",
        help="run submissions with all your rights: they can read and write whatever you can",
    )
    return parser.parse_args(given)


def main(arguments=None):
    """Collect, run, mark, write."""
    options = arguments_of(arguments)
    walled = not options.without_sandbox
    if walled and (reason := sandbox.missing()):
        return f"No submission was run: {reason}. See --without-sandbox in --help."
    if not options.submissions.exists():
        return f"There is nothing at {options.submissions}."
    try:
        problem_set = ProblemSet.load(options.set)
        by_hand = read_by_hand(options.by_hand, problem_set)
        roster = Roster(options.roster)
        submissions = collect(options.submissions, options.set, roster)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        return f"No submission was run: {error}."
    limits = sandbox.Limits(options.seconds, options.memory * sandbox.MEGABYTE)
    with ThreadPoolExecutor(options.workers) as pool:
        results = list(pool.map(lambda one: mark(one, problem_set, limits, walled), submissions))
    folder = options.out or OUT / "graded" / options.set
    print(write(results, problem_set, folder, by_hand, roster.names))
    print(f"{len(results)} submissions: {folder}/grades.csv, report.md, feedback/")


if __name__ == "__main__":
    sys.exit(main())
