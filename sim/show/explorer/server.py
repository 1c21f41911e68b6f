"""The explorer as a page that is served to this machine, and to nobody else.

It listens on 127.0.0.1, below a path that only who was told it knows, and answers only to requests
that were meant for it: a page from elsewhere that the same browser shows gets nothing.
"""

from __future__ import annotations

import asyncio
import gc
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from sim.show.explorer.session import Session
from sim.study.exploring.known_runs import Kept, Players
from sim.study.run import trace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from socket import socket

    from sim.study.exploring.asked_plans import Base

HOST: Final = "127.0.0.1"
_KINDS: Final = {
    "": ("page.html", "text/html; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
    "explorer.js": ("explorer.js", "text/javascript; charset=utf-8"),
    "explorer.css": ("explorer.css", "text/css; charset=utf-8"),
}
# Nothing from elsewhere, and no script that stands in the page itself.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src blob: data:; "
    "connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LARGEST_MESSAGE: Final = 1_000_000


class Server:
    """The page of some plans, until the program is stopped."""

    def __init__(self, bases: Sequence[Base], other: int, workers: int) -> None:
        """Be ready to serve plans, of which the other one is B at first."""
        self.bases = bases
        self.other = other
        self.players = Players(workers)
        self.kept = Kept()
        self._path = secrets.token_urlsafe(12)

    def serve(self, port: int, say: Callable[[str], None]) -> None:
        """Serve at a port (0: a free one), and say the address once it is served.

        Raises `OSError` where the port is taken.
        """
        sockets = bind_sockets(port, HOST)
        try:
            asyncio.run(self._serve(sockets, say))
        finally:
            self.players.close()

    async def _serve(self, sockets: list[socket], say: Callable[[str], None]) -> None:
        host = f"{HOST}:{sockets[0].getsockname()[1]}"
        names = (host, f"localhost:{host.rpartition(':')[2]}")
        about = {"names": names, "server": self}
        place = f"/{self._path}/"
        routes = [
            (f"{place}socket", _Socket, about),
            (f"{place}({'|'.join(_KINDS)})", _File, about),
        ]
        application = Application(
            routes, websocket_max_message_size=_LARGEST_MESSAGE, log_function=_say_nothing
        )
        server = HTTPServer(application)
        server.add_sockets(sockets)
        say(f"http://{host}{place}")
        with ThreadPoolExecutor(1) as executor:
            # The engine is loaded while the browser opens.
            asyncio.get_running_loop().run_in_executor(executor, self._warm_up)
            await asyncio.Event().wait()

    def _warm_up(self) -> None:
        trace(self.bases[0].scenario, engine="compiled")
        # What is loaded stays: to look through it for what is garbage takes a tenth of a second.
        gc.freeze()


def _say_nothing(_request: RequestHandler) -> None:
    """Say nothing on the terminal of what was asked for, since the address is secret."""


class _Local(RequestHandler):
    """What is only for who asks this machine by its own name."""

    def initialize(self, names: tuple[str, ...], server: Server) -> None:
        """Take what it serves."""
        self.names = names
        self.served = server

    def prepare(self) -> None:
        """Refuse who came here by another name, as a page from elsewhere could arrange."""
        if self.request.host not in self.names:
            self.send_error(403)

    def log_exception(self, *_about: Any) -> None:  # noqa: ANN401 - what tornado hands over
        """Say nothing on the terminal of what a browser does wrong."""


class _File(_Local):
    """One of the files that the page is made of."""

    def get(self, name: str) -> None:
        """Send it, with what a browser may do with it."""
        file, kind = _KINDS[name]
        self.set_header("Content-Type", kind)
        self.set_header("Content-Security-Policy", _POLICY.format(host=self.request.host))
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.finish(files("sim.show.explorer").joinpath(file).read_bytes())


class _Socket(_Local, WebSocketHandler):
    """A page that is open: its messages go to a session of its own."""

    session: Session | None = None

    def open(self, *_args: str, **_kwargs: str) -> None:
        """Begin a session."""
        server = self.served
        self.session = Session(server.bases, server.other, self._send, server.players, server.kept)

    def on_message(self, message: str | bytes) -> None:
        """Hand a message on."""
        if self.session is not None:
            self.session.hear(json.loads(message))

    def on_close(self) -> None:
        """End the session."""
        if self.session is not None:
            self.session.close()

    def _send(self, told: dict[str, Any], buffers: list[bytes]) -> None:
        """Send a message, and after it what belongs to it and is no text."""
        self._write(json.dumps({**told, "buffers": len(buffers)}))
        for one in buffers:
            self._write(one)

    def _write(self, message: str | bytes) -> None:
        """Write to a page that may be closed by now, or while it is written to."""
        with suppress(WebSocketClosedError):
            written = asyncio.ensure_future(
                self.write_message(message, binary=isinstance(message, bytes))
            )
            written.add_done_callback(lambda done: done.cancelled() or done.exception())
