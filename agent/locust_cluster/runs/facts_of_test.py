"""What the user's test holds: classes, tags, load shape, hosts; and what a run may ask of it."""

import difflib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from locust import FastHttpUser, HttpUser, TaskSet, User
from locust.env import Environment

from locust_cluster.common.documents import api
from locust_cluster.runs.load_of_test import load_of
from locust_cluster.runs.options_of_test import parse_options, without_secrets
from locust_cluster.runs.request import RunRequest
from locust_cluster.runs.request_error import RequestError, shown


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
        self.default_exclude_tags: list[str] = list(getattr(options, "exclude_tags", None) or [])
        self.load = load_of(environment)

    @property
    def target(self) -> api.TestTarget:
        """Where a run goes that names no host, as GET /cluster/nodes shows it."""
        hosts = [self.host] if self.host else list(self.class_hosts.values())
        return {
            "hosts": sorted({host for host in hosts if host}),
            "missing": bool(self._without_host(self.user_classes)),
        }

    def complete(self, request: RunRequest) -> RunRequest:
        """What is asked, with what the test says itself.

        Raises RequestError when the test cannot do it.
        """
        completed = self.load.complete(request)
        names = [each.__name__ for each in self.user_classes]
        _check_names("user_classes", "user class", request.user_classes, names)
        _check_names("thresholds", "user class", sorted(request.judged_classes), names)
        for field, tags in (("tags", request.tags), ("exclude_tags", request.exclude_tags)):
            for name in tags:
                if name in names and name not in self.tags:
                    raise RequestError(f"'{name}' is a user class, not a tag", field)
            _check_names(field, "tag", tags, self.tags)
        self._check_host(request)
        parse_options(request.args)
        return replace(completed, shown_args=without_secrets(request.args))

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
                whose, remedy = self._origin(request, each)
                raise RequestError(
                    f"{whose} must begin with http:// or https:// for {each.__name__}, which makes "
                    f"HTTP requests, got '{host}': write http://{host}{remedy}",
                    "host",
                )

    def _origin(self, request: RunRequest, user_class: type[User]) -> tuple[str, str]:
        """What has named the host of a class in a run, and where else it can be mended."""
        if request.host:
            return "'host'", ""
        if self.host:
            origin = "the cluster's host ('locust.host' in cluster.yaml, --host of a local cluster)"
        else:
            origin = f"the host of {user_class.__name__} in the test"
        return origin, " there, or give this run a 'host'"

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
            if near:
                hint = f": did you mean {near[0]}?"
            elif not known and what == "tag":
                raise RequestError("no task of the test has a tag", field)
            else:
                kinds = "tags" if what == "tag" else "user classes"
                hint = f"; its {kinds}: {', '.join(known) or 'none'}"
            raise RequestError(f"the test has no {what} '{shown(name)}'{hint}", field)
