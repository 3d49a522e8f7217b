"""Serve the built book on this machine, for this machine only."""

import argparse
import errno
import os
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"
BOOK = Path(__file__).parent.parent / "_build" / "html"


class BookHandler(SimpleHTTPRequestHandler):
    """Send files so that the browser asks again each time: a rebuilt book shows at once."""

    protocol_version = "HTTP/1.1"

    def end_headers(self):
        """Forbid the use of a copy without asking whether it is still the newest."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_request(self, code="-", size="-"):
        """Keep quiet about what went well; `log_error` tells the rest."""


class BookServer(ThreadingHTTPServer):
    """A server that ends with its last thread still running, and never shares its port."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # on Windows it would let two servers share one


def port_number(text: str) -> int:
    """Read the number of a port; 0 takes any that is free."""
    if not (text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def main(arguments: list[str] | None = None) -> str | None:
    """Serve until Ctrl-C. What is returned is what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=port_number, default=8000, help="8000 unless told")
    parser.add_argument("--directory", type=Path, default=BOOK, help="the book unless told")
    options = parser.parse_args(arguments)
    if not (options.directory / "index.html").is_file():
        return f"There is no book in {options.directory} yet. Build it: make book"
    try:
        server = BookServer(
            (HOST, options.port), partial(BookHandler, directory=str(options.directory))
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return (
                f"Port {options.port} is taken by another program, perhaps by this book in "
                f"another window.\nChoose another port: make serve PORT={options.port + 1}"
            )
        if error.errno == errno.EACCES:
            return (
                f"Port {options.port} needs an administrator.\n"
                "Choose one above 1023: make serve PORT=8000"
            )
        raise
    with server:
        print(f"The book is at http://{HOST}:{server.server_port}/   (Ctrl-C ends)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nEnded.")
    return None


if __name__ == "__main__":
    sys.exit(main())
