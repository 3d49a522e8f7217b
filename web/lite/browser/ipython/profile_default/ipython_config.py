"""What IPython is told in the browser."""

c = get_config()  # noqa: F821, IPython brings it
c.InteractiveShellApp.extensions = ["browser.kernel"]
