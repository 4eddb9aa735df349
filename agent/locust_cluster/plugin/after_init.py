"""What is to be done when every `init` listener has run, the user's too."""

from collections.abc import Callable
from typing import Any

from locust import events, log
from locust.env import Environment

from locust_cluster.common.patch import patch


def after_init(function: Callable[[Environment], None]) -> None:
    """Call a function when `init` is over. To be called while Locust imports its files.

    Listeners run in the order in which they were added, so ours come before the user's, which may
    still change hosts and classes. When one has failed, Locust is about to end: nothing is called.
    """
    fire: Callable[..., None] = events.init.fire

    def fire_then(**arguments: Any) -> None:
        fire(**arguments)
        if not log.unhandled_greenlet_exception:
            function(arguments["environment"])

    patch(events.init, "fire", fire_then)
