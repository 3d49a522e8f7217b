"""What nbgrader is told in this folder, and by `make coursework`."""

c = get_config()  # noqa: F821, nbgrader brings it

# Nothing in the place of a solution stops a notebook: one that nobody has filled in runs through.
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"


def refuse(**_):
    """Stop `nbgrader autograde` before it runs anything."""
    # nbgrader goes on after any other exception.
    raise SystemExit(
        "Nothing was run: nbgrader would run submissions with all your rights, beside the "
        "solutions. Use `make grade SUBMISSIONS=... SET=...`, which runs each in a sandbox."
    )


c.Autograde.pre_convert_hook = refuse
