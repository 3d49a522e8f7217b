"""The hands of a reader: a mouse, or a finger."""

import time


class Finger:
    """A finger, moved as Playwright moves a mouse."""

    def __init__(self, page):
        self.touch, self.at = page.context.new_cdp_session(page), (0, 0)

    def _send(self, kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        self.touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def move(self, x, y, steps=1):
        (x_0, y_0), pressed = self.at, getattr(self, "pressed", False)
        for k in range(1, steps + 1):
            self.at = x_0 + (x - x_0) * k / steps, y_0 + (y - y_0) * k / steps
            if pressed:
                self._send("touchMove", self.at)

    def down(self):
        self.pressed = True
        self._send("touchStart", self.at)

    def up(self, rest=0.1):
        """Rest, then lift: what is flung goes on, and the next tap would only stop it."""
        time.sleep(rest)
        self._send("touchMove", self.at)
        self._send("touchEnd")
        self.pressed = False


def hand(page, kind):
    """The "mouse" of a page, or a "finger" on it."""
    return Finger(page) if kind == "finger" else page.mouse


def middle_of(thing):
    """Where a hand takes hold of something."""
    box = thing.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, kind, knob, x, y):
    """Drag something to a place in the window."""
    pointer = hand(page, kind)
    pointer.move(*middle_of(knob))
    pointer.down()
    pointer.move(x, y, steps=3)
    pointer.up()


# At the window's end, where no picture that sticks to its top is in front.
IN_REACH = """
(thing) => {
  thing.scrollIntoView({ block: "end", behavior: "instant" });
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}
"""


# Of a tap the browser makes a click, in its own time: what follows must not come before that.
CLICKED = """
() => {
  window.clicked = false;
  addEventListener("click", () => setTimeout(() => { clicked = true; }),
    { once: true, capture: true });
}
"""


def press(kind, thing):
    """Click on something, or tap it; a tap on a page that scrolls would only stop it."""
    if kind == "finger":
        thing.wait_for()
        thing.evaluate(IN_REACH)
        thing.page.evaluate(CLICKED)
        thing.page.touchscreen.tap(*middle_of(thing))
        thing.page.wait_for_function("clicked")
    else:
        thing.click()
