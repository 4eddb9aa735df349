"""An answer that its client never got is given again, instead of doing twice what was asked for.

SDKs send one `amz-sdk-invocation-id` with all attempts of a call (SDK reference, "Retry behavior"). A busy host may
lose an answer of this one-process server; the second attempt then found what the first had made, and a deploy failed
with EntityAlreadyExists or InvalidKeyPair.Duplicate, about once in 500 creates. That is this server's accident, not
AWS's: it is logged, so that it can be seen.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

REMEMBERED = 500

Answer = tuple[str, list[tuple[str, str]], list[bytes]]


class RepeatedCalls:
    """Under the lock of OneAtATime: the first attempt has ended when the second one is looked at."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.answers: OrderedDict[str, Answer] = OrderedDict()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        call = environ.get("HTTP_AMZ_SDK_INVOCATION_ID", "")
        if call in self.answers:
            print(f"asked again, answered again: call {call}, {environ.get('HTTP_AMZ_SDK_REQUEST')}", file=sys.stderr)
            status, headers, body = self.answers[call]
            start_response(status, headers)
            return body
        return self.remember(call, environ, start_response)

    def remember(self, call: str, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Only what was done: a failure, such as a throttled call, is to be tried again."""
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            begun.append((status, headers))
            return start_response(status, headers, *rest)

        body = list(self.app(environ, note))
        if call and begun and begun[-1][0].startswith("2") and environ["REQUEST_METHOD"] in ("POST", "PUT"):
            self.answers[call] = (*begun[-1], body)
            if len(self.answers) > REMEMBERED:
                self.answers.popitem(last=False)
        return body
