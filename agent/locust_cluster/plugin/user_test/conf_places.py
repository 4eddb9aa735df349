"""Names the line of locust.conf or pyproject.toml that Locust's parser does not take.

The parser hears of these files as of words in a command line that nobody wrote.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from locust.argument_parser import LocustArgumentParser

from locust_cluster.common.process_state import write_state
from locust_cluster.common.settings import Settings


class ConfPlaces:
    """Where each option was read."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def note(self, file: str, text: str, keys: Iterable[str]) -> None:
        """Keep the line of each key of a file."""
        lines = text.splitlines()
        for key in keys:
            begin = re.compile(rf"""\s*["']?-*{re.escape(key)}["']?\s*([=:\s]|$)""")
            found = [number for number, line in enumerate(lines, 1) if begin.match(line)]
            line = f":{found[-1]}" if found else ""
            self._places[key.lstrip("-")] = f"{Path(file).name}{line}"

    def explain(self, message: str) -> str:
        """What the parser says, with the place of the option that it is about."""
        for key, place in self._places.items():
            if not re.search(rf"--{re.escape(key)}(?![\w-])", message):
                continue
            if message.startswith("unrecognized arguments"):
                message = (
                    f"{key} is an option of neither Locust nor the test: "
                    "correct it, or declare it in the test"
                )
            return f"{place}: {message}"
        return message


def explain_refusals(settings: Settings, places: ConfPlaces) -> None:
    """Let Locust's parser end this process with a sentence that the agent service can read."""

    def error(_: Any, message: str) -> NoReturn:
        sentence = places.explain(message)
        print(sentence, file=sys.stderr)
        write_state(settings.process_file, "failed", sentence)
        sys.exit(2)

    setattr(LocustArgumentParser, "error", error)  # noqa: B010 (mypy: a method)
