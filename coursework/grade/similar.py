"""Whose answers are alike: pointers for whoever reads them, never verdicts.

Of each text only a sketch is kept: for each of some ways of ordering, the first of its runs of five
words (MinHash). Two sketches agree in as many places as the texts share of their runs.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import combinations

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
            self.sketches[task][student] = sketch

    def pairs(self) -> list[tuple[float, str, str, str]]:
        """Return share, problem and both students of those that are alike, the most alike first."""
        found = []
        for task, sketches in self.sketches.items():
            bands = defaultdict(list)
            for student, sketch in sketches.items():
                for k in range(0, WAYS, BAND):
                    bands[k, sketch[k : k + BAND].tobytes()].append(student)
            near = {pair for group in bands.values() for pair in combinations(sorted(group), 2)}
            for one, other in near:
                share = float(np.mean(sketches[one] == sketches[other]))
                if share >= ALIKE:
                    found.append((share, task, one, other))
        return sorted(found, key=lambda each: (-each[0], *each[1:]))

    def sentences(self) -> list[str]:
        """What the report says of them."""
        pairs = self.pairs()
        said = [f"{task}: {a} and {b}, {share:.0%}" for share, task, a, b in pairs[:PAIRS_TOLD]]
        return (
            [*said, f"and {len(pairs) - PAIRS_TOLD} more pairs"]
            if len(pairs) > PAIRS_TOLD
            else said
        )


def sketch_of(text):
    """Return the sketch of a text; None if it is too short to be like another for a reason."""
    words = TOKEN.findall(text.casefold())
    runs = {" ".join(words[k : k + RUN]) for k in range(len(words) - RUN + 1)}
    if len(runs) < SHORTEST:
        return None
    digests = (blake2b(run.encode("utf-8", "replace"), digest_size=4).digest() for run in runs)
    numbers = np.array([int.from_bytes(digest) for digest in digests], dtype=np.uint64)
    return ((_FACTORS[:, None] * numbers + _SHIFTS[:, None]) >> np.uint64(32)).min(axis=1)


# Odd factors and shifts: each pair orders the numbers of 32 bits in another way.
_RANDOM = np.random.default_rng(1907)
_FACTORS = _RANDOM.integers(0, 1 << 63, WAYS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_SHIFTS = _RANDOM.integers(0, 1 << 63, WAYS, dtype=np.uint64)
