"""Grade a large class on a Dask cluster whose workers share a folder with this machine.

The folder is laid out as deploy/grade.yml says. Needs `dask[distributed]` here and on the workers.
Usage: python deploy/grade_dask.py tcp://SCHEDULER:8786 /shared/folder SHARES
"""

import subprocess
import sys


def grade(folder: str, index: int, count: int) -> int:
    """Grade one share of the submissions on a worker; return the exit code."""
    script = f"{folder}/course/deploy/grade_share.sh"
    return subprocess.run(["sh", script, folder, str(index), str(count)]).returncode


def main(scheduler: str, folder: str, shares: str) -> int:
    """Grade all shares; return how many failed."""
    from dask.distributed import Client

    count = int(shares)
    with Client(scheduler) as client:
        # Not pure: a share that was corrected is graded again, not remembered.
        futures = [client.submit(grade, folder, i, count, pure=False) for i in range(count)]
        codes = client.gather(futures)
    for index, code in enumerate(codes):
        print(f"share {index}: {'graded' if code == 0 else f'failed with {code}'}")
    return sum(code != 0 for code in codes)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
