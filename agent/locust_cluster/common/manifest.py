"""`current.json`: which test, agent and environment a cluster runs, and how Locust is started."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from locust_cluster.common.checked_json import count
from locust_cluster.common.constants import CONTENT_NAME_DIGITS, LOGINS, Login
from locust_cluster.common.documents import manifest as documents
from locust_cluster.common.fleet import Fleet
from locust_cluster.common.host_names import normal_host
from locust_cluster.common.settings import ConfigurationError
from locust_cluster.common.shares import read_shares

SCHEMA = 1
"""The only form of current.json that this agent reads; lib/ writes it."""

CONTENT_NAME = re.compile(rf"[0-9a-f]{{{CONTENT_NAME_DIGITS}}}")
"""Bundles and environments are named by their content: names of folders."""


@dataclass(frozen=True)
class Manifest:
    """The content of current.json."""

    bundle: str
    environments: Mapping[str, str]
    """Name of the environment for each architecture (`arm64`, `x86_64`)."""
    locustfiles: tuple[str, ...]
    """Files and folders, relative to the test folder."""
    host: str | None
    args: tuple[str, ...]
    """The user's own arguments for Locust."""
    login: Login
    https: bool
    results_store: str | None = None
    """Where runs are written instead of the cluster's own store, e.g. `s3://bucket/folder/`."""
    host_names: frozenset[str] = frozenset()
    """Further names and addresses of the master's page, in their normal spelling."""
    expected_workers: int | None = None
    """Worker machines of the cluster. The manifest of an older deploy does not say."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Of the environment in which the locustfile is loaded, on all machines."""
    fleets: Mapping[str, Fleet] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)
    """Percentages of the users by fleet, of runs that name none."""

    def environment(self, architecture: str) -> str:
        """Name of the environment for an architecture; empty in a local cluster, which has none."""
        return self.environments.get(architecture, "")

    def variables_of(self, fleet: str) -> dict[str, str]:
        """Variables for the locustfile on the machines of a fleet; `""` is none."""
        own = self.fleets.get(fleet)
        return {**self.variables, **(own.variables if own else {})}


def read_manifest(path: Path) -> Manifest:
    """Read current.json. Raises ConfigurationError when it is missing or not understood."""
    try:
        return parse_manifest(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"cannot read {path}: {error.strerror}") from error


def parse_manifest(content: bytes) -> Manifest:
    """Understand current.json. Raises ConfigurationError with the reason."""
    try:
        document: documents.Manifest = json.loads(content)
        schema = document["schema"]
        if schema != SCHEMA:
            raise ConfigurationError(
                f"current.json has schema {schema}, this agent reads {SCHEMA}: deploy again"
            )
        locust = document["locust"]
        return Manifest(
            bundle=_content_name(document["bundle"]),
            environments={k: _content_name(v) for k, v in document["environments"].items()},
            locustfiles=tuple(_argument(locust["locustfile"]).split(",")),
            host=_maybe(locust.get("host")),
            args=tuple(_argument(argument) for argument in _list(locust.get("args", []))),
            login=_login(document["login"]),
            https=bool(document.get("https", False)),
            results_store=_maybe(document.get("results")),
            host_names=frozenset(
                normal_host(_argument(name)) for name in _list(document.get("host_names", []))
            ),
            expected_workers=_workers(document.get("expected")),
            variables=_variables(document),
            fleets={name: _fleet(fleet) for name, fleet in document.get("fleets", {}).items()},
            shares=_shares(document.get("shares", {})),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ConfigurationError(f"current.json is not understood: {error!r}") from error


def _content_name(value: object) -> str:
    if not isinstance(value, str) or not CONTENT_NAME.fullmatch(value):
        raise ValueError(f"{value!r} is not a name of {CONTENT_NAME_DIGITS} hex digits")
    return value


def _argument(value: object) -> str:
    # Linux ends an argument at NUL: no program can be started with it.
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{value!r} is not a text without NUL")
    return value


def _maybe(value: object) -> str | None:
    return None if value is None or value == "" else _argument(value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is not a list")
    return value


def _variables(part: documents.Manifest | documents.Fleet) -> dict[str, str]:
    variables = part.get("environment", {})
    return {_argument(name): _argument(value) for name, value in variables.items()}


def _fleet(fleet: documents.Fleet) -> Fleet:
    return Fleet(
        region=_argument(fleet["region"]),
        size=count(fleet["size"]),
        max=count(fleet["max"]),
        idle=count(fleet["idle"]),
        variables=_variables(fleet),
        spot=bool(fleet["spot"]),
    )


def _shares(shares: Mapping[str, str]) -> Mapping[str, str]:
    read_shares(shares)
    return shares


def _workers(expected: documents.ExpectedMachines | None) -> int | None:
    if expected is None:
        return None
    return count(expected["workers"])


def _login(value: object) -> Login:
    for login in LOGINS:
        if value == login:
            return login
    raise ValueError(f"login {value!r} is not one of {', '.join(LOGINS)}")
