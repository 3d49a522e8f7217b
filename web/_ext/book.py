"""What the book asks of Sphinx beyond the extensions that Jupyter Book loads.

1. Pages are executed again when neuro_lib has changed, and written again when their scripts
   or styles have: no build is ever stale.
2. The solution of an exercise is a native ``<details>``: it opens without JavaScript, by
   keyboard and in print.
3. The bibliography has the roles that assistive technology knows.
4. Pages carry no state of widgets: explorers there need none.
5. In what comes from docstrings, an equation's label and a chapter's name are links.
6. Below an equation of a chapter stands the code that computes it: whose docstring names its label.
7. What the theme brings and no page loads is left out.
8. What all explorers share, and each brings to stand alone, is on a page once.
9. The keyboard can skip to the first explorer of a page.
10. Each explorer is a page of its own, too, in `explorers/`: for other sites to embed.
"""

import re
from hashlib import sha256
from pathlib import Path

from docutils import nodes
from equations import LABEL, computed_in
from myst_nb.core import render
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node


def changed(env, srcdir, *folders):
    """Tell whether a file below one of the folders differs from the last build's."""
    digest = sha256()
    for folder in folders:
        for file in sorted(Path(srcdir, folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(srcdir)}\0".encode() + file.read_bytes())
    digests = env.__dict__.setdefault("book_digests", {})
    before, digests[folders] = digests.get(folders), digest.digest()
    return before != digests[folders]


def pages_to_execute(app, env, added, updated, removed):
    """Every page that executes code, when the package has changed; all, when this folder has."""
    book, package = changed(env, app.srcdir, "web/_ext"), changed(env, app.srcdir, "neuro_lib")
    app.explorers_changed = book or package
    if book:
        return list(env.all_docs)
    if not package:
        return []
    return [page for page in env.all_docs if NbMetadataCollector.get_exec_data(env, page)]


def pages_to_write(app, env):
    """Every page, when what they load has changed: Sphinx copies it only with a page."""
    return list(env.all_docs) if changed(env, app.srcdir, "web/_static", "web/vendor") else []


def drop_widget_state(app, doctree):
    """Leave out what only widgets with a kernel would read: half of a chapter's bytes."""
    NbMetadataCollector.get_js_files(app.env, app.env.docname).pop("ipywidgets_state", None)


def join_streams(outputs):
    """Join the pieces of each stream; MyST-NB's own would end each piece with a line break."""
    joined, streams = [], {}
    for output in outputs:
        name = output.get("name") if output["output_type"] == "stream" else None
        if name in streams:
            streams[name]["text"] += output["text"]
            continue
        joined.append(output)
        if name:
            streams[name] = output
    for output in streams.values():
        output["text"] = output["text"].rstrip() + "\n"
    return joined


class details(nodes.General, nodes.Element):
    """What a reader opens when ready for it."""


class summary(nodes.General, nodes.TextElement):
    """The always visible line of a `details`."""


class FoldSolutions(SphinxPostTransform):
    """Turn solutions into `details`; take the ids off the contents, which all have the same."""

    default_priority = 30  # after sphinx-exercise has resolved the titles

    def run(self, **kwargs):
        for node in list(self.document.findall(solution_node)):
            title, *content = node.children
            for link in list(title.findall(nodes.reference)):
                link.replace_self(link.children)  # a link in a summary could not be opened
            node.replace_self(
                details(
                    "",
                    summary("", "", *title.children),
                    *content,
                    ids=node["ids"],
                    classes=node["classes"],
                )
            )
        for kind in (details, exercise_node, exercise_enumerable_node):
            for node in self.document.findall(kind):
                for section in [c for c in node.children if isinstance(c, nodes.section)]:
                    section["ids"] = []  # docutils would hand them on to the first child
                    section.replace_self(section.children)


def visit_citation(self, node):
    """An entry of the bibliography is an item of a list, which ``doc-biblioentry`` no longer is."""
    HTML5Translator.visit_citation(self, node)
    self.body[-1] = self.body[-1].replace("doc-biblioentry", "listitem")


EQUATION = re.compile(rf"\(({LABEL})\)|\b({LABEL})")  # the link brings its parentheses


def link_equations(app, what, name, obj, options, lines):
    """Turn an equation's label in a docstring, ``(eq:name)``, into a link that shows its number."""
    lines[:] = [EQUATION.sub(r":eq:`\1\2`", line) for line in lines]


def link_names(app, env, node, contnode):
    """Where no object has a name in backticks: a chapter's is a link, any other is code."""
    if (node.get("refdomain"), node.get("reftype")) != ("py", "obj"):
        return None
    page = f"chapters/{node['reftarget']}"
    if page not in env.found_docs:
        return contnode
    address = app.builder.get_relative_uri(node["refdoc"], page)
    return nodes.reference("", env.titles[page].astext(), internal=True, refuri=address)


class LinkEquations(SphinxPostTransform):
    """Add to each equation that code computes a line that leads to the code."""

    default_priority = 20

    def run(self, **kwargs):
        computed = computed_in(Path(self.app.srcdir, "neuro_lib"))
        homes = {label: (module, name) for label, module, name, _ in computed}
        for node in list(self.document.findall(nodes.math_block)):
            if node.get("label") not in homes:
                continue
            module, name = homes[node["label"]]
            names = self.env.get_domain("py").objects
            target = names.get(f"{module}.{name}") or names.get(module)
            if target is None:
                logging.getLogger(__name__).warning(
                    "no page of reference documents %s", module, location=node
                )
                continue
            shown = ".".join([*module.split(".")[1:], *filter(None, [name])])
            page = self.app.builder.get_relative_uri(self.env.docname, target.docname)
            link = nodes.reference("", "", internal=True, refuri=f"{page}#{target.node_id}")
            link += nodes.literal("", shown)
            line = nodes.paragraph("", "in code: ", link, classes=["equation-code"])
            node.parent.insert(node.parent.index(node) + 1, line)


def drop_unused(app, error):
    """Leave out source maps, and the icons as a script: the pages have them as a font."""
    for pattern in ("_static/**/*.map", "_static/scripts/fontawesome.js*"):
        for path in Path(app.outdir).glob(pattern):
            path.unlink()


def lead_to_first_figure(app, pagename, templatename, context, doctree):
    """Give the first explorer of a page a name, to which the keyboard can skip."""
    body, figure = context.get("body", ""), '<figure class="explorer '
    context["first_figure"] = figure in body
    named = figure.replace("class", 'id="first-figure" tabindex="-1" class')
    context["body"] = body.replace(figure, named, 1)


def name_folds(app, pagename, templatename, context, doctree):
    """Call what folds a cell by the words that stand on it: MyST-NB gives it another name."""
    fold = '<summary aria-label="Toggle hidden content">'
    context["body"] = context.get("body", "").replace(fold, "<summary>")


def share_once(app, pagename, templatename, context, doctree):
    """Leave out the explorers' style and script but for the first of a page."""
    body = context.get("body", "")
    if 'class="explorer ' in body:
        from neuro_lib.explorers.page import shared

        head, own, rest = body.partition(shared())
        context["body"] = head + own + rest.replace(shared(), "")


def write_explorers(folder, scenes):
    """Write the explorer of each scene into a folder, as a page that stands alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, build in scenes.items():
        (folder / f"{name}.html").write_text(build().page(), "utf-8")


def make_explorers(app, error):
    """Do so for the book that has the package, where there are none or it has changed."""
    folder = Path(app.outdir, "explorers")
    package = Path(app.srcdir, "neuro_lib").is_dir()
    wanted = error is None and app.builder.name == "html" and package
    if wanted and (app.explorers_changed or not folder.is_dir()):
        from neuro_lib.explorers import SCENES

        write_explorers(folder, SCENES)


def setup(app):
    render.coalesce_streams = join_streams
    app.connect("autodoc-process-docstring", link_equations, priority=900)
    app.connect("missing-reference", link_names)
    app.connect("env-get-outdated", pages_to_execute)
    app.connect("env-updated", pages_to_write)
    app.connect("doctree-read", drop_widget_state)
    app.connect("html-page-context", share_once)
    app.connect("html-page-context", lead_to_first_figure)
    app.connect("html-page-context", name_folds)
    app.connect("build-finished", drop_unused)
    app.connect("build-finished", make_explorers)
    app.add_post_transform(FoldSolutions)
    app.add_post_transform(LinkEquations)
    app.add_node(
        nodes.citation, override=True, html=(visit_citation, HTML5Translator.depart_citation)
    )
    for kind in (details, summary):
        tag = kind.__name__
        app.add_node(
            kind,
            html=(
                lambda self, node, tag=tag: self.body.append(self.starttag(node, tag)),
                lambda self, node, tag=tag: self.body.append(f"</{tag}>\n"),
            ),
        )
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
