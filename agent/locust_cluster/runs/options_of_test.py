"""The test's own command line options, which it declares at `init_command_line_parser`."""

import difflib
import re
import sys
from argparse import Action
from collections.abc import Sequence
from typing import Any, NoReturn

from locust.argument_parser import (
    LocustArgumentParser,
    get_empty_argument_parser,
    get_parser,
    setup_parser_arguments,
)

from locust_cluster.common.patch import patch
from locust_cluster.runs.request_error import RequestError, shown

HIDDEN = "…"
"""Stands for the value of an option that the test has declared with `is_secret`."""

NEGATIVE_NUMBER = re.compile(r"-\d+|-\d*\.\d+")
"""A value for argparse, and no option."""


def parse_options(args: Sequence[str]) -> dict[str, Any]:
    """Values of all options that the test has declared: of `args`, else as this master has them.

    Raises RequestError for what the test has not declared, or a value that it does not take.
    """
    parser, own = _parser()
    for arg in filter(_is_option, args):
        _check_name(arg, parser, own)
    before = vars(parser.parse_args(sys.argv[1:]))
    after = vars(parser.parse_args([*sys.argv[1:], *args]))
    for name in before:
        if name not in own and before[name] != after[name]:
            raise _wrong(f"only options that the test declares may be given, got {args[0]!r}")
    return {name: after[name] for name in own if name in after}


def without_secrets(args: Sequence[str]) -> tuple[str, ...]:
    """As they may be shown. Raises RequestError."""
    parser, own = _parser()
    shown, is_secret = [], False
    for arg in args:
        if _is_option(arg):
            name, equals, _ = arg.partition("=")
            is_secret = getattr(own[_check_name(arg, parser, own)], "is_secret", False)
            shown.append(f"{name}={HIDDEN}" if is_secret and equals else arg)
        else:
            shown.append(HIDDEN if is_secret else arg)
    return tuple(shown)


def lacks_secrets(args: Sequence[str]) -> bool:
    """Were these arguments kept without the secrets that they had?"""
    return any(arg == HIDDEN or arg.endswith(f"={HIDDEN}") for arg in args)


def _parser() -> tuple[LocustArgumentParser, dict[str, Action]]:
    """Locust's parser with the test's options, and these alone by the name of their value."""
    plain = get_empty_argument_parser()
    setup_parser_arguments(plain)
    locusts = {action.dest for action in plain._actions}
    parser = get_parser()

    def refuse(message: str) -> NoReturn:
        # Has the value, and the choices that there are.
        raise _wrong(shown(message, 1_000))

    patch(parser, "error", refuse)
    own = {action.dest: action for action in parser._actions if action.dest not in locusts}
    return parser, own


def _is_option(arg: str) -> bool:
    return arg.startswith("-") and len(arg) > 1 and not NEGATIVE_NUMBER.fullmatch(arg)


def _check_name(arg: str, parser: LocustArgumentParser, own: dict[str, Action]) -> str:
    """The value's name of an option of the test, also of an unambiguous beginning."""
    name = arg.partition("=")[0]
    given = shown(name)
    known = {text: action.dest for text, action in parser._option_string_actions.items()}
    found = (
        {known[name]} if name in known else {known[each] for each in known if _begins(each, name)}
    )
    declared = sorted(text for text, dest in known.items() if dest in own)
    if len(found) > 1:
        meant = ", ".join(sorted(each for each in known if _begins(each, name)))
        raise _wrong(f"{name} is ambiguous: {meant}; write it in full")
    if not found:
        near = difflib.get_close_matches(name, declared, 1)
        hint = f"did you mean {near[0]}?" if near else _all(declared)
        raise _wrong(f"unknown option {given}: {hint}")
    dest: str = found.pop()
    if dest not in own:
        raise _wrong(f"{name} is an option of Locust and not of the test: {_all(declared)}")
    return dest


def _begins(option: str, name: str) -> bool:
    return name.startswith("--") and option.startswith(name)


def _all(declared: Sequence[str]) -> str:
    return f"the test declares {', '.join(declared) or 'no options'}"


def _wrong(message: str) -> RequestError:
    return RequestError(f"options of the test: {message}", "args")
