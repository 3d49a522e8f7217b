"""Notebooks that run in the reader's browser: `python -m web.lite` makes a JupyterLite site.

Pyodide's files come from elsewhere, each held to a hash (`fetch`); what the notebooks need of them
is packed into few archives, compiled beforehand (`bundle`); JupyterLite's own programs and the
notebooks join them (`site`).
"""
