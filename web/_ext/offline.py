"""The book without a network: a manifest, and a service worker that knows all of its files.

Who has opened one page has the whole book on the device, and may add it to the home screen. What
runs notebooks in the browser, ``lite/``, is kept by a service worker of its own, once it is used.
"""

import json
import shutil
from hashlib import sha256
from pathlib import Path

NOT_KEPT = {".map", ".inv", ".eot", ".ttf"}  # no browser of today asks for these
WORKER = "service-worker.js"


def kept(folder):
    """Addresses of the book's files, and a version that changes with any of them."""
    digest, names = sha256(), []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        if not path.is_file() or hidden or path.suffix in NOT_KEPT or name.parts[0] == "lite":
            continue
        if name.as_posix() != WORKER:
            digest.update(f"{name}\0".encode() + path.read_bytes())
            names.append(name.as_posix())
    return {"version": digest.hexdigest()[:12], "files": names}


def add_worker(app, error):
    """Put both into the book's folder."""
    if error or app.builder.name != "html":
        return
    source, out = Path(app.srcdir, "web", "offline"), Path(app.outdir)
    shutil.copy(source / "manifest.webmanifest", out)
    text = (source / WORKER).read_text("utf-8")
    filled = text.replace("{} /* BOOK */", json.dumps(kept(out)))
    (out / WORKER).write_text(filled, "utf-8")


def setup(app):
    app.connect("build-finished", add_worker, priority=900)  # when all else is in its place
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
