"""EC2's instance status checks, which fail when a machine does not answer: moto's never do."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instances import Instance

impaired: set[str] = set()


def set_impaired(instance_id: str, failing: bool) -> None:
    if failing:
        impaired.add(instance_id)
    else:
        impaired.discard(instance_id)


passing: Any = Instance.instance_status


def instance_status(self: Instance) -> Any:
    if self.id not in impaired or self.state != "running":
        return passing.fget(self)
    return {"Details": [{"Name": "reachability", "Status": "failed"}], "Status": "impaired"}


Instance.instance_status = property(instance_status)  # type: ignore[method-assign, assignment]
