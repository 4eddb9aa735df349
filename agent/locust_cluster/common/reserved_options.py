"""Locust's options that the cluster sets itself, or that would take the page away.

`deploy` refuses them by name. Should one reach a machine all the same (a `locust.conf`, a variable,
`~/.locust.conf` on a laptop), the page comes up anyway and the log says which line was ignored.
"""

from collections.abc import Mapping, Sequence

from locust_cluster.common.settings import ConfigurationError

RESERVED: dict[str, str | None] = {
    "autoquit": "LOCUST_AUTOQUIT",
    "autostart": "LOCUST_AUTOSTART",
    "config": None,
    "csv": "LOCUST_CSV",
    "csv-full-history": "LOCUST_CSV_FULL_HISTORY",
    "exit-code-on-error": "LOCUST_EXIT_CODE_ON_ERROR",
    "expect-workers": "LOCUST_EXPECT_WORKERS",
    "expect-workers-max-wait": "LOCUST_EXPECT_WORKERS_MAX_WAIT",
    "headful": "LOCUST_HEADFUL",
    "headless": "LOCUST_HEADLESS",
    "help": None,
    "html": "LOCUST_HTML",
    "json": None,
    "json-file": None,
    "list": None,
    "locustfile": "LOCUST_LOCUSTFILE",
    "master": "LOCUST_MODE_MASTER",
    "master-bind-host": "LOCUST_MASTER_BIND_HOST",
    "master-bind-port": "LOCUST_MASTER_BIND_PORT",
    "master-host": "LOCUST_MASTER_NODE_HOST",
    "master-port": "LOCUST_MASTER_NODE_PORT",
    "processes": "LOCUST_PROCESSES",
    "show-task-ratio": None,
    "show-task-ratio-json": None,
    "tls-cert": "LOCUST_TLS_CERT",
    "tls-key": "LOCUST_TLS_KEY",
    "version": None,
    "web-base-path": "LOCUST_WEB_BASE_PATH",
    "web-host": "LOCUST_WEB_HOST",
    "web-login": "LOCUST_WEB_LOGIN",
    "web-port": "LOCUST_WEB_PORT",
    "worker": "LOCUST_MODE_WORKER",
}
"""Long name and environment variable, as in locust/argument_parser.py of 2.47.0."""

SHORT = {"-P": "web-port", "-V": "version", "-f": "locustfile", "-h": "help", "-l": "list"}


def refuse_reserved(args: Sequence[str]) -> None:
    """Raise ConfigurationError when `locust.extraArgs` holds a reserved option."""
    for argument in args:
        name = argument.split("=", 1)[0]
        # argparse takes `--headl` for `--headless`; no free option is such a beginning.
        long = name[2:] if name.startswith("--") and len(name) > 2 else None
        if SHORT.get(name[:2]) or (long and any(option.startswith(long) for option in RESERVED)):
            raise ConfigurationError(
                f"'{name}' in locust.extraArgs is set by the cluster itself: remove it"
            )


def without_reserved(environ: Mapping[str, str]) -> dict[str, str]:
    """Copy an environment without the variables that stand for reserved options."""
    variables = {variable for variable in RESERVED.values() if variable}
    return {name: value for name, value in environ.items() if name not in variables}
