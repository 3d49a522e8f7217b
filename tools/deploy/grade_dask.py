"""Grade a large class on a Dask cluster whose workers share two folders with this machine.

One is this repository, the other holds `submissions/` with a folder for each student. Needs
`dask[distributed]` here and on the workers, and bubblewrap on the workers.
Usage: python tools/deploy/grade_dask.py tcp://SCHEDULER:8786 /shared/class problems_1 SHARES
"""

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().with_name("grade_share.sh")


def grade(script: str, folder: str, problem_set: str, index: int, count: int) -> int:
    """Grade one share of the submissions on a worker; return the exit code."""
    return subprocess.run([script, folder, problem_set, str(index), str(count)]).returncode


def main(scheduler: str, folder: str, problem_set: str, shares: str) -> int:
    """Grade all shares; return how many failed."""
    from dask.distributed import Client

    count = int(shares)
    with Client(scheduler) as client:
        # Not pure: a share whose submissions have changed is graded again, not remembered.
        futures = [
            client.submit(grade, str(SCRIPT), folder, problem_set, index, count, pure=False)
            for index in range(count)
        ]
        codes = client.gather(futures)
    for index, code in enumerate(codes):
        print(f"share {index}: {'graded' if code == 0 else f'failed with {code}'}")
    return sum(code != 0 for code in codes)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
