"""What an explorer asks of its reader: to predict before the figure is seen, and to reach goals.

The page holds a prediction against what the scene computes there, and a challenge against its
readouts. Here the same is said in Python: `Question.truth`, `Challenge.met`.
"""

from dataclasses import asdict, dataclass, field

__all__ = ["Challenge", "Goal", "Question", "Sketch"]

CLOSE = 0.1  # of the truth, or of the axis: nearer than this a guess is right


@dataclass(frozen=True)
class Question:
    """A question whose answer the figure shows: a number, or which way a number goes.

    Parameters
    ----------
    text : str
        What is asked.
    of : str
        Readout of the scene that is the answer.
    at : dict
        Positions of sliders, by name, where they are not those that the explorer starts at.
    compared : bool
        Whether the reader says if the number falls, stays or rises from the start to `at`; else
        the number itself.

    Examples
    --------
    >>> from neuro_lib.explorers import explore_step
    >>> twice = Question("You double R. And the rate?", "rate", {"R": 100.0}, compared=True)
    >>> twice.truth(explore_step())
    'rises'
    >>> Question("How fast does it fire?", "rate").truth(explore_step())
    72.13
    """

    text: str
    of: str
    at: dict = field(default_factory=dict)
    compared: bool = False

    def truth(self, explorer):
        """Give the right answer at the explorer's present values: a number, or how it changes."""
        readout = explorer.readout(self.of)
        start = explorer.params
        there = getattr(explorer.scene(**start | self.at), self.of)
        if not self.compared:
            return round(float(there), max(readout.digits, 2))
        here = getattr(explorer.scene(**start), self.of)
        if readout.say(here) == readout.say(there):
            return "stays"
        return "rises" if there > here else "falls"

    def spec(self, explorer):
        """What the page is told of the question."""
        readout, values = explorer.readout(self.of), explorer.stops(self.at)
        kind = "change" if self.compared else "number"
        said = {"unit": readout.unit, "digits": readout.digits}
        return {"kind": kind, "text": self.text, "of": self.of, "at": values, **said}


@dataclass(frozen=True)
class Sketch:
    """A curve that the reader draws, or a point that the reader places, on the empty axes.

    Parameters
    ----------
    text : str
        What is asked.
    mark : str
        The gid of the scene's `Line` or `Point` that is the answer.
    at : dict
        Positions of sliders, by name, where they are not those that the explorer starts at.

    Examples
    --------
    >>> from neuro_lib.explorers import explore_fI
    >>> Sketch("Draw the f-I curve.", "fI").text
    'Draw the f-I curve.'
    """

    text: str
    mark: str
    at: dict = field(default_factory=dict)

    def spec(self, explorer):
        """What the page is told of the sketch."""
        marks = {mark.gid: mark for mark in explorer.scene.marks}
        if self.mark not in marks or marks[self.mark].kind == "ticks":
            known = ", ".join(gid for gid, mark in marks.items() if mark.kind != "ticks")
            raise ValueError(
                f"mark = {self.mark!r}: what can be sketched in {explorer.scene.name} is {known}"
            )
        kind = "curve" if marks[self.mark].kind == "line" else "place"
        values = explorer.stops(self.at)
        return {"kind": kind, "text": self.text, "mark": self.mark, "at": values}


@dataclass(frozen=True)
class Goal:
    """A condition of a challenge: that an output or a slider lies in a range.

    Parameters
    ----------
    of : str
        Output or slider of the scene.
    low, high : float
        The range, ends included.
    """

    of: str
    low: float = -1e9
    high: float = 1e9


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
        return all(goal.low <= values[goal.of] <= goal.high for goal in self.goals)

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
        """What the page is told of the challenge."""
        return asdict(self)
