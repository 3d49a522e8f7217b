"""Grade in a container where there is no sandbox, as on macOS and Windows: inside is Linux.

The same command runs there, with the same options. The container is made by
`tools/deploy/grading.Dockerfile`; it has no network, sees nothing but what it is given, read-only,
and writes to the folder of the results alone.
"""

import os
import shutil
import subprocess
from pathlib import Path

from coursework.release import ROOT

IMAGE = "integrate-and-fire-grading"
# A sandbox within a container has to make name spaces, and a /proc of its own.
ALLOWED = {
    "docker": ("seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"),
    "podman": ("seccomp=unconfined", "apparmor=unconfined", "unmask=ALL"),
}
FILES = ("submissions", "roster", "by_hand", "fill", "times", "extensions")
TEXTS = ("column", "due", "late", "attempt")


def engine() -> str:
    """Name what runs containers here; "" if there is nothing."""
    return next((name for name in ALLOWED if shutil.which(name)), "")


def grade(options, folder: Path) -> int:
    """Make the container's image, and grade in it; return the exit code."""
    program = engine()
    made = ["build", "--quiet", "--tag", IMAGE]
    made += ["--file", str(ROOT / "tools" / "deploy" / "grading.Dockerfile"), str(ROOT)]
    subprocess.run([program, *made], check=True, stdout=subprocess.DEVNULL)
    folder.mkdir(parents=True, exist_ok=True)
    command = [program, "run", "--rm", "--network", "none", "--env", "HOME=/tmp"]
    for allowed in ALLOWED[program]:
        command += ["--security-opt", allowed]
    if hasattr(os, "getuid"):  # the results are to belong to whoever grades
        command += ["--user", f"{os.getuid()}:{os.getgid()}"]
    command += ["--mount", f"type=bind,source={folder.resolve()},target=/results"]
    arguments = ["--set", options.set, "--out", "/results", "--workers", str(options.workers)]
    arguments += ["--seconds", str(options.seconds), "--memory", str(options.memory)]
    arguments += [f"--{name}={text}" for name in TEXTS if (text := getattr(options, name))]
    arguments += ["--fresh"] if options.fresh else []
    arguments += [f"--only={names}" for names in options.only]
    for name in FILES:
        if path := getattr(options, name):
            inside = f"/given/{name}/{path.name}"
            command += ["--mount", f"type=bind,source={path.resolve()},target={inside},readonly"]
            arguments.append(
                inside if name == "submissions" else f"--{name.replace('_', '-')}={inside}"
            )
    return subprocess.run(
        [*command, IMAGE, "python", "-m", "coursework.grade", *arguments]
    ).returncode
