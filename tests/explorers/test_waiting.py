"""The tests in a browser wait for what they ask of a page."""

import ast
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = "\nfrom playwright.sync_api import"
READS = {  # what `expect` can wait for
    "all_inner_texts",
    "all_text_contents",
    "count",
    "evaluate",
    "evaluate_all",
    "get_attribute",
    "inner_html",
    "inner_text",
    "input_value",
    "is_checked",
    "is_disabled",
    "is_enabled",
    "is_hidden",
    "is_visible",
    "text_content",
}


def hasty(text):
    """Lines of assertions that read a page once, where it may not have drawn yet."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Assert):
            calls = (n.func for n in ast.walk(node) if isinstance(n, ast.Call))
            if READS & {f.attr for f in calls if isinstance(f, ast.Attribute)}:
                yield node.lineno


def test_no_test_in_a_browser_asserts_what_it_read_only_once():
    texts = {path.name: path.read_text("utf-8") for path in HERE.glob("**/test_*.py")}
    driving = {name: text for name, text in texts.items() if IMPORT in text}
    assert len(driving) > 4
    assert not [(name, *hasty(text)) for name, text in driving.items() if [*hasty(text)]]
    press = "handle.press('Home')\n"
    assert [*hasty(f"{press}assert handle.get_attribute('x') == '-60'")] == [2]
    assert not [*hasty(f"{press}expect(handle).to_have_attribute('x', '-60')")]
