"""What pytest is told beyond pyproject.toml."""

import pytest

collect_ignore = ["tests/reference/record.py"]  # needs NEST and Brian2

# Committed notebooks keep the text of their outputs only (tools/clean_notebooks.py): with the
# rest nbval has nothing to compare.
MADE_ANEW = ("application/javascript", "image/svg+xml", "text/html")


def pytest_itemcollected(item):
    """Let nbval compare only what is committed."""
    notebook = item.parent
    if hasattr(notebook, "skip_compare") and MADE_ANEW[0] not in notebook.skip_compare:
        notebook.skip_compare += MADE_ANEW


BUILDER = "test_leaks"  # one worker builds the book for it while the others do what needs no book
LONGEST = ("test_lite", "test_sliders", "test_axe", "test_build", "test_lab", "test_pages")
PARTED = LONGEST[:3]


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items):
    """Order the tests, and part them into groups, so that all workers end at the same time.

    A group stays on one worker: a module, since its tests share what is slow to begin. The longest
    modules are parted further, by the page that is tested, or by each test without parameters.
    """

    def turn(item):
        name = item.path.stem
        if name == BUILDER:
            return 0
        if not item.get_closest_marker("book"):
            return 1
        return 2 + (LONGEST.index(name) if name in LONGEST else len(LONGEST))

    items.sort(key=turn)
    for item in items:
        group = str(item.path)
        if item.path.stem in PARTED:
            tried = getattr(item, "callspec", None)
            group += tried.params.get("name", "") if tried else item.name
        item.add_marker(pytest.mark.xdist_group(group))
