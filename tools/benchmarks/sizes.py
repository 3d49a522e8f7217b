"""How much an explorer may bring into a page (KB), as is measured and tested."""

SHARED = 65  # what all explorers of a page share
PACKED = 24  # the same, by gzip
OWN = 30  # what one brings beside it ...
WITH_DATA = {"recorded_B6": 90, "recorded_B8": 90}  # ... and one with the data of a cell
