"""The browser that notices what goes wrong: what it must tell, and what is no fault."""

import pytest

from tests.book.conftest import open_page
from tests.book.pages import PAGES, url

pytestmark = [pytest.mark.book, pytest.mark.browser]

ASK = """
() => { window.leaving = new AbortController(); fetch("held.js", leaving).catch(() => {}); }
"""


@pytest.fixture
def asking(browser, origins):
    """A page that waits for a file which never comes, and what went wrong in it."""
    context = browser.new_context()
    page, troubles = open_page(context, url(origins, "http", PAGES[0]))
    page.route("**/held.js", lambda route: None)
    with page.expect_request("**/held.js"):
        page.evaluate(ASK)
    yield page, troubles
    context.close()


def test_what_a_page_gives_up_since_its_reader_goes_on_is_no_fault(asking):
    page, troubles = asking
    with page.expect_event("requestfailed"):
        page.reload()
    page.wait_for_load_state()
    assert not troubles


def test_what_a_page_gives_up_while_it_is_read_is_told(asking):
    page, troubles = asking
    with page.expect_event("requestfailed"):
        page.evaluate("leaving.abort()")
    assert [trouble.split(":")[0] for trouble in troubles] == ["gives up"]
    assert troubles[0].endswith("/held.js")


def test_what_fails_in_a_page_is_told(asking):
    page, troubles = asking
    page.route("**/lost.js", lambda route: route.abort("connectionreset"))
    with page.expect_event("requestfailed"), page.expect_console_message():
        page.evaluate("fetch('lost.js').catch(() => {})")
    with page.expect_event("pageerror"), page.expect_console_message():
        page.evaluate("console.error('on fire'), setTimeout(() => { throw Error('lost') })")
    with page.expect_event("response"), page.expect_console_message():
        page.evaluate("fetch('missing.js').then(() => {})")
    kinds = sorted(trouble.split(":")[0] for trouble in troubles)
    assert kinds == ["fails to get", "gets 404", "prints", "prints", "prints", "throws"]
