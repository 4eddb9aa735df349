"""Says in one sentence why Locust could not start, below Python's traceback."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from locust import events, log

from locust_cluster.common.patch import patch
from locust_cluster.common.process_status import write_process_status
from locust_cluster.common.settings import ConfigurationError, Settings


def sentence(error: BaseException, test: Path) -> str:
    """Name the line of the test that did it, e.g. `locustfile.py:3: NameError: …`."""
    if isinstance(error, ConfigurationError):
        return str(error)
    reason = _missing_module(error) or f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        place = f"{_name(error.filename, test)}:{error.lineno}"
        return f"{place}: {error.msg} (this is Python {version})"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(test):
            return f"{_name(frame.filename, test)}:{frame.lineno}: {reason}"
    return reason


def _missing_module(error: BaseException) -> str | None:
    """Where a module that is not there comes from; None for a part of one that is."""
    if not isinstance(error, ModuleNotFoundError) or not error.name or "." in error.name:
        return None
    return (
        f"no module named '{error.name}'; add its package to requirements.txt beside the test, "
        f"or {error.name}.py to the test's folder"
    )


def explain(settings: Settings) -> None:
    """Add the sentence to what Python prints, and tell it to the agent service."""
    show = sys.excepthook
    test = Path.cwd()

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, ConfigurationError):
            message = str(error)
        else:
            show(kind, error, trace)
            message = sentence(error, test)
        print(message, file=sys.stderr)
        write_process_status(settings.process_file, "failed", message)

    sys.excepthook = hook
    _explain_init(settings, test)
    write_process_status(settings.process_file, "starting")


class _Failures(logging.Filter):
    """The exceptions that Locust logs, while it logs them (locust/event.py, EventHook.fire)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[BaseException] = []

    def filter(self, record: logging.LogRecord) -> bool:
        error = sys.exc_info()[1]
        if error and str(record.msg).startswith("Uncaught exception in event handler"):
            self.found.append(error)
        return True


def _explain_init(settings: Settings, test: Path) -> None:
    """A listener of `init` that fails ends Locust, which only logs the traceback."""
    fire: Any = events.init.fire

    def fire_and_tell(**arguments: Any) -> None:
        failures, root = _Failures(), logging.getLogger()
        root.addFilter(failures)
        try:
            fire(**arguments)
        finally:
            root.removeFilter(failures)
        if log.unhandled_greenlet_exception and failures.found:
            message = f"the test fails at 'init': {sentence(failures.found[0], test)}"
            print(message, file=sys.stderr)
            write_process_status(settings.process_file, "failed", message)

    patch(events.init, "fire", fire_and_tell)


def _name(file: str, test: Path) -> str:
    path = Path(file)
    return str(path.relative_to(test)) if path.is_relative_to(test) else path.name
