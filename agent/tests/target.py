"""A system under test, which knows what it has got."""

import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Target:
    """Answers after `answer_s` seconds."""

    def __init__(self, answer_s: float = 0, fails: str | None = None) -> None:
        """A path that `fails` is answered with 500."""
        self.seen: list[str] = []
        """Paths."""
        target = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                target.seen.append(self.path)
                time.sleep(answer_s)
                self.send_response(500 if self.path == fails else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 100

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
