"""Mark the submissions of a class: `make grade SUBMISSIONS=class.zip SET=problems_1`."""

import argparse
import csv
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from coursework.grade import sandbox
from coursework.grade.collect import collect
from coursework.grade.marking import ProblemSet, mark
from coursework.release import OUT, problem_sets


def write(results, problem_set, folder):
    """Write `grades.csv`, the report, and a feedback page for each student."""
    machine, by_hand = problem_set.points("code"), problem_set.points("markdown")
    page = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    page = page.get_template("feedback.html")
    pages = folder / "feedback"
    pages.mkdir(parents=True, exist_ok=True)
    rows, report = [], [f"# {problem_set.name}: what went wrong with whom", ""]
    for result in results:
        marks = {t: round(machine[t] * v.score, 2) for t, v in result.verdicts.items()}
        total = round(sum(marks.values()), 2)
        rows.append([result.student, *marks.values(), *("" for _ in by_hand), total])
        report += [f"- `{result.student}`: {trouble}" for trouble in result.troubles]
        html = page.render(
            problem_set=problem_set.name,
            result=result,
            marks=marks,
            machine=machine,
            by_hand=by_hand,
            total=total,
        )
        (pages / f"{file_name(result.student)}.html").write_text(html, "utf-8")
    with open(folder / "grades.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["student", *machine, *by_hand, f"by machine, of {sum(machine.values())}"])
        out.writerows([harmless(row[0]), *row[1:]] for row in rows)
    report += [] if len(report) > 2 else ["Nothing."]
    (folder / "report.md").write_text("\n".join(report) + "\n", "utf-8")
    return report


def file_name(student):
    """Name a student's page so that no id leads out of its folder."""
    return "".join(sign if sign.isalnum() or sign in "-_@." else "_" for sign in student).lstrip(
        "."
    )


def harmless(student):
    """Keep a spreadsheet from taking an id for a formula."""
    return f"'{student}" if student[:1] in "=+-@" else student


def main(arguments=None):
    """Collect, run, mark, write."""
    parser = argparse.ArgumentParser(prog="python -m coursework.grade", description=__doc__)
    parser.add_argument("submissions", type=Path, help="a folder, or the zip of your LMS")
    parser.add_argument("--set", default="problems_1", choices=problem_sets())
    parser.add_argument("--out", type=Path, help="where the results go")
    parser.add_argument("--workers", type=int, default=2, help="submissions at a time")
    parser.add_argument("--seconds", type=float, default=120.0, help="for one submission")
    parser.add_argument("--memory", type=int, default=2000, help="for one submission, in MB")
    parser.add_argument(
        "--without-sandbox",
        action="store_true",
        help="run submissions with all your rights: they can read and write whatever you can",
    )
    options = parser.parse_args(arguments)
    walled = not options.without_sandbox
    if walled and (reason := sandbox.missing()):
        return f"No submission was run: {reason}. See --without-sandbox in --help."
    if not options.submissions.exists():
        return f"There is nothing at {options.submissions}."
    problem_set = ProblemSet.load(options.set)
    submissions = collect(options.submissions, options.set)
    limits = sandbox.Limits(options.seconds, options.memory * sandbox.MEGABYTE)
    with ThreadPoolExecutor(options.workers) as pool:
        results = list(pool.map(lambda one: mark(one, problem_set, limits, walled), submissions))
    folder = options.out or OUT / "graded" / options.set
    print("\n".join(write(results, problem_set, folder)))
    print(f"\n{len(results)} submissions: {folder}/grades.csv, report.md, feedback/")


if __name__ == "__main__":
    sys.exit(main())
