"""Problem sets, and what an instructor runs: never part of the package, the book or the zip."""
