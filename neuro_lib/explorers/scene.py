"""What an explorer is made of: a scene, its sliders, its figure and its readouts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from inspect import signature
from math import isfinite, nan
from numbers import Integral

from neuro_lib.explorers.ask import Challenge
from neuro_lib.portable import Portable
from neuro_lib.portable.records import record_of
from neuro_lib.units import exceeds
from neuro_lib.values import NotANumber, floats

__all__ = [
    "Choice",
    "Draw",
    "Drawing",
    "Handle",
    "Line",
    "Point",
    "Presets",
    "Readout",
    "Scene",
    "Slider",
    "Ticks",
]


@dataclass(frozen=True)
class Slider:
    """A parameter that the reader moves.

    Parameters
    ----------
    name : str
        Parameter of the scene's function (``tau_m``).
    symbol : str
        As the book writes it (``τ_m``).
    unit : str
        Unit (``ms``); empty for a pure number.
    meaning : str
        A few words (``membrane time constant``).
    low, high, step, default : float
        Range, step and first value, in `unit`. A whole-numbered set makes an integer slider.
    """

    name: str
    symbol: str
    unit: str
    meaning: str
    low: float
    high: float
    step: float
    default: float

    @classmethod
    def of(cls, model, name, low, high, step, default=None):
        """Take symbol, unit, meaning and default from a model's parameter."""
        what = model.quantities()[name]
        default = getattr(model(), name) if default is None else default
        return cls(name, what.symbol, what.unit, what.meaning, low, high, step, default)

    @property
    def whole(self) -> bool:
        """Whether only whole numbers can be chosen."""
        return all(isinstance(v, int) for v in (self.low, self.high, self.step, self.default))

    @property
    def digits(self) -> int:
        """Decimals needed to tell neighbouring positions apart."""
        return max(0, -Decimal(str(self.step)).normalize().as_tuple().exponent)

    def say(self, value) -> str:
        """Put a value into words, as beside the slider."""
        return f"{fixed(value, self.digits)} {self.unit}".rstrip()

    def checked(self, value):
        """Return a value in the slider's range, as int or float, or raise ValueError."""
        kind, ends = "whole number" if self.whole else "number", f"{self.low:g} to {self.high:g}"
        allowed = f"must be a {kind} from {ends} {self.unit}".rstrip()
        try:
            numbers = floats(value, self.unit)
        except NotANumber as reason:
            raise ValueError(
                f"{self._told(value)}: the {self.meaning} {str(reason) or allowed}"
            ) from None
        number = numbers.item() if numbers.ndim == 0 else nan
        beyond = exceeds(number, self.high) or exceeds(self.low, number)
        if beyond or not isfinite(number) or (self.whole and number % 1):
            raise ValueError(f"{self._told(value)}: the {self.meaning} {allowed}")
        number = min(max(number, self.low), self.high)
        return int(number) if self.whole else number

    def stop(self, value):
        """Return a value at which the slider can stand, or raise ValueError."""
        value = self.checked(value)
        steps = (value - self.low) / self.step
        if abs(steps - round(steps)) > 1e-6:
            raise ValueError(
                f"{self._told(value)}: the slider of the {self.meaning} goes from {self.low:g} to "
                f"{self.high:g} {self.unit} in steps of {self.step:g} {self.unit}".rstrip()
            )
        return value if self.whole else round(value, self.digits)  # 0.1 + 0.2 stands at 0.3

    def _told(self, value):
        return f"{self.name} = {value} {self.unit}".rstrip()


@dataclass(frozen=True)
class Draw(Slider):
    """The number of a draw of noise, the seed in every engine. A button goes to the next.

    Where one draw misleads, the page tells the mean over those seen so far.

    Parameters
    ----------
    name, symbol, unit, meaning : str
        As those of a `Slider`.
    low, high, step, default : int
        As those of a `Slider`.
    """

    @classmethod
    def of_noise(cls, name, meaning, default=1):
        """Give a draw of fifty."""
        return cls(name, name, "", meaning, low=1, high=50, step=1, default=default)


@dataclass(frozen=True)
class Choice:
    """A parameter that the reader picks from a list; its value is the option's number.

    Parameters
    ----------
    name : str
        Parameter of the scene's function, an int.
    meaning : str
        A few words (``kind of input``).
    options : tuple of str
        What can be picked.
    default : int
        Number of the option picked at first.
    """

    name: str
    meaning: str
    options: tuple[str, ...]
    default: int = 0
    digits: int = field(default=0, init=False)

    def checked(self, value):
        """Return the number of an option given as its number or its text, or raise ValueError."""
        if isinstance(value, str) and value in self.options:
            return self.options.index(value)
        number = isinstance(value, Integral) and not isinstance(value, bool)
        if number and 0 <= value < len(self.options):
            return int(value)
        raise ValueError(
            f"{self.name} = {value!r}: the {self.meaning} must be one of {', '.join(self.options)}"
        )

    stop = checked


@dataclass(frozen=True, kw_only=True)
class Presets(Choice):
    """A list whose options set sliders: where to start from. The scene's function never sees it.

    Parameters
    ----------
    name : str
        Name of the list.
    meaning : str
        A few words (``start from``).
    options : tuple of str
        What can be picked.
    default : int
        Number of the option picked at first.
    sets : tuple of dict
        For each option the positions, by name, of the sliders that it moves.
    """

    sets: tuple[dict, ...]


@dataclass(frozen=True)
class Line:
    """A curve that moves. Its artist is a Matplotlib line with this gid.

    `x` and `y` name outputs or parameters of the scene, or hold numbers. Arrays make a curve; a
    number beside an array is the same all along.
    """

    gid: str
    x: str | tuple[float, ...]
    y: str | tuple[float, ...]
    kind: str = field(default="line", init=False)


@dataclass(frozen=True)
class Ticks:
    """Upright ticks with this gid, at the times `x`, from `low` to `high`: spikes."""

    gid: str
    x: str
    low: str | float
    high: str | float
    kind: str = field(default="ticks", init=False)


@dataclass(frozen=True)
class Point:
    """A marker with this gid at (`x`, `y`): numbers, or names of outputs or parameters that are."""

    gid: str
    x: str | float
    y: str | float
    kind: str = field(default="point", init=False)


@dataclass(frozen=True)
class Handle:
    """What a reader takes hold of in the picture, in place of a slider: both are one value.

    Parameters
    ----------
    name : str
        The slider, or the list.
    axis : str
        The axis, ``"x"`` or ``"y"``, along which it is dragged: there its value is drawn.
    mark : str
        The gid of what is dragged; that of the slider's name, if it is not given.
    at : float
        Where a line has its handle on the other axis; at the far end, if it is not given.
    other : str
        A second slider, for a point that is dragged along both axes.
    zero, scale : float
        A value lies on the axis at ``zero + scale * value``: at itself, if they are not given.

    Examples
    --------
    >>> Handle("theta", axis="y").mark
    'theta'
    """

    name: str
    axis: str
    mark: str = ""
    at: float | None = None
    other: str = ""
    zero: float = 0.0
    scale: float = 1.0

    def __post_init__(self):
        if self.axis not in ("x", "y"):
            raise ValueError(f"axis = {self.axis!r}: the axis of a handle must be x or y")
        if not self.mark:
            object.__setattr__(self, "mark", self.name)


@dataclass(frozen=True)
class Drawing:
    """An input that the reader may draw by hand, in place of the author's.

    Parameters
    ----------
    mark : str
        The gid of the line that is drawn.
    run : Portable
        The `portable` function from what is drawn, an array, and the sliders' values, in order, to
        the scene's outputs.
    """

    mark: str
    run: Portable


@dataclass(frozen=True)
class Readout:
    """A number that is told in words: ``label value unit``, rounded half up as in JavaScript.

    Parameters
    ----------
    name : str
        Output of the scene.
    label : str
        What it is (``firing rate``).
    unit : str
        Unit; empty for a pure number.
    digits : int
        Decimals shown.
    none : str
        What to say when the value is negative, for numbers that may not exist (``no spike``).
    """

    name: str
    label: str
    unit: str = ""
    digits: int = 0
    none: str = ""

    def say(self, value) -> str:
        """Put a value into words."""
        if value < 0 and self.none:
            return self.none
        return f"{self.label} {fixed(value, self.digits)} {self.unit}".rstrip()


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """Everything that defines one explorer.

    Parameters
    ----------
    name : str
        Unique name; the page's ``data-scene``.
    run : Portable
        The `portable` function from the sliders' values, in order, to what the figure shows: a
        record, a `NamedTuple` that its annotation names. Its fields are the scene's outputs.
    parameters : tuple of Slider or Choice
        What the reader moves, in the order of the function's parameters; `Presets` come first.
    marks : tuple of Line, Ticks or Point
        What moves in the figure.
    readouts : tuple of Readout
        What is told in words.
    draw : callable
        ``draw(values)`` draws the figure once, in the house style, and returns it. `values`
        has the outputs and parameters by name; each mark's artist carries its gid.
    alt : str
        What the picture shows, for those who do not see it.
    title : str
        What the figure is called: a screen reader says it before its controls.
    challenges : tuple of Challenge
        What the reader may try to reach.
    handles : tuple of Handle
        What the reader can take hold of in the picture.
    drawing : Drawing, optional
        An input that the reader may draw.
    """

    name: str
    run: Portable
    parameters: tuple[Slider | Choice, ...]
    marks: tuple[Line | Ticks | Point, ...]
    readouts: tuple[Readout, ...]
    draw: Callable
    alt: str
    title: str = ""
    challenges: tuple[Challenge, ...] = ()
    handles: tuple[Handle, ...] = ()
    drawing: Drawing | None = None

    def __post_init__(self):
        names = tuple(signature(self.run).parameters)  # without a look at the function's body
        if tuple(p.name for p in self._seen) != names:
            raise ValueError(f"scene {self.name}: its sliders must be, in order, {names}")
        self._check_outputs()
        defaults = {p.name: p.default for p in self._seen}
        for p in self._presets:
            for option, values in zip(p.options, p.sets, strict=True):
                for slider in self._seen:
                    slider.stop(values.get(slider.name, slider.default))
                if not values.keys() <= defaults.keys():
                    raise ValueError(f"scene {self.name}: {option} sets what is no slider")
            if not p.sets[p.default].items() <= defaults.items():
                raise ValueError(f"scene {self.name}: the defaults must be {p.options[p.default]}")

    def _check_outputs(self):
        """See that what the figure and the readouts name is there, and each name is one thing."""
        names = [*(p.name for p in self.parameters), *self.outputs]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"scene {self.name}: two things are called {', '.join(sorted(twice))}")
        places = ("x", "y", "low", "high")
        used = [getattr(mark, place, None) for mark in self.marks for place in places]
        used += [readout.name for readout in self.readouts]
        for name in used:
            if isinstance(name, str) and name not in names:
                raise ValueError(f"scene {self.name}: {name} is no output and no slider")
        for challenge in self.challenges:
            challenge.check(self)
        sliders, marks = {p.name for p in self._seen}, {mark.gid for mark in self.marks}
        for handle in self.handles:
            if unknown := {handle.name, handle.other or handle.name} - sliders:
                raise ValueError(f"scene {self.name}: {', '.join(unknown)} is no slider")
            if handle.mark not in marks:
                raise ValueError(f"scene {self.name}: {handle.mark} is no mark")
        if self.drawing:
            _, *others = signature(self.drawing.run).parameters
            if self.drawing.mark not in marks or others != [p.name for p in self._seen]:
                raise ValueError(f"scene {self.name}: its drawing needs a mark and all sliders")

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Names of what the function returns; its body is not looked at."""
        record = record_of(signature(self.run).return_annotation)
        if record is None:
            raise ValueError(
                f"scene {self.name}: its function must return a record, which its annotation names"
            )
        return tuple(record.fields)

    @property
    def _presets(self):
        return [p for p in self.parameters if isinstance(p, Presets)]

    @property
    def features(self) -> list[str]:
        """What it offers that few others do: modules of the runtime."""
        chance = any(isinstance(p, Draw) for p in self.parameters)
        return ["another"] * chance + ["drawing"] * (self.drawing is not None)

    @property
    def _sliders(self):
        return [p for p in self.parameters if isinstance(p, Slider)]

    @property
    def _seen(self):
        return [p for p in self.parameters if not isinstance(p, Presets)]

    def arguments(self, values: dict) -> list:
        """Give the function's arguments among complete values, in order."""
        return [values[p.name] for p in self._seen]

    def checked(self, values: dict) -> dict:
        """Complete values by the preset and the defaults and check them."""
        by_name = {p.name: p for p in self.parameters}
        for name in values:
            if name not in by_name:
                raise ValueError(f"{name}: {self.name} has the sliders {', '.join(by_name)}")
        chosen = dict(values)
        for p in self._presets:
            chosen = p.sets[p.checked(values.get(p.name, p.default))] | chosen
        return {n: p.checked(chosen.get(n, p.default)) for n, p in by_name.items()}

    def __call__(self, **values):
        """Run the scene; values that are not given are the preset's or the defaults."""
        return self.run(*self.arguments(self.checked(values)))

    def describe(self, outcome) -> list[str]:
        """Say the readouts of an outcome, one line each."""
        return [readout.say(getattr(outcome, readout.name)) for readout in self.readouts]


def fixed(value, digits) -> str:
    """Format a number as the page does: rounded half away from zero, with a real minus sign."""
    text = str(Decimal(float(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")
