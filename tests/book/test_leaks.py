"""The book tells no solution of the coursework."""

import pytest

from tests.coursework.leaks import leaks


@pytest.mark.book
def test_the_book_holds_no_solution(book):
    for path in book.rglob("*"):
        if path.suffix in {".html", ".js", ".txt", ".ipynb", ".json"}:
            assert not leaks(path.read_text("utf-8")), path
