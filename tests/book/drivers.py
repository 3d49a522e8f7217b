"""Firefox and WebKit, each driven through what the system brings of it.

Firefox itself speaks Marionette, the protocol below WebDriver: JSON over a socket, each message
after its length. WebKitGTK brings a WebDriver and MiniBrowser, which wants a screen: Xvfb is one.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

PATIENCE = 120  # s; a busy machine is no fault
SILENCE = {  # no update, no report, no page of its own: it asks the book's host alone
    "marionette.port": 0,  # any that is free; Firefox writes it into its profile
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
}
PATHS = {  # of WebDriver's commands, where they are sent over HTTP
    "Navigate": "/url",
    "ExecuteScript": "/execute/sync",
    "PerformActions": "/actions",
    "SetWindowRect": "/window/rect",
}
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def end(process):
    """End a process that was started here."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Driver:
    """A browser that follows commands: those of WebDriver, as `ask` sends them."""

    def open(self, url):
        """Open a page."""
        self.ask("Navigate", url=url)

    def run(self, script):
        """Run a script in the page; return what it returns."""
        return self.ask("ExecuteScript", script=script, args=[])

    def wait(self, script, why):
        """Wait until a script returns something true."""
        last = time.monotonic() + PATIENCE
        while not (found := self.run(script)):
            assert time.monotonic() < last, why
            time.sleep(0.05)
        return found

    def resize(self, width, height):
        """Give the window another size, and the page in it."""
        self.ask("SetWindowRect", width=width, height=height)
        self.wait(f"return innerWidth === {width}", "the page has not the window's size")

    def drag(self, start, end):
        """Drag the mouse from one point of the window to another."""
        move = {"type": "pointerMove", "duration": 100, "origin": "viewport"}
        steps = [
            move | {"x": start[0], "y": start[1]},
            {"type": "pointerDown", "button": 0},
            move | {"x": end[0], "y": end[1]},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"pointerType": "mouse"}
        actions = {"type": "pointer", "id": "mouse", "parameters": mouse, "actions": steps}
        self.ask("PerformActions", actions=[actions])


class Firefox(Driver):
    """A Firefox without a window, in a profile of its own."""

    def __init__(self, profile):
        path = shutil.which(os.environ.get("FIREFOX") or "firefox-esr") or shutil.which("firefox")
        if not path:
            pytest.fail("This test drives a Firefox: apt-get install firefox-esr", pytrace=False)
        prefs = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in SILENCE.items()]
        (profile / "user.js").write_text("".join(prefs), "utf-8")
        self.process = subprocess.Popen(
            [path, "--headless", "--marionette", "--no-remote", "--profile", str(profile)], **QUIET
        )
        try:
            self.socket = self.connect(profile / "MarionetteActivePort")
            self.receive()  # it says who it is
            self.number = 0
            self.ask("NewSession")
        except BaseException:
            self.process.kill()
            raise

    def connect(self, file):
        """Wait for the port that Firefox listens on."""
        last = time.monotonic() + PATIENCE
        while time.monotonic() < last and self.process.poll() is None:
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
        message = json.dumps([0, self.number, f"WebDriver:{command}", parameters]).encode()
        self.socket.sendall(str(len(message)).encode() + b":" + message)
        _, number, error, result = self.receive()
        assert number == self.number
        if error:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result.get("value", result)

    def close(self):
        """End it."""
        self.socket.close()
        end(self.process)


class WebKit(Driver):
    """WebKitGTK's MiniBrowser on a screen of its own."""

    def __init__(self, profile):
        folders = (Path(f) for f in ("/usr/lib", "/usr/libexec", "/usr/lib64"))
        browsers = [p for f in folders for p in f.glob("**/webkit2gtk-4*/MiniBrowser")]
        tools = "WebKitWebDriver", "Xvfb"
        if not browsers or not all(map(shutil.which, tools)):
            pytest.skip("no WebKit here: apt-get install webkit2gtk-driver xvfb")
        self.processes = []
        try:
            self.start(str(browsers[0]), profile)
        except BaseException:
            self.close()
            raise

    def start(self, browser, profile):
        """Start screen, driver and browser."""
        told, tells = os.pipe()
        screen = ["Xvfb", "-displayfd", str(tells), "-screen", "0", "1400x900x24"]
        self.processes.append(subprocess.Popen(screen, pass_fds=[tells], **QUIET))
        os.close(tells)
        with open(told) as told:
            display = f":{told.readline().strip()}"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {"DISPLAY": display, "GDK_BACKEND": "x11", "HOME": str(profile)}
        self.processes.append(
            subprocess.Popen(
                ["WebKitWebDriver", f"--port={port}"], env=os.environ | environment, **QUIET
            )
        )
        self.server, self.session = HTTPConnection("127.0.0.1", port, timeout=PATIENCE), ""
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        last = time.monotonic() + PATIENCE
        while not self.session:
            try:
                session = self.send("POST", "/session", capabilities=wanted)["sessionId"]
                self.session = f"/session/{session}"
            except ConnectionRefusedError:  # it does not listen yet
                self.server.close()
                assert time.monotonic() < last, "WebKit's driver did not start"
                time.sleep(0.1)

    def send(self, method, path, **parameters):
        """Send a request; return what comes back."""
        body = json.dumps(parameters) if method == "POST" else None
        self.server.request(method, path, body, {"Content-Type": "application/json"})
        answer = self.server.getresponse()
        value = json.loads(answer.read())["value"]
        if answer.status != 200:
            raise RuntimeError(f"{path}: {value['error']}: {value['message']}")
        return value

    def ask(self, command, **parameters):
        """Send a command; return what comes back."""
        return self.send("POST", self.session + PATHS[command], **parameters)

    def close(self):
        """End the browser, its driver and its screen."""
        if getattr(self, "session", ""):
            self.send("DELETE", self.session)
            self.server.close()
        for process in reversed(self.processes):
            end(process)
