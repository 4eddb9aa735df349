"""gRPC: `npx locust-cluster run -u 10 -t 1m -H localhost:50051`, a host without a scheme.

The package stands in requirements.txt beside this file. Here a message is plain text, which needs
no generated code; with stubs of yours, make them from the same channel.
"""

import time
from typing import Any

import grpc
import grpc.experimental.gevent
from locust import User, constant, task

# grpc has threads of its own, which would block all users of the process.
grpc.experimental.gevent.init_gevent()

METHOD = "/shop.Greeter/Hello"


class GrpcUser(User):
    wait_time = constant(0.2)

    def on_start(self) -> None:
        self.channel = grpc.insecure_channel(self.host or "localhost:50051")
        self.hello = self.channel.unary_unary(METHOD, str.encode, bytes.decode)

    def on_stop(self) -> None:
        self.channel.close()

    @task
    def greet(self) -> None:
        started = time.perf_counter()
        answer, error = "", None
        try:
            answer = self.hello("ada", timeout=5)
        except grpc.RpcError as failed:
            error = failed
        self.tell(METHOD, started, len(answer), error)

    def tell(self, name: str, started: float, length: int, error: Any) -> None:
        self.environment.events.request.fire(
            request_type="grpc",
            name=name,
            response_time=(time.perf_counter() - started) * 1000,
            response_length=length,
            exception=error,
            context={},
        )
