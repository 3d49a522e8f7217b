"""Mark the submissions of a class: `make grade SUBMISSIONS=class.zip SET=problems_1`."""

import argparse
import os
import re
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from coursework.grade import container, sandbox
from coursework.grade.by_hand import read_by_hand
from coursework.grade.collect import collect
from coursework.grade.deadlines import Deadlines, tells_times
from coursework.grade.export import feedback_zip, fill
from coursework.grade.identity import Roster
from coursework.grade.marking import best_of, mark
from coursework.grade.results import BY_HAND, MarksOf, page_name, write
from coursework.grade.store import Store, key_of
from coursework.grade.tables import listed
from coursework.problem_set import ProblemSet
from coursework.release import OUT, problem_sets
from neuro_lib.coursework.student import canonical


def arguments_of(words):
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m coursework.grade", description=__doc__)
    parser.add_argument("submissions", type=Path, help="a folder, or the zip of your LMS")
    parser.add_argument("--set", default="problems_1", choices=problem_sets())
    parser.add_argument("--roster", type=Path, help="CSV with the columns id, name, lms_id, ...")
    parser.add_argument("--by-hand", type=Path, help="CSV: student, problem, marks, comment")
    parser.add_argument("--fill", type=Path, help="your LMS's table, to write the marks into")
    parser.add_argument("--column", default="", help="the heading above them, if it has several")
    parser.add_argument("--due", default="", help='the deadline: "2026-11-29 23:59"')
    parser.add_argument("--late", default="", help='what late work loses: "10 %% a day"')
    parser.add_argument("--times", type=Path, help="CSV: student, submitted; or Moodle's worksheet")
    parser.add_argument("--extensions", type=Path, help="CSV: student, due")
    parser.add_argument("--attempt", default="last", choices=("last", "best", "first"))
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument("--only", action="append", default=[], help="grade these ids alone")
    whom.add_argument("--fresh", action="store_true", help="keep no earlier result")
    whom.add_argument("--share", default="", help="2/10: the second tenth alone, without reports")
    parser.add_argument("--out", type=Path, help="where the results go")
    parser.add_argument("--workers", type=int, default=2, help="submissions at a time")
    parser.add_argument("--seconds", type=float, default=120.0, help="for one submission")
    parser.add_argument("--memory", type=int, default=2000, help="for one submission, in MB")
    parser.add_argument(
        "--without-sandbox",
        action="store_true",
        help="run submissions with all your rights: they can read and write whatever you can",
    )
    return parser.parse_args(words)


def main(arguments=None):
    """Collect, run, mark, write."""
    options = arguments_of(arguments)
    walled = not options.without_sandbox
    folder = options.out or OUT / "graded" / options.set
    if not options.submissions.exists():
        return f"There is nothing at {options.submissions}."
    if walled and (reason := sandbox.missing()):
        if container.engine():
            print(f"There is no sandbox here: {reason}. Grading in a container instead ...")
            return container.grade(options, folder)
        return (
            f"No submission was run: {reason}. Docker or Podman would do as well: then the same "
            "command grades in a container. See --without-sandbox in --help."
        )
    store = Store(folder / "results")
    try:
        problem_set = ProblemSet.load(options.set)
        roster = Roster.read(options.roster or options.fill)
        handed_in = collect(options.submissions, options.set, roster, options.attempt)
        chosen = _share(_chosen(handed_in.submissions, options.only), options.share)
        earlier = [] if options.fresh else store.students()
        known = {*earlier, *(one.student for one in handed_in.submissions)}
        times = options.times
        if not times and options.due and options.fill and tells_times(options.fill):
            times = options.fill
        deadlines = Deadlines.read(
            options.due,
            options.late,
            times,
            options.extensions,
            roster=roster,
            known=known,
        )
        if options.fill:
            fill(options.fill, {}, roster, options.column)  # what is wrong with it is said now
        for one in chain(handed_in.submissions, () if options.fresh else store):
            deadlines.of(one)  # so is a time that cannot be compared
        by_hand = _by_hand(folder / BY_HAND, options.by_hand, problem_set, known)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        return f"No submission was run: {error}."
    if walled and hasattr(os, "getuid") and os.getuid() == 0:
        print("You are root. Grade as an ordinary user: the sandbox is then one wall more.")
    if options.fresh:
        store.clear()
    limits = sandbox.Limits(options.seconds, options.memory * sandbox.MEGABYTE)
    how = problem_set, limits, walled
    _grade(chosen, how, deadlines, store, options.workers, bool(options.only))
    if options.share:
        print(f"{len(chosen)} submissions, share {options.share}: {store.folder}")
        return None
    there = {one.student for one in handed_in.submissions}
    kept = [student for student in store.students() if student not in there]
    said = [*handed_in.nobodys, *deadlines.said]
    if kept:
        said.append(f"kept from earlier runs: {len(kept)} students, as {listed(kept[:5])}")
    if roster.unused:
        said.append(f"{roster.path}: these columns are not used: {listed(roster.unused)}")
    made = ["grades.csv", "report.md", "items.html", "feedback/", "by_hand.csv"]
    made += [f"answers_{task}.html" for task in problem_set.points("markdown")]
    if options.fill:
        handed = [one.student for one in store if one.path]  # all others may be excused
        marks = MarksOf(handed, store, problem_set, by_hand, deadlines)
        filled = fill(options.fill, marks, roster, options.column)
        made.append(f"{filled.system.lower()}.csv")
        (folder / made[-1]).write_bytes(filled.content)
        said += filled.said
    print(write(store, problem_set, folder, by_hand, roster.names, said, deadlines))
    pages = {one.path: folder / "feedback" / f"{page_name(one.student)}.html" for one in store}
    if feedback_zip(folder / "moodle_feedback.zip", pages):
        made.append("moodle_feedback.zip")
    print(f"{len(chosen)} submissions: {folder}/{listed(made)}")


def _chosen(submissions, only):
    """The submissions to be graded; ValueError if somebody is asked for of whom there is none."""
    if not only:
        return submissions
    wanted = {canonical(student) for names in only for student in names.split(",")}
    chosen = [one for one in submissions if wanted & {one.student, *one.known_as}]
    found = {name for one in chosen for name in (one.student, *one.known_as)}
    if missing := sorted(wanted - found):
        raise ValueError(f"--only: there is nothing of {listed(missing)}")
    return chosen


def _share(submissions, share):
    """Every n-th of the submissions, from the k-th on, for "k/n"; all of them for ""."""
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", share or "1/1")
    first, count = map(int, match.groups()) if match else (0, 0)
    if not 1 <= first <= count:
        raise ValueError(f"--share {share}: write 1/10 for the first of ten shares, up to 10/10")
    return submissions[first - 1 :: count]


def _by_hand(kept, path, problem_set, known):
    """What a person gave: in the table that is filled in, and in another one, which goes first."""
    marks = read_by_hand(kept if kept.exists() else None, problem_set, known)
    for student, theirs in read_by_hand(path, problem_set, known).items():
        marks.setdefault(student, {}).update(theirs)
    return marks


def _grade(submissions, how, deadlines, store, workers, again):
    """Grade what has changed since it was graded, or all of it again; keep each result at once."""

    def grade(submission):
        attempts = submission.attempts or (submission,)
        key = key_of(attempts, deadlines if submission.attempts else None, *how)
        earlier = store.get(submission.student)
        if not submission.path and earlier:
            return  # nothing was handed in this time: what was handed in before stays
        if again or store.get(submission.student, key) is None:
            results = [mark(one, *how) for one in attempts]
            result = best_of(results, how[0], deadlines) if submission.attempts else results[0]
            store.keep(result, key)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(grade, submissions))


if __name__ == "__main__":
    sys.exit(main())
