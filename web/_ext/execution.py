"""Execute the notebooks of a build side by side.

MyST-NB executes a page when it reads it, and so one after another. Here the pages that are about to
be read begin together, as many at a time as there are cores, the longest first, and reading a page
waits for its own.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from myst_nb.core.execute import direct
from myst_nb.core.read import create_nb_reader

execute = direct.single_nb_execution


def code(notebook, folder):
    """What an execution depends on."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return str(folder), tuple(cells)


def begin(app, env, pages):
    """Execute the notebooks among the pages that are about to be read."""
    config = env.mystnb_config
    if config.execution_mode != "force":
        return
    begun, waiting = {}, []
    for page in pages:
        path = Path(env.doc2path(page))
        text = path.read_text("utf-8")
        if reader := create_nb_reader(str(path), env.myst_config, config, text):
            waiting.append((len(text), str(path.parent), reader.read(text)))
    pool = ThreadPoolExecutor(os.cpu_count())
    for _, folder, notebook in sorted(waiting, key=lambda w: w[0], reverse=True):
        begun[code(notebook, folder)] = pool.submit(
            execute,
            notebook,
            cwd=folder,
            timeout=config.execution_timeout,
            allow_errors=config.execution_allow_errors,
        )
    pool.shutdown(wait=False)  # once all are done
    direct.single_nb_execution = partial(finished, begun)


def finished(begun, notebook, cwd, **options):
    """Take the place of `execute`: wait for what was begun, and hand its outputs on."""
    if not (future := begun.pop(code(notebook, cwd), None)):
        return execute(notebook, cwd=cwd, **options)
    result = future.result()
    notebook.update(result.nb)
    return result


def setup(app):
    app.connect("env-before-read-docs", begin)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
