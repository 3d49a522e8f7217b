"""The notebooks that readers get: resolved as the book's pages are, and open with what they show.

A notebook by itself knows neither the bibliography nor the other chapters. In the copies that are
downloaded or run in the browser, citations, links to chapters and the numbers of equations are
written out, and living text is text. The browser's copies have the build's outputs too: figures
live before Python does.
"""

import json
import re
from pathlib import Path
from types import SimpleNamespace

ROLE = re.compile(r"\{(cite:p|cite:t|doc|eq|ref)\}`([^`]+)`")
LIVE = re.compile(r"\[([^][]+)\]\(live:[\w./]+\)")  # what a notebook has no figure for
EQUATION = re.compile(r"\$\$\n((?:(?!\$\$).)*?)\n\$\$ \((eq:[\w-]+)\)", re.DOTALL)
WIDGET = "application/vnd.jupyter.widget-view+json"


def known(env):
    """What the roles of a notebook lead to, as the book's pages were found to have it."""
    exercises = getattr(env, "sphinx_exercise_registry", {})
    return SimpleNamespace(
        entries={c.key: c.entry for c in env.get_domain("cite").citations},
        equations=env.get_domain("math").equations,
        exercises={label: node["docname"] for label, node in exercises.items()},
        titles={name: title.astext() for name, title in env.titles.items()},
    )


def who(entry):
    """Authors of a source as a text names them."""
    people = entry.persons.get("author") or entry.persons["editor"]
    names = [" ".join(p.prelast_names + p.last_names).replace("{", "") for p in people]
    names = [name.replace("}", "") for name in names]
    if len(names) > 2:
        return f"{names[0]} et al."
    return " and ".join(names)


def cited(entry, text):
    """Text of a citation, with a link where the source has one."""
    doi, url = entry.fields.get("doi"), entry.fields.get("url")
    address = f"https://doi.org/{doi}" if doi else url
    return f"[{text}]({address})" if address else text


def resolved(text, page, known):
    """Write out what the roles and labels in a page's Markdown stand for.

    Parameters
    ----------
    text : str
        Markdown of one cell.
    page : str
        The page it belongs to (``chapters/numbers``).
    known : SimpleNamespace
        What `known` gives.

    Returns
    -------
    str
        Markdown that needs nothing beside it. A reference within the page stays: it is found there.
    """

    def title(name):
        return known.titles[name]

    def replaced(match):
        role, inside = match.groups()
        named = re.fullmatch(r"(.*?)\s*<(.+)>", inside, re.DOTALL)
        shown, target = named.groups() if named else (None, inside)
        if role == "doc":
            name = target.lstrip("/") if target.startswith("/") else f"chapters/{target}"
            words = shown or title(name)
            there = name.startswith("chapters/") and name != "chapters/glossary"
            return f"[{words}]({name.partition('/')[2]}.ipynb)" if there else f"*{words}*"
        if role == "eq":
            home, number = known.equations[target]
            return f"({number})" if home == page else f"({number}) of *{title(home)}*"
        if role == "ref":
            home = known.exercises[target]
            return match[0] if home == page else f"{shown} (in *{title(home)}*)"
        entries = [known.entries[key.strip()] for key in inside.split(",")]
        years = [entry.fields["year"] for entry in entries]
        if role == "cite:t":
            told = zip(entries, years, strict=True)
            return " and ".join(f"{who(e)} ({cited(e, year)})" for e, year in told)
        told = (cited(e, f"{who(e)}, {year}") for e, year in zip(entries, years, strict=True))
        return f"({'; '.join(told)})"

    def numbered(match):
        formula, label = match.groups()
        return f"$$\n{formula} \\tag{{{known.equations[label][1]}}}\n$$"

    return EQUATION.sub(numbered, ROLE.sub(replaced, LIVE.sub(r"\1", text)))


def resolve(notebook, page, known):
    """Write out what all text of a notebook stands for; the notebook is changed, and returned."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = resolved("".join(cell["source"]), page, known)
    return notebook


def show(notebook, executed, shared):
    """Give a notebook's cells the outputs of the build, whose explorers need no Python.

    Parameters
    ----------
    notebook, executed : dict
        The notebook, and the same as the build has executed it.
    shared : str
        HTML that all explorers of a page share: the first one keeps it.

    Returns
    -------
    dict
        The notebook, changed.
    """
    outputs = {
        cell["id"]: cell["outputs"] for cell in executed["cells"] if cell["cell_type"] == "code"
    }
    seen = False
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        cell["metadata"]["trusted"] = True  # else JupyterLab shows no SVG
        cell["outputs"] = outputs[cell["id"]]
        for output in cell["outputs"]:
            data = output.get("data", {})
            html = "".join(data.get("text/html", ""))
            if not html:
                continue
            data.pop(WIDGET, None)
            if seen:
                html = html.replace(shared, "")
            seen = seen or shared in html
            data["text/html"] = html
    return notebook


def write(path, notebook):
    """Write a notebook in the place of a file, which may stand in two places: not in the other."""
    path.unlink(missing_ok=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def add_copies(app, error):
    """Put the readers' copies in their places beside the pages."""
    if error or app.builder.name != "html":
        return
    from neuro_lib.explorers.page import shared

    names = known(app.env)
    for source in sorted(Path(app.srcdir, "chapters").glob("*.ipynb")):
        page = f"chapters/{source.stem}"
        if page not in app.env.found_docs:
            continue
        notebook = resolve(json.loads(source.read_text("utf-8")), page, names)
        write(Path(app.outdir, "_sources", f"{page}.ipynb"), notebook)
        run = Path(app.outdir, "lite", "files", f"{page}.ipynb")
        executed = Path(app.outdir).parent / "jupyter_execute" / f"{page}.ipynb"
        if run.is_file() and executed.is_file():
            write(run, show(notebook, json.loads(executed.read_text("utf-8")), shared()))


def setup(app):
    app.connect("build-finished", add_copies, priority=700)  # after the site is in its place
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
