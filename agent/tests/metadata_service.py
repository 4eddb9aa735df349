"""EC2's metadata service, for the tests."""

import http.server
import threading
import time
from typing import Any

from locust_cluster.service.end_notices import GROUP


class Metadata(http.server.ThreadingHTTPServer):
    """With what a test lets it say."""

    daemon_threads = True

    def __init__(self) -> None:
        self.told: dict[str, str] = {GROUP: "InService"}
        self.delay_s = 0.0
        self.status = 200
        self.token = "a-token"
        self.tokens: list[str | None] = []
        self.present = self.most = 0
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_PUT(self) -> None:
                self._answer(200, service.token)

            def do_GET(self) -> None:
                service.tokens.append(self.headers["X-aws-ec2-metadata-token"])
                text = service.told.get(self.path.removeprefix("/latest/meta-data/"))
                self._answer(404 if text is None else service.status, text or "not found")

            def _answer(self, status: int, text: str) -> None:
                service.present += 1
                service.most = max(service.most, service.present)
                time.sleep(service.delay_s)
                service.present -= 1
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: Any) -> None:
        """Who asks does not wait for ever."""
