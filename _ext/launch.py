"""Buttons that open a chapter on Binder and Colab, once the book knows its repository.

`course_repository` in _config.yml is the one setting: the address of a GitHub repository. While it
is empty, no page has a button: none would work.
"""

from urllib.parse import quote


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
    """Add a menu of the services to the head of a page that is a notebook."""
    repository = app.config.course_repository
    if not (repository and doctree and str(context.get("page_source_suffix")) == ".ipynb"):
        return
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


def setup(app):
    app.add_config_value("course_repository", "", "html", (str,))
    app.connect("html-page-context", add_buttons, priority=600)  # after the theme's own
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
