"""Read tables that people have made, from any spreadsheet; refuse what would be lost otherwise.

Whatever is wrong with one is said before anything runs: file, line, and what to do.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

LONGEST = 200  # signs of an id or a name
SEPARATORS = ",;\t"
SPOILT = re.compile(r"\d+\.0+|\d+([.,]\d+)?[eE]\+\d+")  # what spreadsheets make of numbers
NOTHING_FOUND = re.compile(r"#(N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!)", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """Rows by the names of their columns, each with its line; and the columns not asked for."""

    path: Path
    rows: list[tuple[int, dict]]
    head: list[str] = field(default_factory=list)

    def refuse(self, line, said):
        """Stop, and say where and why."""
        raise ValueError(f"{self.path}, line {line}: {said}")


@dataclass(frozen=True)
class Rows:
    """The rows of a table, each with its line, and how they were written."""

    path: Path
    rows: list[tuple[int, list]]
    separator: str = ","
    encoding: str = "utf-8"

    def written(self, rows) -> bytes:
        """Return other rows, written as these were."""
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=self.separator, lineterminator="\r\n").writerows(rows)
        return text.getvalue().encode(self.encoding, "replace")


def read_rows(path: Path, wanted: set) -> Rows:
    """Read the rows of a CSV file, the headings first; ValueError if there are none.

    Commas, semicolons or tabs may separate: whatever separates most of the headings `wanted`, in
    small letters. Rows in which nothing stands are no rows.
    """
    (text, encoding), skip = _decoded(path), 0
    first, _, rest = text.partition("\n")
    # What Excel itself writes, and what becomes of that line where it is taken for a row.
    if match := re.fullmatch(r'"?sep=(.)"?[,;\t]*\r?', first, re.IGNORECASE):
        text, separator, skip = rest, match[1], 1
    else:
        separator = _separator(text, wanted)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records = []
    try:
        for record in reader:
            records.append((reader.line_num + skip, record))
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num + skip}: {error}") from None
    records = [(line, record) for line, record in records if any(map(str.strip, record))]
    if not records:
        raise ValueError(f"{path}, line 1: the table is empty")
    width = len(records[0][1])
    for line, cells in records[1:]:
        if len(cells) > width:  # even if the last are empty: a comma has moved what stands before
            raise ValueError(
                f"{path}, line {line}: there are {len(cells)} cells, and {width} columns. A text "
                'or number that holds the separator wants quotes around it: "1,5"'
            )
        cells += [""] * (width - len(cells))
    return Rows(path, records, separator, encoding)


def read_table(path: Path, wanted: set, known: set) -> Table:
    """Read a CSV file; ValueError if a wanted column is missing or one is there twice.

    Headings are the same in any case, with or without blanks around them.
    """
    records = read_rows(path, wanted).rows
    line, head = records[0]
    head = [heading(name) for name in head]
    if missing := wanted - set(head):
        raise ValueError(
            f"{path}, line {line}: there is no column {listed(missing)}, but {listed(head)}. "
            f"Name the columns {listed(sorted(wanted))}; there may be {listed(sorted(known))}, too"
        )
    if twice := {name for name in head if name and head.count(name) > 1}:
        raise ValueError(
            f"{path}, line {line}: the column {listed(twice)} is there twice; remove one"
        )
    rows = [
        (line, dict(zip(head, map(_as_text, cells), strict=True))) for line, cells in records[1:]
    ]
    return Table(path, rows, head)


def _as_text(cell):
    """A cell without blanks around it, and without what keeps a spreadsheet from counting it."""
    match = re.fullmatch(r"=\"(.*)\"|'(\d.*)", cell.strip())
    return (match[1] or match[2] or "").strip() if match else cell.strip()


def heading(text: str) -> str:
    """Return the one way of writing the name of a column."""
    return re.sub(r"[\s-]+", "_", text.strip().casefold())


def _decoded(path):
    content = Path(path).read_bytes()
    if content[:4] == b"PK\x03\x04":
        raise ValueError(f"{path}, line 1: this is a workbook. Save the table as `CSV UTF-8`")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16").lstrip("\ufeff"), "utf-16"
        except UnicodeDecodeError:
            raise ValueError(f"{path}, line 1: this file is cut off. Save it anew") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{path}, line {line}: this is not UTF-8. Save the table as `CSV UTF-8`"
        ) from None
    if "\0" in text:
        raise ValueError(f"{path}, line 1: this is no table. Save it as `CSV UTF-8`")
    return text.lstrip("\ufeff"), "utf-8-sig" if text != content.decode() else "utf-8"


def _separator(text, wanted):
    """What separates most of the headings that are wanted, and what is there most often."""
    head = next((line for line in text.split("\n") if line.strip(" ,;\t\r")), "").casefold()

    names = set(map(heading, wanted))

    def found(separator):
        return sum(heading(cell.strip(' "\r')) in names for cell in head.split(separator))

    return max(SEPARATORS, key=lambda separator: (found(separator), head.count(separator)))


def spoilt(text) -> str:
    """Say that a spreadsheet has taken an id for a number; nothing if it has not."""
    if SPOILT.fullmatch(text):
        return "a spreadsheet has made a number of it. Format the column as text and write it again"
    if NOTHING_FOUND.fullmatch(text):
        return "a formula found nothing. Write what should stand there"
    return f"it has {len(text):,} signs" if len(text) > LONGEST else ""


def listed(names) -> str:
    """Return names in a row."""
    return ", ".join(names)
