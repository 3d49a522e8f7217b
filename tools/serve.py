"""Serve the built book on this machine, for this machine only."""

import argparse
import errno
import os
import sys
from functools import lru_cache, partial
from gzip import compress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

HOST = "127.0.0.1"
BOOK = Path(__file__).parent.parent / "_build" / "html"
TEXT = {".html", ".css", ".js", ".json", ".svg"}
PORTS = range(8000, 8020)
LARGEST_TEXT = 1_000_000  # bytes; packing more takes longer than it saves


@lru_cache(maxsize=256)
def packed(file: Path, modified: int) -> bytes:
    """Return the file's content, compressed as any web host sends it."""
    return compress(file.read_bytes(), compresslevel=6)


class BookHandler(SimpleHTTPRequestHandler):
    """Send files so that the browser asks again each time: a rebuilt book shows at once."""

    protocol_version = "HTTP/1.1"

    def send_head(self):
        """Send a text that the browser does not have yet in compressed form."""
        file = Path(self.translate_path(self.path))
        if (
            file.suffix not in TEXT
            or not file.is_file()
            or "If-Modified-Since" in self.headers
            or "gzip" not in self.headers.get("Accept-Encoding", "")
            or file.stat().st_size > LARGEST_TEXT
        ):
            return super().send_head()
        modified = file.stat().st_mtime
        body = packed(file, modified)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.date_time_string(modified))
        self.end_headers()
        return BytesIO(body)

    def end_headers(self):
        """Forbid the use of a copy without asking whether it is still the newest."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_request(self, code="-", size="-"):
        """Keep quiet about what went well; `log_error` tells the rest."""


class BookServer(ThreadingHTTPServer):
    """A server that ends with its last thread still running, and never shares its port."""

    daemon_threads = True
    request_queue_size = 128  # a notebook's page asks for some fifty files at once
    allow_reuse_address = os.name != "nt"  # on Windows it would let two servers share one

    def handle_error(self, request, client_address):
        """Tell what went wrong; that a reader goes on before all has come is nothing wrong."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def port_number(text: str) -> int:
    """Read the number of a port; 0 takes any that is free."""
    if not (text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def main(arguments: list[str] | None = None) -> str | None:
    """Serve until Ctrl-C. What is returned is what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    told = f"{PORTS[0]} unless told, or the next that is free"
    parser.add_argument("--port", type=port_number, help=told)
    parser.add_argument("--directory", type=Path, default=BOOK, help="the book unless told")
    options = parser.parse_args(arguments)
    if not (options.directory / "index.html").is_file():
        return f"There is no book in {options.directory} yet. Build it: make book"
    handler = partial(BookHandler, directory=str(options.directory))
    ports = PORTS if options.port is None else [options.port]
    for port in ports:
        try:
            server = BookServer((HOST, port), handler)
            break
        except OSError as error:
            if error.errno == errno.EACCES:
                return (
                    f"Port {port} needs an administrator.\n"
                    "Choose one above 1023: make serve PORT=8000"
                )
            if error.errno != errno.EADDRINUSE:
                raise
    else:
        return (
            f"Port {port} is taken by another program, perhaps by this book in another window.\n"
            f"Choose another port: make serve PORT={port + 1}"
        )
    with server:
        print(f"The book is at http://{HOST}:{server.server_port}/   (Ctrl-C ends)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nEnded.")
    return None


if __name__ == "__main__":
    sys.exit(main())
