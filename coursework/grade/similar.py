"""Whose answers are alike: pointers for whoever reads them, never verdicts.

Of each text only a sketch is kept: for each of some ways of ordering, the first of its runs of five
words (MinHash), and of that one byte. Two sketches agree in as many places as the texts share of
their runs; other runs have the same byte once in 256 times.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from heapq import nsmallest

import numpy as np

RUN = 5  # words or signs
SHORTEST = 40  # runs of a text; shorter ones are alike by chance
ALIKE = 0.7  # share of the runs of both that is in both
WAYS, BAND = 64, 4  # whose sketches agree in a whole band are compared
PAIRS_TOLD = 50  # pairs that are told
TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass
class Similar:
    """The sketches of a class, by problem."""

    sketches: dict = field(default_factory=lambda: defaultdict(dict))

    def add(self, student, task, text, handed_out=""):
        """Add an answer; what students were given to start from does not count."""
        known = set(map(str.strip, handed_out.splitlines()))
        own = " ".join(line for line in text.splitlines() if line.strip() not in known)
        if (sketch := sketch_of(own)) is not None:
            self.sketches[task][student] = sketch.tobytes()

    def pairs(self) -> Iterator[tuple[float, str, str, str]]:
        """Give share, problem and both students of those that are alike, one pair at a time.

        In a class that has copied there are as many pairs as it has students, squared.
        """
        for task, sketches in self.sketches.items():
            students = sorted(sketches)
            rows = np.array([list(sketches[student]) for student in students], dtype=np.uint8)
            bands = rows.view(f"u{BAND}")
            for k, band in enumerate(bands.T):
                for group in _groups(band):
                    for one, *others in (group[start:] for start in range(len(group) - 1)):
                        shares = (rows[others] == rows[one]).mean(axis=1)
                        told = (bands[others, :k] == bands[one, :k]).any(axis=1)
                        for other in np.flatnonzero((shares >= ALIKE) & ~told):
                            pair = students[one], students[others[other]]
                            yield float(shares[other]), task, *pair

    def sentences(self) -> list[str]:
        """What the report says of them, of the most alike first."""
        count = 0

        def counted():
            nonlocal count
            for count, pair in enumerate(self.pairs(), 1):  # noqa: B007
                yield pair

        first = nsmallest(PAIRS_TOLD, counted(), key=lambda pair: (-pair[0], *pair[1:]))
        said = [f"{task}: {a} and {b}, {share:.0%}" for share, task, a, b in first]
        more = count - len(first)
        return [*said, f"and {more} more pairs"] if more else said


def _groups(band):
    """Which places hold the same, for all that more than one place holds."""
    groups = defaultdict(list)
    for place, value in enumerate(band.tolist()):
        groups[value].append(place)
    return [group for group in groups.values() if len(group) > 1]


def sketch_of(text):
    """Return the sketch of a text; None if it is too short to be like another for a reason."""
    words = TOKEN.findall(text.casefold())
    runs = {" ".join(words[k : k + RUN]) for k in range(len(words) - RUN + 1)}
    if len(runs) < SHORTEST:
        return None
    digests = (blake2b(run.encode("utf-8", "replace"), digest_size=4).digest() for run in runs)
    numbers = np.array([int.from_bytes(digest) for digest in digests], dtype=np.uint64)
    first = ((_FACTORS[:, None] * numbers + _SHIFTS[:, None]) >> np.uint64(32)).min(axis=1)
    return first.astype(np.uint8)  # its last byte


# Odd factors and shifts: each pair orders the numbers of 32 bits in another way.
_RANDOM = np.random.default_rng(1907)
_FACTORS = _RANDOM.integers(0, 1 << 63, WAYS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _RANDOM.integers(0, 1 << 63, WAYS, dtype=np.uint64)
