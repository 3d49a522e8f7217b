"""What the problem sets import: a neuron for each student, and checks that never tell the answer.

A set of problems has a module of its own here, with one ``check_<task>`` for each task that a
machine can mark. A check takes an answer and the `Student` whose it is, and returns a `Verdict`,
what is to be said of it. It compares with what the answer has to bring about, or with a closed form
of `neuro_lib`. One thing in here a student is not meant to look up, and could: what the unknown
neuron of problem set 4 is made of (`unknown`).
"""

from neuro_lib.coursework.student import Student
from neuro_lib.coursework.verdict import Verdict, judge_array, judge_number

__all__ = ["Student", "Verdict", "judge_array", "judge_number"]
