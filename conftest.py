"""What pytest is told beyond pyproject.toml."""

collect_ignore = ["tests/reference/record.py"]  # needs NEST and Brian2

# Committed notebooks keep the text of their outputs only (tools/clean_notebooks.py): with the
# rest nbval has nothing to compare.
MADE_ANEW = ("application/javascript", "image/svg+xml", "text/html")


def pytest_itemcollected(item):
    """Let nbval compare only what is committed."""
    notebook = item.parent
    if hasattr(notebook, "skip_compare") and MADE_ANEW[0] not in notebook.skip_compare:
        notebook.skip_compare += MADE_ANEW


# One worker builds the book for the first of these while the other does what needs no book; then
# come the others, the longest first.
BUILDER = "test_leaks"
LONGEST = ("test_lite", "test_sliders", "test_axe", "test_pages", "test_build", "test_lab")


def pytest_collection_modifyitems(items):
    """Put the tests in an order in which two workers end at the same time."""

    def turn(item):
        name = item.path.stem
        if name == BUILDER:
            return 0
        if not item.get_closest_marker("book"):
            return 1
        return 2 + (LONGEST.index(name) if name in LONGEST else len(LONGEST))

    items.sort(key=turn)
