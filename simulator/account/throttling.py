"""EC2 answers 503 RequestLimitExceeded while a bucket of the action is empty, Auto Scaling 400 Throttling while its
one bucket is (token_bucket.py).

Each refusal is a line of the log: `throttled: RunInstances in us-east-1, attempt=2; max=8`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult, BaseResponse
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses._base_response import EC2BaseResponse

import server_errors  # noqa: F401
from moto_fixes import replace
from token_bucket import OF_AUTO_SCALING, OF_INSTANCES, Limit, TokenBucket, limit_of

scale = 1.0
"""Size of the buckets, of AWS's."""

AUTO_SCALING = "Auto Scaling"

buckets: dict[tuple[str, str, str, Limit], TokenBucket] = {}


@replace(EC2BaseResponse, "call_action")
def throttle(original: Any, self: EC2BaseResponse) -> Any:
    action = self._get_action()
    if all_have([(bucket_of(self, action, limit), tokens) for limit, tokens in needs_of(self)]):
        return original(self)
    return refused(self, EC2ClientError("RequestLimitExceeded", "Request limit exceeded."))


@replace(AutoScalingResponse, "call_action")
def throttle_auto_scaling(original: Any, self: AutoScalingResponse) -> Any:
    if all_have([(bucket_of(self, AUTO_SCALING, OF_AUTO_SCALING), 1)]):
        return original(self)
    return refused(self, Throttling("Rate exceeded"))


class Throttling(AutoscalingClientError):
    """kubernetes/autoscaler #252: `Throttling: Rate exceeded`, 400."""

    code = "Throttling"


def refused(response: BaseResponse, error: Exception) -> Any:
    attempt = response.headers.get("amz-sdk-request", "")
    print(f"throttled: {response._get_action()} in {response.region}, {attempt}", file=sys.stderr)
    return response.serialized(ActionResult(error))


def needs_of(request: EC2BaseResponse) -> Iterable[tuple[Limit, float]]:
    action, parameters = request._get_action(), request.querystring
    yield limit_of(action, unfiltered=not any(key.startswith(("Filter.", "MaxResults")) for key in parameters)), 1
    if action in OF_INSTANCES:
        ids = sum(key.startswith("InstanceId.") for key in parameters)
        yield OF_INSTANCES[action], ids or int(parameters.get("MaxCount", ["1"])[0])


def bucket_of(request: BaseResponse, action: str, limit: Limit) -> TokenBucket:
    key = (request.current_account, request.region, action, limit)
    if key not in buckets:
        # No request would ever pass a bucket smaller than one token.
        scaled = Limit(max(1, limit.capacity * scale), limit.refill * scale)
        buckets[key] = TokenBucket(scaled, time.monotonic())
    return buckets[key]


def all_have(needs: list[tuple[TokenBucket, float]]) -> bool:
    """Takes the tokens when every bucket has them, else none."""
    now = time.monotonic()
    if not all(bucket.has(tokens, now) for bucket, tokens in needs):
        return False
    for bucket, tokens in needs:
        bucket.take(tokens)
    return True
