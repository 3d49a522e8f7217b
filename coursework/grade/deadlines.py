"""When work was handed in, by when it was wanted, and what the rule for late work takes off.

Nothing is guessed. Where a time is not known, nothing is taken off, and the report says so; every
mark that is taken off stands in the report, in the table and on the student's page.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from math import ceil
from pathlib import Path
from zoneinfo import ZoneInfo

from coursework.grade.identity import PARTICIPANT, Name
from coursework.grade.tables import heading, listed, read_rows, read_table
from neuro_lib.coursework.student import canonical

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ZONE = r"(?P<zone>Z|UTC|[+-]\d\d:?\d\d|[A-Z][A-Za-z]+/[A-Za-z_/]+)"
# How programs write a time: ISO and what is like it, Moodle's, Brightspace's.
HOUR = r"(?P<hour>\d{1,2}?):?(?P<minute>\d\d)(?: ?(?P<half>[ap]m))?"
TIMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[T _-](?P<hour>\d\d)[:-]?"
        rf"(?P<minute>\d\d)(?:[:-]?(?P<second>\d\d)(?:\.\d+)?)?)? ?{ZONE}?",
        rf"(?:[a-z]+, )?(?P<day>\d{{1,2}}) (?P<month>[a-z]{{3,9}}) (?P<year>\d{{4}}),? {HOUR}",
        rf"(?P<month>[a-z]{{3,9}}) (?P<day>\d{{1,2}}), (?P<year>\d{{4}}) {HOUR}",
    )
)
RULE = re.compile(
    r"(?P<share>\d{1,3}(?:\.\d+)?) ?%(?: (?:a|an|per|each|every) (?P<period>hour|day|week))?"
    r"(?:,? (?:at most|up to) (?P<most>\d{1,3}(?:\.\d+)?) ?%)?"
)
PERIODS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    None: None,
}
MOODLE_TIME = "last_modified_(submission)"
MOODLE_HEADINGS = ("identifier", "full name", "email address", "last modified (submission)")
MOODLE_IDS = ("id_number", "username", "email_address", "identifier")
UNKNOWN = "nothing is taken off. A table of --times would tell"


@dataclass(frozen=True)
class Rule:
    """What late work loses: a share of its marks, once, or for each period that has begun."""

    share: float
    period: timedelta | None = None
    most: float = 1.0

    @classmethod
    def read(cls, text: str):
        """Read "10 % a day", "5 % an hour, at most 50 %" or "20 %"; ValueError if it is no rule."""
        match = RULE.fullmatch(" ".join(text.split()).casefold())
        if not match or float(match["share"]) > 100 or float(match["most"] or 0) > 100:
            raise ValueError(
                f'--late = {text!r} is no rule. Write "10 % a day", "5 % an hour, at most 50 %", '
                'or "20 %", for once and for all'
            )
        most = float(match["most"] or 100) / 100
        return cls(float(match["share"]) / 100, PERIODS[match["period"]], most)

    def taken(self, late: timedelta | None) -> float:
        """Share that is taken off, from 0 to 1; None stands for late, but nobody knows how much."""
        periods = ceil(late / self.period) if self.period and late else 1
        return min(self.share * periods, self.most, 1.0)


@dataclass(frozen=True)
class Lateness:
    """How late a student's work is: by how much, if that is known; the share that it costs."""

    late: bool = False
    by: str = ""
    share: float = 0.0
    said: str = ""
    unknown: bool = False  # whether it was in time, nobody knows


@dataclass
class Deadlines:
    """By when work is wanted, of all and of some; when it came; the rule for what came late."""

    due: datetime | None = None
    rule: Rule | None = None
    extended: dict = field(default_factory=dict)
    times: dict = field(default_factory=dict)
    said: list = field(default_factory=list)

    @classmethod
    def read(cls, due="", late="", times: Path | None = None, extensions: Path | None = None, **of):
        """Read the options; `roster` and `known`, all ids that there are, say who is who.

        ValueError for what is no rule or time, and for whatever could cost somebody marks.
        """
        deadlines = cls(
            read_time(due, "--due", end=True) if due else None, Rule.read(late) if late else None
        )
        if deadlines.rule and deadlines.rule.period and not deadlines.due:
            raise ValueError(
                f'--late {late!r} wants the deadline, too: --due "2026-11-29 23:59 +01:00"'
            )
        if extensions:
            if not deadlines.due:
                raise ValueError("--extensions wants the deadline of all others, too: --due")
            deadlines._read_extensions(extensions, **of)
        if times:
            deadlines._read_times(times, **of)
        return deadlines

    def __bool__(self):
        return bool(self.due or self.rule)

    def of(self, result) -> Lateness:
        """Say how late a result's work was handed in."""
        if not result.path:
            return Lateness()  # there is none
        due = self.extended.get(result.student, self.due)
        time = time_in_name(result.handed_in) or self.times.get(result.student)
        until = f" by {shown(due)}" if result.student in self.extended else ""
        if due and time:
            by = _difference(time, due, result.student)
            if by <= timedelta(0):
                says = "its name calls it late; its time, and the deadline, do not"
                return Lateness(said=says if result.late else "")
            share = self.rule.taken(by) if self.rule else 0.0
            said = f"handed in {shown(time)}, {span(by)} late{until}"
            return Lateness(True, span(by), share, f"{said}: {self._costs(share)}")
        if result.late:
            if until:
                said = f"its name calls it late, but it was wanted{until}: {UNKNOWN}"
                return Lateness(said=said, unknown=True)
            if self.rule and self.rule.period:
                said = f"handed in late, as its name says, but not by how much: {UNKNOWN}"
                return Lateness(True, "?", said=said)
            share = self.rule.taken(None) if self.rule else 0.0
            said = f"handed in late, as its name says: {self._costs(share)}"
            return Lateness(True, "?", share, said)
        return Lateness(unknown=bool(self) and result.late is None)

    def _costs(self, share):
        return f"{100 * share:g} % is taken off" if self.rule else "nothing is taken off"

    def _read_extensions(self, path, roster, known):
        table = read_table(path, {"student", "due"}, {"comment"})
        lines = {}
        for line, row in table.rows:
            student = _who((row["student"],), roster) or canonical(row["student"])
            if not student or (roster and student not in roster.names and student not in known):
                table.refuse(line, f"student = {row['student']!r} is nobody on the roster")
            if student in lines:
                table.refuse(line, f"{student!r} has an extension in line {lines[student]}, too")
            due = read_time(row["due"], f"{path}, line {line}: due", end=True)
            if _difference(due, self.due, f"{path}, line {line}") < timedelta(0):
                table.refuse(line, f"due = {row['due']!r} is before the deadline of all others")
            lines[student], self.extended[student] = line, due
        if strangers := sorted(self.extended.keys() - known):
            self.said.append(f"{path}: there is nothing of {listed(strangers)} yet")

    def _read_times(self, path, roster, known):
        head = read_rows(path, {"student", "submitted", *MOODLE_HEADINGS}).rows[0][1]
        moodle = MOODLE_TIME in map(heading, head)
        column = MOODLE_TIME if moodle else "submitted"
        table = read_table(path, {column} if moodle else {"student", column}, {"comment"})
        strangers = []
        for line, row in table.rows:
            if row[column] in ("", "-"):
                continue
            ids = [row.get(name, "") for name in (MOODLE_IDS if moodle else ("student",))]
            student = _who(ids, roster) or next((i for i in _ids(ids) if i in known), "")
            if not student:
                strangers.append(next(filter(None, ids), f"line {line}"))
            elif student in self.times:
                table.refuse(line, f"{student!r} is there twice; take one line out")
            else:
                self.times[student] = read_time(row[column], f"{path}, line {line}: {column}")
        if strangers:
            self.said.append(f"{path}: there is nothing of {listed(strangers)}")


def tells_times(path: Path) -> bool:
    """Whether a table says when work was handed in, as Moodle's worksheet does."""
    return MOODLE_TIME in map(heading, read_rows(path, set(MOODLE_HEADINGS)).rows[0][1])


def read_time(text: str, where: str, *, end=False) -> datetime:
    """Read a time, with its zone if it says one; ValueError, with where it stands, if it is none.

    A day alone is its `end`, where that is asked for; else it is no time.
    """
    for pattern in TIMES:
        if match := pattern.fullmatch(" ".join(text.split())):
            found = {"zone": None, "second": None, "half": None, **match.groupdict()}
            try:
                return _time(found, end)
            except (ValueError, KeyError):
                break
    raise ValueError(f"{where} = {text[:60]!r} is no time. Write 2026-11-29 23:59")


def time_in_name(handed_in: str) -> datetime | None:
    """Return the time in a file's name; None if there is none, or one that cannot be."""
    with suppress(ValueError):
        return read_time(handed_in, "its name")


def _time(found, end):
    month = found["month"]
    month = int(month) if month.isdecimal() else MONTHS.index(month[:3].casefold()) + 1
    day = int(found["year"]), month, int(found["day"])
    if not found["hour"]:
        if not end:
            raise ValueError("a day is no time")
        return datetime(*day, 23, 59, 59, tzinfo=_zone(found["zone"]))
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no hour of half a day")
        hour = hour % 12 + 12 * (found["half"].casefold() == "pm")
    second = int(found["second"] or 0)
    return datetime(*day, hour, int(found["minute"]), second, tzinfo=_zone(found["zone"]))


def _zone(name):
    if not name:
        return None
    if name.upper() in ("Z", "UTC"):
        return UTC
    if "/" in name:
        return ZoneInfo(name)
    sign = -1 if name[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(name[1:3]), minutes=int(name[-2:])))


def _difference(time, due, where):
    """How much later a time is; without a zone of its own it is in that of the other."""
    if time.tzinfo and not due.tzinfo:
        raise ValueError(
            f"{where}: {shown(time)} has a time zone, and the deadline has none. "
            'Write --due "2026-11-29 23:59 +01:00"'
        )
    if not due.tzinfo:
        return time - due
    # In one and the same zone, Python would not count the hour of a change to summer time.
    here = time if time.tzinfo else time.replace(tzinfo=due.tzinfo)
    return here.astimezone(UTC) - due.astimezone(UTC)


def shown(time: datetime) -> str:
    """Write a time for people."""
    return f"{time:%Y-%m-%d %H:%M}{f' {time:%Z}' if time.tzinfo else ''}"


def span(time: timedelta) -> str:
    """Write how long something lasts, in its two largest units."""
    minutes = max(1, ceil(time / timedelta(minutes=1)))
    parts = (
        (minutes // 1440, "day" if minutes // 1440 == 1 else "days"),
        (minutes // 60 % 24, "h"),
        (minutes % 60, "min"),
    )
    said = [f"{n} {unit}" for n, unit in parts if n]
    return " ".join(said[:2])


def _who(ids, roster):
    return roster.find(Name(ids=tuple(_ids(ids))))


def _ids(texts):
    ids = [canonical(text) for text in texts if text]
    return [*ids, *(PARTICIPANT.sub("", i) for i in ids)]
