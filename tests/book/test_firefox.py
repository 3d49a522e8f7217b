"""The book in Firefox, which the other tests of its pages leave out: a slider is dragged.

Firefox itself speaks Marionette, the protocol below WebDriver: JSON over a socket, each message
after its length. So no driver has to be installed beside it.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from functools import partial

import pytest

from tests.book.pages import IN_SIGHT, url

pytestmark = [pytest.mark.book, pytest.mark.browser]
PATIENCE = 120  # s; a busy machine is no fault
SILENCE = {  # no update, no report, no page of its own: it asks the book's host alone
    "marionette.port": 0,  # any that is free; Firefox writes it into its profile
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """A Firefox without a window, in a profile of its own."""

    def __init__(self, profile):
        path = shutil.which(os.environ.get("FIREFOX") or "firefox-esr") or shutil.which("firefox")
        if not path:
            pytest.fail("This test drives a Firefox: apt-get install firefox-esr", pytrace=False)
        prefs = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in SILENCE.items()]
        (profile / "user.js").write_text("".join(prefs), "utf-8")
        self.process = subprocess.Popen(
            [path, "--headless", "--marionette", "--no-remote", "--profile", str(profile)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self.socket = self.connect(profile / "MarionetteActivePort")
            self.receive()  # it says who it is
            self.number = 0
            self.ask("WebDriver:NewSession")
        except BaseException:
            self.process.kill()
            raise

    def connect(self, file):
        """Wait for the port that Firefox listens on."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            if file.is_file() and (port := file.read_text("utf-8").strip()):
                return socket.create_connection(("127.0.0.1", int(port)), timeout=PATIENCE)
            time.sleep(0.1)
        raise RuntimeError("Firefox did not start")

    def read(self, count):
        """That many bytes."""
        pieces = b""
        while len(pieces) < count:
            piece = self.socket.recv(count - len(pieces))
            if not piece:
                raise RuntimeError("Firefox has gone")
            pieces += piece
        return pieces

    def receive(self):
        """The next message."""
        length = b"".join(iter(partial(self.read, 1), b":"))
        return json.loads(self.read(int(length)))

    def ask(self, command, **parameters):
        """Send a command; return what comes back."""
        self.number += 1
        message = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(str(len(message)).encode() + b":" + message)
        _, number, error, result = self.receive()
        assert number == self.number
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result

    def run(self, script):
        """Run a script in the page; return what it returns."""
        return self.ask("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def drag(self, start, end):
        """Drag the mouse from one point of the window to another."""
        move = {"type": "pointerMove", "duration": 100}
        steps = [
            move | {"x": start[0], "y": start[1]},
            {"type": "pointerDown", "button": 0},
            move | {"x": end[0], "y": end[1]},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "actions": steps}
        self.ask("WebDriver:PerformActions", actions=[mouse])

    def close(self):
        """End it."""
        self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    firefox = Firefox(tmp_path_factory.mktemp("profile"))
    yield firefox
    firefox.close()


@pytest.fixture
def firefox(started):
    """The one Firefox of these tests, at its first size; what it has open is left behind."""
    started.ask("WebDriver:SetWindowRect", width=1366, height=868)
    return started


STATE = """
const figure = document.querySelector("figure.explorer");
const slider = figure.querySelector("input[type=range]");
slider.scrollIntoView({block: "center", behavior: "instant"});
const {x, y, width, height} = slider.getBoundingClientRect();
const share = (slider.value - slider.min) / (slider.max - slider.min);
return {
  value: slider.valueAsNumber, max: Number(slider.max),
  thumb: [x + 8 + share * (width - 16), y + height / 2].map(Math.round),
  end: [x + width + 20, y + height / 2].map(Math.round),
  readout: figure.querySelector(".readout").textContent,
  picture: [...figure.querySelectorAll("svg [data-gid] path")].map((e) => e.getAttribute("d")),
};
"""


@pytest.mark.parametrize("origin", ["http", "file"])
def test_a_slider_dragged_in_firefox_redraws_the_figure(firefox, origins, origin):
    firefox.ask("WebDriver:Navigate", url=url(origins, origin, "chapters/if_model"))
    before = firefox.run(STATE)
    firefox.drag(before["thumb"], before["end"])
    end = time.monotonic() + PATIENCE
    while (after := firefox.run(STATE))["picture"] == before["picture"]:
        assert time.monotonic() < end, "the picture has not changed"
        time.sleep(0.05)
    assert before["value"] < after["value"] == after["max"]
    assert after["readout"] != before["readout"]


# What a change of size starts has come to its end.
SETTLED = "return document.getAnimations().every(({ playState }) => playState === 'finished')"


def test_picture_is_in_sight_of_its_sliders_in_firefox(firefox, origins):
    firefox.ask("WebDriver:Navigate", url=url(origins, "http", "chapters/if_model"))
    look = f"return [innerWidth, ({IN_SIGHT})(document.querySelector('figure.explorer'))]"
    for width, height in ((500, 800), (900, 500), (1366, 757)):
        firefox.ask("WebDriver:SetWindowRect", width=width, height=height)
        end = time.monotonic() + PATIENCE
        while not firefox.run(SETTLED):
            assert time.monotonic() < end, "the page has not settled"
            time.sleep(0.05)
        seen, shares = firefox.run(look)
        assert seen <= width
        for control, both in shares.items():
            assert min(both) >= 0.9, f"{width} px: {control}: {both}"


def test_notebook_runs_in_firefox(firefox, origins, site):
    address = "lite/notebooks/index.html?path=chapters/if_model.ipynb"
    firefox.ask("WebDriver:Navigate", url=f"{origins['http']}/{address}")
    end = time.monotonic() + PATIENCE
    while not firefox.run("return !!document.querySelector('.course-bar[data-state=run]')"):
        assert time.monotonic() < end, "it does not run through"
        time.sleep(0.2)
    count = "return document.querySelectorAll('.jp-OutputArea-output {}').length"
    assert firefox.run(count.format("figure.explorer"))
    assert not firefox.run(count.replace(" {}", "[data-mime-type*=stderr]"))
