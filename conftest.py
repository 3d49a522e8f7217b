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
