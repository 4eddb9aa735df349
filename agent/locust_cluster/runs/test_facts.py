"""What the user's test holds: classes, tags, load shape, hosts; and what a run may ask of it."""

import difflib
from collections.abc import Iterable
from typing import Any

from locust import FastHttpUser, HttpUser, TaskSet, User
from locust.env import Environment

from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.request_fields import RequestError


class TestFacts:
    """Taken when Locust has loaded the test, before a run or the page changes anything.

    Looked at once more when the user's `init` listeners have run: they may set hosts.
    """

    __test__ = False
    """Not one of pytest's."""

    def __init__(self, environment: Environment) -> None:
        self.look(environment)

    def look(self, environment: Environment) -> None:
        self.host: str | None = environment.host
        self.user_classes: list[type[User]] = list(environment.user_classes)
        self.class_hosts = {each: each.host for each in self.user_classes}
        self.tags = sorted(set(_tags(self.user_classes)))
        options = environment.parsed_options
        self.default_tags: list[str] = list(getattr(options, "tags", None) or [])

    @property
    def target(self) -> dict[str, Any]:
        """Where a run goes that names no host, as GET /cluster/nodes shows it."""
        hosts = [self.host] if self.host else list(self.class_hosts.values())
        return {
            "hosts": sorted({host for host in hosts if host}),
            "missing": bool(self._without_host(self.user_classes)),
        }

    def check(self, request: RunRequest, environment: Environment) -> None:
        """Raises RequestError when the test cannot do what is asked."""
        shape = shape_name(environment)
        for field in ("user_count", "spawn_rate", "run_time"):
            if shape and getattr(request, field) is not None:
                raise RequestError(
                    f"the test has a load shape, {shape}, which decides about users and time: "
                    f"leave out '{field}'",
                    field,
                )
        if not shape and request.user_count is None:
            raise RequestError("'user_count' is missing: how many users?", "user_count")
        names = [each.__name__ for each in self.user_classes]
        _check_names("user_classes", "user class", request.user_classes, names)
        _check_names("thresholds", "user class", sorted(request.judged_classes), names)
        _check_names("tags", "tag", request.tags, self.tags)
        self._check_host(request)

    def _check_host(self, request: RunRequest) -> None:
        """Locust gives the host of a run, or of the master, to all classes."""
        for each in filter(_is_http, self.chosen(request)):
            host = request.host or self.host or self.class_hosts[each]
            if not host:
                raise RequestError(
                    f"'host' is missing: neither this run nor cluster.yaml nor {each.__name__} "
                    "names a target",
                    "host",
                )
            # Without a scheme all its requests fail, one by one.
            if "://" not in host:
                raise RequestError(
                    f"'host' must begin with http:// or https:// for {each.__name__}, which makes "
                    f"HTTP requests, got '{host}': write http://{host}",
                    "host",
                )

    def _without_host(self, classes: Iterable[type[User]]) -> list[type[User]]:
        """Those that cannot make a request as they are."""
        http = filter(_is_http, classes)
        return [] if self.host else [each for each in http if not self.class_hosts[each]]

    def chosen(self, request: RunRequest) -> list[type[User]]:
        """The user classes of a run."""
        wanted = request.user_classes
        return [each for each in self.user_classes if not wanted or each.__name__ in wanted]


def _is_http(each: type[User]) -> bool:
    return issubclass(each, HttpUser | FastHttpUser)


def shape_name(environment: Environment) -> str | None:
    return type(environment.shape_class).__name__ if environment.shape_class else None


def _tags(holders: Iterable[Any]) -> Iterable[str]:
    for holder in holders:
        for task in holder.tasks:
            yield from getattr(task, "locust_tag_set", ())
            if isinstance(task, type) and issubclass(task, TaskSet):
                yield from _tags([task])


def _check_names(field: str, what: str, wanted: Iterable[str], known: list[str]) -> None:
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}"
            raise RequestError(f"the test has no {what} '{name}': {hint}", field)
