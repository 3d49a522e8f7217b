"""What the checks of several problem sets have in common: slips, parts, functions, potentials."""

from functools import wraps
from math import inf, nan

import numpy as np

from neuro_lib.coursework.answers import kind_of, numbers, plain, returned
from neuro_lib.coursework.verdict import Verdict, judge_array

__all__ = [
    "amount",
    "average",
    "follow_through",
    "judge_course",
    "judge_function",
    "judge_parts",
    "recognise_slip",
    "sees_plain",
    "verdict_on",
]


def sees_plain(check):
    """Let a check see answers as plain data.

    Parameters
    ----------
    check : callable
        It takes an answer, a student, and the earlier answers that this one depends on; it returns
        a verdict.

    Returns
    -------
    callable
        The same, for answers of any kind. Earlier ones that are functions, or verdicts on them,
        are passed on as they are.

    Examples
    --------
    >>> sees_plain(lambda answer, student: answer)(np.float32(0.5), None)
    0.5
    """

    def seen(earlier):
        return earlier if callable(earlier) or isinstance(earlier, Verdict) else plain(earlier)

    @wraps(check)
    def checked(answer, student, *earlier):
        return check(plain(answer), student, *map(seen, earlier))

    return checked


def recognise_slip(verdict, answer, *slips, **tolerance):
    """Say more of an answer that is wrong, if the way that led to it is known.

    Parameters
    ----------
    verdict : Verdict
        What is to be said of the answer otherwise.
    answer : object
        What the student gave.
    *slips : tuple of (array_like, float, str)
        A wrong answer, its share of the marks and what to say of it; the first that fits counts.
    **tolerance : float
        `rtol` and `atol`, as `judge_array` takes them.

    Returns
    -------
    Verdict
        That of the slip, or the one given.

    Examples
    --------
    >>> recognise_slip(Verdict(0.0), 20.0, (10.0, 0.0, "One half."), (20.0, 0.5, "Twice as much."))
    ◐ Partly right. Twice as much.
    """
    if verdict.right:
        return verdict
    for wrong, score, message in slips:
        if judge_array(answer, wrong, "", **tolerance).right:
            return Verdict(score, message)
    return verdict


def follow_through(verdict, answer, name, check, consequences, **tolerance):
    """Give marks for what follows from an earlier answer that is wrong: it has cost its own.

    Parameters
    ----------
    verdict : Verdict
        What is to be said of the answer otherwise.
    answer : object
        What the student gave.
    name : str
        What the earlier answer is called.
    check : callable
        It takes nothing, and returns the verdict on the earlier answer.
    consequences : callable
        It takes that verdict, and returns what a right way leads to from there: tuples of an
        answer, its share of the marks and what else to say of it. What is not a number follows
        from nothing.
    **tolerance : float
        `rtol` and `atol`, as `judge_array` takes them.

    Returns
    -------
    Verdict
        That of the consequence, or the one given, whichever earns more.

    Examples
    --------
    >>> from neuro_lib.coursework import judge_number
    >>> time, rate = 20.0, 50.0  # right were 10 ms, and so 100 Hz
    >>> wrong, follows = judge_number(time, 10.0, "ms"), lambda _: [(1000 / time, 1.0, "")]
    >>> follow_through(judge_number(rate, 100.0, "Hz"), rate, "time", lambda: wrong, follows)
    ✓ Right. It follows from your `time`, which is not right yet.
    """
    if verdict.right:
        return verdict
    before = check()
    if before.right:
        return verdict
    said = f"It follows from your `{name}`, which is not right yet."
    found = [
        Verdict(share, f"{said} {more}".rstrip())
        for value, share, more in consequences(before)
        if judge_array(answer, value, "", **tolerance).right
    ]
    return max([verdict, *found], key=lambda each: each.score)


def verdict_on(function, check, student):
    """Return the verdict on an earlier answer that is a function.

    Parameters
    ----------
    function : callable or Verdict
        What the student wrote; or what was said of it, where it cannot be called, in the grader.
    check : callable
        The check of its problem.
    student : Student
        Whose it is.

    Returns
    -------
    Verdict
        What is said of it.
    """
    return function if isinstance(function, Verdict) else check(function, student)


def amount(answer, *, positive=True):
    """Return an earlier answer as a number, from which something may follow.

    Parameters
    ----------
    answer : None, bool, int, float, list or dict
        Plain data.
    positive : bool, optional
        Whether it has to be larger than zero.

    Returns
    -------
    float
        The number; not a number (NaN), if the answer is none, or not such a one, or not finite.

    Examples
    --------
    >>> amount(12), amount(None), amount(-3.0)
    (12.0, nan, nan)
    """
    low = 0 if positive else -inf
    return float(answer) if type(answer) in (int, float) and low < answer < inf else nan


def judge_parts(answer, wanted, judges):
    """Judge a list part by part; each part earns the same share of the marks.

    Parameters
    ----------
    answer : object
        What the student gave: a list, a tuple or an array, or anything else.
    wanted : str
        What the list should hold ("two numbers").
    judges : dict of (str, callable)
        For each part what it is, and what judges it: it takes the part and returns a verdict.

    Returns
    -------
    Verdict
        The mean score, and what is to be said of each part, if it is not right or there is more.

    Examples
    --------
    >>> from neuro_lib.coursework import judge_number
    >>> judges = {
    ...     "time": lambda x: judge_number(x, 12.0, "ms"),
    ...     "rate": lambda x: judge_number(x, 80.0, "Hz"),
    ... }
    >>> judge_parts([12.0, -80.0], "two numbers", judges)
    ◐ Partly right. The rate: ✗ Not yet. The size is right, the sign is not.
    >>> judge_parts(12.0, "two numbers", judges)
    ✗ Not yet. A list of two numbers is wanted.
    """
    parts = plain(answer)
    if parts is None:
        return Verdict(0.0, "There is nothing here yet.")
    if not isinstance(parts, list) or len(parts) != len(judges):
        return Verdict(0.0, f"A list of {wanted} is wanted.")
    verdicts = {
        name: judge(part) for (name, judge), part in zip(judges.items(), parts, strict=True)
    }
    said = [
        f"The {name}: {verdict}"
        for name, verdict in verdicts.items()
        if not verdict.right or verdict.message
    ]
    return Verdict(average(verdicts.values()).score, " ".join(said))


def judge_function(function, calls, judge):
    """Try a student's function, and judge what it returns.

    Parameters
    ----------
    function : object
        What the student wrote; it may be no function, or raise anything.
    calls : sequence of tuple
        The arguments of each call.
    judge : callable
        It takes the list of what the calls returned, and returns a verdict.

    Returns
    -------
    Verdict
        That of `judge`, unless a call stops with an error.

    Examples
    --------
    >>> judge_function(lambda x: 1 / x, [(0.0,)], lambda results: Verdict(1.0))
    ✗ Not yet. It stops with ZeroDivisionError: float division by zero
    """
    if not callable(function):
        return Verdict(0.0, "A function is wanted. Did you overwrite its name?")
    results = []
    for arguments in calls:
        try:
            results.append(returned(function, arguments))
        except Exception as error:  # whatever a student's code may raise
            return Verdict(0.0, f"It stops with {type(error).__name__}: {error}")
    return judge(results)


def average(verdicts):
    """Join the verdicts on several trials.

    Parameters
    ----------
    verdicts : iterable of Verdict
        One for each trial.

    Returns
    -------
    Verdict
        The mean score, and what is to be said of the first trial that is not right.
    """
    verdicts = list(verdicts)
    said = next((verdict.message for verdict in verdicts if not verdict.right), "")
    return Verdict(sum(verdict.score for verdict in verdicts) / len(verdicts), said)


def judge_course(found, right, u_rest, slips=(), *, share=0.02):
    """Judge the course of a potential, within a share of its largest deflection from rest.

    Parameters
    ----------
    found : object
        What a student's function returned: potentials (mV), or anything else.
    right : ndarray, shape (n,)
        What is right (mV).
    u_rest : float
        Resting potential (mV).
    slips : iterable of tuple of (str, ndarray)
        What to say of a course that is wrong in a known way, and that course (mV).
    share : float, optional
        The share (a pure number).

    Returns
    -------
    Verdict
        With score 1 or 0.

    Examples
    --------
    >>> import numpy as np
    >>> right = np.array([-65.0, -60.0, -55.0])
    >>> judge_course(right + 0.1, right, -65.0)
    ✓ Right.
    >>> judge_course(-130.0 - right, right, -65.0, [("Upside down.", -130.0 - right)])
    ✗ Not yet. Upside down.
    """
    if found is None:
        return Verdict(0.0, "The function returns nothing yet.")

    found = plain(found)
    potentials = numbers(found)
    if potentials is None:
        return Verdict(0.0, f"Numbers of shape {right.shape} are wanted, not {kind_of(found)}.")
    # How many there are is not repeated: a function could tell by it what it was called with.
    if potentials.shape != right.shape:
        return Verdict(0.0, f"The shape is not {right.shape}: one number for each step is wanted.")

    def near(u):
        close = share * float(np.max(np.abs(u - u_rest)))
        return judge_array(found, u, "mV", rtol=0.0, atol=close, u_rest=u_rest)

    verdict = near(right)
    if not verdict.right:
        for message, wrong in slips:
            if near(wrong).right:
                return Verdict(0.0, message)
    return verdict
