"""Facts with their sources, and what was recorded."""
