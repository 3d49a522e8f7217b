"""Who handed in a file: what learning management systems make of names, and who takes part.

One rule tells that two ids are the same, `neuro_lib.coursework.student.canonical`. The roster is
the referee: where there is one, whoever is on it is found by any of their ids, and whoever is not
is said to be missing in it.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from coursework.grade.tables import Table, heading, read_rows, read_table, spoilt
from neuro_lib.coursework.student import canonical

TIME = r"(?P<time>\d{4}(?:-\d\d){2}[- T]\d\d(?:[-:]\d\d){1,2}(?: UTC)?)"
MONTH, HOUR = r"[A-Z][a-z]{2,8}", r"\d{4} \d{1,2}:?\d\d(?: ?[AP]M)?"
# What each system calls the folder or the file of a student; `id` is its own id of them. The
# first that fits counts. `rest` is what the student called the file.
PATTERNS = {
    "Moodle": re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_(?P<rest>.*))?"),
    "Blackboard": re.compile(rf".+_(?P<id>[^_]+)_attempt_{TIME}(?:_(?P<rest>.+)|\.txt)"),
    "nbgrader": re.compile(rf"(?P<id>[^+]+)\+(?P<rest>[^+]+)\+{TIME}.*"),
    "Brightspace": re.compile(
        r"\d+-(?P<id>\d+) - (?P<name>.+?)"
        rf"(?: ?- (?P<time>(?:{MONTH} \d{{1,2}},|\d{{1,2}} {MONTH}) {HOUR}))?(?: - (?P<rest>.+))?"
    ),
    "Sakai": re.compile(r"(?P<name>.+, .+)\((?P<id>[^()]+)\)"),
    "Gradescope": re.compile(r"submission_(?P<id>\d+)"),
}
# Only of files: a folder of that form may be a student's.
CANVAS = re.compile(
    r"(?P<name>[^_]+)(?P<late>_late)?_(?P<id>\d+)_(?P<attempt>\d+)_(?P<rest>.+)", re.IGNORECASE
)
COPIES = (
    re.compile(r"^(copy|kopie|copie|copia) (of|von|de|di) ", re.IGNORECASE),
    re.compile(
        r"( ?\(\d+\)|(?: - |[ _-])(copy|kopie|copie|copia)( ?\(?\d+\)?)?|~)$", re.IGNORECASE
    ),
    re.compile(r" ?\([^()]*conflict[^()]*\)$", re.IGNORECASE),  # of folders that are synchronised
)
PARTICIPANT = re.compile(r"^participant (?=\d+$)", re.IGNORECASE)  # what Moodle calls its numbers
ALIASES = {"lms_id", "login", "username", "email", "number"}


# The tables that systems give out are rosters as well: what tells one, which column is the id in
# the names of its files, which make up the name, and by what else students are known.
LMS_TABLES = (
    ("sis_login_id", "id", ("student",), ("sis_login_id", "sis_user_id")),
    ("identifier", "identifier", ("full_name",), ("email_address", "id_number", "username")),
    ("last_name", "username", ("first_name", "last_name"), ("student_id",)),
)


@dataclass(frozen=True)
class Name:
    """What a folder or a file says of who handed it in.

    `ids` are those to be looked for on a roster, the surest first; `id` is the likeliest. `late` is
    None where a name does not tell; `time` is when it was handed in, as the system writes that.
    """

    id: str = ""
    ids: tuple = ()
    name: str = ""
    late: bool | None = None
    time: str = ""


@dataclass
class Roster:
    """Who takes part: a CSV file with the column `id`, and as you like `name` and other ids.

    The table of marks that a system gives out will do, too.
    """

    path: Path | None = None
    names: dict = field(default_factory=dict)
    unused: tuple = ()
    _id_of: dict = field(default_factory=dict)
    _known_as: dict = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None):
        """Read a roster; ValueError where somebody could get lost by it."""
        roster = cls(path)
        if path is None:
            return roster
        table = _roster_table(path)
        roster.unused = tuple(name for name in table.head if name not in {"id", "name", *ALIASES})
        lines = {}
        for line, row in table.rows:
            student = canonical(row["id"])
            if not student:
                table.refuse(line, "there is no id. Write one, or take the line out")
            for column in ("id", "name", *sorted(ALIASES & row.keys())):
                if said := spoilt(row.get(column, "")):
                    table.refuse(line, f"{column} = {row[column][:40]!r}: {said}")
            if student in roster.names:
                table.refuse(line, f"id = {student!r} stands in line {lines[student]}, too")
            lines[student] = line
            roster.names[student] = " ".join(row.get("name", "").split())
            known_as = {canonical(row[column]) for column in ALIASES & row.keys()} - {""}
            roster._known_as[student] = frozenset({student, *known_as})
        for student, known_as in roster._known_as.items():
            for name in known_as:
                if roster._id_of.setdefault(name, student) != student:
                    two = f"{roster._id_of[name]!r} and {student!r}"
                    table.refuse(lines[student], f"{name!r} stands for two students, {two}")
        if not roster.names:
            raise ValueError(f"{path}, line 2: nobody is on the roster")
        return roster

    def __bool__(self):
        return bool(self.names)

    def find(self, name: Name) -> str:
        """Return the id of whom a name means; "" if nobody, or not one alone."""
        for each in name.ids:
            if student := self._id_of.get(each):
                return student
        # By name only if nobody else is called so.
        called = canonical(name.name)
        found = [student for student, n in self.names.items() if called and canonical(n) == called]
        return found[0] if len(found) == 1 else ""

    def known_as(self, student: str) -> frozenset:
        """Return all ids of a student."""
        return self._known_as.get(student, frozenset({student}))

    def near(self, student: str) -> str:
        """Return an id on the roster that may be meant: the same but for zeros, blanks, dots."""
        bare = _bare(student)
        return next((known for known in self._id_of if _bare(known) == bare), "")


def _roster_table(path):
    """The table of a roster, by its own columns, whoever made it."""
    known = {"id", "name", *ALIASES}
    theirs = {name for sign, key, names, ids in LMS_TABLES for name in (sign, key, *names, *ids)}
    head = {heading(cell) for cell in read_rows(path, known | theirs).rows[0][1]}
    for sign, key, names, ids in LMS_TABLES:
        if {sign, key} <= head:
            table = read_table(path, {key}, head)
            rows = [(line, _as_roster(row, key, names, ids)) for line, row in table.rows]
            # Canvas has rows of its own, as that of the points.
            rows = [(line, row) for line, row in rows if row["id"]]
            return Table(path, rows)
    return read_table(path, {"id"}, known)


def _as_roster(row, key, names, ids):
    """A row of a system's table, by the columns of a roster."""
    number = PARTICIPANT.sub("", row[key])  # Moodle's folders have the number alone
    name = " ".join(filter(None, (row.get(each, "") for each in names)))
    others = zip(sorted(ALIASES), (row.get(each, "") for each in ids), strict=False)
    return {"id": number, "name": name, **dict(others)}


def folder_name(folder: str) -> Name:
    """Read the name of a folder."""
    for pattern in PATTERNS.values():
        if match := pattern.fullmatch(folder):
            return _matched(match, folder)
    return Name(canonical(without_copy(folder)), _different(folder, without_copy(folder)), folder)


def file_name(name: str, problem_set: str) -> Name:
    """Read the name of a file that stands in no student's folder."""
    stem = re.sub(r"(\.(ipynb|txt|json|zip|html|pdf|py))+$", "", name, flags=re.IGNORECASE)
    of_set = set_pattern(problem_set)
    with_set = re.compile(rf"(^|[ ._-]+){of_set}(-\d+)?([ ._-]+|$)", re.IGNORECASE)
    literal = with_set.sub(" ", stem).strip()
    plain = without_copy(with_set.sub(" ", without_copy(stem)).strip())
    for pattern in (*PATTERNS.values(), CANVAS):
        if match := pattern.fullmatch(name):
            return _matched(match, literal)
    return Name(canonical(plain), _different(literal, plain), plain)


def set_pattern(problem_set: str) -> str:
    """Return a pattern for the name of a set, with whatever signs people put between its words."""
    return "[ ._-]?".join(map(re.escape, problem_set.split("_")))


def names_set(name: str, problem_set: str) -> bool:
    """Whether a name says of which set it is, and not of another that begins like it."""
    of_set = rf"(?<![a-z0-9]){set_pattern(problem_set)}(?!\d)"
    return bool(re.search(of_set, name, re.IGNORECASE))


def is_pattern(name: str) -> bool:
    """Whether a system gave a folder or file its name."""
    return any(pattern.fullmatch(name) for pattern in (*PATTERNS.values(), CANVAS))


def without_copy(name: str) -> str:
    """Return a name without what programs add to that of a copy."""
    before = None
    while before != name:
        before = name
        for pattern in COPIES:
            name = pattern.sub("", name)
    return name


def _matched(match, literal):
    found = match.groupdict()
    ids = [found["id"]]
    # Blackboard's ids may have the sign in them that it puts around them: the roster knows.
    head = match.string[: match.end("id")].split("_")
    ids += ["_".join(head[-n:]) for n in range(2, 5)] if "attempt" in match.string else []
    late = bool(found["late"]) if "late" in found else None
    names = canonical(ids[0]), _different(*ids, literal), found.get("name") or ""
    return Name(*names, late, found.get("time") or "")


def _different(*ids):
    return tuple(dict.fromkeys(filter(None, map(canonical, ids))))


def _bare(student):
    return re.sub(r"[\s._-]", "", student).lstrip("0")
