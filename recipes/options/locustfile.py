"""An option of the test: `npx locust-cluster run -u 10 -t 1m -- --tenant acme`."""

import os
from typing import Any

from locust import FastHttpUser, constant, events, task


@events.init_command_line_parser.add_listener
def declare(parser: Any) -> None:
    parser.add_argument("--tenant", default="nobody", help="whose shop is visited")


class Tenant(FastHttpUser):
    host = os.environ.get("CLUSTER_SAMPLE_TARGET") or None
    wait_time = constant(0.5)

    @task
    def home(self) -> None:
        options = self.environment.parsed_options
        tenant = options.tenant if options else "nobody"
        self.client.get("/", headers={"x-tenant": tenant}, name=f"home of {tenant}")
