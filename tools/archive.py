"""Pack the built book into one archive that runs from a USB stick or any web host."""

import argparse
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
FIRST = (1980, 1, 1, 0, 0, 0)  # of all files alike: the same book gives the same archive


def pack(book: Path, archive: Path) -> int:
    """Write all files below a folder into an archive, under its name; return how many."""
    files = sorted(path for path in book.rglob("*") if path.is_file())
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            name = f"{archive.stem}/{file.relative_to(book).as_posix()}"
            info = zipfile.ZipInfo(name, FIRST)
            info.external_attr = 0o644 << 16
            packed.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return len(files)


def main(arguments: list[str] | None = None) -> str | None:
    """Make the archive. What is returned is what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--book", type=Path, default=ROOT / "_build" / "html")
    parser.add_argument(
        "--archive", type=Path, default=ROOT / "_build" / "release" / "integrate-and-fire.zip"
    )
    options = parser.parse_args(arguments)
    if not (options.book / "index.html").is_file():
        return f"There is no book in {options.book} yet. Build it: make book"
    count = pack(options.book, options.archive)
    print(f"{options.archive}: {count} files, {options.archive.stat().st_size / 1e6:.1f} MB")
    if alone := sorted(path.name for path in (options.book / "explorers").glob("*.html")):
        print(f"Explorers that stand alone, to embed elsewhere, in explorers/: {', '.join(alone)}")
    return None


if __name__ == "__main__":
    sys.exit(main())
