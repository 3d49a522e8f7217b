"""Who works on a problem set: the id that gives each student parameters of their own."""

import unicodedata
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256

__all__ = ["Student", "canonical", "draws", "listed"]

# Letters that show nothing, beside what Unicode itself calls formats, as the zero-width space.
INVISIBLE = {
    *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
}


def canonical(text):
    """Return the one way of writing an id that people and programs write in many ways.

    Parameters
    ----------
    text : str
        An id: of any Unicode form, in capitals or not, with blanks and signs that nobody sees.

    Returns
    -------
    str
        The same for all these ways, on one line.

    Examples
    --------
    >>> canonical(" Ada\u00a0 Lovelace\u200b"), canonical("JOSE\u0301") == canonical("jos\u00e9")
    ('ada lovelace', True)
    """
    text = text.encode("utf-8", "replace").decode()
    before = None
    while text != before:  # one pass may make what another takes away
        before = text
        text = unicodedata.normalize("NFKC", text).upper().casefold()  # a dotless i has a capital I
        text = text.replace("i\u0307", "i")  # of a capital with a dot
        text = "".join(sign for sign in text if sign.isspace() or not _unseen(sign))
        text = unicodedata.normalize("NFKC", " ".join(text.split()))
    return text


def _unseen(sign):
    return sign in INVISIBLE or unicodedata.category(sign) in ("Cc", "Cf")


@dataclass(frozen=True)
class Student:
    """A student, by the id that the course knows them by.

    Parameters
    ----------
    id : str, optional
        As the course writes it; capitals, blanks around it and what nobody sees do not matter.
        Without one, the parameters are an example's, and the notebook says so.

    Raises
    ------
    TypeError
        If `id` is not text.

    Examples
    --------
    >>> Student(" Ada-01 ")
    Student(id='ada-01')
    >>> Student("ada-01").pick("problems_1: tau_m", [8.0, 10.0, 12.5, 16.0])
    12.5
    """

    id: str = ""

    def __post_init__(self):
        if not isinstance(self.id, str):
            raise TypeError(f"id = {self.id!r}: a student's id is text, in quotes")
        object.__setattr__(self, "id", canonical(self.id))

    @property
    def named(self) -> bool:
        """Whether there is an id; if not, the parameters are the example's."""
        return bool(self.id)

    def pick(self, key, values):
        """Choose one of several values, always the same one for this student and this key.

        Parameters
        ----------
        key : str
            What is chosen, for instance ``"problems_1: tau_m"``. Choices with different keys are
            independent of each other.
        values : sequence
            What there is to choose from, in any unit.

        Returns
        -------
        object
            One of `values`.
        """
        digest = sha256(f"{key}:{self.id}".encode()).digest()
        return values[int.from_bytes(digest[:8]) % len(values)]


def draws(function):
    """Make of what a problem set draws what it gives to a student.

    Parameters
    ----------
    function : callable
        ``given(pick)``, in which ``pick(name, *values)`` chooses one of several values.

    Returns
    -------
    callable
        ``given(student)``, which gives the same numbers for the same id, and in each set others.

    Examples
    --------
    >>> @draws
    ... def given(pick):
    ...     return pick("tau_m", 8.0, 10.0, 12.5, 16.0)
    >>> given(Student("ada")) == given(Student(" Ada"))
    True
    """
    home = function.__module__.rpartition(".")[2]

    @wraps(function)
    def given(student):
        return function(lambda name, *values: student.pick(f"{home}: {name}", values))

    del given.__wrapped__  # it takes something else
    return given


def listed(numbers):
    """Several of the numbers that a student is given, in words.

    Parameters
    ----------
    numbers : iterable of float
        The numbers, in any unit.

    Returns
    -------
    str
        Each as short as it can be.

    Examples
    --------
    >>> listed([0.3, 2.0])
    '0.3, 2'
    """
    return ", ".join(f"{number:g}" for number in numbers)
