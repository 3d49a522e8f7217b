"""Measure how fast things are, and print the table of the README.

`make bench` takes an hour. `python -m tools.benchmarks --quick` leaves out what takes minutes:
the README's commands from a clean clone, and a class of 200; `--commands` measures those commands
alone. Brian2 and NEST are measured beside our own if they are installed. The course needs neither;
since Brian2 may want an older NumPy, give them a Python of their own:

    python3 -m venv others
    others/bin/pip install brian2 nest-simulator "numpy<2.4"
    .venv/bin/python -m tools.benchmarks --others others/bin/python
"""

import argparse
import os
import platform
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tools.benchmarks import book, commands, coursework, lite, neurons
from tools.benchmarks.row import Row


def processor() -> str:
    """Name of the machine's processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def table(rows: list[Row]) -> str:
    """Put the rows into a Markdown table."""
    head = ["| what | reach | measured | |", "|---|---|---|---|"]
    return "\n".join([*head, *(row.markdown() for row in rows)])


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="nothing that takes minutes")
    parser.add_argument("--others", default=sys.executable, help="Python of Brian2 and NEST")
    parser.add_argument("--commands", action="store_true", help="the README's commands alone")
    options = parser.parse_args()
    rows = [] if options.quick else [*commands.measure()]
    if not options.commands:
        rows += [
            *neurons.measure(options.others),
            *book.measure(),
            *lite.measure(),
            *coursework.measure(slow=not options.quick),
        ]
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba"))
    print(f"\n{table(rows)}\n")
    print(f"{date.today()}, {processor()}, {os.cpu_count()} cores,", end=" ")
    print(f"Python {platform.python_version()}, {packages}. Medians of several runs.")


if __name__ == "__main__":
    main()
