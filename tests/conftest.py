"""How Hypothesis tries its examples."""

import os

from hypothesis import settings

# The first call of a function compiles it: that it is slower than the next is no failure.
settings.register_profile("compiling", parent=settings(), deadline=None)
settings.load_profile("compiling")

MORE = int(os.environ.get("SOAK", "1"))  # times as many examples, and others each time: `make soak`


def pytest_collection_modifyitems(items):
    """Where it is asked for, try each property on more examples than its test does by itself."""
    if MORE == 1:
        return
    # Hypothesis has no public way to change the settings of a test that is defined already.
    for test in {item.obj for item in items if hasattr(item.obj, "is_hypothesis_test")}:
        test = getattr(test, "__func__", test)
        own = test._hypothesis_internal_use_settings or settings.default
        test._hypothesis_internal_use_settings = settings(
            own, max_examples=MORE * own.max_examples, derandomize=False, deadline=None
        )
