"""Locust's configuration files: reserved options are ignored, errors name their line.

Locust's parser takes the lines of locust.conf and pyproject.toml as words of a command line that
nobody wrote.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from locust.argument_parser import LocustArgumentParser, LocustConfigParser

from locust_cluster.common.constants import RESERVED_OPTIONS
from locust_cluster.common.patch import patch
from locust_cluster.common.process_status import write_process_status
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
        write_process_status(settings.process_file, "failed", sentence)
        sys.exit(2)

    patch(LocustArgumentParser, "error", error)


def ignore_reserved(places: ConfPlaces) -> None:
    """Let Locust's reader of locust.conf and pyproject.toml skip reserved options, and say so.

    `places` keeps where the others stand.

    There is no option of Locust against its own configuration files, and a flag that is set in one
    cannot be unset on the command line; so this replaces the one method that reads them.
    """
    read: Any = LocustConfigParser.parse
    told: set[str] = set()

    def parse(self: Any, stream: Any) -> dict[str, Any]:
        text = stream.read()
        stream.seek(0)
        kept: dict[str, Any] = {}
        for key, value in read(self, stream).items():
            if key.lstrip("-").replace("_", "-") not in RESERVED_OPTIONS:
                kept[key] = value
            elif (line := f"'{key}' in {stream.name}") not in told:
                told.add(line)  # Locust reads its files again for every view of the page
                print(f"ignored {line}: the cluster sets it itself", file=sys.stderr)
        places.note(stream.name, text, kept)
        return kept

    patch(LocustConfigParser, "parse", parse)
