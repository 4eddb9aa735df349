"""Locust's options that the cluster sets itself, or that would take the page away.

`deploy` refuses them by name. Should one reach a machine all the same (a `locust.conf`, a variable,
`~/.locust.conf` on a laptop), the page comes up anyway and the log says which line was ignored.
"""

from collections.abc import Mapping, Sequence

from locust_cluster.common.constants import RESERVED_LETTERS, RESERVED_OPTIONS
from locust_cluster.common.settings import ConfigurationError


def refuse_reserved(args: Sequence[str]) -> None:
    """Raise ConfigurationError when `locust.extraArgs` holds a reserved option."""
    for argument in args:
        name = argument.split("=", 1)[0]
        # argparse takes `--headl` for `--headless`; no free option is such a beginning.
        long = name[2:] if name.startswith("--") and len(name) > 2 else None
        letter = name[1:2] if name.startswith("-") else ""
        if letter in RESERVED_LETTERS or (
            long and any(option.startswith(long) for option in RESERVED_OPTIONS)
        ):
            raise ConfigurationError(
                f"'{name}' in locust.extraArgs is set by the cluster itself: remove it"
            )


def without_reserved(environ: Mapping[str, str]) -> dict[str, str]:
    """Copy an environment without the variables that stand for reserved options."""
    variables = {variable for variable in RESERVED_OPTIONS.values() if variable}
    return {name: value for name, value in environ.items() if name not in variables}
