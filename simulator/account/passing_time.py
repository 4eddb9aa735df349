"""Time passes in the account: what is due happens before the next request, and soon also while nobody asks."""

from __future__ import annotations

import io
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Request

TICK_SECONDS = 0.5

works: list[Callable[[], None]] = []


def at_every_moment(work: Callable[[], None]) -> Callable[[], None]:
    """Decorator: the function does what is due by then. Those of one moment happen in the order of their modules."""
    works.append(work)
    return work


def catch_up() -> None:
    for work in works:
        work()


class OneAtATime:
    """moto changes dictionaries in one thread while it iterates over them in another, and answers 500 after having done
    what was asked; Terraform asks again and is told that it is there already. A body is read first: its client may
    have lost its network.
    """

    lock = threading.Lock()

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = Request(environ).get_data(cache=False)
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        with self.lock:
            catch_up()
            return self.app(environ, start_response)  # type: ignore[no-any-return]


def keep_ticking() -> None:
    """For a thread of its own."""
    while True:
        time.sleep(TICK_SECONDS)
        try:
            with OneAtATime.lock:
                catch_up()
        except Exception:
            traceback.print_exc()
