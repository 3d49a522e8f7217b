"""What an explorer asks of its reader: to predict before the figure is seen, and to reach goals.

The page holds a prediction against what the scene computes there, and a challenge against its
readouts. Here the same is said in Python: `Question.truth`, `Challenge.met`.
"""

from dataclasses import asdict, dataclass

__all__ = ["Challenge", "Goal", "Question", "Sketch", "Trend"]


@dataclass(frozen=True, init=False)
class Asked:
    """What questions and sketches share: a text, what is asked for, and where the sliders stand."""

    text: str
    of: str
    at: dict

    def __init__(self, text, of, /, **at):
        for name, value in {"text": text, "of": of, "at": at}.items():
            object.__setattr__(self, name, value)


class Question(Asked):
    """A question whose answer is a number that the figure tells.

    Parameters
    ----------
    text : str
        What is asked.
    of : str
        Readout of the scene that is the answer.
    **at
        Positions of sliders, where they are not those that the explorer starts at.

    Examples
    --------
    >>> from neuro_lib.explorers import explore_step
    >>> Question("How fast does it fire at 0.5 nA?", "rate", I=0.5).truth(explore_step())
    109.14
    """

    kind = "number"

    def truth(self, explorer):
        """Give the right answer where the explorer stands now."""
        there = self._there(explorer)
        return round(float(there), max(explorer.readout(self.of).digits, 2))

    def _there(self, explorer):
        return getattr(explorer.scene(**explorer.params | self.at), self.of)

    def spec(self, explorer):
        """What the page is told of the question."""
        readout, values = explorer.readout(self.of), explorer.stops(self.at)
        said = {"unit": readout.unit, "digits": readout.digits}
        return {"kind": self.kind, "text": self.text, "of": self.of, "at": values, **said}


class Trend(Question):
    """A question which way a number goes that the figure tells: it falls, stays or rises.

    Parameters
    ----------
    text : str
        What is asked.
    of : str
        Readout of the scene that goes there.
    **at
        Positions to which sliders are moved from where the explorer starts.

    Examples
    --------
    >>> from neuro_lib.explorers import explore_step
    >>> Trend("You double R. And the rate?", "rate", R=100.0).truth(explore_step())
    'rises'
    """

    kind = "change"

    def truth(self, explorer):
        """Give the right answer where the explorer stands now."""
        say, there = explorer.readout(self.of).say, self._there(explorer)
        here = getattr(explorer.run(), self.of)
        return "stays" if say(here) == say(there) else "rises" if there > here else "falls"


class Sketch(Asked):
    """A curve that the reader draws, or a point that the reader places, on the empty axes.

    Parameters
    ----------
    text : str
        What is asked.
    of : str
        The gid of the scene's `Line` or `Point` that is the answer.
    **at
        Positions of sliders, where they are not those that the explorer starts at.

    Examples
    --------
    >>> Sketch("Draw the rate at each current.", "curve", t_ref=5.0).at
    {'t_ref': 5.0}
    """

    def spec(self, explorer):
        """What the page is told of the sketch."""
        marks = {m.gid: m for m in explorer.scene.marks if m.kind in ("line", "point")}
        if self.of not in marks:
            raise ValueError(
                f"of = {self.of!r}: what can be sketched in {explorer.scene.name} is "
                f"{', '.join(marks)}"
            )
        kind = "curve" if marks[self.of].kind == "line" else "place"
        at = explorer.stops(self.at)
        return {"kind": kind, "text": self.text, "mark": self.of, "at": at}


@dataclass(frozen=True)
class Goal:
    """A condition of a challenge: that an output or a slider lies in a range.

    Parameters
    ----------
    of : str
        Output or slider of the scene.
    low, high : float or None
        The range, ends included; open where there is none.
    """

    of: str
    low: float | None = None
    high: float | None = None

    def met(self, value) -> bool:
        """Whether a value lies in the range."""
        return not (
            (self.low is not None and value < self.low)
            or (self.high is not None and value > self.high)
        )


@dataclass(frozen=True)
class Challenge:
    """Something to reach with some of the sliders.

    Parameters
    ----------
    text : str
        What is to be reached.
    goals : tuple of Goal
        When it is: all of them are met.
    locked : tuple of str
        Sliders that stay where they are.
    hint : str
        What helps, after a while.
    """

    text: str
    goals: tuple[Goal, ...]
    locked: tuple[str, ...] = ()
    hint: str = ""

    def met(self, scene, params) -> bool:
        """Whether the goals are met at complete values of the sliders."""
        values = {**params, **scene(**params)._asdict()}
        return all(goal.met(values[goal.of]) for goal in self.goals)

    def check(self, scene):
        """Raise ValueError if it names what the scene does not have, or is met from the start."""
        sliders = [p.name for p in scene.parameters]
        for name in self.locked:
            if name not in sliders:
                raise ValueError(f"challenge {self.text!r}: {scene.name} has no slider {name}")
        for goal in self.goals:
            if goal.of not in (*sliders, *scene.outputs):
                raise ValueError(f"challenge {self.text!r}: {scene.name} has no {goal.of}")

    def spec(self):
        """What the page is told of the challenge: all that is not left out."""
        known = {**asdict(self), "goals": [_given(goal) for goal in self.goals]}
        return {key: value for key, value in known.items() if value}


def _given(goal):
    return {key: value for key, value in asdict(goal).items() if value is not None}
