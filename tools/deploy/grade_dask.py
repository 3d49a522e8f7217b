"""Grade a large class on a Dask cluster whose workers share two folders with this machine.

One is this repository, at the same place on all. The other holds `submissions`, what the class
handed in; marks, pages and reports come into `graded/SET` there, as `make grade` writes them. Needs
`distributed` here and on the workers, and bubblewrap on the workers. A worker that dies loses
nothing: another takes its share, and goes on where it was.
Usage: python tools/deploy/grade_dask.py tcp://SCHEDULER:8786 FOLDER SET SHARES [OPTION...]
"""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().with_name("grade_share.sh")
ROOT = SCRIPT.parents[2]


def grade(*words: str) -> int:
    """Grade one share of the submissions on a worker; return the exit code."""
    return subprocess.run(words).returncode


def main(scheduler: str, folder: str, problem_set: str, shares: str, *options: str) -> int:
    """Grade all shares, then write what came of it; return how many shares failed."""
    from distributed import Client

    with Client(scheduler) as client:
        # Not pure: a share whose submissions have changed is graded again, not remembered.
        futures = [
            client.submit(
                grade, str(SCRIPT), folder, problem_set, str(k), shares, *options, pure=False
            )
            for k in range(1, int(shares) + 1)
        ]
        codes = client.gather(futures)
    for k, code in enumerate(codes, 1):
        print(f"share {k}: {'graded' if code == 0 else f'failed with {code}'}")
    if failed := sum(code != 0 for code in codes):
        return failed
    command = [sys.executable, "-m", "coursework.grade", f"{folder}/submissions"]
    command += ["--set", problem_set, "--out", f"{folder}/graded/{problem_set}", *options]
    return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
