"""How hard the tests try: `make check` a little, `make test` as they say, `make soak` much more."""

import os
from math import ceil

EFFORT = float(os.environ.get("EFFORT", "1"))  # times as many examples as a test says


def some(cases):
    """As many of the cases as the effort allows, spread over all of them."""
    cases = list(cases)
    return cases[:: max(1, round(1 / EFFORT))]


def examples(number):
    """As many examples of a property as the effort allows, for a test that tries `number`."""
    return max(1, ceil(EFFORT * number))
