"""Compile the trees of `bundle.py`. Run by `python.mjs`, in the Python that will read them."""

from pathlib import Path
from py_compile import PycInvalidationMode, compile

TREE = Path("/tree")
KEPT = {"browser", "neuro_lib"}  # is read as it is: a configuration, and what translates itself


def placed(path):
    """Where a file will be when it runs: tracebacks say so."""
    archive, *rest = path.relative_to(TREE).parts
    root = "/lib/python312.zip" if archive == "stdlib" else "/lib/python3.12/site-packages"
    return "/".join([root, *rest])


for source in sorted(TREE.glob("**/*.py")):
    keep = not KEPT.isdisjoint(source.parts)
    # The source is not looked at again: neither its time nor its hash.
    compiled = None if keep else str(source) + "c"
    try:
        compile(
            str(source),
            compiled,
            placed(source),
            doraise=True,
            quiet=1,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
    except SyntaxError:  # a template, or for another Python
        continue
    if not keep:
        source.unlink()
