"""Where a notebook can be run: in the browser, on Binder, on Colab.

In the browser: `python -m web.lite` makes a site while the pages are read. It becomes part of the
book, and each chapter has a link to it below its title. Binder and Colab: `course_repository` in
_config.yml is the one setting, the address of a GitHub repository. While there is no site and no
address, no page has a button for it: none would work.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import nbformat
from book import changed
from docutils import nodes
from docutils.parsers.rst import Directive
from marks import sets
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)

MARKER = "built-from"  # the last file of a whole site
# Getting ready begins when a reader is about to press: the page itself loads nothing of it.
LINK = """
<p class="run-here"><a href="{address}">Run {what} in your browser</a>
<span>{more}</span></p>
<script>
for (const link of document.querySelectorAll(".run-here > a:not([data-ready])")) {{
  link.dataset.ready = "";
  if (location.protocol === "file:")
    link.nextElementSibling.textContent =
      "This works from a web server only: python -m http.server in the book's folder is one.";
  const prepare = async () => {{
    const worker = new URL("../service-worker.js", link.href);
    const {{ active, installing }} = await navigator.serviceWorker.register(worker);
    (active || installing).postMessage("prepare");
  }};
  for (const sign of ["pointerenter", "focus"])
    if (location.protocol !== "file:" && "serviceWorker" in navigator)
      link.addEventListener(sign, prepare, {{ once: true }});
}}
</script>
"""
MORE = "Nothing to install; about 25 MB the first time. Your changes are kept there."


def site(app):
    """Folder of the site, if it is there as a whole; what is still being made is waited for."""
    if (making := getattr(app, "site_in_making", None)) and making.wait():
        raise ExtensionError("The notebooks that run in the browser could not be built: see above.")
    folder = Path(app.srcdir, "_build", "lite", "site")
    return folder if (folder / MARKER).is_file() else None


def begin_site(app):
    """Have the site made while the pages are read."""
    if app.builder.name == "html" and Path(app.srcdir, "web", "lite").is_dir():
        app.site_in_making = subprocess.Popen([sys.executable, "-m", "web.lite"], cwd=app.srcdir)


def in_browser(root, notebook, what, more=MORE):
    """Link that opens a notebook in the browser; `root` leads to the book's folder."""
    address = f"{root}lite/notebooks/index.html?path={quote(notebook)}"
    return LINK.format(address=address, what=what, more=more)


def addresses(repository, page):
    """Where a chapter opens, by the service's name."""
    _, _, name = repository.rstrip("/").removesuffix(".git").partition("github.com/")
    if not name:
        raise ValueError(
            f"course_repository = {repository!r}: https://github.com/OWNER/NAME is wanted"
        )
    path = f"{page}.ipynb"
    return {
        "Binder": f"https://mybinder.org/v2/gh/{name}/main?urlpath={quote(f'lab/tree/{path}', '')}",
        "Colab": f"https://colab.research.google.com/github/{name}/blob/colab/{path}",
    }


def add_buttons(app, page, template, context, doctree):
    """Add to a page that is a notebook what opens it elsewhere."""
    if not (doctree and str(context.get("page_source_suffix")) == ".ipynb"):
        return
    if site(app):
        link = in_browser("../" * page.count("/"), f"{page}.ipynb", "this chapter")
        context["body"] = context["body"].replace("</h1>", f"</h1>{link}", 1)
    if repository := app.config.course_repository:
        links = [
            {"type": "link", "text": name, "url": url, "tooltip": f"Open this chapter on {name}"}
            for name, url in addresses(repository, page).items()
        ]
        context["header_buttons"].append(
            {
                "type": "group",
                "buttons": links,
                "icon": "fas fa-rocket",
                "label": "launch-buttons",
                "tooltip": "Run this chapter elsewhere",
            }
        )


class ProblemSets(Directive):
    """``{problem-sets}``: each set as students get it, to run in the browser or to download."""

    def run(self):
        env = self.state.document.settings.env
        folder = Path(env.srcdir, "coursework", "source")
        files = sets(folder)
        if not files:
            return [nodes.paragraph("", "This copy of the course holds no problem sets.")]
        shown = []
        for name, path in files.items():
            env.note_dependency(str(path))
            first = nbformat.read(path, as_version=4).cells[0].source
            title, about = (block.strip("# ") for block in first.split("\n\n")[:2])
            address = f"problems/{name}.ipynb"
            root = "../" * env.docname.count("/")
            download = f'<a href="{root}{address}" download>download it</a> for JupyterLab'
            if site(env.app):
                what = title.partition(":")[0].lower()
                link = in_browser(root, address, what, f"Or {download}.")
            else:
                link = f'\n<p class="run-here"><span>You can {download}.</span></p>\n'
            shown += [
                nodes.rubric("", title),
                nodes.paragraph("", about),
                nodes.raw("", link, format="html"),
            ]
        return shown


def add_notebooks(app, error):
    """Put the student versions of the problem sets, and the site, beside the pages."""
    if error or app.builder.name != "html":
        return
    student_versions = Path(app.outdir, "problems")
    names = sets(Path(app.srcdir, "coursework", "source"))
    if names and (app.coursework_changed or not student_versions.is_dir()):
        from coursework.release import student_text

        student_versions.mkdir(exist_ok=True)
        for name in names:
            (student_versions / f"{name}.ipynb").write_text(student_text(name), "utf-8")
    made, copied = site(app), Path(app.outdir, "lite")
    if not made:
        logger.info(
            "The book has no notebooks that run in the browser: python -m web.lite says why."
        )
        shutil.rmtree(copied, ignore_errors=True)
    elif not same(made / MARKER, copied / MARKER):
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(made, copied, copy_function=link)


def link(file, place):
    """Let one file stand in two places; copy it where the disk cannot."""
    try:
        os.link(file, place)
    except OSError:
        shutil.copy2(file, place)


def same(one, other):
    """Whether two files hold the same."""
    return other.is_file() and one.read_bytes() == other.read_bytes()


def pages_to_write(app, env):
    """Every page with a link to the site, when the site has come or gone."""
    there = site(app) is not None
    before, env.site_there = getattr(env, "site_there", None), there
    return [] if before == there else list(env.all_docs)


def pages_to_read(app, env, added, updated, removed):
    """The pages that list the problem sets, when one has come or gone."""
    app.coursework_changed = changed(env, app.srcdir, "coursework")
    there = sorted(sets(Path(app.srcdir, "coursework", "source")))
    before, env.sets_there = getattr(env, "sets_there", there), there
    listing = {"web/problems", "docs/guide/coursework"} & env.found_docs
    return [] if before == there else sorted(listing)


def setup(app):
    app.add_config_value("course_repository", "", "html", (str,))
    app.add_directive("problem-sets", ProblemSets)
    app.connect("builder-inited", begin_site)
    app.connect("env-get-outdated", pages_to_read)
    app.connect("env-updated", pages_to_write)
    app.connect("html-page-context", add_buttons, priority=600)  # after the theme's own
    app.connect("build-finished", add_notebooks)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
