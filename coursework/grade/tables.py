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


@dataclass(frozen=True)
class Table:
    """Rows by the names of their columns, each with its line; and the columns not asked for."""

    path: Path
    rows: list[tuple[int, dict]]
    head: list[str] = field(default_factory=list)

    def refuse(self, line, said):
        """Stop, and say where and why."""
        raise ValueError(f"{self.path}, line {line}: {said}")


def read_table(path: Path, wanted: set, known: set) -> Table:
    """Read a CSV file; ValueError if a wanted column is missing or one is there twice.

    Commas, semicolons or tabs may separate. Headings are the same in any case, with or without
    blanks around them. Rows in which nothing stands are no rows.
    """
    text, skip = _decoded(path), 0
    first, _, rest = text.partition("\n")
    if re.fullmatch("sep=.", first.strip().lower()):  # what Excel itself writes
        text, separator, skip = rest, first.strip()[-1], 1
    else:
        separator = _separator(text, wanted)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records = []
    try:
        for record in reader:
            records.append((reader.line_num + skip, [cell.strip() for cell in record]))
    except csv.Error as error:
        raise ValueError(f"{path}, line {reader.line_num + skip}: {error}") from None
    records = [(line, record) for line, record in records if any(record)]
    if not records:
        raise ValueError(
            f"{path}, line 1: the table is empty; its columns are {listed(wanted | known)}"
        )
    line, head = records[0]
    head = [re.sub(r"[\s-]+", "_", name.strip().casefold()) for name in head]
    if missing := wanted - set(head):
        raise ValueError(
            f"{path}, line {line}: there is no column {listed(missing)}, but {listed(head)}. "
            f"Name the columns {listed(sorted(wanted))}; there may be {listed(sorted(known))}, too"
        )
    if twice := {name for name in head if name and head.count(name) > 1}:
        raise ValueError(
            f"{path}, line {line}: the column {listed(twice)} is there twice; remove one"
        )
    return Table(path, [_row(path, *record, head) for record in records[1:]], head)


def _row(path, line, cells, head):
    if len(cells) > len(head):  # even if the last are empty: a comma has moved what stands before
        raise ValueError(
            f"{path}, line {line}: there are {len(cells)} cells, and {len(head)} columns. A text "
            'or number that holds the separator wants quotes around it: "1,5"'
        )
    cells += [""] * (len(head) - len(cells))
    return line, dict(zip(head, cells, strict=False))


def _decoded(path):
    content = Path(path).read_bytes()
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16").lstrip("\ufeff")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{path}, line {line}: this is not UTF-8. Save the table as `CSV UTF-8`"
        ) from None
    if "\0" in text:
        raise ValueError(f"{path}, line 1: this is no table. Save it as `CSV UTF-8`")
    return text.lstrip("\ufeff")


def _separator(text, wanted):
    """What separates most of the headings that are wanted; a comma if none does."""
    head = next((line for line in text.split("\n") if line.strip(" ,;\t\r")), "").casefold()

    def found(separator):
        return sum(cell.strip(' "\r') in wanted for cell in head.split(separator))

    return max(SEPARATORS, key=found)


def spoilt(text) -> str:
    """Say that a spreadsheet has taken an id for a number; nothing if it has not."""
    if SPOILT.fullmatch(text):
        return "a spreadsheet has made a number of it. Format the column as text and write it again"
    return f"it has {len(text):,} signs" if len(text) > LONGEST else ""


def listed(names) -> str:
    """Return names in a row."""
    return ", ".join(names)
