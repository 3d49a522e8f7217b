"""Speed measurements; run them with `make bench`."""
