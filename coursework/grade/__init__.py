"""Mark what students hand in: each submission alone, behind a wall, by its results only.

A submission runs in a sandbox (`sandbox`), where nothing is worth stealing: no solution, no mark,
no other submission. What it computed comes out as plain data (`runner`) and is judged here, in a
process that never runs a line of it (`marking`).
"""
