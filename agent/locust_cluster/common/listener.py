"""A listener never raises into Locust: it would end the process or taint its exit code."""

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")

logger = logging.getLogger(__name__)


def listener(function: Callable[P, None]) -> Callable[P, None]:
    """Log what a listener of ours raises, and go on."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except Exception:
            logger.exception("%s failed; Locust goes on", function.__qualname__)

    return guarded
