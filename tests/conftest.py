"""How Hypothesis tries its examples."""

from hypothesis import settings

from tests.effort import EFFORT, examples

# The first call of a function compiles it: that it is slower than the next is no failure.
settings.register_profile("compiling", parent=settings(), deadline=None)
settings.load_profile("compiling")


def pytest_collection_modifyitems(items):
    """Try each property as often as the effort allows; with more, on other examples each time."""
    if EFFORT == 1:
        return
    # Hypothesis has no public way to change the settings of a test that is defined already.
    for test in {item.obj for item in items if hasattr(item.obj, "is_hypothesis_test")}:
        test = getattr(test, "__func__", test)
        own = test._hypothesis_internal_use_settings or settings.default
        test._hypothesis_internal_use_settings = settings(
            own,
            max_examples=examples(own.max_examples),
            derandomize=own.derandomize and EFFORT < 1,
            deadline=None,
        )
