"""Mark a submission by what it computed. Nothing of the submission runs in this process."""

import builtins
import json
from dataclasses import asdict, dataclass, field, replace

from coursework.grade import cells as given_cells
from coursework.grade.collect import Submission
from coursework.grade.sandbox import Limits, run
from coursework.problem_set import ProblemSet
from neuro_lib.coursework import Student, Verdict
from neuro_lib.coursework.answers import plain


@dataclass(frozen=True)
class Result:
    """What a submission earned, what was said of it, and what went wrong.

    `troubles` are for everybody. `errors`, by cell, are in words of the submission's own: it may
    have put into them what it was called with, so that students only learn their `kinds`.
    """

    student: str
    verdicts: dict
    troubles: tuple = ()
    errors: dict = field(default_factory=dict)
    answers: dict = field(default_factory=dict)  # by cell: its `source`, its `output`
    stray: tuple = ()  # texts that have no place in the set
    flags: tuple = ()  # what an instructor may want to look at
    path: str = ""  # of the file that counts
    handed_in: str = ""  # when, as that file's name says it
    late: bool | None = None  # as its name says it; None where it does not

    def kinds(self, problem_set):
        """Return the kind of each error in the set's own cells.

        Of what a student adds there may be as many cells as there are bytes to be carried out; and
        of a function that met inputs for the first time, a kind would tell of these inputs.
        """
        names = [name for name in problem_set.cells if name in self.errors]
        called = {task for task in names if problem_set.marker("inputs", task)}
        return {n: "an error" if n in called else _kind(self.errors[n]) for n in names}

    def plain(self):
        """Return the result as plain data."""
        return asdict(self)

    @classmethod
    def of(cls, said):
        """Return the result that plain data tell of."""
        verdicts = {task: Verdict(**verdict) for task, verdict in said["verdicts"].items()}
        lists = {name: tuple(said[name]) for name in ("troubles", "stray", "flags")}
        return cls(**{**said, **lists, "verdicts": verdicts})


def one_line(text, most=300):
    """Return a text on one line, without signs that a terminal or a file would stumble on."""
    text = " ".join(str(text)[:most].split())
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def mark(submission: Submission, problem_set: ProblemSet, limits: Limits, walled=True) -> Result:
    """Run and mark a submission; whatever is wrong with it ends up in the result."""
    try:
        result = _mark(submission, problem_set, limits, walled)
    except Exception as error:  # a mistake of ours: one student's, and nobody else's
        said = one_line(f"the grader itself failed, {type(error).__name__}: {error}")
        result = Result(submission.student, _nothing(problem_set), (said,))
    name = {"path": submission.path, "handed_in": submission.handed_in, "late": submission.late}
    return replace(result, **name)


def best_of(results, problem_set, deadlines) -> Result:
    """Return the best of several attempts, in order; of equal ones, the last.

    Only what the machine marks is known, and what being late takes off.
    """

    def marks(result):
        points = problem_set.points("code").items()
        earned = sum(result.verdicts[task].score * most for task, most in points)
        return earned * (1 - deadlines.of(result).share)

    best = max(reversed(results), key=marks)
    said = f"of {len(results)} attempts the best counts: {best.path}"
    return _with(best, one_line(f"{said}, {marks(best):g} marks by machine"))


def _mark(submission, problem_set, limits, walled):
    notebook, trouble = submission.read()
    troubles = [one_line(said) for said in (*submission.notes, trouble) if said]
    nothing = Result(submission.student, _nothing(problem_set), tuple(troubles))
    if not notebook.strip():
        return nothing
    try:
        given = given_cells.read_cells(notebook)
    except ValueError as error:
        return _with(nothing, one_line(f"it is not a notebook: {error}"))
    cells = given_cells.placed(given, problem_set)
    if not given_cells.belongs(cells, problem_set):
        said = f"it is another notebook: nothing in it belongs to {problem_set.name}"
        return _with(nothing, said, stray=_stray(cells))
    troubles += map(one_line, given_cells.changes(given, cells, problem_set))
    student, said = _who(given_cells.id_said(cells), submission)
    troubles += [one_line(said)] if said else []
    answers, errors, saids = _computed(cells, problem_set, student, limits, walled)
    verdicts = {}
    for task in nothing.verdicts:
        verdicts[task] = _judge(task, answers, verdicts, problem_set, student)
    done = given_cells.written(cells, problem_set) or any(map(_is_something, answers.values()))
    if not done and not errors:
        saids.append("it is blank: no problem is answered")
    names = [f"{task}_answer" for task in verdicts] + list(problem_set.points("markdown"))
    return Result(
        submission.student,
        verdicts,
        (*troubles, *saids),
        errors,
        {name: given_cells.answer(cells, name) for name in names},
        _stray(cells),
        tuple(map(one_line, given_cells.flags(cells, problem_set))),
    )


def _is_something(answer):
    return any(map(_is_something, answer)) if isinstance(answer, list) else answer is not None


def _with(result, trouble, **more):
    return replace(result, troubles=(*result.troubles, trouble), **more)


def _stray(cells):
    return tuple(text[: given_cells.MOST] for text in given_cells.stray(cells)[:10])


def _who(said, submission):
    """Whose numbers count, and what is to be said if the notebook is filled in for another id."""
    student, theirs = Student(submission.student), Student(said)
    if not theirs.named or theirs == student:
        return student, ""
    if theirs.id in submission.known_as:
        return theirs, f"the notebook is filled in for {theirs.id}, another id of {student.id}"
    return student, f"the notebook is filled in for {theirs.id}, not for {student.id}"


def _nothing(problem_set):
    return {task: Verdict(0.0, "There is nothing to mark.") for task in problem_set.points("code")}


class _Heard:
    """What a run has said so far; each of its lines is only believed to be what it says."""

    def __init__(self, cells, values, inputs):
        self.cells, self.values, self.inputs = cells, set(values), inputs
        self.ran, self.done = 0, False
        self.answers, self.errors = {}, {}
        self._called = iter(inputs)
        self._task = None

    def __call__(self, line):
        """Take a line, and return the next arguments for a function, if it is their turn."""
        try:
            said = _loads(line)
            return self._next(said) if self.done else self._after_cell(said)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return b""  # not a line of ours

    def _after_cell(self, said):
        if "ran" in said:
            self.done = True
            return self._ask()
        number = range(len(self.cells))[said["cell"]]
        self.ran = max(self.ran, number + 1)
        if said["error"]:
            self.errors[self.cells[number][0]] = one_line(said["error"])
        for name, text in dict(said["answers"]).items():
            if name in self.values:
                self.answers[name] = plain(_loads(text))
        return b""

    def _next(self, said):
        # From the first hidden input on, nothing is believed but what a function returned.
        if self._task is None:
            return b""
        results, calls = said["results"], self.inputs[self._task]
        if isinstance(results, list) and len(results) == len(calls):
            self.answers[self._task] = [plain(result) for result in results]
        if said["error"]:
            self.errors[self._task] = one_line(said["error"])
        return self._ask()

    def _ask(self):
        self._task = next(self._called, None)
        return json.dumps(self.inputs[self._task]).encode() if self._task else b""


def _loads(text):
    return json.loads(text, parse_int=lambda digits: int(digits[:400]))  # longer ones are infinite


def _computed(cells, problem_set, student, limits, walled):
    """Run a submission; return its answers and errors by name, and what to say of it.

    A cell that does not end takes nothing with it but itself: what was answered before is known,
    and the others are run once more without it. If another does not end either, those that do are
    run alone, so that functions can be called.
    """
    tasks = problem_set.points("code")
    inputs = {t: ask(student) for t in tasks if (ask := problem_set.marker("inputs", t))}
    values = [task for task in tasks if task not in inputs]
    chosen = given_cells.to_run(cells, problem_set, student)
    answers = {task: [None] * len(calls) for task, calls in inputs.items()}
    errors, troubles = {}, []
    for attempt in range(3):
        heard = _Heard(chosen, values, inputs)
        request = {"cells": [s for _, s in chosen], "values": values, "functions": list(inputs)}
        trouble = run(json.dumps(request).encode(), limits, heard, walled=walled)
        answers |= heard.answers
        errors |= heard.errors
        if heard.done:
            break
        said = trouble or "it ended without a result"
        if heard.ran == len(chosen):
            troubles.append(said)
            break
        troubles.append(f"{chosen[heard.ran][0]}: {said}; what was answered elsewhere counts")
        rest = chosen[heard.ran + 1 :] if attempt == 0 else []
        chosen = chosen[: heard.ran] + rest
    if heard.done and trouble:
        troubles.append(trouble)
    return answers, errors, list(map(one_line, troubles))


def _judge(task, answers, verdicts, problem_set, student):
    """Judge an answer by the earlier ones that it depends on; of a function, by its verdict."""
    if task not in answers:
        return Verdict(0.0, "There is nothing to mark.")
    try:
        earlier = [
            verdicts[name] if problem_set.marker("inputs", name) else answers.get(name)
            for name in problem_set.follows(task)
        ]
        verdict = problem_set.checker(task)(answers[task], student, *earlier)
        return Verdict(verdict.score, one_line(verdict.message))
    except Exception as error:  # a mistake of ours: one task's, and no other's
        return Verdict(0.0, f"This could not be marked ({type(error).__name__}): ask for it.")


def _kind(error):
    """Return the kind of an error, if it is one of Python's own."""
    name = error.partition(":")[0]
    kind = getattr(builtins, name, None)
    return name if isinstance(kind, type) and issubclass(kind, BaseException) else "another error"
