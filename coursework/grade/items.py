"""What a class has understood: of each problem how many had it right, and what the others did.

Only sums are kept, so that a class of any size takes no more memory, and its page no more room.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from math import sqrt

BARS = 10  # of the histogram
SLIPS = 3  # that are shown of a problem
PART = re.compile(r"The [^:.]{1,40}: [✗◐] (?:Not yet|Partly right)\. ")
FOLLOWS = re.compile(r" ?The [^:.]{1,40}: ✓ Right\. It follows from [^.]*\.")  # and is no slip
NUMBER = re.compile(r"-?\d[\d.,]*(?<![.,])")
NO_SLIP = {"", "There is nothing here yet.", "There is nothing to mark."}


@dataclass
class Item:
    """One problem: sums over the students who have handed in something that runs."""

    task: str
    title: str
    points: float
    count: int = 0  # of those whose marks are known
    right: int = 0
    nothing: int = 0
    slips: Counter = field(default_factory=Counter)
    _sums: list = field(default_factory=lambda: [0.0] * 5)

    def add(self, share, rest, message):
        """Add a student: the share of the marks, the share of all others', what was said."""
        self.count += 1
        self.right += share == 1
        self.nothing += share == 0
        for said in {kind_of_slip(part) for part in PART.split(FOLLOWS.sub("", message))} - NO_SLIP:
            self.slips[said] += share < 1
        for k, value in enumerate((share, rest, share * share, rest * rest, share * rest)):
            self._sums[k] += value

    @property
    def mean(self):
        """Mean share of the marks."""
        return self._sums[0] / self.count if self.count else 0.0

    @property
    def discrimination(self):
        """Correlation of the marks with those of all other problems; None if there is none."""
        n, (x, y, xx, yy, xy) = self.count, self._sums
        spread = (n * xx - x * x) * (n * yy - y * y)
        return (n * xy - x * y) / sqrt(spread) if spread > 1e-9 else None

    @property
    def commonest(self):
        """The commonest slips, each with how many made it."""
        found = [(said, n) for said, n in self.slips.items() if n]
        return sorted(found, key=lambda slip: (-slip[1], slip[0]))[:SLIPS]


@dataclass
class Items:
    """All problems of a class, and how its sums are spread."""

    items: dict = field(default_factory=dict)
    bars: list = field(default_factory=lambda: [0] * BARS)
    students: int = 0

    def add(self, result, marks):
        """Add a student, if there is something of theirs that could be marked."""
        if not result.answers:
            return
        self.students += 1
        known = [row for row in marks.rows if row.marks is not None]
        got, of = sum(row.marks for row in known), sum(row.points for row in known)
        self.bars[min(int(BARS * got / of), BARS - 1) if of else 0] += 1
        for row in marks.rows:
            item = self.items.setdefault(row.task, Item(row.task, row.title, row.points))
            if row.marks is None:
                continue
            others = of - row.points
            verdict = result.verdicts.get(row.task)
            message = verdict.message if verdict and not row.given else ""
            rest = (got - row.marks) / others if others else 0.0
            item.add(row.marks / row.points, rest, message)

    def sentences(self) -> list[str]:
        """What a lecturer may say next time: the commonest slips of all."""
        found = [
            (n / item.count, n, item, said)
            for item in self.items.values()
            for said, n in item.commonest
            if n > 1
        ]
        found.sort(key=lambda each: (-each[0], each[2].task, each[3]))
        return [f"{n} of {item.count} in {item.title!r}: {said}" for _, n, item, said in found[:5]]


def kind_of_slip(message) -> str:
    """Return what was said without the numbers in it, so that the same slip is the same text."""
    return " ".join(NUMBER.sub("…", message).split())
