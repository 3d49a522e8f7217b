"""The commands of the README, from a clean clone with empty caches, as a newcomer has them."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from socket import create_server
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from tools.benchmarks.row import Row

ROOT = Path(__file__).parent.parent.parent
EDITED = "chapters/outlook.ipynb"  # the one that computes longest


def measure() -> Iterator[Row]:
    """Time `make serve`, `make test` and `make check`; browsers are installed before."""
    for script in ("chromium.sh", "firefox.sh", "sandbox.sh"):
        subprocess.run([ROOT / "tools" / script], check=True, stdout=subprocess.DEVNULL)
    with TemporaryDirectory() as place:
        course = Clone(Path(place))
        yield Row("`make serve` from a clean clone → first page", course.serve(), "s", 150)
        yield Row("`make serve` again → first page", course.serve(), "s", 10)
        course.edit(EDITED)
        yield Row("`make serve` after a chapter was edited → first page", course.serve(), "s", 40)
    with TemporaryDirectory() as place:
        course = Clone(Path(place))
        yield Row("`make test` from a clean clone", course.make("test"), "s", 540)
        rmtree(course.folder / "_build")
        yield Row("`make test`, the environment there", course.make("test"), "s", 420)
        yield Row("`make check`", course.make("check"), "s", 60)


class Clone:
    """A clean clone of the last commit, with caches of its own."""

    def __init__(self, place: Path):
        self.folder = place / "course"
        subprocess.run(["git", "clone", "--quiet", ROOT, self.folder], check=True)
        self.environment = os.environ | {"XDG_CACHE_HOME": str(place / "cache")}

    def make(self, target: str) -> float:
        """Seconds of a target; what it prints is shown if it fails."""
        start = perf_counter()
        run = subprocess.run(
            ["make", target, f"PYTHON={sys.executable}"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if run.returncode:
            raise RuntimeError(f"make {target} fails:\n{run.stdout[-4000:]}")
        return perf_counter() - start

    def serve(self) -> float:
        """Seconds until `make serve` answers with the first page."""
        with create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        start = perf_counter()
        server = subprocess.Popen(
            ["make", "serve", f"PYTHON={sys.executable}", f"PORT={port}"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            while server.poll() is None:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/").close()
                    return perf_counter() - start
                except urllib.error.URLError:
                    sleep(0.1)
            raise RuntimeError("make serve ended before it served")
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()

    def edit(self, notebook: str) -> None:
        """Put a comment into a chapter's first code cell."""
        path = self.folder / notebook
        content = json.loads(path.read_text("utf-8"))
        next(c for c in content["cells"] if c["cell_type"] == "code")["source"][:0] = ["# edited\n"]
        path.write_text(json.dumps(content), "utf-8")
