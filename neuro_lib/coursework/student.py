"""Who works on a problem set: the id that gives each student parameters of their own."""

from dataclasses import dataclass
from hashlib import sha256

__all__ = ["Student"]


@dataclass(frozen=True)
class Student:
    """A student, by the id that the course knows them by.

    Parameters
    ----------
    id : str, optional
        As the course writes it; capitals and blanks around it do not matter. Without one, the
        parameters are an example's, and the notebook says so.

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
        object.__setattr__(self, "id", self.id.strip().lower())

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
