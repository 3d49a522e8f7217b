"""One figure of the table, and how to time it."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """What was measured, and what is to be reached; `limit` None for a figure beside ours."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    def markdown(self) -> str:
        """One line of the table."""
        if self.limit is None:
            reach, verdict = "", ""
        else:
            reach = f"≤ {self.limit:g} {self.unit}"
            verdict = "reached" if self.value <= self.limit else "**missed**"
        return f"| {self.what} | {reach} | {self.value:.3g} {self.unit} | {verdict} |"


def seconds(function: Callable[[], object], runs: int = 15) -> float:
    """Median time of a call, after one that is not counted."""
    function()
    times = []
    for _ in range(runs):
        start = perf_counter()
        function()
        times.append(perf_counter() - start)
    return median(times)
